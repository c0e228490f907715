//! Header lines without a request line or a status line, as people copy them.

use super::bytes_after::is_line_of_bytes;
use super::header_line::header_line;
use super::kind::HeadKind;
use super::kind::MOST_HEAD;
use super::{FoundHead, first_line, found};
use crate::input::paste::envelope::Envelope;

/// Two or more header lines without a start line, one of them of a WebSocket handshake.
pub(super) fn find(text: &str) -> Option<FoundHead<'_>> {
    let (line, _) = first_line(text);
    let first = header_line(line).or_else(|| {
        let tags = envelope_of_tags(line);
        header_line(line.get(tags..)?)
    })?;
    let indent = offset_of(line, first.0)?;
    let pattern = Envelope::up_to(line, indent);
    let mut headers = HeaderLines::default();
    let mut at = 0;
    while at < text.len() && headers.count < MOST_HEADERS {
        let (line, size) = first_line(text.get(at..)?);
        let content = if indent == 0 {
            line
        } else {
            match pattern.strip_from(line) {
                Some(start) => line.get(start..)?,
                None => break,
            }
        };
        if headers.count > 1 && is_line_of_bytes(content) {
            break;
        }
        if is_bracket(content) && headers.count > 0 {
            at += size;
            break;
        }
        let Some((name, value)) = header_line(content) else {
            if content.trim().is_empty() && headers.count > 0 {
                at += size;
            }
            break;
        };
        headers.add(content, name, value);
        at += size;
        if headers.is_another_text() {
            break;
        }
    }
    let mut found = headers.head(at)?;
    found.sent = pattern.sent();
    found.time = pattern.time();
    Some(found)
}

/// The header lines so far, and what they show.
#[derive(Default)]
struct HeaderLines {
    text: Vec<u8>,
    count: usize,
    kind: Option<HeadKind>,
    is_of_handshake: bool,
    is_printed: bool,
    /// Whether a program may have changed the spelling of the names.
    has_changed_names: bool,
}

impl HeaderLines {
    fn add(&mut self, line: &str, name: &str, value: &str) {
        // Node prints the names of an object in lower case.
        let is_quoted = line.trim_end().ends_with(['\'', '"', ',']);
        self.has_changed_names |=
            is_quoted && !name.contains(|char: char| char.is_ascii_uppercase());
        self.is_of_handshake |= is_of_a_handshake(name, value);
        self.is_printed |= has_quoted_value(line);
        self.kind = self.kind.or_else(|| kind_by(name));
        self.text
            .extend_from_slice(format!("{name}: {value}\n").as_bytes());
        self.count += 1;
    }

    /// Whether the lines are too many for a head, or none of them is one of a handshake.
    const fn is_another_text(&self) -> bool {
        self.text.len() > MOST_HEAD || self.count > MOST_BEFORE_HANDSHAKE && !self.is_of_handshake
    }

    /// The head of these lines, which are the first `size` bytes of a text; None if they are none.
    fn head<'t>(mut self, size: usize) -> Option<FoundHead<'t>> {
        if self.count < 2 || !self.is_of_handshake {
            return None;
        }
        self.text.push(b'\n');
        let kind = self.kind.unwrap_or(HeadKind::Request);
        let mut found = found(kind, self.text, false, size);
        found.head.has_no_first_line = true;
        found.head.is_printed = self.is_printed;
        found.head.has_exact_names = !self.has_changed_names;
        Some(found)
    }
}

/// How many header lines may come before one of a handshake: all lines of a log may have colons.
const MOST_BEFORE_HANDSHAKE: usize = 40;

/// More headers than any head has.
const MOST_HEADERS: usize = 1000;

/// The length of timestamps, levels and tags at the start of a line, without labels.
fn envelope_of_tags(line: &str) -> usize {
    let end = line.find(": ").unwrap_or(line.len());
    let start = line
        .get(..end)
        .and_then(|head| head.rfind([' ', '\t', ']', ')']));
    start.map_or(0, |start| start + 1)
}

fn offset_of(line: &str, part: &str) -> Option<usize> {
    let at = line.find(part)?;
    let quotes = line.get(..at)?.trim_end_matches(['\'', '"']);
    Some(quotes.len())
}

/// Whether a line is one of an object: `host: 'a',`.
fn has_quoted_value(line: &str) -> bool {
    let value = line.split_once(':').map(|(_, value)| value.trim_start());
    value.is_some_and(|value| value.starts_with(['\'', '"']))
}

fn is_bracket(line: &str) -> bool {
    matches!(line.trim(), "}" | "})" | "}," | "]" | ")" | "});" | "};")
}

/// Whether a header is one of a WebSocket handshake. `Upgrade: curl:amd64` is none: a package
/// manager prints it.
fn is_of_a_handshake(name: &str, value: &str) -> bool {
    let (name, value) = (name.to_ascii_lowercase(), value.to_ascii_lowercase());
    let has = |words: &[&str]| words.iter().any(|word| value.contains(word));
    match name.as_str() {
        "upgrade" => has(&["websocket"]),
        "connection" => has(&["upgrade", "keep-alive", "close"]),
        _ => name.starts_with("sec-webs"),
    }
}

fn kind_by(name: &str) -> Option<HeadKind> {
    match name.to_ascii_lowercase().as_str() {
        "sec-websocket-key" | "sec-websocket-version" | "host" | "origin" | "user-agent" => {
            Some(HeadKind::Request)
        }
        "sec-websocket-accept" | "server" | "date" | "content-length" => Some(HeadKind::Response),
        _ => None,
    }
}
