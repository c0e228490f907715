//! Proxies: their URLs, and which one the environment names. `tunnel` asks them for a connection.

use std::fmt;
use std::net::IpAddr;

use url::Url;

use super::target::{Target, bracketed, percent_decoded};

/// A proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// Its protocol.
    pub kind: ProxyKind,
    /// Its host, without the brackets of an IPv6 address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The user name and the password for it.
    pub credentials: Option<(String, String)>,
}

/// The protocol of a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyKind {
    /// HTTP, asked with CONNECT (RFC 9110 section 9.3.6).
    Http,
    /// The same over TLS.
    Https,
    /// SOCKS 5, which resolves the name itself (RFC 1928).
    Socks5,
}

/// A proxy that the environment names, and the variable that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentProxy {
    /// The variable.
    pub variable: &'static str,
    /// Its value.
    pub url: String,
}

impl Proxy {
    /// Parses the URL of a proxy; a text without a scheme is an HTTP proxy.
    ///
    /// # Errors
    ///
    /// What was expected and what was found.
    pub fn parse(text: &str) -> Result<Self, String> {
        let with_scheme = if text.contains("://") {
            text.to_owned()
        } else {
            format!("http://{text}")
        };
        let expected = |found: &dyn fmt::Display| {
            format!(
                "expected a proxy such as http://127.0.0.1:3128 or socks5h://127.0.0.1:1080: {found}"
            )
        };
        let url = Url::parse(&with_scheme).map_err(|error| expected(&error))?;
        let (kind, default_port) = match url.scheme() {
            "http" => (ProxyKind::Http, 80),
            "https" => (ProxyKind::Https, 443),
            "socks5h" | "socks5" | "socks" => (ProxyKind::Socks5, 1080),
            other => return Err(expected(&format_args!("found the scheme `{other}`"))),
        };
        let host = url.host_str().unwrap_or_default();
        if host.is_empty() {
            return Err(expected(&"the host is missing"));
        }
        let credentials = (!url.username().is_empty()).then(|| {
            let password = url.password().unwrap_or_default();
            (percent_decoded(url.username()), percent_decoded(password))
        });
        Ok(Self {
            kind,
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(default_port),
            credentials,
        })
    }
}

/// The proxy without its credentials, as a URL.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.kind {
            ProxyKind::Http => "http",
            ProxyKind::Https => "https",
            ProxyKind::Socks5 => "socks5h",
        };
        write!(f, "{scheme}://{}:{}", bracketed(&self.host), self.port)
    }
}

/// The proxy that the environment names for `target`, as curl reads it: `https_proxy` or
/// `HTTPS_PROXY` for `wss`, `http_proxy` for `ws` (its upper-case form is what a CGI request
/// can set), then `all_proxy` or `ALL_PROXY`. `no_proxy` or `NO_PROXY` makes exceptions.
/// `variable` reads one variable.
pub fn proxy_of_environment(
    target: &Target,
    variable: impl Fn(&str) -> Option<String>,
) -> Option<EnvironmentProxy> {
    let read = |name: &'static str| variable(name).filter(|value| !value.trim().is_empty());
    let exceptions = read("no_proxy").or_else(|| read("NO_PROXY"));
    if exceptions.is_some_and(|list| is_excepted(target, &list)) {
        return None;
    }
    let of_scheme: &[&'static str] = if target.is_secure {
        &["https_proxy", "HTTPS_PROXY"]
    } else {
        &["http_proxy"]
    };
    let names = of_scheme.iter().chain(&["all_proxy", "ALL_PROXY"]);
    names.copied().find_map(|variable| {
        let url = read(variable)?;
        Some(EnvironmentProxy { variable, url })
    })
}

