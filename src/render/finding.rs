//! A finding as text: in full like a compiler's message, or on one line.
//!
//! `decode` and `handshake` print findings in full, the log of `serve` prints a line and, for
//! the first finding of a rule, more lines below it.

use annotate_snippets::{self as drawing, AnnotationKind, Element, Level, Message, Renderer};

use super::escape;
use super::style::{Style, StyleRole};
use super::words::hex;
use super::wrap::{columns, push_blanks, push_lines, wrap};
use crate::diagnosis::{Cause, Finding, Location, LocationScope, Severity, Snippet};
use crate::ws::Direction;

/// The width of a finding in columns.
const WIDTH: usize = 80;

/// Appends a finding in full: what is wrong, the bytes with the wrong ones underlined, the
/// rule, the cause, the fix, and what peers print.
pub fn push_in_full(out: &mut Vec<u8>, style: Style, finding: &Finding) {
    let label = finding.label.as_deref().map(escape::text);
    let source = finding
        .location
        .as_ref()
        .and_then(|location| MarkedSource::new(location, label));
    let footers = footers(finding, source.as_ref());
    let title = format!("{}[{}]: ", level_of(finding.severity).0, finding.rule());
    let message = wrap(&escape::text(&finding.message), WIDTH - title.len()).join("\n");
    let level = match finding.severity {
        Severity::Violation => Level::ERROR,
        Severity::Suspicious | Severity::PeerBug => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let report = level
        .primary_title(message.as_str())
        .id(finding.rule())
        .elements(source.iter().map(MarkedSource::element))
        .elements(footers);
    let renderer = if style.is_coloured() {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let text = renderer.term_width(WIDTH).render(&[report]);
    let text = source.map_or_else(|| text.clone(), |source| source.with_location(&text));
    out.extend_from_slice(text.as_bytes());
    out.push(b'\n');
}

/// Appends a finding on one line:
/// `error[len16-not-minimal]: frame 1, byte 1: payload length 5 is in 16 bits, … (RFC …)`.
pub fn push_line(out: &mut Vec<u8>, style: Style, finding: &Finding) {
    push_brief_line(out, style, finding);
    out.pop();
    style.push(out, StyleRole::Aside, &format!(" ({})", finding.section()));
    out.push(b'\n');
}

/// Appends the same as several lines if it is wider than `room`. The line begins after `indent`
/// columns, and the others are indented to it.
pub(super) fn push_hanging_line(
    out: &mut Vec<u8>,
    style: Style,
    finding: &Finding,
    indent: usize,
    room: usize,
) {
    let mut text = Vec::new();
    push_line(&mut text, Style::PLAIN, finding);
    if columns(String::from_utf8_lossy(&text).trim_end()) <= room {
        return push_line(out, style, finding);
    }
    text.clear();
    push_brief_line(&mut text, Style::PLAIN, finding);
    let text = String::from_utf8_lossy(&text);
    let mut lines = wrap(text.trim_end(), room);
    let (word, role) = level_of(finding.severity);
    let head = format!("{word}[{}]", finding.rule());
    if let Some(first) = lines.first_mut().filter(|line| line.starts_with(&head)) {
        first.drain(..head.len());
        style.push(out, role, &head);
    }
    push_lines(out, &lines, indent);
    out.pop();
    let section = format!("({})", finding.section());
    let last = lines.last().map_or(0, |line| columns(line));
    if last + " ".len() + columns(&section) <= room {
        out.push(b' ');
    } else {
        out.push(b'\n');
        push_blanks(out, indent);
    }
    style.push(out, StyleRole::Aside, &section);
    out.push(b'\n');
}

/// Appends the same without the section, which an earlier finding of the rule has given.
pub fn push_brief_line(out: &mut Vec<u8>, style: Style, finding: &Finding) {
    let (word, role) = level_of(finding.severity);
    style.push(out, role, &format!("{word}[{}]", finding.rule()));
    out.extend_from_slice(b": ");
    if let Some(location) = &finding.location {
        out.extend_from_slice(location_text(location).as_bytes());
        out.extend_from_slice(b": ");
    }
    escape::push_text(out, finding.message.as_bytes());
    out.push(b'\n');
}

/// The lines of a finding below its first one, for the log: the bytes or the header line
/// with the wrong part underlined, the cause, the fix, the notes. They are wrapped for a
/// terminal on which they are indented by `indent` columns.
pub(super) fn lines(finding: &Finding, indent: usize) -> Vec<String> {
    let label = finding.label.as_deref().map(escape::text);
    let location = finding.location.as_ref();
    let source = location.and_then(|location| MarkedSource::new(location, label));
    let label = source.as_ref().and_then(|it| it.label_below.as_deref());
    let mut lines = source.as_ref().map_or_else(Vec::new, MarkedSource::lines);
    let mut push = |name: &str, text: &str| {
        let name = format!("{name}: ");
        let room = WIDTH.saturating_sub(indent + name.len());
        for (at, words) in wrap(text, room).into_iter().enumerate() {
            let before = if at == 0 { name.as_str() } else { "" };
            lines.push(format!("{before:width$}{words}", width = name.len()));
        }
    };
    if let Some(label) = label {
        push("here", label);
    }
    push("cause", &cause_in_words(finding));
    push("fix", finding.fix());
    for note in &finding.notes {
        push("note", note);
    }
    lines
}

/// The cause as a phrase, with "perhaps" in front if the bytes do not prove it.
pub(super) fn cause_in_words(finding: &Finding) -> String {
    match finding.cause() {
        Cause::Certain(cause) => cause,
        Cause::Possible(cause) => format!("perhaps {cause}"),
    }
}

const fn level_of(severity: Severity) -> (&'static str, StyleRole) {
    match severity {
        Severity::Violation => ("error", StyleRole::Violation),
        Severity::Suspicious | Severity::PeerBug => ("warning", StyleRole::Suspicion),
        Severity::Note => ("note", StyleRole::Aside),
    }
}

/// The location of a finding: `frame 1, byte 5`.
fn location_text(location: &Location) -> String {
    let offset = location.offset;
    let arrow = match location.direction {
        Some(Direction::Incoming) => "< ",
        Some(Direction::Outgoing) => "> ",
        None => "",
    };
    match location.scope {
        LocationScope::Frame(number) => format!("{arrow}frame {number}, byte {offset}"),
        LocationScope::Stream => format!("{arrow}byte {offset}"),
        LocationScope::Request => format!("request, byte {offset}"),
        LocationScope::Response => format!("response, byte {offset}"),
    }
}

/// The footers below the bytes, each with its name.
fn footers<'a>(finding: &Finding, source: Option<&MarkedSource>) -> Vec<Element<'a>> {
    let location = finding.location.as_ref();
    let location = location.filter(|_| source.is_none()).map(location_text);
    let label = source.and_then(|source| source.label_below.clone());
    let seen = seen_in_words(finding);
    let notes = finding.notes.iter().map(|note| ("note", note.clone()));
    [("at", location), ("here", label)]
        .into_iter()
        .filter_map(|(name, text)| Some((name, text?)))
        .chain([("rule", finding.section())])
        .chain([("cause", cause_in_words(finding))])
        .chain([("fix", finding.fix().to_owned())])
        .chain(notes)
        .chain(seen.map(|seen| ("seen", seen)))
        .chain([("more", format!("wsctl explain {}", finding.rule()))])
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| footer(name, &text).into())
        .collect()
}

fn footer<'a>(name: &'static str, text: &str) -> Message<'a> {
    // The gutter takes at most eight columns up to an offset of 10 MB.
    const GUTTER: usize = 8;
    let room = WIDTH - GUTTER - name.len() - ": ".len();
    Level::NOTE
        .with_name(name)
        .message(wrap(&escape::text(text), room).join("\n"))
}

