//! The `wsctl` program: reads the command line, does what it says, and tells how it went.

use std::env;
use std::process::ExitCode;

use wsctl::cli::Cli;
use wsctl::{Error, Outcome, commands};

fn main() -> ExitCode {
    let outcome = match Cli::read(env::args_os()) {
        Ok(cli) => commands::run(&cli),
        Err(message) if message.use_stderr() => {
            // Where standard error is closed, nobody wants to read it.
            let _ = message.print();
            return ExitCode::from(2);
        }
        // The help or the version, which was asked for.
        Err(answer) => answer
            .print()
            .map(|()| Outcome::Clean)
            .map_err(Error::Output),
    };
    match outcome {
        Ok(verdict) => verdict.into(),
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            commands::complain(&error);
            ExitCode::from(2)
        }
    }
}
