//! The log of one connection. It knows neither the socket nor the role of this end.

use std::rc::Rc;
use std::sync::Arc;

use super::buffer::OutputToken;
use super::{ConnectionObserver, LogWriter, Notice, NoticeScope};
use crate::ws::session::ConnectionEvent;

/// Reports the events and notices of one connection.
pub(in crate::net) struct ConnectionLog {
    writer: Rc<LogWriter>,
    number: u64,
    /// None if neither a log nor a record is wanted.
    observer: Option<Box<dyn ConnectionObserver>>,
    /// Has clones while a payload of this connection is not written.
    token: Option<OutputToken>,
}

impl ConnectionLog {
    /// The log of the connection with this number.
    pub(in crate::net) fn new(writer: &Rc<LogWriter>, number: u64) -> Self {
        Self {
            writer: Rc::clone(writer),
            number,
            observer: writer.observe(number),
            token: None,
        }
    }

    /// The number of the connection.
    pub(in crate::net) const fn number(&self) -> u64 {
        self.number
    }

    /// Whether events are wanted.
    pub(in crate::net) const fn is_observed(&self) -> bool {
        self.observer.is_some()
    }

    /// Reports received bytes, before they are unmasked.
    pub(in crate::net) fn bytes_received(&mut self, bytes: &[u8]) {
        if let Some(observer) = &mut self.observer {
            observer.bytes_received(bytes);
        }
    }

    /// Reports an event.
    pub(in crate::net) fn event(&mut self, event: &ConnectionEvent<'_>) {
        if let Some(observer) = &mut self.observer {
            self.writer.event(&mut **observer, event, &mut self.token);
        }
    }

    /// Writes a notice about this connection.
    pub(in crate::net) fn notice(&self, notice: &Notice<'_>) {
        self.notice_about(NoticeScope::Connection(self.number), notice);
    }

    /// Writes a notice about another connection, or about the program.
    pub(in crate::net) fn notice_about(&self, scope: NoticeScope, notice: &Notice<'_>) {
        self.writer.notice(scope, notice);
    }

    /// Lets what was reported be written.
    pub(in crate::net) fn flush(&self) {
        self.writer.flush();
    }

    /// Whether this connection must cause no more events: the outputs are too slow, or a payload
    /// of this connection is not written.
    pub(in crate::net) fn is_full(&self) -> bool {
        self.observer.is_some() && (self.has_unwritten_payload() || self.writer.is_full())
    }

    /// Whether the writer threads still need a payload of this connection.
    pub(in crate::net) fn has_unwritten_payload(&self) -> bool {
        let token = self.token.as_ref();
        token.is_some_and(|token| Arc::strong_count(token) > 1)
    }

    /// Completes when [`is_full`](Self::is_full) returns false.
    pub(in crate::net) fn room(&self) -> impl Future<Output = ()> + use<> {
        let writer = Rc::clone(&self.writer);
        let token = self.token.as_ref().map(Arc::downgrade);
        async move {
            let is_held = || token.as_ref().is_some_and(|it| it.strong_count() > 1);
            writer.wait_while(|| is_held() || writer.is_full()).await;
        }
    }
}
