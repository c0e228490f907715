//! The steps of opening a connection, each with its time. `dial` and `open` run them.

#[cfg(not(unix))]
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::rustls::pki_types::ServerName;

use super::DialOptions;
use super::error::{CompletedStep, DialError, DialFailure, DialStep, TlsProblem};
use super::proxy::{Proxy, ProxyKind};
use super::response::{ResponseBytes, read_response};
use super::target::Target;
use super::tcp::{Connected, connect_to_one, resolve};
use super::tls_client::TlsClient;
use super::tunnel;
use crate::net::context::now;
use crate::net::transport::{ClientTlsStream, DialedStream, Transport};

/// Opens one connection, and measures the steps.
pub(super) struct Dialler<'a> {
    options: &'a DialOptions,
    deadline: Instant,
    step_started: Instant,
    steps: Vec<CompletedStep>,
}

impl<'a> Dialler<'a> {
    pub(super) fn new(options: &'a DialOptions) -> Self {
        let started = now();
        Self {
            options,
            deadline: started + options.timeout,
            step_started: started,
            steps: Vec::new(),
        }
    }

    /// The steps that were complete.
    pub(super) fn into_steps(self) -> Vec<CompletedStep> {
        self.steps
    }

    /// The error with what came before it.
    pub(super) fn failed(self, error: DialError) -> DialError {
        let tls = self.options.tls.as_ref();
        DialError {
            completed: self.steps,
            was_asked_for_certificate: tls.is_some_and(TlsClient::was_asked_for_certificate),
            ..error
        }
    }

    /// Opens the transport.
    pub(super) async fn run(&mut self, target: &Target) -> Result<Transport, DialError> {
        let socket = self.socket(target).await?;
        if !target.is_secure {
            return Ok(socket.into());
        }
        let name = self.options.server_name.as_deref().unwrap_or(&target.host);
        let stream = self.handshake(socket, name).await?;
        Ok(DialedStream::Tls(Box::new(stream)).into())
    }

    /// Sends the request and reads the response. A server may answer before it has read the
    /// whole request, and close.
    pub(super) async fn upgrade(
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
    async fn socket(&mut self, target: &Target) -> Result<DialedStream, DialError> {
        if let Some(path) = &self.options.unix {
            return self.unix_socket(path).await;
        }
        let (host, port) = match &self.options.connect_to {
            Some((host, port)) => (host.as_str(), *port),
            None => (target.host.as_str(), target.port),
        };
        match self.options.proxy.clone() {
            None => Ok(DialedStream::Tcp(self.connect(host, port).await?)),
            Some(proxy) => self.through(&proxy, host, port).await,
        }
    }

    #[cfg(unix)]
    async fn unix_socket(&mut self, path: &Path) -> Result<DialedStream, DialError> {
        let connected = UnixStream::connect(path);
        let connected = self.in_time(DialStep::Tcp, connected).await?;
        let socket = connected
            .map_err(|error| DialError::new(DialStep::Tcp, DialFailure::UnixSocket(error)))?;
        self.complete(DialStep::Tcp);
        Ok(DialedStream::Unix(socket))
    }

    #[cfg(not(unix))]
    async fn unix_socket(&mut self, _path: &Path) -> Result<DialedStream, DialError> {
        let error = io::ErrorKind::Unsupported.into();
        Err(DialError::new(
            DialStep::Tcp,
            DialFailure::UnixSocket(error),
        ))
    }

    async fn through(
        &mut self,
        proxy: &Proxy,
        host: &str,
        port: u16,
    ) -> Result<DialedStream, DialError> {
        let tcp = self.connect(&proxy.host, proxy.port).await?;
        let socket = match proxy.kind {
            ProxyKind::Http | ProxyKind::Https => {
                let mut socket = DialedStream::Tcp(tcp);
                if proxy.kind == ProxyKind::Https {
                    let stream = self.handshake(socket, &proxy.host).await?;
                    socket = DialedStream::Tls(Box::new(stream));
                }
                let asked = tunnel::connect_by_http(&mut socket, proxy, host, port);
                self.in_time(DialStep::Proxy, asked).await??;
                socket
            }
            ProxyKind::Socks5 => {
                let asked = tunnel::connect_by_socks(tcp, proxy, host, port);
                DialedStream::Tcp(self.in_time(DialStep::Proxy, asked).await??)
            }
        };
        self.complete(DialStep::Proxy);
        Ok(socket)
    }

    /// Resolves a name, and connects to its addresses one after the other.
    async fn connect(&mut self, host: &str, port: u16) -> Result<TcpStream, DialError> {
        let failed = |step, reason| DialError::new(step, reason);
        let found = self.in_time(DialStep::Dns, resolve(host, port)).await?;
        let found = found
            .map_err(|error| failed(DialStep::Dns, DialFailure::NameNotFound(error.to_string())))?;
        let is_usable = |address: &SocketAddr| {
            let family = self.options.family;
            family.is_none_or(|family| family.contains(address.ip()))
        };
        let addresses: Vec<SocketAddr> = found.into_iter().filter(is_usable).collect();
        if addresses.is_empty() {
            return Err(failed(DialStep::Dns, DialFailure::NoAddressOfFamily));
        }
        if host.parse::<IpAddr>().is_err() {
            self.complete(DialStep::Dns);
        }
        let connected = connect_to_one(&addresses, self.deadline, TcpStream::connect::<SocketAddr>);
        let Connected {
            stream,
            address,
            refused,
        } = connected
            .await
            .map_err(|tried| failed(DialStep::Tcp, DialFailure::NotConnected(tried)))?;
        // A frame is sent at once, not when the one before is acknowledged.
        let _ = stream.set_nodelay(true);
        let step = self.end(DialStep::Tcp);
        self.steps.push(CompletedStep {
            address: Some(address),
            refused,
            ..step
        });
        Ok(stream)
    }

    async fn handshake(
        &mut self,
        socket: DialedStream,
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
        let stream = stream.map_err(|error| match error.into() {
            // TLS 1.2 has no alert for a certificate that is missing.
            DialFailure::Tls(TlsProblem::NothingInCommon) if tls.was_asked_for_certificate() => {
                failed(TlsProblem::ClientCertificate)
            }
            reason => DialError::new(DialStep::Tls, reason),
        })?;
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
