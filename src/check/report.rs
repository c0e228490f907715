//! The results of a run, and which cases are chosen and which failures are expected.
//! `commands::check` makes them, `render::check` prints them.

use std::cmp::Reverse;
use std::time::Duration;

use super::case::{Case, CaseGroup};
use super::result::{CaseResult, ResultKind};
use crate::ws::Role;

/// The groups from the most basic one: whether the peer works at all, what each connection has,
/// what a conforming sender may send, what only a wrong one sends, and what is negotiated.
const MOST_BASIC_FIRST: [CaseGroup; 13] = [
    CaseGroup::Sanity,
    CaseGroup::Response,
    CaseGroup::Control,
    CaseGroup::Closing,
    CaseGroup::Lengths,
    CaseGroup::Fragments,
    CaseGroup::Tcp,
    CaseGroup::Masks,
    CaseGroup::Reserved,
    CaseGroup::Utf8,
    CaseGroup::Request,
    CaseGroup::Extensions,
    CaseGroup::Deflate,
];

/// A case with its result.
#[derive(Clone, Debug)]
pub struct CheckedCase {
    /// The case.
    pub case: Case,
    /// Its result.
    pub result: CaseResult,
}

/// A run.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The role of the peer that was checked.
    pub peer: Role,
    /// The peer: a URL, a command, or the name of a client.
    pub target: &'a str,
    /// The name of the client, where there may be several.
    pub agent: Option<&'a str>,
    /// The options that repeat the requests, for a command line.
    pub options: &'a str,
    /// The cases with their results, in order.
    pub checked: &'a [CheckedCase],
    /// The expected failures that have not failed, as the user wrote them.
    pub fixed: &'a [String],
    /// How long it took.
    pub duration: Duration,
}

impl Report<'_> {
    /// How many cases have a result of this kind.
    pub fn count(&self, kind: ResultKind) -> usize {
        self.count_in(None, kind)
    }

    /// How many cases of a group, or of all, have a result of this kind.
    pub fn count_in(&self, group: Option<CaseGroup>, kind: ResultKind) -> usize {
        let is_counted = |it: &&CheckedCase| {
            it.result.kind == kind && group.is_none_or(|group| it.case.group == group)
        };
        self.checked.iter().filter(is_counted).count()
    }

    /// The groups that have cases, in order.
    pub fn groups(&self) -> Vec<CaseGroup> {
        let mut groups: Vec<CaseGroup> = self.checked.iter().map(|it| it.case.group).collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    /// The cases with their results, those of the most basic group first.
    pub fn most_basic_first(&self) -> Vec<&CheckedCase> {
        let place = |it: &&CheckedCase| {
            let mut groups = MOST_BASIC_FIRST.iter();
            groups.position(|group| *group == it.case.group)
        };
        let mut cases: Vec<&CheckedCase> = self.checked.iter().collect();
        cases.sort_by_key(place);
        cases
    }

    /// What several failed cases did not observe, with their number, the most frequent first.
    pub fn common_lacks(&self) -> Vec<(String, usize)> {
        let failed = self.checked.iter().filter(|it| it.result.kind.fails_run());
        let lacks = failed.filter_map(|it| it.result.failure()?.lack(&it.case, self.peer));
        let mut counts: Vec<(String, usize)> = Vec::new();
        for lack in lacks {
            match counts.iter_mut().find(|it| it.0 == lack) {
                Some((_, count)) => *count += 1,
                None => counts.push((lack, 1)),
            }
        }
        counts.retain(|(_, count)| *count > 1);
        counts.sort_by_key(|(_, count)| Reverse(*count));
        counts
    }

    /// Whether the run fails.
    pub fn has_failed(&self) -> bool {
        !self.fixed.is_empty() || self.checked.iter().any(|it| it.result.kind.fails_run())
    }
}

/// Whether an id matches a pattern, in which `*` stands for any characters.
pub fn matches(pattern: &str, id: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| id.strip_prefix(first)) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// The failures that a user expects: ids and patterns, one a line. What follows `#` is a
/// comment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExpectedFailures(Vec<String>);

