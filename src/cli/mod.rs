//! The command line: each option is declared once, here. The help, the completions and the
//! man page are generated from the declaration.
//!
//! `main` parses the arguments into [`Cli`], and `commands` carries it out. This layer only
//! knows the types of the values that options take.

mod accept;
mod check;
mod connect;
mod decode;
mod dial;
mod encode;
mod explain;
mod generate;
mod handshake;
mod lazy_args;
mod serve;
mod values;

use std::ffi::OsString;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum as _};

use crate::render::escape;
pub use accept::AcceptArgs;
pub use check::CheckArgs;
pub use connect::{ConnectArgs, ConnectFormat, Wait};
pub use decode::DecodeArgs;
pub use dial::DialArgs;
pub use encode::{EncodeArgs, FrameKindArgs};
pub use explain::ExplainArgs;
pub use generate::{GenerateArgs, GeneratedFile};
pub use handshake::HandshakeArgs;
pub use lazy_args::LazyArgs;
pub use serve::ServeArgs;
pub use values::{CheckFormat, ColorChoice, HandshakeFormat, LogFormat, SenderArg};

/// Inspect and debug WebSocket traffic: what is on the wire, which rule it breaks, and
/// what to change.
#[derive(Debug, Parser)]
#[command(
    name = "wsctl",
    version,
    max_term_width = 80,
    after_help = "\
Exit status:
  0  Nothing is wrong
  1  Something breaks the RFC, is cut short, or is not as expected
  2  wsctl could not do what was asked

`wsctl COMMAND --help` has examples."
)]
pub struct Cli {
    /// When to use colours.
    #[arg(
        long,
        global = true,
        display_order = 100,
        value_name = "WHEN",
        value_enum,
        default_value_t = ColorChoice::Auto,
        hide_default_value = true,
        hide_possible_values = true,
        help = "Use colours: auto (obeys NO_COLOR), always, never"
    )]
    pub color: ColorChoice,

    /// Print results only: no findings, no notices, no log.
    #[arg(short, long, global = true, display_order = 100)]
    pub quiet: bool,

    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// Parses the arguments of the program; the first one is its name.
    ///
    /// # Errors
    ///
    /// The help or the version, if an argument requests it, or what is wrong with the arguments.
    /// It is coloured as `--color` says, at any place among them. Control characters of an
    /// argument that the error quotes are escaped.
    pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let arguments: Vec<OsString> = arguments.into_iter().collect();
        Self::parse_words(&arguments).or_else(|error| {
            let escaped: Vec<OsString> = arguments.iter().map(escaped).collect();
            if escaped == arguments {
                return Err(error);
            }
            // The error about the escaped arguments quotes those.
            Self::parse_words(&escaped).map_or_else(Err, |_| Err(clap::Error::new(error.kind())))
        })
    }

    fn parse_words(arguments: &[OsString]) -> Result<Self, clap::Error> {
        let mut command = Self::command().color(color_of_messages(arguments));
        let mut matches = command.try_get_matches_from_mut(arguments)?;
        Self::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
    }
}

/// An argument without control characters: they are escaped, if there are any.
fn escaped(argument: &OsString) -> OsString {
    match argument.to_string_lossy() {
        text if text.contains(escape::is_unsafe) => escape::text(&text).into(),
        _ => argument.clone(),
    }
}

