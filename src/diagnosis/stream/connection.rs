//! A connection as it was recorded: heads, then frames, one way or both.

use super::compression::CompressionState;
use super::event::{Event, Senders};
use super::examiner::StreamAnalyzer;
use super::opening::{self, StreamStart};
use super::side::KnownSender;
use crate::diagnosis::handshake::judge_handshake;
use crate::diagnosis::{Finding, LocationScope, catalogue};
use crate::ws::handshake::{Handshake, LineEnds, Negotiated, offered_extensions};
use crate::ws::{Direction, Role};

/// Somebody who is told what a connection says, and which way it went.
type Witness<'a> = dyn FnMut(Direction, Event<'_>) + 'a;

/// What is known of a connection before its bytes are seen.
#[derive(Clone, Copy, Debug)]
pub struct AnalyzerOptions {
    /// Who sent them, if that is said.
    pub from: Option<Role>,
    /// The parameters of permessage-deflate, if they are said.
    pub deflate: Option<CompressionState>,
    /// The most bytes that a message may inflate to.
    pub limit: usize,
}

/// Reads what went over a connection, in one direction or in two.
///
/// A head in front of the frames says who sends them and what was agreed on. Behind a
/// request and its response in one stream the frames of both ends stand, and MASK tells
/// them apart.
#[derive(Debug)]
pub struct ConnectionAnalyzer {
    settings: AnalyzerOptions,
    /// What came in, and what went out.
    streams: [Stream; 2],
    request: Option<Vec<u8>>,
    response: Option<Vec<u8>>,
    /// What of the handshake was judged.
    judged: Judged,
    /// Whether both ends are heard in streams of their own.
    is_marked: bool,
    /// Frames came from the client before there was a response.
    is_early: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Judged {
    Nothing,
    Request,
    All,
}

/// One direction.
#[derive(Debug)]
struct Stream {
    direction: Direction,
    stage: Stage,
    /// Who sends, where a head told.
    role: Option<Role>,
    /// How many bytes the heads took.
    offset: u64,
}

#[derive(Debug)]
enum Stage {
    /// What may become a head.
    StreamStart(Vec<u8>),
    Frames(Box<StreamAnalyzer>),
}

impl Stream {
    const fn new(direction: Direction) -> Self {
        Self {
            direction,
            stage: Stage::StreamStart(Vec::new()),
            role: None,
            offset: 0,
        }
    }
}

impl ConnectionAnalyzer {
    /// A connection of which nothing was seen yet.
    pub const fn new(settings: AnalyzerOptions) -> Self {
        Self {
            settings,
            streams: [
                Stream::new(Direction::Incoming),
                Stream::new(Direction::Outgoing),
            ],
            request: None,
            response: None,
            judged: Judged::Nothing,
            is_marked: false,
            is_early: false,
        }
    }

    /// More bytes; `direction` says which way they went, if their lines are marked, and
    /// `is_last` that none follow them that way.
    pub fn take(
        &mut self,
        direction: Option<Direction>,
        bytes: &[u8],
        is_last: bool,
        witness: &mut Witness<'_>,
    ) {
        self.is_marked |= direction.is_some();
        let way = way(direction.unwrap_or(Direction::Incoming));
        match &mut self.stream(way).stage {
            Stage::StreamStart(opening) => {
                opening.extend_from_slice(bytes);
                self.open(way, is_last, witness);
            }
            Stage::Frames(_) => self.examine(way, witness, |examiner, witness| {
                examiner.take(bytes, is_last, witness);
            }),
        }
    }

    /// The connection ends here.
    pub fn finish(&mut self, witness: &mut Witness<'_>) {
        for way in [0, 1] {
            self.open(way, true, witness);
            self.examine(way, witness, |examiner, witness| examiner.finish(witness));
        }
        self.judge(witness);
    }

    /// The input breaks off here, and nobody knows what would follow.
    pub fn give_up(&mut self, witness: &mut Witness<'_>) {
        for way in [0, 1] {
            self.examine(way, witness, |examiner, witness| examiner.give_up(witness));
        }
        self.judge(witness);
    }

