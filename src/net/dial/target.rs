//! The target of a client: what a URL names. Used by `dial` and by the request that a client
//! sends.

use std::fmt;
use std::net::Ipv6Addr;

use url::{Host, Url};

/// What a `ws`, `wss`, `http` or `https` URL names (RFC 6455 section 3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Whether TLS is used.
    pub is_secure: bool,
    /// The host without the brackets of an IPv6 address.
    pub host: String,
    /// The port, the default one of the scheme if the URL has none.
    pub port: u16,
    /// The path and the query, at least `/`: the request target (RFC 6455 section 4.1).
    pub path: String,
    /// The user name and the password that the URL contains, percent-decoded.
    pub credentials: Option<(String, String)>,
}

/// Why a text is not the URL of a WebSocket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetError {
    /// It is not a URL; the reason.
    NotUrl(String),
    /// It has another scheme.
    Scheme(String),
    /// It has a fragment, which RFC 6455 section 3 forbids.
    Fragment(String),
}

impl Target {
    /// Parses a URL. `localhost:9000/path` and other texts without a scheme are `ws` URLs.
    ///
    /// # Errors
    ///
    /// [`TargetError`] if it is not a URL, or not one of a WebSocket.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let with_scheme = if text.contains("://") {
            text.to_owned()
        } else {
            format!("ws://{text}")
        };
        let not_url = |error: url::ParseError| TargetError::NotUrl(error.to_string());
        let url = Url::parse(&with_scheme).map_err(not_url)?;
        let is_secure = match url.scheme() {
            "ws" | "http" => false,
            "wss" | "https" => true,
            other => return Err(TargetError::Scheme(other.to_owned())),
        };
        if let Some(fragment) = url.fragment() {
            return Err(TargetError::Fragment(fragment.to_owned()));
        }
        let host = match url.host() {
            Some(Host::Ipv6(address)) => address.to_string(),
            Some(host) => host.to_string(),
            None => return Err(not_url(url::ParseError::EmptyHost)),
        };
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let credentials = (!url.username().is_empty() || url.password().is_some()).then(|| {
            let password = url.password().unwrap_or_default();
            (percent_decoded(url.username()), percent_decoded(password))
        });
        Ok(Self {
            is_secure,
            host,
            port: url
                .port_or_known_default()
                .unwrap_or(if is_secure { 443 } else { 80 }),
            path,
            credentials,
        })
    }

    /// The target that a `Location` header of a response from this target names: a URL, or a
    /// path (RFC 9110 section 10.2.2). Its fragment is dropped.
    ///
    /// # Errors
    ///
    /// [`TargetError`] if it is not a URL, or not one of a WebSocket.
    pub fn join(&self, location: &str) -> Result<Self, TargetError> {
        let not_url = |error: url::ParseError| TargetError::NotUrl(error.to_string());
        let base = Url::parse(&self.to_string()).map_err(not_url)?;
        let mut url = base.join(location).map_err(not_url)?;
        url.set_fragment(None);
        Self::parse(url.as_str())
    }

    /// The value of the `Host` header: without the default port of the scheme
    /// (RFC 6455 section 4.1).
    pub fn authority(&self) -> String {
        let host = bracketed(&self.host);
        match (self.is_secure, self.port) {
            (false, 80) | (true, 443) => host,
            (_, port) => format!("{host}:{port}"),
        }
    }

    /// Whether the target is this machine or has a private address, by its name alone.
    pub fn is_local(&self) -> bool {
        let name = self.host.to_ascii_lowercase();
        if name == "localhost" || name.ends_with(".localhost") {
            return true;
        }
        match self.host.parse() {
            Ok(std::net::IpAddr::V4(address)) => {
                address.is_loopback() || address.is_private() || address.is_link_local()
            }
            Ok(std::net::IpAddr::V6(address)) => {
                address.is_loopback()
                    || address.is_unique_local()
                    || address.is_unicast_link_local()
            }
            Err(_) => false,
        }
    }
}

