//! Whether a server admits a client whose request is valid: the page that connects, and the name
//! of the server that it was reached by.
//!
//! A browser lets any page connect to a server on the user's machine. A page names itself in
//! `Origin` (RFC 6455 section 10.2); a page whose own name was made to resolve to this machine
//! (DNS rebinding) shows that in `Host`.

// Addresses as values, without sockets.
use core::net::IpAddr;
use std::fmt;

use super::{RequestHead, shortened};

/// Which pages a server admits.
#[derive(Clone, Debug, Default)]
pub struct AdmissionPolicy {
    /// The name or address that the server listens on.
    pub own_host: String,
    /// The allowed origins. If there are any, all others are refused.
    pub origins: Vec<String>,
    /// Whether foreign pages are refused. If not, they are admitted with a warning.
    pub refuses_foreign: bool,
}

/// What shows that a request comes from a page of another site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ForeignSite {
    /// Its `Origin` is neither local nor allowed.
    Origin(String),
    /// Its `Host` is a name that is neither local nor allowed.
    Host(String),
}

/// Why a server refuses a valid request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdmissionError {
    /// It comes from another site.
    Foreign(ForeignSite),
    /// The limit of open connections is reached.
    Full(usize),
}

impl AdmissionPolicy {
    /// Checks where a request comes from. Returns what is foreign about a request that is
    /// admitted with a warning.
    ///
    /// A request without `Origin` is not from a page that runs in a browser, or only asks for
    /// a page.
    ///
    /// # Errors
    ///
    /// What is foreign, if the request is refused: "If the origin indicated is unacceptable to the
    /// server, then it SHOULD respond to the WebSocket handshake with a reply containing HTTP
    /// 403 Forbidden status code" (RFC 6455 section 10.2).
    pub fn check(&self, head: &RequestHead) -> Result<Option<ForeignSite>, ForeignSite> {
        let origin = head.headers.first("Origin").map(|it| normal_origin(&it));
        if let Some(origin) = &origin
            && !self.allows_origin(origin)
        {
            let is_refused = self.refuses_foreign || !self.origins.is_empty();
            let foreign = ForeignSite::Origin(shortened(origin));
            return if is_refused {
                Err(foreign)
            } else {
                Ok(Some(foreign))
            };
        }
        let host = requested_host(head);
        if self.allows_host(&host) {
            return Ok(None);
        }
        let foreign = ForeignSite::Host(shortened(&host));
        if self.refuses_foreign {
            Err(foreign)
        } else {
            Ok(Some(foreign))
        }
    }

    fn allows_origin(&self, origin: &str) -> bool {
        if self.origins.is_empty() {
            return host_of_origin(origin).is_some_and(|host| self.is_local(host));
        }
        self.origins
            .iter()
            .any(|allowed| normal_origin(allowed) == origin)
    }

    fn allows_host(&self, host: &str) -> bool {
        let is_named = |origin: &String| {
            host_of_origin(&normal_origin(origin)).is_some_and(|allowed| allowed == host)
        };
        self.is_local(host) || self.origins.iter().any(is_named)
    }

    /// Whether a host is this machine or is reached by an address: `localhost`, a name under it
    /// (RFC 6761 section 6.3), an IP address, or what the server listens on.
    fn is_local(&self, host: &str) -> bool {
        let address = host
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .unwrap_or(host);
        let is_address = address.parse::<IpAddr>().is_ok();
        let is_localhost = host == "localhost" || host.ends_with(".localhost");
        let own_host = without_root_dot(&self.own_host);
        is_address || is_localhost || host.eq_ignore_ascii_case(own_host)
    }
}

/// An origin in lower case, as browsers write it, without a `/` at its end, without the default
/// port of its scheme (RFC 6454 section 6.2) and without the dot of the DNS root.
fn normal_origin(origin: &str) -> String {
    let origin = origin.trim_end_matches('/').to_ascii_lowercase();
    let Some((scheme, authority)) = origin.split_once("://") else {
        return origin;
    };
    let default_port = match scheme {
        "http" | "ws" => ":80",
        "https" | "wss" => ":443",
        _ => "",
    };
    let host = without_port(authority);
    let port = authority.strip_prefix(host).unwrap_or_default();
    let port = if port == default_port { "" } else { port };
    format!("{scheme}://{}{port}", without_root_dot(host))
}

