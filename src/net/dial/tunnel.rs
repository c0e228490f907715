//! Asks a proxy for a connection to the target. `Dialler` uses it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio_socks::tcp::Socks5Stream;

use super::error::{DialError, DialFailure, DialStep};
use super::proxy::Proxy;
use super::response::MAX_RESPONSE_HEAD;
use super::target::bracketed;
use crate::ws::handshake::ResponseHead;

/// Asks an HTTP proxy with CONNECT for a connection to `host` and `port`.
pub(super) async fn connect_by_http<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    proxy: &Proxy,
    host: &str,
    port: u16,
) -> Result<(), DialError> {
    let failed = |reason| DialError::new(DialStep::Proxy, reason);
    let authority = format!("{}:{port}", bracketed(host));
    let mut request = format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n");
    if let Some((user, password)) = &proxy.credentials {
        let credentials = STANDARD.encode(format!("{user}:{password}"));
        request.extend(["Proxy-Authorization: Basic ", &credentials, "\r\n"]);
    }
    request.push_str("\r\n");
    let broken = |error| failed(DialFailure::Closed(error));
    stream.write_all(request.as_bytes()).await.map_err(broken)?;
    stream.flush().await.map_err(broken)?;
    let mut head = Vec::new();
    // One byte at a time: what follows the head belongs to the target.
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.map_err(broken)?);
        if head.len() == MAX_RESPONSE_HEAD || !may_begin_response(&head) {
            return Err(failed(DialFailure::NotAProxy));
        }
    }
    match ResponseHead::parse(&head) {
        Ok(Some((head, _))) if (200..300).contains(&head.status) => Ok(()),
        Ok(Some((head, _))) => Err(failed(DialFailure::ProxyRefused(
            format!("{} {}", head.status, head.reason)
                .trim_end()
                .to_owned(),
        ))),
        Ok(None) | Err(_) => Err(failed(DialFailure::NotAProxy)),
    }
}

/// Whether these are the first bytes of an HTTP/1 response, or the whole one.
fn may_begin_response(bytes: &[u8]) -> bool {
    const PREFIX: &[u8] = b"HTTP/";
    let size = bytes.len().min(PREFIX.len());
    bytes.get(..size) == PREFIX.get(..size)
}

/// Asks a SOCKS 5 proxy for a connection to `host` and `port`; the proxy resolves the name.
pub(super) async fn connect_by_socks<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    proxy: &Proxy,
    host: &str,
    port: u16,
) -> Result<S, DialError> {
    let target = (host, port);
    let connected = match &proxy.credentials {
        None => Socks5Stream::connect_with_socket(stream, target).await,
        Some((user, password)) => {
            Socks5Stream::connect_with_password_and_socket(stream, target, user, password).await
        }
    };
    match connected {
        Ok(stream) => Ok(stream.into_inner()),
        Err(tokio_socks::Error::Io(error)) => {
            Err(DialError::new(DialStep::Proxy, DialFailure::Closed(error)))
        }
        Err(
            tokio_socks::Error::InvalidResponseVersion
            | tokio_socks::Error::InvalidReservedByte
            | tokio_socks::Error::UnknownAddressType,
        ) => Err(DialError::new(DialStep::Proxy, DialFailure::NotAProxy)),
        Err(error) => Err(DialError::new(
            DialStep::Proxy,
            DialFailure::ProxyRefused(error.to_string()),
        )),
    }
}
