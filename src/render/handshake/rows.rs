//! The headers of a head that matter, each with the verdict that findings give it.

use crate::diagnosis::{Finding, Location, LocationScope, Severity, Snippet};
use crate::ws::handshake::{HeadLine, HeadLines, LineKind};

/// A line of the table.
pub(super) struct Row {
    pub(super) verdict: HeaderMark,
    pub(super) name: String,
    pub(super) value: String,
    pub(super) remark: Option<String>,
    /// Whether it stands for a header that is there.
    pub(super) is_header: bool,
}

/// What is to be said of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum HeaderMark {
    /// It is shown, not judged.
    None,
    Right,
    Odd,
    Wrong,
    Missing,
}

/// The rows of one head: what is wrong in its first line, the headers that matter or have
/// a finding, and those that are missing. Which headers are judged at all is asked by their
/// names in small letters.
pub(super) fn of_head(
    scope: LocationScope,
    lines: &HeadLines,
    findings: &[Finding],
    is_judged: impl Fn(&str) -> bool,
) -> Vec<Row> {
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
    let mut rows: Vec<Row> = Vec::new();
    for line in lines.lines() {
        let of_line = here.iter().filter(|(_, _, number)| *number == line.number);
        let of_line = of_line.map(|(finding, location, _)| (*finding, *location));
        match line.kind {
            LineKind::First => rows.extend(of_first_line(line, of_line)),
            _ => rows.extend(of_line_below(line, of_line, &is_judged)),
        }
    }
    let first = here.iter().filter(|(_, _, number)| *number == 1);
    rows.extend(first.filter_map(|(finding, ..)| missing(finding)));
    rows
}

/// How many headers there are.
pub(super) fn count(lines: &HeadLines) -> usize {
    lines.lines().len().saturating_sub(1)
}

/// A row for each of the words of the first line that are wrong.
fn of_first_line<'a>(
    line: &HeadLine,
    findings: impl Iterator<Item = (&'a Finding, &'a Location)>,
) -> Vec<Row> {
    let mut rows = Vec::new();
    for (finding, location) in findings {
        let start = usize::try_from(location.offset).unwrap_or_default();
        let end = start.saturating_add(usize::try_from(location.length).unwrap_or_default());
        if let Some(words) = line.bytes.get(start..end)
            && missing_name(finding).is_none()
            && !words.is_empty()
        {
            rows.push(Row {
                verdict: verdict_of(finding),
                name: String::from_utf8_lossy(words).into_owned(),
                value: String::new(),
                remark: finding.label.clone(),
                is_header: false,
            });
        }
    }
    rows
}

fn of_line_below<'a>(
    line: &HeadLine,
    findings: impl Iterator<Item = (&'a Finding, &'a Location)>,
    is_judged: &impl Fn(&str) -> bool,
) -> Option<Row> {
    let text =
        |bytes: Option<&[u8]>| String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned();
    let (name, value) = match line.kind {
        LineKind::Header { .. } => (text(line.name()), text(line.value())),
        _ => (text(Some(line.bytes.trim_ascii())), String::new()),
    };
    let small = name.to_ascii_lowercase();
    let findings = findings.map(|(finding, _)| finding);
    // Of equally grave ones the first.
    let worst = findings.reduce(|worst, other| {
        if verdict_of(other) > verdict_of(worst) {
            other
        } else {
            worst
        }
    });
    let verdict = match worst {
        Some(finding) => verdict_of(finding),
        None if RULED.contains(&small.as_str()) && is_judged(&small) => HeaderMark::Right,
        None if is_shown(&small) => HeaderMark::None,
        None => return None,
    };
    Some(Row {
        verdict,
        name,
        value,
        remark: worst.and_then(|finding| finding.label.clone()),
        is_header: true,
    })
}

const fn verdict_of(finding: &Finding) -> HeaderMark {
    match finding.severity {
        Severity::Violation => HeaderMark::Wrong,
        Severity::Suspicious | Severity::PeerBug => HeaderMark::Odd,
        Severity::Note => HeaderMark::Right,
    }
}

/// The row of a header that a finding at the first line misses.
fn missing(finding: &Finding) -> Option<Row> {
    let verdict = match finding.severity {
        Severity::Violation => HeaderMark::Missing,
        Severity::Suspicious | Severity::PeerBug | Severity::Note => HeaderMark::Odd,
    };
    Some(Row {
        verdict,
        name: missing_name(finding)?.to_owned(),
        value: String::new(),
        remark: (verdict == HeaderMark::Odd).then(|| "none follows".to_owned()),
        is_header: false,
    })
}

/// `Upgrade` of a label "no `Upgrade: websocket` follows".
fn missing_name(finding: &Finding) -> Option<&str> {
    let header = finding.label.as_deref()?.strip_prefix("no `")?;
    let header = header.strip_suffix("` follows")?;
    header.split(':').next()
}

/// Headers that the RFC has rules for, in small letters.
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

/// Whether a header says something about the handshake, though no rule is about it.
fn is_shown(small: &str) -> bool {
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
    RULED.contains(&small) || NAMES.contains(&small) || small.contains("websocket")
}
