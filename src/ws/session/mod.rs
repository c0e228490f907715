//! An open connection as a state machine, sans I/O, for a server and for a client.
//!
//! Bytes and times come in as arguments; bytes, events and deadlines come out. `net` drives a
//! [`Session`] over a socket, `render` prints its events and `diagnosis` explains them.
//!
//! The driver does this in a loop:
//!
//! 1. write what [`Session::poll_transmit`] returns, until it returns None, and report each
//!    write to [`Session::handle_written`];
//! 2. stop if [`Session::poll_end`] returns a reason: shut the stream down, or reset it;
//! 3. if [`Session::is_busy`], let other sessions work and call [`Session::proceed`];
//! 4. else wait for bytes, for the end of the stream, and for [`Session::poll_timeout`], and call
//!    [`Session::handle_bytes`], [`Session::handle_eof`] or [`Session::handle_timeout`].
//!
//! Received frames and replies are reported to an [`EventSink`], which borrows them: a payload is
//! not copied for a log.

mod end;
mod end_reason;
mod event;
mod keep_alive;
mod receive;
mod send;
mod sent_frames;
#[cfg(test)]
mod tests;
mod work;

use std::mem;
use std::time::{Duration, Instant};

pub use end_reason::{Disconnect, EndReason, SessionEnd, Side};
pub use event::{ClientHandshake, ConnectionEvent, EventSink, FrameInfo, OpeningStep, Reply};
pub use keep_alive::PingError;

use keep_alive::{KeepAlive, KeepAliveAction};
use sent_frames::SentFrames;
use work::Work;

use super::endpoint::Endpoint;
use super::extension::DeflateParameters;
use super::fault::{FaultInjector, SendStep, WritePacing};
use super::{CloseCode, MaskingKey, Role, SharedBytes};

/// The settings of a session.
#[derive(Clone, Copy, Debug)]
pub struct SessionConfig {
    /// The largest message to accept, in bytes, after decompression.
    pub max_message: usize,
    /// The parameters of permessage-deflate, if it was negotiated.
    pub deflate: Option<DeflateParameters>,
    /// How often to send a ping.
    pub ping_interval: Option<Duration>,
    /// How long the peer may send nothing.
    pub idle_timeout: Option<Duration>,
    /// How long the peer may take to answer a close frame, and then to end the stream.
    pub close_timeout: Duration,
}

/// An open connection: answers pings, close frames and violations, keeps alive, and decides how
/// and when the connection ends.
#[derive(Debug)]
pub struct Session {
    role: Role,
    endpoint: Endpoint,
    sent: SentFrames,
    keep_alive: KeepAlive,
    close_timeout: Duration,
    /// The number of frames written.
    frames_out: u64,
    /// The number of frames in the write that is not complete.
    in_flight: u64,
    /// When the last frame was received or written.
    last_frame: Instant,
    /// The time from the last frame to the beginning of the end, once it has begun.
    silence: Option<Duration>,
    /// How the peer disconnected, if writing failed. What it sent before can still be read.
    peer_gone: Option<Disconnect>,
    /// The payload of the close frame that follows the last message of the application.
    pending_close: Option<Vec<u8>>,
    /// Whether the application has more to send before the close frame.
    is_close_held: bool,
    /// When the connection ends even if the peer neither answers nor disconnects.
    close_deadline: Option<Instant>,
    end: Option<EndReason>,
    /// What is left of received bytes and of a reply.
    work: Work,
}

/// What to write next.
#[derive(Debug, PartialEq, Eq)]
pub enum Transmit {
    /// Bytes, and how to write them.
    Bytes(Vec<u8>, WritePacing),
    /// The payload of a large message, which others may hold too.
    Shared(SharedBytes),
    /// Nothing to write: the buffer of a large message that is not needed any more. To free all of
    /// it at once would delay other sessions.
    Free(SharedBytes),
}

impl Session {
    /// The session of a server. `faults` changes what it sends.
    pub fn server(
        config: &SessionConfig,
        faults: Option<Box<FaultInjector>>,
        now: Instant,
    ) -> Self {
        let endpoint = Endpoint::server(config.max_message, config.deflate);
        Self::new(Role::Server, endpoint, config, faults, now)
    }

