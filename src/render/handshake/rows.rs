//! The rows of the table: the headers that matter, each with the mark of its findings.

use crate::diagnosis::{Finding, Location, LocationScope, Severity, Snippet};
use crate::ws::handshake::{HeadLine, HeadLines, LineKind};

/// A row of the table.
pub(super) struct HeaderRow {
    pub(super) mark: HeaderMark,
    pub(super) name: String,
    pub(super) value: String,
    pub(super) remark: Option<String>,
    /// Whether the row is that of a header in the head.
    pub(super) is_header: bool,
}

/// The mark of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum HeaderMark {
    /// No rule applies to the header.
    None,
    /// Valid.
    Right,
    /// Allowed, but a finding warns about it.
    Odd,
    /// A rule is broken.
    Wrong,
    /// The header is required and missing.
    Missing,
}

/// The rows of one head: the wrong words of its first line, the headers that matter or have a
/// finding, and the missing headers. `is_checked` tells by the name in lower case whether the
/// rules for a header were applied.
pub(super) fn of_head(
    scope: LocationScope,
    lines: &HeadLines,
    findings: &[Finding],
    is_checked: impl Fn(&str) -> bool,
) -> Vec<HeaderRow> {
    let here: Vec<(&Finding, &Location, usize)> = findings
        .iter()
        .filter_map(|finding| {
            let location = finding.location.as_ref()?;
            match location.snippet {
                Some(Snippet::Line { number, .. }) if location.scope == scope => {
                    Some((finding, location, number))
                }
                _ => None,
            }
        })
        .collect();
    let mut rows: Vec<HeaderRow> = Vec::new();
    for line in lines.lines() {
        let of_line = here.iter().filter(|(_, _, number)| *number == line.number);
        let of_line = of_line.map(|(finding, location, _)| (*finding, *location));
        match line.kind {
            LineKind::First => rows.extend(of_first_line(line, of_line)),
            _ => rows.extend(of_header_line(line, of_line, &is_checked)),
        }
    }
    let first = here.iter().filter(|(_, _, number)| *number == 1);
    rows.extend(first.filter_map(|(finding, ..)| missing(finding)));
    rows
}

/// The number of headers.
pub(super) fn count(lines: &HeadLines) -> usize {
    lines.lines().len().saturating_sub(1)
}

/// A row for each finding about words of the first line.
fn of_first_line<'a>(
    line: &HeadLine,
    findings: impl Iterator<Item = (&'a Finding, &'a Location)>,
) -> Vec<HeaderRow> {
    let mut rows = Vec::new();
    for (finding, location) in findings {
        let start = usize::try_from(location.offset).unwrap_or_default();
        let end = start.saturating_add(usize::try_from(location.length).unwrap_or_default());
        if let Some(words) = line.bytes.get(start..end)
            && missing_name(finding).is_none()
            && !words.is_empty()
        {
            rows.push(HeaderRow {
                mark: mark_of(finding),
                name: String::from_utf8_lossy(words).into_owned(),
                value: String::new(),
                remark: finding.label.clone(),
                is_header: false,
            });
        }
    }
    rows
}

fn of_header_line<'a>(
    line: &HeadLine,
    findings: impl Iterator<Item = (&'a Finding, &'a Location)>,
    is_checked: &impl Fn(&str) -> bool,
) -> Option<HeaderRow> {
    let text =
        |bytes: Option<&[u8]>| String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned();
    let (name, value) = match line.kind {
        LineKind::Header { .. } => (text(line.name()), text(line.value())),
        _ => (text(Some(line.bytes.trim_ascii())), String::new()),
    };
    let lower = name.to_ascii_lowercase();
    let findings = findings.map(|(finding, _)| finding);
    // The first of those with the gravest mark.
    let worst = findings.reduce(|worst, other| {
        if mark_of(other) > mark_of(worst) {
            other
        } else {
            worst
        }
    });
    let mark = match worst {
        Some(finding) => mark_of(finding),
        None if RULED.contains(&lower.as_str()) && is_checked(&lower) => HeaderMark::Right,
        None if is_shown(&lower) => HeaderMark::None,
        None => return None,
    };
    Some(HeaderRow {
        mark,
        name,
        value,
        remark: worst.and_then(|finding| finding.label.clone()),
        is_header: true,
    })
}

const fn mark_of(finding: &Finding) -> HeaderMark {
    match finding.severity {
        Severity::Violation => HeaderMark::Wrong,
        Severity::Note => HeaderMark::Right,
        Severity::Suspicious | Severity::PeerBug => HeaderMark::Odd,
    }
}

/// The row of a missing header, which a finding at the first line names.
fn missing(finding: &Finding) -> Option<HeaderRow> {
    let mark = match finding.severity {
        Severity::Violation => HeaderMark::Missing,
        Severity::Suspicious | Severity::PeerBug | Severity::Note => HeaderMark::Odd,
    };
    Some(HeaderRow {
        mark,
        name: missing_name(finding)?.to_owned(),
        value: String::new(),
        remark: (mark == HeaderMark::Odd).then(|| "none follows".to_owned()),
        is_header: false,
    })
}

/// `Upgrade` of a label "no `Upgrade: websocket` follows".
fn missing_name(finding: &Finding) -> Option<&str> {
    let header = finding.label.as_deref()?.strip_prefix("no `")?;
    let header = header.strip_suffix("` follows")?;
    header.split(':').next()
}

/// The names of the headers with rules in the RFC, in lower case.
const RULED: [&str; 8] = [
    "host",
    "upgrade",
    "connection",
    "sec-websocket-key",
    "sec-websocket-version",
    "sec-websocket-accept",
    "sec-websocket-protocol",
    "sec-websocket-extensions",
];

/// Whether a header is shown, by its name in lower case.
fn is_shown(lower: &str) -> bool {
    const NAMES: [&str; 9] = [
        "origin",
        "location",
        "server",
        "via",
        "x-forwarded-for",
        "content-type",
        "content-length",
        "transfer-encoding",
        "www-authenticate",
    ];
    RULED.contains(&lower) || NAMES.contains(&lower) || lower.contains("websocket")
}
