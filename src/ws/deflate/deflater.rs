//! Compresses the messages of one direction.

use flate2::{Compress, Compression, FlushCompress};

use super::TAIL;
use crate::ws::extension::SenderParameters;

/// Compresses the messages that one end sends (RFC 7692 §7.2.1). The sender of an endpoint and
/// `wsctl encode` use it.
#[derive(Debug)]
pub struct Deflater {
    compressor: Compress,
    takes_over: bool,
    output: Vec<u8>,
}

impl Deflater {
    /// Compresses with these parameters; the level is that of zlib, 0 to 9.
    ///
    /// zlib has no window of 8 bits. One of 9 bits serves: zlib keeps 262 bytes of lookahead, so
    /// it refers at most 512 − 262 = 250 bytes back, and a window of 256 bytes is enough.
    pub fn new(parameters: SenderParameters, level: u8) -> Self {
        let level = Compression::new(level.min(9).into());
        let window_bits = parameters.window_bits.clamp(9, 15);
        Self {
            compressor: Compress::new_with_window_bits(level, false, window_bits),
            takes_over: !parameters.no_context_takeover,
            output: Vec::new(),
        }
    }

    /// Compresses a message. Returns the payload to send.
    pub fn deflate(&mut self, message: &[u8]) -> &[u8] {
        const KEPT: usize = 64 * 1024;
        self.output.clear();
        self.output.shrink_to(KEPT);
        if message.is_empty() {
            // A flush without new data writes nothing. "An empty DEFLATE block with no
            // compression" is one byte without its tail (§7.2.3.6).
            self.output.push(0x00);
            return &self.output;
        }
        if !self.takes_over {
            self.compressor.reset();
        }
        self.compress(message);
        self.remove_tail();
        &self.output
    }

    fn remove_tail(&mut self) {
        let message = self.output.strip_suffix(&TAIL);
        let length = message.map(<[u8]>::len);
        self.output
            .truncate(length.expect("a flush ends with the lengths of an empty block"));
    }

    fn compress(&mut self, mut message: &[u8]) {
        loop {
            // Enough for any data and the flush. The flush is complete only if room is left.
            self.output.reserve(message.len() + message.len() / 8 + 64);
            let before = self.compressor.total_in();
            self.compressor
                .compress_vec(message, &mut self.output, FlushCompress::Sync)
                .expect("deflate does not fail with room in the output");
            let taken = self.compressor.total_in() - before;
            message = usize::try_from(taken)
                .ok()
                .and_then(|taken| message.get(taken..))
                .unwrap_or_default();
            if message.is_empty() && self.output.len() < self.output.capacity() {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ws::deflate::walk;
    use proptest::prelude::*;

    fn deflater(no_context_takeover: bool, window_bits: u8, level: u8) -> Deflater {
        let parameters = SenderParameters {
            no_context_takeover,
            window_bits,
        };
        Deflater::new(parameters, level)
    }

    #[test]
    fn the_examples_of_rfc_7692_section_7_2_3_are_produced() {
        let mut with_context = deflater(false, 15, 6);
        let hello = [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];
        assert_eq!(with_context.deflate(b"Hello"), hello);
        assert_eq!(with_context.deflate(b""), [0x00]);
        assert_eq!(
            with_context.deflate(b"Hello"),
            [0xf2, 0x00, 0x11, 0x00, 0x00]
        );
        let mut without_context = deflater(true, 15, 6);
        assert_eq!(without_context.deflate(b"Hello"), hello);
        assert_eq!(without_context.deflate(b"Hello"), hello);
        assert_eq!(
            deflater(false, 15, 0).deflate(b"Hello"),
            b"\x00\x05\x00\xfa\xffHello\x00"
        );
    }

    #[test]
    fn the_buffer_of_a_large_message_is_released() {
        let mut deflater = deflater(false, 15, 1);
        let noise: Vec<u8> = (0..300_000_u32)
            .map(|number| number.wrapping_mul(2_654_435_761).to_be_bytes()[0])
            .collect();
        assert!(walk(deflater.deflate(&noise)).is_complete);
        deflater.deflate(b"a");
        assert!(deflater.output.capacity() <= 64 * 1024);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

        #[test]
        fn no_distance_is_longer_than_the_window(
            words in prop::collection::vec("[a-h]{3,12}", 1..60),
            picks in prop::collection::vec(any::<prop::sample::Index>(), 1..800),
            no_context_takeover: bool,
            window_bits in 8_u8..=10,
            level in 0_u8..=9,
        ) {
            let text: String = picks.iter().map(|pick| pick.get(&words).as_str()).collect();
            let mut deflater = deflater(no_context_takeover, window_bits, level);
            for message in text.as_bytes().chunks(1000) {
                let walk = walk(deflater.deflate(message));
                prop_assert!(walk.is_complete);
                prop_assert!(walk.farthest <= 1 << window_bits, "{}", walk.farthest);
            }
        }
    }
}
