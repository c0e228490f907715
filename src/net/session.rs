//! Drives a [`Session`] over a connection: moves bytes and passes the time. What the session
//! decides about frames, closing and time-outs is in `ws::session`.

use std::future::pending;
use std::pin::pin;
use std::rc::Rc;

use tokio::time::{Instant, sleep_until};

use super::connection::{Connection, disconnect};
use super::context::now;
use super::log::{ConnectionLog, Notice};
use super::relay::Received;
use crate::ws::fault::{SendStep, WritePacing};
use crate::ws::session::{
    ConnectionEvent, Disconnect, EventSink, Reply, Session, SessionEnd, Transmit,
};
use crate::ws::{CloseCode, Message};

/// What replies to messages, and where other messages to send come from.
pub(super) trait Application {
    /// Whether each message is echoed, and nothing else is ever sent.
    fn is_plain_echo(&self) -> bool;

    /// The reply to a message, sent at once; None for no reply.
    fn reply(&mut self, message: &Message<'_>) -> Option<Reply>;

    /// Does what was put off until the messages that caused it were logged.
    fn run_deferred(&mut self, log: &ConnectionLog);

    /// Takes messages to send, a limited number of bytes at once.
    fn take_outgoing(&mut self) -> Received;

    /// Whether there are more messages to send.
    fn has_outgoing(&self) -> bool;

    /// No message for this connection is accepted any more: its close frame comes next.
    fn stop_accepting(&mut self);

    /// Whether bytes may be read: false while other connections are too slow to take what they
    /// cause.
    fn may_read(&self) -> bool;

    /// Completes when there is something to send, or when bytes may be read again. It can be
    /// dropped and called again.
    async fn ready(&mut self);
}

/// A session with its connection and its application.
pub(super) struct SessionDriver<A> {
    connection: Connection,
    session: Session,
    application: A,
}

impl<A: Application> SessionDriver<A> {
    /// Starts the session. `first` is what is left to write of the handshake, `steps` what a fault
    /// sends in the same write, and `received` the bytes that came after the head.
    pub(super) fn start(
        connection: Connection,
        session: Session,
        application: A,
        first: Vec<u8>,
        steps: Vec<SendStep>,
        received: &mut [u8],
    ) -> Box<Self> {
        let mut driver = Box::new(Self {
            connection,
            session,
            application,
        });
        let (session, mut sink) = driver.parts();
        session.start(first, steps, &mut sink);
        driver.process(received);
        driver
    }

    /// Runs the session to its end, and gives the connection back.
    ///
    /// In each turn the log comes first: what was received is logged before anything is sent
    /// because of it, here or on another connection.
    pub(super) async fn run(mut self: Box<Self>) -> (Connection, SessionEnd) {
        let context = Rc::clone(&self.connection.context);
        let mut stopped = pin!(context.stop.stopped());
        loop {
            self.connection.log.flush().await;
            self.application.run_deferred(&self.connection.log);
            self.send_outgoing();
            self.write_all().await;
            if self.session.poll_end().is_some() {
                break;
            }
            // Before a close frame all other messages are sent.
            if !self.session.is_close_pending() {
                self.wait(stopped.as_mut()).await;
            }
            if self.session.poll_end().is_some() {
                break;
            }
        }
        let Self {
            connection,
            session,
            application,
        } = *self;
        drop(application);
        let end = session.into_end(connection.age());
        (connection, end)
    }

    /// Sends what the application has for the peer.
    fn send_outgoing(&mut self) {
        if self.session.is_close_pending() {
            self.application.stop_accepting();
        }
        let Received { messages, dropped } = self.application.take_outgoing();
        if dropped > 0 && self.session.can_send() {
            self.connection.log.notice(&Notice::ReadsAgain(dropped));
        }
        let (session, mut sink) = self.parts();
        for message in messages {
            let is_large = message.is_large();
            if !session.send_shared(message.opcode, message.payload, is_large, &mut sink) {
                break;
            }
        }
        let is_held = self.application.has_outgoing();
        self.session.hold_close(is_held);
    }

    /// Writes all that the session has to send.
    async fn write_all(&mut self) {
        loop {
            let (session, mut sink) = self.parts();
            let Some(transmit) = session.poll_transmit(now().into_std(), &mut sink) else {
                return;
            };
            self.connection.log.flush().await;
            let written = match transmit {
                Transmit::Bytes(bytes, pacing) => {
                    let written = self.connection.write(&bytes, pacing).await;
                    self.connection.context.buffers.return_buffer(bytes);
                    written
                }
                Transmit::Shared(payload) => {
                    self.connection
                        .write(&payload, WritePacing::default())
                        .await
                }
            };
            self.session.handle_written(now().into_std(), written);
        }
    }

    /// Waits for bytes, for a deadline, for something to send, or for the process to stop.
    async fn wait(&mut self, stopped: impl Future<Output = ()>) {
        let deadline = self.session.poll_timeout().map(Instant::from_std);
        let is_plain_echo = self.application.is_plain_echo();
        let may_read = self.application.may_read();
        let read = tokio::select! {
            biased;
            () = stopped, if !self.session.is_closing() => {
                let (session, mut sink) = self.parts();
                session.close(now().into_std(), CloseCode::GOING_AWAY, "", &mut sink);
                return;
            }
            () = until(deadline), if deadline.is_some() => {
                let (session, mut sink) = self.parts();
                session.handle_timeout(now().into_std(), &mut sink);
                return;
            }
            () = self.application.ready(), if !is_plain_echo => return,
            read = self.connection.read(), if may_read => read,
        };
        match read {
            Ok(0) => self.end_of_stream(Disconnect::Fin),
            Ok(size) => {
                let context = Rc::clone(&self.connection.context);
                let mut buffer = context.buffers.read.borrow_mut();
                self.process(buffer.get_mut(..size).unwrap_or_default());
            }
            Err(error) => self.end_of_stream(disconnect(&error)),
        }
    }

    fn process(&mut self, bytes: &mut [u8]) {
        let context = Rc::clone(&self.connection.context);
        let (session, mut sink) = self.parts();
        session.lend_buffer(|| context.buffers.take_buffer());
        session.handle_bytes(now().into_std(), bytes, &mut sink);
    }

    fn end_of_stream(&mut self, how: Disconnect) {
        let (session, mut sink) = self.parts();
        session.handle_eof(now().into_std(), how, &mut sink);
    }

    /// The session, and the sink of its events.
    const fn parts(&mut self) -> (&mut Session, Sink<'_, A>) {
        let sink = Sink {
            log: &mut self.connection.log,
            application: &mut self.application,
        };
        (&mut self.session, sink)
    }
}

/// Passes events to the log, and messages to the application.
struct Sink<'a, A> {
    log: &'a mut ConnectionLog,
    application: &'a mut A,
}

impl<A: Application> EventSink for Sink<'_, A> {
    fn bytes_received(&mut self, bytes: &[u8]) {
        self.log.bytes_received(bytes);
    }

    fn event(&mut self, event: &ConnectionEvent<'_>) {
        self.log.event(event);
    }

    fn reply(&mut self, message: &Message<'_>) -> Option<Reply> {
        self.application.reply(message)
    }

    fn is_plain_echo(&self) -> bool {
        !self.log.is_observed() && self.application.is_plain_echo()
    }
}

/// Completes at this time, if there is one.
async fn until(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => pending().await,
    }
}