    /// The session of a client. `keys` makes a fresh, unpredictable masking key for each frame
    /// (RFC 6455 section 5.3).
    pub fn client(
        config: &SessionConfig,
        keys: impl FnMut() -> MaskingKey + Send + 'static,
        faults: Option<Box<FaultInjector>>,
        now: Instant,
    ) -> Self {
        let endpoint = Endpoint::client(config.max_message, config.deflate, keys);
        Self::new(Role::Client, endpoint, config, faults, now)
    }

    fn new(
        role: Role,
        endpoint: Endpoint,
        config: &SessionConfig,
        faults: Option<Box<FaultInjector>>,
        now: Instant,
    ) -> Self {
        Self {
            role,
            endpoint,
            sent: SentFrames {
                faults,
                ..SentFrames::default()
            },
            keep_alive: KeepAlive::new(config.ping_interval, config.idle_timeout, now),
            close_timeout: config.close_timeout,
            frames_out: 0,
            in_flight: 0,
            last_frame: now,
            silence: None,
            peer_gone: None,
            pending_close: None,
            is_close_held: false,
            close_deadline: None,
            end: None,
            work: Work::default(),
        }
    }

    /// Starts. `first` is what is left to write of the handshake, and `steps` what a fault sends
    /// in the same write.
    pub fn start(&mut self, first: Vec<u8>, steps: Vec<SendStep>, sink: &mut impl EventSink) {
        let sender = &mut self.endpoint.sender;
        *sender.output() = first;
        self.sent.run_steps(steps, None, sender, sink);
        let opened = self.sent.faults.as_mut().map(|faults| faults.opened());
        let opened = opened.unwrap_or_default();
        self.sent.run_steps(opened, None, sender, sink);
    }

    /// Counts frames that were sent before the session.
    pub const fn count_frames_sent(&mut self, count: u64) {
        self.frames_out += count;
    }

    /// Decodes received bytes, unmasks them in place, reports what they hold, and queues the
    /// replies. If that takes long, the session [is busy](Self::is_busy) afterwards.
    pub fn handle_bytes(&mut self, now: Instant, bytes: &mut [u8], sink: &mut impl EventSink) {
        self.keep_alive.bytes_received(now);
        sink.bytes_received(bytes);
        self.sent.join_shared(&mut self.endpoint.sender);
        if self.work.is_left {
            self.work.input.extend_from_slice(bytes);
        } else {
            self.work(now, bytes, sink);
        }
    }

    /// The peer ended the stream, or reading failed.
    pub fn handle_eof(&mut self, now: Instant, how: Disconnect, sink: &mut impl EventSink) {
        let first_close = self.sent.first_close;
        let reason = match first_close {
            Some(side) if self.endpoint.receiver.close_received() => {
                EndReason::ClosingHandshake(side)
            }
            _ => self.peer_gone.take().unwrap_or(how).into(),
        };
        self.end_with(now, reason, sink);
    }

    /// Does what is due at [`poll_timeout`](Self::poll_timeout): a ping, the idle time-out, or the
    /// end of a connection that the peer does not close.
    pub fn handle_timeout(&mut self, now: Instant, sink: &mut impl EventSink) {
        if let Some(deadline) = self.close_deadline {
            if now >= deadline {
                self.end_at_close_deadline(now, sink);
            }
            return;
        }
        match self.keep_alive.action(now) {
            Some(KeepAliveAction::Ping(payload)) => {
                if let Some(error) = self.keep_alive.check(now) {
                    sink.event(&ConnectionEvent::Ping(&error));
                }
                if self.ping(&payload, sink) {
                    self.keep_alive.ping_sent(payload, now);
                }
            }
            Some(KeepAliveAction::Idle(time)) => {
                sink.event(&ConnectionEvent::Idle(time));
                self.close(
                    now,
                    CloseCode::GOING_AWAY,
                    "the connection was idle for too long",
                    sink,
                );
            }
            None => {}
        }
    }

