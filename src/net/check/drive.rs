//! Moves the bytes of one connection of `wsctl check` between the socket and the probe, which
//! decides everything.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncWrite as _, AsyncWriteExt as _};
use tokio::time::{Instant, sleep_until, timeout};

use crate::check::{Observation, PeerEnd, Probe, Transmit};
use crate::net::context::now;
use crate::net::transport::Transport;

/// How many bytes are read at once.
const READ_SIZE: usize = 16 * 1024;

/// How long the end of the connection may take once the probe is done.
const FAREWELL: Duration = Duration::from_millis(20);

/// Drives a probe until it is done, and ends the outgoing stream.
pub async fn run_probe(transport: &mut Transport, mut probe: Probe<'_>) -> Observation {
    let mut buffer = vec![0; READ_SIZE];
    let mut outgoing = Outgoing::default();
    loop {
        outgoing.take_from(&mut probe, transport);
        if probe.is_done() && outgoing.is_empty() {
            break;
        }
        let due = probe.poll_timeout().map(Instant::from_std);
        let moved = poll_fn(|context| outgoing.poll_move(context, transport, &mut buffer));
        tokio::select! {
            biased;
            moved = moved => match moved {
                Moved::Read(Ok(0)) => outgoing.end(&mut probe, PeerEnd::Fin),
                Moved::Read(Ok(size)) => {
                    let bytes = buffer.get_mut(..size).unwrap_or_default();
                    probe.handle_bytes(now().into_std(), bytes);
                }
                Moved::Read(Err(error)) => outgoing.end(&mut probe, end_of(&error)),
                // What the peer sent before it closed is read first.
                Moved::Written(result) => outgoing.is_broken |= result.is_err(),
            },
            () = sleep_until(due.unwrap_or_else(now)), if due.is_some() => {
                probe.handle_timeout(now().into_std());
            }
        }
    }
    if !outgoing.is_broken {
        let _ = timeout(FAREWELL, transport.shutdown()).await;
    }
    probe.finish(now().into_std())
}

/// What happened on the socket.
enum Moved {
    Read(io::Result<usize>),
    Written(io::Result<()>),
}

/// What is not written yet, and how the connection stands.
#[derive(Default)]
struct Outgoing {
    bytes: Vec<u8>,
    written: usize,
    /// Whether FIN follows the bytes.
    fin: bool,
    /// Whether nothing can be written any more.
    is_broken: bool,
    /// Whether the peer has ended its stream.
    has_ended: bool,
}

impl Outgoing {
    const fn is_empty(&self) -> bool {
        self.is_broken || (self.bytes.is_empty() && !self.fin)
    }

    /// Takes the next write of the probe, if the one before it is complete.
    fn take_from(&mut self, probe: &mut Probe<'_>, transport: &mut Transport) {
        while self.is_empty() {
            match probe.poll_transmit(now().into_std()) {
                None => return,
                Some(_) if self.is_broken => {}
                Some(Transmit::Bytes(bytes)) => self.bytes = bytes,
                Some(Transmit::Fin) => self.fin = true,
                Some(Transmit::Reset) => {
                    // The connection is dropped right after it.
                    let _ = transport.set_zero_linger();
                    self.is_broken = true;
                    self.end(probe, PeerEnd::Reset);
                }
            }
        }
    }

    fn poll_move(
        &mut self,
        context: &mut Context<'_>,
        transport: &mut Transport,
        buffer: &mut [u8],
    ) -> Poll<Moved> {
        if !self.has_ended
            && let Poll::Ready(read) = transport.poll_read(context, buffer)
        {
            return Poll::Ready(Moved::Read(read));
        }
        if !self.is_empty()
            && let Poll::Ready(written) = self.poll_write(context, transport)
        {
            return Poll::Ready(Moved::Written(written));
        }
        Poll::Pending
    }

    fn poll_write(
        &mut self,
        context: &mut Context<'_>,
        transport: &mut Transport,
    ) -> Poll<io::Result<()>> {
        let mut transport = Pin::new(transport);
        if self.bytes.is_empty() {
            ready!(transport.poll_shutdown(context))?;
            self.fin = false;
            return Poll::Ready(Ok(()));
        }
        if self.written < self.bytes.len() {
            let rest = self.bytes.get(self.written..).unwrap_or_default();
            self.written += ready!(transport.as_mut().poll_write(context, rest))?;
        }
        ready!(transport.poll_flush(context))?;
        if self.written >= self.bytes.len() {
            self.bytes.clear();
            self.written = 0;
        }
        Poll::Ready(Ok(()))
    }

    fn end(&mut self, probe: &mut Probe<'_>, end: PeerEnd) {
        self.has_ended = true;
        probe.handle_end(now().into_std(), end);
    }
}

fn end_of(error: &io::Error) -> PeerEnd {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => PeerEnd::Fin,
        _ => PeerEnd::Reset,
    }
}
