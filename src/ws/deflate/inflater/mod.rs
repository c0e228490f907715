//! Messages out of one direction's DEFLATE stream.

#[cfg(test)]
mod tests;

use flate2::{Decompress, DecompressError, FlushDecompress, Status};

use super::window::Window;
use super::{Damage, InflateError, InflateErrorKind, TAIL};
use crate::ws::extension::SenderParameters;

/// Inflates the messages that one end sends (RFC 7692 §7.2.2), in constant memory: at
/// most 200 KiB.
///
/// A message's compressed bytes are given to [`next`](Self::next) in pieces of any size,
/// until it has no more to say about them; then [`finish`](Self::finish) tells whether the
/// message is whole. A caller who has seen enough, of a bomb perhaps, just stops and goes
/// on with [`start`](Self::start).
///
/// # The window
///
/// Whatever window was agreed on, a message may refer to 32 KiB, as it may with browsers:
/// this end shows what is said. A sender that exceeds a smaller window is not noticed; zlib-rs
/// always has the largest one, whatever it is told.
///
/// # How a cut is seen
///
/// The bytes 00 00 ff ff, which a receiver appends, mean "an empty block" only where a
/// block's header has just been read. Elsewhere they are codes, or data, and since inflating
/// does not mind where its input stops, a message that was cut is delivered short, or with
/// bytes nobody sent, by every library.
///
/// So other bytes take their place here: the lengths of a block of 256 bytes, and 256
/// bytes that look random. If precisely these come out, the message ended where it should.
/// If the first of them does not, the byte 00 before them was read as that header: the
/// message lacks it, or has the 00 00 ff ff already. Anything else is a cut.
/// Then the decoder starts afresh with what the message really said as its context, which
/// is the state that the empty block would have led to.
///
/// No whole message is taken for a cut one. A cut is missed only at a place where the bytes
/// before it are a whole message themselves, which no receiver can know, or where a block
/// turns these very 260 bytes into their last 256, which must have been written for it.
#[derive(Debug)]
pub struct Inflater {
    decoder: Decompress,
    takes_over: bool,
    window: Window,
    /// Bytes of the message's compressed payload that were read.
    offset: u64,
    /// Its last four.
    last: [u8; 4],
    /// Bytes of earlier messages that were known when it began.
    context: usize,
    /// An earlier message was not inflated to its end.
    context_is_broken: bool,
    /// Where in the message its last final block ended.
    stream_end: Option<u64>,
    /// The fault behind the bytes that were handed on last.
    fault: Option<InflateError>,
    state: State,
    output: Box<[u8]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nothing of the message came.
    Fresh,
    Inflating,
    /// The fault was told; the rest of the message is dropped.
    Failed,
}

impl Inflater {
    /// Inflates what is sent with these parameters.
    pub fn new(parameters: SenderParameters) -> Self {
        Self {
            decoder: Decompress::new(false),
            takes_over: !parameters.no_context_takeover,
            window: Window::default(),
            offset: 0,
            last: [0xff; 4],
            context: 0,
            context_is_broken: false,
            stream_end: None,
            fault: None,
            state: State::Fresh,
            output: vec![0; PIECE].into_boxed_slice(),
        }
    }

    /// Begins a message. The one before it, if it was not finished, is left at that; what was
    /// inflated of it remains as context.
    pub fn start(&mut self) {
        if self.state == State::Fresh {
            return;
        }
        self.context_is_broken |= self.takes_over;
        self.begin();
    }

