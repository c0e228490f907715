//! How a conversation ends, and what was missing when it did.

use tokio::time::Instant;

use super::Session;
use crate::ws::IncompleteFrame;
use crate::ws::fault::AbortMode;
use crate::ws::session::{ConnectionEvent, EndReason, Side};

impl Session {
    /// How a fault ends it, if one does.
    pub(super) const fn purposeful_ending(&self) -> Option<EndReason> {
        match self.outbox.exit {
            Some(AbortMode::Fin) => Some(EndReason::EndedOnPurpose { reset: false }),
            Some(AbortMode::Reset) => Some(EndReason::EndedOnPurpose { reset: true }),
            Some(AbortMode::Silence) | None => None,
        }
    }

    /// How this end has ended it.
    pub(super) const fn own_ending(&self) -> EndReason {
        match self.outbox.first_close {
            Some(side) if self.endpoint.receiver.close_received() => {
                EndReason::ClosingHandshake(side)
            }
            _ => EndReason::Failed,
        }
    }

    /// How it ends when nothing more can be read.
    pub(super) fn end_of_stream(&mut self, ending: EndReason) -> EndReason {
        if self.endpoint.receiver.close_received() {
            return self
                .outbox
                .first_close
                .map_or(ending, EndReason::ClosingHandshake);
        }
        self.departure.take().unwrap_or(ending)
    }

    /// An answer, a frame or a message, or the close frame, that will not come.
    pub(super) fn record_what_is_missing(&mut self, ending: &EndReason) {
        if let Some(fault) = self.heartbeat.check(Instant::now().into_std()) {
            self.connection.record(&ConnectionEvent::Ping(&fault));
        }
        let receiver = &self.endpoint.receiver;
        let left = matches!(
            ending,
            EndReason::Fin | EndReason::Reset | EndReason::CloseUnanswered
        );
        let is_close_missing = left && !receiver.close_received() && !receiver.has_failed();
        if !self.record_what_is_cut() && is_close_missing {
            let is_answer = self.outbox.first_close == Some(Side::Local);
            self.connection
                .record(&ConnectionEvent::CloseMissing { is_answer });
        }
    }

    /// A frame or a message whose end will not come; whether it is a frame.
    fn record_what_is_cut(&mut self) -> bool {
        let receiver = &self.endpoint.receiver;
        if receiver.has_failed() {
            return false;
        }
        let frames = receiver.frames();
        if let Some(cut) = receiver.incomplete() {
            let number = if matches!(cut, IncompleteFrame::Header { .. }) {
                frames + 1
            } else {
                frames
            };
            self.connection
                .record(&ConnectionEvent::FrameCut(&cut, number));
            return true;
        }
        if receiver.message_is_open() {
            let offset = receiver.offset();
            self.connection.record(&ConnectionEvent::MessageCut {
                frame: frames,
                offset,
            });
        }
        false
    }
}
