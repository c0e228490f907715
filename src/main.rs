//! The `wsctl` program: reads the command line, does what it says, and tells how it went.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use wsctl::cli::Cli;
use wsctl::render::escape;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(message) => {
            // Where help or a complaint cannot be printed, nobody reads it.
            let _ = message.print();
            return ExitCode::from(u8::try_from(message.exit_code()).unwrap_or(2));
        }
    };
    match wsctl::commands::run(&cli) {
        Ok(verdict) => verdict.into(),
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            let line = escape::text(&error.to_string());
            let _ = writeln!(std::io::stderr(), "wsctl: {line}");
            ExitCode::from(2)
        }
    }
}
