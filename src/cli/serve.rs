//! The arguments of `wsctl serve`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args};

use super::values::{
    LogFormat, any_number, duration, fault_help, number, origin, port, server_fault, size,
};
use crate::reply::{Recipients, Template};
use crate::ws::Role;
use crate::ws::fault::InjectedFault;

const CONNECTION: &str = "Connection";
const REPLIES: &str = "Replies";
const LIMITS: &str = "Limits";
const LOG: &str = "Faults and log";

/// The arguments of `wsctl serve`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  wsctl serve
  wsctl serve 9600
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

A browser that opens http://127.0.0.1:9527/ gets a page that connects to the
server and sends messages. The page connects to the path and query of its own
URL.")]
pub struct ServeArgs {
    /// The address to listen on.
    #[arg(long, value_name = "ADDRESS", value_parser = host, default_value = "127.0.0.1")]
    pub host: String,

    /// The port to listen on; 0: a free one.
    #[arg(short, long, value_parser = port, default_value_t = 9527, allow_negative_numbers = true)]
    pub port: u16,

    /// The port to listen on; the same as --port.
    #[arg(value_name = "PORT", value_parser = port_or_hint, conflicts_with = "port", hide = true)]
    pub port_word: Option<u16>,

    /// Serve no page to browsers.
    #[arg(long)]
    pub no_page: bool,

    /// Use TLS with a new self-signed certificate.
    ///
    /// Clients must be configured to trust it, or not to verify it. Its SHA-256 fingerprint
    /// is printed. It is valid for localhost, the loopback addresses and --host.
    #[arg(long, help_heading = CONNECTION)]
    pub tls: bool,

    /// Use TLS with the certificate in this PEM file.
    ///
    /// Intermediate certificates follow it in the file.
    #[arg(
        long,
        value_name = "FILE",
        requires = "key",
        conflicts_with = "tls",
        help_heading = CONNECTION
    )]
    pub cert: Option<PathBuf>,

    /// The private key of the certificate, in PEM.
    #[arg(long, value_name = "FILE", requires = "cert", help_heading = CONNECTION)]
    pub key: Option<PathBuf>,

    /// Compress messages for clients that offer it.
    ///
    /// PARAMETERS are those of permessage-deflate that the response has, as its header lists
    /// them. An offer is declined if it does not allow a client window that they require.
    #[arg(
        long,
        value_name = "PARAMETERS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        help_heading = CONNECTION
    )]
    pub deflate: Option<String>,

    /// Accept this subprotocol; repeatable.
    ///
    /// Of the subprotocols that a client offers, the server chooses the first that it
    /// accepts.
    #[arg(long, value_name = "NAME", help_heading = CONNECTION)]
    pub subprotocol: Vec<String>,

    /// The recipients of a reply.
    ///
    /// sender, others (all but the sender), all, none, or the addressee that a JSON message
    /// names.
    ///
    /// The reply is the message itself, unless --reply or --exec makes another. A client that
    /// does not read does not delay the others: when 1 MiB is queued for it, further messages
    /// for it are dropped, and the log reports it.
    #[arg(
        long,
        value_name = "RECIPIENTS",
        value_enum,
        default_value_t = Recipients::Sender,
        hide_possible_values = true,
        help_heading = REPLIES
    )]
    pub to: Recipients,

    /// The JSON field that names the addressee.
    ///
    /// By default it is `to_user`, or else `to`.
    ///
    /// The name of a connection is the last segment of its path, alice for /ws/alice, or its
    /// number if the path is /. All connections of that name get the message. If there is
    /// none, the log reports it.
    #[arg(long, value_name = "KEY", help_heading = REPLIES)]
    pub addressee_field: Option<String>,

    /// Reply with this; {text}, {name}, … are replaced.
    ///
    /// {text} is the payload of the message (in hexadecimal if it is not UTF-8), {name} the
    /// name of the connection, {id} its number, {path} the path of its request, {count} the
    /// number of the message on the connection, {time} when it arrived (RFC 3339). With
    /// |json, as in {text|json}, a value is a JSON string with its quotes, or a number. Other
    /// braces are kept. The reply to a binary message is a text message too.
    #[arg(long, value_name = "TEMPLATE", help_heading = REPLIES)]
    pub reply: Option<Template>,

    /// Reply with the output of a program, line by line.
    ///
    /// The command is started once, with sh -c (cmd /C on Windows). Each text message is a
    /// line on its standard input; line ends in a message become spaces. Binary messages are
    /// not sent to it. Each line of its standard output is the reply to the oldest message
    /// without a reply, and goes to the recipients that --to chooses. With --to all or
    /// addressee it may print lines at any time. The program must not buffer its output:
    /// python3 -u, sed -u, grep --line-buffered; awk needs an fflush after each print, and
    /// mawk also -W interactive. The log has its standard error, and how it ended.
    #[arg(
        long,
        value_name = "COMMAND",
        conflicts_with = "reply",
        help_heading = REPLIES
    )]
    pub exec: Option<String>,

    /// Refuse larger messages with 1009.
    #[arg(
        long,
        value_name = "SIZE",
        value_parser = size,
        default_value = "64M",
        allow_negative_numbers = true,
        help_heading = LIMITS
    )]
    pub max_message: usize,

    /// Refuse further connections with status 503.
    #[arg(long, value_name = "N", value_parser = at_least_one,
        allow_negative_numbers = true, help_heading = LIMITS)]
    pub max_connections: Option<usize>,

    /// Accept only pages of this origin; repeatable.
    ///
    /// The pages of other origins are refused with status 403 (RFC 6455 section 10.2). The
    /// host of the origin is accepted in the Host header too. Clients that send no Origin are
    /// not browsers, and are accepted.
    ///
    /// Without this option, the pages of localhost and of IP addresses are accepted. Pages of
    /// other sites are accepted with a warning, but refused with --exec, --record and with --to
    /// others, all or addressee. An origin is a scheme, a host and optionally a port, without
    /// a path; null is a page opened from a file, or in a sandboxed frame.
    #[arg(long, value_name = "URL", value_parser = origin, help_heading = LIMITS)]
    pub origin: Vec<String>,

    /// Ping each client at this interval.
    ///
    /// For example 500ms, 30s or 2m; a number without a unit is in seconds. A ping without a
    /// pong when the next one is due is a finding, and so is a pong with another payload. The
    /// log has the time until each pong.
    #[arg(long, value_name = "TIME", value_parser = duration,
        allow_negative_numbers = true, help_heading = LIMITS)]
    pub ping_interval: Option<Duration>,

    /// Close connections that are idle for this long.
    ///
    /// Idle is a connection on which nothing arrives. The close code is 1001. A client that does not read is disconnected after the same
    /// time. A client that only listens is not idle if it answers the pings of
    /// --ping-interval.
    #[arg(long, value_name = "TIME", value_parser = duration,
        allow_negative_numbers = true, help_heading = LIMITS)]
    pub idle_timeout: Option<Duration>,

    /// Inject a fault; --help lists all of them.
    #[arg(
        long,
        value_name = "KIND",
        help_heading = LOG,
        value_parser = server_fault,
        long_help = fault_help(Role::Server)
    )]
    pub fault: Vec<InjectedFault>,

    /// Repeat the random choices of an earlier run.
    ///
    /// They decide whether a fault with %P acts, the masking keys, and the byte that bad-utf8
    /// replaces. The choices for a connection depend on the seed and its number only. Without
    /// this option the seed is random, and is printed.
    #[arg(long, value_name = "N", requires = "fault", value_parser = any_number,
        allow_negative_numbers = true, help_heading = LOG)]
    pub seed: Option<u64>,

    /// The format of the log: frames or json.
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

    /// The same as --format json.
    #[arg(long, conflicts_with = "format", help_heading = LOG)]
    pub json: bool,

    /// Print all headers of the request and the response.
    #[arg(short, long, action = ArgAction::SetTrue, help_heading = LOG)]
    pub verbose: bool,

    /// Show long payloads in full.
    ///
    /// Without it, a line of the log has the two ends of a long payload. JSON and the record have
    /// its first 64 KiB, its length and its SHA-256.
    #[arg(long, help_heading = LOG)]
    pub full: bool,

    /// Also write the log as JSON to this file.
    ///
    /// An existing file is replaced. Of a payload it has at most 64 KiB, the length and the
    /// SHA-256; with --full it has all of it. The record is complete when the server has stopped,
    /// also by Ctrl-C. If it can no longer be written, the log reports that once, and the server
    /// continues.
    #[arg(long, value_name = "FILE", help_heading = LOG)]
    pub record: Option<PathBuf>,
}

