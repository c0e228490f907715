//! Opens the connection of a client: name, TCP, proxy, TLS. What goes in is a [`Target`] and
//! [`DialOptions`]; what comes out is a [`DialedStream`], and each step with its time.
//! `connect` uses it now.

mod error;
mod proxy;
mod stream;
mod target;
mod tls_client;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use tokio::net::{TcpStream, UnixStream, lookup_host};
use tokio::time::{Instant, timeout_at};
use tokio_rustls::rustls::pki_types::ServerName;

pub use error::{DialError, DialFailure, DialStep, TlsProblem};
pub use proxy::{EnvironmentProxy, Proxy, ProxyKind, proxy_of_environment};
pub use stream::DialedStream;
pub use target::{Target, TargetError};
pub use tls_client::{TlsClient, Trust};

use stream::Socket;

/// How a connection is opened.
#[derive(Clone, Debug)]
pub struct DialOptions {
    /// The address that is dialled instead of the URL's.
    pub connect_to: Option<(String, u16)>,
    /// The Unix socket that is dialled instead of an address.
    pub unix: Option<PathBuf>,
    /// The only family of addresses that is used.
    pub family: Option<AddressFamily>,
    /// The proxy that opens the connection.
    pub proxy: Option<Proxy>,
    /// The name that TLS sends and verifies instead of the URL's host.
    pub server_name: Option<String>,
    /// The TLS settings, for `wss` and for a proxy that is reached over TLS.
    pub tls: Option<TlsClient>,
    /// The time for all steps together.
    pub timeout: Duration,
}

/// A family of IP addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressFamily {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

/// A step that is complete.
#[derive(Debug)]
pub struct CompletedStep {
    /// The step.
    pub step: DialStep,
    /// How long it took.
    pub time: Duration,
    /// What else is known: the version of TLS.
    pub detail: Option<String>,
    /// The addresses that refused before one accepted, with what the system said.
    pub refused: Vec<(SocketAddr, io::Error)>,
}

/// Opens the connection to `target`. Each complete step is given to `on_step`.
///
/// # Errors
///
/// [`DialError`] with the step that failed.
pub async fn dial(
    target: &Target,
    options: &DialOptions,
    on_step: &mut dyn FnMut(CompletedStep),
) -> Result<DialedStream, DialError> {
    let dialler = Dialler {
        options,
        deadline: Instant::now() + options.timeout,
        step_started: Instant::now(),
        on_step,
    };
    dialler.run(target).await
}

struct Dialler<'a> {
    options: &'a DialOptions,
    deadline: Instant,
    step_started: Instant,
    on_step: &'a mut dyn FnMut(CompletedStep),
}

