//! One connection: a transport with its log, and how its bytes are read and written.

use std::future::{pending, poll_fn};
use std::io;
use std::mem;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use tokio::io::{AsyncWrite as _, AsyncWriteExt as _};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep, timeout};

use super::context::{NetContext, READ_SIZE, now};
use super::log::ConnectionLog;
use super::memory::ALWAYS_ALLOWED;
use super::transport::Transport;
use crate::ws::fault::WritePacing;
use crate::ws::session::{ConnectionEvent, Disconnect, EndReason, SessionEnd};

/// What [`Connection::write_or_read`] did.
pub(super) enum IoProgress {
    /// It wrote this many bytes; 0 after a flush.
    Written(io::Result<usize>),
    /// It read this many bytes; 0 at the end of the stream.
    Read(io::Result<usize>),
}

/// A numbered transport with its log.
pub(super) struct Connection {
    pub(super) context: Rc<NetContext>,
    pub(super) transport: Transport,
    pub(super) log: ConnectionLog,
    opened_at: Instant,
    /// Whether the last read may have left bytes unread.
    may_have_more: bool,
}

impl Connection {
    /// A connection that was opened at `opened_at`.
    pub(super) fn new(
        context: &Rc<NetContext>,
        transport: Transport,
        number: u64,
        opened_at: Instant,
    ) -> Self {
        Self {
            context: Rc::clone(context),
            transport,
            log: ConnectionLog::new(&context.log, number),
            opened_at,
            may_have_more: false,
        }
    }

    /// The time since the connection was opened.
    pub(super) fn age(&self) -> Duration {
        now() - self.opened_at
    }

    /// Reads once into the read buffer of the context, which other connections use too. Returns
    /// how many bytes it holds now, 0 at the end of the stream.
    pub(super) async fn read(&mut self) -> io::Result<usize> {
        if mem::take(&mut self.may_have_more) {
            // A peer that never stops sending must not keep other connections from their turn.
            yield_now().await;
        }
        let Self {
            context, transport, ..
        } = self;
        let size = poll_fn(|task| {
            let mut buffer = context.buffers.read.borrow_mut();
            transport.poll_read(task, &mut buffer)
        })
        .await?;
        self.may_have_more = size == READ_SIZE || !self.transport.is_plain();
        Ok(size)
    }

    /// Reads what has come already; None if there is nothing.
    pub(super) async fn read_what_came(&mut self) -> Option<io::Result<usize>> {
        let Self {
            context, transport, ..
        } = self;
        poll_fn(|task| {
            let mut buffer = context.buffers.read.borrow_mut();
            Poll::Ready(match transport.poll_read(task, &mut buffer) {
                Poll::Ready(read) => Some(read),
                Poll::Pending => None,
            })
        })
        .await
    }

    /// Writes all bytes. It fails if the peer reads nothing for the write time-out, or, when the
    /// process stops, for the close time-out.
    pub(super) async fn write(
        &mut self,
        bytes: &[u8],
        pacing: WritePacing,
    ) -> Result<(), Disconnect> {
        if bytes.is_empty() {
            return Ok(());
        }
        if pacing != WritePacing::default() {
            return Box::pin(self.write_paced(bytes, pacing)).await;
        }
        let written = self.try_write(bytes)?;
        if written == bytes.len() {
            return Ok(());
        }
        let rest = bytes.get(written..).unwrap_or_default();
        Box::pin(self.write_waiting(rest)).await
    }

