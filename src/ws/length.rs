//! Payload lengths, and the three forms in which a header encodes them (RFC 6455 §5.2).

/// The length of a payload in bytes, and the form in which the header encodes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PayloadLength {
    pub(super) form: LengthForm,
    pub(super) value: u64,
}

impl PayloadLength {
    /// The length in its shortest form, which RFC 6455 §5.2 requires.
    pub const fn shortest(value: u64) -> Self {
        Self {
            form: LengthForm::shortest(value),
            value,
        }
    }

    /// The length in this form; None if it is too large for it.
    pub const fn in_form(value: u64, form: LengthForm) -> Option<Self> {
        if value <= form.largest() {
            Some(Self { form, value })
        } else {
            None
        }
    }

    /// The form in which the header encodes the length.
    pub const fn form(self) -> LengthForm {
        self.form
    }

    /// The length in bytes.
    pub const fn value(self) -> u64 {
        self.value
    }

    /// Whether it breaks the rule of 64-bit lengths: "The most significant bit MUST be 0" (RFC
    /// 6455 §5.2).
    pub const fn has_highest_bit(self) -> bool {
        self.value > u64::MAX >> 1
    }

    /// Whether "the minimal number of bytes" encodes the length (RFC 6455 §5.2).
    pub fn is_shortest(self) -> bool {
        self.form == LengthForm::shortest(self.value)
    }
}

/// How a header encodes the length (RFC 6455 §5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LengthForm {
    /// 7 bits: 0–125 in the second byte itself.
    Seven,
    /// 16 bits: 126 in the second byte, then the length in two bytes.
    Sixteen,
    /// 64 bits: 127 in the second byte, then the length in eight bytes.
    SixtyFour,
}

impl LengthForm {
    /// The shortest form that holds this length.
    pub const fn shortest(value: u64) -> Self {
        if value <= Self::Seven.largest() {
            Self::Seven
        } else if value <= Self::Sixteen.largest() {
            Self::Sixteen
        } else {
            Self::SixtyFour
        }
    }

    /// The largest length that this form can encode. The rule that the highest bit of 64 must be
    /// 0 does not limit the form.
    pub const fn largest(self) -> u64 {
        match self {
            Self::Seven => 125,
            Self::Sixteen => 0xffff,
            Self::SixtyFour => u64::MAX,
        }
    }

    /// The number of bits: 7, 16 or 64.
    pub const fn bits(self) -> u8 {
        match self {
            Self::Seven => 7,
            Self::Sixteen => 16,
            Self::SixtyFour => 64,
        }
    }

    /// How many bytes of length follow the second byte: 0, 2 or 8.
    pub const fn extended_bytes(self) -> usize {
        match self {
            Self::Seven => 0,
            Self::Sixteen => 2,
            Self::SixtyFour => 8,
        }
    }

    pub(super) const fn of_second_byte(byte: u8) -> Self {
        match byte & 0x7f {
            SIXTEEN_BITS => Self::Sixteen,
            SIXTY_FOUR_BITS => Self::SixtyFour,
            _ => Self::Seven,
        }
    }

    /// Returns the length, and the bytes after it; None if it is incomplete.
    pub(super) fn read(self, seven_bits: u8, bytes: &[u8]) -> Option<(u64, &[u8])> {
        match self {
            Self::Seven => Some((seven_bits.into(), bytes)),
            Self::Sixteen => {
                let (length, rest) = bytes.split_first_chunk::<2>()?;
                Some((u16::from_be_bytes(*length).into(), rest))
            }
            Self::SixtyFour => {
                let (length, rest) = bytes.split_first_chunk::<8>()?;
                Some((u64::from_be_bytes(*length), rest))
            }
        }
    }
}

/// The value in the second byte that announces a length in 16 bits.
pub(super) const SIXTEEN_BITS: u8 = 0x7e;

/// The value in the second byte that announces a length in 64 bits.
pub(super) const SIXTY_FOUR_BITS: u8 = 0x7f;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_must_fit_its_form() {
        assert_eq!(PayloadLength::in_form(126, LengthForm::Seven), None);
        assert_eq!(PayloadLength::in_form(65536, LengthForm::Sixteen), None);
        for (value, form) in [(125, 7), (126, 16), (65535, 16), (65536, 64)] {
            assert_eq!(
                PayloadLength::shortest(value).form().bits(),
                form,
                "{value}"
            );
        }
    }
}
