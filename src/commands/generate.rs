//! `wsctl generate`.

use std::io;

use clap::{Command, CommandFactory as _};
use clap_complete::Shell;
use clap_mangen::Man;

use super::screen::Screen;
use crate::cli::{Cli, GenerateArgs, Page};
use crate::{Error, Verdict};

pub(super) fn run(args: &GenerateArgs, screen: &mut Screen) -> Result<Verdict, Error> {
    let mut out = Vec::new();
    let shell = match args.page {
        Page::Bash => Some(Shell::Bash),
        Page::Elvish => Some(Shell::Elvish),
        Page::Fish => Some(Shell::Fish),
        Page::PowerShell => Some(Shell::PowerShell),
        Page::Zsh => Some(Shell::Zsh),
        Page::Man => None,
    };
    match shell {
        Some(shell) => clap_complete::generate(shell, &mut Cli::command(), "wsctl", &mut out),
        None => man_page(&mut out).map_err(Error::Output)?,
    }
    screen.print(&mut out)?;
    Ok(Verdict::Clean)
}

/// One page for all: the program, then each command below a heading of its own.
fn man_page(out: &mut Vec<u8>) -> io::Result<()> {
    let mut program = Cli::command();
    program.build();
    let man = Man::new(program.clone());
    man.render_title(out)?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    man.render_description_section(out)?;
    man.render_options_section(out)?;
    for command in program
        .get_subcommands()
        .filter(|command| command.get_name() != "help")
    {
        command_section(command, out)?;
    }
    let mut status = Vec::new();
    man.render_extra_section(&mut status)?;
    let status = String::from_utf8_lossy(&status).replace(".SH EXTRA\n", ".SH \"EXIT STATUS\"\n");
    out.extend_from_slice(status.as_bytes());
    man.render_version_section(out)
}

/// What a page of its own would say of a command, its sections one level lower, and
/// without the options that every command has.
fn command_section(command: &Command, out: &mut Vec<u8>) -> io::Result<()> {
    let everywhere = ["color", "quiet", "help"];
    let command = everywhere
        .into_iter()
        .fold(command.clone(), |command, name| {
            command.mut_arg(name, |option| option.hide(true))
        });
    let heading = format!(".SH \"WSCTL {}\"\n", command.get_name().to_uppercase());
    let man = Man::new(command);
    let mut page = b"\n".to_vec();
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    man.render_extra_section(&mut page)?;
    // What stands behind the help is examples, whose lines are not to be filled.
    let page = String::from_utf8_lossy(&page).replace("\n.SH EXTRA\n", "\n.SH EXAMPLES\n.nf\n");
    let page = page.replace("\n.SH ", "\n.SS ");
    out.extend_from_slice(heading.as_bytes());
    out.extend_from_slice(page.trim_start().as_bytes());
    out.extend_from_slice(b".fi\n");
    Ok(())
}
