//! The analysis of a recorded connection: the heads of the handshake, then frames, in one
//! direction or in both.
//!
//! In: bytes, with their direction if it is known. Out: events, each with its direction. Used by
//! `commands::decode`.

use std::mem;

use super::analyzer::{EndKind, StreamAnalyzer};
use super::compression::CompressionState;
use super::event::{DirectionSource, Event, EventSink, OnEvent};
use super::heads::{Heads, surplus_line_end};
use super::senders::{KnownSender, Senders};
use super::stream_start::{self, StreamStart};
use crate::diagnosis::content::{ContentReader, StreamContent};
use crate::diagnosis::{Finding, catalogue};
use crate::ws::{Direction, Role};

/// What is known of a connection before its bytes are read.
#[derive(Clone, Copy, Debug)]
pub struct AnalyzerOptions {
    /// The sender of incoming bytes, if the user names it.
    pub from: Option<Role>,
    /// The parameters of permessage-deflate, if the user gives them.
    pub deflate: Option<CompressionState>,
    /// The largest size of a decompressed message, in bytes.
    pub limit: usize,
}

/// Analyzes the bytes of a connection, in one stream or in a stream for each direction.
///
/// A head before the frames shows who sends them and what was negotiated. After a request and its
/// response in one stream, the frames of both ends follow, and MASK shows who sent a frame.
#[derive(Debug)]
pub struct ConnectionAnalyzer {
    options: AnalyzerOptions,
    incoming: SenderStream,
    outgoing: SenderStream,
    heads: Heads,
    /// Whether bytes come with a direction, so that each direction is a stream.
    is_marked: bool,
    /// Whether frames of a direction began.
    has_frames: bool,
    has_findings: bool,
    /// How many bytes came.
    received: u64,
}

/// The bytes of one direction.
#[derive(Debug)]
struct SenderStream {
    direction: Direction,
    phase: StreamPhase,
    /// The sender, if a head shows it.
    role: Option<Role>,
    /// The size of the heads, or of the payloads without frames, in bytes.
    offset: u64,
    content: ContentReader,
    /// Whether bytes before these are missing.
    has_gap: bool,
}

#[derive(Debug)]
enum StreamPhase {
    /// Bytes that may become a head.
    Start(Vec<u8>),
    /// Frames.
    Frames(Box<StreamAnalyzer>),
}

impl SenderStream {
    const fn new(direction: Direction) -> Self {
        Self {
            direction,
            phase: StreamPhase::Start(Vec::new()),
            role: None,
            offset: 0,
            content: ContentReader::new(),
            has_gap: false,
        }
    }
}

impl ConnectionAnalyzer {
    /// An analyzer for a connection from its first byte on.
    pub const fn new(options: AnalyzerOptions) -> Self {
        Self {
            options,
            incoming: SenderStream::new(Direction::Incoming),
            outgoing: SenderStream::new(Direction::Outgoing),
            heads: Heads::new(),
            is_marked: false,
            has_frames: false,
            has_findings: false,
            received: 0,
        }
    }

    /// Reads the next piece. `direction` is None if the input does not have it; after `is_last` no
    /// bytes of this direction follow.
    pub fn take(
        &mut self,
        direction: Option<Direction>,
        piece: &[u8],
        is_last: bool,
        on_event: &mut OnEvent<'_>,
    ) {
        self.is_marked |= direction.is_some();
        self.received += piece.len() as u64;
        let stream = direction.unwrap_or(Direction::Incoming);
        match &mut self.stream(stream).phase {
            StreamPhase::Start(bytes) => {
                bytes.extend_from_slice(piece);
                self.read_heads(stream, is_last, on_event);
            }
            StreamPhase::Frames(_) => self.analyze(stream, on_event, |analyzer, sink| {
                analyzer.take(piece, is_last, sink);
            }),
        }
    }

    /// Takes note of a gap in the bytes of a direction, after which a frame begins at best. What the
    /// heads say still holds. Offsets count from the gap.
    pub fn take_gap(&mut self, direction: Option<Direction>, on_event: &mut OnEvent<'_>) {
        let direction = direction.unwrap_or(Direction::Incoming);
        self.read_heads(direction, true, on_event);
        self.analyze(direction, on_event, |analyzer, sink| {
            analyzer.finish(EndKind::Closed, sink);
        });
        let stream = self.stream(direction);
        *stream = SenderStream {
            role: stream.role,
            has_gap: true,
            ..SenderStream::new(direction)
        };
    }

    /// Ends the connection.
    pub fn finish(&mut self, on_event: &mut OnEvent<'_>) {
        for stream in [Direction::Incoming, Direction::Outgoing] {
            self.read_heads(stream, true, on_event);
            self.analyze(stream, on_event, |analyzer, sink| {
                analyzer.finish(EndKind::Closed, sink);
            });
        }
        self.diagnose_handshake(on_event);
        self.diagnose_packet(on_event);
    }

