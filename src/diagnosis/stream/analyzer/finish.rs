//! The end of a stream: a frame that is cut, or bytes that are read again because no more follow.

use std::mem;

use super::{AnalyzerState, StreamAnalyzer};
use crate::diagnosis::stream::end::{
    CutHeader, classify_cut_header, complete_header, diagnose_cut, diagnose_cut_header,
    diagnose_cut_payload, recover_cut_payload,
};
use crate::diagnosis::stream::event::{Event, EventSink};
use crate::diagnosis::stream::frames::OpenFrame;
use crate::ws::{IncompleteFrame, Rule};

/// What is known of the bytes after the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::diagnosis::stream) enum EndKind {
    /// There are none: an incomplete frame is cut.
    Closed,
    /// There may be some, which the input does not have. An incomplete frame is not reported.
    Unknown,
}

/// What the end of a stream leads to.
enum EndStep {
    /// Earlier bytes are read again.
    ReadAgain,
    /// The stream ends inside a frame or other bytes.
    Inside,
    /// The stream ends after a frame.
    BetweenFrames,
}

impl StreamAnalyzer {
    /// Ends the stream.
    pub(in crate::diagnosis::stream) fn finish(&mut self, end: EndKind, sink: &mut EventSink<'_>) {
        self.recent.complete();
        let last = loop {
            self.read(&[], sink);
            match self.end_step(end, sink) {
                EndStep::ReadAgain => {}
                last => break last,
            }
        };
        if matches!(last, EndStep::BetweenFrames) && end == EndKind::Closed {
            let (validators, window) = (self.reader.validators(), self.recent.window());
            self.frames.push_unfinished_messages(validators, window);
            self.frames.push_unknown_sender(window);
        }
        self.frames.findings.report(sink);
        self.state = AnalyzerState::Ended;
    }

    /// Ends the analysis where the input cannot be read: the bytes after it are unknown.
    pub(in crate::diagnosis::stream) fn abort(&mut self, sink: &mut EventSink<'_>) {
        self.recent.complete();
        self.read(&[], sink);
        match mem::replace(&mut self.state, AnalyzerState::Ended) {
            AnalyzerState::Payload(_) => sink.send(Event::End(false)),
            AnalyzerState::Searching(_) => sink.send(Event::End(true)),
            AnalyzerState::Header | AnalyzerState::NeedMore | AnalyzerState::Ended => {}
        }
        self.frames.findings.report(sink);
    }

    /// Reports what the stream ends in.
    fn end_step(&mut self, end: EndKind, sink: &mut EventSink<'_>) -> EndStep {
        match mem::replace(&mut self.state, AnalyzerState::Header) {
            AnalyzerState::Searching(resync) => {
                sink.send(Event::End(true));
                sink.finding(resync.finding);
                EndStep::BetweenFrames
            }
            AnalyzerState::Payload(frame) => self.end_in_payload(&frame, end, sink),
            AnalyzerState::Header | AnalyzerState::NeedMore | AnalyzerState::Ended => match self
                .reader
                .incomplete()
            {
                Some(cut @ IncompleteFrame::Header { .. }) => self.end_in_header(&cut, end, sink),
                _ => EndStep::BetweenFrames,
            },
        }
    }

    fn end_in_payload(
        &mut self,
        frame: &OpenFrame,
        end: EndKind,
        sink: &mut EventSink<'_>,
    ) -> EndStep {
        sink.send(Event::End(false));
        let Some(cut) = self.reader.incomplete() else {
            return EndStep::BetweenFrames;
        };
        let window = self.recent.window();
        let context = frame.context(self.frames.lookahead(window, &frame.header));
        if let Some(recovery) = recover_cut_payload(&context) {
            let is_end = recovery.resume >= Some(window.end());
            self.apply(frame.start, recovery, sink);
            return if is_end {
                EndStep::Inside
            } else {
                EndStep::ReadAgain
            };
        }
        // A length with its highest bit set is not a length: nothing is missing.
        let has_length = !self
            .frames
            .violations
            .iter()
            .any(|violation| matches!(violation.rule, Rule::LengthHighestBit(_)));
        self.frames.diagnose_cut(frame, window);
        if has_length && end == EndKind::Closed {
            let context = frame.context(self.frames.lookahead(window, &frame.header));
            let finding = diagnose_cut_payload(&cut, &context, self.frames.last);
            self.frames.findings.push(finding);
        }
        EndStep::Inside
    }

    fn end_in_header(
        &mut self,
        cut: &IncompleteFrame,
        end: EndKind,
        sink: &mut EventSink<'_>,
    ) -> EndStep {
        let IncompleteFrame::Header { offset, bytes, .. } = cut else {
            return EndStep::BetweenFrames;
        };
        match classify_cut_header(&self.suspect(*offset, None)) {
            CutHeader::Recovery(recovery) => {
                self.apply(*offset, recovery, sink);
                return EndStep::ReadAgain;
            }
            CutHeader::NoFrame(recovery) => self.apply(*offset, recovery, sink),
            CutHeader::Finding(finding) => self.frames.findings.push(finding),
            CutHeader::Cut if end == EndKind::Closed => {
                let (window, number) = (self.recent.window(), self.frames.count + 1);
                if let Some(header) = complete_header(bytes) {
                    let mut violations = Vec::new();
                    self.reader.check_header(*offset, &header, &mut violations);
                    let sender = self.frames.senders.of(&header).sender;
                    let snippet = window.snippet(*offset, *offset);
                    for finding in diagnose_cut_header(&violations, number, snippet.as_ref()) {
                        self.frames.findings.push_new(finding, sender);
                    }
                }
                let finding = diagnose_cut(cut, number, window);
                self.frames.findings.push(finding);
            }
            CutHeader::Cut => {}
        }
        EndStep::Inside
    }
}
