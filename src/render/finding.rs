//! A finding: drawn like a compiler's message, or on one line.

use annotate_snippets::{self as drawing, AnnotationKind, Element, Level, Message, Renderer};

use super::escape;
use super::style::{Style, StyleRole};
use super::wrap::wrap;
use crate::diagnosis::{Cause, Finding, Location, LocationScope, Severity, Snippet};
use crate::ws::Direction;

/// How wide a finding is drawn, in columns.
const WIDTH: usize = 80;

/// Appends the finding as a compiler would draw it: what is wrong, the bytes with the
/// wrong ones underlined, the rule, the cause, the fix, what peers print.
pub fn push_drawing(out: &mut Vec<u8>, style: Style, finding: &Finding) {
    let label = finding.label.as_deref().map(escape::text);
    let picture = finding
        .location
        .as_ref()
        .and_then(|location| Picture::of(location, label));
    let footers = footers(finding, picture.as_ref());
    let title = format!("{}[{}]: ", word_of(finding.severity).0, finding.rule());
    let message = wrap(&escape::text(&finding.message), WIDTH - title.len()).join("\n");
    let level = match finding.severity {
        Severity::Violation => Level::ERROR,
        Severity::Suspicious => Level::WARNING,
        Severity::PeerBug | Severity::Note => Level::NOTE,
    };
    let report = level
        .primary_title(message.as_str())
        .id(finding.rule())
        .elements(picture.iter().map(Picture::element))
        .elements(footers);
    let renderer = if style.is_coloured() {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let drawing = renderer.term_width(WIDTH).render(&[report]);
    let drawing = picture.map_or_else(|| drawing.clone(), |picture| picture.placed(&drawing));
    out.extend_from_slice(drawing.as_bytes());
    out.push(b'\n');
}

/// Appends the finding's line:
/// `error[len16-not-minimal]: frame 1, byte 1: payload length 5 is in 16 bits, … (RFC …)`.
pub fn push_line(out: &mut Vec<u8>, style: Style, finding: &Finding) {
    push_brief_line(out, style, finding);
    out.pop();
    style.push(out, StyleRole::Aside, &format!(" ({})", finding.section()));
    out.push(b'\n');
}

/// Appends the same without its section, where that was told before.
pub fn push_brief_line(out: &mut Vec<u8>, style: Style, finding: &Finding) {
    let (word, meaning) = word_of(finding.severity);
    style.push(out, meaning, &format!("{word}[{}]", finding.rule()));
    out.extend_from_slice(b": ");
    if let Some(location) = &finding.location {
        out.extend_from_slice(where_it_is(location).as_bytes());
        out.extend_from_slice(b": ");
    }
    escape::push_text(out, finding.message.as_bytes());
    out.push(b'\n');
}

/// The finding's lines below its first one, without a frame around them: the bytes or the
/// line with what is wrong underlined, the cause, the fix, the notes; the words of these in
/// lines for a screen of which `indent` columns are taken.
pub(super) fn lines(finding: &Finding, indent: usize) -> Vec<String> {
    let label = finding.label.as_deref().map(escape::text);
    let location = finding.location.as_ref();
    let picture = location.and_then(|location| Picture::of(location, label));
    let beside = picture.as_ref().and_then(|it| it.label_below.as_deref());
    let mut lines = picture.as_ref().map_or_else(Vec::new, Picture::lines);
    let mut say = |name: &str, text: &str| {
        let name = format!("{name}: ");
        let room = WIDTH.saturating_sub(indent + name.len());
        for (at, words) in wrap(text, room).into_iter().enumerate() {
            let before = if at == 0 { name.as_str() } else { "" };
            lines.push(format!("{before:width$}{words}", width = name.len()));
        }
    };
    if let Some(label) = beside {
        say("here", label);
    }
    say("cause", &cause_in_words(finding));
    say("fix", finding.fix());
    for note in &finding.notes {
        say("note", note);
    }
    lines
}

/// The cause as a phrase; "perhaps" where the bytes do not prove it.
pub(super) fn cause_in_words(finding: &Finding) -> String {
    match finding.cause() {
        Cause::Certain(cause) => cause,
        Cause::Possible(cause) => format!("perhaps {cause}"),
    }
}

const fn word_of(severity: Severity) -> (&'static str, StyleRole) {
    match severity {
        Severity::Violation => ("error", StyleRole::Violation),
        Severity::Suspicious => ("warning", StyleRole::Suspicion),
        Severity::PeerBug | Severity::Note => ("note", StyleRole::Aside),
    }
}

/// `frame 1, byte 5`.
fn where_it_is(location: &Location) -> String {
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

/// What stands below the bytes, a line or a few each.
fn footers<'a>(finding: &Finding, picture: Option<&Picture>) -> Vec<Element<'a>> {
    let location = finding.location.as_ref();
    let without_bytes = location.filter(|_| picture.is_none()).map(where_it_is);
    let beside = picture.and_then(|picture| picture.label_below.clone());
    let seen = seen_in_words(finding);
    let notes = finding.notes.iter().map(|note| ("note", note.clone()));
    [("at", without_bytes), ("here", beside)]
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
    // The gutter takes at most eight columns, unless a stream is longer than 10 MB.
    const GUTTER: usize = 8;
    let room = WIDTH - GUTTER - name.len() - ": ".len();
    Level::NOTE
        .with_name(name)
        .message(wrap(&escape::text(text), room).join("\n"))
}

/// What the first few peers print; all of them are on the rule's page.
fn seen_in_words(finding: &Finding) -> Option<String> {
    const MOST: usize = 3;
    let seen = finding.page.peer_messages.iter().take(MOST);
    let seen: Vec<String> = seen.map(|(who, words)| format!("{who}: {words}")).collect();
    (!seen.is_empty()).then(|| seen.join("; "))
}

/// The bytes or the line of a place, ready to be drawn.
struct Picture {
    path: String,
    source: String,
    /// What stands in the margin: the offset of the first byte, or the line's number.
    margin: usize,
    /// What is underlined, in bytes of `source`.
    span: std::ops::Range<usize>,
    label: Option<String>,
    /// The label, where there is no room for it beside the underline.
    label_below: Option<String>,
}

impl Picture {
    /// The bytes, and what is wrong underlined.
    fn lines(&self) -> Vec<String> {
        let columns = |text: Option<&str>| text.unwrap_or_default().chars().count();
        let before = " ".repeat(columns(self.source.get(..self.span.start)));
        let marks = "^".repeat(columns(self.source.get(self.span.clone())).max(1));
        let label = self.label.as_deref().unwrap_or_default();
        let marked = format!("{before}{marks} {label}");
        vec![self.source.clone(), marked.trim_end().to_owned()]
    }

    fn of(location: &Location, label: Option<String>) -> Option<Self> {
        let (source, margin, span) = match location.snippet.as_ref()? {
            Snippet::Bytes { start, bytes } => {
                let source = hexadecimal(bytes);
                let first = usize::try_from(location.offset.checked_sub(*start)?).ok()?;
                let count = usize::try_from(location.length).unwrap_or(usize::MAX);
                let end = first.saturating_add(count).min(bytes.len());
                // Where nothing follows, what is missing is pointed at.
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
        let column = margin_width + span.end;
        let fits = |label: &String| column + 1 + label.chars().count() <= WIDTH;
        let (label, label_below) = match label {
            Some(label) if fits(&label) => (Some(label), None),
            label => (None, label),
        };
        Some(Self {
            path: where_it_is(location),
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
            .path(self.path.as_str())
            .annotation(
                AnnotationKind::Primary
                    .span(self.span.clone())
                    .label(self.label.as_deref()),
            )
            .into()
    }

    /// The drawing with the place that was meant: a byte, not a line and a column.
    fn placed(&self, drawing: &str) -> String {
        let line_and_column = |char: char| char == ':' || char.is_ascii_digit();
        let Some((before, after)) = drawing.split_once("-->") else {
            return drawing.to_owned();
        };
        let Some((between, after)) = after.split_once(&self.path) else {
            return drawing.to_owned();
        };
        let after = after.trim_start_matches(line_and_column);
        format!("{before}-->{between}{}{after}", self.path)
    }
}

/// The bytes as pairs of digits, a space between them.
fn hexadecimal(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(" ")
}

/// A line of a head as it may be shown, and what of it is underlined.
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
