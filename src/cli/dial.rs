//! The options of commands that open connections: where, through what, with which TLS, and with
//! which request. `connect` and `check` flatten [`DialArgs`]; `commands::dial` carries them out.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::values::{duration, number, origin};
use crate::ws::handshake::{Header, is_token_word};

const DIALLING: &str = "Dialling";
const TLS: &str = "TLS";
const REQUEST: &str = "Request";

/// The short help of `--proxy`, and what the long one has after it.
const PROXY_HELP: [&str; 2] = [
    "Connect through this proxy",
    ".

http://HOST:PORT and https://HOST:PORT are asked with CONNECT, socks5h://HOST:PORT with SOCKS 5; \
the proxy resolves the name. The URL may contain a user name and a password. Without this option, \
the environment names a proxy, as for curl: https_proxy or HTTPS_PROXY for wss, http_proxy for ws, \
all_proxy or ALL_PROXY for both, with the exceptions of no_proxy or NO_PROXY.",
];

/// How to open a connection, and what to ask for.
#[derive(Args, Clone, Debug)]
pub struct DialArgs {
    /// Connect to this address instead of that of the URL.
    ///
    /// The URL still determines the Host header and the name that TLS verifies.
    #[arg(hide_short_help = true, long, value_name = "HOST:PORT", value_parser = host_and_port,
        conflicts_with = "unix", help_heading = DIALLING)]
    pub connect_to: Option<(String, u16)>,

    /// Connect to this Unix socket.
    #[arg(hide_short_help = true, long, value_name = "PATH", help_heading = DIALLING)]
    pub unix: Option<PathBuf>,

    /// Use IPv4 addresses only.
    #[arg(hide_short_help = true, short = '4', long, conflicts_with = "ipv6", help_heading = DIALLING)]
    pub ipv4: bool,

    /// Use IPv6 addresses only.
    #[arg(hide_short_help = true, short = '6', long, help_heading = DIALLING)]
    pub ipv6: bool,

    /// The URL of the proxy to connect through.
    #[arg(hide_short_help = true, long, value_name = "URL", conflicts_with_all = ["no_proxy", "unix"],
        help_heading = DIALLING, help = PROXY_HELP[0], long_help = PROXY_HELP.concat())]
    pub proxy: Option<String>,

    /// Use no proxy, even if the environment names one.
    #[arg(hide_short_help = true, long, help_heading = DIALLING)]
    pub no_proxy: bool,

    /// Follow redirects.
    ///
    /// Up to 10. Credentials are only sent to the host of the URL.
    #[arg(hide_short_help = true, short = 'L', long, help_heading = DIALLING)]
    pub location: bool,

    /// The time for connecting, up to the response.
    ///
    /// For example 500ms, 30s or 2m; a number without a unit is in seconds.
    #[arg(hide_short_help = true, long, value_name = "TIME", value_parser = duration, default_value = "10s",
        allow_negative_numbers = true, help_heading = DIALLING)]
    pub connect_timeout: Duration,

    /// Accept any certificate.
    #[arg(short = 'k', long, help_heading = TLS)]
    pub insecure: bool,

    /// Trust the authorities in this PEM file, and no others.
    #[arg(long, value_name = "FILE", conflicts_with = "insecure", help_heading = TLS)]
    pub cacert: Option<PathBuf>,

    /// Authenticate with the certificate in this PEM file.
    ///
    /// Intermediate certificates follow it in the file.
    #[arg(hide_short_help = true, long, value_name = "FILE", requires = "key", help_heading = TLS)]
    pub cert: Option<PathBuf>,

    /// The private key of the certificate, in PEM.
    #[arg(hide_short_help = true, long, value_name = "FILE", requires = "cert", help_heading = TLS)]
    pub key: Option<PathBuf>,

    /// The name that TLS sends and verifies.
    ///
    /// By default it is the host of the URL.
    #[arg(hide_short_help = true, long, value_name = "NAME", help_heading = TLS)]
    pub servername: Option<String>,

    /// Add a header to the request; repeatable.
    ///
    /// It replaces a header of the same name that the request has anyway.
    #[arg(short = 'H', long, value_name = "NAME: VALUE", value_parser = header,
        help_heading = REQUEST)]
    pub header: Vec<Header>,

    /// Send this Origin header, as a browser does.
    #[arg(hide_short_help = true, long, value_name = "URL", value_parser = origin, help_heading = REQUEST)]
    pub origin: Option<String>,

    /// Offer this subprotocol; repeatable.
    #[arg(short, long, value_name = "NAME", value_parser = token, help_heading = REQUEST)]
    pub subprotocol: Vec<String>,

    /// Authenticate with this name and password (Basic).
    ///
    /// They may also stand before the host in the URL, as USER:PASSWORD@.
    #[arg(short, long, value_name = "USER:PASSWORD", help_heading = REQUEST)]
    pub user: Option<String>,

    /// Offer to compress messages.
    ///
    /// PARAMETERS are those of the permessage-deflate offer, as the header of a request lists
    /// them. By default the client window may be limited, as in the offers of browsers.
    #[arg(long, value_name = "PARAMETERS", num_args = 0..=1, require_equals = true,
        default_missing_value = "client_max_window_bits", help_heading = REQUEST)]
    pub deflate: Option<String>,

    /// Print credentials too.
    ///
    /// By default the values of Authorization, Cookie and similar headers, and the passwords in
    /// URLs, are neither printed nor recorded.
    #[arg(hide_short_help = true, long, help_heading = REQUEST)]
    pub show_secrets: bool,
}

