//! The bytes of one socket, with or without TLS. The server makes a [`Transport`] of a connection
//! that it accepts, `dial` of one that it opens; `connection` reads and writes it.

mod dialed;
mod tls_server;

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::server::TlsStream;

pub(super) use dialed::{ClientTlsStream, DialedStream};
pub use tls_server::{Tls, TlsError};

/// A stream of bytes in both directions.
#[derive(Debug)]
pub enum Transport {
    /// TCP.
    Tcp(TcpStream),
    /// TLS over TCP, of which this end is the server.
    TlsServer(Box<TlsStream<TcpStream>>),
    /// A connection that this end opened, other than TCP without TLS.
    Dialed(Box<DialedStream>),
    /// Nothing: the TLS handshake did not complete.
    Closed,
}

/// A TLS handshake that failed.
pub(super) struct TlsFailure {
    /// The stream to shut down.
    pub(super) transport: Transport,
    /// Why it failed.
    pub(super) reason: String,
}

impl Transport {
    /// Whether the bytes are not encrypted.
    pub(super) const fn is_plain(&self) -> bool {
        matches!(self, Self::Tcp(_))
    }

    /// Makes the connection end with RST instead of FIN when it is dropped.
    pub(super) fn set_zero_linger(&self) -> io::Result<()> {
        match self {
            Self::Tcp(socket) => socket.set_zero_linger(),
            Self::TlsServer(stream) => stream.get_ref().0.set_zero_linger(),
            Self::Dialed(stream) => stream.set_zero_linger(),
            Self::Closed => Ok(()),
        }
    }

    /// Accepts TLS from a client that begins with it. A client that does not keeps a plain
    /// stream, on which it can be told what is wrong.
    pub(super) async fn accept_tls(
        socket: TcpStream,
        tls: &Tls,
        deadline: Instant,
    ) -> Result<Self, TlsFailure> {
        let mut first = [0];
        let peeked = timeout_at(deadline, socket.peek(&mut first)).await;
        // The type of a TLS record with a handshake message (RFC 8446 section 5.1).
        if !matches!(peeked, Ok(Ok(1))) || first != [0x16] {
            return Ok(Self::Tcp(socket));
        }
        let handshake = tls.acceptor.accept(socket).into_fallible();
        match timeout_at(deadline, handshake).await {
            Ok(Ok(stream)) => Ok(Self::TlsServer(Box::new(stream))),
            Ok(Err((error, socket))) => Err(TlsFailure {
                transport: Self::Tcp(socket),
                reason: format!("the TLS handshake failed: {error}"),
            }),
            Err(_) => Err(TlsFailure {
                transport: Self::Closed,
                reason: "the TLS handshake was not complete in time".to_owned(),
            }),
        }
    }

    /// Reads once, as soon as there are bytes. Returns how many, 0 at the end of the stream.
    pub(super) fn poll_read(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let mut filled = ReadBuf::new(buffer);
        match self {
            Self::Tcp(socket) => ready!(Pin::new(socket).poll_read(context, &mut filled))?,
            Self::TlsServer(stream) => {
                ready!(poll_flush_and_read(stream, context, &mut filled))?;
            }
            Self::Dialed(stream) => {
                ready!(poll_flush_and_read(stream, context, &mut filled))?;
            }
            Self::Closed => {}
        }
        Poll::Ready(Ok(filled.filled().len()))
    }

    /// Writes what the operating system takes without waiting. Returns how many bytes it took.
    pub(super) fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(socket) => socket.try_write(bytes),
            Self::TlsServer(_) | Self::Dialed(_) | Self::Closed => {
                Err(io::ErrorKind::WouldBlock.into())
            }
        }
    }
}

/// A connection that a client opened.
impl From<DialedStream> for Transport {
    fn from(stream: DialedStream) -> Self {
        match stream {
            DialedStream::Tcp(socket) => Self::Tcp(socket),
            stream => Self::Dialed(Box::new(stream)),
        }
    }
}

/// Reads once. Records that the last write left in the buffer of TLS are written meanwhile. If that
/// fails, what the peer sent before it disconnected is still read: often it says why.
fn poll_flush_and_read(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    context: &mut Context<'_>,
    buffer: &mut ReadBuf<'_>,
) -> Poll<io::Result<()>> {
    let flushed = Pin::new(&mut *stream).poll_flush(context);
    ready!(Pin::new(stream).poll_read(context, buffer))?;
    match flushed {
        Poll::Ready(Err(error)) if buffer.filled().is_empty() => Poll::Ready(Err(error)),
        _ => Poll::Ready(Ok(())),
    }
}

impl AsyncRead for Transport {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let size = ready!(Self::poll_read(
            self.get_mut(),
            context,
            buffer.initialize_unfilled()
        ))?;
        buffer.advance(size);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Transport {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(socket) => Pin::new(socket).poll_write(context, bytes),
            Self::TlsServer(stream) => Pin::new(stream).poll_write(context, bytes),
            Self::Dialed(stream) => Pin::new(stream).poll_write(context, bytes),
            Self::Closed => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(socket) => Pin::new(socket).poll_flush(context),
            Self::TlsServer(stream) => Pin::new(stream).poll_flush(context),
            Self::Dialed(stream) => Pin::new(stream).poll_flush(context),
            Self::Closed => Poll::Ready(Ok(())),
        }
    }

    /// Ends the outgoing stream: with TLS, a `close_notify` comes first (RFC 8446 section 6.1).
    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(socket) => Pin::new(socket).poll_shutdown(context),
            Self::TlsServer(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Dialed(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Closed => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    }
}
