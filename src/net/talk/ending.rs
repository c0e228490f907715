//! How a conversation ends, and what was missing when it did.

use tokio::time::Instant;

use super::Talk;
use crate::net::journal::Happening;
use crate::ws::endpoint::Ending;
use crate::ws::fault::Exit;
use crate::ws::{Cut, Role};

impl Talk {
    /// How a fault ends it, if one does.
    pub(super) const fn purposeful_ending(&self) -> Option<Ending> {
        match self.outbox.exit {
            Some(Exit::Fin) => Some(Ending::Dropped { reset: false }),
            Some(Exit::Reset) => Some(Ending::Dropped { reset: true }),
            Some(Exit::Silence) | None => None,
        }
    }

    /// How this end has ended it.
    pub(super) const fn own_ending(&self) -> Ending {
        match self.outbox.first_close {
            Some(role) if self.endpoint.receiver.close_received() => Ending::Handshake(role),
            _ => Ending::Failed,
        }
    }

    /// How it ends when nothing more can be read.
    pub(super) fn end_of_stream(&mut self, ending: Ending) -> Ending {
        if self.endpoint.receiver.close_received() {
            return self.outbox.first_close.map_or(ending, Ending::Handshake);
        }
        self.departure.take().unwrap_or(ending)
    }

    /// An answer, a frame or a message, or the close frame, that will not come.
    pub(super) fn record_what_is_missing(&mut self, ending: &Ending) {
        if let Some(fault) = self.heartbeat.fault(Instant::now()) {
            self.connection.record(&Happening::Ping(&fault));
        }
        let receiver = &self.endpoint.receiver;
        let left = matches!(ending, Ending::Fin | Ending::Reset | Ending::Unanswered);
        let is_close_missing = left && !receiver.close_received() && !receiver.has_failed();
        if !self.record_what_is_cut() && is_close_missing {
            let is_answer = self.outbox.first_close == Some(Role::Server);
            self.connection
                .record(&Happening::CloseMissing { is_answer });
        }
    }

    /// A frame or a message whose end will not come; whether it is a frame.
    fn record_what_is_cut(&mut self) -> bool {
        let receiver = &self.endpoint.receiver;
        if receiver.has_failed() {
            return false;
        }
        let frames = receiver.frames();
        if let Some(cut) = receiver.unfinished() {
            let number = if matches!(cut, Cut::Header { .. }) {
                frames + 1
            } else {
                frames
            };
            self.connection.record(&Happening::Cut(&cut, number));
            return true;
        }
        if receiver.message_is_open() {
            let offset = receiver.offset();
            self.connection
                .record(&Happening::MessageCut(frames, offset));
        }
        false
    }
}
