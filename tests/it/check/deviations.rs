//! For each case a server that fails it: a server that conforms but for one deviation fails the
//! cases that are listed beside the deviation, and no other.

mod frames;
mod handshake;

use std::collections::BTreeSet;

use wsctl::check::{Case, Grade, Group, Step, matches, server_cases};

use super::peer::deviation::Deviation;
use super::peer::failing;

/// A deviation, and the ids or patterns of the cases that it fails.
type Row = (Deviation, &'static [&'static str]);

#[test]
fn a_server_that_conforms_passes_all_cases() {
    assert_eq!(failing(None, &server_cases()), [""; 0]);
}

/// Whether a case sends much.
fn is_large(case: &Case) -> bool {
    let size = case.steps.iter().map(|step| match step {
        Step::Send(frames, _) => frames.iter().map(|it| 6 + it.payload.len()).sum(),
        _ => 0,
    });
    size.sum::<usize>() > 20_000
}

#[test]
fn each_deviation_fails_its_cases_and_no_other() {
    let cases = server_cases();
    let (mut wrong, mut failed) = (Vec::new(), BTreeSet::new());
    let rows: Vec<Row> = handshake::rows()
        .into_iter()
        .chain(frames::rows())
        .collect();
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
        if patterns
            .iter()
            .any(|it| !cases.iter().any(|case| matches(it, &case.id)))
        {
            wrong.push(format!("{number} {patterns:?}: a pattern matches no case"));
        }
        failed.extend(actual);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let untested = cases.iter().filter(|case| {
        case.grade != Grade::Info && case.group != Group::Sanity && !failed.contains(&case.id)
    });
    let untested: Vec<&str> = untested.map(|case| case.id.as_str()).collect();
    assert_eq!(untested, [""; 0]);
}
