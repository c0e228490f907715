//! Frames from header to end: validates them, decompresses them, and reports them as events.
//!
//! The [`FrameTracker`] is what the analysis knows of the frames of a stream. The
//! [`analyzer`](crate::diagnosis::stream::analyzer) gives it the parts of each frame.

mod findings;

use crate::diagnosis::stream::compression::{CompressedMessages, InflatedMessage};
use crate::diagnosis::stream::event::{Assumption, Event, EventSink, FrameStart, PlainBatch};
use crate::diagnosis::stream::explain::breaks_masking_rule;
use crate::diagnosis::stream::explain::context::FrameContext;
use crate::diagnosis::stream::explain::prefilter::PayloadEdges;
use crate::diagnosis::stream::lookahead::Lookahead;
use crate::diagnosis::stream::plain_batch::BatchRules;
use crate::diagnosis::stream::recent_bytes::BytesWindow;
use crate::diagnosis::stream::senders::{KnownSender, NumberedFrame, Senders, WeakKey};
use crate::diagnosis::stream::validate::FindingQueue;
use crate::ws::plain::PlainRequirement;
use crate::ws::{FrameHeader, FrameReader, Opcode, Violation};

/// A frame whose end has not been read yet.
#[derive(Clone, Debug)]
pub(in crate::diagnosis::stream) struct OpenFrame {
    pub(in crate::diagnosis::stream) number: u64,
    pub(in crate::diagnosis::stream) start: u64,
    pub(in crate::diagnosis::stream) header: FrameHeader,
    is_compressed: bool,
    edges: PayloadEdges,
}

impl OpenFrame {
    /// The frame with the bytes around it.
    pub(in crate::diagnosis::stream) const fn context<'a>(
        &self,
        lookahead: Lookahead<'a>,
    ) -> FrameContext<'a> {
        FrameContext::new(lookahead, self.number, self.start, self.header)
    }
}

/// A complete frame, and what may be wrong with it.
#[derive(Debug)]
pub(in crate::diagnosis::stream) struct EndedFrame {
    frame: OpenFrame,
    weak_key: Option<WeakKey>,
    message: Option<InflatedMessage>,
}

/// The frames of a stream so far.
#[derive(Debug)]
pub(in crate::diagnosis::stream) struct FrameTracker {
    pub(in crate::diagnosis::stream) senders: Senders,
    /// The largest size of a decompressed message, in bytes.
    limit: usize,
    /// How many frames began.
    pub(in crate::diagnosis::stream) count: u64,
    /// The last complete frame, if the frame after it is expected where it ends.
    pub(in crate::diagnosis::stream) last: Option<NumberedFrame>,
    /// The frame before that one.
    pub(in crate::diagnosis::stream) before_last: Option<NumberedFrame>,
    /// Whether the stream begins with the frames after a 101, and no frame came before it.
    follows_response: bool,
    /// The violations of the frame that is being read.
    pub(in crate::diagnosis::stream) violations: Vec<Violation>,
    pub(in crate::diagnosis::stream) findings: FindingQueue,
}

impl FrameTracker {
    pub(in crate::diagnosis::stream) fn new(senders: Senders, limit: usize) -> Self {
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
    pub(in crate::diagnosis::stream) const fn after_response(
        mut self,
        follows_response: bool,
    ) -> Self {
        self.follows_response = follows_response;
        self
    }

    /// A tracker for the frames after the first `count`, of which `last` is the last.
    pub(in crate::diagnosis::stream) fn resuming(
        senders: Senders,
        limit: usize,
        count: u64,
        last: Option<NumberedFrame>,
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
    pub(in crate::diagnosis::stream) fn begin(
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
            sender: state.sender,
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
    pub(in crate::diagnosis::stream) fn begin_invalid(
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
            sender: self.senders.of(&header).sender,
            direction: None,
        });
    }

    /// Takes a piece of the payload, unmasked.
    pub(in crate::diagnosis::stream) fn payload(
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
    pub(in crate::diagnosis::stream) fn end(
        &mut self,
        frame: OpenFrame,
        sink: &mut EventSink<'_>,
    ) -> Option<Box<EndedFrame>> {
        let state = self.senders.of(&frame.header);
        let position = NumberedFrame {
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

    /// The plain frames that a batch may contain, and who sends them; None if both ends send.
    pub(in crate::diagnosis::stream) fn batch_rules(
        &self,
        expected: PlainRequirement,
    ) -> Option<(BatchRules<'_>, KnownSender)> {
        let Senders::One(state) = &self.senders else {
            return None;
        };
        let rules = BatchRules {
            expected,
            last_key: state.last_key,
            is_first: self.count == 0,
            reported: self.findings.reported(),
        };
        Some((rules, state.sender))
    }

    /// Counts the frames of a batch that `reader` has not read, and moves it after them.
    pub(in crate::diagnosis::stream) fn accept_batch(
        &mut self,
        batch: PlainBatch<'_>,
        reader: &mut FrameReader,
    ) {
        let Some(last) = batch.last() else {
            return;
        };
        let count = last.number - self.count;
        let position = NumberedFrame {
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
    pub(in crate::diagnosis::stream) fn lookahead<'a>(
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
    pub(in crate::diagnosis::stream) fn lookahead_any<'a>(
        &self,
        window: BytesWindow<'a>,
    ) -> Lookahead<'a> {
        Lookahead {
            window,
            masked: None,
            compressed: self.senders.may_compress(),
            like: None,
        }
    }
}