/// Parses `HOST:PORT`. An IPv6 address is in brackets, as in a URL.
fn host_and_port(text: &str) -> Result<(String, u16), String> {
    let expected = || "expected a host and a port, as 127.0.0.1:8080 or [::1]:8080".to_owned();
    let (host, port) = text.rsplit_once(':').ok_or_else(expected)?;
    let port = number(port, 1, 65535).map_err(|why| format!("the port: {why}"))?;
    let inside = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    match inside {
        Some(address) => Ok((address.to_owned(), port)),
        None if host.is_empty() || host.contains([':', '/', '[', ']']) => Err(expected()),
        None => Ok((host.to_owned(), port)),
    }
}

/// Parses a header that a user typed.
fn header(text: &str) -> Result<Header, String> {
    let (name, value) = text
        .split_once(':')
        .ok_or_else(|| "expected a name and a value, as `Cookie: a=1`".to_owned())?;
    Header::checked(name, value).map_err(|error| error.to_string())
}

/// Parses a token, as a header needs it (RFC 9110 section 5.6.2).
fn token(text: &str) -> Result<String, String> {
    if is_token_word(text) {
        Ok(text.to_owned())
    } else {
        Err("expected a token: letters, digits and !#$%&'*+-.^_`|~".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_to_connect_to_has_a_host_and_a_port() {
        let parsed = |host: &str, port| Ok((host.to_owned(), port));
        assert_eq!(host_and_port("a.example:80"), parsed("a.example", 80));
        assert_eq!(host_and_port("[::1]:8080"), parsed("::1", 8080));
        for text in ["a", "::1:80", ":80", "ws://a:80", "[::1:80"] {
            let why = host_and_port(text).unwrap_err();
            assert!(why.starts_with("expected a host and a port"), "{text}");
        }
        for text in ["a:", "a:0", "a:65536", "[::1]"] {
            let why = host_and_port(text).unwrap_err();
            assert_eq!(why, "the port: expected a number from 1 to 65535", "{text}");
        }
    }

    #[test]
    fn a_header_has_a_name_and_a_value() {
        let parsed = header("Cookie: a=1; b=2:3 ").unwrap();
        assert_eq!(parsed, Header::new("Cookie", "a=1; b=2:3"));
        assert_eq!(header("X:"), Ok(Header::new("X", "")));
        assert!(header("X").unwrap_err().starts_with("expected a name"));
        assert!(header("X Y: 1").unwrap_err().contains("not the name"));
        assert!(header("X: a\r\nB: c").unwrap_err().contains("control"));
    }

    #[test]
    fn a_subprotocol_is_a_token() {
        assert_eq!(token("mqtt"), Ok("mqtt".to_owned()));
        assert!(token("a, b").is_err());
        assert!(token("").is_err());
    }
}
