//! The memory of a large message: a session asks for it, waits for it, and frees it.

use std::rc::Rc;

use tokio::time::Instant;

use super::{Application, SessionDriver};
use crate::net::memory::{ALWAYS_ALLOWED, MemoryShare};

impl<A: Application> SessionDriver<A> {
    /// Takes memory that the session needs for a message, if there is any, and frees it after the
    /// message, or leaves it to the connections that the message was sent to. Returns whether others
    /// have waited for it: then they come before the next message of this connection.
    pub(super) fn take_or_free_memory(&mut self) -> bool {
        if self.memory.as_ref().is_some_and(|share| share.is_sent()) {
            self.memory = None;
            self.session.allow_memory(ALWAYS_ALLOWED);
            return self.connection.context.memory.is_awaited();
        }
        if self.session.needs_memory() {
            let now = self.now;
            let memory = &self.connection.context.memory;
            let share = self
                .memory
                .get_or_insert_with(|| Rc::new(MemoryShare::new(memory, now)));
            if let Some(size) = share.extend(now) {
                self.session.allow_memory(size);
            }
        } else if self.memory.is_some() && self.session.held_memory() <= ALWAYS_ALLOWED {
            self.memory = None;
            self.session.allow_memory(ALWAYS_ALLOWED);
            return self.connection.context.memory.is_awaited();
        }
        false
    }

    /// The time-outs of the memory begin again.
    pub(super) fn prolong_memory(&mut self) {
        if let Some(share) = &self.memory {
            share.prolong(self.now);
        }
    }

    /// When the connection has had memory, or has waited for it, for too long. A busy session
    /// waits for no peer.
    pub(super) fn memory_deadline(&self) -> Option<Instant> {
        let may_end = !self.session.is_busy() || self.session.needs_memory();
        let share = self.memory.as_ref().filter(|_| may_end);
        share.map(|share| share.deadline())
    }
}
