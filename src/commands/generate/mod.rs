//! `wsctl generate`.

mod completions;
mod manual;

use clap_complete::Shell;

use super::screen::Screen;
use crate::cli::{GenerateArgs, Page};
use crate::{Error, Verdict};

pub(super) fn run(args: &GenerateArgs, screen: &mut Screen) -> Result<Verdict, Error> {
    let shell = match args.page {
        Page::Bash => Some(Shell::Bash),
        Page::Elvish => Some(Shell::Elvish),
        Page::Fish => Some(Shell::Fish),
        Page::PowerShell => Some(Shell::PowerShell),
        Page::Zsh => Some(Shell::Zsh),
        Page::Man => None,
    };
    let mut out = match shell {
        Some(shell) => completions::script(shell).into_bytes(),
        None => manual::page().map_err(Error::Output)?.into_bytes(),
    };
    screen.print(&mut out)?;
    Ok(Verdict::Clean)
}
