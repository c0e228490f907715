//! `wsctl generate`: prints a completion script or the man page.

mod completions;
mod manual;

use clap_complete::Shell;

use super::console::Console;
use crate::cli::GeneratedFile;
use crate::{Error, Outcome};

pub(super) fn run(file: GeneratedFile, console: &mut Console) -> Result<Outcome, Error> {
    let shell = match file {
        GeneratedFile::Bash => Some(Shell::Bash),
        GeneratedFile::Elvish => Some(Shell::Elvish),
        GeneratedFile::Fish => Some(Shell::Fish),
        GeneratedFile::PowerShell => Some(Shell::PowerShell),
        GeneratedFile::Zsh => Some(Shell::Zsh),
        GeneratedFile::Man => None,
    };
    let mut out = match shell {
        Some(shell) => completions::script(shell).into_bytes(),
        None => manual::page().map_err(Error::Output)?.into_bytes(),
    };
    console.print(&mut out)?;
    Ok(Outcome::Clean)
}
