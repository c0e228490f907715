//! What can be said on the command line. Each option is declared once, here; completions
//! and the man page are made from the same declaration.
//!
//! This room only says what was said. What to do about it is for `commands`.

mod accept;
mod decode;
mod encode;
mod generate;
mod serve;
mod size;
mod values;

use clap::{Parser, Subcommand};

pub use accept::AcceptArgs;
pub use decode::DecodeArgs;
pub use encode::{EncodeArgs, Kind};
pub use generate::{GenerateArgs, Page};
pub use serve::ServeArgs;
pub use values::{ColorChoice, LogFormat, Sender};

/// Inspect and debug WebSocket traffic: what is on the wire, which rule it breaks, and
/// what to change.
#[derive(Debug, Parser)]
#[command(
    name = "wsctl",
    version,
    max_term_width = 80,
    after_help = "Exit status: 0 if nothing is wrong, 1 if something breaks the RFC or is cut short, \
                  2 if it could not be done.\n\n\
                  `wsctl COMMAND --help` has examples."
)]
pub struct Cli {
    /// When to use colours; auto obeys `NO_COLOR`.
    #[arg(long, global = true, display_order = 100, value_name = "WHEN", value_enum,
        default_value_t = ColorChoice::Auto)]
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
    Accept(AcceptArgs),
    /// Turn frames, in any notation or raw, into text.
    Decode(DecodeArgs),
    /// Turn text into frames, right ones or wrong ones.
    Encode(EncodeArgs),
    /// Run a throw-away echo server that prints every frame.
    Serve(ServeArgs),
    /// Generate a completion script or the man page.
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
