//! Frames from header to end: validates them, decompresses them, and reports them as events.
//!
//! The [`FrameTracker`] is what the analysis knows of the frames of a stream. The
//! [`analyzer`](super::analyzer) gives it the parts of each frame.

use super::compression::{CompressedMessages, InflatedMessage};
use super::event::{Assumption, Event, EventSink, FrameStart, PlainBatch};
use super::explain::application;
use super::explain::breaks_masking_rule;
use super::explain::compression;
use super::explain::context::FrameContext;
use super::explain::prefilter::PayloadEdges;
use super::lookahead::Lookahead;
use super::plain_batch::BatchRules;
use super::recent_bytes::BytesWindow;
use super::senders::{FramePosition, KnownSender, Senders, WeakKey};
use super::validate::{FindingQueue, diagnose_close_at_once, diagnose_frame, diagnose_sender};
use crate::diagnosis::{Finding, Location, catalogue};
use crate::ws::plain::Expected;
use crate::ws::{FrameHeader, FrameReader, FrameValidator, Opcode, Role, Violation};

/// A frame whose end has not been read yet.
#[derive(Clone, Debug)]
pub(super) struct OpenFrame {
    pub(super) number: u64,
    pub(super) start: u64,
    pub(super) header: FrameHeader,
    is_compressed: bool,
    edges: PayloadEdges,
}

impl OpenFrame {
    /// The frame with the bytes around it.
    pub(super) const fn context<'a>(&self, lookahead: Lookahead<'a>) -> FrameContext<'a> {
        FrameContext::new(lookahead, self.number, self.start, self.header)
    }
}

/// A complete frame, and what may be wrong with it.
#[derive(Debug)]
pub(super) struct EndedFrame {
    frame: OpenFrame,
    weak_key: Option<WeakKey>,
    message: Option<InflatedMessage>,
}

/// The frames of a stream so far.
#[derive(Debug)]
pub(super) struct FrameTracker {
    pub(super) senders: Senders,
    /// The largest size of a decompressed message, in bytes.
    limit: usize,
    /// How many frames began.
    pub(super) count: u64,
    /// The last complete frame, if the frame after it is expected where it ends.
    pub(super) last: Option<FramePosition>,
    /// The frame before that one.
    pub(super) before_last: Option<FramePosition>,
    /// Whether the stream begins with the frames after a 101, and no frame came before it.
    follows_response: bool,
    /// The violations of the frame that is being read.
    pub(super) violations: Vec<Violation>,
    pub(super) findings: FindingQueue,
}

impl FrameTracker {
    pub(super) fn new(senders: Senders, limit: usize) -> Self {
        Self {
            senders,
            limit,
            count: 0,
            last: None,
            before_last: None,
            follows_response: false,
            violations: Vec::new(),
            findings: FindingQueue::default(),
        }
    }

    /// The same for frames that follow a 101, before any other frame.
    pub(super) const fn after_response(mut self, follows_response: bool) -> Self {
        self.follows_response = follows_response;
        self
    }

