//! Compresses the messages of one direction.

use flate2::FlushCompress;

use super::TAIL;
use super::compressor::{Compressor, CompressorSettings, Context, StreamPosition};
use super::window::Window;
use crate::ws::extension::SenderParameters;

/// Compresses the messages that one end sends (RFC 7692 §7.2.1). The sender of an endpoint and
/// `wsctl encode` use it.
///
/// It owns no compressor, but the last 4 KiB that it compressed. A message may refer that far back, a
/// long one 32 KiB in itself. To ready a compressor with more bytes takes longer than to compress a
/// short message, and one with a larger window takes twice the memory.
#[derive(Debug)]
pub struct Deflater {
    /// The level of zlib.
    level: u8,
    /// The size of the window that was negotiated, in bits.
    window_bits: u8,
    /// Whether a message may refer to earlier ones.
    keeps_context: bool,
    /// The last bytes of the earlier messages.
    window: Window,
    /// The end of the stream; None if the next piece refers to nothing.
    position: Option<StreamPosition>,
    /// How many bytes of a message were compressed that is half compressed.
    taken: usize,
    output: Vec<u8>,
}

/// The size of the window for short messages, and that is kept between two messages, in bits.
const SHORT_BITS: u8 = 12;

/// The longest message for which a compressor is kept: the memory of a compressor grows with them.
const SHORT: usize = 4 << 10;

impl Deflater {
    /// Compresses with these parameters; the level is that of zlib, 0 to 9.
    ///
    /// zlib has no window of 8 bits. One of 9 bits serves: zlib keeps 262 bytes of lookahead, so
    /// it refers at most 512 − 262 = 250 bytes back, and a window of 256 bytes is enough.
    pub fn new(parameters: SenderParameters, level: u8) -> Self {
        let window_bits = parameters.window_bits.clamp(9, 15);
        let keeps_context = !parameters.no_context_takeover;
        Self {
            level: level.min(9),
            window_bits,
            keeps_context,
            window: Window::new(window_bits.min(SHORT_BITS)),
            position: keeps_context.then(StreamPosition::new),
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
        let (done, rest) = message.split_at_checked(self.taken).unwrap_or_default();
        let piece = rest.get(..most).unwrap_or(rest);
        let is_last = piece.len() == rest.len();
        if piece.is_empty() {
            return is_last;
        }
        if done.is_empty() {
            self.output.clear();
        }
        let context = Context {
            window: &self.window,
            message: done,
        };
        let settings = self.settings(message.len());
        let mut compressor = Compressor::take(settings, self.position, context);
        // Another compressor may continue after a flush.
        self.compress(&mut compressor, piece);
        self.position = compressor.keep(!is_last);
        self.taken += piece.len();
        if is_last {
            self.end_message(message);
        }
        is_last
    }

    fn end_message(&mut self, message: &[u8]) {
        self.remove_tail();
        self.taken = 0;
        if self.keeps_context {
            self.window.push(message);
        } else {
            self.position = None;
        }
    }

    /// The settings of the compressor for a message of this length.
    fn settings(&self, length: usize) -> CompressorSettings {
        let is_for_long = length > SHORT;
        let most = if is_for_long { 15 } else { SHORT_BITS };
        CompressorSettings {
            level: self.level,
            window_bits: self.window_bits.min(most),
            is_for_long,
        }
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

    fn compress(&mut self, compressor: &mut Compressor, mut message: &[u8]) {
        let compressor = &mut compressor.zlib;
        loop {
            // Mostly enough for the data and the flush. The flush is complete only if room is left.
            const ROOM: usize = 64 * 1024;
            self.output
                .reserve((message.len() + message.len() / 8 + 64).min(ROOM));
            let before = compressor.total_in();
            compressor
                .compress_vec(message, &mut self.output, FlushCompress::Sync)
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
        for count in [5, 1000, 3500] {
            for is_released in [false, true] {
                let mut deflater = deflater(false, 15, 6);
                deflater.deflate(&noise[..20_000]);
                deflater.deflate(&noise[20_000..70_000]);
                if is_released {
                    release_unused();
                    release_unused();
                }
                let start = 70_000 - 3500;
                let length = deflater.deflate(&noise[start..start + count]).len();
                assert!(length <= 6 + count / 25, "{count} {is_released}: {length}");
            }
        }
    }

    /// The second half of the message is the first one again.
    #[test]
    fn a_piece_refers_32_kib_back_in_its_message_also_with_another_compressor() {
        let noise = &noise()[..30_000];
        let message = noise.repeat(2);
        for no_context_takeover in [false, true] {
            for is_released in [false, true] {
                let mut deflater = deflater(no_context_takeover, 15, 6);
                let mut pieces = 1;
                while !deflater.deflate_some(&message, 10_000) {
                    pieces += 1;
                    if is_released {
                        release_unused();
                        release_unused();
                    }
                }
                assert_eq!(pieces, 6);
                let length = deflater.payload().len();
                assert!(length <= noise.len() * 11 / 10, "{is_released}: {length}");
            }
        }
    }

    #[test]
    fn nothing_but_the_window_is_kept_after_a_message() {
        let mut deflater = deflater(false, 15, 1);
        deflater.deflate(&noise());
        assert!(walk(&deflater.take_payload()).is_complete);
        assert_eq!(deflater.output.capacity(), 0);
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
        #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

        #[test]
        fn streams_that_are_compressed_in_turns_inflate_to_the_same(
            messages in prop::collection::vec((0_usize..40_000, 1_usize..20_000), 1..6),
            no_context_takeover: bool,
            window_bits in 8_u8..=15,
            level in 0_u8..=9,
            is_released: bool,
        ) {
            let noise = noise();
            let parameters = SenderParameters { no_context_takeover, window_bits };
            let mut streams = [(); 3].map(|()| {
                (Deflater::new(parameters, level), Inflater::new(parameters))
            });
            for (length, most) in messages {
                // The start of one message is the middle of another.
                let texts = [0, 2000, 20_000].map(|start| &noise[start..][..length]);
                let mut is_done = [false; 3];
                while is_done.contains(&false) {
                    for index in (0..3).filter(|index| !is_done[*index]).collect::<Vec<_>>() {
                        let (deflater, _) = &mut streams[index];
                        is_done[index] = deflater.deflate_some(texts[index], most);
                    }
                    if is_released {
                        release_unused();
                    }
                }
                for ((deflater, inflater), text) in streams.iter_mut().zip(texts) {
                    prop_assert!(walk(deflater.payload()).farthest <= 1 << window_bits);
                    prop_assert!(inflate(inflater, deflater.payload()) == text);
                }
            }
        }
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
