//! Frames with pseudo-random payloads and masking keys, the same in every run.

use wsctl::ws::MaskingKey;

/// A generator of pseudo-random numbers (xorshift64*), started with a fixed seed.
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

/// Text of `length` random letters, digits and spaces.
pub(crate) fn ascii_text(random: &mut Random, length: usize) -> Vec<u8> {
    const CHARACTERS: &[u8; 64] =
        b"abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789";
    let character = |_| CHARACTERS.get(random.below(64)).copied().unwrap_or(b' ');
    (0..length).map(character).collect()
}

/// Appends a frame with a random masking key to `frames`; `first_byte` holds FIN, RSV and the
/// opcode.
pub(crate) fn push_masked_frame(
    frames: &mut Vec<u8>,
    random: &mut Random,
    first_byte: u8,
    payload: &[u8],
) {
    push_header(frames, first_byte, 0x80, payload.len());
    let key = random.masking_key();
    frames.extend_from_slice(&key.0);
    let start = frames.len();
    frames.extend_from_slice(payload);
    if let Some(payload) = frames.get_mut(start..) {
        key.apply(0, payload);
    }
}

/// Appends a header without a masking key; `mask_bit` is 0x80 or 0.
pub(crate) fn push_header(frames: &mut Vec<u8>, first_byte: u8, mask_bit: u8, length: usize) {
    let mut header = [0; 10];
    let end = write_header(&mut header, first_byte, length);
    header[1] |= mask_bit;
    frames.extend_from_slice(&header[..end]);
}

/// Writes the header of an unmasked frame to the start of `out`, which must have room for 10
/// bytes. Returns the length of the header.
pub(crate) fn write_header(out: &mut [u8], first_byte: u8, length: usize) -> usize {
    out[0] = first_byte;
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(length @ 0..=125), _) => {
            out[1] = length;
            2
        }
        (_, Ok(length)) => {
            out[1] = 126;
            out[2..4].copy_from_slice(&length.to_be_bytes());
            4
        }
        _ => {
            out[1] = 127;
            out[2..10].copy_from_slice(&(length as u64).to_be_bytes());
            10
        }
    }
}