impl ServeArgs {
    /// The port that `--port` or the word without an option asks for.
    pub fn chosen_port(&self) -> u16 {
        self.port_word.unwrap_or(self.port)
    }

    /// The format that `--format` or `--json` asks for.
    pub const fn chosen_format(&self) -> LogFormat {
        if self.json {
            LogFormat::Json
        } else {
            self.format
        }
    }
}

/// Parses an address or a name to listen on. An IPv6 address may be in brackets, as in a
/// URL.
fn host(text: &str) -> Result<String, String> {
    let inside = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let host = inside.unwrap_or(text);
    // An IPv6 address has at least two colons, and may have a zone. A name has no colon.
    let address = host.split('%').next().unwrap_or_default();
    let is_v6 = address.matches(':').count() > 1
        && address
            .chars()
            .all(|char| char.is_ascii_hexdigit() || ":.".contains(char));
    let is_name = inside.is_none() && !host.is_empty() && !host.contains([':', '/']);
    if is_v6 || is_name {
        Ok(host.to_owned())
    } else {
        Err(
            "expected an address or a name without a port, as 127.0.0.1, ::1 or localhost"
                .to_owned(),
        )
    }
}

/// Parses the port of `wsctl serve 9527`.
fn port_or_hint(text: &str) -> Result<u16, String> {
    port(text).map_err(|why| match text.rsplit_once(':') {
        Some((host, number)) if port(number).is_ok() && !host.contains('/') => {
            let host = if host.is_empty() { "0.0.0.0" } else { host };
            format!("{why}; type --host {host} --port {number}")
        }
        _ => format!("{why}; an address is given with --host"),
    })
}

fn at_least_one(text: &str) -> Result<usize, String> {
    number(text, 1, usize::MAX as u64)
}

#[cfg(test)]
mod tests {
    use super::{host, port_or_hint};

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
            assert!(host(text).unwrap_err().contains("without a port"), "{text}");
        }
    }

    #[test]
    fn the_error_for_an_address_instead_of_a_port_names_the_options() {
        assert_eq!(port_or_hint("9527"), Ok(9527));
        for (text, hint) in [
            ("localhost:80", "type --host localhost --port 80"),
            (":80", "type --host 0.0.0.0 --port 80"),
            ("ws://a:80", "an address is given with --host"),
            ("localhost", "an address is given with --host"),
        ] {
            let expected = format!("expected a number from 0 to 65535; {hint}");
            assert_eq!(port_or_hint(text), Err(expected), "{text}");
        }
    }
}
