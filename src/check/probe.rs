//! One connection of a case as a state machine, sans I/O: bytes and times go in, bytes to send
//! and the result come out. It plays the client towards a server that is checked, and the server towards a client.
//!
//! A driver calls the `handle_*` methods, then writes all that [`Probe::poll_transmit`] returns,
//! and calls [`Probe::handle_timeout`] at the time that [`Probe::poll_timeout`] gives, until
//! [`Probe::is_done`].
//!
//! What tells that a peer has handled a frame is the fence: a ping that is sent after the frame,
//! since pings must be answered (RFC 6455 section 5.5.2). Its pong means that the frame was
//! accepted; a close frame, FIN or RST means that the connection was failed.

mod answer;
mod expect;
mod serve;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::case::{Case, Grade, Step};
use super::expectation::{Answer, Expect};
use super::frame::{Frame, ping, text};
use super::received::{End, Received};
use super::request::{Delivery, RequestBase, encode};
use super::result::{Failure, Observation, Verdict};
use crate::ws::handshake::{Negotiated, RequestHead, ResponseHead};
use crate::ws::{MaskingKey, Role};

/// How long a probe waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// For anything at all to come.
    pub silence: Duration,
    /// For a close after the pong of the fence.
    pub late_close: Duration,
    /// Between two writes that are to arrive in segments of their own.
    pub pause: Duration,
    /// For a server to refuse a request that does not come to its end.
    pub slow_head: Duration,
}

impl Timing {
    /// The same with more time for an answer, for a peer that may be busy.
    #[must_use]
    pub fn patient(self) -> Self {
        Self {
            silence: self.silence * 5,
            ..self
        }
    }

    /// With this time for an answer, of a peer that answers a ping in `round_trip`. A machine
    /// that is slower than the time allows for gets more.
    pub fn new(silence: Duration, slow_head: Duration, round_trip: Duration) -> Self {
        Self {
            silence: silence + 20 * round_trip,
            late_close: Duration::from_millis(300) + 10 * round_trip,
            pause: Duration::from_millis(1).max(round_trip.min(Duration::from_millis(20))),
            slow_head: slow_head + 20 * round_trip,
        }
    }
}

/// What a probe is made with besides its case.
#[derive(Clone, Debug)]
pub struct ProbeOptions<'a> {
    /// The role that it plays.
    pub own: Role,
    /// What every request has, if it plays the client.
    pub base: &'a RequestBase,
    /// The keys of the connections before, if it plays the server.
    pub keys_before: &'a [String],
    /// How long to wait.
    pub timing: Timing,
    /// The text at which the server closes the connection.
    pub server_closes: Option<&'a str>,
    /// Random bytes for the key.
    pub nonce: [u8; 16],
    /// Whether no other connection is open. Then a wrong message is not one for another
    /// connection, and the right one is not waited for.
    pub is_alone: bool,
}

/// What a driver does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transmit {
    /// Write these bytes.
    Bytes(Vec<u8>),
    /// End the outgoing stream.
    Fin,
    /// Reset the connection.
    Reset,
}

/// A connection of a case.
#[derive(Debug)]
pub struct Probe<'a> {
    case: &'a Case,
    options: ProbeOptions<'a>,
    request: Vec<u8>,
    outgoing: VecDeque<(Instant, Transmit)>,
    /// When the last of the outgoing bytes may be written.
    last_write: Instant,
    state: State,
    head: Vec<u8>,
    response: Option<ResponseHead>,
    negotiated: Negotiated,
    received: Received,
    observation: Observation,
    /// The number of events before the last frames were sent.
    events_before: usize,
    began_at: Instant,
    /// The number of frames sent, which selects the masking keys.
    frames: u32,
}

#[derive(Debug)]
enum State {
    /// The response has not come to its end.
    Opening { deadline: Instant },
    /// The step of this index is next.
    Ready(usize),
    /// The step of this index waits.
    Waiting(usize, Wait),
    /// The verdict is known.
    Done(Verdict),
}

/// What an expectation waits with.
#[derive(Debug)]
struct Wait {
    /// The payload of the ping that was sent when it began.
    fence: Option<Vec<u8>>,
    /// When it began.
    began_at: Instant,
    deadline: Instant,
    /// When a late close is no longer waited for; None before the pong of the fence.
    late: Option<Instant>,
    late_is_over: bool,
}

/// What an expectation has found.
#[derive(Debug)]
enum Found {
    /// What was expected.
    Met,
    /// What was expected, but for the close code.
    OtherCode(Failure),
    /// Something else.
    Failed(Failure),
    /// The case cannot be carried out on this connection.
    Skipped(String),
    /// What was expected, and there is nothing more to do.
    Finished,
}

