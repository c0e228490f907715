//! The end of a stream inside a frame: whether the frame is cut, and why.
//!
//! In: what is missing, and the bytes at the end. Out: a [`Recovery`] if the bytes are not a frame
//! or are to be read again in another way, else findings. The [`analyzer`](super::analyzer) asks
//! when no more bytes follow.

use super::explain::context::FrameContext;
use super::explain::other_protocol;
use super::explain::wrong_length::{self, SuspectFrame};
use super::recent_bytes::BytesWindow;
use super::resync::{Recovery, SuspectHeader, note_resume};
use super::senders::NumberedFrame;
use crate::diagnosis::{Finding, LocationScope, Severity, Snippet, catalogue};
use crate::ws::{FrameHeader, IncompleteFrame, Rule, Violation};

/// What the end of a stream inside a header shows.
#[derive(Debug)]
pub(super) enum CutHeader {
    /// The frame before has another length.
    Recovery(Recovery),
    /// No frame begins with these bytes.
    NoFrame(Recovery),
    /// A frame begins with them, and there is this finding on it.
    Finding(Finding),
    /// A frame is cut.
    Cut,
}

/// What a header is that ends with the stream.
pub(super) fn classify_cut_header(suspect: &SuspectHeader<'_>) -> CutHeader {
    let (lookahead, offset) = (&suspect.lookahead, suspect.offset);
    let window = lookahead.window;
    if let Some(mut wrong) = suspect.last_with_other_length() {
        wrong.finding = note_resume(wrong.finding, wrong.end, window);
        return CutHeader::Recovery(Recovery::of_last(wrong, offset));
    }
    if let Some(found) = wrong_length::empty_without_key(lookahead, suspect.number, offset) {
        return CutHeader::Finding(found);
    }
    let bytes = window.from(offset).unwrap_or_default();
    let other = other_protocol::known(bytes, suspect.position)
        .or_else(|| other_protocol::likely(lookahead, offset, suspect.position));
    match other {
        Some(other) => CutHeader::NoFrame(suspect.recover_other_at_end(other)),
        None => CutHeader::Cut,
    }
}

/// The first bytes of an incomplete header, with zeros in place of the missing ones; None if
/// they are less than two.
pub(super) fn complete_header(bytes: &[u8]) -> Option<FrameHeader> {
    const MAX_HEADER: usize = 14;
    if bytes.len() < 2 {
        return None;
    }
    let mut bytes = bytes.to_vec();
    bytes.resize(MAX_HEADER, 0);
    let (header, _) = FrameHeader::parse(&bytes).ok()?;
    Some(header)
}

/// The findings on an incomplete header, without those on its length.
pub(super) fn diagnose_cut_header(
    violations: &[Violation],
    number: u64,
    snippet: Option<&Snippet>,
) -> Vec<Finding> {
    let of_other_rules = violations
        .iter()
        .filter(|violation| !is_about_length(violation.rule));
    let findings = of_other_rules.map(|violation| {
        let mut finding = Finding::from(violation);
        if let Some(location) = &mut finding.location {
            location.scope = LocationScope::Frame(number);
            location.snippet = snippet.cloned();
        }
        finding
    });
    findings.collect()
}

/// The frame with a cut payload, if another length fits the data.
pub(super) fn recover_cut_payload(frame: &FrameContext<'_>) -> Option<Recovery> {
    let suspect = SuspectFrame::new(frame.lookahead, frame.number, frame.start)?;
    let wrong = suspect.intended()?;
    let window = frame.lookahead.window;
    let finding = note_resume(wrong.finding, wrong.end, window);
    Some(Recovery {
        finding: Some(finding),
        // The bytes were reported as payload of the frame.
        skipped: wrong.end..wrong.end,
        shown_as_frame: None,
        resume: Some(wrong.end),
        revises_last: false,
        chunk_end: None,
    })
}

/// The finding on a frame whose payload ends after the stream. `last` is the frame before it: its
/// length may lack its marker, which a note says.
pub(super) fn diagnose_cut_payload(
    cut: &IncompleteFrame,
    frame: &FrameContext<'_>,
    last: Option<NumberedFrame>,
) -> Finding {
    let lookahead = frame.lookahead;
    let marker = last.and_then(|last| {
        SuspectFrame::new(lookahead, last.number, last.start)?.marker_may_be_missing()
    });
    let finding = diagnose_cut(cut, frame.number, lookahead.window);
    match marker {
        Some(note) => finding.note(note),
        None => finding,
    }
}

/// The finding on a frame that ends after the stream. If the stream has the size of a usual
/// receive buffer, the receiver probably treated one read as one frame.
pub(super) fn diagnose_cut(cut: &IncompleteFrame, number: u64, window: BytesWindow<'_>) -> Finding {
    const BUFFER_SIZES: [u64; 9] = [256, 512, 1024, 2048, 4096, 8096, 8192, 16384, 65536];
    let mut finding = Finding::of_cut(cut, number);
    let (offset, is_one_read) = match cut {
        IncompleteFrame::Header { offset, .. } => (*offset, window.end() == 1),
        IncompleteFrame::Payload { offset, .. } => (*offset, BUFFER_SIZES.contains(&window.end())),
    };
    if let Some(location) = &mut finding.location {
        location.snippet = window.snippet(offset.min(location.offset), location.offset);
    }
    if !is_one_read {
        return finding;
    }
    let size = window.end();
    let bytes = if size == 1 { "byte" } else { "bytes" };
    let read = Finding::new(&catalogue::READ_IS_NOT_FRAME, finding.message);
    Finding {
        location: finding.location,
        severity: Severity::Suspicious,
        ..read.possible_cause(format!(
            "one `recv` was taken for one frame: the stream ends after exactly {size} {bytes}"
        ))
    }
}

/// Whether a rule is about the length, of which an incomplete header says nothing.
const fn is_about_length(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::LengthNotShortest(_)
            | Rule::LengthHighestBit(_)
            | Rule::ControlTooLong(..)
            | Rule::CloseOneByte
    )
}
