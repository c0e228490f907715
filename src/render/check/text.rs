//! The report of `check` as text: what failed, then the counts.

use super::failure::{Layout, push_failure, push_group};
use super::groups::CauseGroup;
use super::{cause, observed, role_of};
use crate::check::{Case, CheckedCase, Report, ResultKind};
use crate::render::escape;
use crate::render::style::{Style, StyleRole};
use crate::render::wrap::{columns, push_blanks, push_hanging};
use crate::ws::Role;

/// Appends the report, the most basic group first. With `all` each failure is in full, and each
/// other case on a line. Otherwise one failure of each cause is in full, and the others are listed
/// with it. Then come the counts.
pub fn push(out: &mut Vec<u8>, style: Style, report: &Report<'_>, all: bool, width: usize) {
    let layout = Layout { style, width };
    if all {
        push_all(out, layout, report);
    } else {
        push_grouped(out, layout, report);
    }
    for line in report.fixed {
        let line = escape::text(line);
        style.push(out, StyleRole::Violation, "fixed");
        out.extend_from_slice(format!("  {line}: no case fails as expected\n").as_bytes());
    }
    if !out.is_empty() && !out.ends_with(b"\n\n") {
        out.push(b'\n');
    }
    push_counts(out, style, report);
    push_summary(out, report);
}

fn push_all(out: &mut Vec<u8>, layout: Layout, report: &Report<'_>) {
    for checked in report.most_basic_first() {
        match checked.result.kind {
            ResultKind::Failed | ResultKind::Flaky | ResultKind::Warning => {
                push_failure(out, layout, report, checked);
            }
            ResultKind::Passed
            | ResultKind::Info
            | ResultKind::Skipped
            | ResultKind::ExpectedFailure => {
                push_line(out, layout.style, report.peer, checked, layout.width);
            }
        }
    }
}

/// Appends the failures by cause, then the ids of the warnings by cause.
fn push_grouped(out: &mut Vec<u8>, layout: Layout, report: &Report<'_>) {
    let cases = report.most_basic_first();
    let (failures, others): (Vec<_>, Vec<_>) =
        cases.into_iter().partition(|it| it.result.kind.fails_run());
    let failed = failures.len();
    let groups = CauseGroup::of(failures, report.peer);
    let failures_in_brief = failed - groups.len();
    for group in groups {
        push_group(out, layout, report, &group);
    }
    let warnings = others
        .into_iter()
        .filter(|it| it.result.kind == ResultKind::Warning);
    let warnings: Vec<&CheckedCase> = warnings.collect();
    let warnings_in_brief = warnings.len();
    for group in CauseGroup::of(warnings, report.peer) {
        layout
            .style
            .push(out, role_of(group.kind), group.kind.name());
        out.extend_from_slice(b"  ");
        push_hanging(
            out,
            &escape::text(&format!("{}:", group.cause)),
            9,
            layout.width,
        );
        let ids: Vec<&str> = group.cases.iter().map(|it| it.case.id.as_str()).collect();
        push_blanks(out, 9);
        push_hanging(out, &ids.join(", "), 9, layout.width);
    }
    push_hint(out, report, failures_in_brief, warnings_in_brief);
}

/// Appends which option prints the cases that were listed in brief, if there are any.
fn push_hint(out: &mut Vec<u8>, report: &Report<'_>, failures: usize, warnings: usize) {
    let count = |count: usize, before: &str, noun: &str| {
        let plural = if count == 1 { "" } else { "s" };
        (count > 0).then(|| format!("{count} {before}{noun}{plural}"))
    };
    let counts = [
        count(failures, "more ", "failure"),
        count(warnings, "", "warning"),
    ];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    if counts.is_empty() {
        return;
    }
    // Where there may be several clients, -v prints a line for each case as it ends.
    let option = if report.agent.is_some() {
        "-f json"
    } else {
        "-v"
    };
    if !out.ends_with(b"\n\n") {
        out.push(b'\n');
    }
    let counts = counts.join(" and ");
    out.extend_from_slice(format!("{option} prints {counts} in full\n").as_bytes());
}

