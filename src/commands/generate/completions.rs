//! Completion scripts: those of `clap_complete`, with what they leave out.

use std::fmt::Write as _;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, Command, CommandFactory as _, ValueHint};
use clap_complete::Shell;

use crate::cli::Cli;
use crate::diagnosis::catalogue;
use crate::ws::CloseCode;
use crate::ws::Role;
use crate::ws::fault::faults_of;

/// The completion script for a shell.
pub(super) fn script(shell: Shell) -> String {
    let mut command = declaration();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "wsctl", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    match shell {
        Shell::Bash => with_joined_values(&script),
        Shell::Fish => script + &positional_values(&command),
        _ => script,
    }
}

/// The declaration with hints for a shell: likely values of arguments that allow others,
/// and which arguments are not files.
fn declaration() -> Command {
    let mut command = Cli::command();
    // The options of all commands are declared now.
    command.build();
    command
        .mut_subcommand("explain", |command| suggest(command, "words", rules()))
        .mut_subcommand("serve", |command| {
            suggest(command, "fault", faults(Role::Server))
        })
        .mut_subcommand("connect", |command| {
            suggest(command, "fault", faults(Role::Client))
        })
        .mut_subcommand("encode", |command| suggest(command, "close", codes()))
        .mut_subcommands(|command| command.mut_args(without_files))
}

fn suggest(command: Command, name: &'static str, values: Vec<PossibleValue>) -> Command {
    command.mut_arg(name, |arg| {
        arg.value_parser(PossibleValuesParser::new(values))
    })
}

fn rules() -> Vec<PossibleValue> {
    let value = |rule: &catalogue::RulePage| PossibleValue::new(rule.id).help(rule.title);
    catalogue::all().map(value).collect()
}

/// The faults of a sender. Those with an argument end in `=`.
fn faults(sender: Role) -> Vec<PossibleValue> {
    let value = |kind: &crate::ws::fault::FaultInfo| {
        let equals = if kind.argument.starts_with('=') {
            "="
        } else {
            ""
        };
        PossibleValue::new([kind.name, equals].concat()).help(kind.does)
    };
    faults_of(sender).map(value).collect()
}

/// The close codes of RFC 6455 and of the IANA registry.
fn codes() -> Vec<PossibleValue> {
    let value = |code| {
        let name = CloseCode(code).name()?;
        Some(PossibleValue::new(code.to_string()).help(name))
    };
    (1000..4000).filter_map(value).collect()
}

/// An argument for which no shell offers files, unless its hint says that it is one.
fn without_files(arg: Arg) -> Arg {
    match arg.get_value_hint() {
        ValueHint::Unknown if arg.get_action().takes_values() => arg.value_hint(ValueHint::Other),
        _ => arg,
    }
}

/// The bash script, which also completes the value in `--format=json`: Readline splits off
/// the `=` as a word of its own, so the option is the word before it.
fn with_joined_values(script: &str) -> String {
    const PREVIOUS: &str = "    prev=\"$3\"\n";
    let joined = [
        PREVIOUS,
        "    if [[ \"${prev}\" == \"=\" ]]; then\n",
        "        prev=\"${COMP_WORDS[COMP_CWORD-2]}\"\n",
        "    fi\n",
    ]
    .concat();
    script.replacen(PREVIOUS, &joined, 1)
}

/// The positional arguments for fish, which `clap_complete` leaves out: their values, or
/// that they are not files.
fn positional_values(command: &Command) -> String {
    let mut lines = String::new();
    for command in command.get_subcommands() {
        for argument in command.get_positionals() {
            let values = argument.get_possible_values();
            if values.is_empty() && argument.get_value_hint() != ValueHint::Other {
                continue;
            }
            let name = command.get_name();
            let condition = format!("__fish_wsctl_using_subcommand {name}");
            let _ = write!(lines, "complete -c wsctl -n \"{condition}\" -f");
            if !values.is_empty() {
                let values: Vec<String> = values.iter().map(fish_value).collect();
                let _ = write!(lines, " -a {}", fish_quoted(&values.join("\n")));
            }
            lines.push('\n');
        }
    }
    lines
}

/// A value and its description, as fish evaluates it: `man\t'The man page'`.
fn fish_value(value: &PossibleValue) -> String {
    let help = value
        .get_help()
        .map(ToString::to_string)
        .unwrap_or_default();
    format!("{}\\t{}", value.get_name(), fish_quoted(&help))
}

fn fish_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