    /// Who sends what came in, as far as the frames have told.
    pub fn sender(&self) -> Option<KnownSender> {
        let [incoming, _] = &self.streams;
        match &incoming.stage {
            Stage::Frames(examiner) => examiner.sender(),
            Stage::StreamStart(_) => None,
        }
    }

    /// Takes heads off the start of a stream, until frames begin.
    fn open(&mut self, way: usize, is_last: bool, witness: &mut Witness<'_>) {
        loop {
            let has_both = self.request.is_some() && self.response.is_some();
            let stream = self.stream(way);
            let direction = stream.direction;
            let Stage::StreamStart(bytes) = &mut stream.stage else {
                return;
            };
            if bytes.is_empty() {
                return;
            }
            let opening = if has_both {
                StreamStart::Other
            } else {
                opening::look(bytes, is_last)
            };
            let opening = match opening {
                StreamStart::Head(role, size) => {
                    StreamStart::Head(role, size + left_over(bytes, size))
                }
                other => other,
            };
            match opening {
                StreamStart::Unclear => return,
                StreamStart::Head(role, size) if self.is_awaited(role) => {
                    let head = self.take_head(way, role, size);
                    let direction = self.direction_of(way, role, direction);
                    witness(direction, Event::Head(role, &head));
                    self.keep_head(role, head);
                    if role == Role::Server {
                        self.judge(witness);
                    }
                }
                StreamStart::Head(..) | StreamStart::Other => {
                    self.begin_frames(way, is_last, witness);
                    return;
                }
            }
        }
    }

    /// Whether a head from this end may come now.
    const fn is_awaited(&self, role: Role) -> bool {
        match role {
            Role::Client => self.request.is_none() && self.response.is_none(),
            Role::Server => self.response.is_none(),
        }
    }

    fn take_head(&mut self, way: usize, role: Role, size: usize) -> Vec<u8> {
        let stream = self.stream(way);
        stream.role = Some(role);
        stream.offset += size as u64;
        match &mut stream.stage {
            Stage::StreamStart(bytes) => bytes.drain(..size.min(bytes.len())).collect(),
            Stage::Frames(_) => Vec::new(),
        }
    }

    fn keep_head(&mut self, role: Role, head: Vec<u8>) {
        match role {
            Role::Client => self.request = Some(head),
            Role::Server => self.response = Some(head),
        }
    }

    /// The bytes that were kept back are frames, and so is what follows.
    fn begin_frames(&mut self, way: usize, is_last: bool, witness: &mut Witness<'_>) {
        if self.judged == Judged::Nothing && self.request.is_some() {
            self.is_early = self.is_marked && self.response.is_none();
            self.judge(witness);
        }
        let parties = self.parties(way);
        let (deflate, limit) = (self.deflate(), self.settings.limit);
        let stream = self.stream(way);
        let examiner = Box::new(StreamAnalyzer::new(parties, deflate, limit, stream.offset));
        let opening = std::mem::replace(&mut stream.stage, Stage::Frames(examiner));
        if let Stage::StreamStart(bytes) = opening {
            self.examine(way, witness, |examiner, witness| {
                examiner.take(&bytes, is_last, witness);
            });
        }
    }

    fn parties(&self, way: usize) -> Senders {
        let both = self.request.is_some() && self.response.is_some();
        if both && !self.is_marked {
            return Senders::Both;
        }
        let [incoming, outgoing] = &self.streams;
        let (own, other) = if way == 0 {
            (incoming, outgoing)
        } else {
            (outgoing, incoming)
        };
        let told = own.role.or_else(|| other.role.map(Role::peer));
        let role = self.settings.from.filter(|_| way == 0).or(told);
        Senders::One(role.map_or(KnownSender::Unknown, KnownSender::Known))
    }

