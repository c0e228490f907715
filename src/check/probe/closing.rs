//! The end of a case: the verdict, what is reported of the connection, and the close frame that
//! the test harness of a client expects.

use std::time::Instant;

use super::{
    CaseFailure, Delivery, ExpectResult, Grade, Observed, Probe, ProbeState, Role, Verdict,
};
use crate::check::frame::close;

impl Probe<'_> {
    /// Goes on with the step `next`, or ends the case.
    pub(super) fn take_found(&mut self, next: usize, found: ExpectResult, now: Instant) {
        let verdict = match found {
            ExpectResult::Met => {
                self.state = ProbeState::Ready(next);
                return;
            }
            ExpectResult::OtherCode(failure) => {
                self.observation.other_code.get_or_insert(failure);
                self.state = ProbeState::Ready(next);
                return;
            }
            ExpectResult::Failed(failure) => self.failed(failure),
            ExpectResult::Skipped(why) => Verdict::Skipped(why),
            ExpectResult::Finished => self.passed(),
        };
        self.conclude(verdict, now);
    }

    pub(super) fn passed(&mut self) -> Verdict {
        self.observation
            .other_code
            .take()
            .map_or(Verdict::Passed, Verdict::Warning)
    }

    /// A failure, which is only a warning if the peer refuses a message for its size: RFC 6455
    /// section 10.4 allows any limit.
    fn failed(&self, failure: CaseFailure) -> Verdict {
        let is_too_big = self
            .received
            .close_code()
            .is_some_and(|code| code.0 == 1009);
        if matches!(failure, CaseFailure::Closed) && is_too_big {
            Verdict::Warning(failure)
        } else {
            Verdict::Failed(failure)
        }
    }

    /// The verdict is known. What comes from now on is not reported.
    pub(super) fn conclude(&mut self, verdict: Verdict, now: Instant) {
        self.observation.duration = now.saturating_duration_since(self.began_at);
        self.observe_events(&verdict);
        let is_open = self.options.own == Role::Server
            && self.response.is_some()
            && self.received.end.is_none();
        if !self.options.closes || !is_open || self.has_sent_close {
            self.state = ProbeState::Done(verdict);
            return;
        }
        let mut bytes = Vec::new();
        self.encode(&close(1000, ""), &mut bytes);
        self.write(&bytes, Delivery::AtOnce, now);
        let deadline = self.last_write.max(now) + self.options.timing.late_close;
        self.state = ProbeState::Closing(verdict, deadline);
        self.end_closing(false);
    }

    /// Ends the waiting for the close frame of the client once it has come, or is not waited for
    /// any longer.
    pub(super) fn end_closing(&mut self, is_timeout: bool) {
        if let ProbeState::Closing(verdict, _) = &self.state
            && (is_timeout || self.received.is_closed())
        {
            self.state = ProbeState::Done(verdict.clone());
        }
    }

    /// What is reported as the verdict: nothing fails a case that is only reported.
    pub(super) fn reported(&self, verdict: Verdict) -> Verdict {
        match verdict {
            Verdict::Skipped(_) => verdict,
            _ if self.case.grade == Grade::Info => Verdict::Info,
            _ => verdict,
        }
    }

    /// Notes what came, for the report.
    fn observe_events(&mut self, verdict: &Verdict) {
        let shown = &mut self.observation.observed;
        let negotiated = self.response.is_some();
        if !negotiated && self.head.is_empty() && self.received.end.is_none() {
            shown.push(Observed::new("nothing"));
        }
        // Whether the pong of the last fence came before the end is a matter of chance, unless it
        // is what the case fails by.
        let with_fences = matches!(verdict, Verdict::Failed(CaseFailure::NotFailed));
        shown.extend(self.received.shown(with_fences));
        // How a stream ends that was not waited for depends on what was on its way.
        let is_refusal = self.response.as_ref().is_some_and(|it| it.status != 101);
        if let Some(end) = self.received.end.filter(|_| !is_refusal) {
            shown.push(Observed::from(end));
        }
        self.observation.is_silent |= matches!(
            verdict,
            Verdict::Failed(CaseFailure::Silent | CaseFailure::NoResponse)
        );
    }
}
