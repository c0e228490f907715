//! Whether a host is this machine or in a private network. `check` sends what a server may take
//! for an attack, so any other host needs a confirmation.

use std::net::{IpAddr, Ipv6Addr};

use tokio::net::lookup_host;

use crate::Error;
use crate::commands::dial::Dialling;

/// # Errors
///
/// [`Error`] if what is dialled is not this machine or in a private network, as far as that is
/// known.
pub(super) async fn refuse_public(dialling: &Dialling) -> Result<(), Error> {
    let options = &dialling.options;
    let target = &dialling.target;
    let (host, port) = options
        .connect_to
        .clone()
        .unwrap_or_else(|| (target.host.clone(), target.port));
    let is_private = if options.unix.is_some() {
        true
    } else if options.proxy.is_some() {
        // The proxy looks the name up. Names of this kind are loopback (RFC 6761 section 6.3).
        host == "localhost" || host.ends_with(".localhost") || host.parse().is_ok_and(is_private)
    } else {
        // The error of the look-up is reported by the first connection.
        let found = lookup_host((host.as_str(), port)).await;
        found.map_or(true, |mut found| found.all(|it| is_private(it.ip())))
    };
    if is_private {
        return Ok(());
    }
    let is_known = options.proxy.is_none() || host.parse::<IpAddr>().is_ok();
    let is = if is_known { "is" } else { "may be" };
    Err(Error::Usage(format!(
        "{host} {is} public; --yes checks it all the same"
    )))
}

/// Loopback, link-local, the private networks of RFC 1918 and RFC 4193, and the unspecified
/// address, which is this machine where it is dialled.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            address.is_loopback()
                || address.is_private()
                || address.is_link_local()
                || address.is_unspecified()
        }
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(mapped) => is_private(IpAddr::V4(mapped)),
            None => is_private_v6(address),
        },
    }
}

const fn is_private_v6(address: Ipv6Addr) -> bool {
    address.is_loopback()
        || address.is_unicast_link_local()
        || address.is_unique_local()
        || address.is_unspecified()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_need_no_confirmation() {
        let is_private = |text: &str| is_private(text.parse().unwrap());
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.9",
            "169.254.1.1",
            "::1",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "0.0.0.0",
            "::",
        ] {
            assert!(is_private(private), "{private}");
        }
        for public in [
            "8.8.8.8",
            "0.0.0.1",
            "172.32.0.1",
            "2001:db8::1",
            "::ffff:8.8.8.8",
        ] {
            assert!(!is_private(public), "{public}");
        }
    }
}
