//! What is done about what was said: the thin layer that joins the others.
//!
//! A command opens its input, hands bytes to `ws`, what that says to `render`, and what
//! that draws to the screen. Anything longer than that belongs into another room.

mod accept;
mod decode;
mod deflate;
mod encode;
mod evidence;
mod explain;
mod generate;
mod handshake;
mod pasted_heads;
mod screen;
mod serve;
mod stdout;

use std::io::{self, Write as _};

use crate::cli::{Cli, Command};
use crate::render::escape;
use crate::{Error, Outcome};
use screen::Console;

/// Says on standard error, in one line, why something could not be done, and below it
/// shows the place in a text that could not be read, and what may have been meant.
pub fn complain(error: &Error) {
    let mut lines = format!("wsctl: {}\n", escape::text(&error.to_string()));
    for line in error.picture().into_iter().flatten() {
        lines.extend(["  ", &line, "\n"]);
    }
    if let Some(hint) = error.hint() {
        lines.extend(["  ", &escape::text(hint), "\n"]);
    }
    // Where standard error is closed, nobody wants to read it.
    let _ = io::stderr().write_all(lines.as_bytes());
}

/// Carries out a command line.
///
/// # Errors
///
/// [`Error`] if it cannot be done, or not to the end.
pub fn run(cli: &Cli) -> Result<Outcome, Error> {
    let mut screen = Console::new(cli.color, cli.quiet);
    match &cli.command {
        Command::Accept(args) => accept::run(args, &mut screen),
        Command::Decode(args) => decode::run(args, &mut screen),
        Command::Encode(args) => encode::run(args, &mut screen),
        Command::Serve(args) => serve::run(args, &mut screen),
        Command::Handshake(args) => handshake::run(args, &mut screen),
        Command::Explain(args) => explain::run(args, &mut screen),
        Command::Generate(args) => generate::run(args, &mut screen),
    }
}
