//! What one end sends, while an endpoint decides what to accept of it.

use super::compression::{self, CompressionState, Fault, Inflated};
use super::event::Event;
use super::examiner::{Resumption, StreamAnalyzer};
use super::explain::FrameContext;
use super::odd;
use super::outlook::{CandidateFrame, Lookahead};
use super::side::{KnownSender, SenderState};
use super::tape::{BytesWindow, RecentBytes};
use crate::diagnosis::{Finding, LocationScope, catalogue};
use crate::ws::endpoint::{CompressedMessageError, CompressedMessageErrorKind, Failure};
use crate::ws::{FrameHeader, FrameValidator, IncompleteFrame, Message, Opcode, Role};

/// Accompanies an endpoint: finds what is odd about the frames that it accepts, and why it
/// refuses one.
///
/// It decides nothing, and asks little of a frame that is accepted. It keeps the bytes of
/// the last frame and what came behind it, a few of a long one, and has them examined when
/// something is wrong.
#[derive(Debug)]
pub struct LiveAnalyzer {
    /// What came last, as it was on the wire.
    tape: RecentBytes,
    side: SenderState,
    validator: FrameValidator,
    /// How many frames were accepted.
    frames: u64,
    /// Where the next one begins.
    offset: u64,
    /// Number and place of the last one.
    last: Option<(u64, u64)>,
    /// The header that came last.
    header: FrameHeader,
    /// Kinds of findings that are told once in a stream.
    told: Vec<&'static str>,
    /// The compressed message at hand.
    compressed: Option<Beginning>,
    /// How many messages were compressed.
    count: u64,
    /// Whether it was told why the endpoint refuses to go on.
    is_explained: bool,
}

/// The beginning of a compressed message, inflated.
#[derive(Debug)]
struct Beginning {
    opcode: Opcode,
    bytes: Vec<u8>,
    /// How long all of it is, as far as it came.
    length: u64,
}

/// How many bytes are kept until more come.
const MOST_KEPT: u64 = 32 << 10;

/// How many bytes are examined: the longer they are, the more they can be made to mean, and
/// others wait meanwhile.
const MOST_EXAMINED: usize = 8 << 10;

/// How much of a message is inflated, to see what it is.
const MOST_INFLATED: usize = 1 << 20;

impl LiveAnalyzer {
    /// Watches over what a client sends behind its handshake, where permessage-deflate was
    /// agreed on or not.
    pub fn over_client(is_compressing: bool) -> Self {
        let deflate = if is_compressing {
            CompressionState::AgreedWithoutHistory
        } else {
            CompressionState::Refused
        };
        Self {
            tape: RecentBytes::default(),
            side: SenderState::new(KnownSender::Known(Role::Client), deflate, 0),
            validator: FrameValidator::new(Some(Role::Client)).with_deflate(is_compressing),
            frames: 0,
            offset: 0,
            last: None,
            header: FrameHeader::new(Opcode::CONTINUATION, 0),
            told: Vec::new(),
            compressed: None,
            count: 0,
            is_explained: false,
        }
    }

    /// More bytes, as they are on the wire, before the endpoint takes them.
    pub fn hear(&mut self, bytes: &[u8]) {
        self.forget();
        self.tape.append(bytes);
    }

    /// Forgets what nothing more is to be said about.
    fn forget(&mut self) {
        let is_near = |(_, start): &(u64, u64)| self.offset - start <= MOST_KEPT;
        let last = self.last.filter(is_near);
        let needed = last.map_or(self.offset, |(_, start)| start);
        let here = self.tape.end();
        if here - needed > MOST_KEPT {
            self.tape = RecentBytes::starting_at(here);
        } else {
            self.tape.forget(needed);
        }
    }

    /// The endpoint has accepted a frame with this payload, unmasked, which inflates to that
    /// if it is compressed. What is odd about it.
    pub fn accepted(
        &mut self,
        header: &FrameHeader,
        payload: &[u8],
        inflated: Option<&[u8]>,
    ) -> Vec<Finding> {
        let (number, start) = (self.frames + 1, self.offset);
        self.header = *header;
        let mut findings = Vec::new();
        if inflated.is_none() && odd::is_worth_a_look(header, payload) {
            findings.extend(odd::message(&self.seen(header)));
        }
        if let Some(weak) = self.side.weak_key(header) {
            findings.push(odd::weak_key(weak, &self.seen(header)));
        }
        findings.retain(|finding| odd::is_news(finding, &mut self.told));
        self.follow(header, payload);
        self.inflate(header, inflated);
        self.frames = number;
        self.last = Some((number, start));
        self.offset += (header.size() + payload.len()) as u64;
        if self.offset == self.tape.end() {
            // Nothing may come for a long time.
            self.forget();
        }
        findings
    }

    /// The frame that was accepted last completes this message. What is odd about it, if it
    /// was compressed: else its frame has told.
    pub fn completed(&mut self, message: &Message<'_>) -> Option<Finding> {
        self.compressed.take()?;
        let finding = odd::inflated(message)?;
        let (number, start) = self.last?;
        let seen = self.seen_at(&self.header, number, start);
        let length = self.header.payload_length.value();
        let finding = finding.at(seen.location(seen.sighting.payload, length));
        odd::is_news(&finding, &mut self.told).then_some(finding)
    }

    /// The endpoint has refused the next frame, of which this was read, and will say why.
    pub fn refused(&mut self, header: &FrameHeader, inflated: Option<&[u8]>) {
        self.header = *header;
        self.inflate(header, inflated);
    }

