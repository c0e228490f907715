//! `wsctl serve`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args};

use super::values::{LogFormat, number};
use super::{duration, fault, size};
use crate::reply::{Recipients, Template};
use crate::ws::fault::InjectedFault;

const CONNECTION: &str = "Connection";
const ANSWERS: &str = "Answers";
const LIMITS: &str = "Limits";
const LOG: &str = "Faults and log";

/// The words of `wsctl serve`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  wsctl serve
  wsctl serve --port 9527
  wsctl serve --port 0 -f json | jq .
  wsctl serve --deflate --subprotocol chat
  wsctl serve -v --host 0.0.0.0
  wsctl serve --to others
  wsctl serve --reply 'received: {text}'
  wsctl serve --to others --reply '{\"sender\":{name|json},\"msg\":{text|json}}'
  wsctl serve --to addressee
  wsctl serve --to all --exec ./vote-counter
  wsctl serve --fault drop-after=3 --fault delay=200%10 --seed 7
  wsctl serve --ping-interval 20s --idle-timeout 1m --record talk.jsonl
  wsctl serve --tls
  wsctl serve --cert cert.pem --key key.pem

A browser that opens http://127.0.0.1:9527/ is given a page to talk to it;
what stands behind the port there is where the page connects to.")]
pub struct ServeArgs {
    /// The address to listen on.
    #[arg(long, value_name = "ADDRESS", value_parser = host, default_value = "127.0.0.1")]
    pub host: String,

    /// The port; 0 takes a free one.
    #[arg(short, long, value_parser = port, default_value_t = 9527, allow_negative_numbers = true)]
    pub port: u16,

    /// Show browsers no page.
    #[arg(long)]
    pub no_page: bool,

    /// Speak TLS, with a certificate made just now.
    ///
    /// Nobody has signed it, so that clients must be told to trust it, or not to ask; its
    /// SHA-256 fingerprint is printed. It is for localhost, the loopback addresses and
    /// --host.
    #[arg(long, help_heading = CONNECTION)]
    pub tls: bool,

    /// Speak TLS, with the certificate in this file.
    ///
    /// In PEM; those that signed it follow, if clients do not know them.
    #[arg(
        long,
        value_name = "FILE",
        requires = "key",
        conflicts_with = "tls",
        help_heading = CONNECTION
    )]
    pub cert: Option<PathBuf>,

    /// The private key of that certificate, in PEM.
    #[arg(long, value_name = "FILE", requires = "cert", help_heading = CONNECTION)]
    pub key: Option<PathBuf>,

    /// Compress messages for clients that offer it.
    ///
    /// PARAMETERS are what this end wants agreed on, as the header of a response lists them.
    /// An offer is declined if the client cannot limit its window and that is wanted.
    #[arg(
        long,
        value_name = "PARAMETERS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        help_heading = CONNECTION
    )]
    pub deflate: Option<String>,

    /// Speak this, if a client offers it; repeatable.
    ///
    /// The first one that a client offers and the server knows is chosen.
    #[arg(long, value_name = "NAME", help_heading = CONNECTION)]
    pub subprotocol: Vec<String>,

    /// Whom answers go to.
    ///
    /// sender, others (all but the sender), all, none, or the addressee that a JSON message
    /// names.
    ///
    /// The answer to a message is the message itself, unless --reply or --exec says
    /// otherwise. A client that does not read holds nobody up: when 1 MiB waits for it,
    /// further messages for it are dropped, and the log says so.
    #[arg(
        long,
        value_name = "WHOM",
        value_enum,
        default_value_t = Recipients::Sender,
        hide_possible_values = true,
        help_heading = ANSWERS
    )]
    pub to: Recipients,

    /// The field that names the addressee.
    ///
    /// It is `to_user`, else `to`, unless this says otherwise.
    ///
    /// A connection is called what its path ends with, alice for /ws/alice, and its number
    /// if the path is /. All connections of that name get the message; if there is none,
    /// the log says so.
    #[arg(long, value_name = "KEY", help_heading = ANSWERS)]
    pub addressee_field: Option<String>,

    /// Answer with this; {text}, {name}, … are filled in.
    ///
    /// {text} is what the message says (hexadecimal digits if that is no text), {name} what
    /// its connection is called, {id} the connection's number, {path} the path it asked
    /// for, {count} the message's number on the connection, {time} when it came (RFC 3339).
    /// With |json, as in {text|json}, it is a JSON string, quotes and all. Other braces
    /// stand for themselves. The answer to a binary message is a text message too.
    #[arg(long, value_name = "TEMPLATE", help_heading = ANSWERS)]
    pub reply: Option<Template>,

    /// Let a program answer, a line for a line.
    ///
    /// Each text message is a line on its standard input, each line of its standard output
    /// an answer. The command line is run once, by sh -c (cmd /C on Windows). Ends of lines
    /// in a message become spaces; binary messages are not given to it. Each line it prints
    /// answers the oldest message that has no answer, and goes where --to says; with --to
    /// all or addressee it may print lines at any time. See that it does not keep them in
    /// its buffer: python3 -u, sed -u, grep --line-buffered; awk needs an fflush behind
    /// each print, and mawk -W interactive too. What it prints on standard error, and how
    /// it ends, is in the log.
    #[arg(
        long,
        value_name = "COMMAND",
        conflicts_with = "reply",
        help_heading = ANSWERS
    )]
    pub exec: Option<String>,

    /// Refuse larger messages, with 1009.
    #[arg(
        long,
        value_name = "SIZE",
        value_parser = size::parse,
        default_value = "64M",
        allow_negative_numbers = true,
        help_heading = LIMITS
    )]
    pub max_message: usize,

    /// Refuse more connections at once, with status 503.
    #[arg(long, value_name = "N", value_parser = at_least_one,
        allow_negative_numbers = true, help_heading = LIMITS)]
    pub max_connections: Option<usize>,

    /// Let only pages of this origin in; repeatable.
    ///
    /// Requests from other origins, and those that name none, are refused with status 403
    /// (RFC 6455 section 10.2). An origin is what a browser sends: a scheme, a host and
    /// perhaps a port, without a path; null for a page opened from a file.
    #[arg(long, value_name = "URL", value_parser = origin, help_heading = LIMITS)]
    pub origin: Vec<String>,

    /// Ping every client so often, and time the pongs.
    ///
    /// As 500ms, 30s, 2m; a number alone counts seconds. A ping that has no pong when the
    /// next one is due is a finding, and so is a pong with another payload.
    #[arg(long, value_name = "TIME", value_parser = duration::parse,
        allow_negative_numbers = true, help_heading = LIMITS)]
    pub ping_interval: Option<Duration>,

    /// Close connections that were silent for so long.
    ///
    /// With code 1001. A client that does not read what it is sent is dropped after the
    /// same time. One that only listens is not idle if it answers --ping-interval.
    #[arg(long, value_name = "TIME", value_parser = duration::parse,
        allow_negative_numbers = true, help_heading = LIMITS)]
    pub idle_timeout: Option<Duration>,

    /// Do something wrong on purpose; --help lists all.
    #[arg(
        long,
        value_name = "KIND",
        help_heading = LOG,
        long_help = fault::help()
    )]
    pub fault: Vec<InjectedFault>,

    /// Make the same random choices again.
    ///
    /// They are: whether a fault with %P acts, masking keys, and the byte that bad-utf8
    /// breaks. A connection's choices depend on the seed and its number alone. Without
    /// this, the seed is random, and printed.
    #[arg(long, value_name = "N", requires = "fault", value_parser = seed,
        allow_negative_numbers = true, help_heading = LOG)]
    pub seed: Option<u64>,

    /// What the log is: frames, or json.
    #[arg(
        short,
        long,
        value_enum,
        value_name = "FORMAT",
        default_value_t = LogFormat::Frames,
        hide_possible_values = true,
        help_heading = LOG
    )]
    pub format: LogFormat,

    /// Print all headers, both ways.
    #[arg(short, long, action = ArgAction::SetTrue, help_heading = LOG)]
    pub verbose: bool,

    /// Show long payloads whole.
    #[arg(long, help_heading = LOG)]
    pub full: bool,

    /// Write everything to a file too, as -f json prints it.
    ///
    /// A file that is there is replaced. It is complete when the server has ended, by
    /// Ctrl-C too. If it cannot be written any more, the log says so once, and the server
    /// goes on.
    #[arg(long, value_name = "FILE", help_heading = LOG)]
    pub record: Option<PathBuf>,
}