/// The host of an origin, without the port; None if it has none, as `null`.
fn host_of_origin(origin: &str) -> Option<&str> {
    let (_, authority) = origin.split_once("://")?;
    Some(without_port(authority)).filter(|host| !host.is_empty())
}

/// The host that a request is for, in lower case: that of an absolute target, which counts more
/// than `Host` (RFC 9112 section 3.2.2).
fn requested_host(head: &RequestHead) -> String {
    let target = head.target.split_once("://");
    let authority = target.filter(|_| !head.target.starts_with('/'));
    let authority = authority.map(|(_, rest)| rest.split(['/', '?']).next().unwrap_or_default());
    let host = match authority {
        Some(authority) => authority.to_owned(),
        None => head.headers.first("Host").unwrap_or_default(),
    };
    let host = without_port(&host).to_ascii_lowercase();
    without_root_dot(&host).to_owned()
}

/// A host without the dot of the DNS root, in which a name may end.
fn without_root_dot(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

/// A host without the port after it. An IPv6 address stays in its brackets.
fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

impl ForeignSite {
    /// The argument of `--origin` that admits the site; None if it is not an origin that can be
    /// typed as it is.
    pub fn origin_to_allow(&self) -> Option<String> {
        let origin = match self {
            Self::Origin(origin) => origin.clone(),
            Self::Host(host) => format!("http://{host}"),
        };
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b":/.-_[]".contains(&byte);
        let is_origin = origin == "null" || host_of_origin(&origin).is_some();
        (is_origin && origin.bytes().all(is_plain)).then_some(origin)
    }
}

impl AdmissionError {
    /// The status of the refusal: "If the server does not wish to accept this connection, it
    /// MUST return an appropriate HTTP error code (e.g., 403 Forbidden)" (RFC 6455 section
    /// 4.2.2).
    pub const fn status(&self) -> u16 {
        match self {
            Self::Foreign(_) => 403,
            Self::Full(_) => 503,
        }
    }
}

/// The sentence, without a full stop.
impl fmt::Display for ForeignSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Origin(origin) if origin == "null" => f.write_str(
                "the request comes from a page without a site, from a file or a sandboxed frame \
                 (`Origin: null`)",
            ),
            Self::Origin(origin) => {
                write!(
                    f,
                    "the request comes from a page of another site, `{origin}`"
                )
            }
            Self::Host(host) => {
                write!(
                    f,
                    "the request is for `{host}`, which is not a name of this server"
                )
            }
        }
    }
}

