//! Findings on what an endpoint receives, while the endpoint decides what it accepts.
//!
//! In: the bytes of the peer, and the endpoint's decision on each frame. Out: findings. `serve` gives
//! it what a client sends, `connect` what a server sends.

use super::analyzer::{EndKind, StreamAnalyzer};
use super::compression::{CompressionState, InflatedMessage, MESSAGE_START};
use super::event::{DirectionSource, Event, EventSink};
use super::explain::compression;
use super::explain::context::FrameContext;
use super::frames::FrameTracker;
use super::lookahead::Lookahead;
use super::recent_bytes::RecentBytes;
use super::senders::{KnownSender, NumberedFrame, SenderState, Senders};
use super::validate::{
    FindingQueue, diagnose_decompressed, diagnose_key, diagnose_message, may_have_finding,
};
use crate::diagnosis::{Finding, LocationScope, catalogue};
use crate::ws::deflate::CompressedMessageError;
use crate::ws::endpoint::Failure;
use crate::ws::{
    Direction, FrameHeader, FrameReader, FrameValidator, IncompleteFrame, Message,
    MessageAssembler, Opcode, Role,
};

/// Explains what a peer sends: what is probably a mistake in the frames that an endpoint accepts,
/// and why it refuses one.
///
/// It keeps the bytes of the last frame and those after it, at most 32 KiB between two pieces, and
/// analyzes them when a frame is refused.
#[derive(Debug)]
pub struct LiveAnalyzer {
    peer: Role,
    recent: RecentBytes,
    sender: SenderState,
    validator: FrameValidator,
    /// How many frames were accepted.
    count: u64,
    /// The offset of the next frame.
    offset: u64,
    /// The last frame that was accepted.
    last: Option<NumberedFrame>,
    /// The header of the last frame, accepted or refused.
    header: FrameHeader,
    findings: FindingQueue,
    /// The start of the compressed message whose frames are received.
    compressed: Option<MessageAssembler>,
    /// How many messages were compressed.
    compressed_count: u64,
    /// Whether the endpoint's reason to fail the connection was explained.
    is_explained: bool,
}

/// How many bytes are kept until the next piece.
const KEPT: u64 = 32 << 10;

/// How many bytes of a refused frame are analyzed: more would have more readings, and would delay
/// other connections.
const ANALYZED: usize = 8 << 10;

/// How many bytes of a message are decompressed in an analysis.
const DECOMPRESSED: usize = 1 << 20;

impl LiveAnalyzer {
    /// An analyzer for what `peer` sends after the handshake, which negotiated permessage-deflate
    /// or did not.
    pub fn new(peer: Role, is_compressing: bool) -> Self {
        let deflate = if is_compressing {
            CompressionState::AgreedWithoutHistory
        } else {
            CompressionState::Refused
        };
        Self {
            peer,
            recent: RecentBytes::default(),
            sender: SenderState::new(KnownSender::Known(peer), deflate, 0),
            validator: FrameValidator::new(Some(peer)).with_deflate(is_compressing),
            count: 0,
            offset: 0,
            last: None,
            header: FrameHeader::new(Opcode::CONTINUATION, 0),
            findings: FindingQueue::default(),
            compressed: None,
            compressed_count: 0,
            is_explained: false,
        }
    }

    /// Adds bytes as they are on the wire, before the endpoint reads them.
    pub fn push(&mut self, bytes: &[u8]) {
        self.forget();
        self.recent.append(bytes);
    }

    /// Drops the bytes that no finding can be about.
    fn forget(&mut self) {
        let is_near = |last: &NumberedFrame| self.offset - last.start <= KEPT;
        let last = self.last.filter(is_near);
        let needed = last.map_or(self.offset, |last| last.start);
        let end = self.recent.end();
        if end - needed > KEPT {
            self.recent = RecentBytes::starting_at(end);
        } else {
            self.recent.forget(needed);
        }
    }

    /// The endpoint has accepted a frame with this payload, unmasked, which decompresses to
    /// `inflated` if it is compressed. Returns what is probably a mistake in it.
    pub fn accepted(
        &mut self,
        header: &FrameHeader,
        payload: &[u8],
        inflated: Option<&[u8]>,
    ) -> Vec<Finding> {
        let position = NumberedFrame {
            number: self.count + 1,
            start: self.offset,
        };
        self.header = *header;
        let mut findings = Vec::new();
        if inflated.is_none() && may_have_finding(header, payload) {
            findings.extend(diagnose_message(&self.next_frame(header)));
        }
        if let Some(weak) = self.sender.weak_key(header) {
            findings.push(diagnose_key(weak, &self.next_frame(header)));
        }
        findings.retain(|finding| self.findings.is_new(finding));
        self.validate(header, payload);
        self.add_inflated(header, inflated);
        self.count = position.number;
        self.last = Some(position);
        self.offset += (header.size() + payload.len()) as u64;
        if self.offset == self.recent.end() {
            // The next piece may come much later.
            self.forget();
        }
        findings
    }

    /// The frame that was accepted last completes this message. Returns what is probably a mistake
    /// in it, if it was compressed; of other messages [`accepted`](Self::accepted) does.
    pub fn completed(&mut self, message: &Message<'_>) -> Option<Finding> {
        self.compressed.take()?;
        let finding = diagnose_decompressed(message)?;
        let NumberedFrame { number, start } = self.last?;
        let frame = FrameContext::new(self.lookahead(), number, start, self.header);
        let finding = finding.at(frame.payload_location());
        self.findings.is_new(&finding).then_some(finding)
    }

