//! For each case a peer that fails it: a peer that conforms but for one deviation fails the cases
//! that are listed beside the deviation, and no other.

mod client;
mod frames;
mod handshake;

use std::collections::BTreeSet;

use wsctl::check::{Case, CaseGroup, CaseStep, Grade, client_cases, matches, server_cases};

use super::peer::deviation::Deviation;
use super::peer::{failing, failing_clients};

/// A deviation, and the ids or patterns of the cases that it fails.
type Row = (Deviation, &'static [&'static str]);

#[test]
fn a_server_that_conforms_passes_all_cases() {
    assert_eq!(failing(None, &server_cases()), [""; 0]);
}

#[test]
fn a_client_that_conforms_passes_all_cases() {
    assert_eq!(failing_clients(None, &client_cases()), [""; 0]);
}

/// Whether a case sends much.
fn is_large(case: &Case) -> bool {
    let size = case.steps.iter().map(|step| match step {
        CaseStep::Send(frames, _) => frames.iter().map(|it| 6 + it.payload.len()).sum(),
        _ => 0,
    });
    size.sum::<usize>() > 20_000
}

#[test]
fn each_deviation_of_a_server_fails_its_cases_and_no_other() {
    let rows = handshake::rows().into_iter().chain(frames::rows());
    check(&server_cases(), &rows.collect::<Vec<Row>>(), failing);
}

#[test]
fn what_the_texts_leave_to_a_server_fails_no_case() {
    for (number, deviation) in handshake::allowed().iter().enumerate() {
        let failed = failing(Some(deviation), &server_cases());
        assert_eq!(failed, [""; 0], "{number}");
    }
}

/// The deviations in frames are those of servers, as far as clients have their cases.
#[test]
fn each_deviation_of_a_client_fails_its_cases_and_no_other() {
    let cases = client_cases();
    let has_case = |row: &Row| {
        let mut patterns = row.1.iter();
        patterns.any(|it| cases.iter().any(|case| matches(it, &case.id)))
    };
    let rows = frames::rows().into_iter().filter(has_case);
    let rows: Vec<Row> = client::rows().into_iter().chain(rows).collect();
    check(&cases, &rows, failing_clients);
}

/// Runs cases against a peer with a deviation. Returns the ids of those that it does not pass.
type Failing = fn(Option<&Deviation>, &[Case]) -> Vec<String>;

/// Checks that each deviation fails its cases and no other, and that each case has one.
fn check(cases: &[Case], rows: &[Row], failing: Failing) {
    let (mut wrong, mut failed) = (Vec::new(), BTreeSet::new());
    for (number, (deviation, patterns)) in rows.iter().enumerate() {
        let is_listed = |id: &str| patterns.iter().any(|it| matches(it, id));
        // Large cases take most of the time: only those run that are listed.
        let run = cases.iter().filter(|it| !is_large(it) || is_listed(&it.id));
        let run: Vec<Case> = run.cloned().collect();
        let actual: BTreeSet<String> = failing(Some(deviation), &run).into_iter().collect();
        let expected = cases
            .iter()
            .filter(|it| is_listed(&it.id) && it.grade != Grade::Info);
        let expected: BTreeSet<String> = expected.map(|it| it.id.clone()).collect();
        if actual != expected {
            let missing: Vec<&String> = expected.difference(&actual).collect();
            let more: Vec<&String> = actual.difference(&expected).collect();
            wrong.push(format!(
                "{number} {patterns:?}: passes {missing:?}, fails {more:?}"
            ));
        }
        failed.extend(actual);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let untested = cases.iter().filter(|case| {
        case.grade != Grade::Info && case.group != CaseGroup::Sanity && !failed.contains(&case.id)
    });
    let untested: Vec<&str> = untested.map(|case| case.id.as_str()).collect();
    assert_eq!(untested, [""; 0]);
}

#[test]
fn each_pattern_matches_a_case() {
    let cases: Vec<Case> = server_cases().into_iter().chain(client_cases()).collect();
    let tables = [handshake::rows(), frames::rows(), client::rows()];
    for pattern in tables.iter().flatten().flat_map(|row| row.1) {
        let is_known = cases.iter().any(|case| matches(pattern, &case.id));
        assert!(is_known, "{pattern}");
    }
}