    /// A tracker for the frames after the first `count`, of which `last` is the last.
    pub(super) fn resuming(
        senders: Senders,
        limit: usize,
        count: u64,
        last: Option<FramePosition>,
        reported: &[&'static str],
    ) -> Self {
        Self {
            count,
            last,
            findings: FindingQueue::with_reported(reported),
            ..Self::new(senders, limit)
        }
    }

    /// Begins the frame whose header `reader` has read, also if it breaks rules.
    pub(super) fn begin(
        &mut self,
        start: u64,
        header: FrameHeader,
        reader: &mut FrameReader,
        sink: &mut EventSink<'_>,
    ) -> OpenFrame {
        self.findings.report(sink);
        self.count += 1;
        reader.begin_frame(start, &header);
        let state = self.senders.of(&header);
        if let Some(role) = state.infer(&header) {
            reader.set_sender(role);
            sink.send(Event::Assumption(Assumption::SentBy(role)));
        }
        let assumes_compression = state.assumes_compression(&header);
        let inflater = state.inflater(&header);
        let is_compressed = inflater.is_some_and(|inflater| inflater.begin_frame(&header));
        let is_masked = header.masking_key.is_some();
        if let Some(role) = state.sender.role() {
            state.masks_wrongly |= breaks_masking_rule(role, is_masked);
        }
        if assumes_compression && is_compressed {
            sink.send(Event::Assumption(Assumption::Compressed));
        }
        sink.frame(FrameStart {
            number: self.count,
            offset: start,
            header,
            is_text: reader.validator().is_text(),
            is_compressed,
            sender: state.sender.known(),
            direction: None,
        });
        OpenFrame {
            number: self.count,
            start,
            header,
            is_compressed,
            edges: PayloadEdges::default(),
        }
    }

    /// Reports the header of a frame that is cut or has a wrong length, without validating it.
    pub(super) fn begin_invalid(
        &mut self,
        start: u64,
        header: FrameHeader,
        sink: &mut EventSink<'_>,
    ) {
        self.count += 1;
        sink.frame(FrameStart {
            number: self.count,
            offset: start,
            header,
            is_text: header.opcode == Opcode::TEXT,
            is_compressed: false,
            sender: self.senders.of(&header).sender.known(),
            direction: None,
        });
    }

    /// Takes a piece of the payload, unmasked.
    pub(super) fn payload(
        &mut self,
        frame: &mut OpenFrame,
        payload: &[u8],
        sink: &mut EventSink<'_>,
    ) {
        frame.edges.push(payload);
        let state = self.senders.of(&frame.header);
        sink.send(Event::Payload(payload));
        if frame.is_compressed
            && let Some(inflater) = state.inflater(&frame.header)
        {
            inflater.push(payload, &mut |inflated| {
                sink.send(Event::Inflated(inflated));
            });
        }
    }

    /// Ends a complete frame; the frame again, if there may be a finding on it.
    pub(super) fn end(
        &mut self,
        frame: OpenFrame,
        sink: &mut EventSink<'_>,
    ) -> Option<Box<EndedFrame>> {
        let state = self.senders.of(&frame.header);
        let position = FramePosition {
            number: frame.number,
            start: frame.start,
        };
        if frame.header.opcode.is_message_part() {
            state.last_message_part = Some(position);
        }
        let message = if frame.is_compressed && frame.header.fin {
            let inflater = state.inflater(&frame.header);
            inflater.and_then(CompressedMessages::finish)
        } else {
            None
        };
        if message.as_ref().is_some_and(|it| it.error.is_none()) {
            // An empty message is reported as decompressed, too.
            sink.send(Event::Inflated(&[]));
        }
        sink.send(Event::End(true));
        let weak_key = self.weak_key(&frame.header);
        self.before_last = self.last.replace(position);
        let message = message.filter(InflatedMessage::may_have_finding);
        let may_have_finding = !self.violations.is_empty()
            || weak_key.is_some()
            || message.is_some()
            || self.closes_at_once(&frame)
            || frame.edges.may_have_finding(&frame.header);
        may_have_finding.then(|| {
            Box::new(EndedFrame {
                frame,
                weak_key,
                message,
            })
        })
    }

    /// Collects the findings on a complete frame.
    pub(super) fn diagnose(&mut self, ended: &EndedFrame, window: BytesWindow<'_>) {
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
    fn closes_at_once(&self, frame: &OpenFrame) -> bool {
        let header = &frame.header;
        let is_first = self.follows_response && frame.number == 1;
        let is_empty_close = header.opcode == Opcode::CLOSE && header.payload_length.value() == 0;
        is_first && is_empty_close && header.masking_key.is_none()
    }

    /// Adds a note on a single control frame whose sender only its MASK bit shows.
    pub(super) fn push_unknown_sender(&mut self, window: BytesWindow<'_>) {
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
    pub(super) fn only_message(&self) -> Option<FramePosition> {
        let mut states = self.senders.states().iter();
        let message = states.find_map(|state| state.last_message_part);
        message.filter(|_| self.count == 1)
    }

    /// Collects the findings on a frame whose payload is cut.
    pub(super) fn diagnose_cut(&mut self, frame: &OpenFrame, window: BytesWindow<'_>) {
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
    fn weak_key(&mut self, header: &FrameHeader) -> Option<WeakKey> {
        let weak = self.senders.of(header).weak_key(header);
        let reported = self.findings.reported();
        weak.filter(|_| !reported.contains(&catalogue::MASK_KEY_WEAK.id))
    }

    /// Adds the findings on messages without a last fragment, at the end of the stream.
    pub(super) fn push_unfinished_messages(
        &mut self,
        validators: &[FrameValidator],
        window: BytesWindow<'_>,
    ) {
        for (state, validator) in self.senders.states().iter().zip(validators) {
            if !validator.message_is_open() {
                continue;
            }
            let FramePosition { number, start } =
                state.last_message_part.unwrap_or(FramePosition {
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

    /// The plain frames that a batch may contain, and who sends them if more than the MASK bit
    /// says so; None if both ends send.
    pub(super) fn batch_rules(&self, expected: Expected) -> Option<(BatchRules<'_>, Option<Role>)> {
        let Senders::One(state) = &self.senders else {
            return None;
        };
        let rules = BatchRules {
            expected,
            last_key: state.last_key,
            is_first: self.count == 0,
            reported: self.findings.reported(),
        };
        Some((rules, state.sender.known()))
    }

    /// Counts the frames of a batch that `reader` has not read, and moves it after them.
    pub(super) fn accept_batch(&mut self, batch: PlainBatch<'_>, reader: &mut FrameReader) {
        let Some(last) = batch.last() else {
            return;
        };
        let count = last.number - self.count;
        let position = FramePosition {
            number: last.number,
            start: last.offset,
        };
        let state = self.senders.of(&last.header);
        state.last_key = last.header.masking_key;
        state.last_message_part = Some(position);
        if let Some(inflater) = state.inflater(&last.header) {
            inflater.begin_frame(&last.header);
        }
        self.count = last.number;
        self.last = Some(position);
        self.before_last = None;
        reader.accept_plain(count, last.offset, &last.header);
    }

    /// The bytes in this window, and what to expect of the frames after one with this header.
    pub(super) fn lookahead<'a>(
        &self,
        window: BytesWindow<'a>,
        header: &FrameHeader,
    ) -> Lookahead<'a> {
        let is_masked = header.masking_key.is_some();
        let masked = self.senders.masks().filter(|masks| *masks == is_masked);
        Lookahead {
            masked,
            ..self.lookahead_any(window)
        }
    }

    /// The bytes in this window, with frames that are masked or not.
    pub(super) fn lookahead_any<'a>(&self, window: BytesWindow<'a>) -> Lookahead<'a> {
        Lookahead {
            window,
            masked: None,
            compressed: self.senders.may_compress(),
            like: None,
        }
    }
}
