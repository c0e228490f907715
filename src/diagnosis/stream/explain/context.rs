//! A frame and the bytes around it, as the explanations need it.

use crate::diagnosis::catalogue::RulePage;
use crate::diagnosis::stream::lookahead::{CandidateFrame, Lookahead};
use crate::diagnosis::{Finding, Location, LocationScope, Snippet};
use crate::ws::FrameHeader;

/// A frame that was read, with the bytes around it.
#[derive(Clone, Copy, Debug)]
pub(in crate::diagnosis::stream) struct FrameContext<'a> {
    pub(in crate::diagnosis::stream) lookahead: Lookahead<'a>,
    /// The number of the frame, counted from 1.
    pub(in crate::diagnosis::stream) number: u64,
    /// The offset of the frame in the stream.
    pub(in crate::diagnosis::stream) start: u64,
    pub(in crate::diagnosis::stream) candidate: CandidateFrame,
}

impl<'a> FrameContext<'a> {
    /// The frame with this number, offset and header.
    pub(in crate::diagnosis::stream) const fn new(
        lookahead: Lookahead<'a>,
        number: u64,
        start: u64,
        header: FrameHeader,
    ) -> Self {
        Self {
            lookahead,
            number,
            start,
            candidate: CandidateFrame::at(start, header),
        }
    }

    pub(super) const fn header(&self) -> &FrameHeader {
        &self.candidate.header
    }

    /// The payload, unmasked; of a long one the first 4096 bytes.
    pub(super) fn payload(&self) -> Vec<u8> {
        self.lookahead.payload(&self.candidate)
    }

    /// The bytes of this length at this offset of the stream, with the bytes to be shown.
    pub(in crate::diagnosis::stream) fn location(&self, offset: u64, length: u64) -> Location {
        Location {
            scope: LocationScope::Frame(self.number),
            offset,
            length,
            direction: None,
            snippet: self.snippet(offset),
        }
    }

    /// The whole payload.
    pub(in crate::diagnosis::stream) fn payload_location(&self) -> Location {
        let length = self.header().payload_length.value();
        self.location(self.candidate.payload, length)
    }

    fn snippet(&self, offset: u64) -> Option<Snippet> {
        // The bytes in question may be in an earlier fragment.
        let frame = self.start.min(offset);
        self.lookahead.window.snippet(frame, offset)
    }
}

/// A finding of another rule, at the place of this one and with its label and severity.
pub(super) fn with_rule(
    plain: &Finding,
    entry: &'static RulePage,
    message: impl Into<String>,
) -> Finding {
    let mut finding = Finding::new(entry, message);
    finding.location.clone_from(&plain.location);
    finding.label.clone_from(&plain.label);
    finding.severity = plain.severity;
    finding
}
