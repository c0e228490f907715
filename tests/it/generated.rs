//! The completions and the man page in `completions/` are what the program generates, and the help
//! fits a terminal.

use std::path::Path;

use crate::helpers::run::{COMMANDS, wsctl};
use crate::helpers::snapshots::check_file;

/// The arguments of `wsctl generate`, each with its file in `completions/`.
const FILES: &[(&str, &str)] = &[
    ("bash", "wsctl.bash"),
    ("elvish", "wsctl.elv"),
    ("fish", "wsctl.fish"),
    ("powershell", "_wsctl.ps1"),
    ("zsh", "_wsctl"),
    ("man", "wsctl.1"),
];

#[test]
fn the_committed_files_are_what_the_program_generates() {
    for (format, name) in FILES {
        let outcome = wsctl(["generate", format]);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
        check_file(&folder.join(name), outcome.text());
    }
}

#[test]
fn the_man_page_has_each_command_and_option() {
    let page = wsctl(["generate", "man"]);
    assert!(page.stdout.is_ascii());
    let page = page.text().replace("\\-", "-").replace("\\fR", " ");
    for command in COMMANDS {
        let heading = format!(".SH \"WSCTL {}\"", command.to_uppercase());
        let section = page
            .split(&heading)
            .nth(1)
            .unwrap()
            .split("\n.SH ")
            .next()
            .unwrap();
        let written: Vec<&str> = section
            .split(|char: char| char != '-' && !char.is_alphanumeric())
            .collect();
        let help = wsctl([command, "-h"]);
        let words = help.text().split_whitespace();
        let options = words.filter(|word| word.starts_with("--") && word.len() > 2);
        for option in options.map(|option| option.split([',', '.', '[']).next().unwrap()) {
            let is_everywhere = matches!(option, "--color" | "--quiet" | "--help");
            let is_written = written.iter().any(|word| word.ends_with(option));
            assert!(is_everywhere || is_written, "{command} {option}");
        }
    }
}

#[test]
fn the_help_of_the_program_fits_a_terminal() {
    for option in ["-h", "--help"] {
        let help = wsctl([option]);
        assert!(help.text().lines().count() <= 40, "{option}");
        for line in help.text().lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
}

#[test]
fn each_help_has_examples_and_fits_a_terminal() {
    for command in COMMANDS {
        let long = wsctl([command, "--help"]);
        assert!(long.text().contains("Examples:\n  wsctl "), "{command}");
        let short = wsctl([command, "-h"]);
        assert!(short.text().lines().count() <= 40, "{command}");
        for line in long.text().lines().chain(short.text().lines()) {
            assert!(line.chars().count() <= 80, "{command}: {line}");
        }
    }
}