    /// A reason of the endpoint to refuse the next frame. What is wrong with that, and why;
    /// nothing if it was told with another reason.
    pub fn failed(&mut self, failure: &Failure) -> Vec<Finding> {
        if std::mem::replace(&mut self.is_explained, true) {
            return Vec::new();
        }
        let mut findings = match failure {
            Failure::Compressed(fault) => self.compressed_wrongly(fault).into_iter().collect(),
            Failure::Violation(_) | Failure::TooBig { .. } => self.examined(StreamAnalyzer::settle),
        };
        if !findings.iter().any(Finding::is_fault) {
            findings.insert(0, failure.into());
        }
        findings
    }

    /// The stream has ended in the frame behind those that were accepted.
    pub fn cut(&mut self, cut: &IncompleteFrame) -> Vec<Finding> {
        let mut findings = self.examined(StreamAnalyzer::finish);
        // How much was read at once says something where it was recorded, and nothing here.
        findings.retain(|finding| finding.rule() != catalogue::READ_IS_NOT_FRAME.id);
        let is_told = |finding: &Finding| finding.rule() != catalogue::MASK_KEY_WEAK.id;
        if !findings.iter().any(is_told) {
            findings.push(Finding::of_cut(cut, self.frames + 1));
        }
        findings
    }

    /// What an examiner says of the next frame, or of what stands in its place.
    fn examined(
        &self,
        end: impl FnOnce(&mut StreamAnalyzer, &mut dyn FnMut(Event<'_>)),
    ) -> Vec<Finding> {
        let (start, number) = (self.offset, self.frames + 1);
        let Some(bytes) = self.tape.window().from(start) else {
            return Vec::new();
        };
        let bytes = bytes.get(..MOST_EXAMINED).unwrap_or(bytes);
        let mut examiner = StreamAnalyzer::resuming(&Resumption {
            sender: Role::Client,
            window: self.tape.window(),
            start,
            frames: self.frames,
            last: self.last,
            validator: &self.validator,
            last_key: self.side.last_key,
            is_compressing: self.side.may_compress(),
            limit: MOST_INFLATED,
            told: &self.told,
        });
        let mut findings = Vec::new();
        // What comes behind that is not read any more, and how much is too much the endpoint
        // knows.
        let is_of_it = |finding: &Finding| match &finding.location {
            None => true,
            Some(location) => match location.scope {
                LocationScope::Frame(frame) => frame <= number,
                _ => location.offset <= start,
            },
        };
        let mut witness = |event: Event<'_>| {
            if let Event::Finding(finding) = event
                && is_of_it(&finding)
                && finding.rule() != catalogue::MESSAGE_TOO_BIG.id
            {
                findings.push(finding);
            }
        };
        examiner.take(bytes, true, &mut witness);
        end(&mut examiner, &mut witness);
        findings
    }

    /// Lets the validator follow a message in fragments: of any other frame it need not know.
    fn follow(&mut self, header: &FrameHeader, payload: &[u8]) {
        let validator = &mut self.validator;
        let is_whole = header.fin && header.opcode != Opcode::CLOSE;
        if is_whole && !validator.message_is_open() {
            return;
        }
        let mut found = Vec::new();
        validator.begin_frame(self.offset, header);
        validator.validate_payload(payload, &mut found);
        validator.validate_end(&mut found);
    }

    /// Keeps the beginning of what a compressed message says.
    fn inflate(&mut self, header: &FrameHeader, inflated: Option<&[u8]>) {
        const MOST: usize = 1 << 12;
        let Some(inflated) = inflated else { return };
        if header.opcode != Opcode::CONTINUATION {
            self.count += 1;
            self.compressed = Some(Beginning {
                opcode: header.opcode,
                bytes: Vec::new(),
                length: 0,
            });
        }
        if let Some(message) = &mut self.compressed {
            let room = MOST - message.bytes.len();
            let kept = inflated.get(..room).unwrap_or(inflated);
            message.bytes.extend_from_slice(kept);
            message.length += inflated.len() as u64;
        }
    }

    /// Why a compressed message is wrong that the next frame belongs to.
    fn compressed_wrongly(&mut self, fault: &CompressedMessageError) -> Option<Finding> {
        let Beginning {
            opcode,
            bytes,
            length,
        } = self.compressed.take()?;
        let (fault, limit) = match fault.kind {
            CompressedMessageErrorKind::Inflating(fault) => (Fault::Inflating(fault), 0),
            CompressedMessageErrorKind::TooBig(limit) => (Fault::TooLong, limit),
            CompressedMessageErrorKind::NotUtf8(offset) => (Fault::NotUtf8(offset), 0),
        };
        let message = Inflated {
            opcode,
            is_all: length == bytes.len() as u64,
            start: bytes,
            fault: Some(fault),
            count: self.count,
        };
        let seen = self.seen(&self.header);
        Some(compression::explain(&message, fault, true, limit, &seen))
    }

    /// The next frame, with what is around it.
    fn seen(&self, header: &FrameHeader) -> FrameContext<'_> {
        self.seen_at(header, self.frames + 1, self.offset)
    }

    fn seen_at(&self, header: &FrameHeader, number: u64, start: u64) -> FrameContext<'_> {
        let payload = start + header.size() as u64;
        FrameContext {
            outlook: self.outlook(),
            number,
            start,
            sighting: CandidateFrame {
                header: *header,
                payload,
                end: payload.saturating_add(header.payload_length.value()),
            },
        }
    }

    fn outlook(&self) -> Lookahead<'_> {
        Lookahead {
            window: self.window(),
            masked: Some(true),
            compressed: self.side.may_compress(),
            like: None,
        }
    }

    fn window(&self) -> BytesWindow<'_> {
        self.tape.window()
    }
}
