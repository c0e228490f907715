//! The header of a frame (RFC 6455 §5.2). Any bytes are a header, and encode to the same bytes.

use std::fmt;
use std::ops::Deref;

use super::length::{SIXTEEN_BITS, SIXTY_FOUR_BITS};
use super::{LengthForm, MaskingKey, Opcode, PayloadLength};

/// The header of a frame as it is on the wire (RFC 6455 §5.2).
///
/// Parsing fails only if bytes are missing, and [`encode`](Self::encode) returns the bytes that
/// were parsed: a length of 5 in 16 bits stays in 16 bits. Which headers are allowed is the
/// [`FrameValidator`](super::FrameValidator)'s question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FrameHeader {
    /// FIN: the frame is the last one of its message.
    pub fin: bool,
    /// RSV1 to RSV3.
    pub rsv: Rsv,
    /// The opcode.
    pub opcode: Opcode,
    /// The masking key; None if the MASK bit is 0.
    pub masking_key: Option<MaskingKey>,
    /// The length of the payload, and its form.
    pub payload_length: PayloadLength,
}

impl FrameHeader {
    /// The header of an unmasked frame with FIN set, no RSV bit set, and the shortest form of the
    /// length.
    pub const fn new(opcode: Opcode, payload_length: u64) -> Self {
        Self {
            fin: true,
            rsv: Rsv::NONE,
            opcode,
            masking_key: None,
            payload_length: PayloadLength::shortest(payload_length),
        }
    }

    /// Parses the header at the start of `bytes`. Returns it with its size in bytes.
    ///
    /// # Errors
    ///
    /// [`Incomplete`] if the header is longer than `bytes`.
    pub fn parse(bytes: &[u8]) -> Result<(Self, usize), Incomplete> {
        let Some((&[first, second], rest)) = bytes.split_first_chunk::<2>() else {
            return Err(Incomplete {
                missing: 2 - bytes.len(),
            });
        };
        let form = LengthForm::of_second_byte(second);
        let masked = second & 0x80 != 0;
        let size = header_size(form, masked);
        let incomplete = Incomplete {
            missing: size.saturating_sub(bytes.len()),
        };
        let (value, rest) = form.read(second & 0x7f, rest).ok_or(incomplete)?;
        let masking_key = if masked {
            let key = rest.first_chunk::<4>().ok_or(incomplete)?;
            Some(MaskingKey(*key))
        } else {
            None
        };
        let header = Self {
            fin: first & 0x80 != 0,
            rsv: Rsv::of_first_byte(first),
            opcode: Opcode::of_first_byte(first),
            masking_key,
            payload_length: PayloadLength { form, value },
        };
        Ok((header, size))
    }

    /// Encodes the header.
    pub fn encode(&self) -> EncodedHeader {
        let mut bytes = EncodedHeader {
            bytes: [0; MAX_HEADER],
            size: 0,
        };
        let mask_bit = if self.masking_key.is_some() { 0x80 } else { 0 };
        let value = self.payload_length.value;
        let fin_bit = if self.fin { 0x80 } else { 0 };
        bytes.push(&[fin_bit | self.rsv.bits() | self.opcode.value()]);
        match self.payload_length.form {
            LengthForm::Seven => bytes.push(&[mask_bit | low_bytes::<1>(value)[0]]),
            LengthForm::Sixteen => {
                bytes.push(&[mask_bit | SIXTEEN_BITS]);
                bytes.push(&low_bytes::<2>(value));
            }
            LengthForm::SixtyFour => {
                bytes.push(&[mask_bit | SIXTY_FOUR_BITS]);
                bytes.push(&value.to_be_bytes());
            }
        }
        if let Some(MaskingKey(key)) = self.masking_key {
            bytes.push(&key);
        }
        bytes
    }

    /// The size of the header in bytes: 2 to 14.
    pub const fn size(&self) -> usize {
        header_size(self.payload_length.form, self.masking_key.is_some())
    }
}

/// A header of which bytes are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Incomplete {
    /// How many bytes are missing, at least 1. Once the second byte is there, the number is exact.
    pub missing: usize,
}

/// The three reserved bits as a number from 0 to 7; RSV1 is the highest bit (RFC 6455 §5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rsv(u8);

impl Rsv {
    /// All three are 0, as they must be without an extension.
    pub const NONE: Self = Self(0);
    /// RSV1 alone, which marks a message compressed with permessage-deflate (RFC 7692 §6).
    pub const RSV1: Self = Self(4);

    /// The bits with this value; None if that is more than 7.
    pub const fn new(value: u8) -> Option<Self> {
        if value <= 7 { Some(Self(value)) } else { None }
    }

    const fn of_first_byte(byte: u8) -> Self {
        Self(byte >> 4 & 7)
    }

    /// The value, 0 to 7.
    pub const fn value(self) -> u8 {
        self.0
    }

    /// Whether RSV1 is set, which marks a message compressed with permessage-deflate (RFC 7692
    /// §6).
    pub const fn rsv1(self) -> bool {
        self.0 & 4 != 0
    }

    /// The same bits with RSV1 0.
    #[must_use]
    pub const fn without_rsv1(self) -> Self {
        Self(self.0 & 3)
    }