/// The sentence, without a full stop.
impl fmt::Display for AdmissionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign(site) => {
                site.fmt(f)?;
                match site.origin_to_allow() {
                    Some(origin) => write!(f, "; `wsctl serve --origin {origin}` admits it"),
                    None => Ok(()),
                }
            }
            Self::Full(1) => f.write_str("1 connection is open, and no more are taken"),
            Self::Full(most) => write!(f, "{most} connections are open, and no more are taken"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a request with this `Host` and, unless empty, this `Origin`.
    fn check(policy: &AdmissionPolicy, host: &str, origin: &str) -> &'static str {
        let origin = match origin {
            "" => String::new(),
            origin => format!("Origin: {origin}\r\n"),
        };
        let bytes = format!("GET / HTTP/1.1\r\nHost: {host}\r\n{origin}\r\n");
        let (head, _) = RequestHead::parse(bytes.as_bytes()).unwrap().unwrap();
        match policy.check(&head) {
            Ok(None) => "admitted",
            Ok(Some(ForeignSite::Origin(_))) => "origin warned",
            Ok(Some(ForeignSite::Host(_))) => "host warned",
            Err(ForeignSite::Origin(_)) => "origin refused",
            Err(ForeignSite::Host(_)) => "host refused",
        }
    }

    fn policy(origins: &[&str], refuses_foreign: bool) -> AdmissionPolicy {
        AdmissionPolicy {
            own_host: "dev.test".to_owned(),
            origins: origins.iter().map(|&it| it.to_owned()).collect(),
            refuses_foreign,
        }
    }

    #[test]
    fn local_pages_and_clients_without_origin_are_admitted() {
        for host in [
            "localhost:9527",
            "LOCALHOST",
            "localhost.",
            "LOCALHOST.:9527",
            "app.localhost",
            "127.0.0.1:9527",
            "[::1]:9527",
            "192.168.1.7",
            "dev.test:80",
            "dev.test.",
        ] {
            assert_eq!(check(&policy(&[], true), host, ""), "admitted", "{host}");
        }
        for origin in [
            "http://localhost:3000",
            "http://LOCALHOST.:3000",
            "http://localhost.",
            "http://localhost.:80",
            "https://a.b.localhost",
            "http://[::1]:9527",
            "http://10.0.0.1",
            "https://DEV.test:8443",
            "https://dev.test.:8443",
        ] {
            let result = check(&policy(&[], true), "127.0.0.1", origin);
            assert_eq!(result, "admitted", "{origin}");
        }
    }

    #[test]
    fn foreign_pages_are_warned_about_or_refused() {
        for origin in [
            "https://evil.example",
            "http://localhost.evil.example",
            "http://localhost.evil.example.:3000",
            "http://localhost..",
            "http://localhost..:80",
            "http://.",
            "http://notlocalhost",
            "http://127.0.0.1.evil.example",
            "http://evil.example:127",
            "null",
            "file://",
            "nonsense",
            "http://localhost http://evil.example",
        ] {
            let result = |refuses| check(&policy(&[], refuses), "127.0.0.1:9527", origin);
            assert_eq!(result(false), "origin warned", "{origin}");
            assert_eq!(result(true), "origin refused", "{origin}");
        }
        for host in [
            "evil.example",
            "evil.example:9527",
            "127.1",
            "localhost.evil.example.",
            "localhost..:9527",
        ] {
            assert_eq!(check(&policy(&[], false), host, ""), "host warned");
            let local = "http://localhost:3000";
            assert_eq!(check(&policy(&[], true), host, local), "host refused");
        }
    }

    #[test]
    fn allowed_origins_admit_their_host_and_restrict_browsers_only() {
        let app = policy(&["https://App.example:443/", "null"], true);
        for (host, origin, expected) in [
            ("127.0.0.1", "https://app.example", "admitted"),
            ("app.example", "https://app.example", "admitted"),
            ("APP.example.:443", "https://App.example.", "admitted"),
            ("127.0.0.1", "null", "admitted"),
            ("127.0.0.1", "", "admitted"),
            ("app.example", "", "admitted"),
            ("127.0.0.1", "http://app.example", "origin refused"),
            ("127.0.0.1", "http://localhost", "origin refused"),
            ("b.example", "", "host refused"),
        ] {
            assert_eq!(check(&app, host, origin), expected, "{host} {origin}");
        }
        let app = policy(&["https://app.example"], false);
        assert_eq!(check(&app, "a", "http://localhost"), "origin refused");
    }

    #[test]
    fn an_absolute_target_counts_more_than_the_host() {
        let bytes = b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n";
        let (head, _) = RequestHead::parse(bytes).unwrap().unwrap();
        let foreign = ForeignSite::Host("evil.example".to_owned());
        assert_eq!(policy(&[], true).check(&head), Err(foreign));
    }

    #[test]
    fn only_an_origin_that_can_be_typed_is_suggested() {
        let suggested = |origin: &str| ForeignSite::Origin(origin.to_owned()).origin_to_allow();
        assert_eq!(suggested("null"), Some("null".to_owned()));
        assert_eq!(suggested("http://a:1"), Some("http://a:1".to_owned()));
        assert_eq!(suggested("http://a;reboot"), None);
        assert_eq!(suggested("a"), None);
    }
}
