//! A failed case with all that is known, and the other cases that fail for the same cause.

use super::groups::{CauseGroup, RuleGroup};
use super::{cause, command, fix, is_about_head, observed, role_of, sent};
use crate::check::{CheckedCase, Report};
use crate::render::escape;
use crate::render::style::{Style, StyleRole};
use crate::render::words::push_spaced_hex;
use crate::render::wrap::{push_blanks, push_hanging};

/// The column at which the text of a field begins.
const INDENT: usize = 12;

/// The most bytes that are shown in hexadecimal.
const MOST_BYTES: usize = 64;

/// How a report is written.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    pub(super) style: Style,
    pub(super) width: usize,
}

/// Appends one case of a group in full, and the others by rule.
pub(super) fn push_group(
    out: &mut Vec<u8>,
    layout: Layout,
    report: &Report<'_>,
    group: &CauseGroup<'_>,
) {
    let Some(example) = group.example() else {
        return;
    };
    push_fields(out, layout, report, example);
    let others = group.others(example);
    if !others.is_empty() {
        let more = group.cases.len() - 1;
        let noun = if more == 1 { "case" } else { "cases" };
        let text = format!("{more} more {noun} with this cause:");
        push_field(out, layout, "also", &text);
        for rule in others {
            push_rule(out, layout, &rule, example);
        }
    }
    out.push(b'\n');
}

/// Appends a failed case with all that is known of it.
pub(super) fn push_failure(
    out: &mut Vec<u8>,
    layout: Layout,
    report: &Report<'_>,
    checked: &CheckedCase,
) {
    push_fields(out, layout, report, checked);
    out.push(b'\n');
}

fn push_fields(out: &mut Vec<u8>, layout: Layout, report: &Report<'_>, checked: &CheckedCase) {
    let case = &checked.case;
    push_heading(out, layout, checked);
    push_sent(out, layout.style, checked);
    if let Some(command) = command(report, checked) {
        push_label(out, layout.style, "send it");
        out.extend_from_slice(escape::text(&command).as_bytes());
        out.push(b'\n');
    }
    push_field(out, layout, "expected", &case.expected(report.peer));
    push_field(out, layout, "came", &observed(&checked.result));
    let rule = match checked.rule() {
        Some(page) => format!("{}: {} ({})", page.id, page.title, case.section()),
        None => case.section(),
    };
    push_field(out, layout, "rule", &rule);
    if let Some(cause) = cause(checked, report.peer) {
        push_field(out, layout, "cause", &cause);
    }
    if let Some(fix) = fix(checked) {
        push_field(out, layout, "fix", &fix);
    }
    if let Some(note) = case.note {
        push_field(out, layout, "note", note);
    }
}

/// Appends the cases of a rule: a line for the rule, then the ids with what came. What the case
/// above them says, the rule and the fix, is not repeated.
fn push_rule(out: &mut Vec<u8>, layout: Layout, rule: &RuleGroup<'_>, above: &CheckedCase) {
    const RULE: usize = 4;
    const CASES: usize = 6;
    let mut push_line = |indent: usize, hanging: usize, text: &str| {
        push_blanks(out, indent);
        push_hanging(out, &escape::text(text), hanging, layout.width);
    };
    match rule.page {
        page if page.map(|it| it.id) == above.rule().map(|it| it.id) => {
            push_line(RULE, CASES, "the same rule:");
        }
        Some(page) => push_line(RULE, CASES, &format!("{}: {}", page.id, page.title)),
        None => push_line(RULE, CASES, "other cases:"),
    }
    for group in &rule.came {
        // That there was a 101 goes without saying, unless nothing else came.
        let came = group.came.strip_prefix("HTTP 101, ");
        let came = came.unwrap_or(&group.came);
        push_line(CASES, CASES + 2, &format!("{}: {came}", group.ids()));
    }
    if let Some(own) = &rule.fix
        && rule.fix != fix(above)
    {
        push_line(CASES, CASES + 2, &format!("fix: {own}"));
    }
    for note in &rule.notes {
        push_line(CASES, CASES + 2, &format!("note: {note}"));
    }
}

/// Appends `failed 6455/5.2/rsv-3 (must): a text frame with RSV 3 of 7`.
fn push_heading(out: &mut Vec<u8>, layout: Layout, checked: &CheckedCase) {
    let (case, kind) = (&checked.case, checked.result.kind);
    layout.style.push(out, role_of(kind), kind.name());
    out.push(b' ');
    layout.style.push(out, StyleRole::Name, &case.id);
    let grade = case.grade.name();
    out.extend_from_slice(format!(" ({grade})\n").as_bytes());
    push_blanks(out, 2);
    push_hanging(out, &case.sends, 2, layout.width);
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

fn push_field(out: &mut Vec<u8>, layout: Layout, label: &str, text: &str) {
    push_label(out, layout.style, label);
    push_hanging(out, &escape::text(text), INDENT, layout.width);
}

fn push_label(out: &mut Vec<u8>, style: Style, label: &str) {
    push_blanks(out, 2);
    style.push(out, StyleRole::Aside, label);
    push_blanks(out, INDENT - 2 - label.len());
}