/// Appends the cases: their ids, grades and what is sent.
pub fn push_list(out: &mut Vec<u8>, style: Style, cases: &[Case]) {
    let ids = cases
        .iter()
        .map(|case| columns(&case.id))
        .max()
        .unwrap_or_default();
    for case in cases {
        style.push(out, StyleRole::Name, &case.id);
        push_blanks(out, ids + 2 - columns(&case.id));
        let grade = case.grade.name();
        out.extend_from_slice(format!("{grade:11}{}\n", case.sends).as_bytes());
    }
}

/// Appends the name of the client that the next lines are about.
pub fn push_agent(out: &mut Vec<u8>, style: Style, agent: &str) {
    style.push(out, StyleRole::Name, &escape::text(agent));
    out.extend_from_slice(b":\n");
}

/// Appends a case on a line: `passed   6455/5.2/rsv-3`, with the reason for another result.
pub fn push_line(out: &mut Vec<u8>, style: Style, peer: Role, checked: &CheckedCase, width: usize) {
    let kind = checked.result.kind;
    style.push(out, role_of(kind), kind.name());
    push_blanks(out, 9_usize.saturating_sub(kind.name().len()).max(1));
    style.push(out, StyleRole::Name, &checked.case.id);
    let why = match kind {
        ResultKind::Info => Some(observed(&checked.result)),
        ResultKind::Passed => None,
        _ => cause(checked, peer),
    };
    match why {
        Some(why) => {
            out.extend_from_slice(b":\n");
            push_blanks(out, 9);
            push_hanging(out, &escape::text(&why), 9, width);
        }
        None => out.push(b'\n'),
    }
}

/// Appends the counts of each group.
fn push_counts(out: &mut Vec<u8>, style: Style, report: &Report<'_>) {
    for group in report.groups() {
        style.push(out, StyleRole::Name, group.name());
        push_blanks(out, 27_usize.saturating_sub(group.name().len()));
        let counts = counts(|kind| report.count_in(Some(group), kind));
        out.extend_from_slice(counts.as_bytes());
        out.push(b'\n');
    }
}

/// Appends the last lines: all counts, what failed cases have in common, and why cases were
/// skipped.
fn push_summary(out: &mut Vec<u8>, report: &Report<'_>) {
    let total = report.checked.len();
    let noun = if total == 1 { "case" } else { "cases" };
    let seconds = report.duration.as_secs_f64();
    let counts = counts(|kind| report.count(kind));
    let target = escape::text(report.target);
    out.extend_from_slice(
        format!("\n{target}: {total} {noun} in {seconds:.1} s: {counts}\n").as_bytes(),
    );
    for (lack, count) in report.common_lacks() {
        out.extend_from_slice(format!("failed {count}: {lack}\n").as_bytes());
    }
    let mut reasons: Vec<(&str, usize)> = Vec::new();
    for checked in report.checked {
        if checked.result.kind != ResultKind::Skipped {
            continue;
        }
        let why = checked.result.why.as_deref().unwrap_or_default();
        match reasons.iter_mut().find(|it| it.0 == why) {
            Some((_, count)) => *count += 1,
            None => reasons.push((why, 1)),
        }
    }
    for (why, count) in reasons {
        out.extend_from_slice(format!("skipped {count}: {}\n", escape::text(why)).as_bytes());
    }
}

/// `7 passed, 1 failed`; kinds without cases are left out.
fn counts(count: impl Fn(ResultKind) -> usize) -> String {
    let counts = ResultKind::ALL
        .into_iter()
        .filter_map(|kind| match count(kind) {
            0 => None,
            count => Some(format!("{count} {}", kind.name())),
        });
    counts.collect::<Vec<_>>().join(", ")
}
