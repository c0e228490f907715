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

pub(super) fn is_chosen(args: &CheckArgs, case: &Case) -> bool {
    let is_one_of = |patterns: &[String]| patterns.iter().any(|it| matches(it, &case.id));
    (args.only.is_empty() || is_one_of(&args.only)) && !is_one_of(&args.skip)
}

pub(super) fn expected_failures(args: &CheckArgs, all: &[Case]) -> Result<ExpectedFailures, Error> {
    let Some(path) = &args.expect_fail else {
        return Ok(ExpectedFailures::default());
    };
    let text = fs::read_to_string(path)
        .map_err(|error| Error::System(format!("read {}", path.display()), error))?;
    let expected = ExpectedFailures::parse(&text);
    match expected.unknown(all) {
        None => Ok(expected),
        Some(line) => Err(Error::Usage(format!(
            "{}: no case matches `{line}`; `wsctl check --list` lists all",
            path.display()
        ))),
    }
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
