//! The cases of a run: those of a kind of peer that the user chooses, and the failures that the
//! user expects.

use std::fs;

use crate::check::{
    Case, ExpectedFailures, client_cases, client_sanity_cases, client_support_cases, harness_cases,
    matches, sanity_cases, server_cases, support_cases,
};
use crate::cli::{CheckArgs, CheckFormat};
use crate::commands::console::Console;
use crate::render::check as report;
use crate::ws::Role;
use crate::{Error, Outcome};

/// The cases of a kind of peer.
pub(super) struct Suite {
    pub(super) peer: Role,
    pub(super) cases: Vec<Case>,
    /// The first and the last case.
    pub(super) sanity: [Case; 2],
    /// The cases that find out what the peer provides.
    pub(super) support_cases: [Case; 3],
}

impl Suite {
    pub(super) fn new(args: &CheckArgs) -> Self {
        if args.exec.is_some() || args.clients || args.listen.is_some() {
            let cases = match args.listen {
                Some(_) => harness_cases(),
                None => client_cases(),
            };
            Self {
                peer: Role::Client,
                cases,
                sanity: client_sanity_cases(),
                support_cases: client_support_cases(),
            }
        } else {
            Self {
                peer: Role::Server,
                cases: server_cases(),
                sanity: sanity_cases(),
                support_cases: support_cases(),
            }
        }
    }
}

/// The cases that the options choose.
///
/// # Errors
///
/// [`Error`] if a pattern matches no case of this kind of peer, or none is left.
pub(super) fn chosen(args: &CheckArgs, all: &[Case]) -> Result<Vec<Case>, Error> {
    for (option, patterns) in [("--only", &args.only), ("--skip", &args.skip)] {
        let unknown = unmatched(patterns, all);
        if !unknown.is_empty() {
            return Err(no_case(
                args,
                &format!("{option}: no case matches {unknown}"),
            ));
        }
    }
    let is_one_of = |patterns: &[String], case: &Case| {
        patterns.iter().any(|pattern| matches(pattern, &case.id))
    };
    let is_chosen = |case: &&Case| {
        (args.only.is_empty() || is_one_of(&args.only, case)) && !is_one_of(&args.skip, case)
    };
    let chosen: Vec<Case> = all.iter().filter(is_chosen).cloned().collect();
    if chosen.is_empty() {
        return Err(no_case(args, "--skip leaves no case"));
    }
    Ok(chosen)
}

/// The patterns that match no case, in words; empty if each does.
fn unmatched(patterns: &[String], cases: &[Case]) -> String {
    let is_unmatched = |pattern: &&String| !cases.iter().any(|case| matches(pattern, &case.id));
    let unmatched = patterns.iter().filter(is_unmatched);
    let unmatched: Vec<String> = unmatched.map(|it| format!("`{it}`")).collect();
    unmatched.join(", ")
}

fn no_case(args: &CheckArgs, why: &str) -> Error {
    let list = if args.listen.is_some() {
        "--list --listen 0"
    } else if args.exec.is_some() || args.clients {
        "--list --clients"
    } else {
        "--list"
    };
    Error::Usage(format!("{why}; `wsctl check {list}` lists all"))
}

/// The failures that the user expects. A line that matches no case of any kind of peer gets a
/// warning: servers and clients, and several versions of wsctl, may share a file.
///
/// # Errors
///
/// [`Error`] if the file cannot be read.
pub(super) fn expected_failures(
    args: &CheckArgs,
    console: &mut Console,
) -> Result<ExpectedFailures, Error> {
    let Some(path) = &args.expect_fail else {
        return Ok(ExpectedFailures::default());
    };
    let text = fs::read_to_string(path)
        .map_err(|error| Error::System(format!("read {}", path.display()), error))?;
    let expected = ExpectedFailures::parse(&text);
    let all = [server_cases(), client_cases()].concat();
    let unknown = unmatched(expected.lines(), &all);
    if !unknown.is_empty() {
        let path = path.display();
        console.notice(&format!("warning: {path}: no case matches {unknown}"));
    }
    Ok(expected)
}

/// Prints the cases.
pub(super) fn list(
    args: &CheckArgs,
    cases: &[Case],
    peer: Role,
    console: &mut Console,
) -> Result<Outcome, Error> {
    let mut out = Vec::new();
    match args.format {
        CheckFormat::Text => report::push_list(&mut out, console.style(), cases),
        CheckFormat::Json => report::push_json_list(&mut out, cases, peer),
    }
    console.print(&mut out)?;
    Ok(Outcome::Clean)
}