impl ExpectedFailures {
    /// Reads the lines of a file.
    pub fn parse(text: &str) -> Self {
        let lines = text.lines().map(|line| {
            let before = line.split('#').next().unwrap_or_default();
            before.trim().to_owned()
        });
        Self(lines.filter(|line| !line.is_empty()).collect())
    }

    /// The ids and patterns.
    pub fn lines(&self) -> &[String] {
        &self.0
    }

    /// Marks the failures that are expected. Returns the lines of which every case has passed.
    pub fn apply(&self, checked: &mut [CheckedCase]) -> Vec<String> {
        let mut fixed = Vec::new();
        for line in &self.0 {
            let mut has_passed = false;
            let mut has_failed = false;
            for it in checked.iter_mut().filter(|it| matches(line, &it.case.id)) {
                match it.result.kind {
                    ResultKind::Failed | ResultKind::Flaky => {
                        it.result.kind = ResultKind::ExpectedFailure;
                        has_failed = true;
                    }
                    ResultKind::ExpectedFailure | ResultKind::Warning => has_failed = true,
                    ResultKind::Passed => has_passed = true,
                    ResultKind::Info | ResultKind::Skipped => {}
                }
            }
            if has_passed && !has_failed {
                fixed.push(line.clone());
            }
        }
        fixed
    }

    /// The lines for the failures, each once.
    pub fn of<'a>(checked: impl IntoIterator<Item = &'a CheckedCase>) -> String {
        let mut lines: Vec<&str> = Vec::new();
        for it in checked {
            let kind = it.result.kind;
            let is_failure = kind.fails_run() || kind == ResultKind::ExpectedFailure;
            if is_failure && !lines.contains(&it.case.id.as_str()) {
                lines.push(&it.case.id);
            }
        }
        lines.iter().flat_map(|line| [line, "\n"]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::case::Grade;
    use crate::diagnosis::catalogue;

    #[test]
    fn a_star_stands_for_any_characters() {
        let id = "6455/5.2/rsv-3-ping";
        for pattern in [
            id,
            "*",
            "6455/*",
            "*ping",
            "*/rsv-*",
            "6455/5.2/rsv-*-ping",
            "*5.2*3*",
        ] {
            assert!(matches(pattern, id), "{pattern}");
        }
        for pattern in [
            "",
            "6455",
            "rsv",
            "*pong",
            "7692/*",
            "*ping*ping",
            "6455/5.2/rsv-3",
        ] {
            assert!(!matches(pattern, id), "{pattern}");
        }
    }

    fn checked(id: &str, kind: ResultKind) -> CheckedCase {
        CheckedCase {
            case: Case::new(id, Grade::Must, &catalogue::RESP_STATUS, ""),
            result: CaseResult {
                kind,
                observation: None,
                why: None,
            },
        }
    }

    #[test]
    fn an_expected_failure_passes_and_a_fixed_one_is_named() {
        let expected =
            ExpectedFailures::parse("# known\na/1/x\n  b/* # all of b\n\nc/1/x\nd/1/x\n");
        let mut cases = [
            checked("a/1/x", ResultKind::Failed),
            checked("b/1/x", ResultKind::Passed),
            checked("b/1/y", ResultKind::Flaky),
            checked("c/1/x", ResultKind::Passed),
            checked("d/1/x", ResultKind::Skipped),
            checked("e/1/x", ResultKind::Failed),
        ];
        assert_eq!(expected.apply(&mut cases), ["c/1/x"]);
        let kinds: Vec<&str> = cases.iter().map(|it| it.result.kind.name()).collect();
        assert_eq!(
            kinds,
            [
                "expected-failure",
                "passed",
                "expected-failure",
                "passed",
                "skipped",
                "failed"
            ]
        );
        assert_eq!(ExpectedFailures::of(&cases), "a/1/x\nb/1/y\ne/1/x\n");
    }
}
