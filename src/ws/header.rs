//! A frame's header, read totally: any octets give one, and it gives the octets back.

use std::fmt;
use std::ops::Deref;

use super::length::{SIXTEEN_BITS, SIXTY_FOUR_BITS};
use super::{LengthForm, MaskingKey, Opcode, PayloadLength};

/// The header of a frame as the wire said it (RFC 6455 §5.2).
///
/// Parsing cannot fail, only lack octets, and [`encode`](Self::encode) gives back what
/// was parsed: a length of 5 that came in 16 bits leaves in 16 bits. Whether it is
/// allowed is for the [`Referee`](super::Referee).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FrameHeader {
    /// FIN: this is the last frame of its message.
    pub fin: bool,
    /// RSV1 to RSV3.
    pub rsv: Rsv,
    /// What the frame is.
    pub opcode: Opcode,
    /// The masking key, which is there exactly when the MASK bit is set.
    pub masking_key: Option<MaskingKey>,
    /// How many octets of payload follow, and in which form that was said.
    pub payload_length: PayloadLength,
}

impl FrameHeader {
    /// The header of a final, unmasked frame with nothing unusual about it.
    pub const fn new(opcode: Opcode, payload_length: u64) -> Self {
        Self {
            fin: true,
            rsv: Rsv::NONE,
            opcode,
            masking_key: None,
            payload_length: PayloadLength::shortest(payload_length),
        }
    }

    /// Reads a header from the start of `octets`; the number is how many it took.
    ///
    /// # Errors
    ///
    /// [`Incomplete`] if the header goes on beyond them.
    pub fn parse(octets: &[u8]) -> Result<(Self, usize), Incomplete> {
        let Some((&[first, second], rest)) = octets.split_first_chunk::<2>() else {
            return Err(Incomplete {
                missing: 2 - octets.len(),
            });
        };
        let form = LengthForm::of_second_octet(second);
        let masked = second & 0x80 != 0;
        let size = header_size(form, masked);
        let incomplete = Incomplete {
            missing: size.saturating_sub(octets.len()),
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
            rsv: Rsv::of_first_octet(first),
            opcode: Opcode::of_first_octet(first),
            masking_key,
            payload_length: PayloadLength { form, value },
        };
        Ok((header, size))
    }

    /// The octets of this header.
    pub fn encode(&self) -> HeaderOctets {
        let mut octets = HeaderOctets {
            octets: [0; MAX_HEADER],
            size: 0,
        };
        let mask_bit = if self.masking_key.is_some() { 0x80 } else { 0 };
        let value = self.payload_length.value;
        let fin_bit = if self.fin { 0x80 } else { 0 };
        octets.push(&[fin_bit | self.rsv.bits() | self.opcode.value()]);
        match self.payload_length.form {
            LengthForm::Seven => octets.push(&[mask_bit | low_octets::<1>(value)[0]]),
            LengthForm::Sixteen => {
                octets.push(&[mask_bit | SIXTEEN_BITS]);
                octets.push(&low_octets::<2>(value));
            }
            LengthForm::SixtyFour => {
                octets.push(&[mask_bit | SIXTY_FOUR_BITS]);
                octets.push(&value.to_be_bytes());
            }
        }
        if let Some(MaskingKey(key)) = self.masking_key {
            octets.push(&key);
        }
        octets
    }

    /// Whether the frame is a message of its own, and nothing in its header depends on an
    /// extension, or breaks a rule wherever it stands. Most frames are such.
    pub fn is_plain(&self) -> bool {
        self.fin
            && self.rsv == Rsv::NONE
            && matches!(self.opcode, Opcode::TEXT | Opcode::BINARY)
            && self.payload_length.is_shortest()
            && !self.payload_length.has_highest_bit()
    }

    /// How many octets the header takes on the wire: 2 to 14.
    pub const fn size(&self) -> usize {
        header_size(self.payload_length.form, self.masking_key.is_some())
    }
}

/// How many octets are missing, at least, until a header is whole. From a header's
/// second octet on it is exactly so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Incomplete {
    /// The octets still to come, at least 1.
    pub missing: usize,
}

/// The three reserved bits, RSV1 being the highest: 0 to 7 (RFC 6455 §5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rsv(u8);

