//! Opcodes: the four bits that tell the kind of a frame.

use std::fmt;

/// An opcode: any four bits. RFC 6455 §5.2 and §11.8 define six of the sixteen values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Opcode(u8);

impl Opcode {
    /// A further fragment of a message.
    pub const CONTINUATION: Self = Self(0x0);
    /// A text message, or the first frame of one.
    pub const TEXT: Self = Self(0x1);
    /// A binary message, or the first frame of one.
    pub const BINARY: Self = Self(0x2);
    /// A close frame.
    pub const CLOSE: Self = Self(0x8);
    /// A ping.
    pub const PING: Self = Self(0x9);
    /// A pong.
    pub const PONG: Self = Self(0xa);

    /// The opcode with this value; None if that is more than 15.
    pub const fn new(value: u8) -> Option<Self> {
        if value <= 0xf {
            Some(Self(value))
        } else {
            None
        }
    }

    /// The opcode in the low four bits of a frame's first byte.
    pub const fn of_first_byte(byte: u8) -> Self {
        Self(byte & 0xf)
    }

    /// The value, 0 to 15.
    pub const fn value(self) -> u8 {
        self.0
    }

    /// Whether a frame with it is a control frame: "Control frames are identified by opcodes
    /// where the most significant bit of the opcode is 1" (RFC 6455 §5.5). The reserved opcodes
    /// 11 to 15 are among them.
    pub const fn is_control(self) -> bool {
        self.0 & 0x8 != 0
    }

    /// Whether a frame with it is part of a message: text, binary or continuation (RFC 6455
    /// §5.4, §5.6).
    pub const fn is_message_part(self) -> bool {
        matches!(self, Self::CONTINUATION | Self::TEXT | Self::BINARY)
    }

    /// Whether it is not defined: 3–7 and 11–15 (RFC 6455 §5.2).
    pub const fn is_reserved(self) -> bool {
        self.name().is_none()
    }

    /// The name of a defined opcode, one word; None if it is reserved.
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
    fn six_opcodes_are_defined() {
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
    fn opcodes_from_8_on_are_control_frames() {
        for value in 0..=15 {
            let opcode = Opcode::new(value).unwrap();
            assert_eq!(opcode.is_control(), value >= 8, "{opcode}");
        }
    }
}
