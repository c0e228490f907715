//! Bytes that cannot be a frame: what they are instead, and where the next frame begins.
//!
//! In: a header that breaks a rule, or whose frame ends after the stream, as a [`SuspectHeader`].
//! Out: a [`Recovery`], which the [`analyzer`](super::analyzer) applies. The questions, in order:
//!
//! 1. Are the bytes another protocol?
//! 2. Has the previous frame another length than its header says?
//! 3. Has this frame another length?
//! 4. Where does the next frame begin?

use std::ops::Range;

use super::explain::other_protocol::{self, OtherBytes, StreamPosition};
use super::explain::wrong_length::{SuspectFrame, WrongLength};
use super::lookahead::Lookahead;
use super::recent_bytes::BytesWindow;
use super::senders::NumberedFrame;
use crate::diagnosis::not_a_header::shows_other_bytes;
use crate::diagnosis::{Finding, Location, LocationScope, catalogue};
use crate::ws::{FrameHeader, Rule, Violation};

/// How the analysis continues after bytes that are not a frame.
#[derive(Debug)]
pub(super) struct Recovery {
    /// What is wrong; None if it was reported before.
    pub(super) finding: Option<Finding>,
    /// The bytes that are reported before the finding.
    pub(super) skipped: Range<u64>,
    /// The header, if these bytes are reported as an incomplete frame.
    pub(super) shown_as_frame: Option<FrameHeader>,
    /// Where the next frame begins; None if that is still to be found.
    pub(super) resume: Option<u64>,
    /// Whether the previous frame has another length, so that the findings on it are dropped.
    pub(super) revises_last: bool,
    /// The offset where the HTTP chunk around the next frames ends.
    pub(super) chunk_end: Option<u64>,
}

impl Recovery {
    /// Skips bytes that are not a frame; the next frame is after them.
    const fn skipping(skipped: Range<u64>, finding: Option<Finding>) -> Self {
        Self {
            finding,
            resume: Some(skipped.end),
            skipped,
            shown_as_frame: None,
            revises_last: false,
            chunk_end: None,
        }
    }

    /// The previous frame ended elsewhere, so that no frame begins at `offset`.
    pub(super) fn of_last(wrong: WrongLength, offset: u64) -> Self {
        Self {
            revises_last: true,
            resume: Some(wrong.end),
            ..Self::skipping(offset..wrong.end.max(offset), Some(wrong.finding))
        }
    }
}

/// The search for the next frame.
#[derive(Debug)]
pub(super) struct Resync {
    /// The finding that the search began with.
    pub(super) finding: Finding,
    /// The offset where the search continues.
    pub(super) from: u64,
}

/// The result of a search.
pub(super) enum SearchResult {
    /// A frame begins at this offset.
    Found(u64),
    /// No frame begins before the end of the window; a later search continues at `from`.
    NotFound { from: u64 },
}

impl Resync {
    /// Searches for the next frame in the bytes that are kept.
    pub(super) fn search(&self, lookahead: &Lookahead<'_>) -> SearchResult {
        const MAX_HEADER: u64 = 14;
        if let Some(offset) = lookahead.next_frame(self.from) {
            return SearchResult::Found(offset);
        }
        // The last bytes may be the start of a header.
        let end = lookahead.window.end();
        let from = end.saturating_sub(MAX_HEADER).max(self.from);
        SearchResult::NotFound { from }
    }
}

/// Ranges where no frame begins. They are searched once, and not again for each wrong header in
/// them. There is one range each for unknown, masked and unmasked frames.
#[derive(Debug, Default)]
pub(super) struct SearchedRanges([Option<SearchedRange>; 3]);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct SearchedRange {
    from: u64,
    end: u64,
    is_complete: bool,
    compressed: bool,
}

impl SearchedRanges {
    /// The next frame at or after `from`; None without a search if an earlier one found none here.
    fn next_frame(&mut self, lookahead: &Lookahead<'_>, from: u64) -> Option<u64> {
        let [unknown, masked, unmasked] = &mut self.0;
        let searched = match lookahead.masked {
            None => unknown,
            Some(true) => masked,
            Some(false) => unmasked,
        };
        let range = SearchedRange {
            from,
            end: lookahead.window.end(),
            is_complete: lookahead.window.is_complete(),
            compressed: lookahead.compressed,
        };
        if searched.is_some_and(|searched| searched.includes(range)) {
            return None;
        }
        let next = lookahead.next_frame(from);
        if next.is_none() && !lookahead.window.effort().is_exhausted() {
            *searched = Some(range);
        }
        next
    }
}

