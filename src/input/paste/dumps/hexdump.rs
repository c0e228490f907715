//! Rows of xxd, `hexdump -C`, tcpdump, Wireshark, libwebsockets, Java: offset, bytes, characters.
//!
//! Each row may have a timestamp, a level or a prompt in front of it. Rows go on as long as their
//! offsets do; a row at offset 0 begins another dump. Where a dump is a whole packet, the headers of
//! link layer, IP and TCP are taken off.

use super::packet::tcp_segment;
use crate::input::paste::chunk::{Chunk, Taken};
use crate::input::paste::direction::Sent;
use crate::input::paste::envelope::Envelope;
use crate::input::paste::line_size;
use crate::notation::Notation;

/// Reads a dump of two rows or more, or of one whose characters are those of its bytes.
pub(in crate::input::paste) fn read(text: &str, _is_end: bool) -> Option<Taken> {
    let first = Row::parse(line(text)).filter(|first| first.offset == 0)?;
    let mut bytes = Vec::new();
    let mut at = 0;
    let mut rows = 0;
    let mut marked_rows = 0;
    let mut sent = None;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(row) = Row::parse(line(rest)) else {
            break;
        };
        if row.offset != bytes.len() as u64 || row.indent != first.indent {
            break;
        }
        marked_rows += usize::from(row.sent.is_some());
        sent = sent.or(row.sent);
        bytes.extend(row.bytes);
        rows += 1;
        at += line_size(rest);
    }
    if rows < 2 && !first.has_characters {
        return None;
    }
    // A mark on a single line of a dump is a prompt.
    let mut sent = sent.filter(|_| marked_rows == rows && rows > 1);
    if let Some(segment) = tcp_segment(&bytes) {
        sent = segment.sent;
        bytes = segment.payload.to_vec();
    }
    // An acknowledgment has no payload.
    let chunks = if bytes.is_empty() {
        Vec::new()
    } else {
        vec![Chunk::of_bytes(bytes, Notation::Hexdump, sent).at(first.time.as_deref())]
    };
    Some(Taken::new(chunks, at))
}

fn line(text: &str) -> &str {
    text.get(..line_size(text)).unwrap_or_default().trim_end()
}

/// A row of a dump.
struct Row {
    offset: u64,
    bytes: Vec<u8>,
    has_characters: bool,
    indent: usize,
    sent: Option<Sent>,
    time: Option<String>,
}

impl Row {
    fn parse(line: &str) -> Option<Self> {
        let envelope = Envelope::of(line);
        let rest = line.get(envelope.length..)?;
        let digits = rest.strip_prefix("0x").unwrap_or(rest);
        let size = digits.bytes().take_while(u8::is_ascii_hexdigit).count();
        let behind = digits.get(size..)?;
        let behind = behind.strip_prefix([':', '|']).unwrap_or(behind);
        if !(4..=8).contains(&size) || !behind.starts_with([' ', '\t']) {
            return None;
        }
        let offset = u64::from_str_radix(digits.get(..size)?, 16).ok()?;
        let (bytes, column) = pairs(behind.trim_start());
        let has_characters = is_column_of(column, &bytes);
        let indent = if envelope.is_blank() {
            envelope.length
        } else {
            0
        };
        (!bytes.is_empty()).then_some(Self {
            offset,
            has_characters,
            indent,
            sent: envelope.sent(),
            time: envelope.time().map(str::to_owned),
            bytes,
        })
    }
}

/// No tool prints more bytes in a row.
const MOST_IN_ROW: usize = 32;

/// The bytes of groups of digits, and what follows them.
fn pairs(text: &str) -> (Vec<u8>, &str) {
    let mut bytes = Vec::new();
    let mut rest = text;
    loop {
        let size = rest.bytes().take_while(u8::is_ascii_hexdigit).count();
        let (word, behind) = rest.split_at(size);
        let ends = behind.is_empty() || behind.starts_with([' ', '\t']);
        let group = hex_pairs(word).filter(|_| ends && bytes.len() < MOST_IN_ROW);
        // Digits among the characters are no bytes.
        let Some(group) = group.filter(|_| !is_column_of(rest, &bytes)) else {
            return (bytes, rest);
        };
        bytes.extend(group);
        rest = behind.trim_start();
        let gap = behind.len() - rest.len();
        if gap > 3 || gap > 1 && !rest.starts_with(|char: char| char.is_ascii_hexdigit()) {
            return (bytes, rest);
        }
    }
}

/// Whether a text is the characters of these bytes, with blanks or bars around them.
fn is_column_of(text: &str, bytes: &[u8]) -> bool {
    let squeezed = |text: &str| -> String { text.chars().filter(|char| *char != ' ').collect() };
    let shown: String = bytes.iter().map(|byte| shown(*byte)).collect();
    let column = squeezed(text.trim().trim_matches('|'));
    !column.is_empty() && squeezed(&shown) == column
}

fn hex_pairs(word: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    Notation::Hex.read(word.as_bytes(), &mut bytes).ok()?;
    (!bytes.is_empty()).then_some(bytes)
}

const fn shown(byte: u8) -> char {
    match byte {
        b' '..=b'~' => byte as char,
        _ => '.',
    }
}
