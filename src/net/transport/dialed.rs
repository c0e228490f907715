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

/// TLS over the socket of a client.
pub(in crate::net) type ClientTlsStream = TlsStream<Socket>;

/// A connection that a client opened.
#[derive(Debug)]
pub enum DialedStream {
    /// Without TLS to the target.
    Plain(Socket),
    /// With TLS to the target.
    Tls(Box<ClientTlsStream>),
}

/// What a connection goes through below its TLS.
#[derive(Debug)]
pub enum Socket {
    /// TCP, to the target or to a proxy.
    Tcp(TcpStream),
    /// A Unix socket.
    #[cfg(unix)]
    Unix(UnixStream),
    /// TLS to a proxy.
    TlsToProxy(Box<ClientTlsStream>),
}

impl DialedStream {
    /// The socket below all TLS.
    pub(super) fn socket(&self) -> &Socket {
        let mut socket = match self {
            Self::Plain(socket) => socket,
            Self::Tls(stream) => stream.get_ref().0,
        };
        while let Socket::TlsToProxy(stream) = socket {
            socket = stream.get_ref().0;
        }
        socket
    }
}

/// What all variants have in common.
trait ByteStream: AsyncRead + AsyncWrite + Unpin {}

impl<S: AsyncRead + AsyncWrite + Unpin> ByteStream for S {}

impl Socket {
    fn stream(&mut self) -> Pin<&mut dyn ByteStream> {
        match self {
            Self::Tcp(socket) => Pin::new(socket),
            #[cfg(unix)]
            Self::Unix(socket) => Pin::new(socket),
            Self::TlsToProxy(stream) => Pin::new(stream),
        }
    }
}

impl DialedStream {
    fn stream(&mut self) -> Pin<&mut dyn ByteStream> {
        match self {
            Self::Plain(socket) => Pin::new(socket),
            Self::Tls(stream) => Pin::new(stream),
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.get_mut().stream().poll_read(context, buffer)
    }
}

impl AsyncWrite for Socket {
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