impl Dialler<'_> {
    async fn run(mut self, target: &Target) -> Result<DialedStream, DialError> {
        let socket = self.socket(target).await?;
        if !target.is_secure {
            return Ok(DialedStream::Plain(socket));
        }
        let name = self.options.server_name.as_deref().unwrap_or(&target.host);
        let stream = self.handshake(socket, name).await?;
        Ok(DialedStream::Tls(Box::new(stream)))
    }

    /// The connection that TLS, if there is any, goes through.
    async fn socket(&mut self, target: &Target) -> Result<Socket, DialError> {
        if let Some(path) = &self.options.unix {
            let connected = self
                .in_time(DialStep::Tcp, UnixStream::connect(path))
                .await?;
            let socket = connected
                .map_err(|error| DialError::new(DialStep::Tcp, DialFailure::UnixSocket(error)))?;
            self.complete(DialStep::Tcp, None, Vec::new());
            return Ok(Socket::Unix(socket));
        }
        let (host, port) = match &self.options.connect_to {
            Some((host, port)) => (host.as_str(), *port),
            None => (target.host.as_str(), target.port),
        };
        match self.options.proxy.clone() {
            None => Ok(Socket::Tcp(self.connect(host, port).await?)),
            Some(proxy) => self.through(&proxy, host, port).await,
        }
    }

    async fn through(&mut self, proxy: &Proxy, host: &str, port: u16) -> Result<Socket, DialError> {
        let tcp = self.connect(&proxy.host, proxy.port).await?;
        let socket = match proxy.kind {
            ProxyKind::Http | ProxyKind::Https => {
                let mut socket = Socket::Tcp(tcp);
                if proxy.kind == ProxyKind::Https {
                    let stream = self.handshake(socket, &proxy.host).await?;
                    socket = Socket::TlsToProxy(Box::new(stream));
                }
                let asked = proxy::connect_by_http(&mut socket, proxy, host, port);
                self.in_time(DialStep::Proxy, asked).await??;
                socket
            }
            ProxyKind::Socks5 => {
                let asked = proxy::connect_by_socks(tcp, proxy, host, port);
                Socket::Tcp(self.in_time(DialStep::Proxy, asked).await??)
            }
        };
        self.complete(DialStep::Proxy, None, Vec::new());
        Ok(socket)
    }

    /// Resolves a name, and connects to its addresses one after the other.
    async fn connect(&mut self, host: &str, port: u16) -> Result<TcpStream, DialError> {
        let failed = |step, reason| DialError::new(step, reason);
        let found = self
            .in_time(DialStep::Dns, lookup_host((host, port)))
            .await?;
        let found = found
            .map_err(|error| failed(DialStep::Dns, DialFailure::NameNotFound(error.to_string())))?;
        let family = self.options.family;
        let addresses: Vec<SocketAddr> = found.filter(|it| is_of(family, it.ip())).collect();
        if addresses.is_empty() {
            return Err(failed(DialStep::Dns, DialFailure::NoAddressOfFamily));
        }
        if host.parse::<IpAddr>().is_err() {
            self.complete(DialStep::Dns, None, Vec::new());
        }
        let mut refused = Vec::new();
        for address in addresses {
            match self
                .in_time(DialStep::Tcp, TcpStream::connect(address))
                .await?
            {
                Ok(socket) => {
                    // A frame is sent at once, not when the one before is acknowledged.
                    let _ = socket.set_nodelay(true);
                    self.complete(DialStep::Tcp, None, refused);
                    return Ok(socket);
                }
                Err(error) => refused.push((address, error)),
            }
        }
        Err(failed(DialStep::Tcp, DialFailure::NotConnected(refused)))
    }

    async fn handshake(
        &mut self,
        socket: Socket,
        name: &str,
    ) -> Result<stream::ClientTlsStream, DialError> {
        let failed = |problem| DialError::new(DialStep::Tls, DialFailure::Tls(problem));
        let Some(tls) = &self.options.tls else {
            return Err(failed(TlsProblem::Other("no TLS settings".to_owned())));
        };
        let name = ServerName::try_from(name.to_owned())
            .map_err(|error| failed(TlsProblem::Other(error.to_string())))?;
        let handshake = tls.connector.connect(name, socket);
        let stream = self.in_time(DialStep::Tls, handshake).await?;
        let stream = stream.map_err(|error| DialError::io(DialStep::Tls, error))?;
        let version = stream.get_ref().1.protocol_version();
        let detail = version
            .and_then(|version| version.as_str())
            .map(|name| name.replace("TLSv1_", "TLS 1."));
        self.complete(DialStep::Tls, detail, Vec::new());
        Ok(stream)
    }

    async fn in_time<T>(
        &self,
        step: DialStep,
        action: impl Future<Output = T>,
    ) -> Result<T, DialError> {
        timeout_at(self.deadline, action)
            .await
            .map_err(|_| DialError::new(step, DialFailure::TimedOut(self.options.timeout)))
    }

    fn complete(
        &mut self,
        step: DialStep,
        detail: Option<String>,
        refused: Vec<(SocketAddr, io::Error)>,
    ) {
        let now = Instant::now();
        let time = now - self.step_started;
        self.step_started = now;
        (self.on_step)(CompletedStep {
            step,
            time,
            detail,
            refused,
        });
    }
}

const fn is_of(family: Option<AddressFamily>, address: IpAddr) -> bool {
    match family {
        None => true,
        Some(AddressFamily::V4) => address.is_ipv4(),
        Some(AddressFamily::V6) => address.is_ipv6(),
    }
}

#[cfg(test)]
mod tests;