/// What the first three peers print. The rule's page lists all.
fn seen_in_words(finding: &Finding) -> Option<String> {
    const MOST: usize = 3;
    let seen = finding.page.peer_messages.iter().take(MOST);
    let seen: Vec<String> = seen.map(|(who, words)| format!("{who}: {words}")).collect();
    (!seen.is_empty()).then(|| seen.join("; "))
}

/// The bytes or the header line of a finding, escaped, with the range to underline.
struct MarkedSource {
    location: String,
    source: String,
    /// The number in the margin: the offset of the first byte, or the number of the line.
    margin: usize,
    /// The range that is underlined, in bytes of `source`.
    span: std::ops::Range<usize>,
    label: Option<String>,
    /// The label, if there is no room for it beside the underline.
    label_below: Option<String>,
}

impl MarkedSource {
    /// The source, and a line of marks below it.
    fn lines(&self) -> Vec<String> {
        let columns = |text: Option<&str>| columns(text.unwrap_or_default());
        let before = " ".repeat(columns(self.source.get(..self.span.start)));
        let marks = "^".repeat(columns(self.source.get(self.span.clone())).max(1));
        let label = self.label.as_deref().unwrap_or_default();
        let marked = format!("{before}{marks} {label}");
        vec![self.source.clone(), marked.trim_end().to_owned()]
    }