    fn deflate(&self) -> CompressionState {
        if let Some(said) = self.settings.deflate {
            return said;
        }
        let handshake = self.handshake();
        if let Some(response) = handshake.response_head() {
            let agreement = Negotiated::of(handshake.request_head(), response);
            let deflate = agreement.and_then(|agreement| agreement.deflate);
            return deflate.map_or(CompressionState::Refused, CompressionState::Agreed);
        }
        let offers = handshake.request_head().map(offered_extensions);
        match offers {
            Some(Ok(None)) => CompressionState::Refused,
            _ => CompressionState::NotKnown,
        }
    }

    fn handshake(&self) -> Handshake {
        let (request, response) = (self.request.as_deref(), self.response.as_deref());
        Handshake::read(request, response, LineEnds::OnTheWire)
    }

    /// Tells what is wrong with the handshake, as far as it is known.
    fn judge(&mut self, witness: &mut Witness<'_>) {
        let already = self.judged;
        self.judged = match (&self.request, &self.response) {
            (None, None) => return,
            (Some(_), None) => Judged::Request,
            (_, Some(_)) => Judged::All,
        };
        if already == self.judged {
            return;
        }
        let is_new = |finding: &Finding| {
            let scope = finding.location.as_ref().map(|location| location.scope);
            already == Judged::Nothing || scope == Some(LocationScope::Response)
        };
        let mut findings: Vec<Finding> = judge_handshake(&self.handshake());
        findings.retain(is_new);
        if std::mem::take(&mut self.is_early) && self.judged == Judged::All {
            let message = "the client sent frames before the response was there";
            findings.push(Finding::new(&catalogue::REQ_EARLY_FRAMES, message));
        }
        for finding in findings {
            witness(Direction::Incoming, Event::Finding(finding));
        }
    }

    /// Lets the examiner of a stream speak, if frames have begun.
    fn examine(
        &mut self,
        way: usize,
        witness: &mut Witness<'_>,
        speak: impl FnOnce(&mut StreamAnalyzer, &mut dyn FnMut(Event<'_>)),
    ) {
        let is_marked = self.is_marked;
        let stream = self.stream(way);
        let mut direction = stream.direction;
        let Stage::Frames(examiner) = &mut stream.stage else {
            return;
        };
        let is_both = examiner.sender().is_none();
        speak(examiner, &mut |mut event| {
            match &mut event {
                Event::Frame(frame) => {
                    if is_both {
                        direction = match frame.sender {
                            Some(Role::Client) => Direction::Outgoing,
                            _ => Direction::Incoming,
                        };
                    }
                    frame.direction = (is_both || is_marked).then_some(direction);
                }
                Event::PlainBatch(run) => run.direction = is_marked.then_some(direction),
                Event::Finding(finding) if is_marked => {
                    if let Some(location) = &mut finding.location {
                        location.direction = Some(direction);
                    }
                }
                _ => {}
            }
            witness(direction, event);
        });
        // A frame may go on in the next piece.
        stream.direction = direction;
    }

    fn direction_of(&self, way: usize, role: Role, direction: Direction) -> Direction {
        match role {
            // In a single stream a request and its response tell the client's view.
            Role::Client if !self.is_marked && way == 0 => Direction::Outgoing,
            _ => direction,
        }
    }

    fn stream(&mut self, way: usize) -> &mut Stream {
        let [incoming, outgoing] = &mut self.streams;
        if way == 0 { incoming } else { outgoing }
    }
}

/// How many bytes of a line end too many belong to a head of this size: those that an
/// LF inside of it left over.
fn left_over(bytes: &[u8], size: usize) -> usize {
    let (head, rest) = bytes.split_at(size.min(bytes.len()));
    let ends_early = head
        .strip_suffix(b"\r\n")
        .is_some_and(|head| head.ends_with(b"\n") && !head.ends_with(b"\r\n"));
    if ends_early && rest.starts_with(b"\r\n") {
        2
    } else {
        0
    }
}

const fn way(direction: Direction) -> usize {
    match direction {
        Direction::Incoming => 0,
        Direction::Outgoing => 1,
    }
}
