//! Headers that do not say what the sender intended: a length in the wrong form or of the wrong
//! thing, MASK without a key, a control frame in the middle of a payload.
//!
//! In: a frame after which no valid frame begins. Out: the finding, and where the frame really
//! ends. A reading is accepted if the payload is valid with it, and the stream ends after it or
//! goes on with valid frames. The resynchronisation uses this module.

mod bare_length;
mod count;
mod form;
mod marker;
mod missing;

use super::words::excerpt;
use crate::diagnosis::stream::lookahead::{CandidateFrame, Lookahead};
use crate::diagnosis::stream::recent_bytes::BytesWindow;
use crate::diagnosis::{Finding, Location, LocationScope};
use crate::ws::{FrameHeader, MaskingKey, Opcode};
pub(in crate::diagnosis::stream) use missing::empty_without_key;

/// A frame whose header may be wrong.
#[derive(Clone, Copy, Debug)]
pub(in crate::diagnosis::stream) struct SuspectFrame<'a> {
    lookahead: Lookahead<'a>,
    /// The number of the frame, counted from 1.
    number: u64,
    /// The offset of the frame in the stream.
    start: u64,
    candidate: CandidateFrame,
    /// How many of the next frames may have a wrong header, too.
    retries: u8,
}

/// A frame with another length than its header says.
#[derive(Debug)]
pub(in crate::diagnosis::stream) struct WrongLength {
    pub(in crate::diagnosis::stream) finding: Finding,
    /// The offset where the frame really ends.
    pub(in crate::diagnosis::stream) end: u64,
}

/// The payload that the sender intended.
#[derive(Clone, Copy, Debug)]
struct IntendedPayload {
    /// Its distance from the start of the frame, in bytes.
    payload: u64,
    size: u64,
    key: Option<MaskingKey>,
}

impl IntendedPayload {
    /// The distance of its end from the start of the frame.
    const fn end(&self) -> u64 {
        self.payload.saturating_add(self.size)
    }
}

/// `1 byte follows`, `5 bytes follow`.
fn bytes_follow(count: u64) -> String {
    match count {
        1 => "1 byte follows".to_owned(),
        _ => format!("{count} bytes follow"),
    }
}

impl<'a> SuspectFrame<'a> {
    /// The frame at this offset; None if its header is not in the window.
    pub(in crate::diagnosis::stream) fn new(
        lookahead: Lookahead<'a>,
        number: u64,
        start: u64,
    ) -> Option<Self> {
        Some(Self {
            lookahead,
            number,
            start,
            candidate: lookahead.frame(start)?,
            retries: 2,
        })
    }

    /// Whether the frame has no payload by its header.
    pub(in crate::diagnosis::stream) const fn is_empty(&self) -> bool {
        self.header().payload_length.value() == 0
    }

    /// Whether the stream ends here or goes on with valid frames, or with one that has a wrong
    /// length, too: an encoder makes the same mistake again.
    fn goes_on(&self, end: u64) -> bool {
        let next_has_wrong_length = || {
            let retries = self.retries.checked_sub(1)?;
            let next = Self::new(self.lookahead, self.number + 1, end)?;
            Self { retries, ..next }.intended()
        };
        !self.is_followed_by_zeros(end)
            && (self.lookahead.continues_at(end) || next_has_wrong_length().is_some())
    }

    /// Whether a continuation frame would follow a whole message at `end`: zeros in a payload are
    /// read as a sequence of empty ones.
    fn is_followed_by_zeros(&self, end: u64) -> bool {
        let header = self.header();
        let is_message = matches!(header.opcode, Opcode::TEXT | Opcode::BINARY) && header.fin;
        let next = self.lookahead.frame(end);
        is_message && next.is_some_and(|next| next.header.opcode == Opcode::CONTINUATION)
    }

    /// The length that the sender intended, if another reading of the header fits the data.
    pub(in crate::diagnosis::stream) fn intended(&self) -> Option<WrongLength> {
        self.one_byte_for_more()
            .or_else(|| self.wrong_order())
            .or_else(|| self.low_half_twice())
            .or_else(|| self.wrong_width())
            .or_else(|| self.marker_missing())
            .or_else(|| self.key_before_length())
            .or_else(|| self.no_key())
            .or_else(|| self.counted_in_characters())
            .or_else(|| self.interleaved())
            .or_else(|| self.header_counted())
            .or_else(|| self.cut_short())
            .or_else(|| self.wrong_order_and_cut())
    }

