//! Drives a [`Session`] over a connection: moves bytes and passes the time. What the session
//! decides about frames, closing and time-outs is in `ws::session`; what is sent, and when the
//! application closes, is in the [`Application`].

mod application;
mod memory_use;
mod write;

use std::future::pending;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until};

pub(super) use application::{Application, Outgoing, OutgoingBatch};

use super::connection::{Connection, disconnect};
use super::context::now;
use super::log::{ConnectionLog, Notice};
use super::memory::{ALWAYS_ALLOWED, MemoryShare};
use crate::ws::fault::SendStep;
use crate::ws::session::{ConnectionEvent, Disconnect, EventSink, Reply, Session, SessionEnd};
use crate::ws::{CloseCode, Message};

/// How long the closing handshake may take once the process stops. The process then still has
/// a second for the rest.
pub(super) const STOP_TIMEOUT: Duration = Duration::from_secs(1);

/// A session with its connection and its application.
pub(super) struct SessionDriver<A> {
    connection: Connection,
    session: Session,
    application: A,
    /// The memory of a message that takes much.
    memory: Option<Rc<MemoryShare>>,
    /// The memory of a message of another connection, while it is written.
    written_memory: Option<Rc<MemoryShare>>,
    /// Whether the process stops.
    is_stopping: bool,
    /// When the last wait ended. What follows it at once has the same time: to ask for the time
    /// costs as much as to echo a message.
    now: Instant,
}

