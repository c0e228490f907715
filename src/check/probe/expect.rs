//! Whether what came on the open connection is as the case expects.

use std::time::{Duration, Instant};

use super::{
    CaseFailure, CaseStep, Expect, ExpectResult, FENCE, Observed, Probe, ProbeState, Timing,
};
use crate::check::expectation::{CloseAnswer, EchoedMessage, FrameRule};
use crate::check::received::{PeerEvent, Received, ReceivedFrame};
use crate::ws::{CloseCode, Opcode, Role};

impl Expect {
    /// Whether a ping is sent when the waiting begins.
    pub(super) const fn needs_fence(&self) -> bool {
        matches!(
            self,
            Self::Taken
                | Self::Echo(_)
                | Self::NoPong(_)
                | Self::Failed(_)
                | Self::ClosedOrWaits
                | Self::Rejected
                | Self::Report
        )
    }

    /// Whether it waits for a close instead, if the peer answers no pings.
    pub(super) const fn waits_for_close(&self) -> bool {
        matches!(
            self,
            Self::Taken | Self::Echo(_) | Self::NoPong(_) | Self::Failed(_) | Self::Report
        )
    }

    /// How long it waits. A large message may cost the peer much, and one that is only claimed
    /// costs nothing.
    pub(super) fn patience(&self, timing: Timing) -> Duration {
        match self {
            Self::EchoOrClosed(_) => 10 * timing.silence,
            Self::ClosedOrWaits => timing.late_close,
            _ => timing.silence,
        }
    }
}

impl Probe<'_> {
    /// Compares what came with the expectation of a step. None while it may still come.
    pub(super) fn judge_step(
        &mut self,
        index: usize,
        now: Instant,
        is_timeout: bool,
    ) -> Option<ExpectResult> {
        let Some(CaseStep::Expect(expect)) = self.case.steps.get(index) else {
            return Some(ExpectResult::Met);
        };
        let ProbeState::Waiting(_, wait) = &mut self.state else {
            return None;
        };
        let received = &self.received;
        let has_pong = match &wait.fence {
            Some(fence) => received.has_pong(fence),
            None => wait.late.is_some_and(|late| now >= late),
        };
        if has_pong && wait.fence.is_some() {
            let round_trip = now.saturating_duration_since(wait.began_at);
            self.observation.round_trip.get_or_insert(round_trip);
        }
        if has_pong && wait.late.is_none() && expect.waits_for_late_close() {
            wait.late = Some(now + self.options.timing.late_close);
        }
        let is_late = wait.late.is_some_and(|late| now >= late);
        wait.late_is_over = is_late;
        let comparison = Comparison {
            received,
            events_before: self.events_before,
            has_pong,
            is_late,
            is_timeout,
            is_alone: self.options.is_alone,
            peer: self.options.own.peer(),
        };
        comparison.result(expect)
    }
}

impl Expect {
    const fn waits_for_late_close(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::Report | Self::Echo(_))
    }
}

/// What an expectation is compared with.
struct Comparison<'a> {
    received: &'a Received,
    /// The number of events before the last frames were sent.
    events_before: usize,
    /// Whether the fence was answered, or no close came in time from a peer that answers no pings.
    has_pong: bool,
    /// Whether a late close is no longer waited for.
    is_late: bool,
    /// Whether nothing is waited for any longer.
    is_timeout: bool,
    is_alone: bool,
    peer: Role,
}