    /// Writes what the operating system takes at once: mostly all bytes, and nothing has to be
    /// polled. Returns how many bytes it took.
    pub(super) fn try_write(&self, bytes: &[u8]) -> Result<usize, Disconnect> {
        match self.transport.try_write(piece_of(bytes)) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(0),
            written => written.map_err(|error| disconnect(&error)),
        }
    }

    /// Writes some of the bytes, or flushes if there are none. While that must wait, it reads into
    /// the read buffer of the context, unless `may_read` is false.
    pub(super) async fn write_or_read(&mut self, bytes: &[u8], may_read: bool) -> IoProgress {
        let Self {
            context, transport, ..
        } = self;
        poll_fn(|task| {
            let mut writer = Pin::new(&mut *transport);
            let written = if bytes.is_empty() {
                writer.poll_flush(task).map_ok(|()| 0)
            } else {
                writer.as_mut().poll_write(task, bytes)
            };
            if let Poll::Ready(written) = written {
                return Poll::Ready(IoProgress::Written(written));
            }
            if !may_read {
                return Poll::Pending;
            }
            let mut buffer = context.buffers.read.borrow_mut();
            transport.poll_read(task, &mut buffer).map(IoProgress::Read)
        })
        .await
    }

    /// Writes as a fault demands: late, or in small pieces.
    async fn write_paced(&mut self, bytes: &[u8], pacing: WritePacing) -> Result<(), Disconnect> {
        /// How many pieces are written with a pause between them. A long message would take
        /// too long otherwise.
        const MAX_PAUSES: usize = 1_000;
        let WritePacing { delay, split } = pacing;
        if delay > 0 {
            self.pause(Duration::from_millis(delay)).await;
        }
        let Some(size) = split else {
            return self.write_waiting(bytes).await;
        };
        for (number, piece) in bytes.chunks(size).enumerate() {
            if (1..MAX_PAUSES).contains(&number) {
                self.pause(Duration::from_millis(1)).await;
            }
            self.write_waiting(piece).await?;
        }
        Ok(())
    }

    /// Waits, but not when the process stops.
    async fn pause(&self, duration: Duration) {
        tokio::select! {
            () = sleep(duration) => {}
            () = self.context.stop.stopped() => {}
        }
    }

    /// Writes all bytes and waits for the peer to read them.
    async fn write_waiting(&mut self, mut bytes: &[u8]) -> Result<(), Disconnect> {
        let limits = self.context.limits;
        let context = &self.context;
        let stopped_too_long = async {
            context.stop.stopped().await;
            sleep(limits.close_timeout).await;
        };
        tokio::pin!(stopped_too_long);
        let is_large = bytes.len() > ALWAYS_ALLOWED;
        while !bytes.is_empty() {
            let unread_too_long = async {
                match limits.write_timeout {
                    Some(limit) => sleep(limit).await,
                    None => pending().await,
                }
            };
            let written = tokio::select! {
                biased;
                written = self.transport.write(piece_of(bytes)) => {
                    written.map_err(|it| disconnect(&it))?
                }
                () = &mut stopped_too_long => return Err(Disconnect::DoesNotRead),
                () = unread_too_long => return Err(Disconnect::DoesNotRead),
                // Others wait for the memory of what this peer does not read.
                () = context.memory.is_wanted(), if is_large => {
                    return Err(Disconnect::DoesNotRead);
                }
            };
            if written == 0 {
                return Err(Disconnect::Reset);
            }
            bytes = bytes.get(written..).unwrap_or_default();
            if !bytes.is_empty() {
                yield_now().await;
            }
        }
        tokio::select! {
            biased;
            flushed = self.transport.flush() => flushed.map_err(|it| disconnect(&it)),
            () = &mut stopped_too_long => Err(Disconnect::DoesNotRead),
        }
    }

    /// Reports the end of the connection, and ends the transport accordingly.
    pub(super) async fn finish(mut self, end: SessionEnd) {
        self.log.event(&ConnectionEvent::Ended(&end));
        self.log.flush();
        if end.reason == (EndReason::EndedOnPurpose { reset: true }) {
            let _ = self.transport.set_zero_linger();
            return;
        }
        self.shutdown_and_drain().await;
    }

    /// Ends the outgoing stream and reads until the peer ends its own: the operating system
    /// resets a connection that is closed with unread bytes, and the peer may then lose the
    /// last bytes sent.
    pub(super) async fn shutdown_and_drain(mut self) {
        if self.transport.shutdown().await.is_err() {
            return;
        }
        let context = Rc::clone(&self.context);
        let drained = async { while self.read().await.is_ok_and(|size| size > 0) {} };
        tokio::select! {
            _ = timeout(context.limits.drain_timeout, drained) => {}
            () = context.stop.stopped() => {}
        }
    }
}

/// What is written at once: the operating system may take megabytes, which delays other
/// connections.
fn piece_of(bytes: &[u8]) -> &[u8] {
    const PIECE: usize = 256 << 10;
    bytes.get(..PIECE).unwrap_or(bytes)
}

/// How the peer disconnected, by the error of a read or a write.
pub(super) fn disconnect(error: &io::Error) -> Disconnect {
    match error.kind() {
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => Disconnect::Reset,
        // TLS that ends without a `close_notify`, as a peer that only closes its socket does.
        io::ErrorKind::UnexpectedEof => Disconnect::Fin,
        _ => Disconnect::IoError(error.to_string()),
    }
}
