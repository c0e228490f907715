//! The bytes of a frame of which a trace tells the fields (RFC 6455 section 5.2).

use crate::input::paste::chunk::Chunk;
use crate::notation::Notation;

/// The fields of a frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FrameFields {
    /// FIN, the reserved bits and the opcode.
    pub(super) first_byte: u8,
    /// The masking key; None if the MASK bit is 0.
    pub(super) masking_key: Option<[u8; 4]>,
    pub(super) length: u64,
    /// 7, 16 or 64.
    pub(super) length_bits: u8,
    /// The payload, unmasked.
    pub(super) payload: Vec<u8>,
}

impl FrameFields {
    /// The frame as it was on the wire. A payload of another length than the header says is left
    /// out: it is not the one of the frame.
    pub(super) fn into_chunk(mut self) -> Chunk {
        if self.payload.len() as u64 != self.length {
            self.payload.clear();
        }
        let omitted = self.length - self.payload.len() as u64;
        Chunk::of_bytes(self.bytes(), Notation::Hex, None).lacking(omitted)
    }

    fn bytes(&self) -> Vec<u8> {
        let mask = if self.masking_key.is_some() { 0x80 } else { 0 };
        let mut bytes = vec![self.first_byte];
        let (short, medium) = (u8::try_from(self.length), u16::try_from(self.length));
        match (self.length_bits, short, medium) {
            (7, Ok(length), _) => bytes.push(mask | length),
            (16, _, Ok(length)) => {
                bytes.push(mask | 0x7e);
                bytes.extend(length.to_be_bytes());
            }
            _ => {
                bytes.push(mask | 0x7f);
                bytes.extend(self.length.to_be_bytes());
            }
        }
        bytes.extend(self.masking_key.iter().flatten());
        let key = self.masking_key.unwrap_or_default();
        let masked = self.payload.iter().zip(key.iter().cycle());
        bytes.extend(masked.map(|(byte, key)| byte ^ key));
        bytes
    }
}

/// A masking key in hexadecimal.
pub(super) fn masking_key(digits: &str) -> Option<[u8; 4]> {
    let digits = digits.strip_prefix("0x").unwrap_or(digits);
    let is_key = digits.len() == 8 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let key = u32::from_str_radix(digits, 16).ok().filter(|_| is_key)?;
    Some(key.to_be_bytes())
}

/// Whether the first byte has FIN or begins a fragmented message, and has no reserved bit but RSV1.
pub(super) fn could_be_frames(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [
            0x81 | 0x82 | 0x88..=0x8a | 0x80 | 0xc1 | 0xc2 | 0x01 | 0x02,
            ..
        ]
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::paste::chunk::Content;

    #[test]
    fn fields_become_the_bytes_of_the_frame() {
        let fields = FrameFields {
            first_byte: 0x81,
            masking_key: masking_key("37fa213d"),
            length: 5,
            length_bits: 7,
            payload: b"Hello".to_vec(),
        };
        assert_eq!(
            fields.bytes(),
            b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"
        );
        let long = FrameFields {
            masking_key: None,
            length_bits: 16,
            ..fields
        };
        assert_eq!(long.bytes(), b"\x81\x7e\0\x05Hello");
    }

    #[test]
    fn a_payload_of_another_length_is_left_out() {
        let fields = FrameFields {
            first_byte: 0x82,
            length: 9,
            length_bits: 7,
            payload: b"Hello".to_vec(),
            ..FrameFields::default()
        };
        let Content::Bytes { bytes, omitted, .. } = fields.into_chunk().content else {
            panic!("bytes were expected");
        };
        assert_eq!((bytes.as_slice(), omitted), (&b"\x82\x09"[..], 9));
    }
}