impl<'a> Probe<'a> {
    /// Begins the case: the request is to be sent.
    pub fn new(case: &'a Case, options: ProbeOptions<'a>, now: Instant) -> Self {
        let key = case
            .opening
            .key
            .map_or_else(|| BASE64.encode(options.nonce), str::to_owned);
        let request = match options.own {
            Role::Client => encode(options.base, &case.opening.changes, &key),
            Role::Server => Vec::new(),
        };
        let time = match case.opening.answer {
            Answer::ClosedInTime => options.timing.slow_head,
            _ => options.timing.silence,
        };
        let mut probe = Self {
            case,
            request: Vec::new(),
            outgoing: VecDeque::new(),
            last_write: now,
            state: State::Opening { deadline: now },
            head: Vec::new(),
            response: None,
            negotiated: Negotiated::default(),
            received: Received::new(),
            observation: Observation::default(),
            events_before: 0,
            began_at: now,
            frames: 0,
            options,
        };
        if probe.options.own == Role::Client {
            probe.write(&request, case.opening.delivery, now);
        }
        probe.request = request;
        probe.state = State::Opening {
            deadline: probe.last_write + time,
        };
        probe
    }

    /// Returns what is to be written now.
    pub fn poll_transmit(&mut self, now: Instant) -> Option<Transmit> {
        if self.outgoing.front()?.0 > now {
            return None;
        }
        self.outgoing.pop_front().map(|(_, transmit)| transmit)
    }

