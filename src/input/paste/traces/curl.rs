//! What `curl --trace` and `--trace-ascii` print. The lines of `curl -v` are those of a head with an
//! arrow in front, which `http_head` reads.
//!
//! A part begins with a line such as `=> Send header, 191 bytes (0xbf)`. What curl says itself
//! (`== Info:`) and the bytes of TLS (`=> Send SSL data`) are left out. `--trace-ascii` prints a dot
//! for each byte that is no character, so only headers are read.

use super::lines::{Lines, first_line};
use crate::input::paste::chunk::{Chunk, Content, Taken};
use crate::input::paste::direction::Sent;
use crate::input::paste::dumps::{bytes_and_column, is_column_of};
use crate::input::paste::timestamp;
use crate::notation::Notation;

/// Reads the parts at the start of a text.
pub(in crate::input::paste) fn read(text: &str, _is_end: bool) -> Option<Taken> {
    let first = first_line(text);
    if TracePart::parse(first).is_none() && !is_info(first) {
        return None;
    }
    let mut chunks: Vec<Chunk> = Vec::new();
    let mut current: Option<TracePart<'_>> = None;
    let mut size = 0;
    for (line, end) in Lines::new(text) {
        if let Some(next) = TracePart::parse(line) {
            push(&mut chunks, current.replace(next));
        } else if let Some((offset, row)) = row(line)
            && let Some(part) = &mut current
        {
            part.rows.push((offset, row));
        } else if is_info(line) {
            push(&mut chunks, current.take());
        } else if !line.trim().is_empty() {
            break;
        }
        size = end;
    }
    push(&mut chunks, current);
    Some(Taken::new(chunks, size))
}

fn push(chunks: &mut Vec<Chunk>, part: Option<TracePart<'_>>) {
    chunks.extend(part.and_then(|part| part.chunk()));
}

/// A line without its time.
fn without_time(line: &str) -> (Option<&str>, &str) {
    let size = timestamp::length(line).unwrap_or_default();
    let (time, rest) = line.split_at_checked(size).unwrap_or(("", line));
    (
        Some(time).filter(|time| !time.is_empty()),
        rest.trim_start(),
    )
}

fn is_info(line: &str) -> bool {
    without_time(line).1.starts_with("== Info: ")
}

/// `0010: 48 6f 73 74 …`.
fn row(line: &str) -> Option<(usize, &str)> {
    let (offset, rest) = line.split_once(':')?;
    let is_offset = offset.len() >= 4 && offset.bytes().all(|digit| digit.is_ascii_hexdigit());
    let offset = usize::from_str_radix(offset, 16)
        .ok()
        .filter(|_| is_offset)?;
    Some((offset, rest.strip_prefix(' ').unwrap_or(rest)))
}

/// A part of the trace: the headers or the data of one read or write.
struct TracePart<'t> {
    sent: Sent,
    time: Option<&'t str>,
    /// Headers or data; not TLS.
    is_plain: bool,
    is_header: bool,
    length: usize,
    rows: Vec<(usize, &'t str)>,
}

impl<'t> TracePart<'t> {
    fn parse(line: &'t str) -> Option<Self> {
        let (time, rest) = without_time(line);
        let (sent, rest) = match rest.strip_prefix("=> Send ") {
            Some(rest) => (Sent::ByClient, rest),
            None => (Sent::ByServer, rest.strip_prefix("<= Recv ")?),
        };
        let (what, rest) = rest.split_once(", ")?;
        let (length, unit) = rest.split_once(" bytes (0x")?;
        unit.strip_suffix(')')?;
        Some(Self {
            sent,
            time,
            is_plain: matches!(what, "header" | "data"),
            is_header: what == "header",
            length: length.parse().ok()?,
            rows: Vec::new(),
        })
    }

    fn chunk(&self) -> Option<Chunk> {
        if !self.is_plain {
            return None;
        }
        if let Some(bytes) = self.bytes() {
            let omitted = self.length.saturating_sub(bytes.len()) as u64;
            let chunk = Chunk::of_bytes(bytes, Notation::Hexdump, Some(self.sent));
            return Some(chunk.lacking(omitted).at(self.time));
        }
        let content = if self.is_header {
            Content::Bytes {
                bytes: self.characters(),
                notation: Notation::Escaped,
                omitted: 0,
            }
        } else {
            Content::Characters(self.length as u64)
        };
        Some(Chunk::new(content, Some(self.sent)).at(self.time))
    }

    /// The bytes of `--trace`.
    fn bytes(&self) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        for (offset, row) in &self.rows {
            let (part, column) = bytes_and_column(row);
            let column = column.trim();
            let is_row = !part.is_empty() && (column.is_empty() || is_column_of(column, &part));
            if !is_row || *offset < bytes.len() {
                return None;
            }
            bytes.extend(part);
        }
        (!bytes.is_empty() && bytes.len() <= self.length).then_some(bytes)
    }

    /// The characters of `--trace-ascii`: the offsets tell where a CR LF was left out.
    fn characters(&self) -> Vec<u8> {
        let mut bytes: Vec<u8> = Vec::new();
        let ends = self.rows.iter().skip(1).map(|(offset, _)| *offset);
        for ((_, row), end) in self.rows.iter().zip(ends.chain([self.length])) {
            bytes.extend(row.as_bytes());
            if bytes.len() + 2 == end {
                bytes.extend(b"\r\n");
            }
        }
        bytes
    }
}
