//! The report of `check` as text: what failed, then the counts.

use super::{cause, command, fix, is_about_head, observed, sent};
use crate::check::{Case, CheckedCase, Report, ResultKind};
use crate::render::escape;
use crate::render::style::{Style, StyleRole};
use crate::render::words::push_spaced_hex;
use crate::render::wrap::{columns, push_blanks, push_hanging};
use crate::ws::Role;

/// The column at which the text of a field begins.
const INDENT: usize = 12;

/// The most bytes that are shown in hexadecimal.
const MOST_BYTES: usize = 64;

/// Appends the report, the most basic group first: each failure in full, each warning on a line, with `all` each other case
/// on a line; then the counts.
pub fn push(out: &mut Vec<u8>, style: Style, report: &Report<'_>, all: bool, width: usize) {
    for checked in report.most_basic_first() {
        match checked.result.kind {
            ResultKind::Failed | ResultKind::Flaky => {
                push_failure(out, style, report, checked, width);
            }
            ResultKind::Warning => push_warning(out, style, report, checked, all, width),
            ResultKind::Passed
            | ResultKind::Info
            | ResultKind::Skipped
            | ResultKind::ExpectedFailure => {
                if all {
                    push_line(out, style, report.peer, checked, width);
                }
            }
        }
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

fn push_failure(
    out: &mut Vec<u8>,
    style: Style,
    report: &Report<'_>,
    checked: &CheckedCase,
    width: usize,
) {
    let case = &checked.case;
    push_heading(out, style, checked, width);
    push_sent(out, style, checked);
    if let Some(command) = command(report, checked) {
        push_label(out, style, "send it");
        out.extend_from_slice(escape::text(&command).as_bytes());
        out.push(b'\n');
    }
    push_field(out, style, "expected", &case.expected(report.peer), width);
    push_field(out, style, "came", &observed(&checked.result), width);
    let rule = match checked.rule() {
        Some(page) => format!("{}: {} ({})", page.id, page.title, case.section()),
        None => case.section(),
    };
    push_field(out, style, "rule", &rule, width);
    if let Some(cause) = cause(checked, report.peer) {
        push_field(out, style, "cause", &cause, width);
    }
    if let Some(fix) = fix(checked) {
        push_field(out, style, "fix", &fix, width);
    }
    if let Some(note) = case.note {
        push_field(out, style, "note", note, width);
    }
    out.push(b'\n');
}

fn push_warning(
    out: &mut Vec<u8>,
    style: Style,
    report: &Report<'_>,
    checked: &CheckedCase,
    all: bool,
    width: usize,
) {
    if all {
        push_failure(out, style, report, checked, width);
        return;
    }
    push_line(out, style, report.peer, checked, width);
}

/// Appends `failed 6455/5.2/rsv-3 (must): a text frame with RSV 3 of 7`.
fn push_heading(out: &mut Vec<u8>, style: Style, checked: &CheckedCase, width: usize) {
    let (case, kind) = (&checked.case, checked.result.kind);
    style.push(out, role_of(kind), kind.name());
    out.push(b' ');
    style.push(out, StyleRole::Name, &case.id);
    let grade = case.grade.name();
    out.extend_from_slice(format!(" ({grade})\n").as_bytes());
    push_blanks(out, 2);
    push_hanging(out, &case.sends, 2, width);
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

/// Appends the bytes that were sent: a request as its lines, frames in hexadecimal.
fn push_sent(out: &mut Vec<u8>, style: Style, checked: &CheckedCase) {
    let bytes = sent(checked);
    if bytes.is_empty() {
        return;
    }
    push_label(out, style, "sent");
    if is_about_head(&checked.case) {
        let head = bytes.strip_suffix(b"\r\n\r\n").unwrap_or(bytes);
        for (index, line) in head.split(|byte| *byte == b'\n').enumerate() {
            if index > 0 {
                push_blanks(out, INDENT);
            }
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let shown = line.get(..200).unwrap_or(line);
            escape::push_text(out, shown);
            out.push(b'\n');
        }
        return;
    }
    let shown = bytes.get(..MOST_BYTES).unwrap_or(bytes);
    for (index, line) in shown.chunks(16).enumerate() {
        if index > 0 {
            push_blanks(out, INDENT);
        }
        push_spaced_hex(out, line);
        out.push(b'\n');
    }
    if shown.len() < bytes.len() {
        push_blanks(out, INDENT);
        let more = bytes.len() - shown.len();
        out.extend_from_slice(format!("… {more} more bytes\n").as_bytes());
    }
}

fn push_field(out: &mut Vec<u8>, style: Style, label: &str, text: &str, width: usize) {
    push_label(out, style, label);
    push_hanging(out, &escape::text(text), INDENT, width);
}

fn push_label(out: &mut Vec<u8>, style: Style, label: &str) {
    push_blanks(out, 2);
    style.push(out, StyleRole::Aside, label);
    push_blanks(out, INDENT - 2 - label.len());
}

const fn role_of(kind: ResultKind) -> StyleRole {
    match kind {
        ResultKind::Failed | ResultKind::Flaky => StyleRole::Violation,
        ResultKind::Warning | ResultKind::ExpectedFailure => StyleRole::Suspicion,
        ResultKind::Passed | ResultKind::Info | ResultKind::Skipped => StyleRole::Aside,
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
