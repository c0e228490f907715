//! What is done about what was said: the thin layer that joins the others.
//!
//! A command opens its input, hands octets to `ws`, what that says to `render`, and what
//! that draws to the screen. Anything longer than that belongs into another room.

mod accept;
mod decode;
mod encode;
mod generate;
mod screen;
mod serve;

use std::io::{self, Write as _};

use crate::cli::{Cli, Command};
use crate::render::escape;
use crate::{Error, Verdict};
use screen::Screen;

/// Says on standard error, in one line, why something could not be done.
pub fn complain(error: &Error) {
    let line = escape::text(&error.to_string());
    // Where standard error is closed, nobody wants to read it.
    let _ = writeln!(io::stderr(), "wsctl: {line}");
}

/// Carries out a command line.
///
/// # Errors
///
/// [`Error`] if it cannot be done, or not to the end.
pub fn run(cli: &Cli) -> Result<Verdict, Error> {
    let mut screen = Screen::new(cli.color, cli.quiet);
    match &cli.command {
        Command::Accept(args) => accept::run(args, &mut screen),
        Command::Decode(args) => decode::run(args, &mut screen),
        Command::Encode(args) => encode::run(args, &mut screen),
        Command::Serve(args) => serve::run(args, &screen),
        Command::Generate(args) => generate::run(args, &mut screen),
    }
}
