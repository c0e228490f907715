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
    let mut head = Vec::new();
    let mut at = 0;
    let mut count = 0;
    let mut kind = None;
    let mut is_of_handshake = false;
    let mut is_printed = false;
    let mut has_exact_names = true;
    while at < text.len() && count < MOST_HEADERS {
        let (line, size) = first_line(text.get(at..)?);
        let content = if indent == 0 {
            line
        } else {
            match pattern.strip_from(line) {
                Some(start) => line.get(start..)?,
                None => break,
            }
        };
        if count > 1 && is_line_of_bytes(content) {
            break;
        }
        if is_bracket(content) && count > 0 {
            at += size;
            break;
        }
        let Some((name, value)) = header_line(content) else {
            if content.trim().is_empty() && count > 0 {
                at += size;
            }
            break;
        };
        // Node prints the names of an object in lower case.
        let is_quoted = content.trim_end().ends_with(['\'', '"', ',']);
        has_exact_names &= !is_quoted || name.contains(|char: char| char.is_ascii_uppercase());
        is_of_handshake |= is_of_a_handshake(name, value);
        is_printed |= has_quoted_value(content);
        kind = kind.or_else(|| kind_by(name));
        head.extend_from_slice(format!("{name}: {value}\n").as_bytes());
        count += 1;
        at += size;
        let is_another_text = count > MOST_BEFORE_HANDSHAKE && !is_of_handshake;
        if head.len() > MOST_HEAD || is_another_text {
            break;
        }
    }
    if count < 2 || !is_of_handshake {
        return None;
    }
    head.push(b'\n');
    let mut found = found(kind.unwrap_or(HeadKind::Request), head, false, at);
    found.head.has_no_first_line = true;
    found.head.is_printed = is_printed;
    found.head.has_exact_names = has_exact_names;
    found.sent = pattern.sent();
    found.time = pattern.time();
    Some(found)
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