    /// None if the finding has no bytes to show.
    fn new(location: &Location, label: Option<String>) -> Option<Self> {
        let (source, margin, span) = match location.snippet.as_ref()? {
            Snippet::Bytes { start, bytes } => {
                let source = hex(bytes);
                let first = usize::try_from(location.offset.checked_sub(*start)?).ok()?;
                let count = usize::try_from(location.length).unwrap_or(usize::MAX);
                let end = first.saturating_add(count).min(bytes.len());
                // Missing bytes are marked after the last one.
                let span = if first >= bytes.len() {
                    source.len()..source.len()
                } else {
                    first * 3..(end * 3).saturating_sub(1).max(first * 3 + 2)
                };
                (source, usize::try_from(*start).ok()?, span)
            }
            Snippet::Line {
                number,
                start,
                text,
            } => {
                let (source, span) = line_and_span(text, location, *start)?;
                (source, *number, span)
            }
        };
        let margin_width = margin.to_string().len().max(1) + " | ".len();
        let column = margin_width + columns(source.get(..span.end).unwrap_or_default());
        let fits = |label: &String| column + 1 + columns(label) <= WIDTH;
        let (label, label_below) = match label {
            Some(label) if fits(&label) => (Some(label), None),
            label => (None, label),
        };
        Some(Self {
            location: location_text(location),
            source,
            margin,
            span,
            label,
            label_below,
        })
    }

    fn element(&self) -> Element<'_> {
        drawing::Snippet::source(self.source.as_str())
            .line_start(self.margin)
            .path(self.location.as_str())
            .annotation(
                AnnotationKind::Primary
                    .span(self.span.clone())
                    .label(self.label.as_deref()),
            )
            .into()
    }

    /// The rendered text with our location, instead of a line and a column after it.
    fn with_location(&self, text: &str) -> String {
        let line_and_column = |char: char| char == ':' || char.is_ascii_digit();
        let Some((before, after)) = text.split_once("-->") else {
            return text.to_owned();
        };
        let Some((between, after)) = after.split_once(&self.location) else {
            return text.to_owned();
        };
        let after = after.trim_start_matches(line_and_column);
        format!("{before}-->{between}{}{after}", self.location)
    }
}

/// An escaped line of a request or response head, and the range of it to underline.
fn line_and_span(
    text: &str,
    location: &Location,
    start: u64,
) -> Option<(String, std::ops::Range<usize>)> {
    let first = usize::try_from(location.offset.checked_sub(start)?).ok()?;
    let count = usize::try_from(location.length).ok()?;
    let first = first.min(text.len());
    let end = first.saturating_add(count).min(text.len());
    let (before, rest) = text.split_at_checked(first)?;
    let (wrong, after) = rest.split_at_checked(end - first)?;
    let [before, wrong, after] = [before, wrong, after].map(escape::text);
    let span = before.len()..before.len() + wrong.len();
    Some((format!("{before}{wrong}{after}"), span))
}