impl Comparison<'_> {
    fn result(&self, expect: &Expect) -> Option<ExpectResult> {
        let received = self.received;
        match expect {
            Expect::Echo(messages) => self.echo(messages),
            Expect::Pong(payload) => self.when(received.has_pong(payload), CaseFailure::NoPong),
            Expect::PongFirst(payload) => self.pong_first(payload),
            Expect::NoPong(payload) if received.has_pong(payload) => {
                Some(ExpectResult::Failed(CaseFailure::Answered))
            }
            Expect::Taken | Expect::NoPong(_) => self.when(self.has_pong, CaseFailure::Silent),
            Expect::Failed(codes) => self.failed(codes),
            Expect::CloseRefused(codes) => self.close_refused(codes),
            Expect::CloseAnswered(answer) => self.close_answered(*answer),
            Expect::NothingAfterClose(payload) => self.nothing_after_close(payload),
            Expect::PeerCloses => {
                self.end_of(received.close().is_some(), CaseFailure::CloseUnanswered)
            }
            Expect::LetsGo => self.end_of(received.is_closed(), CaseFailure::TcpOpen),
            Expect::Rejected if !received.events.is_empty() => {
                Some(ExpectResult::Failed(CaseFailure::ResponseAccepted))
            }
            Expect::Rejected | Expect::TcpEnd => {
                self.end_of(received.end.is_some(), CaseFailure::TcpOpen)
            }
            Expect::ClosedOrWaits if self.has_pong || !received.events.is_empty() => {
                Some(self.closed_with(&[1009, 1002, 1003]))
            }
            Expect::ClosedOrWaits => {
                (received.is_closed() || self.is_timeout).then_some(ExpectResult::Met)
            }
            Expect::EchoOrClosed(length) => self.echo_or_closed(*length),
            Expect::Frames(rule) => Some(check_frames(received, *rule, self.peer)),
            Expect::Report => {
                let is_over = self.is_late || self.is_timeout || received.is_closed();
                is_over.then_some(ExpectResult::Finished)
            }
        }
    }

    /// Met if `is_met`; failed if the connection is closed, or nothing is waited for any longer.
    fn when(&self, is_met: bool, silent: CaseFailure) -> Option<ExpectResult> {
        if is_met {
            Some(ExpectResult::Met)
        } else if self.received.is_closed() {
            Some(ExpectResult::Failed(CaseFailure::Closed))
        } else {
            self.is_timeout.then_some(ExpectResult::Failed(silent))
        }
    }

    /// Met if `is_met`; failed if nothing is waited for any longer.
    fn end_of(&self, is_met: bool, silent: CaseFailure) -> Option<ExpectResult> {
        if is_met {
            Some(ExpectResult::Met)
        } else {
            let is_over = self.is_timeout || self.received.end.is_some();
            is_over.then_some(ExpectResult::Failed(silent))
        }
    }

    fn echo(&self, messages: &[EchoedMessage]) -> Option<ExpectResult> {
        let after = self.received.events.iter().skip(self.events_before);
        let mut expected = messages.iter().peekable();
        let mut others = 0_usize;
        for event in after {
            let PeerEvent::Message(message) = event else {
                continue;
            };
            match expected.peek() {
                Some(next)
                    if next.opcode == message.opcode
                        && next.payload.len() as u64 == message.length
                        && next.payload == message.payload =>
                {
                    expected.next();
                }
                _ => others += 1,
            }
        }
        if expected.peek().is_none() {
            return Some(ExpectResult::Met);
        }
        let wrong = || Some(ExpectResult::Failed(CaseFailure::WrongEcho));
        if self.is_alone && self.is_late && others > 0 {
            return wrong();
        }
        if self.is_timeout && others > 0 {
            return wrong();
        }
        let silent = if self.has_pong {
            CaseFailure::NoEcho
        } else {
            CaseFailure::Silent
        };
        self.when(false, silent)
    }

    fn pong_first(&self, payload: &[u8]) -> Option<ExpectResult> {
        let is_message = |event: &PeerEvent| matches!(event, PeerEvent::Message(_));
        let is_pong =
            |event: &PeerEvent| matches!(event, PeerEvent::Frame(frame) if is_pong(frame, payload));
        let events = &self.received.events;
        match (
            events.iter().position(is_pong),
            events.iter().position(is_message),
        ) {
            (Some(pong), Some(message)) if pong > message => {
                Some(ExpectResult::Failed(CaseFailure::PongAfterMessage))
            }
            (Some(_), _) => Some(ExpectResult::Met),
            (None, _) => self.when(false, CaseFailure::NoPong),
        }
    }

    fn failed(&self, codes: &[u16]) -> Option<ExpectResult> {
        if self.received.close().is_some() {
            return Some(self.with_code(codes));
        }
        if self.received.end.is_some() {
            return Some(ExpectResult::Met);
        }
        if self.is_late {
            return Some(ExpectResult::Failed(CaseFailure::NotFailed));
        }
        let failure = if self.has_pong {
            CaseFailure::NotFailed
        } else {
            CaseFailure::Silent
        };
        self.is_timeout.then_some(ExpectResult::Failed(failure))
    }

    /// The connection was closed; the close frame must have one of these codes.
    fn with_code(&self, codes: &[u16]) -> ExpectResult {
        let code = self.received.close_code();
        match code {
            Some(CloseCode(code)) if codes.contains(&code) => ExpectResult::Met,
            _ => ExpectResult::OtherCode(CaseFailure::OtherCode(code.map(|code| code.0))),
        }
    }

    fn close_refused(&self, codes: &[u16]) -> Option<ExpectResult> {
        const ERRORS: [u16; 7] = [1002, 1003, 1007, 1008, 1009, 1010, 1011];
        if self.received.close().is_none() {
            return self.end_of(self.received.end.is_some(), CaseFailure::Silent);
        }
        match self.received.close_code() {
            Some(CloseCode(code)) if codes.contains(&code) => Some(ExpectResult::Met),
            Some(CloseCode(code)) if ERRORS.contains(&code) => Some(self.with_code(codes)),
            _ => Some(ExpectResult::Failed(CaseFailure::CloseAccepted)),
        }
    }

    fn close_answered(&self, answer: CloseAnswer) -> Option<ExpectResult> {
        if self.received.close().is_none() {
            return self.end_of(false, CaseFailure::CloseUnanswered);
        }
        let code = self.received.close_code().map(|code| code.0);
        Some(match (answer, code) {
            (CloseAnswer::Reported, _) => ExpectResult::Finished,
            (CloseAnswer::Accepted(sent), Some(code @ (1002 | 1007))) if code != sent => {
                ExpectResult::Failed(CaseFailure::CloseRejected)
            }
            (CloseAnswer::Accepted(_), _) => ExpectResult::Met,
            (CloseAnswer::SameCode(wanted), Some(code)) if wanted == code => ExpectResult::Met,
            (CloseAnswer::SameCode(_), _) => ExpectResult::Failed(CaseFailure::CodeNotEchoed),
        })
    }

    fn nothing_after_close(&self, payload: &[u8]) -> Option<ExpectResult> {
        let mut is_closed = false;
        for event in &self.received.events {
            let is_forbidden = match event {
                PeerEvent::Frame(frame) => {
                    let is_after = is_closed;
                    is_closed |= frame.header.opcode == Opcode::CLOSE;
                    is_after || is_pong(frame, payload)
                }
                PeerEvent::Message(message) => message.payload == payload,
            };
            if is_forbidden {
                return Some(ExpectResult::Failed(CaseFailure::AfterClose));
            }
        }
        (self.is_timeout || self.received.end.is_some()).then_some(ExpectResult::Met)
    }

    /// Something came although the frame is not complete.
    fn closed_with(&self, codes: &[u16]) -> ExpectResult {
        if self.received.close().is_some() && !self.has_pong {
            self.with_code(codes)
        } else {
            ExpectResult::Failed(CaseFailure::NotFailed)
        }
    }

    fn echo_or_closed(&self, length: u64) -> Option<ExpectResult> {
        let is_echoed =
            self.received.events.iter().any(
                |event| matches!(event, PeerEvent::Message(message) if message.length == length),
            );
        if is_echoed {
            return Some(ExpectResult::Met);
        }
        if self.received.close().is_some() {
            return Some(self.with_code(&[1009]));
        }
        self.when(false, CaseFailure::Silent)
    }
}

