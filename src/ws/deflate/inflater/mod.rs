//! Inflates the messages of one direction.

#[cfg(test)]
mod tests;

use std::cell::Cell;

use flate2::{Decompress, DecompressError, FlushDecompress, Status};

use super::window::Window;
use super::{Damage, InflateError, InflateErrorKind, TAIL};
use crate::ws::extension::SenderParameters;

/// Inflates the messages that one end sends (RFC 7692 §7.2.2). Within a message it takes 100 KiB
/// of memory, between two messages no more than their last 32 KiB: the decoders are shared by all
/// inflaters of a thread, and are readied with these bytes.
///
/// Give the compressed payload to [`next`](Self::next) in pieces of any size, and call it until
/// it returns None; then [`finish`](Self::finish) tells whether the message is complete. To give
/// a message up, such as a decompression bomb, call [`start`](Self::start) for the next one.
///
/// # The window
///
/// A message may refer 32 KiB back, whatever window was negotiated: zlib-rs always uses the
/// largest one. Browsers accept such messages, too. [`walk`](super::walk())
/// finds them.
///
/// # How an incomplete message is detected
///
/// The bytes 00 00 ff ff, which a receiver appends, are an empty block only right after the
/// header of a stored block. Elsewhere they are codes or data. Inflating does not fail where its
/// input stops, so libraries deliver an incomplete message too short, or with wrong bytes at its
/// end.
///
/// Here a probe takes their place: the lengths of a stored block of 256 bytes, and 256 bytes
/// that look random. If these 256 bytes come out, the message ended right. If all but the first
/// do, the byte 00 in front of them was read as the block header: the message lacks it, or has
/// 00 00 ff ff already. Anything else means that the message is incomplete. Afterwards the
/// decoder is reset with the real bytes of the message as its context, which is the state that
/// the empty block would have led to.
///
/// No complete message is rejected. An incomplete one is missed only where its bytes are a
/// complete message, too, or where a block turns these 260 bytes into their last 256.
#[derive(Debug)]
pub struct Inflater {
    /// None between messages.
    decoder: Option<Box<Decoder>>,
    takes_over: bool,
    window: Window,
    /// How many bytes of the compressed payload were read.
    offset: u64,
    /// The last four of them.
    last: [u8; 4],
    /// How many bytes of earlier messages were known when the message began.
    context: usize,
    /// Whether an earlier message was not inflated to its end.
    context_is_broken: bool,
    /// The index in the payload after the last block with BFINAL set.
    stream_end: Option<u64>,
    /// The error after the bytes that were returned last.
    error: Option<InflateError>,
    state: MessageState,
}

thread_local! {
    /// A decoder that no message uses. Most messages are inflated one after the other.
    static SPARE: Cell<Option<Box<Decoder>>> = const { Cell::new(None) };
}

/// Frees the decoder of this thread that no message uses.
pub(super) fn release_spare() {
    SPARE.set(None);
}

/// What a message needs while it is inflated.
#[derive(Debug)]
struct Decoder {
    stream: Decompress,
    output: [u8; PIECE],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MessageState {
    /// No byte of the message was read.
    Empty,
    Inflating,
    /// The error was returned; the rest of the message is ignored.
    Failed,
}

impl Inflater {
    /// Inflates what is sent with these parameters.
    pub fn new(parameters: SenderParameters) -> Self {
        Self {
            decoder: None,
            takes_over: !parameters.no_context_takeover,
            window: Window::new(15),
            offset: 0,
            last: [0xff; 4],
            context: 0,
            context_is_broken: false,
            stream_end: None,
            error: None,
            state: MessageState::Empty,
        }
    }

    /// Begins a message. The message before it, if it was not finished, is given up; its
    /// inflated bytes stay in the context.
    pub fn start(&mut self) {
        if self.state == MessageState::Empty {
            return;
        }
        self.context_is_broken |= self.takes_over;
        self.begin();
    }

