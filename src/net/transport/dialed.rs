//! The bytes of a connection that a client opened: TCP, a Unix socket, TLS, or TLS in the TLS of
//! a proxy. `dial` makes a [`DialedStream`], and [`Transport`](super::Transport) holds it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
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

/// Calls the same method of the stream that a variant holds.
macro_rules! of_each {
    ($self:expr, $($variant:path)|+, $stream:ident => $call:expr) => {
        match $self {
            $($variant($stream) => $call,)+
        }
    };
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        of_each!(self.get_mut(), Self::Tcp | Self::Unix | Self::TlsToProxy, it => Pin::new(it).poll_read(context, buffer))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        of_each!(self.get_mut(), Self::Tcp | Self::Unix | Self::TlsToProxy, it => Pin::new(it).poll_write(context, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        of_each!(self.get_mut(), Self::Tcp | Self::Unix | Self::TlsToProxy, it => Pin::new(it).poll_flush(context))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        of_each!(self.get_mut(), Self::Tcp | Self::Unix | Self::TlsToProxy, it => Pin::new(it).poll_shutdown(context))
    }
}

impl AsyncRead for DialedStream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        of_each!(self.get_mut(), Self::Plain | Self::Tls, it => Pin::new(it).poll_read(context, buffer))
    }
}

impl AsyncWrite for DialedStream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        of_each!(self.get_mut(), Self::Plain | Self::Tls, it => Pin::new(it).poll_write(context, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        of_each!(self.get_mut(), Self::Plain | Self::Tls, it => Pin::new(it).poll_flush(context))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        of_each!(self.get_mut(), Self::Plain | Self::Tls, it => Pin::new(it).poll_shutdown(context))
    }
}
