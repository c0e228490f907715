//! Compresses the messages of one direction.

use flate2::FlushCompress;

use super::TAIL;
use super::compressor::{Compressor, CompressorSettings, StreamPosition};
use super::window::Window;
use crate::ws::extension::SenderParameters;

/// Compresses the messages that one end sends (RFC 7692 §7.2.1). The sender of an endpoint and
/// `wsctl encode` use it.
///
/// Between two messages it owns no compressor, but the last 8 KiB that it compressed. A message
/// may refer 32 KiB back if the stream is busy, so that its compressor is kept, and 8 KiB
/// otherwise: to ready one with more bytes takes longer than to compress a short message.
#[derive(Debug)]
pub struct Deflater {
    settings: CompressorSettings,
    /// The last bytes that were compressed.
    window: Window,
    /// The end of the stream; None if no message refers to earlier ones.
    position: Option<StreamPosition>,
    /// Present while a message is half compressed.
    compressor: Option<Compressor>,
    /// How many bytes of that message were compressed.
    taken: usize,
    output: Vec<u8>,
}

/// The size of the window that is kept between two messages, in bits.
const KEPT_BITS: u8 = 13;

impl Deflater {
    /// Compresses with these parameters; the level is that of zlib, 0 to 9.
    ///
    /// zlib has no window of 8 bits. One of 9 bits serves: zlib keeps 262 bytes of lookahead, so
    /// it refers at most 512 − 262 = 250 bytes back, and a window of 256 bytes is enough.
    pub fn new(parameters: SenderParameters, level: u8) -> Self {
        let settings = CompressorSettings {
            level: level.min(9),
            window_bits: parameters.window_bits.clamp(9, 15),
        };
        Self {
            settings,
            window: Window::new(settings.window_bits.min(KEPT_BITS)),
            position: (!parameters.no_context_takeover).then(StreamPosition::new),
            compressor: None,
            taken: 0,
            output: Vec::new(),
        }
    }

    /// Compresses a message. Returns the payload to send.
    pub fn deflate(&mut self, message: &[u8]) -> &[u8] {
        while !self.deflate_some(message, usize::MAX) {}
        self.payload()
    }

    /// Compresses up to `most` further bytes of a message, which is given whole in each call.
    /// Returns whether it is complete: then [`payload`](Self::payload) is what to send.
    pub fn deflate_some(&mut self, message: &[u8], most: usize) -> bool {
        if message.is_empty() {
            // A flush without new data writes nothing. "An empty DEFLATE block with no
            // compression" is one byte without its tail (§7.2.3.6).
            self.output = vec![0x00];
            return true;
        }
        let mut compressor = self.compressor.take().unwrap_or_else(|| {
            self.output.clear();
            Compressor::take(self.settings, self.position, &self.window)
        });
        let rest = message.get(self.taken..).unwrap_or_default();
        let piece = rest.get(..most).unwrap_or(rest);
        if piece.len() < rest.len() {
            self.compress(&mut compressor, piece, FlushCompress::None);
            self.taken += piece.len();
            self.compressor = Some(compressor);
            return false;
        }
        self.compress(&mut compressor, piece, FlushCompress::Sync);
        self.remove_tail();
        self.taken = 0;
        self.position = compressor.keep();
        if self.position.is_some() {
            self.window.push(message);
        }
        true
    }

    /// The payload of the message that is complete.
    pub fn payload(&self) -> &[u8] {
        &self.output
    }

    /// Takes the payload of the message that is complete, whose memory is not kept then.
    pub fn take_payload(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.output)
    }

    fn remove_tail(&mut self) {
        let message = self.output.strip_suffix(&TAIL);
        let length = message.map(<[u8]>::len);
        self.output
            .truncate(length.expect("a flush ends with the lengths of an empty block"));
    }

    fn compress(&mut self, compressor: &mut Compressor, mut message: &[u8], flush: FlushCompress) {
        let compressor = &mut compressor.zlib;
        loop {
            // Mostly enough for the data and the flush. The flush is complete only if room is left.
            const ROOM: usize = 64 * 1024;
            self.output
                .reserve((message.len() + message.len() / 8 + 64).min(ROOM));
            let before = compressor.total_in();
            compressor
                .compress_vec(message, &mut self.output, flush)
                .expect("deflate does not fail with room in the output");
            let taken = compressor.total_in() - before;
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
    use crate::ws::deflate::{Inflater, release_unused, walk};
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

    fn noise() -> Vec<u8> {
        (0..300_000_u32)
            .map(|number| number.wrapping_mul(2_654_435_761).to_be_bytes()[0])
            .collect()
    }

    #[test]
    fn a_message_refers_to_earlier_ones_also_with_another_compressor() {
        let noise = noise();
        for count in [5, 1000, 8000] {
            for (is_released, farthest) in [(false, 32_000), (true, 8000)] {
                let mut deflater = deflater(false, 15, 6);
                deflater.deflate(&noise[..20_000]);
                deflater.deflate(&noise[20_000..70_000]);
                if is_released {
                    release_unused();
                    release_unused();
                }
                let start = 70_000 - farthest;
                let length = deflater.deflate(&noise[start..start + count]).len();
                assert!(length <= 6 + count / 25, "{count} {is_released}: {length}");
            }
        }
    }

    #[test]
    fn nothing_but_the_window_is_kept_after_a_message() {
        let mut deflater = deflater(false, 15, 1);
        deflater.deflate(&noise());
        assert!(walk(&deflater.take_payload()).is_complete);
        assert_eq!(deflater.output.capacity(), 0);
        assert!(deflater.compressor.is_none());
    }

    #[test]
    fn a_message_in_slices_inflates_to_the_same() {
        let text = b"To be, or not to be: that is the question. ".repeat(50);
        let mut deflater = deflater(false, 15, 6);
        let mut inflater = Inflater::new(SenderParameters {
            no_context_takeover: false,
            window_bits: 15,
        });
        for most in [1, 7, 1000, 5000] {
            let mut slices = 1;
            while !deflater.deflate_some(&text, most) {
                slices += 1;
            }
            assert_eq!(slices, text.len().div_ceil(most));
            assert_eq!(inflate(&mut inflater, deflater.payload()), text);
        }
    }

    fn inflate(inflater: &mut Inflater, mut payload: &[u8]) -> Vec<u8> {
        let mut text = Vec::new();
        while let Some(piece) = inflater.next(&mut payload).unwrap() {
            text.extend_from_slice(piece);
        }
        inflater.finish().unwrap();
        text
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
            is_interrupted: bool,
        ) {
            let text: String = picks.iter().map(|pick| pick.get(&words).as_str()).collect();
            let mut other = deflater(no_context_takeover, window_bits, level);
            let mut deflater = deflater(no_context_takeover, window_bits, level);
            for message in text.as_bytes().chunks(1000) {
                let walk = walk(deflater.deflate(message));
                if is_interrupted {
                    other.deflate(b"another message");
                }
                prop_assert!(walk.is_complete);
                prop_assert!(walk.farthest <= 1 << window_bits, "{}", walk.farthest);
            }
        }
    }
}