    /// Returns the next inflated piece of the message, at most 16 KiB; None if more input is
    /// needed. Takes what it needs from the front of `bytes`. After an error the rest of the
    /// message is taken and ignored.
    ///
    /// # Errors
    ///
    /// The [`InflateError`] that ends the message, once, after the bytes before it were returned.
    pub fn next<'s>(&'s mut self, bytes: &mut &[u8]) -> Result<Option<&'s [u8]>, InflateError> {
        if self.state == MessageState::Failed {
            *bytes = &[];
            return Ok(None);
        }
        let produced = self.fill(bytes);
        if produced > 0 {
            let output = self.decoder.as_ref().map(|decoder| &decoder.output);
            return Ok(output.and_then(|output| output.get(..produced)));
        }
        let Some(error) = self.error.take() else {
            return Ok(None);
        };
        self.state = MessageState::Failed;
        self.context_is_broken |= self.takes_over;
        Err(error)
    }

    /// Ends the message, after [`next`](Self::next) has returned None for all its payload, and
    /// begins the next one. A message that failed before causes no second error.
    ///
    /// # Errors
    ///
    /// An [`InflateError`] if the message does not end as it must.
    pub fn finish(&mut self) -> Result<(), InflateError> {
        let result = match self.state {
            MessageState::Failed => Ok(()),
            MessageState::Empty | MessageState::Inflating => self.check_end(),
        };
        let offset = self.offset;
        self.begin();
        result.map_err(|kind| {
            // With 00 00 ff ff at its end, or a final block, the message is complete.
            let is_all = matches!(
                kind,
                InflateErrorKind::TailKept | InflateErrorKind::FinalBlock
            );
            self.context_is_broken |= self.takes_over && !is_all;
            InflateError { offset, kind }
        })
    }

    /// Whether all earlier messages were inflated to their ends. If not, a later one may refer to
    /// bytes that are not known.
    pub const fn context_is_complete(&self) -> bool {
        !self.context_is_broken
    }

    /// How many bytes of earlier messages the current one may refer to.
    pub const fn context(&self) -> usize {
        self.context
    }

    /// Readies for a message: the decoder is made when its first byte comes.
    fn begin(&mut self) {
        if let Some(decoder) = self.decoder.take() {
            decoder.keep();
        }
        self.offset = 0;
        self.last = [0xff; 4];
        self.stream_end = None;
        self.error = None;
        self.state = MessageState::Empty;
        self.context = self.window.len();
    }

    /// The decoder of the message, at the start of a block if it is new.
    fn take_decoder(&mut self) -> Box<Decoder> {
        self.decoder
            .take()
            .unwrap_or_else(|| Decoder::take(&self.window))
    }

    /// Inflates until the output is full or all bytes are read. Returns the number of inflated
    /// bytes.
    fn fill(&mut self, bytes: &mut &[u8]) -> usize {
        let mut decoder = self.take_decoder();
        let mut produced = self.inflate_at_once(&mut decoder, bytes);
        while self.error.is_none() {
            let before = bytes.len();
            let count = self.inflate_step(&mut decoder, bytes, produced);
            produced += count;
            if count == 0 && bytes.len() == before {
                break;
            }
        }
        self.decoder = Some(decoder);
        produced
    }

    /// Inflates the first piece of a message in one call, if there is no error and the output
    /// has room for it. Returns the number of inflated bytes. Otherwise resets the decoder.
    fn inflate_at_once(&mut self, decoder: &mut Decoder, bytes: &mut &[u8]) -> usize {
        if self.state != MessageState::Empty || bytes.len() <= STEP {
            return 0;
        }
        let Decoder { stream, output } = decoder;
        let result = stream.decompress(bytes, output, FlushDecompress::Sync);
        let produced = to_size(stream.total_out());
        let is_all = stream.total_in() == bytes.len() as u64;
        if !matches!(result, Ok(Status::Ok)) || !is_all || produced == output.len() {
            decoder.reset(&self.window);
            return 0;
        }
        if self.takes_over {
            self.window.push(output.get(..produced).unwrap_or_default());
        }
        self.take(bytes, bytes.len());
        produced
    }

    /// Inflates at most [`STEP`] bytes; the output has `filled` bytes already. Returns the number
    /// of inflated bytes.
    fn inflate_step(&mut self, decoder: &mut Decoder, bytes: &mut &[u8], filled: usize) -> usize {
        let Decoder { stream, output } = decoder;
        let piece = bytes.get(..STEP).unwrap_or(bytes);
        let room = output.get_mut(filled..).unwrap_or_default();
        let (read, written) = (stream.total_in(), stream.total_out());
        let result = stream.decompress(piece, room, FlushDecompress::Sync);
        let produced = to_size(stream.total_out() - written);
        let read = to_size(stream.total_in() - read);
        if self.takes_over {
            self.window.push(room.get(..produced).unwrap_or_default());
        }
        self.take(bytes, read);
        match result {
            Ok(Status::StreamEnd) => self.end_stream(decoder),
            Ok(_) => {}
            Err(error) => {
                self.error = Some(InflateError {
                    offset: self.offset,
                    kind: self.kind_of(&error),
                });
            }
        }
        produced
    }

    fn take(&mut self, bytes: &mut &[u8], count: usize) {
        let (taken, rest) = bytes.split_at_checked(count).unwrap_or((bytes, &[]));
        *bytes = rest;
        self.offset += taken.len() as u64;
        if !taken.is_empty() {
            self.state = MessageState::Inflating;
        }
        for byte in taken.iter().skip(taken.len().saturating_sub(TAIL.len())) {
            let [_, a, b, c] = self.last;
            self.last = [a, b, c, *byte];
        }
    }

    /// Ends the DEFLATE stream after a block with BFINAL set, which does not end the message (RFC
    /// 7692 §7.2.3.4). Another stream follows; peers begin it with an empty window.
    fn end_stream(&mut self, decoder: &mut Decoder) {
        self.stream_end = Some(self.offset);
        self.window.clear();
        decoder.reset(&self.window);
        self.context = 0;
        self.context_is_broken = false;
    }

    /// Checks that the message ends where 00 00 ff ff belongs.
    fn check_end(&mut self) -> Result<(), InflateErrorKind> {
        let mut decoder = self.take_decoder();
        let result = self.check_end_with(&mut decoder);
        self.decoder = Some(decoder);
        result
    }

    fn check_end_with(&mut self, decoder: &mut Decoder) -> Result<(), InflateErrorKind> {
        let mut output = [0; 2 * PROBE.len()];
        let before = decoder.stream.total_out();
        let result = decoder
            .stream
            .decompress(&PROBE, &mut output, FlushDecompress::Sync);
        let produced = to_size(decoder.stream.total_out() - before);
        let produced = output.get(..produced);
        if result.is_ok() && produced == PROBE.get(TAIL.len()..) {
            if matches!(result, Ok(Status::StreamEnd)) {
                self.end_stream(decoder);
            }
            return Ok(());
        }
        Err(if produced != PROBE.get(TAIL.len() + 1..) {
            InflateErrorKind::Cut
        } else if self.last == TAIL {
            InflateErrorKind::TailKept
        } else if self.stream_end == Some(self.offset) {
            InflateErrorKind::FinalBlock
        } else {
            InflateErrorKind::EndMissing
        })
    }

    fn kind_of(&self, error: &DecompressError) -> InflateErrorKind {
        InflateErrorKind::Damaged(match error.message() {
            Some("invalid block type") => Damage::BlockType,
            Some("invalid stored block lengths") => Damage::StoredLength,
            Some("invalid literal/length code" | "invalid distance code") => Damage::Symbol,
            Some("invalid distance too far back") => {
                let context = self.context;
                return InflateErrorKind::TooFarBack { context };
            }
            _ => Damage::CodeLengths,
        })
    }
}