impl SearchedRange {
    fn includes(self, other: Self) -> bool {
        let from = self.from;
        from <= other.from && self == Self { from, ..other }
    }
}

/// A header that is probably not one, and what is known of the stream there.
#[derive(Clone, Copy, Debug)]
pub(super) struct SuspectHeader<'a> {
    pub(super) lookahead: Lookahead<'a>,
    /// The offset of the header.
    pub(super) offset: u64,
    /// The number that its frame would have.
    pub(super) number: u64,
    /// The previous frame.
    pub(super) last: Option<NumberedFrame>,
    /// The frame before the previous one.
    pub(super) before_last: Option<NumberedFrame>,
    pub(super) position: StreamPosition,
    /// The offset where the HTTP chunk around the frames ends.
    pub(super) chunk_end: Option<u64>,
}

impl SuspectHeader<'_> {
    /// How to continue if no frame begins with this header; None if one does.
    pub(super) fn recover(
        &self,
        header: &FrameHeader,
        violations: &[Violation],
        searched: &mut SearchedRanges,
    ) -> Option<Recovery> {
        let (lookahead, offset) = (self.lookahead, self.offset);
        let bytes = lookahead.window.from(offset)?;
        if self.chunk_end == Some(offset) {
            let size = other_protocol::chunk_separator(bytes)?;
            return Some(Recovery::skipping(offset..offset + size, None));
        }
        if let Some(known) = other_protocol::known(bytes, self.position) {
            return Some(self.recover_other(known));
        }
        let candidate = lookahead.frame(offset)?;
        // The pieces of a stream end with a frame more often than not.
        let is_piece_end = candidate.end == lookahead.window.end();
        if is_piece_end || lookahead.like(header).continues_at(candidate.end) {
            // The zeros of a length without its marker are a sequence of empty frames.
            let wrong = self
                .last_may_lack_marker(violations)
                .then(|| self.last_with_other_length())?;
            return wrong.map(|wrong| self.completed(Recovery::of_last(wrong, offset)));
        }
        if let Some(recovery) = self.recover_length(header, violations) {
            return Some(recovery);
        }
        if self.may_lack_marker_of_more() {
            return None;
        }
        if let Some(likely) = other_protocol::likely(&lookahead, offset, self.position) {
            return Some(self.recover_other(likely));
        }
        let mut broken = violations.iter();
        let broken = broken.find(|violation| shows_other_bytes(violation.rule))?;
        let resume = searched.next_frame(&lookahead, offset + 1)?;
        Some(self.recover_desync(header, broken, resume))
    }

    /// The previous frame or this one has another length than its header says.
    fn recover_length(&self, header: &FrameHeader, violations: &[Violation]) -> Option<Recovery> {
        let offset = self.offset;
        // A frame that is only cut by the end says nothing about the previous one: a stream may
        // be cut anywhere.
        if !violations.is_empty()
            && let Some(wrong) = self.last_with_other_length()
        {
            return Some(self.completed(Recovery::of_last(wrong, offset)));
        }
        let wrong = SuspectFrame::new(self.lookahead, self.number, offset)?.intended()?;
        Some(self.completed(Recovery {
            shown_as_frame: Some(*header),
            ..Recovery::skipping(offset..wrong.end, Some(wrong.finding))
        }))
    }

    /// Whether the previous frame is empty, and a byte 0 follows it that begins no frame.
    pub(super) fn last_may_lack_marker(&self, violations: &[Violation]) -> bool {
        let is_empty = self
            .last
            .and_then(|last| self.lookahead.frame(last.start))
            .is_some_and(|last| last.header.payload_length.value() == 0);
        let broken = |violation: &Violation| violation.rule == Rule::ContinuationWithoutStart;
        let first = self.lookahead.window.up_to(self.offset, self.offset + 1);
        is_empty && first == [0] && violations.iter().any(broken)
    }

    /// Whether more bytes may show that the frame before the previous one is longer: it may lack
    /// the marker of its length, and the length ends after the received bytes.
    fn may_lack_marker_of_more(&self) -> bool {
        let suspect = self
            .before_last
            .and_then(|before| SuspectFrame::new(self.lookahead, before.number, before.start));
        !self.lookahead.window.is_complete()
            && suspect.is_some_and(|suspect| suspect.is_empty() && suspect.may_lack_marker())
    }

    /// The previous frame, if another length fits the data.
    pub(super) fn last_with_other_length(&self) -> Option<WrongLength> {
        let suspect = |position: NumberedFrame| {
            SuspectFrame::new(self.lookahead, position.number, position.start)
        };
        // The first bytes of a length without its marker may be the header of a fragment.
        let marker = self.before_last.and_then(|before| {
            let suspect = suspect(before)?;
            suspect.is_empty().then(|| suspect.marker_missing())?
        });
        marker.or_else(|| suspect(self.last?)?.intended())
    }

    /// The bytes are another protocol, up to the next frame.
    fn recover_other(&self, other: OtherBytes) -> Recovery {
        let finding = self.place_other(other.finding, other.size);
        let size = other.size.unwrap_or(0);
        self.completed(Recovery {
            resume: other.size.map(|size| self.offset + size),
            chunk_end: other.chunk_end.map(|distance| self.offset + distance),
            ..Recovery::skipping(self.offset..self.offset + size, Some(finding))
        })
    }

    /// The bytes are another protocol, up to the end of the stream.
    pub(super) fn recover_other_at_end(&self, other: OtherBytes) -> Recovery {
        let finding = self.place_other(other.finding, other.size);
        let end = self.lookahead.window.end();
        Recovery::skipping(self.offset..end, Some(finding))
    }

    fn place_other(&self, finding: Finding, size: Option<u64>) -> Finding {
        const SHOWN: u64 = 4;
        let window = self.lookahead.window;
        let location = Location {
            scope: LocationScope::Stream,
            offset: self.offset,
            length: size.unwrap_or(SHOWN).min(window.end() - self.offset),
            direction: None,
            snippet: window.snippet(self.offset, self.offset),
        };
        self.note_last(finding.at(location))
    }

    /// The bytes are neither a frame nor a known protocol.
    fn recover_desync(&self, header: &FrameHeader, broken: &Violation, resume: u64) -> Recovery {
        let (window, offset) = (self.lookahead.window, self.offset);
        let message = format!("no valid frame starts at byte {offset}: {}", broken.rule);
        let location = Location {
            scope: LocationScope::Stream,
            offset,
            length: (resume - offset).min(header.size() as u64),
            direction: None,
            snippet: window.snippet(offset, offset),
        };
        let finding = Finding::new(&catalogue::DESYNC, message).at(location);
        let bytes = window.between(offset, resume).unwrap_or_default();
        let finding = match missing_first_byte(bytes) {
            Some(first) => finding
                .label(format!("a frame, if {first:02x} comes before it"))
                .certain_cause(
                    "the first byte of a frame is missing: a write or a read was incomplete",
                ),
            None => finding,
        };
        let finding = self.note_last(finding);
        self.completed(Recovery::skipping(offset..resume, Some(finding)))
    }

    /// Notes the last valid frame.
    fn note_last(&self, finding: Finding) -> Finding {
        let Some(NumberedFrame { number, start }) = self.last else {
            return finding;
        };
        let Some(frame) = self.lookahead.frame(start) else {
            return finding.note(format!("frame {number} was the last valid one"));
        };
        finding.note(format!(
            "frame {number} was the last valid one: {}, {} bytes by its length, up to byte {}",
            frame.header.opcode,
            frame.header.payload_length.value(),
            frame.end,
        ))
    }

    /// Notes where the next frame begins, if that is known, and keeps the HTTP chunk if it
    /// continues.
    fn completed(&self, mut recovery: Recovery) -> Recovery {
        let next = recovery.resume.unwrap_or(self.offset);
        let chunk_end = self.chunk_end.filter(|end| *end >= next);
        recovery.chunk_end = recovery.chunk_end.or(chunk_end);
        if let Some(resume) = recovery.resume {
            let noted = recovery
                .finding
                .map(|finding| note_resume(finding, resume, self.lookahead.window));
            recovery.finding = noted;
        }
        recovery
    }
}

/// Notes where the next frame begins, unless the stream ends there.
pub(super) fn note_resume(finding: Finding, resume: u64, window: BytesWindow<'_>) -> Finding {
    if resume >= window.end() {
        return finding;
    }
    finding.note(format!("valid frames begin again at byte {resume}"))
}

/// The first byte that makes a frame of these bytes, if it is missing.
fn missing_first_byte(bytes: &[u8]) -> Option<u8> {
    const FIRST_BYTES: [u8; 4] = [0x81, 0x82, 0x01, 0x80];
    const MAX_REST: usize = 13;
    let rest = bytes.get(..MAX_REST).unwrap_or(bytes);
    FIRST_BYTES.into_iter().find(|first| {
        let start = [&[*first], rest].concat();
        FrameHeader::parse(&start).is_ok_and(|(header, size)| {
            header.payload_length.value() == (1 + bytes.len() - size) as u64
        })
    })
}
