//! The `wsctl` program: parses the arguments, runs the command, and returns its exit status.

use std::env;
use std::process::ExitCode;

use wsctl::cli::Cli;
use wsctl::{Error, Outcome, commands};

fn main() -> ExitCode {
    let outcome = match Cli::read(env::args_os()) {
        Ok(cli) => commands::run(&cli),
        Err(message) if message.use_stderr() => {
            // An error on standard error cannot be reported anywhere.
            let _ = message.print();
            return ExitCode::from(2);
        }
        Err(help_or_version) => help_or_version
            .print()
            .map(|()| Outcome::Clean)
            .map_err(Error::Output),
    };
    match outcome {
        Ok(outcome) => outcome.into(),
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            commands::print_error(&error);
            ExitCode::from(2)
        }
    }
}