    /// The endpoint has refused the next frame, which has this header.
    /// [`failed`](Self::failed) says why.
    pub fn refused(&mut self, header: &FrameHeader, inflated: Option<&[u8]>) {
        self.header = *header;
        self.add_inflated(header, inflated);
    }

    /// A reason of the endpoint to refuse the next frame. Returns what is wrong and why; nothing
    /// if another reason was explained before.
    pub fn failed(&mut self, failure: &Failure) -> Vec<Finding> {
        if std::mem::replace(&mut self.is_explained, true) {
            return Vec::new();
        }
        let mut findings = match failure {
            Failure::Compressed(failure) => {
                self.explain_compressed(failure.error).into_iter().collect()
            }
            Failure::Violation(_) | Failure::TooBig { .. } => self.analyze(EndKind::Unknown),
            Failure::TooMuchInAll(_) => Vec::new(),
        };
        if !findings.iter().any(Finding::is_problem) {
            findings.insert(0, failure.into());
        }
        findings
    }

    /// The stream has ended in the next frame. Returns what is wrong with that frame.
    pub fn cut(&mut self, cut: &IncompleteFrame) -> Vec<Finding> {
        let mut findings = self.analyze(EndKind::Closed);
        // The size of a read says something in a recording only.
        findings.retain(|finding| finding.rule() != catalogue::READ_IS_NOT_FRAME.id);
        let is_about_end = |finding: &Finding| finding.rule() != catalogue::MASK_KEY_WEAK.id;
        if !findings.iter().any(is_about_end) {
            findings.push(Finding::of_cut(cut, self.count + 1));
        }
        findings
    }

    /// The findings of an analysis of the next frame, or of the bytes in its place.
    fn analyze(&self, end: EndKind) -> Vec<Finding> {
        let (start, number) = (self.offset, self.count + 1);
        let window = self.recent.window();
        let Some(bytes) = window.from(start) else {
            return Vec::new();
        };
        let bytes = bytes.get(..ANALYZED).unwrap_or(bytes);
        let mut before = RecentBytes::starting_at(window.start());
        before.append(window.up_to(window.start(), start));
        let mut analyzer = StreamAnalyzer::resuming(
            FrameReader::new(self.validator.clone(), start),
            self.tracker(),
            before,
        );
        // The bytes after this frame are not read by the endpoint, which knows the limits itself.
        let is_on_frame = |finding: &Finding| match &finding.location {
            None => true,
            Some(location) => match location.scope {
                LocationScope::Frame(frame) => frame <= number,
                _ => location.offset <= start,
            },
        };
        let mut findings = Vec::new();
        let mut on_event = |_, event: Event<'_>| {
            if let Event::Finding(finding) = event
                && is_on_frame(&finding)
                && finding.rule() != catalogue::MESSAGE_TOO_BIG.id
            {
                findings.push(finding);
            }
        };
        let source = DirectionSource::OneStream;
        let mut sink = EventSink::new(source, Direction::Incoming, &mut on_event);
        analyzer.take(bytes, true, &mut sink);
        analyzer.finish(end, &mut sink);
        findings
    }

    /// The frames so far, for an analysis of the next one.
    fn tracker(&self) -> FrameTracker {
        let deflate = if self.sender.may_compress() {
            CompressionState::AgreedWithoutHistory
        } else {
            CompressionState::Refused
        };
        let mut state = SenderState::new(KnownSender::Known(self.peer), deflate, DECOMPRESSED);
        state.last_key = self.sender.last_key;
        let senders = Senders::One(Box::new(state));
        let reported = self.findings.reported();
        FrameTracker::resuming(senders, DECOMPRESSED, self.count, self.last, reported)
    }

    /// Lets the validator see fragments and close frames; other frames leave its state unchanged.
    fn validate(&mut self, header: &FrameHeader, payload: &[u8]) {
        let validator = &mut self.validator;
        let is_whole = header.fin && header.opcode != Opcode::CLOSE;
        if is_whole && !validator.message_is_open() {
            return;
        }
        let mut violations = Vec::new();
        validator.begin_frame(self.offset, header);
        validator.validate_payload(payload, &mut violations);
        validator.validate_end(&mut violations);
    }

    /// Keeps the first bytes of what a compressed message decompresses to.
    fn add_inflated(&mut self, header: &FrameHeader, inflated: Option<&[u8]>) {
        let Some(inflated) = inflated else { return };
        if header.opcode != Opcode::CONTINUATION {
            self.compressed_count += 1;
            self.compressed = Some(MessageAssembler::new(MESSAGE_START));
        }
        if let Some(message) = &mut self.compressed {
            message.begin_frame(header);
            message.push(inflated);
        }
    }

    /// The finding on the compressed message that the next frame belongs to.
    fn explain_compressed(&mut self, error: CompressedMessageError) -> Option<Finding> {
        let compressed = self.compressed.take()?;
        let message =
            InflatedMessage::new(&compressed.message(), Some(error), self.compressed_count);
        let limit = match error {
            CompressedMessageError::TooLarge(limit) => limit,
            _ => 0,
        };
        let frame = self.next_frame(&self.header);
        Some(compression::explain(&message, error, true, limit, &frame))
    }

    /// The next frame, with the bytes around it.
    fn next_frame(&self, header: &FrameHeader) -> FrameContext<'_> {
        FrameContext::new(self.lookahead(), self.count + 1, self.offset, *header)
    }

    fn lookahead(&self) -> Lookahead<'_> {
        Lookahead {
            window: self.recent.window(),
            masked: Some(self.peer == Role::Client),
            compressed: self.sender.may_compress(),
            like: None,
        }
    }
}
