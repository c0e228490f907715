//! The arguments of `wsctl connect`.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::PossibleValue;
use clap::{ArgAction, Args, ValueEnum};

use super::dial::DialArgs;
use super::values::{any_number, client_fault, duration, fault_help, one_of, size};
use crate::notation::Notation;
use crate::ws::Role;
use crate::ws::fault::InjectedFault;

const INPUT: &str = "What is sent";
const END: &str = "When it ends";
const LOG: &str = "Faults and output";

/// The arguments of `wsctl connect`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  wsctl connect ws://localhost:9527/chat
  wsctl connect localhost:9527 hello --expect 1
  wsctl connect wss://example.org/feed --wait never | jq .
  wsctl connect localhost:9527 --until '\"ready\"' --timeout 30s
  wsctl connect localhost:9527 -v < messages.txt
  wsctl connect localhost:9527 --input hex < payloads.hex
  wsctl encode --mask Hello | wsctl connect localhost:9527 --raw
  wsctl connect localhost:9527 hello --fault no-mask
  wsctl connect localhost:9527 --deflate -s chat -f json --record talk.jsonl

Typed in a terminal, a line that starts with / is a command; /help lists them.")]
pub struct ConnectArgs {
    /// The URL: ws, wss, http or https; without a scheme it is ws.
    #[arg(value_name = "URL")]
    pub url: String,

    /// Messages to send; without any, the lines of standard input.
    #[arg(value_name = "MESSAGE")]
    pub messages: Vec<String>,

    /// Send binary messages.
    #[arg(long, conflicts_with_all = ["text", "raw"], help_heading = INPUT)]
    pub binary: bool,

    /// Read each line as bytes in this notation.
    ///
    /// The messages are binary ones, unless --text is given.
    #[arg(long, value_name = "NOTATION", value_parser = one_of(Notation::ALL),
        hide_possible_values = true, help_heading = INPUT)]
    pub input: Option<Notation>,

    /// Send the bytes of --input as text messages.
    #[arg(hide_short_help = true, long, requires = "input", conflicts_with = "raw", help_heading = INPUT)]
    pub text: bool,

    /// Send the bytes of each line as they are.
    ///
    /// They may be frames or not. A line is what `wsctl encode` prints, or bytes in another notation
    /// (--input). Nothing is added to them and nothing is checked: frames of a client must be masked.
    #[arg(long, help_heading = INPUT)]
    pub raw: bool,

    /// Send all of standard input as one message.
    #[arg(long, conflicts_with = "messages", help_heading = INPUT)]
    pub whole: bool,

    /// Send back each message that comes.
    #[arg(hide_short_help = true, long, help_heading = INPUT)]
    pub echo: bool,

    /// Ping the server at this interval.
    ///
    /// For example 500ms, 30s or 2m; a number without a unit is in seconds. A ping without a
    /// pong when the next one is due is a finding, and so is a pong with another payload.
    #[arg(hide_short_help = true, long, value_name = "TIME", value_parser = duration,
        allow_negative_numbers = true, help_heading = INPUT)]
    pub ping_interval: Option<Duration>,

    /// Refuse larger messages with 1009.
    #[arg(hide_short_help = true, long, value_name = "SIZE", value_parser = size, default_value = "64M",
        allow_negative_numbers = true, help_heading = INPUT)]
    pub max_message: usize,

    /// Do not answer pings.
    #[arg(hide_short_help = true, long, help_heading = INPUT)]
    pub no_pong: bool,

    /// Close after this time without messages, or never.
    ///
    /// The time counts from the end of the input. Then wsctl closes the connection with 1000. Pings
    /// and pongs do not count. By default it is 1s, with --timeout it is never.
    #[arg(short, long, value_name = "TIME", value_parser = wait, help_heading = END)]
    pub wait: Option<Wait>,

    /// Close after this many messages.
    ///
    /// If the connection ends before, the exit status is 1.
    #[arg(long, value_name = "N", value_parser = any_number,
        allow_negative_numbers = true, help_heading = END)]
    pub expect: Option<u64>,

    /// Close after a message that contains this text.
    ///
    /// If the connection ends before, the exit status is 1.
    #[arg(long, value_name = "TEXT", help_heading = END)]
    pub until: Option<String>,

    /// Close after this time.
    ///
    /// With --expect or --until, which did not hold before, the exit status is 1.
    #[arg(long, value_name = "TIME", value_parser = duration,
        allow_negative_numbers = true, help_heading = END)]
    pub timeout: Option<Duration>,

    /// The format: text, frames, json or raw.
    ///
    /// text has the messages that come, one per line; frames has a line for each frame in both
    /// directions; json has all events; raw has the payloads of the messages, unchanged. In a
    /// terminal the default is frames, else it is text. With text and raw all else goes to
    /// standard error.
    #[arg(short, long, value_enum, value_name = "FORMAT", hide_possible_values = true,
        help_heading = LOG)]
    pub format: Option<ConnectFormat>,

    /// The same as --format json.
    #[arg(hide_short_help = true, long, conflicts_with = "format", help_heading = LOG)]
    pub json: bool,

    /// Print all frames and headers.
    ///
    /// With -f text or raw they go to standard error.
    #[arg(short, long, action = ArgAction::SetTrue, help_heading = LOG)]
    pub verbose: bool,

    /// Show long payloads in full.
    ///
    /// Without it, a line of the log has the two ends of a long payload. JSON and the record have
    /// its first 64 KiB, its length and its SHA-256.
    #[arg(hide_short_help = true, long, help_heading = LOG)]
    pub full: bool,

    /// Also write all events as JSON to this file.
    ///
    /// An existing file is replaced. Of a payload it has at most 64 KiB, the length and the
    /// SHA-256; with --full it has all of it.
    #[arg(long, value_name = "FILE", help_heading = LOG)]
    pub record: Option<PathBuf>,

    /// Inject a fault; --help lists all of them.
    #[arg(
        long,
        value_name = "KIND",
        value_parser = client_fault,
        help_heading = LOG,
        long_help = fault_help(Role::Client)
    )]
    pub fault: Vec<InjectedFault>,

    /// Repeat the random choices of an earlier run.
    ///
    /// They decide whether a fault with %P acts, and the byte that bad-utf8 replaces. Without this
    /// option the seed is random, and is printed.
    #[arg(hide_short_help = true, long, value_name = "N", requires = "fault", value_parser = any_number,
        allow_negative_numbers = true, help_heading = LOG)]
    pub seed: Option<u64>,

    /// How the connection is opened.
    #[command(flatten)]
    pub dial: DialArgs,
}

