//! Resolves a name, and connects to one of its addresses. `Dialler` uses it.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::thread;

use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

use crate::net::context::now;

/// A family of IP addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressFamily {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl AddressFamily {
    /// Whether an address is of this family.
    pub(super) const fn contains(self, address: IpAddr) -> bool {
        match self {
            Self::V4 => address.is_ipv4(),
            Self::V6 => address.is_ipv6(),
        }
    }
}

/// The addresses of a name. The system resolves it in a thread that nothing waits for once the
/// future is dropped: a name server that does not answer must not delay the end of the process.
pub(super) async fn resolve(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let (sender, addresses) = oneshot::channel();
    let host = host.to_owned();
    thread::Builder::new().spawn(move || {
        let found = (host.as_str(), port).to_socket_addrs();
        // Nothing waits any more.
        let _ = sender.send(found.map(Iterator::collect));
    })?;
    addresses
        .await
        .unwrap_or_else(|_| Err(io::Error::other("the resolver failed")))
}

/// A connection, the address that accepted it, and the addresses tried before it with what the
/// system said.
pub(super) struct Connected<T> {
    pub(super) stream: T,
    pub(super) address: SocketAddr,
    pub(super) refused: Vec<(SocketAddr, io::Error)>,
}

/// Connects to the first address that accepts, in their order. Each one gets an equal part of
/// the time that is left, so that one that does not answer leaves time for the others.
///
/// # Errors
///
/// All addresses, with what the system said of each.
pub(super) async fn connect_to_one<T>(
    addresses: &[SocketAddr],
    deadline: Instant,
    connect: impl AsyncFn(SocketAddr) -> io::Result<T>,
) -> Result<Connected<T>, Vec<(SocketAddr, io::Error)>> {
    let mut refused = Vec::new();
    for (tried, &address) in addresses.iter().enumerate() {
        let started = now();
        let left = u32::try_from(addresses.len() - tried).unwrap_or(u32::MAX);
        let time = deadline.saturating_duration_since(started) / left;
        let outcome = timeout_at(started + time, connect(address)).await;
        match outcome.unwrap_or_else(|_| {
            let text = format!(
                "no answer in {} s",
                (time.as_secs_f64() * 1e3).round() / 1e3
            );
            Err(io::Error::new(io::ErrorKind::TimedOut, text))
        }) {
            Ok(stream) => {
                return Ok(Connected {
                    stream,
                    address,
                    refused,
                });
            }
            Err(error) => refused.push((address, error)),
        }
    }
    Err(refused)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;
    use std::time::Duration;

    #[test]
    fn an_address_that_does_not_answer_leaves_time_for_the_next_one() {
        let addresses: [SocketAddr; 3] = [1, 2, 3].map(|port| ([127, 0, 0, 1], port).into());
        let connect = async |address: SocketAddr| match address.port() {
            1 => Err(io::ErrorKind::ConnectionRefused.into()),
            2 => pending().await,
            port => Ok(port),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        let connected = runtime.block_on(async {
            let deadline = Instant::now() + Duration::from_millis(100);
            connect_to_one(&addresses, deadline, connect).await.ok()
        });
        let Connected {
            stream,
            address,
            refused,
        } = connected.unwrap();
        assert_eq!((stream, address), (3, addresses[2]));
        let kinds: Vec<_> = refused.iter().map(|(_, error)| error.kind()).collect();
        let expected = [io::ErrorKind::ConnectionRefused, io::ErrorKind::TimedOut];
        assert_eq!(kinds, expected);
    }
}