/// Whether to colour the help and errors about the arguments, which are not parsed yet.
fn color_of_messages(arguments: &[OsString]) -> clap::ColorChoice {
    let is_option = |word: &&OsString| *word != "--";
    let options: Vec<&OsString> = arguments.iter().take_while(is_option).collect();
    let values = options
        .iter()
        .zip(options.iter().skip(1).map(Some).chain([None]));
    let chosen = values.filter_map(|(word, next)| match word.to_str()? {
        "--color" => next?.to_str(),
        word => word.strip_prefix("--color="),
    });
    match chosen
        .last()
        .map(|value| ColorChoice::from_str(value, false))
    {
        Some(Ok(ColorChoice::Always)) => clap::ColorChoice::Always,
        Some(Ok(ColorChoice::Never)) => clap::ColorChoice::Never,
        _ => clap::ColorChoice::Auto,
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compute the Sec-WebSocket-Accept value for a key, or check one.
    ///
    /// The value is the base64 of the SHA-1 of the key followed by
    /// 258EAFA5-E914-47DA-95CA-C5AB0DC85B11 (RFC 6455 section 4.2.2).
    Accept(LazyArgs<AcceptArgs>),
    /// Connect to a server, send messages and print what comes.
    ///
    /// Each line of standard input is a text message. wsctl checks the response of the server and
    /// every frame, answers pings, and closes with 1000 when the input has ended and nothing has
    /// come for a second. The last line says who ended the connection, and how.
    Connect(LazyArgs<ConnectArgs>),
    /// Decode frames, in any notation or raw, into text.
    ///
    /// Standard output gets the text of each message, one per line. Standard error gets the
    /// findings: what is wrong, why, and what to change. Of a frame that is cut short, the
    /// bytes that are there are shown.
    Decode(LazyArgs<DecodeArgs>),
    /// Encode text as frames, valid or invalid ones.
    ///
    /// Without options the output is one final, unmasked text frame in hexadecimal. A frame
    /// that breaks a rule is written as well: a finding names the rule, and the exit status
    /// is 1.
    Encode(LazyArgs<EncodeArgs>),
    /// Run a test server that prints every frame.
    ///
    /// The server sends each message back, answers pings and completes the closing handshake.
    /// If a client breaks a rule, it fails the connection with the right close code. Ctrl-C
    /// closes all connections with 1001 and stops it.
    Serve(LazyArgs<ServeArgs>),
    /// Check whether a server or a client conforms to the RFCs.
    ///
    /// wsctl opens a connection to a server for each of 333 cases, or runs a client for each of
    /// its cases, sends what the case says, and compares what comes with what RFC 6455, RFC 7692
    /// and the libraries demand. It prints what failed: what was sent, what was expected, what
    /// came, the rule, the cause and the fix.
    Check(LazyArgs<CheckArgs>),
    /// Check a pasted request, response, or both.
    ///
    /// wsctl shows each header that matters with a mark, computes the Sec-WebSocket-Accept
    /// value again, and lists what was offered beside what was chosen. Standard error gets the
    /// findings: what is wrong, why, and what to change.
    Handshake(LazyArgs<HandshakeArgs>),
    /// Explain a rule, or find the rules that an error text belongs to.
    ///
    /// The page of a rule says what is wrong, why it happens, what to change, what browsers
    /// and libraries print, and how to see it. Other words are searched for in the pages.
    /// Without any, all rules are listed.
    Explain(LazyArgs<ExplainArgs>),
    /// Generate a completion script or the man page.
    ///
    /// Both are generated from the same declaration as the help.
    #[command(aliases = ["completions", "completion"])]
    Generate(LazyArgs<GenerateArgs>),
    /// The same as `wsctl generate man`.
    #[command(hide = true)]
    Man,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_declaration_is_valid() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_error_quotes_an_argument_with_escapes() {
        let words = ["wsctl", "\u{1b}[2J", "--color=never"].map(OsString::from);
        let error = Cli::read(words).unwrap_err().to_string();
        assert!(
            error.starts_with("error: unrecognized subcommand '\\x1b[2J'\n"),
            "{error}"
        );
    }

    #[test]
    fn the_color_of_messages_is_found_before_parsing() {
        let color = |line: &str| {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            color_of_messages(&words)
        };
        assert_eq!(color("wsctl --color always x"), clap::ColorChoice::Always);
        assert_eq!(color("wsctl x --color=never"), clap::ColorChoice::Never);
        assert_eq!(color("wsctl x --color"), clap::ColorChoice::Auto);
        assert_eq!(color("wsctl x -- --color=never"), clap::ColorChoice::Auto);
        assert_eq!(color("wsctl --color=green"), clap::ColorChoice::Auto);
    }
}
