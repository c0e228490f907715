//! `wsctl serve`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args};

use super::values::{LogFormat, number};
use super::{duration, fault, size};
use crate::ws::fault::Fault;

const HANDSHAKE: &str = "Handshake";
const LIMITS: &str = "Limits";
const FAULTS: &str = "Faults";
const LOG: &str = "Log";

/// The words of `wsctl serve`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  wsctl serve
  wsctl serve --port 9527
  wsctl serve --port 0 -f json | jq .
  wsctl serve --deflate --subprotocol chat
  wsctl serve -v --host 0.0.0.0
  wsctl serve --fault drop-after=3 --fault delay=200%10 --seed 7
  wsctl serve --ping-interval 20s --idle-timeout 1m --record talk.jsonl

In a browser's console: new WebSocket('ws://127.0.0.1:9527/').")]
pub struct ServeArgs {
    /// The address to listen on.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub host: String,

    /// The port; 0 takes a free one.
    #[arg(short, long, default_value_t = 9527)]
    pub port: u16,

    /// Compress messages for clients that offer permessage-deflate.
    ///
    /// PARAMETERS are what this end wants agreed on, as the header of a response lists them.
    /// An offer is declined if the client cannot limit its window and that is wanted.
    #[arg(
        long,
        value_name = "PARAMETERS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        help_heading = HANDSHAKE
    )]
    pub deflate: Option<String>,

    /// Speak this subprotocol, if a client offers it; repeatable.
    ///
    /// The first one that a client offers and the server knows is chosen.
    #[arg(long, value_name = "NAME", help_heading = HANDSHAKE)]
    pub subprotocol: Vec<String>,

    /// Refuse larger messages, with close code 1009.
    #[arg(
        long,
        value_name = "SIZE",
        value_parser = size::parse,
        default_value = "64M",
        help_heading = LIMITS
    )]
    pub max_message: usize,

    /// Refuse more connections at once, with status 503.
    #[arg(long, value_name = "N", value_parser = at_least_one, help_heading = LIMITS)]
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
    #[arg(long, value_name = "TIME", value_parser = duration::parse, help_heading = LIMITS)]
    pub ping_interval: Option<Duration>,

    /// Close connections that were silent for so long.
    ///
    /// With code 1001. A client that does not read what it is sent is dropped after the
    /// same time. One that only listens is not idle if it answers --ping-interval.
    #[arg(long, value_name = "TIME", value_parser = duration::parse, help_heading = LIMITS)]
    pub idle_timeout: Option<Duration>,

    /// Do something wrong on purpose; --help lists all.
    #[arg(
        long,
        value_name = "KIND",
        help_heading = FAULTS,
        long_help = fault::help()
    )]
    pub fault: Vec<Fault>,

    /// Make the same random choices again.
    ///
    /// They are: whether a fault with %P acts, masking keys, and the byte that bad-utf8
    /// breaks. A connection's choices depend on the seed and its number alone. Without
    /// this, the seed is random, and printed.
    #[arg(long, value_name = "N", requires = "fault", help_heading = FAULTS)]
    pub seed: Option<u64>,

    /// What the log looks like.
    #[arg(
        short,
        long,
        value_enum,
        value_name = "FORMAT",
        default_value_t = LogFormat::Frames,
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
    use super::origin;

    #[test]
    fn an_origin_has_a_scheme_and_a_host_and_no_path() {
        assert_eq!(origin("http://a:1/"), Ok("http://a:1".to_owned()));
        assert_eq!(origin("null"), Ok("null".to_owned()));
        for text in ["", "localhost", "http://", "http://a/b", "*"] {
            assert!(origin(text).unwrap_err().contains("an origin"), "{text}");
        }
    }
}
