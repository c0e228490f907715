//! Masking: an XOR with four bytes, repeated (RFC 6455 §5.3).

use std::fmt;

/// A masking key: the four bytes that a client masks a frame with (RFC 6455 §5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MaskingKey(pub [u8; 4]);

impl MaskingKey {
    /// Masks or unmasks `bytes` in place; both are the same operation. `offset` is the index of
    /// the first byte in the frame's payload.
    ///
    /// "Byte i of the transformed data is the XOR of byte i of the original data with byte
    /// at index i modulo 4 of the masking key" (RFC 6455 §5.3). The loop takes words of eight
    /// bytes, which the compiler turns into vectors.
    pub fn apply(self, offset: u64, bytes: &mut [u8]) {
        let key = self.starting_at(offset);
        let word = twice(key);
        let (words, rest) = bytes.as_chunks_mut::<8>();
        for chunk in words {
            *chunk = (u64::from_ne_bytes(*chunk) ^ word).to_ne_bytes();
        }
        for (byte, key) in rest.iter_mut().zip(key.into_iter().cycle()) {
            *byte ^= key;
        }
    }

    /// Masks or unmasks `bytes` into `place`, which has the same length. `offset` is the index
    /// of the first byte in the frame's payload.
    #[inline]
    pub fn apply_onto(self, offset: u64, bytes: &[u8], place: &mut [u8]) {
        let key = self.starting_at(offset);
        let word = twice(key);
        let (words, rest) = bytes.as_chunks::<8>();
        let (places, rest_of_places) = place.as_chunks_mut::<8>();
        for (place, bytes) in places.iter_mut().zip(words) {
            *place = (u64::from_ne_bytes(*bytes) ^ word).to_ne_bytes();
        }
        let rest = rest.iter().zip(key.into_iter().cycle());
        for (place, (byte, key)) in rest_of_places.iter_mut().zip(rest) {
            *place = byte ^ key;
        }
    }

    /// Appends the first `length` bytes of `body` to `output`, masked or unmasked.
    ///
    /// A short payload is processed as a block of constant size, and truncated: the processor
    /// cannot predict a branch on its length.
    // The loop of an echo calls it for each frame, where a call is a tenth of the work.
    #[inline(always)]
    pub fn append(self, body: &[u8], length: usize, output: &mut Vec<u8>) {
        const BLOCK: usize = 128;
        let start = output.len();
        match body.first_chunk::<BLOCK>() {
            Some(block) if length <= BLOCK => {
                output.extend_from_slice(block);
                if let Some(block) = output.last_chunk_mut::<BLOCK>() {
                    self.apply(0, block);
                }
                output.truncate(start + length);
            }
            _ => {
                output.extend_from_slice(body.get(..length).unwrap_or(body));
                self.apply(0, output.get_mut(start..).unwrap_or_default());
            }
        }
    }

    /// The key, rotated so that its first byte masks the byte at index `offset`.
    const fn starting_at(self, offset: u64) -> [u8; 4] {
        let [a, b, c, d] = self.0;
        match offset % 4 {
            0 => [a, b, c, d],
            1 => [b, c, d, a],
            2 => [c, d, a, b],
            _ => [d, a, b, c],
        }
    }
}

/// The key twice, as a word of eight bytes.
fn twice(key: [u8; 4]) -> u64 {
    u64::from(u32::from_ne_bytes(key)) * 0x1_0000_0001
}

/// Eight hexadecimal digits.
impl fmt::Display for MaskingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", u32::from_be_bytes(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::MaskingKey;
    use proptest::prelude::*;

    #[test]
    fn unmasks_the_hello_of_section_5_7() {
        let mut bytes = [0x7f, 0x9f, 0x4d, 0x51, 0x58];
        MaskingKey([0x37, 0xfa, 0x21, 0x3d]).apply(0, &mut bytes);
        assert_eq!(&bytes, b"Hello");
    }

    proptest! {
        #[test]
        fn appends_the_payload_alone(
            key: [u8; 4],
            body in prop::collection::vec(any::<u8>(), 0..400),
            length in 0_usize..400,
        ) {
            let mut expected = body.get(..length).unwrap_or(&body).to_vec();
            MaskingKey(key).apply(0, &mut expected);
            let mut output = b"before".to_vec();
            MaskingKey(key).append(&body, length, &mut output);
            prop_assert_eq!(output.strip_prefix(b"before").unwrap(), expected);
        }

        #[test]
        fn equals_the_formula_of_the_rfc_wherever_the_payload_is_cut(
            key: [u8; 4],
            start in 0_u64..1 << 40,
            bytes in prop::collection::vec(any::<u8>(), 0..100),
            cut in 0_usize..100,
        ) {
            let expected: Vec<u8> = (start..)
                .zip(&bytes)
                .map(|(i, byte)| byte ^ key[usize::try_from(i % 4).unwrap()])
                .collect();
            let mut masked = bytes;
            let (left, right) = masked.split_at_mut(cut.min(expected.len()));
            MaskingKey(key).apply(start, left);
            MaskingKey(key).apply(start + left.len() as u64, right);
            prop_assert_eq!(&masked, &expected);
            let mut again = vec![0; masked.len()];
            MaskingKey(key).apply_onto(start, &masked, &mut again);
            MaskingKey(key).apply_onto(start, &again.clone(), &mut again);
            prop_assert_eq!(again, expected);
        }
    }
}
