//! What `socat -v`, `-x` and `-x -v` print of the bytes they pass on.
//!
//! Each transfer begins with a line such as `> 2026/11/26 14:43:43.000394971  length=11 from=0 to=10`.
//! `-x` prints the bytes; `-v` alone prints characters, of which only a request or a response is read.

use super::lines::{Lines, first_line};
use crate::input::paste::chunk::{Chunk, Content, Taken};
use crate::input::paste::direction::Sent;
use crate::input::paste::dumps::bytes_and_column;
use crate::notation::Notation;

/// Reads the transfers at the start of a text.
pub(in crate::input::paste) fn read(text: &str, _is_end: bool) -> Option<Taken> {
    Transfer::parse(first_line(text))?;
    let mut chunks = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let line = first_line(rest);
        let Some(transfer) = Transfer::parse(line) else {
            break;
        };
        let body = line_end(rest);
        let data = rest.get(body..).unwrap_or_default();
        let (chunk, size) = match transfer.bytes(data) {
            Some((bytes, size)) => (Some(transfer.chunk(bytes)), size),
            None => transfer.characters(data),
        };
        chunks.extend(chunk);
        at += body + size;
        at += separators(text.get(at..).unwrap_or_default());
    }
    Some(Taken::new(chunks, to_line_end(text, at)))
}

fn line_end(text: &str) -> usize {
    Lines::new(text).next().map_or(0, |(_, end)| end)
}

/// `--` between two transfers, and blank lines.
fn separators(text: &str) -> usize {
    let mut size = 0;
    for (line, end) in Lines::new(text) {
        if !matches!(line.trim(), "" | "--") {
            break;
        }
        size = end;
    }
    size
}

/// A format takes whole lines: the next transfer may begin in the last one.
fn to_line_end(text: &str, at: usize) -> usize {
    let is_at_start = at == 0 || text.as_bytes().get(at - 1) == Some(&b'\n');
    if is_at_start {
        return at;
    }
    at + text.get(at..).map_or(0, line_end)
}

/// The first line of a transfer.
struct Transfer<'t> {
    is_sent: bool,
    time: &'t str,
    length: usize,
}

impl<'t> Transfer<'t> {
    fn parse(line: &'t str) -> Option<Self> {
        let (is_sent, rest) = match line.strip_prefix("> ") {
            Some(rest) => (true, rest),
            None => (false, line.strip_prefix("< ")?),
        };
        let (time, rest) = rest.split_once("  length=")?;
        let (length, rest) = rest.split_once(" from=")?;
        let (from, to) = rest.split_once(" to=")?;
        let is_number = |text: &str| text.parse::<u64>().is_ok();
        let is_time = time.starts_with(|char: char| char.is_ascii_digit());
        if !is_time || !is_number(from) || !is_number(to.trim_end()) {
            return None;
        }
        Some(Self {
            is_sent,
            time,
            length: length.parse().ok()?,
        })
    }

    /// The bytes of `-x`, with or without the column of characters, and how much text they take.
    fn bytes(&self, data: &str) -> Option<(Vec<u8>, usize)> {
        let mut bytes = Vec::new();
        let mut size = 0;
        for (line, end) in Lines::new(data) {
            let row = line.strip_prefix(' ')?;
            let mut rest = row;
            let before = bytes.len();
            // A row of `-x` alone has all bytes.
            loop {
                let (part, after) = bytes_and_column(rest);
                bytes.extend_from_slice(&part);
                let has_more = after.len() < rest.len() && !after.is_empty();
                rest = after;
                if part.is_empty() || !has_more || row.len() < LONGEST_ROW {
                    break;
                }
            }
            if bytes.len() == before {
                return None;
            }
            size = end;
            if bytes.len() >= self.length {
                break;
            }
        }
        (bytes.len() == self.length).then_some((bytes, size))
    }

    /// The characters of `-v`: a request or a response, or how many bytes cannot be read.
    fn characters(&self, data: &str) -> (Option<Chunk>, usize) {
        let mut bytes = Vec::new();
        let mut chars = data.char_indices();
        while bytes.len() < self.length
            && let Some((_, char)) = chars.next()
        {
            bytes.push(match char {
                '\\' => match chars.next().map(|(_, escaped)| escaped) {
                    Some('r') => b'\r',
                    Some('n') => b'\n',
                    Some('t') => b'\t',
                    Some(other) if other.is_ascii() => other as u8,
                    _ => b'.',
                },
                char if char.is_ascii() => char as u8,
                _ => b'.',
            });
        }
        let size = data.len() - chars.as_str().len();
        let is_head = bytes.starts_with(b"HTTP/1.") || bytes.starts_with(b"GET ");
        let chunk = if is_head {
            self.chunk(bytes)
        } else {
            let content = Content::Characters(self.length as u64);
            Chunk::new(content, Some(self.sent())).at(Some(self.time))
        };
        (Some(chunk), size)
    }

    fn chunk(&self, bytes: Vec<u8>) -> Chunk {
        Chunk::of_bytes(bytes, Notation::Hex, Some(self.sent())).at(Some(self.time))
    }

    const fn sent(&self) -> Sent {
        if self.is_sent { Sent::Out } else { Sent::In }
    }
}

/// A row with characters has 16 bytes.
const LONGEST_ROW: usize = 80;