/// Why a wait ended.
enum Wake {
    /// The process stops.
    Stop,
    /// Something is due.
    Deadline,
    /// A read has completed.
    Read(std::io::Result<usize>),
    /// The next slice of the work that is left may be done.
    Work,
    /// There is memory for a message, perhaps.
    Memory,
    /// There is something to send, bytes may be read again, or the log has room.
    Ready,
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
            memory: None,
            written_memory: None,
            is_stopping: false,
            now: now(),
        });
        driver.session.allow_memory(ALWAYS_ALLOWED);
        let (session, mut sink) = driver.parts();
        session.start(first, steps, &mut sink);
        driver.process(received);
        driver
    }

    /// Runs the session to its end, and gives the connection and the application back.
    ///
    /// In each turn the log comes first: what was received is logged before anything is sent
    /// because of it, here or on another connection. While the log is not read, nothing is read
    /// and nothing else is sent, but time-outs hold.
    pub(super) async fn run(mut self: Box<Self>) -> (Connection, A, SessionEnd) {
        let context = Rc::clone(&self.connection.context);
        let mut stopped = pin!(context.stop.stopped());
        loop {
            self.connection.log.flush();
            let memory = self.memory.as_ref();
            self.application.run_deferred(&self.connection.log, memory);
            self.close_if_due();
            // Messages of others are sent while the own one waits for memory, which they may hold.
            let is_ready = !self.session.is_busy() || self.session.needs_memory();
            let may_cause_events = is_ready && !self.connection.log.is_full();
            if may_cause_events || self.session.is_close_pending() {
                self.send_outgoing();
            }
            self.write_all(stopped.as_mut()).await;
            self.written_memory = None;
            if self.session.poll_end().is_some() {
                break;
            }
            if self.take_or_free_memory() {
                // Those that have waited are woken, and take the memory in the order in which they
                // came.
                yield_now().await;
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
            ..
        } = *self;
        let end = session.into_end(connection.age());
        (connection, application, end)
    }

    /// Sends what the application has for the peer.
    fn send_outgoing(&mut self) {
        if self.session.is_close_pending() {
            self.application.stop_accepting();
        }
        let OutgoingBatch { content, dropped } = self.application.take_outgoing();
        if dropped > 0 && self.session.can_send() {
            self.connection.log.notice(&Notice::ReadsAgain(dropped));
        }
        for outgoing in content {
            if !self.send(outgoing) {
                break;
            }
        }
        let is_held = self.application.has_outgoing();
        self.session.hold_close(is_held);
    }

    /// Queues something; false if nothing more can be sent.
    fn send(&mut self, outgoing: Outgoing) -> bool {
        if let Outgoing::Message(message) = &outgoing {
            self.written_memory.clone_from(&message.memory);
        }
        let now = self.now.into_std();
        let (session, mut sink) = self.parts();
        let sink = &mut sink;
        match outgoing {
            Outgoing::Message(message) => {
                let is_large = message.is_large();
                session.send_shared(message.opcode, message.payload, is_large, sink)
            }
            Outgoing::Fragments(opcode, payload, count) => {
                session.send_fragments(opcode, &payload, count, sink)
            }
            Outgoing::Ping(payload) => session.ping(&payload, sink),
            Outgoing::Pong(payload) => session.pong(&payload, sink),
            Outgoing::Bytes(bytes) => session.send_bytes(&bytes, sink),
            Outgoing::Close(code, reason) => {
                session.close(now, code, &reason, sink);
                true
            }
        }
    }

    /// Waits for bytes, for a deadline, for something to send, or for the process to stop, and
    /// handles it.
    async fn wait(&mut self, stopped: Pin<&mut impl Future<Output = ()>>) {
        let is_log_full = self.connection.log.is_full();
        let has_turn = self.session.is_busy() && self.application.may_read() && !is_log_full;
        let wake = if has_turn {
            self.wait_for_turn(stopped).await
        } else {
            self.wait_for_peer(stopped, is_log_full).await
        };
        if matches!(wake, Wake::Deadline) && is_log_full && !self.session.is_busy() {
            self.read_what_came().await;
        }
        self.handle(wake);
    }

    /// Lets other connections work before the session continues. If it waits for memory, waits
    /// until there may be some.
    async fn wait_for_turn(&mut self, stopped: Pin<&mut impl Future<Output = ()>>) -> Wake {
        let needs_memory = self.session.needs_memory();
        let deadline = self.deadline().filter(|_| needs_memory);
        tokio::select! {
            biased;
            () = stopped, if !self.is_stopping => Wake::Stop,
            () = until(deadline), if deadline.is_some() => Wake::Deadline,
            () = yield_now(), if !needs_memory => Wake::Work,
            () = self.connection.context.memory.freed(), if needs_memory => Wake::Memory,
            () = self.application.ready(), if needs_memory => Wake::Ready,
        }
    }

    /// Waits until the peer sends something, or there is something else to do.
    async fn wait_for_peer(
        &mut self,
        stopped: Pin<&mut impl Future<Output = ()>>,
        is_log_full: bool,
    ) -> Wake {
        let deadline = self.deadline();
        let is_plain_echo = self.application.is_plain_echo();
        let may_read = self.application.may_read() && !self.session.is_busy();
        let Self {
            connection,
            application,
            ..
        } = self;
        // Few connections wait for that; they take the memory for it then.
        let room = is_log_full.then(|| Box::pin(connection.log.room()));
        tokio::select! {
            biased;
            () = stopped, if !self.is_stopping => Wake::Stop,
            () = until(deadline), if deadline.is_some() => Wake::Deadline,
            () = completes(room), if is_log_full => Wake::Ready,
            read = connection.read(), if may_read && !is_log_full => Wake::Read(read),
            () = application.ready(), if !is_plain_echo && !is_log_full => Wake::Ready,
            else => pending().await,
        }
    }

    /// Handles what ended a wait.
    fn handle(&mut self, wake: Wake) {
        self.now = now();
        match wake {
            Wake::Stop => self.stop(),
            Wake::Deadline => self.handle_deadline(),
            Wake::Read(read) => self.handle_read(read),
            Wake::Work => self.work(),
            Wake::Memory => self.prolong_memory(),
            Wake::Ready => {}
        }
    }

    /// Does a slice of the work that the session has left.
    fn work(&mut self) {
        let now = self.now.into_std();
        let (session, mut sink) = self.parts();
        session.proceed(now, &mut sink);
    }

    /// Reads once before a time-out counts: a peer that was not read from, since the log was full,
    /// is not idle if it has sent something.
    async fn read_what_came(&mut self) {
        if let Some(read) = self.connection.read_what_came().await {
            self.handle(Wake::Read(read));
        }
    }

    /// Closes the connection because the process stops.
    fn stop(&mut self) {
        self.is_stopping = true;
        let is_closing = self.session.is_closing();
        let now = self.now.into_std();
        let (session, mut sink) = self.parts();
        if !is_closing {
            session.close(now, CloseCode::GOING_AWAY, "", &mut sink);
        }
        session.limit_close(now + STOP_TIMEOUT);
    }

    /// When something is due: in the session, or that the application closes.
    fn deadline(&self) -> Option<Instant> {
        let session = self.session.poll_timeout().map(Instant::from_std);
        let times = [session, self.close_at(), self.memory_deadline()];
        times.into_iter().flatten().min()
    }

    /// Does what is due.
    fn handle_deadline(&mut self) {
        self.close_if_due();
        let may_end = self.memory_deadline().is_some();
        if may_end && self.memory.as_ref().is_some_and(|it| it.is_over(self.now)) {
            let limit = self.connection.context.memory.limit();
            self.session.refuse_memory(limit);
            self.memory = None;
        }
        let now = self.now.into_std();
        let (session, mut sink) = self.parts();
        session.handle_timeout(now, &mut sink);
    }

    /// When the application closes the connection; None if that has begun.
    fn close_at(&self) -> Option<Instant> {
        let has_begun = self.session.is_closing() || self.session.is_close_pending();
        if has_begun {
            return None;
        }
        self.application.close_at()
    }

    fn close_if_due(&mut self) {
        let Some(time) = self.close_at() else { return };
        let now = self.now;
        if time <= now {
            let (session, mut sink) = self.parts();
            session.close(now.into_std(), CloseCode::NORMAL_CLOSURE, "", &mut sink);
        }
    }

    /// Takes the result of a read.
    fn handle_read(&mut self, read: std::io::Result<usize>) {
        let disconnect = match read {
            Ok(0) => Disconnect::Fin,
            Ok(size) => {
                self.prolong_memory();
                let context = Rc::clone(&self.connection.context);
                let mut buffer = context.buffers.read.borrow_mut();
                return self.process(buffer.get_mut(..size).unwrap_or_default());
            }
            Err(error) => disconnect(&error),
        };
        let now = self.now.into_std();
        let (session, mut sink) = self.parts();
        session.handle_eof(now, disconnect, &mut sink);
    }

    fn process(&mut self, bytes: &mut [u8]) {
        let now = self.now.into_std();
        let context = Rc::clone(&self.connection.context);
        let (session, mut sink) = self.parts();
        session.lend_buffer(|| context.buffers.take_buffer());
        session.handle_bytes(now, bytes, &mut sink);
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
        self.application.bytes_received();
    }

    fn event(&mut self, event: &ConnectionEvent<'_>) {
        self.log.event(event);
        self.application.observe(event);
    }

    fn reply(&mut self, message: &Message<'_>) -> Option<Reply> {
        self.application.reply(message)
    }

    fn is_plain_echo(&self) -> bool {
        !self.log.is_observed() && self.application.is_plain_echo()
    }

    fn is_paused(&self) -> bool {
        self.log.has_unwritten_payload()
    }
}

/// Completes with a future, if there is one.
async fn completes(future: Option<impl Future<Output = ()>>) {
    match future {
        Some(future) => future.await,
        None => pending().await,
    }
}

/// Completes at this time, if there is one.
async fn until(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => pending().await,
    }
}