/// How long nothing may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// For ever.
    Never,
    /// For this time.
    For(Duration),
}

/// The format of the output of `connect`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectFormat {
    /// The messages that come, a line each.
    Text,
    /// A line for each frame.
    Frames,
    /// JSON lines.
    Json,
    /// The payloads of the messages that come.
    Raw,
}

impl ConnectArgs {
    /// The format that `--format` or `--json` asks for.
    pub const fn chosen_format(&self) -> Option<ConnectFormat> {
        if self.json {
            Some(ConnectFormat::Json)
        } else {
            self.format
        }
    }

    /// How long the peer may send nothing; None for no limit.
    pub const fn chosen_wait(&self) -> Option<Duration> {
        match self.wait {
            Some(Wait::Never) => None,
            Some(Wait::For(time)) => Some(time),
            None if self.timeout.is_some() => None,
            None => Some(Duration::from_secs(1)),
        }
    }
}

impl ValueEnum for ConnectFormat {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Text, Self::Frames, Self::Json, Self::Raw]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            Self::Text => ("text", "The messages that come, one per line"),
            Self::Frames => ("frames", "A line for each frame"),
            Self::Json => ("json", "All events as JSON, an object a line"),
            Self::Raw => ("raw", "The payloads of the messages, unchanged"),
        };
        Some(PossibleValue::new(name).help(help))
    }
}

fn wait(text: &str) -> Result<Wait, String> {
    match text {
        "never" => Ok(Wait::Never),
        "0" | "0s" | "0ms" => Ok(Wait::For(Duration::ZERO)),
        _ => duration(text)
            .map(Wait::For)
            .map_err(|why| format!("{why}; or never")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_a_time_or_never() {
        assert_eq!(wait("never"), Ok(Wait::Never));
        assert_eq!(wait("0"), Ok(Wait::For(Duration::ZERO)));
        assert_eq!(wait("1.5s"), Ok(Wait::For(Duration::from_millis(1_500))));
        assert!(wait("always").unwrap_err().ends_with("; or never"));
    }
}