    /// Reports that a message follows the response at once, if both fit in a packet, no other
    /// frame follows, and nothing is wrong.
    fn diagnose_packet(&mut self, on_event: &mut OnEvent<'_>) {
        /// The payload of TCP in an Ethernet packet, in bytes.
        const PACKET: u64 = 1460;
        let is_packet = self.received <= PACKET
            && !self.is_marked
            && !self.has_findings
            && !self.incoming.has_gap;
        let is_response = self.heads.is_response_alone();
        let StreamPhase::Frames(analyzer) = &self.incoming.phase else {
            return;
        };
        if let (true, true, Some(location)) = (is_packet, is_response, analyzer.only_message()) {
            let message = "a frame is right after the 101, perhaps in the same packet";
            let finding = Finding::new(&catalogue::FRAME_WITH_101, message).at(location);
            on_event(Direction::Incoming, Event::Finding(finding));
        }
    }

    /// Ends the analysis where the input cannot be read: the bytes after it are unknown.
    pub fn abort(&mut self, on_event: &mut OnEvent<'_>) {
        for stream in [Direction::Incoming, Direction::Outgoing] {
            self.begin_frames_of_held_bytes(stream, on_event);
            self.analyze(stream, on_event, StreamAnalyzer::abort);
        }
        self.diagnose_handshake(on_event);
    }

    /// Takes heads from the start of a stream, until frames begin.
    fn read_heads(&mut self, stream: Direction, is_last: bool, on_event: &mut OnEvent<'_>) {
        loop {
            let has_both = self.heads.are_both_there();
            let is_answer = self.heads.is_extended_connect();
            let StreamPhase::Start(bytes) = &self.stream(stream).phase else {
                return;
            };
            if bytes.is_empty() {
                return;
            }
            let start = if has_both {
                StreamStart::Other
            } else {
                stream_start::classify(bytes, is_answer, is_last)
            };
            match start {
                StreamStart::Unclear => return,
                StreamStart::Head(role, size) if self.heads.may_be_next(role) => {
                    self.take_head(stream, role, size, on_event);
                }
                StreamStart::Head(..) | StreamStart::Other => {
                    if !self.take_content(stream, is_last, on_event) {
                        self.begin_frames(stream, is_last, on_event);
                    }
                    return;
                }
            }
        }
    }

    fn take_head(
        &mut self,
        direction: Direction,
        role: Role,
        size: usize,
        on_event: &mut OnEvent<'_>,
    ) {
        let is_marked = self.is_marked;
        let stream = self.stream(direction);
        stream.role = Some(role);
        let StreamPhase::Start(bytes) = &mut stream.phase else {
            return;
        };
        let size = size + surplus_line_end(bytes, size);
        let head: Vec<u8> = bytes.drain(..size.min(bytes.len())).collect();
        stream.offset += head.len() as u64;
        let shown = match role {
            // A single stream is shown from the client's point of view.
            Role::Client if !is_marked => Direction::Outgoing,
            _ => direction,
        };
        on_event(shown, Event::Head(role, &head));
        self.heads.push(role, head);
        if role == Role::Server {
            self.diagnose_handshake(on_event);
        }
    }

    /// Takes the bytes at the start if there is no head and they are not frames, or may not be.
    /// Returns whether frames must not be read yet.
    fn take_content(
        &mut self,
        direction: Direction,
        is_last: bool,
        on_event: &mut OnEvent<'_>,
    ) -> bool {
        let has_heads = self.heads.is_any_there();
        let stream = self.stream(direction);
        let StreamPhase::Start(bytes) = &mut stream.phase else {
            return false;
        };
        if has_heads {
            return false;
        }
        let offset = stream.offset;
        let finding = match stream.content.read(bytes, offset, is_last) {
            None => return false,
            Some(StreamContent::Unclear) => return true,
            Some(StreamContent::Payload {
                kind,
                text,
                finding,
            }) => {
                on_event(direction, Event::PayloadAlone(kind, bytes, &text));
                finding
            }
            Some(StreamContent::Damaged(finding)) => {
                report_gap(direction, offset, bytes, on_event);
                finding
            }
            Some(StreamContent::FramesInTlsRecord { frames, finding }) => {
                let trailer = bytes.split_off(frames);
                self.begin_frames(direction, is_last, on_event);
                report_gap(direction, offset + frames as u64, &trailer, on_event);
                on_event(direction, Event::Finding(finding));
                return true;
            }
        };
        on_event(direction, Event::Finding(finding));
        stream.offset += bytes.len() as u64;
        bytes.clear();
        true
    }

