//! Compressed payloads for the cases: by a compressor, and written by hand where a
//! back-reference must have an exact distance (RFC 1951).

use crate::ws::deflate::Deflater;
use crate::ws::extension::SenderParameters;

/// A message, compressed without a context.
pub(super) fn deflated(message: &[u8]) -> Vec<u8> {
    deflater().deflate(message).to_vec()
}

/// A message, compressed with another one as its context.
pub(super) fn deflated_after(before: &[u8], message: &[u8]) -> Vec<u8> {
    let mut deflater = deflater();
    deflater.deflate(before);
    deflater.deflate(message).to_vec()
}

fn deflater() -> Deflater {
    let parameters = SenderParameters {
        no_context_takeover: false,
        window_bits: 15,
    };
    Deflater::new(parameters, 9)
}

/// A compressed message that inflates to `count` MiB of zeros.
pub(super) fn bomb(count: usize) -> Vec<u8> {
    // Each MiB is a block that refers to its own first byte only, so it can be repeated. All but
    // the last end with 00 00 ff ff, which only the last one's receiver appends.
    let mut mebibyte = deflated(&vec![0; 1 << 20]);
    mebibyte.extend_from_slice(&crate::ws::deflate::TAIL);
    let mut bytes = mebibyte.repeat(count);
    bytes.truncate(bytes.len() - crate::ws::deflate::TAIL.len());
    bytes
}

/// Literals, then a reference to the `length` bytes (3 to 10) that are `distance` bytes back.
pub(super) fn with_reference(literals: &[u8], length: u16, distance: u16) -> Vec<u8> {
    let mut bits = BitWriter::default();
    // BFINAL 0, BTYPE 01: fixed codes (section 3.2.3).
    bits.push(0b010, 3);
    for literal in literals {
        match u16::from(*literal) {
            literal @ 0..=143 => bits.push_code(0x30 + literal, 8),
            literal => bits.push_code(0x190 + literal - 144, 9),
        }
    }
    // The symbols 257 to 264 are the lengths 3 to 10 (section 3.2.5).
    bits.push_code(length - 2, 7);
    let (symbol, extra_bits, extra) = distance_code(distance);
    bits.push_code(symbol, 5);
    bits.push(extra, extra_bits);
    // The end of the block, and the header of an empty stored block without its lengths.
    bits.push_code(0, 7);
    bits.push(0, 3);
    bits.bytes
}

/// The symbol of a distance, the number of its extra bits and their value (section 3.2.5).
fn distance_code(distance: u16) -> (u16, u32, u16) {
    if distance <= 4 {
        return (distance - 1, 0, 0);
    }
    let offset = distance - 1;
    let extra_bits = offset.ilog2() - 1;
    let half = offset >> extra_bits & 1;
    let symbol = u16::try_from(2 * (extra_bits + 1)).unwrap_or_default() + half;
    (symbol, extra_bits, offset & ((1 << extra_bits) - 1))
}

/// Bits, the first one the lowest of the first byte (section 3.1.1).
#[derive(Default)]
struct BitWriter {
    bytes: Vec<u8>,
    /// How many bits of the last byte are used; 0 for all.
    used: u32,
}

impl BitWriter {
    /// Appends a number, its lowest bit first.
    fn push(&mut self, value: u16, count: u32) {
        for index in 0..count {
            let bit = u8::from(value >> index & 1 == 1);
            if self.used == 0 {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= bit << self.used;
            }
            self.used = (self.used + 1) % 8;
        }
    }

    /// Appends a Huffman code, its highest bit first.
    fn push_code(&mut self, code: u16, count: u32) {
        self.push(code.reverse_bits() >> (16 - count), count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ws::deflate::{Inflater, walk};

    fn inflated(mut payload: &[u8]) -> Vec<u8> {
        let mut inflater = Inflater::new(SenderParameters {
            no_context_takeover: false,
            window_bits: 15,
        });
        let mut bytes = Vec::new();
        while let Some(piece) = inflater.next(&mut payload).unwrap() {
            bytes.extend_from_slice(piece);
        }
        inflater.finish().unwrap();
        bytes
    }

    #[test]
    fn a_reference_has_the_distance() {
        let literals: Vec<u8> = (0..40_000_u32).map(|number| (number % 251) as u8).collect();
        for distance in [1, 2, 4, 5, 7, 256, 257, 512, 513, 4096, 32767, 32768] {
            let payload = with_reference(&literals, 3, distance);
            assert_eq!(walk(&payload).farthest, usize::from(distance));
            let at = literals.len() - usize::from(distance);
            let mut expected = literals.clone();
            for index in 0..3 {
                expected.push(expected[at + index]);
            }
            assert_eq!(inflated(&payload), expected, "{distance}");
        }
    }

    #[test]
    fn a_bomb_is_all_zeros() {
        let payload = bomb(3);
        assert!(payload.len() < 4096);
        assert_eq!(inflated(&payload), vec![0; 3 << 20]);
    }
}
