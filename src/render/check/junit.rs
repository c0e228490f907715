//! The report of `check` in the XML of `JUnit`, which CI systems read.

use std::fmt::{self, Write as _};
use std::time::Duration;

use super::{cause, fix, observed};
use crate::check::{CaseGroup, CheckedCase, Report, ResultKind};

/// The reports: a suite for each group of each, a test case for each case.
pub fn junit(reports: &[Report<'_>]) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a String cannot fail.
    let _ = push_reports(&mut xml, reports);
    xml
}

fn push_reports(xml: &mut String, reports: &[Report<'_>]) -> fmt::Result {
    let targets: Vec<&str> = reports.iter().map(|report| report.target).collect();
    let duration: Duration = reports.iter().map(|report| report.duration).sum();
    let all: Vec<Counts> = reports.iter().map(|it| Counts::of(it, None)).collect();
    writeln!(
        xml,
        "<testsuites name=\"wsctl check {}\" {} time=\"{:.3}\">",
        escaped(&targets.join(", ")),
        Counts::sum(&all),
        duration.as_secs_f64(),
    )?;
    for report in reports {
        for group in report.groups() {
            push_suite(xml, report, group)?;
        }
    }
    xml.push_str("</testsuites>\n");
    Ok(())
}

/// A suite has the name of its group, after that of the client if there may be several.
fn push_suite(xml: &mut String, report: &Report<'_>, group: CaseGroup) -> fmt::Result {
    let agent = report.agent.map(|agent| format!("{}: ", escaped(agent)));
    let (agent, name) = (agent.unwrap_or_default(), group.name());
    let counts = Counts::of(report, Some(group));
    writeln!(xml, "  <testsuite name=\"{agent}{name}\" {counts}>")?;
    for checked in report.checked.iter().filter(|it| it.case.group == group) {
        push_case(xml, report, checked)?;
    }
    xml.push_str("  </testsuite>\n");
    Ok(())
}

/// How many cases there are, have failed and were skipped.
#[derive(Clone, Copy, Default)]
struct Counts([usize; 3]);

impl Counts {
    /// The counts of a group, or of all.
    fn of(report: &Report<'_>, group: Option<CaseGroup>) -> Self {
        let count = |kind| report.count_in(group, kind);
        let all: usize = ResultKind::ALL.into_iter().map(count).sum();
        let failed = ResultKind::ALL.into_iter().filter(|kind| kind.fails_run());
        Self([all, failed.map(count).sum(), count(ResultKind::Skipped)])
    }

    fn sum(counts: &[Self]) -> Self {
        let count = |index: usize| {
            let numbers = counts.iter().filter_map(|it| it.0.get(index));
            numbers.sum()
        };
        Self([count(0), count(1), count(2)])
    }
}

/// The attributes of an element.
impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [all, failed, skipped] = self.0;
        write!(
            f,
            "tests=\"{all}\" failures=\"{failed}\" skipped=\"{skipped}\""
        )
    }
}

fn push_case(xml: &mut String, report: &Report<'_>, checked: &CheckedCase) -> fmt::Result {
    let case = &checked.case;
    let (class, name) = case.id.rsplit_once('/').unwrap_or(("", &case.id));
    let duration = checked.result.observation.as_ref().map(|it| it.duration);
    let seconds = duration.unwrap_or_default().as_secs_f64();
    write!(
        xml,
        "    <testcase classname=\"{class}\" name=\"{name}\" time=\"{seconds:.3}\""
    )?;
    let kind = checked.result.kind;
    let why = cause(checked, report.peer).unwrap_or_default();
    let content = match kind {
        ResultKind::Passed => {
            xml.push_str("/>\n");
            return Ok(());
        }
        ResultKind::Failed | ResultKind::Flaky => format!(
            "<failure type=\"{}\" message=\"{}\">{}</failure>",
            kind.name(),
            escaped(&why),
            escaped(&details(report, checked)),
        ),
        ResultKind::Skipped => format!("<skipped message=\"{}\"/>", escaped(&why)),
        ResultKind::Warning | ResultKind::Info | ResultKind::ExpectedFailure => {
            let text = format!("{}: {}", kind.name(), observed(&checked.result));
            format!("<system-out>{}</system-out>", escaped(&text))
        }
    };
    writeln!(xml, ">\n      {content}\n    </testcase>")
}

fn details(report: &Report<'_>, checked: &CheckedCase) -> String {
    let case = &checked.case;
    let rule = match checked.rule() {
        Some(page) => format!("{} ({})", page.title, case.section()),
        None => case.section(),
    };
    format!(
        "sent: {}\nexpected: {}\ncame: {}\nrule: {}\nfix: {}\n",
        case.sends,
        case.expected(report.peer),
        observed(&checked.result),
        rule,
        fix(checked).unwrap_or_default(),
    )
}

/// Text for an attribute or an element. Characters that XML 1.0 forbids are replaced.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(char),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            char if char.is_control() => out.push('\u{fffd}'),
            char => out.push(char),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_end_its_element_or_attribute() {
        assert_eq!(
            escaped("a<b>&\"c\"\u{1b}[2J\u{ffff}"),
            "a&lt;b&gt;&amp;&quot;c&quot;\u{fffd}[2J\u{fffd}"
        );
    }
}