    /// Whether this payload is valid, and the stream goes on after it.
    fn fits(&self, meant: &IntendedPayload) -> bool {
        let IntendedPayload { payload, size, key } = *meant;
        let (start, end) = (self.at(payload), self.at(payload).saturating_add(size));
        if end > self.lookahead.window.end() || !self.goes_on(end) {
            return false;
        }
        let header = FrameHeader {
            masking_key: key,
            ..*self.header()
        };
        if header.opcode != Opcode::TEXT || header.rsv.rsv1() {
            return true;
        }
        let text = self.lookahead.text_between(start, end, &header);
        match std::str::from_utf8(&text) {
            Ok(_) => true,
            Err(error) => {
                let is_long = size > text.len() as u64;
                (!header.fin || is_long) && error.error_len().is_none()
            }
        }
    }

    /// The finding for `length` bytes at the distance `at`, and where the frame really ends.
    fn wrong_length(
        &self,
        finding: Finding,
        at: u64,
        length: u64,
        meant: &IntendedPayload,
    ) -> WrongLength {
        let offset = self.at(at);
        let location = Location {
            scope: LocationScope::Frame(self.number),
            offset,
            length,
            direction: None,
            snippet: self.window().snippet(self.start, offset),
        };
        let finding = finding.at(location);
        WrongLength {
            finding: match self.text(meant) {
                Some(text) => finding.note(format!("the text is then \"{text}\"")),
                None => finding,
            },
            end: self.at(meant.end()),
        }
    }

    /// The text that was intended, if its bytes are not those that the header says.
    fn text(&self, meant: &IntendedPayload) -> Option<String> {
        let header = FrameHeader {
            masking_key: meant.key,
            ..*self.header()
        };
        let is_unchanged =
            meant.payload == self.header_size() && meant.key == self.header().masking_key;
        if is_unchanged || header.opcode != Opcode::TEXT {
            return None;
        }
        let (start, end) = (self.at(meant.payload), self.at(meant.end()));
        let text = self.lookahead.text_between(start, end, &header);
        (!text.is_empty()).then(|| excerpt(&text))
    }

    /// `exactly 200 bytes follow`, or where the next frame begins.
    fn exactly(&self, meant: &IntendedPayload) -> String {
        let (size, end) = (meant.size, self.at(meant.end()));
        if end == self.window().end() {
            format!("exactly {}", bytes_follow(size))
        } else if size == 0 {
            format!("the next frame begins at byte {end}")
        } else {
            format!("the next frame begins after {size} bytes, at byte {end}")
        }
    }

    /// A payload of this size, at its present place.
    const fn of_size(&self, size: u64) -> IntendedPayload {
        IntendedPayload {
            payload: self.header_size(),
            size,
            key: self.header().masking_key,
        }
    }

    const fn header(&self) -> &FrameHeader {
        &self.candidate.header
    }

    const fn is_masked(&self) -> bool {
        self.header().masking_key.is_some()
    }

    const fn header_size(&self) -> u64 {
        self.candidate.payload - self.start
    }

    const fn key_size(&self) -> u64 {
        if self.is_masked() { 4 } else { 0 }
    }

    /// The size of the extended length, in bytes: 0, 2 or 8.
    const fn extended(&self) -> u64 {
        self.header().payload_length.form().extended_bytes() as u64
    }

    fn key_at(&self, at: u64) -> Option<MaskingKey> {
        let key = self.bytes(at, at + 4)?.first_chunk::<4>()?;
        self.is_masked().then_some(MaskingKey(*key))
    }

    const fn window(&self) -> BytesWindow<'a> {
        self.lookahead.window
    }

    /// The offset in the stream of a distance from the start of the frame.
    const fn at(&self, distance: u64) -> u64 {
        self.start.saturating_add(distance)
    }

    fn bytes(&self, start: u64, end: u64) -> Option<&'a [u8]> {
        self.window().between(self.at(start), self.at(end))
    }
}
