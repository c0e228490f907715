//! Masked text frames, as a client sends them, and what echoes them.

use wsctl::ws::MaskingKey;

/// Numbers that look random and are the same in every run (xorshift64*).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from((self.next() >> 33) % end as u64).unwrap_or_default()
    }

    fn masking_key(&mut self) -> MaskingKey {
        let [a, b, c, d, ..] = self.next().to_le_bytes();
        MaskingKey([a, b, c, d])
    }
}

/// Letters, digits and spaces, so many.
pub(crate) fn ascii(random: &mut Random, length: usize) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789";
    let letter = |_| LETTERS.get(random.below(64)).copied().unwrap_or(b' ');
    (0..length).map(letter).collect()
}

/// Appends a masked frame with this first byte.
pub(crate) fn masked(frames: &mut Vec<u8>, random: &mut Random, first: u8, payload: &[u8]) {
    header(frames, first, 0x80, payload.len());
    let key = random.masking_key();
    frames.extend_from_slice(&key.0);
    let start = frames.len();
    frames.extend_from_slice(payload);
    if let Some(bytes) = frames.get_mut(start..) {
        key.apply(0, bytes);
    }
}

/// Appends a header without a masking key; `mask` is the MASK bit.
pub(crate) fn header(frames: &mut Vec<u8>, first: u8, mask: u8, length: usize) {
    let mut bytes = [0; 10];
    let end = write_header(&mut bytes, first, length);
    bytes[1] |= mask;
    frames.extend_from_slice(&bytes[..end]);
}

/// Writes a header without a masking key to the start of `out`, and says where it ends.
pub(crate) fn write_header(out: &mut [u8], first: u8, length: usize) -> usize {
    out[0] = first;
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short @ 0..=125), _) => {
            out[1] = short;
            2
        }
        (_, Ok(extended)) => {
            out[1] = 126;
            out[2..4].copy_from_slice(&extended.to_be_bytes());
            4
        }
        _ => {
            out[1] = 127;
            out[2..10].copy_from_slice(&(length as u64).to_be_bytes());
            10
        }
    }
}