/// Whether a `NO_PROXY` list names the target: `*`, a host or a domain that it is below, an
/// address, a network (`10.0.0.0/8`), each with or without a port.
fn is_excepted(target: &Target, list: &str) -> bool {
    let host = target.host.to_ascii_lowercase();
    let address: Option<IpAddr> = host.parse().ok();
    list.split([',', ' ']).map(str::trim).any(|entry| {
        let entry = entry.to_ascii_lowercase();
        let entry = entry.trim_start_matches("*.").trim_start_matches('.');
        if entry == "*" {
            return true;
        }
        if let (Some(address), Some((network, bits))) = (address, entry.split_once('/')) {
            return is_in_network(address, network, bits);
        }
        let (name, port) = match entry.rsplit_once(':') {
            Some((name, port)) if port.parse::<u16>().is_ok() && !name.contains(':') => {
                (name, port.parse::<u16>().ok())
            }
            _ => (entry, None),
        };
        let name = name.trim_matches(['[', ']']);
        let is_named = !name.is_empty()
            && (host == name
                || host
                    .strip_suffix(name)
                    .is_some_and(|start| start.ends_with('.')));
        is_named && port.is_none_or(|port| port == target.port)
    })
}

fn is_in_network(address: IpAddr, network: &str, bits: &str) -> bool {
    let (Ok(network), Ok(bits)) = (network.parse::<IpAddr>(), bits.parse::<u32>()) else {
        return false;
    };
    let (left, right, width) = match (address, network) {
        (IpAddr::V4(left), IpAddr::V4(right)) => {
            (u128::from(left.to_bits()), u128::from(right.to_bits()), 32)
        }
        (IpAddr::V6(left), IpAddr::V6(right)) => (left.to_bits(), right.to_bits(), 128),
        _ => return false,
    };
    bits <= width && (left ^ right).checked_shr(width - bits).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(url: &str, variables: &[(&str, &str)]) -> Option<String> {
        let target = Target::parse(url).unwrap();
        let read = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        proxy_of_environment(&target, read).map(|it| format!("{} {}", it.variable, it.url))
    }

    #[test]
    fn the_environment_names_a_proxy_as_curl_reads_it() {
        let all = [
            ("HTTPS_PROXY", "http://a"),
            ("http_proxy", "http://b"),
            ("ALL_PROXY", "socks5h://c"),
        ];
        assert_eq!(chosen("wss://x/", &all).unwrap(), "HTTPS_PROXY http://a");
        assert_eq!(chosen("ws://x/", &all).unwrap(), "http_proxy http://b");
        assert_eq!(
            chosen("ws://x/", &all[2..]).unwrap(),
            "ALL_PROXY socks5h://c"
        );
        assert_eq!(chosen("ws://x/", &[("HTTP_PROXY", "http://cgi")]), None);
        assert_eq!(chosen("ws://x/", &[("ALL_PROXY", " ")]), None);
    }

    #[test]
    fn no_proxy_makes_exceptions() {
        let with = |url: &str, list: &str| {
            chosen(url, &[("ALL_PROXY", "http://p"), ("NO_PROXY", list)]).is_none()
        };
        assert!(with("ws://a.example/", "*"));
        assert!(with("ws://a.example/", "localhost, .example"));
        assert!(with("ws://a.example/", "a.example:80"));
        assert!(!with("ws://a.example/", "a.example:81"));
        assert!(!with("ws://notexample/", "example"));
        assert!(with("ws://10.1.2.3/", "10.0.0.0/8"));
        assert!(!with("ws://11.1.2.3/", "10.0.0.0/8"));
        assert!(with("ws://[::1]/", "::1"));
        assert!(with("ws://1.2.3.4/", "0.0.0.0/0"));
    }

    #[test]
    fn a_proxy_is_parsed_from_its_url() {
        let shown = |text: &str| Proxy::parse(text).map(|proxy| proxy.to_string());
        assert_eq!(
            shown("127.0.0.1:3128"),
            Ok("http://127.0.0.1:3128".to_owned())
        );
        assert_eq!(
            shown("socks5h://u:p@[::1]"),
            Ok("socks5h://[::1]:1080".to_owned())
        );
        assert_eq!(
            shown("ftp://x"),
            Err(
                "expected a proxy such as http://127.0.0.1:3128 or socks5h://127.0.0.1:1080: \
                 found the scheme `ftp`"
                    .to_owned()
            )
        );
    }
}