/// An address or a name to listen on; an IPv6 address may stand in brackets, as in a URL.
fn host(text: &str) -> Result<String, String> {
    let inside = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let host = inside.unwrap_or(text);
    // That of IPv6 has colons, two at least, and perhaps a zone; a name has none.
    let address = host.split('%').next().unwrap_or_default();
    let is_v6 = address.matches(':').count() > 1
        && address
            .chars()
            .all(|char| char.is_ascii_hexdigit() || ":.".contains(char));
    let is_name = inside.is_none() && !host.is_empty() && !host.contains([':', '/']);
    if is_v6 || is_name {
        Ok(host.to_owned())
    } else {
        Err("expected an address or a name alone, as 127.0.0.1, ::1 or localhost".to_owned())
    }
}

fn port(text: &str) -> Result<u16, String> {
    number(text, 0, 65535)
}

fn seed(text: &str) -> Result<u64, String> {
    number(text, 0, u64::MAX)
}

fn at_least_one(text: &str) -> Result<usize, String> {
    number(text, 1, usize::MAX as u64)
}

/// An origin as browsers write it: a scheme, a host, perhaps a port (RFC 6454 section 6.2).
fn origin(text: &str) -> Result<String, String> {
    let origin = text.trim_end_matches('/');
    let is_origin = origin.split_once("://").is_some_and(|(scheme, host)| {
        !scheme.is_empty() && !host.is_empty() && !host.contains(['/', '?', '#', '@'])
    });
    if is_origin || origin == "null" {
        Ok(origin.to_owned())
    } else {
        Err("expected an origin, as http://localhost:3000, without a path".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{host, origin};

    #[test]
    fn a_host_is_an_address_or_a_name_without_a_port() {
        for text in ["127.0.0.1", "localhost", "::1", "::"] {
            assert_eq!(host(text), Ok(text.to_owned()));
        }
        assert_eq!(host("[::1]"), Ok("::1".to_owned()));
        for text in [
            "",
            "[]",
            "[localhost]",
            "127.0.0.1:80",
            "[::1]:80",
            "ws://a",
        ] {
            assert!(host(text).unwrap_err().contains("alone"), "{text}");
        }
    }

    #[test]
    fn an_origin_has_a_scheme_and_a_host_and_no_path() {
        assert_eq!(origin("http://a:1/"), Ok("http://a:1".to_owned()));
        assert_eq!(origin("null"), Ok("null".to_owned()));
        for text in ["", "localhost", "http://", "http://a/b", "*"] {
            assert!(origin(text).unwrap_err().contains("an origin"), "{text}");
        }
    }
}
