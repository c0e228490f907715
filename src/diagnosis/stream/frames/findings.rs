//! The findings on a frame that has ended or is cut, and on messages without an end.

use super::{EndedFrame, FrameTracker, OpenFrame};
use crate::diagnosis::stream::compression::InflatedMessage;
use crate::diagnosis::stream::explain::context::FrameContext;
use crate::diagnosis::stream::explain::{application, compression};
use crate::diagnosis::stream::recent_bytes::BytesWindow;
use crate::diagnosis::stream::senders::{KnownSender, NumberedFrame, Senders, WeakKey};
use crate::diagnosis::stream::validate::{diagnose_close_at_once, diagnose_frame, diagnose_sender};
use crate::diagnosis::{Finding, Location, catalogue};
use crate::ws::{FrameHeader, FrameValidator, Opcode};

impl FrameTracker {
    /// Collects the findings on a complete frame.
    pub(in crate::diagnosis::stream) fn diagnose(
        &mut self,
        ended: &EndedFrame,
        window: BytesWindow<'_>,
    ) {
        let EndedFrame {
            frame,
            weak_key,
            message,
        } = ended;
        let edges = frame.edges.may_have_finding(&frame.header);
        self.collect(frame, edges, *weak_key, window);
        if let Some(message) = message {
            self.diagnose_inflated(frame, message, window);
        }
        if self.closes_at_once(frame) {
            let context = frame.context(self.lookahead(window, &frame.header));
            self.findings.push(diagnose_close_at_once(&context));
        }
    }

    /// Whether a frame is the server's close frame without a code, and the first one after the
    /// handshake.
    pub(super) fn closes_at_once(&self, frame: &OpenFrame) -> bool {
        let header = &frame.header;
        let is_first = self.follows_response && frame.number == 1;
        let is_empty_close = header.opcode == Opcode::CLOSE && header.payload_length.value() == 0;
        is_first && is_empty_close && header.masking_key.is_none()
    }

    /// Adds a note on a single control frame whose sender only its MASK bit shows.
    pub(in crate::diagnosis::stream) fn push_unknown_sender(&mut self, window: BytesWindow<'_>) {
        let (Senders::One(state), 1, Some(last)) = (&self.senders, self.count, self.last) else {
            return;
        };
        let KnownSender::Inferred(role) = state.sender else {
            return;
        };
        if window.start() != last.start || self.findings.is_used() {
            return;
        }
        let Some(frame) = self.lookahead_any(window).frame(last.start) else {
            return;
        };
        if frame.header.opcode.is_control() {
            let lookahead = self.lookahead_any(window);
            let context = FrameContext::new(lookahead, last.number, last.start, frame.header);
            self.findings.push(diagnose_sender(role, &context));
        }
    }

    /// The frame of a stream that has only this one, if it is a message or a part of one.
    pub(in crate::diagnosis::stream) fn only_message(&self) -> Option<NumberedFrame> {
        let mut states = self.senders.states().iter();
        let message = states.find_map(|state| state.last_message_part);
        message.filter(|_| self.count == 1)
    }

    /// Collects the findings on a frame whose payload is cut.
    pub(in crate::diagnosis::stream) fn diagnose_cut(
        &mut self,
        frame: &OpenFrame,
        window: BytesWindow<'_>,
    ) {
        let weak_key = self.weak_key(&frame.header);
        self.collect(frame, false, weak_key, window);
    }

    fn collect(
        &mut self,
        frame: &OpenFrame,
        has_application_finding: bool,
        weak_key: Option<WeakKey>,
        window: BytesWindow<'_>,
    ) {
        let context = frame.context(self.lookahead(window, &frame.header));
        let findings = diagnose_frame(
            &self.violations,
            has_application_finding,
            weak_key,
            &context,
        );
        self.violations.clear();
        let sender = self.senders.of(&frame.header).sender;
        for finding in findings {
            self.findings.push_new(finding, sender);
        }
    }

    /// Collects the finding on a compressed message of which this is the last frame.
    fn diagnose_inflated(
        &mut self,
        frame: &OpenFrame,
        message: &InflatedMessage,
        window: BytesWindow<'_>,
    ) {
        let context = frame.context(self.lookahead(window, &frame.header));
        let state = self.senders.of(&frame.header);
        let inflater = state.inflater(&frame.header);
        let is_known = inflater.is_some_and(|inflater| inflater.is_known());
        let sender = state.sender;
        let finding = match message.error {
            Some(error) => Some(compression::explain(
                message, error, is_known, self.limit, &context,
            )),
            None => application::diagnose(message.opcode, &message.start, message.is_all)
                .map(|found| found.at(context.payload_location())),
        };
        let beyond_window = message
            .beyond_window
            .filter(|_| is_known)
            .map(|found| compression::beyond_window(found, sender.role(), &context));
        for finding in finding.into_iter().chain(beyond_window) {
            self.findings.push_new(finding, sender);
        }
    }

    /// What is weak about the key of a frame, if that was not reported.
    pub(super) fn weak_key(&mut self, header: &FrameHeader) -> Option<WeakKey> {
        let weak = self.senders.of(header).weak_key(header);
        let reported = self.findings.reported();
        weak.filter(|_| !reported.contains(&catalogue::MASK_KEY_WEAK.id))
    }

    /// Adds the findings on messages without a last fragment, at the end of the stream.
    pub(in crate::diagnosis::stream) fn push_unfinished_messages(
        &mut self,
        validators: &[FrameValidator],
        window: BytesWindow<'_>,
    ) {
        for (state, validator) in self.senders.states().iter().zip(validators) {
            if !validator.message_is_open() {
                continue;
            }
            let NumberedFrame { number, start } =
                state.last_message_part.unwrap_or(NumberedFrame {
                    number: self.count,
                    start: window.end(),
                });
            let location = Location {
                snippet: window.snippet(start, start),
                ..Location::in_frame(number, start, 1)
            };
            let finding = Finding::of_open_message(location);
            self.findings.push(finding.label("FIN is 0"));
        }
    }
}
