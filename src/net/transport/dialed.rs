//! The bytes of a connection that a client opened: TCP, a Unix socket, TLS, or TLS in the TLS of
//! a proxy. `dial` makes a [`DialedStream`], and [`Transport`](super::Transport) holds it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;
use tokio_rustls::client::TlsStream;

/// TLS over a connection that a client opened.
pub(in crate::net) type ClientTlsStream = TlsStream<DialedStream>;

/// A connection that a client opened.
#[derive(Debug)]
pub enum DialedStream {
    /// TCP, to the target or to a proxy.
    Tcp(TcpStream),
    /// A Unix socket.
    #[cfg(unix)]
    Unix(UnixStream),
    /// TLS to the target or to a proxy, over another stream.
    Tls(Box<ClientTlsStream>),
}

/// What all variants have in common.
trait ByteStream: AsyncRead + AsyncWrite + Unpin {}

impl<S: AsyncRead + AsyncWrite + Unpin> ByteStream for S {}

impl DialedStream {
    /// Makes the connection end with RST instead of FIN when it is dropped. A Unix socket has no
    /// RST.
    pub(super) fn set_zero_linger(&self) -> io::Result<()> {
        match self {
            Self::Tcp(socket) => socket.set_zero_linger(),
            #[cfg(unix)]
            Self::Unix(_) => Ok(()),
            Self::Tls(stream) => stream.get_ref().0.set_zero_linger(),
        }
    }

    fn stream(&mut self) -> Pin<&mut dyn ByteStream> {
        match self {
            Self::Tcp(socket) => Pin::new(socket),
            #[cfg(unix)]
            Self::Unix(socket) => Pin::new(socket),
            Self::Tls(stream) => Pin::new(stream),
        }
    }
}

impl AsyncRead for DialedStream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.get_mut().stream().poll_read(context, buffer)
    }
}

impl AsyncWrite for DialedStream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.get_mut().stream().poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().stream().poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().stream().poll_shutdown(context)
    }
}