    /// Whether RSV2 is set.
    pub const fn rsv2(self) -> bool {
        self.0 & 2 != 0
    }

    /// Whether RSV3 is set.
    pub const fn rsv3(self) -> bool {
        self.0 & 1 != 0
    }

    const fn bits(self) -> u8 {
        self.0 << 4
    }
}

/// The names of the bits that are set: `RSV1, RSV3`.
impl fmt::Display for Rsv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = [
            (self.rsv1(), "RSV1"),
            (self.rsv2(), "RSV2"),
            (self.rsv3(), "RSV3"),
        ];
        let set: Vec<&str> = bits.iter().filter(|bit| bit.0).map(|bit| bit.1).collect();
        f.write_str(&set.join(", "))
    }
}

/// The bytes of a header, without an allocation.
#[derive(Clone, Copy, Debug)]
pub struct EncodedHeader {
    bytes: [u8; MAX_HEADER],
    size: usize,
}

impl EncodedHeader {
    fn push<const N: usize>(&mut self, bytes: &[u8; N]) {
        if let Some(place) = self.bytes.get_mut(self.size..self.size + N) {
            place.copy_from_slice(bytes);
            self.size += N;
        }
    }
}

impl Deref for EncodedHeader {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.bytes.get(..self.size).unwrap_or_default()
    }
}

/// The size of the longest header: with a length in 64 bits and a masking key.
pub(super) const MAX_HEADER: usize = 14;

const fn header_size(form: LengthForm, masked: bool) -> usize {
    2 + form.extended_bytes() + if masked { 4 } else { 0 }
}

/// The last `N` bytes of a number in network byte order.
fn low_bytes<const N: usize>(value: u64) -> [u8; N] {
    *value
        .to_be_bytes()
        .last_chunk()
        .expect("a u64 has eight bytes, and N is 1 or 2")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Checks that the bytes parse to the header, and the header encodes to the bytes.
    #[track_caller]
    fn check(bytes: &[u8], header: FrameHeader) {
        assert_eq!(FrameHeader::parse(bytes), Ok((header, bytes.len())));
        assert_eq!(&*header.encode(), bytes);
        assert_eq!(header.size(), bytes.len());
    }

    fn text(value: u64, form: LengthForm) -> FrameHeader {
        FrameHeader {
            payload_length: PayloadLength::in_form(value, form).unwrap(),
            ..FrameHeader::new(Opcode::TEXT, 0)
        }
    }

    #[test]
    fn a_length_keeps_its_form() {
        use LengthForm::{Seven, Sixteen, SixtyFour};
        check(&[0x81, 0], text(0, Seven));
        check(&[0x81, 125], text(125, Seven));
        check(&[0x81, 126, 0, 0], text(0, Sixteen));
        check(&[0x81, 126, 0, 5], text(5, Sixteen));
        check(&[0x81, 126, 0, 126], text(126, Sixteen));
        check(&[0x81, 126, 0xff, 0xff], text(65535, Sixteen));
        check(&[0x81, 127, 0, 0, 0, 0, 0, 0, 0, 1], text(1, SixtyFour));
        check(&[0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0], text(65536, SixtyFour));
        check(
            &[0x81, 127, 0x7f, 255, 255, 255, 255, 255, 255, 255],
            text(u64::MAX >> 1, SixtyFour),
        );
        check(
            &[0x81, 127, 255, 255, 255, 255, 255, 255, 255, 255],
            text(u64::MAX, SixtyFour),
        );
    }

    #[test]
    fn rsv_bits_and_reserved_opcodes_are_parsed() {
        let header = FrameHeader {
            rsv: Rsv::new(7).unwrap(),
            opcode: Opcode::new(3).unwrap(),
            ..text(5, LengthForm::Sixteen)
        };
        check(&[0xf3, 0x7e, 0x00, 0x05], header);
        assert_eq!(header.rsv.to_string(), "RSV1, RSV2, RSV3");
    }

    #[test]
    fn the_masking_key_follows_the_length() {
        let header = FrameHeader {
            masking_key: Some(MaskingKey([0x37, 0xfa, 0x21, 0x3d])),
            ..FrameHeader::new(Opcode::TEXT, 256)
        };
        check(&[0x81, 0xfe, 0x01, 0x00, 0x37, 0xfa, 0x21, 0x3d], header);
    }

    #[test]
    fn an_incomplete_header_tells_how_many_bytes_are_missing() {
        let bytes = [0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 0, 1, 2, 3, 4];
        for have in 0..bytes.len() {
            let missing = if have < 2 { 2 - have } else { 14 - have };
            assert_eq!(
                FrameHeader::parse(&bytes[..have]),
                Err(Incomplete { missing }),
                "{have}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_bytes_parse_to_a_header_that_encodes_to_them(bytes: [u8; MAX_HEADER]) {
            let (header, size) = FrameHeader::parse(&bytes).unwrap();
            prop_assert_eq!(&*header.encode(), &bytes[..size]);
        }
    }

    #[test]
    fn every_pair_of_first_bytes_encodes_to_itself() {
        for first in 0..=255 {
            for second in 0..=255 {
                let bytes = [first, second, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
                let (header, size) = FrameHeader::parse(&bytes).unwrap();
                assert_eq!(&*header.encode(), &bytes[..size]);
            }
        }
    }
}
