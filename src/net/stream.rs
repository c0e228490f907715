//! What a connection's bytes go through: a socket, or TLS over one.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead as _, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::server::TlsStream;

use super::tls::Tls;

/// A stream of bytes in both directions.
pub(super) enum Transport {
    /// As they are.
    Plain(TcpStream),
    /// Enciphered.
    Tls(Box<TlsStream<TcpStream>>),
    /// None: TLS was begun, and never came to be.
    Closed,
}

/// What came of a TLS handshake that failed.
pub(super) struct TlsFailure {
    /// What is left, to hang up.
    pub(super) stream: Transport,
    /// Why.
    pub(super) reason: String,
}

impl Transport {
    /// Whether there is nothing between the bytes and the socket.
    pub(super) const fn is_plain(&self) -> bool {
        matches!(self, Self::Plain(_))
    }

    /// Lets the socket be reset when it is closed, instead of being ended.
    pub(super) fn set_zero_linger(&self) -> io::Result<()> {
        match self {
            Self::Plain(socket) => socket.set_zero_linger(),
            Self::Tls(stream) => stream.get_ref().0.set_zero_linger(),
            Self::Closed => Ok(()),
        }
    }

    /// Speaks TLS with a client that begins with it, and leaves others as they are: they
    /// can be told what is wrong.
    pub(super) async fn accept(
        socket: TcpStream,
        tls: &Tls,
        deadline: Instant,
    ) -> Result<Self, TlsFailure> {
        let mut first = [0];
        let peeked = timeout_at(deadline, socket.peek(&mut first)).await;
        // The type of a TLS record with a handshake message (RFC 8446 §5.1).
        if !matches!(peeked, Ok(Ok(1))) || first != [0x16] {
            return Ok(Self::Plain(socket));
        }
        let handshake = tls.acceptor.accept(socket).into_fallible();
        match timeout_at(deadline, handshake).await {
            Ok(Ok(stream)) => Ok(Self::Tls(Box::new(stream))),
            Ok(Err((error, socket))) => Err(TlsFailure {
                stream: Self::Plain(socket),
                reason: format!("the TLS handshake failed: {error}"),
            }),
            Err(_) => Err(TlsFailure {
                stream: Self::Closed,
                reason: "the TLS handshake was not complete in time".to_owned(),
            }),
        }
    }

    /// Reads once, as soon as there is something; how many bytes, none at the end.
    pub(super) fn poll_read(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let mut filled = ReadBuf::new(buffer);
        match self {
            Self::Plain(socket) => ready!(Pin::new(socket).poll_read(context, &mut filled))?,
            Self::Tls(stream) => {
                // What the last write has left behind goes out meanwhile.
                let _ = Pin::new(&mut *stream).poll_flush(context)?;
                ready!(Pin::new(stream).poll_read(context, &mut filled))?;
            }
            Self::Closed => {}
        }
        Poll::Ready(Ok(filled.filled().len()))
    }

    /// Writes without waiting what the system takes; how many bytes that was.
    pub(super) fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.try_write(bytes),
            Self::Tls(_) | Self::Closed => Err(io::ErrorKind::WouldBlock.into()),
        }
    }
}

impl AsyncWrite for Transport {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(socket) => Pin::new(socket).poll_write(context, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(context, bytes),
            Self::Closed => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(socket) => Pin::new(socket).poll_flush(context),
            Self::Tls(stream) => Pin::new(stream).poll_flush(context),
            Self::Closed => Poll::Ready(Ok(())),
        }
    }

    /// Says that nothing more comes: with TLS by a `close_notify` first (RFC 8446 §6.1).
    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(socket) => Pin::new(socket).poll_shutdown(context),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Closed => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    }
}
