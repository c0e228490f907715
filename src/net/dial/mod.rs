//! Opens the connection of a client: name, TCP, proxy, TLS, and the response to its request.
//!
//! What goes in is a [`Target`], [`DialOptions`] and the bytes of a request. What comes out is
//! [`Opened`]: the [`Transport`], the response head, the bytes glued to it, and each step with
//! its time; or [`DialError`] with the step that failed. [`dial`] opens the transport alone, for
//! callers that write and read for themselves, with [`read_response`] for the head.
//!
//! `commands::dial` makes the arguments out of options of the command line. `connect` and
//! `check` use both.

mod error;
mod proxy;
mod response;
mod target;
mod tls_client;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpStream, UnixStream, lookup_host};
use tokio::time::{Instant, timeout_at};
use tokio_rustls::rustls::pki_types::ServerName;

pub use error::{CompletedStep, DialError, DialFailure, DialStep, TlsProblem, system_text};
pub use proxy::{EnvironmentProxy, Proxy, ProxyKind, proxy_of_environment};
pub use response::{MAX_RESPONSE_HEAD, ResponseBytes, read_body, read_response};
pub use target::{Target, TargetError};
pub use tls_client::{TlsClient, Trust};

use super::context::now;
use super::transport::{ClientTlsStream, DialedStream, Socket, Transport};

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

/// A connection on which nothing was sent yet, but what proxies and TLS need.
#[derive(Debug)]
pub struct Dialed {
    /// The bytes of the connection.
    pub transport: Transport,
    /// The steps, in their order.
    pub steps: Vec<CompletedStep>,
}

/// A connection on which a request was sent and the response head was received.
#[derive(Debug)]
pub struct Opened {
    /// The bytes of the connection, from the end of [`ResponseBytes::after_head`] on.
    pub transport: Transport,
    /// The response head, whatever its status, and the bytes glued to it.
    pub response: ResponseBytes,
    /// The steps, in their order. The last one is [`DialStep::Upgrade`].
    pub steps: Vec<CompletedStep>,
}

/// Opens the transport to `target`.
///
/// # Errors
///
/// [`DialError`] with the step that failed.
pub async fn dial(target: &Target, options: &DialOptions) -> Result<Dialed, DialError> {
    let mut dialler = Dialler::new(options);
    let transport = dialler.run(target).await;
    let steps = dialler.steps;
    match transport {
        Ok(transport) => Ok(Dialed { transport, steps }),
        Err(error) => Err(DialError {
            completed: steps,
            ..error
        }),
    }
}

/// Opens the transport to `target`, writes `request` and reads the head of the response. The
/// response may have any status. [`DialOptions::timeout`] limits all of it together.
///
/// `request` is normally what `RequestHead::encode` returns; frames may follow the head.
///
/// # Errors
///
/// [`DialError`] with the step that failed.
pub async fn open(
    target: &Target,
    options: &DialOptions,
    request: &[u8],
) -> Result<Opened, DialError> {
    let mut dialler = Dialler::new(options);
    let opened = async {
        let mut transport = dialler.run(target).await?;
        let response = dialler.upgrade(&mut transport, request).await?;
        Ok((transport, response))
    };
    let opened = opened.await;
    let steps = dialler.steps;
    match opened {
        Ok((transport, response)) => Ok(Opened {
            transport,
            response,
            steps,
        }),
        Err(error) => Err(DialError {
            completed: steps,
            ..error
        }),
    }
}

struct Dialler<'a> {
    options: &'a DialOptions,
    deadline: Instant,
    step_started: Instant,
    steps: Vec<CompletedStep>,
}

impl<'a> Dialler<'a> {
    fn new(options: &'a DialOptions) -> Self {
        let started = now();
        Self {
            options,
            deadline: started + options.timeout,
            step_started: started,
            steps: Vec::new(),
        }
    }

    async fn run(&mut self, target: &Target) -> Result<Transport, DialError> {
        let socket = self.socket(target).await?;
        if !target.is_secure {
            return Ok(DialedStream::Plain(socket).into());
        }
        let name = self.options.server_name.as_deref().unwrap_or(&target.host);
        let stream = self.handshake(socket, name).await?;
        Ok(DialedStream::Tls(Box::new(stream)).into())
    }

    /// Sends the request and reads the response. A server may answer before it has read the
    /// whole request, and close.
    async fn upgrade(
        &mut self,
        transport: &mut Transport,
        request: &[u8],
    ) -> Result<ResponseBytes, DialError> {
        let exchange = async {
            let written = async {
                transport.write_all(request).await?;
                transport.flush().await
            };
            let written = written.await;
            match (read_response(transport).await, written) {
                (Err(DialFailure::Closed(_)), Err(error)) => Err(error.into()),
                (response, _) => response,
            }
        };
        let response = self.in_time(DialStep::Upgrade, exchange).await?;
        let response = response.map_err(|reason| DialError::new(DialStep::Upgrade, reason))?;
        self.complete(DialStep::Upgrade);
        Ok(response)
    }

    /// The connection that TLS, if there is any, goes through.
    async fn socket(&mut self, target: &Target) -> Result<Socket, DialError> {
        if let Some(path) = &self.options.unix {
            let connected = self
                .in_time(DialStep::Tcp, UnixStream::connect(path))
                .await?;
            let socket = connected
                .map_err(|error| DialError::new(DialStep::Tcp, DialFailure::UnixSocket(error)))?;
            self.complete(DialStep::Tcp);
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
        self.complete(DialStep::Proxy);
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
            self.complete(DialStep::Dns);
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
                    let step = self.end(DialStep::Tcp);
                    self.steps.push(CompletedStep {
                        address: Some(address),
                        refused,
                        ..step
                    });
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
    ) -> Result<ClientTlsStream, DialError> {
        let failed = |problem| DialError::new(DialStep::Tls, DialFailure::Tls(problem));
        let Some(tls) = &self.options.tls else {
            return Err(failed(TlsProblem::Other("no TLS settings".to_owned())));
        };
        let name = ServerName::try_from(name.to_owned())
            .map_err(|error| failed(TlsProblem::Other(error.to_string())))?;
        let handshake = tls.connector.connect(name, socket);
        let stream = self.in_time(DialStep::Tls, handshake).await?;
        let stream = stream.map_err(|error| DialError::new(DialStep::Tls, error.into()))?;
        let version = stream.get_ref().1.protocol_version();
        let version = version.and_then(|version| version.as_str());
        let tls_version = version.map(|name| name.replace("TLSv1_", "TLS 1."));
        let step = self.end(DialStep::Tls);
        self.steps.push(CompletedStep {
            tls_version,
            ..step
        });
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

    /// Ends the current step. The next one begins.
    fn complete(&mut self, step: DialStep) {
        let step = self.end(step);
        self.steps.push(step);
    }

    /// The current step, which ends now.
    fn end(&mut self, step: DialStep) -> CompletedStep {
        let now = now();
        let time = now - self.step_started;
        self.step_started = now;
        CompletedStep {
            step,
            time,
            tls_version: None,
            address: None,
            refused: Vec::new(),
        }
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
