//! Accepts the clients that connect to be checked, and reads their requests.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};

use crate::net::transport::Transport;
use crate::ws::handshake::{RequestError, RequestHead, Response};

/// How long a client may take to send its request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// The largest request head, in bytes.
const MAX_HEAD: usize = 16 * 1024;

/// How long a client may take to end its stream after the server has.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(2);

/// How long to wait after `accept` failed: the process may have no free file descriptor.
const RECOVERY_DELAY: Duration = Duration::from_millis(100);

/// Listens on loopback for clients that are to be checked.
#[derive(Debug)]
pub struct CheckListener(TcpListener);

impl CheckListener {
    /// Listens on this port; 0 for a free one.
    ///
    /// # Errors
    ///
    /// The operating system refuses it.
    pub async fn bind(port: u16) -> io::Result<Self> {
        TcpListener::bind(("127.0.0.1", port)).await.map(Self)
    }

    /// The URL to connect to.
    ///
    /// # Errors
    ///
    /// The operating system does not tell the address.
    pub fn url(&self) -> io::Result<String> {
        Ok(format!("ws://{}/", self.0.local_addr()?))
    }

    /// Waits for the next connection.
    pub async fn accept(&self) -> Transport {
        loop {
            if let Ok((socket, _)) = self.0.accept().await {
                // A frame is sent at once, not when the one before is acknowledged.
                let _ = socket.set_nodelay(true);
                return Transport::Tcp(socket);
            }
            sleep(RECOVERY_DELAY).await;
        }
    }
}

/// Reads the request head of a client. Returns it with the bytes that were read, which may go on
/// after it.
///
/// # Errors
///
/// None if the client sent nothing, else why its bytes are no request.
pub async fn read_request(
    transport: &mut Transport,
) -> Result<(RequestHead, Vec<u8>), Option<RequestError>> {
    let mut bytes = Vec::new();
    let read = timeout(HEAD_TIMEOUT, async {
        loop {
            match RequestHead::parse(&bytes) {
                Ok(Some((head, _))) => return Ok(head),
                Ok(None) => {}
                Err(error) => return Err(Some(RequestError::Malformed(error))),
            }
            if bytes.len() > MAX_HEAD {
                return Err(Some(RequestError::HeadTooLarge(MAX_HEAD)));
            }
            match transport.read_buf(&mut bytes).await {
                Ok(0) | Err(_) if bytes.is_empty() => return Err(None),
                Ok(0) | Err(_) => return Err(Some(RequestError::HeadCut)),
                Ok(_) => {}
            }
        }
    });
    let head = read.await.unwrap_or(Err(Some(RequestError::HeadTooSlow)))?;
    Ok((head, bytes))
}

/// Sends a response other than 101, and ends the connection.
pub async fn refuse(mut transport: Transport, response: &Response) {
    let sent = async {
        transport.write_all(&response.encode()).await?;
        transport.shutdown().await
    };
    if matches!(timeout(DRAIN_TIMEOUT, sent).await, Ok(Ok(()))) {
        drain(transport).await;
    }
}

/// Reads until the client ends its stream. A connection that is dropped with unread bytes is
/// reset, and the client may lose what was sent last.
pub async fn drain(mut transport: Transport) {
    let mut buffer = vec![0; 4096];
    let all = async { while matches!(transport.read(&mut buffer).await, Ok(1..)) {} };
    let _ = timeout(DRAIN_TIMEOUT, all).await;
}