    /// The next piece of the message, at most 16 KiB; None until more bytes are given. It
    /// takes what it needs from the front of `bytes`. After a fault the rest of the message
    /// is taken and dropped.
    ///
    /// # Errors
    ///
    /// The [`InflateError`] that ends the message, once, after the bytes before it.
    pub fn next<'s>(&'s mut self, bytes: &mut &[u8]) -> Result<Option<&'s [u8]>, InflateError> {
        if self.state == State::Failed {
            *bytes = &[];
            return Ok(None);
        }
        let produced = self.fill(bytes);
        if produced > 0 {
            return Ok(self.output.get(..produced));
        }
        let Some(fault) = self.fault.take() else {
            return Ok(None);
        };
        self.state = State::Failed;
        self.context_is_broken |= self.takes_over;
        Err(fault)
    }

    /// The message's end, when [`next`](Self::next) has given all of it; the next one begins.
    /// A message that failed before has nothing more to tell.
    ///
    /// # Errors
    ///
    /// An [`InflateError`] if the message does not end as it should.
    pub fn finish(&mut self) -> Result<(), InflateError> {
        let verdict = match self.state {
            State::Failed => Ok(()),
            State::Fresh | State::Inflating => self.judge_end(),
        };
        let offset = self.offset;
        self.begin();
        verdict.map_err(|kind| {
            // With its tail the message is all there, and with a final block.
            let is_all = matches!(
                kind,
                InflateErrorKind::TailKept | InflateErrorKind::FinalBlock
            );
            self.context_is_broken |= self.takes_over && !is_all;
            InflateError { offset, kind }
        })
    }

    /// False if a later message may refer to bytes that are not known, because an earlier
    /// one was not inflated to its end.
    pub const fn context_is_whole(&self) -> bool {
        !self.context_is_broken
    }

    /// How many bytes of earlier messages the one at hand may refer to.
    pub const fn context(&self) -> usize {
        self.context
    }

    /// Puts the decoder to a block's header, with the earlier messages as its context.
    fn begin(&mut self) {
        self.decoder.reset(false);
        self.offset = 0;
        self.last = [0xff; 4];
        self.stream_end = None;
        self.fault = None;
        self.state = State::Fresh;
        self.context = self.window.as_slice().len();
        if self.context > 0 {
            self.decoder
                .set_dictionary(self.window.as_slice())
                .expect("raw DEFLATE takes a dictionary at any time");
        }
    }

    /// Inflates until the buffer is full or the bytes are read; how many came out.
    fn fill(&mut self, bytes: &mut &[u8]) -> usize {
        let mut produced = self.gulp(bytes);
        while self.fault.is_none() {
            let before = bytes.len();
            let count = self.step(bytes, produced);
            produced += count;
            if count == 0 && bytes.len() == before {
                break;
            }
        }
        produced
    }

    /// Inflates the beginning of a message at once, if nothing is wrong with it and there is
    /// room for what comes out; how many bytes that is. Else the decoder is put back to where
    /// it was.
    fn gulp(&mut self, bytes: &mut &[u8]) -> usize {
        if self.state != State::Fresh || bytes.len() <= SIP {
            return 0;
        }
        let result = self
            .decoder
            .decompress(bytes, &mut self.output, FlushDecompress::Sync);
        let produced = to_size(self.decoder.total_out());
        let is_all = self.decoder.total_in() == bytes.len() as u64;
        if !matches!(result, Ok(Status::Ok)) || !is_all || produced == self.output.len() {
            self.begin();
            return 0;
        }
        if self.takes_over {
            self.window
                .push(self.output.get(..produced).unwrap_or_default());
        }
        self.take(bytes, bytes.len());
        produced
    }

    /// Inflates one sip, behind so many bytes in the buffer; how many came out.
    fn step(&mut self, bytes: &mut &[u8], filled: usize) -> usize {
        let sip = bytes.get(..SIP).unwrap_or(bytes);
        let room = self.output.get_mut(filled..).unwrap_or_default();
        let (read, written) = (self.decoder.total_in(), self.decoder.total_out());
        let result = self.decoder.decompress(sip, room, FlushDecompress::Sync);
        let produced = to_size(self.decoder.total_out() - written);
        let read = to_size(self.decoder.total_in() - read);
        if self.takes_over {
            self.window.push(room.get(..produced).unwrap_or_default());
        }
        self.take(bytes, read);
        match result {
            Ok(Status::StreamEnd) => self.end_stream(),
            Ok(_) => {}
            Err(error) => {
                self.fault = Some(InflateError {
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
            self.state = State::Inflating;
        }
        for byte in taken.iter().skip(taken.len().saturating_sub(TAIL.len())) {
            let [_, a, b, c] = self.last;
            self.last = [a, b, c, *byte];
        }
    }

    /// A block with BFINAL ends a stream, not the message (RFC 7692 §7.2.3.4). Another stream
    /// follows, and peers let it begin with an empty window.
    fn end_stream(&mut self) {
        self.decoder.reset(false);
        self.stream_end = Some(self.offset);
        self.window.clear();
        self.context = 0;
        self.context_is_broken = false;
    }

    /// Whether the message ends where 00 00 ff ff belongs.
    fn judge_end(&mut self) -> Result<(), InflateErrorKind> {
        let mut output = [0; 2 * PROBE.len()];
        let before = self.decoder.total_out();
        let result = self
            .decoder
            .decompress(&PROBE, &mut output, FlushDecompress::Sync);
        let produced = to_size(self.decoder.total_out() - before);
        let produced = output.get(..produced);
        if result.is_ok() && produced == PROBE.get(TAIL.len()..) {
            if matches!(result, Ok(Status::StreamEnd)) {
                self.end_stream();
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

/// How much is handed on at once, at most.
const PIECE: usize = 16 * 1024;

/// How much is inflated at once where something may be wrong. From 15 bytes on zlib-rs takes
/// a faster way, on which it forgets what was wrong ("repeated call with bad state"); this one
/// takes 1.8 times as long, and knows.
const SIP: usize = 14;

/// The lengths of a stored block of 256 bytes, and those bytes. Its first byte is also the
/// header of a stored block, whose lengths are the four behind it.
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

/// A number of bytes in a buffer of ours or the caller's.
fn to_size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
