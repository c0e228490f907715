//! What can be said on the command line. Each option is declared once, here; completions
//! and the man page are made from the same declaration.
//!
//! This room only says what was said. What to do about it is for `commands`.

mod accept;
mod decode;
mod duration;
mod encode;
mod explain;
mod fault;
mod generate;
mod handshake;
mod lazy_args;
mod serve;
mod size;
mod values;

use std::ffi::OsString;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum as _};

pub use accept::AcceptArgs;
pub use decode::DecodeArgs;
pub use encode::{EncodeArgs, FrameKindArgs};
pub use explain::ExplainArgs;
pub use generate::{GenerateArgs, GeneratedFile};
pub use handshake::HandshakeArgs;
pub use lazy_args::LazyArgs;
pub use serve::ServeArgs;
pub use values::{ColorChoice, HandshakeFormat, LogFormat, SenderArg};

/// Inspect and debug WebSocket traffic: what is on the wire, which rule it breaks, and
/// what to change.
#[derive(Debug, Parser)]
#[command(
    name = "wsctl",
    version,
    max_term_width = 80,
    after_help = "The exit status is 0 if nothing is wrong, 1 if something breaks the RFC or is cut short, \
                  2 if it could not be done.\n\n\
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
        help = "Use colours: auto (which obeys NO_COLOR), always, never"
    )]
    pub color: ColorChoice,

    /// Print results only: no findings, no notes, no log.
    #[arg(short, long, global = true, display_order = 100)]
    pub quiet: bool,

    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// Reads the words of a command line, the program's name first.
    ///
    /// # Errors
    ///
    /// The help where it was asked for, or what is wrong: in colour as `--color` says,
    /// wherever that stands.
    pub fn read(words: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let words: Vec<OsString> = words.into_iter().collect();
        let mut command = Self::command().color(color_of_messages(&words));
        let mut matches = command.try_get_matches_from_mut(words)?;
        Self::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
    }
}

/// When to colour what is said of the command line itself, which has not been read yet.
fn color_of_messages(words: &[OsString]) -> clap::ColorChoice {
    let is_option = |word: &&OsString| *word != "--";
    let options: Vec<&OsString> = words.iter().take_while(is_option).collect();
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

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compute Sec-WebSocket-Accept for a key, or check one.
    ///
    /// The value is base64 of the SHA-1 of the key's text followed by
    /// 258EAFA5-E914-47DA-95CA-C5AB0DC85B11 (RFC 6455 section 4.2.2).
    Accept(LazyArgs<AcceptArgs>),
    /// Turn frames, in any notation or raw, into text.
    ///
    /// The text of each message goes to standard output, a line each, and what is wrong
    /// to standard error. A frame that is cut short is shown as far as it goes.
    Decode(LazyArgs<DecodeArgs>),
    /// Turn text into frames, right ones or wrong ones.
    ///
    /// Without options it is one final, unmasked text frame, in hexadecimal. What is asked
    /// for is written even if it breaks a rule; a warning names the rule, and the exit
    /// status is 1.
    Encode(LazyArgs<EncodeArgs>),
    /// Run a throw-away server that prints every frame.
    ///
    /// It sends each message back as it came, answers pings, completes the closing handshake,
    /// and fails a connection that breaks a rule with the right close code. Ctrl-C says
    /// goodbye to everyone.
    Serve(LazyArgs<ServeArgs>),
    /// Judge a pasted request, response, or both.
    ///
    /// Every header that matters is shown with its verdict, the Sec-WebSocket-Accept is
    /// computed again, and what was offered stands beside what was chosen. What is wrong,
    /// and perhaps why, goes to standard error.
    Handshake(LazyArgs<HandshakeArgs>),
    /// Explain a rule, or find the rules behind an error text.
    ///
    /// A rule's page says what is wrong, why it happens, what to change, what browsers and
    /// libraries print, and how to see it. Other words are searched for in all of that;
    /// without any, all rules are listed.
    Explain(LazyArgs<ExplainArgs>),
    /// Generate a completion script or the man page.
    ///
    /// Both are made from the same declaration as the help.
    Generate(LazyArgs<GenerateArgs>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_declaration_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_color_of_messages_is_known_before_the_words_are_read() {
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
