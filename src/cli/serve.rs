//! `wsctl serve`.

use clap::{ArgAction, Args};

use super::size;
use super::values::LogFormat;
use crate::reply::{Template, To};

/// The heading of the options about answers.
const ANSWERS: &str = "Answers";

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

In a browser's console: new WebSocket('ws://127.0.0.1:9527/').")]
pub struct ServeArgs {
    /// The address to listen on.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub host: String,

    /// The port; 0 takes a free one and prints it.
    #[arg(short, long, default_value_t = 9527)]
    pub port: u16,

    /// Refuse larger messages, with close code 1009.
    #[arg(long, value_name = "SIZE", value_parser = size::parse, default_value = "64M")]
    pub max_message: usize,

    /// Compress messages with permessage-deflate, for clients that offer it.
    ///
    /// PARAMETERS are what this end wants agreed on, as the header of a response lists them.
    /// An offer is declined if the client cannot limit its window and that is wanted.
    #[arg(long, value_name = "PARAMETERS", num_args = 0..=1, require_equals = true,
        default_missing_value = "")]
    pub deflate: Option<String>,

    /// Speak this subprotocol; the first one that a client offers is chosen.
    #[arg(long, value_name = "NAME")]
    pub subprotocol: Vec<String>,

    /// Whom an answer goes to.
    ///
    /// The answer to a message is the message itself, unless --reply or --exec says otherwise. A client
    /// that does not read holds nobody up: when 1 MiB waits for it, further messages for it
    /// are dropped, and the log says so.
    #[arg(
        long,
        value_name = "WHOM",
        value_enum,
        default_value_t = To::Sender,
        help_heading = ANSWERS
    )]
    pub to: To,

    /// The field with the addressee's name, if it is not `to_user` or `to`.
    ///
    /// A connection is called what its path ends with, alice for /ws/alice, and its number
    /// if the path is /. All connections of that name get the message; if there is none,
    /// the log says so.
    #[arg(long, value_name = "KEY", help_heading = ANSWERS)]
    pub addressee_field: Option<String>,

    /// Answer with this text; {text}, {name}, … are filled in.
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
    /// an answer. The command line is run once, by sh -c (cmd /C on Windows). Ends of lines in a
    /// message become spaces; binary messages are not given to it. Each line it prints
    /// answers the oldest message that has no answer, and goes where --to says; with --to
    /// all or addressee it may print lines at any time. See that it does not keep them in
    /// its buffer: python3 -u, sed -u, grep --line-buffered; awk needs an fflush behind
    /// each print, and mawk -W interactive too. What it
    /// prints on standard error, and how it ends, is in the log.
    #[arg(
        long,
        value_name = "COMMAND",
        conflicts_with = "reply",
        help_heading = ANSWERS
    )]
    pub exec: Option<String>,

    /// What the log looks like.
    #[arg(short, long, value_enum, value_name = "FORMAT", default_value_t = LogFormat::Frames)]
    pub format: LogFormat,

    /// Print all headers, both ways.
    #[arg(short, long, action = ArgAction::SetTrue)]
    pub verbose: bool,

    /// Show long payloads whole.
    #[arg(long)]
    pub full: bool,
}