impl Decoder {
    /// A decoder at the start of a block, which knows these earlier bytes.
    fn take(window: &Window) -> Box<Self> {
        if let Some(mut decoder) = SPARE.take() {
            decoder.reset(window);
            return decoder;
        }
        let mut decoder = Box::new(Self {
            stream: Decompress::new(false),
            output: [0; PIECE],
        });
        decoder.set_window(window);
        decoder
    }

    /// Keeps it for the next message of any inflater of the thread.
    fn keep(self: Box<Self>) {
        SPARE.set(Some(self));
    }

    /// Returns to the start of a block.
    fn reset(&mut self, window: &Window) {
        self.stream.reset(false);
        self.set_window(window);
    }

    fn set_window(&mut self, window: &Window) {
        for part in window.parts() {
            if !part.is_empty() {
                self.stream
                    .set_dictionary(part)
                    .expect("raw DEFLATE takes a dictionary at any time");
            }
        }
    }
}

/// The largest piece that is returned, in bytes.
const PIECE: usize = 16 * 1024;

/// How many bytes are inflated in one call after the fast attempt has failed. From 15 bytes on
/// zlib-rs uses a faster path whose error message is lost ("repeated call with bad state"). The
/// slow path takes 1.8 times as long and keeps it.
const STEP: usize = 14;

/// The lengths of a stored block of 256 bytes, and those bytes. The first byte is also the
/// header of a stored block, whose lengths are the next four bytes.
const PROBE: [u8; 260] = {
    let mut bytes = [0; 260];
    let mut number: u32 = 1;
    let mut rest: &mut [u8] = &mut bytes;
    while let [first, others @ ..] = rest {
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *first = number.to_be_bytes()[0];
        rest = others;
    }
    let lengths = [0x00, 0x01, 0xff, 0xfe, 0x00];
    let (start, _) = bytes.split_at_mut(lengths.len());
    start.copy_from_slice(&lengths);
    bytes
};

/// Converts a number of bytes that are in a buffer.
fn to_size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