/// The URL without its credentials.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_secure { "wss" } else { "ws" };
        write!(f, "{scheme}://{}{}", self.authority(), self.path)
    }
}

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUrl(why) => write!(f, "expected a URL such as ws://127.0.0.1:9000/: {why}"),
            Self::Scheme(scheme) => {
                write!(
                    f,
                    "expected ws, wss, http or https, found the scheme `{scheme}`"
                )
            }
            Self::Fragment(fragment) => write!(
                f,
                "the URL of a WebSocket has no fragment (RFC 6455 section 3), found `#{fragment}`; \
                 write # as %23"
            ),
        }
    }
}

/// A host as a URL or a `Host` header contains it: an IPv6 address in brackets.
pub(super) fn bracketed(host: &str) -> String {
    match host.parse::<Ipv6Addr>() {
        Ok(address) => format!("[{address}]"),
        Err(_) => host.to_owned(),
    }
}

/// The text with each `%XX` replaced by its byte; bytes that are not UTF-8 become U+FFFD.
pub(super) fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = (first == b'%')
            .then(|| after.split_at_checked(2))
            .flatten()
            .and_then(|(digits, after)| {
                let digits = std::str::from_utf8(digits).ok()?;
                Some((u8::from_str_radix(digits, 16).ok()?, after))
            });
        let (byte, after) = escaped.unwrap_or((first, after));
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match Target::parse(text) {
            Ok(target) => format!("{} {} {target}", target.host, target.port),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_url_names_a_host_a_port_and_a_path() {
        assert_eq!(shown("ws://127.0.0.1"), "127.0.0.1 80 ws://127.0.0.1/");
        assert_eq!(
            shown("wss://a.example/x?y=1"),
            "a.example 443 wss://a.example/x?y=1"
        );
        assert_eq!(
            shown("https://a.example:443"),
            "a.example 443 wss://a.example/"
        );
        assert_eq!(
            shown("http://[::1]:9000/a%20b"),
            "::1 9000 ws://[::1]:9000/a%20b"
        );
        assert_eq!(
            shown("localhost:9000/chat"),
            "localhost 9000 ws://localhost:9000/chat"
        );
        assert_eq!(
            shown("bücher.example"),
            "xn--bcher-kva.example 80 ws://xn--bcher-kva.example/"
        );
    }

    #[test]
    fn credentials_are_decoded_and_not_displayed() {
        let target = Target::parse("ws://al%20ice:p%40ss@h/").unwrap();
        assert_eq!(
            target.credentials,
            Some(("al ice".to_owned(), "p@ss".to_owned()))
        );
        assert_eq!(target.to_string(), "ws://h/");
    }

    #[test]
    fn other_texts_are_refused_with_what_was_expected() {
        assert_eq!(
            shown("ftp://h/"),
            "expected ws, wss, http or https, found the scheme `ftp`"
        );
        assert_eq!(
            shown("ws://h/#top"),
            "the URL of a WebSocket has no fragment (RFC 6455 section 3), found `#top`; write # \
             as %23"
        );
        assert_eq!(
            shown("ws://"),
            "expected a URL such as ws://127.0.0.1:9000/: empty host"
        );
    }

    #[test]
    fn a_location_is_a_url_or_a_path() {
        let target = Target::parse("wss://user:pass@a.example:8443/chat/room?x=1").unwrap();
        let joined = |location| target.join(location).map(|it| it.to_string()).unwrap();
        assert_eq!(joined("/other"), "wss://a.example:8443/other");
        assert_eq!(
            joined("lobby?y=2#top"),
            "wss://a.example:8443/chat/lobby?y=2"
        );
        assert_eq!(joined("//b.example/"), "wss://b.example/");
        assert_eq!(joined("http://c.example/z"), "ws://c.example/z");
        assert_eq!(target.join("/").unwrap().credentials, None);
        assert!(target.join("ftp://a/").is_err());
    }

    #[test]
    fn local_targets_are_known_by_their_names() {
        for local in [
            "localhost",
            "a.localhost",
            "127.3.2.1",
            "10.0.0.7",
            "[::1]",
            "[fe80::1]",
        ] {
            assert!(Target::parse(local).unwrap().is_local(), "{local}");
        }
        for other in [
            "example.com",
            "8.8.8.8",
            "[2001:db8::1]",
            "localhost.example",
        ] {
            assert!(!Target::parse(other).unwrap().is_local(), "{other}");
        }
    }
}
