//! The four bits that say what a frame is.

use std::fmt;

/// A frame's opcode: four bits, of which six values are defined (RFC 6455 §5.2, §11.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Opcode(u8);

impl Opcode {
    /// A further fragment of a message.
    pub const CONTINUATION: Self = Self(0x0);
    /// The first frame of a text message.
    pub const TEXT: Self = Self(0x1);
    /// The first frame of a binary message.
    pub const BINARY: Self = Self(0x2);
    /// A connection close.
    pub const CLOSE: Self = Self(0x8);
    /// A ping.
    pub const PING: Self = Self(0x9);
    /// A pong.
    pub const PONG: Self = Self(0xa);

    /// The opcode with this value, if it fits into four bits.
    pub const fn new(value: u8) -> Option<Self> {
        if value <= 0xf {
            Some(Self(value))
        } else {
            None
        }
    }

    /// The opcode in the four low bits of a frame's first byte.
    pub const fn of_first_byte(byte: u8) -> Self {
        Self(byte & 0xf)
    }

    /// The value, 0 to 15.
    pub const fn value(self) -> u8 {
        self.0
    }

    /// "Control frames are identified by opcodes where the most significant bit of the
    /// opcode is 1" (RFC 6455 §5.5), so 11 to 15 are control frames too.
    pub const fn is_control(self) -> bool {
        self.0 & 0x8 != 0
    }

    /// Whether a frame with it is part of a message (RFC 6455 §5.4, §5.6). A reserved one is
    /// part of none.
    pub const fn is_message_part(self) -> bool {
        matches!(self, Self::CONTINUATION | Self::TEXT | Self::BINARY)
    }

    /// True for 3–7 and 11–15, which RFC 6455 §5.2 keeps for later.
    pub const fn is_reserved(self) -> bool {
        self.name().is_none()
    }

    /// The name of a defined opcode, in one word.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::CONTINUATION => Some("continuation"),
            Self::TEXT => Some("text"),
            Self::BINARY => Some("binary"),
            Self::CLOSE => Some("close"),
            Self::PING => Some("ping"),
            Self::PONG => Some("pong"),
            _ => None,
        }
    }
}

/// The name, or `opcode 11` for a reserved one.
impl fmt::Display for Opcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "opcode {}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Opcode;

    #[test]
    fn six_of_sixteen_are_defined() {
        let defined: Vec<String> = (0..=15)
            .filter_map(Opcode::new)
            .filter(|opcode| !opcode.is_reserved())
            .map(|opcode| format!("{:x} {opcode}", opcode.value()))
            .collect();
        let expected = [
            "0 continuation",
            "1 text",
            "2 binary",
            "8 close",
            "9 ping",
            "a pong",
        ];
        assert_eq!(defined, expected);
        assert_eq!(Opcode::new(16), None);
        assert_eq!(Opcode::of_first_byte(0xfb).to_string(), "opcode 11");
    }

    #[test]
    fn the_upper_half_are_control_frames() {
        for value in 0..=15 {
            let opcode = Opcode::new(value).unwrap();
            assert_eq!(opcode.is_control(), value >= 8, "{opcode}");
        }
    }
}
