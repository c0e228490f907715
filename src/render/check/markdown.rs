//! The report of `check` in Markdown: the counts of each group, and what failed.

use std::fmt::{self, Write as _};

use super::{cause, fix, observed};
use crate::check::{CheckedCase, Report, ResultKind};

/// The reports, each below a heading.
pub fn markdown(reports: &[Report<'_>]) -> String {
    let mut text = String::new();
    for report in reports {
        // Writing to a String cannot fail.
        let _ = push_report(&mut text, report);
    }
    text
}

fn push_report(text: &mut String, report: &Report<'_>) -> fmt::Result {
    let gap = if text.is_empty() { "" } else { "\n" };
    writeln!(text, "{gap}# wsctl check {}\n", code(report.target))?;
    push_counts(text, report)?;
    push_tables(text, report)
}

fn push_counts(text: &mut String, report: &Report<'_>) -> fmt::Result {
    text.push_str("| group | passed | failed | warnings | other |\n|---|---:|---:|---:|---:|\n");
    for group in report.groups() {
        let count = |kinds: &[ResultKind]| -> usize {
            let counts = kinds.iter().map(|kind| report.count_in(Some(group), *kind));
            counts.sum()
        };
        writeln!(
            text,
            "| {} | {} | {} | {} | {} |",
            group.name(),
            count(&[ResultKind::Passed]),
            count(&[ResultKind::Failed, ResultKind::Flaky]),
            count(&[ResultKind::Warning]),
            count(&[
                ResultKind::Info,
                ResultKind::ExpectedFailure,
                ResultKind::Skipped
            ]),
        )?;
    }
    Ok(())
}

/// Appends a table for each kind of result that is not as it should be.
fn push_tables(text: &mut String, report: &Report<'_>) -> fmt::Result {
    let kinds = [
        ResultKind::Failed,
        ResultKind::Flaky,
        ResultKind::Warning,
        ResultKind::ExpectedFailure,
    ];
    for kind in kinds.into_iter().filter(|kind| report.count(*kind) > 0) {
        writeln!(text, "\n## {}\n", kind.name())?;
        text.push_str("| case | grade | sent | came | rule | cause | fix |\n");
        text.push_str("|---|---|---|---|---|---|---|\n");
        for checked in report.checked.iter().filter(|it| it.result.kind == kind) {
            push_row(text, report, checked)?;
        }
    }
    Ok(())
}

fn push_row(text: &mut String, report: &Report<'_>, checked: &CheckedCase) -> fmt::Result {
    let case = &checked.case;
    let rule = checked.rule().map(|page| format!("{}, ", code(page.id)));
    let rule = rule.unwrap_or_default();
    writeln!(
        text,
        "| {} | {} | {} | {} | {}{} | {} | {} |",
        code(&case.id),
        case.grade.name(),
        cell(&case.sends),
        cell(&observed(&checked.result)),
        rule,
        case.section(),
        cell(&cause(checked, report.peer).unwrap_or_default()),
        cell(&fix(checked).unwrap_or_default()),
    )
}

/// Text in a cell of a table, which ends at a `|` or a line end.
fn cell(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('|', "\\|");
    // `<` before anything else is text.
    let escaped = escaped.replace("</", "&lt;/").replace("<!", "&lt;!");
    let blank = |char: char| if char.is_control() { ' ' } else { char };
    escaped.chars().map(blank).collect()
}

fn code(text: &str) -> String {
    format!("`{}`", cell(text).replace('`', "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_end_its_cell() {
        assert_eq!(cell("a|b\nc<=d</td>\\"), "a\\|b c<=d&lt;/td>\\\\");
        assert_eq!(code("a`b"), "`a'b`");
    }
}
