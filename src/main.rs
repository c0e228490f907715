//! The `wsctl` program: reads the command line, does what it says, and tells how it went.

use std::process::ExitCode;

use clap::Parser as _;
use wsctl::cli::Cli;
use wsctl::commands;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(message) => {
            // Where help or a complaint cannot be printed, nobody reads it.
            let _ = message.print();
            return ExitCode::from(u8::try_from(message.exit_code()).unwrap_or(2));
        }
    };
    match commands::run(&cli) {
        Ok(verdict) => verdict.into(),
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            commands::complain(&error);
            ExitCode::from(2)
        }
    }
}