    /// When the next write is due, or the waiting ends.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let deadline = match &self.state {
            State::Opening { deadline } => Some(*deadline),
            State::Waiting(_, wait) => {
                let late = wait.late.filter(|_| !wait.late_is_over);
                Some(late.map_or(wait.deadline, |late| late.min(wait.deadline)))
            }
            State::Ready(_) | State::Done(_) => None,
        };
        let write = self.outgoing.front().map(|(due, _)| *due);
        [deadline, write].into_iter().flatten().min()
    }

    /// Whether the verdict is known.
    pub const fn is_done(&self) -> bool {
        matches!(self.state, State::Done(_))
    }

    /// Takes bytes of the peer. They are changed in place.
    pub fn handle_bytes(&mut self, now: Instant, bytes: &mut [u8]) {
        if matches!(self.state, State::Opening { .. }) && self.response.is_none() {
            self.head.extend_from_slice(bytes);
        } else {
            self.received.push(bytes);
        }
        self.advance(now, false);
    }

    /// The peer has ended its stream.
    pub fn handle_end(&mut self, now: Instant, end: End) {
        self.received.end.get_or_insert(end);
        self.advance(now, false);
    }

    /// The time of [`poll_timeout`](Self::poll_timeout) has come.
    pub fn handle_timeout(&mut self, now: Instant) {
        let is_late = match &self.state {
            State::Opening { deadline } => now >= *deadline,
            State::Waiting(_, wait) => now >= wait.deadline,
            State::Ready(_) | State::Done(_) => false,
        };
        self.advance(now, is_late);
    }

    /// What was observed, and the verdict, once the probe is done.
    pub fn finish(mut self, now: Instant) -> Observation {
        self.observation.duration = now.saturating_duration_since(self.began_at);
        self.observe_events();
        let verdict = match self.state {
            State::Done(verdict) => verdict,
            _ => Verdict::Failed(Failure::Silent),
        };
        self.observation.request = self.request;
        self.observation.verdict = match verdict {
            Verdict::Skipped(_) => verdict,
            _ if self.case.grade == Grade::Info => Verdict::Info,
            _ => verdict,
        };
        self.observation
    }

    /// Goes on until something must be waited for.
    fn advance(&mut self, now: Instant, is_timeout: bool) {
        let mut is_timeout = is_timeout;
        loop {
            match &self.state {
                State::Done(_) => return,
                State::Opening { .. } => {
                    let found = match self.options.own {
                        Role::Client => self.judge_opening(is_timeout),
                        Role::Server => self.judge_request(now, is_timeout),
                    };
                    let Some(found) = found else {
                        return;
                    };
                    self.take_found(0, found);
                }
                State::Ready(index) => {
                    let index = *index;
                    match self.case.steps.get(index) {
                        None => self.state = State::Done(self.passed()),
                        Some(step) => self.begin_step(index, step, now),
                    }
                }
                State::Waiting(index, _) => {
                    let index = *index;
                    let Some(found) = self.judge_step(index, now, is_timeout) else {
                        return;
                    };
                    self.take_found(index + 1, found);
                }
            }
            is_timeout = false;
        }
    }

    fn passed(&mut self) -> Verdict {
        self.observation
            .other_code
            .take()
            .map_or(Verdict::Passed, Verdict::Warning)
    }

    fn take_found(&mut self, next: usize, found: Found) {
        self.state = match found {
            Found::Met => State::Ready(next),
            Found::OtherCode(failure) => {
                self.observation.other_code.get_or_insert(failure);
                State::Ready(next)
            }
            Found::Failed(failure) => State::Done(self.failed(failure)),
            Found::Skipped(why) => State::Done(Verdict::Skipped(why)),
            Found::Finished => State::Done(self.passed()),
        };
    }

    /// A failure, which is only a warning if the peer refuses a message for its size: RFC 6455
    /// section 10.4 allows any limit.
    fn failed(&self, failure: Failure) -> Verdict {
        let is_too_big = self
            .received
            .close_code()
            .is_some_and(|code| code.0 == 1009);
        if matches!(failure, Failure::Closed) && is_too_big {
            Verdict::Warning(failure)
        } else {
            Verdict::Failed(failure)
        }
    }

    fn begin_step(&mut self, index: usize, step: &'a Step, now: Instant) {
        self.state = State::Ready(index + 1);
        match step {
            Step::Send(frames, delivery) => self.send_frames(frames, *delivery, now),
            Step::Bytes(bytes) => self.send(bytes, Delivery::AtOnce, now),
            Step::ServerCloses => {
                let words = self.options.server_closes.unwrap_or_default();
                self.send_frames(&[text(words)], Delivery::AtOnce, now);
            }
            Step::Fin => self.queue(Transmit::Fin, now),
            Step::Reset => self.queue(Transmit::Reset, now),
            Step::Expect(expect) => {
                let fence = expect.needs_fence().then(|| self.fence(now));
                let wait = Wait {
                    fence,
                    began_at: self.last_write.max(now),
                    deadline: self.last_write.max(now) + expect.patience(self.options.timing),
                    late: None,
                    late_is_over: false,
                };
                self.state = State::Waiting(index, wait);
            }
        }
    }

    /// Sends a ping, and returns its payload.
    fn fence(&mut self, now: Instant) -> Vec<u8> {
        let payload = format!("{FENCE}{}", self.frames).into_bytes();
        let mut bytes = Vec::new();
        self.encode(&ping(payload.as_slice()), &mut bytes);
        self.write(&bytes, Delivery::AtOnce, now);
        payload
    }

    fn send_frames(&mut self, frames: &[Frame], delivery: Delivery, now: Instant) {
        let mut bytes = Vec::new();
        for frame in frames {
            self.encode(frame, &mut bytes);
        }
        self.send(&bytes, delivery, now);
    }

    fn encode(&mut self, frame: &Frame, bytes: &mut Vec<u8>) {
        let drops_context = self
            .negotiated
            .deflate
            .is_some_and(|parameters| parameters.of(self.options.own).no_context_takeover);
        let key = masking_key(self.frames);
        self.frames += 1;
        frame.encode(self.options.own, drops_context, key, bytes);
    }

    fn send(&mut self, bytes: &[u8], delivery: Delivery, now: Instant) {
        self.observation.sent.extend_from_slice(bytes);
        self.events_before = self.received.events.len();
        self.write(bytes, delivery, now);
    }

    fn write(&mut self, bytes: &[u8], delivery: Delivery, now: Instant) {
        let (first, size) = match delivery {
            Delivery::AtOnce => (bytes.len(), bytes.len()),
            Delivery::Bytewise => (1, 1),
            Delivery::SplitAt(at) => (at.min(bytes.len()), bytes.len()),
            Delivery::BeforeLast(count) => (bytes.len().saturating_sub(count), bytes.len()),
        };
        let (first, rest) = bytes.split_at(first.min(bytes.len()));
        let mut is_first = true;
        for piece in std::iter::once(first).chain(rest.chunks(size.max(1))) {
            if !is_first {
                self.last_write = self.last_write.max(now) + self.options.timing.pause;
            }
            is_first = false;
            self.queue(Transmit::Bytes(piece.to_vec()), now);
        }
    }

    fn queue(&mut self, transmit: Transmit, now: Instant) {
        self.last_write = self.last_write.max(now);
        self.outgoing.push_back((self.last_write, transmit));
    }

    /// Notes what came, for the report.
    fn observe_events(&mut self) {
        let shown = &mut self.observation.observed;
        let negotiated = self.response.is_some();
        if !negotiated && self.head.is_empty() && self.received.end.is_none() {
            shown.push("nothing".to_owned());
        }
        // Whether the pong of the last fence came before the end is a matter of chance, unless it
        // is what the case fails by.
        let with_fences = self.case.grade == Grade::Info
            || matches!(self.state, State::Done(Verdict::Failed(Failure::NotFailed)));
        shown.extend(self.received.shown(with_fences));
        self.observation.is_silent |= matches!(
            self.state,
            State::Done(Verdict::Failed(Failure::Silent | Failure::NoResponse))
        );
    }
}

/// How the payload of a fence begins.
const FENCE: &str = "wsctl ";

/// A masking key for each frame. They differ, and are the same in each run.
fn masking_key(number: u32) -> MaskingKey {
    let mixed = (number + 1).wrapping_mul(0x9e37_79b1).rotate_left(7) | 0x0101_0101;
    MaskingKey(mixed.to_be_bytes())
}
