//! Opens the connection of a client: name, TCP, proxy, TLS, and the response to its request.
//!
//! What goes in is a [`Target`], [`DialOptions`] and the bytes of a request. What comes out is
//! [`Opened`]: the [`Transport`], the response head, the bytes received after it, and each step with
//! its time; or [`DialError`] with the step that failed. [`dial`] opens the transport alone, for
//! callers that write and read for themselves, with [`read_response`] for the head.
//!
//! `commands::dial` makes the arguments out of options of the command line. `connect` and
//! `check` use both.

mod dialler;
mod error;
mod proxy;
mod response;
mod target;
mod tcp;
mod tls_client;
mod tunnel;

use std::path::PathBuf;
use std::time::Duration;

pub use error::{
    CertificateProblem, CompletedStep, DialError, DialFailure, DialStep, TlsProblem, system_text,
};
pub use proxy::{EnvironmentProxy, Proxy, ProxyKind, proxy_of_environment};
pub use response::{MAX_REFUSAL_BODY, MAX_RESPONSE_HEAD, ResponseBytes, read_body, read_response};
pub use target::{Target, TargetError};
pub use tcp::AddressFamily;
pub use tls_client::{TlsClient, Trust};

use super::transport::Transport;
use dialler::Dialler;

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
    /// The response head, whatever its status, and the bytes received after it.
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
    match dialler.run(target).await {
        Ok(transport) => Ok(Dialed {
            transport,
            steps: dialler.into_steps(),
        }),
        Err(error) => Err(dialler.failed(error)),
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
    match opened.await {
        Ok((transport, response)) => Ok(Opened {
            transport,
            response,
            steps: dialler.into_steps(),
        }),
        Err(error) => Err(dialler.failed(error)),
    }
}

#[cfg(test)]
mod tests;
