//! `wsctl generate`.

mod completions;
mod manual;

use clap_complete::Shell;

use super::screen::Console;
use crate::cli::{GenerateArgs, GeneratedFile};
use crate::{Error, Outcome};

pub(super) fn run(args: &GenerateArgs, screen: &mut Console) -> Result<Outcome, Error> {
    let shell = match args.page {
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
    screen.print(&mut out)?;
    Ok(Outcome::Clean)
}
