//! The `wsctl` program: reads the command line, does what it says, and tells how it went.

use std::env;
use std::io;
use std::process::ExitCode;

use wsctl::cli::Cli;
use wsctl::commands;

fn main() -> ExitCode {
    let cli = match Cli::read(env::args_os()) {
        Ok(cli) => cli,
        Err(message) => {
            return match message.print() {
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::from(2),
                _ if message.use_stderr() => ExitCode::from(2),
                _ => ExitCode::SUCCESS,
            };
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
