//! When and why a session ends, and what is missing then.
//!
//! The state machine in [`session`](super) calls it when nothing is left to write, when the
//! stream ends, and at the close time-out. `end_reason` has the types of the result.

use std::time::Instant;

use super::{ConnectionEvent, EndReason, EventSink, Session, Side};
use crate::ws::fault::AbortMode;
use crate::ws::{IncompleteFrame, Role};

impl Session {
    /// Notes how long no frame came before the end began, which is now.
    pub(super) fn note_silence(&mut self, now: Instant) {
        let silence = now.saturating_duration_since(self.last_frame);
        self.silence.get_or_insert(silence);
    }

    /// Starts the close time-out, unless it runs already.
    pub(super) fn start_close_timeout(&mut self, now: Instant) {
        let deadline = now + self.close_timeout;
        self.close_deadline.get_or_insert(deadline);
    }

    /// Ends the connection when the peer has not closed it in time.
    pub(super) fn end_at_close_deadline(&mut self, now: Instant, sink: &mut impl EventSink) {
        let reason = if self.endpoint.is_finished() && !self.sent.is_close_withheld {
            self.own_end()
        } else {
            let is_silent = self.sent.abort == Some(AbortMode::Silence);
            let is_withheld = self.sent.is_close_withheld || is_silent;
            let gone = self.peer_gone.take().map(EndReason::from);
            gone.unwrap_or(if is_withheld && !self.endpoint.receiver.close_received() {
                EndReason::CloseWithheld
            } else {
                EndReason::CloseUnanswered
            })
        };
        self.end_with(now, reason, sink);
    }

    /// Ends the connection if all is written and nothing more is expected.
    ///
    /// "the server closes the connection first" (RFC 6455 section 7.1.1): a client waits for
    /// the end of the stream after the closing handshake, until the close time-out.
    pub(super) fn check_end(&mut self, now: Instant, sink: &mut impl EventSink) {
        if self.end.is_some() {
            return;
        }
        let reason = match self.sent.abort {
            Some(AbortMode::Fin) => EndReason::EndedOnPurpose { reset: false },
            Some(AbortMode::Reset) => EndReason::EndedOnPurpose { reset: true },
            Some(AbortMode::Silence) | None => {
                if !self.endpoint.is_finished() || self.sent.is_close_withheld {
                    return;
                }
                let reason = self.own_end();
                let is_handshake = matches!(reason, EndReason::ClosingHandshake(_));
                if self.role == Role::Client && is_handshake && self.peer_gone.is_none() {
                    self.start_close_timeout(now);
                    return;
                }
                reason
            }
        };
        self.end_with(now, reason, sink);
    }

    /// The reason of an end that this side decides.
    const fn own_end(&self) -> EndReason {
        match self.sent.first_close {
            Some(side) if self.endpoint.receiver.close_received() => {
                EndReason::ClosingHandshake(side)
            }
            _ => match self.sent.failure_after_close {
                Some(code) => EndReason::FailedAfterClose(code),
                None => EndReason::Failed,
            },
        }
    }

    /// Sets the end, and reports what is missing: a pong, the end of a frame or a message, or a
    /// close frame.
    pub(super) fn end_with(&mut self, now: Instant, reason: EndReason, sink: &mut impl EventSink) {
        if self.end.is_some() {
            return;
        }
        self.note_silence(now);
        if let Some(error) = self.keep_alive.check(now) {
            sink.event(&ConnectionEvent::Ping(&error));
        }
        let receiver = &self.endpoint.receiver;
        let is_left_by_peer = matches!(
            reason,
            EndReason::Fin | EndReason::Reset | EndReason::CloseUnanswered
        );
        let is_expected = !receiver.close_received() && !receiver.has_failed();
        if !self.report_incomplete(sink) && is_left_by_peer && is_expected {
            let is_answer = self.sent.first_close == Some(Side::Local);
            sink.event(&ConnectionEvent::CloseMissing {
                is_answer,
                has_disconnected: reason != EndReason::CloseUnanswered,
            });
        }
        self.end = Some(reason);
    }

    /// Reports a frame or a message that is cut short by the end; whether it is a frame.
    fn report_incomplete(&self, sink: &mut impl EventSink) -> bool {
        let receiver = &self.endpoint.receiver;
        if receiver.has_failed() {
            return false;
        }
        let frame = receiver.frames();
        if let Some(incomplete) = receiver.incomplete() {
            // A frame is counted when its header is complete.
            let is_counted = !matches!(incomplete, IncompleteFrame::Header { .. });
            let number = if is_counted { frame } else { frame + 1 };
            sink.event(&ConnectionEvent::FrameCut(&incomplete, number));
            return true;
        }
        if receiver.message_is_open() {
            let offset = receiver.offset();
            sink.event(&ConnectionEvent::MessageCut { frame, offset });
        }
        false
    }
}