fn is_pong(frame: &ReceivedFrame, payload: &[u8]) -> bool {
    frame.header.opcode == Opcode::PONG && frame.payload == payload
}

/// Whether a frame is the pong of a fence.
fn is_fence(frame: &ReceivedFrame) -> bool {
    frame.header.opcode == Opcode::PONG && frame.payload.starts_with(FENCE.as_bytes())
}

fn check_frames(received: &Received, rule: FrameRule, peer: Role) -> ExpectResult {
    if let FrameRule::Valid(opcode) = rule {
        return received.violation(opcode).map_or(ExpectResult::Met, |it| {
            ExpectResult::Failed(CaseFailure::InvalidFrame(*it))
        });
    }
    let mut headers = received.frames().map(|frame| frame.header);
    let broken = match rule {
        FrameRule::MaskedByRole(opcode) => {
            let must_mask = peer == Role::Client;
            headers.any(|it| it.opcode == opcode && it.masking_key.is_some() != must_mask)
        }
        FrameRule::Valid(_) => false,
        FrameRule::ShortestLength => headers
            .any(|header| header.opcode.is_message_part() && !header.payload_length.is_shortest()),
        FrameRule::FreshKeys => {
            let keys: Vec<_> = headers.filter_map(|header| header.masking_key).collect();
            let mut before = Vec::new();
            keys.into_iter().any(|key| {
                let is_known = before.contains(&key);
                before.push(key);
                is_known
            })
        }
        FrameRule::KeysNotZero => {
            headers.any(|header| header.masking_key.is_some_and(|key| key.0 == [0; 4]))
        }
        FrameRule::Window(bits) => received.events.iter().any(
            |event| matches!(event, PeerEvent::Message(message) if message.farthest > 1 << bits),
        ),
    };
    if broken {
        ExpectResult::Failed(CaseFailure::FrameRule(rule))
    } else {
        ExpectResult::Met
    }
}

impl Received {
    /// What came, for a report.
    pub(super) fn shown(&self, with_fences: bool) -> Vec<Observed> {
        const MOST: usize = 8;
        let mut shown = Vec::new();
        for event in &self.events {
            match event {
                PeerEvent::Frame(frame) if frame.header.opcode.is_message_part() => {}
                PeerEvent::Frame(frame) if !with_fences && is_fence(frame) => {}
                PeerEvent::Frame(frame) => shown.push(Observed::from(frame)),
                PeerEvent::Message(message) => shown.push(Observed::from(message)),
            }
        }
        if shown.len() > MOST {
            let more = shown.len() - MOST;
            shown.truncate(MOST);
            shown.push(Observed::new(format!("{more} more")));
        }
        shown
    }
}