    /// The last write is complete, or failed because the peer disconnected. What the peer sent
    /// before it disconnected is still worth reading, until the close time-out.
    pub fn handle_written(&mut self, now: Instant, written: Result<(), Disconnect>) {
        match written {
            Ok(()) if self.sent.shared.is_none() => {
                let frames = mem::take(&mut self.in_flight);
                if frames > 0 {
                    self.last_frame = now;
                }
                self.frames_out += frames;
            }
            Ok(()) => {}
            Err(disconnect) => {
                self.sent.unwritten = 0;
                self.in_flight = 0;
                self.sent.shared = None;
                self.peer_gone = Some(disconnect);
                self.start_close_timeout(now);
            }
        }
    }

    /// Ends the connection at this time, if the closing handshake has begun and does not end it
    /// before.
    pub fn limit_close(&mut self, deadline: Instant) {
        self.close_deadline = self.close_deadline.map(|it| it.min(deadline));
    }

    /// Delays the close frame that answers the peer's, or a violation, while the application
    /// has messages to send before it.
    pub const fn hold_close(&mut self, is_held: bool) {
        self.is_close_held = is_held;
    }

    /// Gives an empty buffer to write replies to. The session holds no buffer while it is idle.
    pub fn lend_buffer(&mut self, buffer: impl FnOnce() -> Vec<u8>) {
        let output = self.endpoint.sender.output();
        if output.capacity() == 0 {
            *output = buffer();
        }
    }

    /// What to write next; None if there is nothing. Call it until it returns None.
    pub fn poll_transmit(&mut self, now: Instant, sink: &mut impl EventSink) -> Option<Transmit> {
        if self.sent.shared.is_none() && !self.is_close_held {
            // Without other messages the close frame goes out in the same write as the replies.
            self.send_pending_close(sink);
        }
        self.in_flight += mem::take(&mut self.sent.unwritten);
        if !self.endpoint.sender.is_output_empty() {
            let pacing = self.pacing(sink);
            return Some(Transmit::Bytes(self.endpoint.sender.take_output(), pacing));
        }
        if let Some(payload) = self.sent.shared.take() {
            return Some(Transmit::Shared(payload));
        }
        if let Some(payload) = self.endpoint.receiver.take_compressed_payload() {
            return Some(Transmit::Free(payload));
        }
        if self.work.reply.is_none()
            && let Some(buffer) = self.endpoint.receiver.take_large_message()
        {
            return Some(Transmit::Free(buffer));
        }
        self.check_end(now, sink);
        None
    }

    /// When to call [`handle_timeout`](Self::handle_timeout); None for never.
    pub fn poll_timeout(&self) -> Option<Instant> {
        // A peer that is expected to close is not pinged.
        self.close_deadline
            .or_else(|| self.keep_alive.next_deadline())
    }

    /// How the connection ended, once it has.
    pub const fn poll_end(&self) -> Option<&EndReason> {
        self.end.as_ref()
    }

    /// How many bytes wait to be written, without those that
    /// [`poll_transmit`](Self::poll_transmit) has returned.
    pub const fn unwritten(&self) -> usize {
        self.endpoint.sender.output_size()
    }

    /// Whether the close frame waits for the application's messages.
    pub const fn is_close_pending(&self) -> bool {
        self.pending_close.is_some()
    }

    /// Whether this end waits for the peer to close.
    pub const fn is_closing(&self) -> bool {
        self.close_deadline.is_some()
    }

    /// Whether frames can still be sent: the peer is connected, and no fault has ended the sending.
    pub const fn can_send(&self) -> bool {
        self.peer_gone.is_none() && self.sent.abort.is_none()
    }

    /// The summary of a session that has ended; `duration` is that of its connection.
    pub fn into_end(self, duration: Duration) -> SessionEnd {
        SessionEnd {
            local: self.role,
            reason: self.end.unwrap_or(EndReason::Fin),
            close: self.sent.close,
            answer: self.sent.answer,
            duration,
            silence: self.silence.unwrap_or_default(),
            frames_in: self.endpoint.receiver.frames(),
            frames_out: self.frames_out,
        }
    }

    /// How the faults want the next bytes written.
    fn pacing(&mut self, sink: &mut impl EventSink) -> WritePacing {
        let Some(faults) = &mut self.sent.faults else {
            return WritePacing::default();
        };
        let (pacing, events) = faults.pacing();
        for event in &events {
            sink.event(&ConnectionEvent::Fault(event));
        }
        pacing
    }
}
