//! One connection of a case as a state machine, sans I/O: bytes and times go in, bytes to send
//! and the result come out. It plays the client towards a server that is checked, and the server towards a client that
//! is checked.
//!
//! A driver calls the `handle_*` methods, then writes all that [`Probe::poll_transmit`] returns,
//! and calls [`Probe::handle_timeout`] at the time that [`Probe::poll_timeout`] gives, until
//! [`Probe::is_done`].
//!
//! What tells that a peer has handled a frame is the fence: a ping that is sent after the frame,
//! since pings must be answered (RFC 6455 section 5.5.2). Its pong means that the frame was
//! accepted; a close frame, FIN or RST means that the connection was failed.

mod answer;
mod closing;
mod expect;
mod key;
mod send;
mod serve;
mod timing;

use std::collections::VecDeque;
use std::time::Instant;

use key::key;

use super::case::{Case, CaseStep, Grade};
use super::expectation::{Answer, Expect};
use super::observed::Observed;
use super::received::{PeerEnd, Received};
use super::request::{Delivery, RequestBase, encode};
use super::result::{CaseFailure, Observation, Verdict};
use crate::ws::Role;
use crate::ws::handshake::{Negotiated, RequestHead, ResponseHead};

pub use timing::Timing;

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
    /// The number of the connection among those of the case.
    pub number: usize,
    /// Whether the peer answers pings. If not, a case waits for a close instead of a pong.
    pub answers_pings: bool,
    /// Whether no other connection is open. Then a wrong message is not one for another
    /// connection, and the right one is not waited for.
    pub is_alone: bool,
    /// Whether the connection is closed with a close frame once the verdict is known, as the test
    /// harness of a client expects.
    pub closes: bool,
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
    state: ProbeState,
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
    has_sent_close: bool,
}

#[derive(Debug)]
enum ProbeState {
    /// The response has not come to its end.
    Opening { deadline: Instant },
    /// The step of this index is next.
    Ready(usize),
    /// The step of this index waits.
    Waiting(usize, FenceWait),
    /// The verdict is known, and the close frame of the peer is waited for until then.
    Closing(Verdict, Instant),
    /// The verdict is known.
    Done(Verdict),
}

/// What an expectation waits with.
#[derive(Debug)]
struct FenceWait {
    /// The payload of the ping that was sent when it began.
    fence: Option<Vec<u8>>,
    /// When it began.
    began_at: Instant,
    deadline: Instant,
    /// When a late close is no longer waited for; None before the pong of the fence. If the peer
    /// answers no pings, this is the time from the beginning.
    late: Option<Instant>,
    late_is_over: bool,
}

/// What an expectation has found.
#[derive(Debug)]
enum ExpectResult {
    /// What was expected.
    Met,
    /// What was expected, but for the close code.
    OtherCode(CaseFailure),
    /// Something else.
    Failed(CaseFailure),
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
            .map_or_else(|| key(&case.id, options.number), str::to_owned);
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
            state: ProbeState::Opening { deadline: now },
            head: Vec::new(),
            response: None,
            negotiated: Negotiated::default(),
            received: Received::new(),
            observation: Observation::default(),
            events_before: 0,
            began_at: now,
            frames: 0,
            has_sent_close: false,
            options,
        };
        if probe.options.own == Role::Client {
            probe.write(&request, case.opening.delivery, now);
        }
        probe.request = request;
        probe.state = ProbeState::Opening {
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
            ProbeState::Opening { deadline } | ProbeState::Closing(_, deadline) => Some(*deadline),
            ProbeState::Waiting(_, wait) => {
                let late = wait.late.filter(|_| !wait.late_is_over);
                Some(late.map_or(wait.deadline, |late| late.min(wait.deadline)))
            }
            ProbeState::Ready(_) | ProbeState::Done(_) => None,
        };
        let write = self.outgoing.front().map(|(due, _)| *due);
        [deadline, write].into_iter().flatten().min()
    }

    /// Whether the verdict is known.
    pub const fn is_done(&self) -> bool {
        matches!(self.state, ProbeState::Done(_))
    }

    /// Takes bytes of the peer. They are changed in place.
    pub fn handle_bytes(&mut self, now: Instant, bytes: &mut [u8]) {
        if matches!(self.state, ProbeState::Opening { .. }) && self.response.is_none() {
            self.head.extend_from_slice(bytes);
        } else {
            self.received.push(bytes);
        }
        self.advance(now, false);
    }

    /// The peer has ended its stream.
    pub fn handle_end(&mut self, now: Instant, end: PeerEnd) {
        self.received.end.get_or_insert(end);
        self.advance(now, false);
    }

    /// The time of [`poll_timeout`](Self::poll_timeout) has come.
    pub fn handle_timeout(&mut self, now: Instant) {
        let is_late = match &self.state {
            ProbeState::Opening { deadline } | ProbeState::Closing(_, deadline) => now >= *deadline,
            ProbeState::Waiting(_, wait) => now >= wait.deadline,
            ProbeState::Ready(_) | ProbeState::Done(_) => false,
        };
        self.advance(now, is_late);
    }

    /// What was observed, and the verdict, once the probe is done.
    pub fn finish(mut self, now: Instant) -> Observation {
        if !self.is_done() {
            self.conclude(Verdict::Failed(CaseFailure::Silent), now);
        }
        let verdict = match &self.state {
            ProbeState::Done(verdict) | ProbeState::Closing(verdict, _) => verdict.clone(),
            _ => Verdict::Failed(CaseFailure::Silent),
        };
        self.observation.verdict = self.reported(verdict);
        self.observation.request = self.request;
        self.observation
    }

    /// Goes on until something must be waited for.
    fn advance(&mut self, now: Instant, is_timeout: bool) {
        let mut is_timeout = is_timeout;
        loop {
            match &self.state {
                ProbeState::Done(_) => return,
                ProbeState::Closing(..) => {
                    self.end_closing(is_timeout);
                    return;
                }
                ProbeState::Opening { .. } => {
                    let found = match self.options.own {
                        Role::Client => self.judge_opening(is_timeout),
                        Role::Server => self.judge_request(now, is_timeout),
                    };
                    let Some(found) = found else {
                        return;
                    };
                    self.take_found(0, found, now);
                }
                ProbeState::Ready(index) => {
                    let index = *index;
                    match self.case.steps.get(index) {
                        None => {
                            let verdict = self.passed();
                            self.conclude(verdict, now);
                        }
                        Some(step) => self.begin_step(index, step, now),
                    }
                }
                ProbeState::Waiting(index, _) => {
                    let index = *index;
                    let Some(found) = self.judge_step(index, now, is_timeout) else {
                        return;
                    };
                    self.take_found(index + 1, found, now);
                }
            }
            is_timeout = false;
        }
    }
}

/// How the payload of a fence begins.
const FENCE: &str = "wsctl ";
