//! The end of a stream in the middle of something.

use super::doubt::{NotAFrame, Whose};
use super::{OpenFrame, StreamAnalyzer, Witness};
use crate::diagnosis::stream::ends::PayloadEdges;
use crate::diagnosis::stream::event::Event;
use crate::diagnosis::stream::foreign;
use crate::diagnosis::stream::misread::{self, SuspectFrame};
use crate::diagnosis::{Finding, Location, Severity, catalogue};
use crate::ws::{FrameHeader, IncompleteFrame, Opcode, Rule};

impl StreamAnalyzer {
    /// The end of the stream, once; where reading goes on if it is not the end yet.
    pub(super) fn finish_once(&mut self, witness: &mut Witness<'_>) -> Option<u64> {
        if let Some(lost) = self.lost.take() {
            witness(Event::End(true));
            witness(Event::Finding(lost.finding));
            return None;
        }
        match self.reader.incomplete()? {
            cut @ IncompleteFrame::Payload { .. } => self.cut_payload(&cut, witness),
            cut @ IncompleteFrame::Header { .. } => self.cut_header(&cut, witness),
        }
    }

    pub(super) fn cut_payload(
        &mut self,
        cut: &IncompleteFrame,
        witness: &mut Witness<'_>,
    ) -> Option<u64> {
        let frame = self.open.take()?;
        witness(Event::End(false));
        let outlook = self.outlook(&frame.header);
        let suspect = SuspectFrame::new(outlook, frame.number, frame.start);
        if let Some(misread) = suspect.and_then(|suspect| suspect.misread()) {
            self.violations.clear();
            self.flush(witness);
            witness(Event::Finding(self.resumed(misread.finding, misread.end)));
            return (misread.end < self.tape.window().end()).then_some(misread.end);
        }
        // What a length says that is none need not be there.
        let is_length = self
            .violations
            .iter()
            .any(|violation| matches!(violation.rule, Rule::LengthHighestBit(_)));
        let weak = self.weak_key(&frame.header);
        self.judge(&frame, false, weak);
        if is_length || self.may_go_on {
            return None;
        }
        let mut finding = self.of_cut(cut, frame.number);
        finding.location = finding.location.map(|at| {
            let seen = self.seen(&frame);
            seen.location(at.offset, at.length)
        });
        self.findings.push(finding);
        None
    }

    pub(super) fn cut_header(
        &mut self,
        cut: &IncompleteFrame,
        witness: &mut Witness<'_>,
    ) -> Option<u64> {
        let IncompleteFrame::Header { offset, .. } = cut else {
            return None;
        };
        let offset = *offset;
        let outlook = self.outlook_for_any();
        let is_start = self.number == 0;
        let bytes = outlook.window.from(offset).unwrap_or_default();
        let earlier = self
            .last
            .and_then(|(number, start)| SuspectFrame::new(outlook, number, start)?.misread());
        if let Some(misread) = earlier {
            let doubt = NotAFrame::WrongLength(Box::new(misread), Whose::Earlier);
            let end = outlook.window.end();
            let resume = self.turn(offset, FrameHeader::new(Opcode::TEXT, 0), doubt, witness);
            if resume < end {
                return Some(resume);
            }
            self.reader.resume_at(end);
            return None;
        }
        if let Some(misread) = misread::empty_without_key(&outlook, self.number + 1, offset) {
            self.findings.push(misread);
            return None;
        }
        let foreign = foreign::known(bytes, is_start && !self.has_opened)
            .or_else(|| foreign::likely(&outlook, offset, is_start));
        if let Some(foreign) = foreign {
            self.flush(witness);
            let finding = self.foreign_finding(offset, &foreign);
            self.gap(offset, self.tape.window().end(), witness);
            witness(Event::Finding(finding));
            return None;
        }
        if self.may_go_on {
            return None;
        }
        self.first_bytes(cut);
        let mut finding = self.of_cut(cut, self.number + 1);
        let snippet = self.tape.window().snippet(offset, offset);
        finding.location = finding.location.map(|location| Location {
            snippet,
            ..location
        });
        self.findings.push(finding);
        None
    }

    /// Collects what is wrong with a header that is cut, whatever its other bytes are.
    fn first_bytes(&mut self, cut: &IncompleteFrame) {
        const LONGEST: usize = 14;
        let IncompleteFrame::Header { offset, bytes, .. } = cut else {
            return;
        };
        if bytes.len() < 2 {
            return;
        }
        let mut whole = bytes.clone();
        whole.resize(LONGEST, 0);
        let Ok((header, _)) = FrameHeader::parse(&whole) else {
            return;
        };
        let frame = OpenFrame {
            number: self.number + 1,
            start: *offset,
            header,
            is_compressed: false,
            ends: PayloadEdges::default(),
        };
        let mut violations = Vec::new();
        self.reader.check_header(*offset, &header, &mut violations);
        violations.retain(|violation| !is_of_length(violation.rule));
        let snippet = self.tape.window().snippet(*offset, *offset);
        for violation in &violations {
            let location = Location::in_frame(frame.number, violation.offset, violation.length);
            let snippet = snippet.clone();
            let finding = Finding::from(violation).at(Location {
                snippet,
                ..location
            });
            self.collect(finding, &frame);
        }
    }

    /// The finding of a frame that goes on beyond the stream, and of the reading that
    /// perhaps cut it.
    pub(super) fn of_cut(&self, cut: &IncompleteFrame, number: u64) -> Finding {
        const BUFFERS: [u64; 9] = [256, 512, 1024, 2048, 4096, 8096, 8192, 16384, 65536];
        let finding = Finding::of_cut(cut, number);
        let size = self.tape.window().end();
        let is_of_read = match cut {
            IncompleteFrame::Header { .. } => size == 1,
            IncompleteFrame::Payload { .. } => BUFFERS.contains(&size),
        };
        if !is_of_read {
            return finding;
        }
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
}

/// Whether a rule is about the length, of which a header that is cut says nothing.
const fn is_of_length(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::LengthNotShortest(_)
            | Rule::LengthHighestBit(_)
            | Rule::ControlTooLong(..)
            | Rule::CloseOneOctet
    )
}
