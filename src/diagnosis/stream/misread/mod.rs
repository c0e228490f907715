//! A header that says something else than its writer meant: the length in the wrong form
//! or of the wrong thing, a MASK bit without a key, somebody else's frame in the middle.
//!
//! Each guess is made by looking where the frame would end if it were right: if frames go
//! on there, or the stream ends there, and the payload is what it should be, it is.

mod count;
mod form;
mod missing;

use super::outlook::{CandidateFrame, Lookahead};
use super::tape::BytesWindow;
use super::wording::excerpt;
use crate::diagnosis::{Finding, Location, LocationScope};
use crate::ws::{FrameHeader, MaskingKey, Opcode};
pub(super) use missing::empty_without_key;

/// A frame whose header is doubted.
#[derive(Clone, Copy, Debug)]
pub(super) struct SuspectFrame<'a> {
    pub(super) outlook: Lookahead<'a>,
    /// Its number, counted from 1.
    pub(super) number: u64,
    /// Where it begins.
    pub(super) start: u64,
    pub(super) sighting: CandidateFrame,
    /// How many frames behind it may be misread in their turn.
    patience: u8,
}

/// What was meant: the finding that says so, and where the frame ends then.
#[derive(Debug)]
pub(super) struct WrongLength {
    pub(super) finding: Finding,
    pub(super) end: u64,
}

/// The payload as it was meant: where it begins, at a distance from the frame's start.
#[derive(Clone, Copy, Debug)]
struct IntendedPayload {
    payload: u64,
    size: u64,
    key: Option<MaskingKey>,
}

impl IntendedPayload {
    const fn end(&self) -> u64 {
        self.payload.saturating_add(self.size)
    }
}

impl<'a> SuspectFrame<'a> {
    /// The frame that begins here; None if it is not in the window any more.
    pub(super) fn new(outlook: Lookahead<'a>, number: u64, start: u64) -> Option<Self> {
        Some(Self {
            outlook,
            number,
            start,
            sighting: outlook.frame(start)?,
            patience: 2,
        })
    }

    /// Whether the stream goes on sensibly here; the next frame may be wrong in its turn,
    /// as what is done once is done again.
    fn goes_on(&self, end: u64) -> bool {
        let next_is_misread = || {
            let patience = self.patience.checked_sub(1)?;
            let next = Self::new(self.outlook, self.number + 1, end)?;
            Self { patience, ..next }.misread()
        };
        self.outlook.leads_on(end) || next_is_misread().is_some()
    }

    /// What its header was meant to say, if one guess fits.
    pub(super) fn misread(&self) -> Option<WrongLength> {
        self.one_byte_for_more()
            .or_else(|| self.wrong_order())
            .or_else(|| self.low_half_twice())
            .or_else(|| self.wrong_width())
            .or_else(|| self.no_key())
            .or_else(|| self.counted_in_characters())
            .or_else(|| self.interleaved())
            .or_else(|| self.header_counted())
            .or_else(|| self.cut_short())
    }

    /// Whether the frame could have its payload at this distance and of this size.
    fn fits(&self, meant: &IntendedPayload) -> bool {
        let IntendedPayload { payload, size, key } = *meant;
        let (start, end) = (self.at(payload), self.at(payload).saturating_add(size));
        if end > self.outlook.window.end() || !self.goes_on(end) {
            return false;
        }
        let header = FrameHeader {
            masking_key: key,
            ..*self.header()
        };
        if header.opcode != Opcode::TEXT || header.rsv.rsv1() {
            return true;
        }
        let text = self.outlook.text_between(start, end, &header);
        match std::str::from_utf8(&text) {
            Ok(_) => true,
            Err(error) => {
                let is_long = size > text.len() as u64;
                (!header.fin || is_long) && error.error_len().is_none()
            }
        }
    }

    /// The finding at some bytes of this frame, and where the frame ends.
    fn told(&self, finding: Finding, at: u64, length: u64, meant: &IntendedPayload) -> WrongLength {
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
                Some(text) => finding.note(format!("read so, the text is \"{text}\"")),
                None => finding,
            },
            end: self.at(meant.end()),
        }
    }

    /// What the payload says as it was meant, if it is another text than it seems to be.
    fn text(&self, meant: &IntendedPayload) -> Option<String> {
        let header = FrameHeader {
            masking_key: meant.key,
            ..*self.header()
        };
        let is_as_it_seems =
            meant.payload == self.header_size() && meant.key == self.header().masking_key;
        if is_as_it_seems || header.opcode != Opcode::TEXT {
            return None;
        }
        let (start, end) = (self.at(meant.payload), self.at(meant.end()));
        let text = self.outlook.text_between(start, end, &header);
        Some(excerpt(&text))
    }

    /// `exactly 200 bytes follow`, and what comes behind them.
    fn exactly(&self, meant: &IntendedPayload) -> String {
        let (size, end) = (meant.size, self.at(meant.end()));
        if end == self.window().end() {
            format!("exactly {size} bytes follow")
        } else if size == 0 {
            format!("the next frame begins at once, at byte {end}")
        } else {
            format!("behind {size} bytes the next frame begins, at byte {end}")
        }
    }

    /// The payload where it is, in another size.
    const fn of_size(&self, size: u64) -> IntendedPayload {
        IntendedPayload {
            payload: self.header_size(),
            size,
            key: self.header().masking_key,
        }
    }

    const fn header(&self) -> &FrameHeader {
        &self.sighting.header
    }

    const fn is_masked(&self) -> bool {
        self.header().masking_key.is_some()
    }

    const fn header_size(&self) -> u64 {
        self.sighting.payload - self.start
    }

    const fn key_size(&self) -> u64 {
        if self.is_masked() { 4 } else { 0 }
    }

    /// How many bytes the length takes behind the second one.
    const fn extended(&self) -> u64 {
        self.header().payload_length.form().extended_bytes() as u64
    }

    fn key_at(&self, at: u64) -> Option<MaskingKey> {
        let key = self.bytes(at, at + 4)?.first_chunk::<4>()?;
        self.is_masked().then_some(MaskingKey(*key))
    }

    const fn window(&self) -> BytesWindow<'a> {
        self.outlook.window
    }

    /// Where in the stream a distance from the frame's start is.
    const fn at(&self, distance: u64) -> u64 {
        self.start.saturating_add(distance)
    }

    fn bytes(&self, start: u64, end: u64) -> Option<&'a [u8]> {
        self.window().between(self.at(start), self.at(end))
    }
}
