//! The commands: the thin layer that joins the others.
//!
//! A command reads its input, has `diagnosis` analyse it or `net` serve it, has `render`
//! format the result, and writes that to the `Console`. Anything longer belongs in
//! another layer.

mod accept;
mod check;
mod connect;
mod console;
mod decode;
mod deflate;
mod dial;
mod encode;
mod evidence;
mod explain;
mod faults;
mod generate;
mod handshake;
mod heads_in_bytes;
mod key_search;
mod line_buffer;
mod live_log;
mod pasted_heads;
mod record_file;
mod serve;
mod stop;

use std::io::{self, Write as _};

use crate::cli::{Cli, Command, GeneratedFile};
use crate::render::escape;
use crate::{Error, Outcome};
use console::Console;

/// Prints an error on a line of standard error. Below it are the text that could not be
/// read, with a caret, and what the user may have meant.
pub fn print_error(error: &Error) {
    let mut lines = format!("wsctl: {}\n", escape::text(&error.to_string()));
    for line in error.caret_lines().into_iter().flatten() {
        lines.extend(["  ", &line, "\n"]);
    }
    if let Some(hint) = error.hint() {
        lines.extend(["  ", &escape::text(hint), "\n"]);
    }
    // An error on standard error cannot be reported anywhere.
    let _ = io::stderr().write_all(lines.as_bytes());
}

/// Runs the command of a command line.
///
/// # Errors
///
/// [`Error`] if the command cannot be carried out, or not completely.
pub fn run(cli: &Cli) -> Result<Outcome, Error> {
    let mut console = Console::new(cli.color, cli.quiet);
    match &cli.command {
        Command::Accept(args) => accept::run(args, &mut console),
        Command::Check(args) => check::run(args, &mut console),
        Command::Connect(args) => connect::run(args, &mut console),
        Command::Decode(args) => decode::run(args, &mut console),
        Command::Encode(args) => encode::run(args, &mut console),
        Command::Serve(args) => serve::run(args, &mut console),
        Command::Handshake(args) => handshake::run(args, &mut console),
        Command::Explain(args) => explain::run(args, &mut console),
        Command::Generate(args) => generate::run(args.file, &mut console),
        Command::Man => generate::run(GeneratedFile::Man, &mut console),
    }
}