impl Rsv {
    /// All three clear, as they must be unless an extension says otherwise.
    pub const NONE: Self = Self(0);
    /// RSV1 alone, which permessage-deflate sets on a compressed message (RFC 7692 §6).
    pub const RSV1: Self = Self(4);

    /// The bits with this value, if it fits into three.
    pub const fn new(value: u8) -> Option<Self> {
        if value <= 7 { Some(Self(value)) } else { None }
    }

    const fn of_first_octet(octet: u8) -> Self {
        Self(octet >> 4 & 7)
    }

    /// The value, 0 to 7.
    pub const fn value(self) -> u8 {
        self.0
    }

    /// RSV1, which permessage-deflate sets on a compressed message (RFC 7692 §6).
    pub const fn rsv1(self) -> bool {
        self.0 & 4 != 0
    }

    /// The same with RSV1 clear.
    #[must_use]
    pub const fn without_rsv1(self) -> Self {
        Self(self.0 & 3)
    }

    /// RSV2.
    pub const fn rsv2(self) -> bool {
        self.0 & 2 != 0
    }

    /// RSV3.
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

/// A header's octets, without an allocation.
#[derive(Clone, Copy, Debug)]
pub struct HeaderOctets {
    octets: [u8; MAX_HEADER],
    size: usize,
}

impl HeaderOctets {
    fn push<const N: usize>(&mut self, octets: &[u8; N]) {
        if let Some(place) = self.octets.get_mut(self.size..self.size + N) {
            place.copy_from_slice(octets);
            self.size += N;
        }
    }
}

impl Deref for HeaderOctets {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.octets.get(..self.size).unwrap_or_default()
    }
}

/// The longest header: 64-bit length and a masking key.
pub(super) const MAX_HEADER: usize = 14;

const fn header_size(form: LengthForm, masked: bool) -> usize {
    2 + form.extended_octets() + if masked { 4 } else { 0 }
}

/// The last `N` octets of a number in network byte order.
fn low_octets<const N: usize>(value: u64) -> [u8; N] {
    *value
        .to_be_bytes()
        .last_chunk()
        .expect("a u64 has eight octets, and N is 1 or 2")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Checks both ways at once: the octets give the header, the header the octets.
    #[track_caller]
    fn check(octets: &[u8], header: FrameHeader) {
        assert_eq!(FrameHeader::parse(octets), Ok((header, octets.len())));
        assert_eq!(&*header.encode(), octets);
        assert_eq!(header.size(), octets.len());
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
    fn rsv_and_a_reserved_opcode_are_a_header_like_any_other() {
        let header = FrameHeader {
            rsv: Rsv::new(7).unwrap(),
            opcode: Opcode::new(3).unwrap(),
            ..text(5, LengthForm::Sixteen)
        };
        check(&[0xf3, 0x7e, 0x00, 0x05], header);
        assert_eq!(header.rsv.to_string(), "RSV1, RSV2, RSV3");
    }

    #[test]
    fn a_masked_header_has_its_key_behind_the_length() {
        let header = FrameHeader {
            masking_key: Some(MaskingKey([0x37, 0xfa, 0x21, 0x3d])),
            ..FrameHeader::new(Opcode::TEXT, 256)
        };
        check(&[0x81, 0xfe, 0x01, 0x00, 0x37, 0xfa, 0x21, 0x3d], header);
    }

    #[test]
    fn incomplete_says_how_much_is_missing() {
        let octets = [0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 0, 1, 2, 3, 4];
        for have in 0..octets.len() {
            let missing = if have < 2 { 2 - have } else { 14 - have };
            assert_eq!(
                FrameHeader::parse(&octets[..have]),
                Err(Incomplete { missing }),
                "{have}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_octets_are_a_header_that_encodes_to_them(octets: [u8; MAX_HEADER]) {
            let (header, size) = FrameHeader::parse(&octets).unwrap();
            prop_assert_eq!(&*header.encode(), &octets[..size]);
        }
    }

    #[test]
    fn every_pair_of_first_octets_comes_back() {
        for first in 0..=255 {
            for second in 0..=255 {
                let octets = [first, second, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
                let (header, size) = FrameHeader::parse(&octets).unwrap();
                assert_eq!(&*header.encode(), &octets[..size]);
            }
        }
    }
}
