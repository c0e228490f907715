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
mod serve;
mod size;
mod values;

use clap::{Parser, Subcommand};

pub use accept::AcceptArgs;
pub use decode::DecodeArgs;
pub use encode::{EncodeArgs, Kind};
pub use explain::ExplainArgs;
pub use generate::{GenerateArgs, Page};
pub use handshake::HandshakeArgs;
pub use serve::ServeArgs;
pub use values::{ColorChoice, HandshakeFormat, LogFormat, Sender};

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

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compute Sec-WebSocket-Accept for a key, or check one.
    ///
    /// The value is base64 of the SHA-1 of the key's text followed by
    /// 258EAFA5-E914-47DA-95CA-C5AB0DC85B11 (RFC 6455 section 4.2.2).
    Accept(AcceptArgs),
    /// Turn frames, in any notation or raw, into text.
    ///
    /// The text of each message goes to standard output, a line each, and what is wrong
    /// to standard error. A frame that is cut short is shown as far as it goes.
    Decode(DecodeArgs),
    /// Turn text into frames, right ones or wrong ones.
    ///
    /// Without options it is one final, unmasked text frame, in hexadecimal. What is asked
    /// for is written even if it breaks a rule; a warning names the rule, and the exit
    /// status is 1.
    Encode(EncodeArgs),
    /// Run a throw-away server that prints every frame.
    ///
    /// It sends each message back as it came, answers pings, completes the closing handshake,
    /// and fails a connection that breaks a rule with the right close code. Ctrl-C says
    /// goodbye to everyone.
    Serve(Box<ServeArgs>),
    /// Judge a pasted request, response, or both.
    ///
    /// Every header that matters is shown with its verdict, the Sec-WebSocket-Accept is
    /// computed again, and what was offered stands beside what was chosen. What is wrong,
    /// and perhaps why, goes to standard error.
    Handshake(HandshakeArgs),
    /// Explain a rule, or find the rules behind an error text.
    ///
    /// A rule's page says what is wrong, why it happens, what to change, what browsers and
    /// libraries print, and how to see it. Other words are searched for in all of that;
    /// without any, all rules are listed.
    Explain(ExplainArgs),
    /// Generate a completion script or the man page.
    ///
    /// Both are made from the same declaration as the help.
    Generate(GenerateArgs),
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::CommandFactory as _;

    #[test]
    fn the_declaration_is_sound() {
        Cli::command().debug_assert();
    }
}
