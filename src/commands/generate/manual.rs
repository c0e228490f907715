//! The man page: the sections of `clap_mangen`, joined into one page.

use std::io;

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;

use crate::cli::Cli;

/// The page: the program, then each command below a heading.
pub(super) fn page() -> io::Result<String> {
    let mut program = Cli::command();
    program.build();
    let mut page = HEAD.as_bytes().to_vec();
    let man = Man::new(program.clone());
    man.render_name_section(&mut page)?;
    synopsis(&mut program, &mut page);
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    for command in program.get_subcommands() {
        if command.get_name() != "help" && !command.is_hide_set() {
            command_section(command, &mut page)?;
        }
    }
    let mut status = Vec::new();
    man.render_extra_section(&mut status)?;
    let status = String::from_utf8_lossy(&status)
        .replace(".SH EXTRA\nExit status:\n", ".SH \"EXIT STATUS\"\n.nf\n");
    page.extend_from_slice(status.as_bytes());
    page.extend_from_slice(b".fi\n");
    Ok(tidied(&String::from_utf8_lossy(&page)))
}

/// The title, and a definition of the apostrophe that works in every roff.
const HEAD: &str = concat!(
    ".TH WSCTL 1 \"\" \"wsctl ",
    env!("CARGO_PKG_VERSION"),
    "\" \"User Commands\"\n",
    ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n"
);

/// The synopsis: the usage line of the help.
fn synopsis(command: &mut Command, page: &mut Vec<u8>) {
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").replace('-', "\\-");
    page.extend_from_slice(b".SH SYNOPSIS\n");
    page.extend_from_slice(usage.as_bytes());
    page.push(b'\n');
}

/// The sections of a command, as subsections, without the options that all commands have.
fn command_section(command: &Command, out: &mut Vec<u8>) -> io::Result<()> {
    let everywhere = ["color", "quiet", "help"];
    let mut command = everywhere
        .into_iter()
        .fold(command.clone(), |command, name| {
            command.mut_arg(name, |option| option.hide(true))
        });
    let heading = format!(".SH \"WSCTL {}\"\n", command.get_name().to_uppercase());
    let mut page = b"\n".to_vec();
    synopsis(&mut command, &mut page);
    let man = Man::new(command);
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    man.render_extra_section(&mut page)?;
    // After the options come examples, whose lines are not filled.
    let page = String::from_utf8_lossy(&page)
        .replace("\n.SH EXTRA\nExamples:\n", "\n.SH EXAMPLES\n.nf\n")
        .replace("\n.SH ", "\n.SS ");
    out.extend_from_slice(heading.as_bytes());
    out.extend_from_slice(page.trim_start().as_bytes());
    out.extend_from_slice(b".fi\n");
    Ok(())
}

/// The page in a form that every roff reads without a warning: the apostrophe is defined
/// once, a backslash is written by its name, a break is one request, and all is ASCII.
fn tidied(page: &str) -> String {
    const APOSTROPHE: &str = ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n";
    let body = page.get(HEAD.len()..).unwrap_or_default();
    let body = body
        .replace(APOSTROPHE, "")
        .replace("\n.br\n\n.br\n", "\n.sp\n")
        .replace("\\\\", "\\e")
        .replace('…', "...");
    let lines = body.lines().flat_map(|line| [line.trim_end(), "\n"]);
    std::iter::once(HEAD).chain(lines).collect()
}