    /// The bytes at the start are frames, and so are those that follow.
    fn begin_frames(&mut self, direction: Direction, is_last: bool, on_event: &mut OnEvent<'_>) {
        if self.heads.is_request_undiagnosed() {
            self.heads.frames_begin(self.is_marked);
            self.diagnose_handshake(on_event);
        }
        let senders = self.senders(direction);
        let limit = self.options.limit;
        let follows_response = self.heads.has_response() && !self.has_frames;
        self.has_frames = true;
        let stream = self.stream(direction);
        let offset = stream.offset;
        let analyzer = StreamAnalyzer::new(senders, limit, offset, follows_response);
        let analyzer = Box::new(analyzer);
        let start = mem::replace(&mut stream.phase, StreamPhase::Frames(analyzer));
        if let StreamPhase::Start(bytes) = start {
            self.analyze(direction, on_event, |analyzer, sink| {
                analyzer.take(&bytes, is_last, sink);
            });
        }
    }

    /// Takes bytes for frames that were held back until more would come.
    fn begin_frames_of_held_bytes(&mut self, stream: Direction, on_event: &mut OnEvent<'_>) {
        if matches!(&self.stream(stream).phase, StreamPhase::Start(bytes) if !bytes.is_empty()) {
            self.begin_frames(stream, false, on_event);
        }
    }

    /// The compression that the user gives, or that the heads show. After a gap nothing is
    /// decompressed that may refer to what is missing.
    fn compression(&self, direction: Direction) -> CompressionState {
        let stream = match direction {
            Direction::Incoming => &self.incoming,
            Direction::Outgoing => &self.outgoing,
        };
        let by_heads = || self.heads.compression();
        match self.options.deflate.unwrap_or_else(by_heads) {
            CompressionState::Agreed(parameters)
                if stream.has_gap
                    && !(parameters.client_no_context_takeover
                        && parameters.server_no_context_takeover) =>
            {
                CompressionState::AgreedWithoutHistory
            }
            state => state,
        }
    }

    /// The senders of the frames of a stream.
    fn senders(&self, direction: Direction) -> Senders {
        let deflate = self.compression(direction);
        let limit = self.options.limit;
        if self.heads.are_both_there() && !self.is_marked {
            return Senders::both(deflate, limit);
        }
        let (this, other) = match direction {
            Direction::Incoming => (&self.incoming, &self.outgoing),
            Direction::Outgoing => (&self.outgoing, &self.incoming),
        };
        let by_head = this.role.or_else(|| other.role.map(Role::peer));
        let by_user = self
            .options
            .from
            .filter(|_| direction == Direction::Incoming);
        let sender = by_user.or(by_head);
        let sender = sender.map_or(KnownSender::Unknown, KnownSender::Known);
        Senders::one(sender, deflate, limit)
    }

    /// Reports the findings on the heads that are there and were not diagnosed before.
    fn diagnose_handshake(&mut self, on_event: &mut OnEvent<'_>) {
        let findings = self.heads.diagnose();
        self.has_findings |= !findings.is_empty();
        for finding in findings {
            on_event(Direction::Incoming, Event::Finding(finding));
        }
    }

    /// Runs a step of the analyzer of a stream, if frames have begun.
    fn analyze(
        &mut self,
        direction: Direction,
        on_event: &mut OnEvent<'_>,
        step: impl FnOnce(&mut StreamAnalyzer, &mut EventSink<'_>),
    ) {
        let is_marked = self.is_marked;
        let stream = self.stream(direction);
        let StreamPhase::Frames(analyzer) = &mut stream.phase else {
            return;
        };
        let content = &mut stream.content;
        let mut with_note;
        let on_event: &mut OnEvent<'_> = if content.has_note() {
            with_note = |direction, mut event: Event<'_>| {
                if let Event::Finding(finding) = &mut event {
                    content.add_note(finding);
                }
                on_event(direction, event);
            };
            &mut with_note
        } else {
            on_event
        };
        let source = if analyzer.has_both_senders() {
            DirectionSource::Sender
        } else if is_marked {
            DirectionSource::Marked
        } else {
            DirectionSource::OneStream
        };
        let mut sink = EventSink::new(source, stream.direction, on_event);
        step(analyzer, &mut sink);
        // A frame may continue in the next piece.
        stream.direction = sink.direction();
        self.has_findings |= sink.has_findings();
    }

    const fn stream(&mut self, direction: Direction) -> &mut SenderStream {
        match direction {
            Direction::Incoming => &mut self.incoming,
            Direction::Outgoing => &mut self.outgoing,
        }
    }
}

/// Reports bytes that are not a frame.
fn report_gap(direction: Direction, offset: u64, bytes: &[u8], on_event: &mut OnEvent<'_>) {
    on_event(direction, Event::Gap(offset));
    on_event(direction, Event::Payload(bytes));
    on_event(direction, Event::End(true));
}
