//! Dumps of xxd, `hexdump -C`, tcpdump, Wireshark, libwebsockets, Java: rows of an offset, bytes and
//! their characters.
//!
//! Each row may have a timestamp, a level or a prompt before it. A row continues with the dump
//! above if its offset does; a row at offset 0 begins another dump. A few other lines may stand in
//! between. Where a dump is a packet, the headers of link layer, IP and TCP are removed, and
//! `segments` puts the payloads in order. `formats` calls [`read`].

use std::collections::HashMap;

use super::dump::Dump;
use super::packet::{is_packet_without_tcp, tcp_segment};
use super::packet_lines::{PacketLine, is_detail};
use super::row::{Groups, Row, bytes_and_column};
use super::segments::TcpConnections;
use crate::input::InputNotice;
use crate::input::paste::chunk::Taken;
use crate::input::paste::direction::{self, Sent};
use crate::input::paste::envelope::Envelope;
use crate::input::paste::line_size;

/// Reads the dumps at the start of a text: of two rows or more, or of one whose characters are
/// those of its bytes.
pub(in crate::input::paste) fn read(text: &str, _is_end: bool) -> Option<Taken> {
    let first = line(text);
    let begins = Row::parse(first, Groups::Bytes).is_some_and(|row| row.may_begin())
        || PacketLine::parse(first).is_some() && has_dump_below(text);
    if !begins {
        return None;
    }
    let mut block = Block {
        groups: Groups::of(text),
        word_size: word_size(first),
        ..Block::default()
    };
    let mut at = 0;
    let mut remarks = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        at += line_size(rest);
        match block.line(line(rest)) {
            DumpLine::Taken => {
                remarks = 0;
                block.size = at;
            }
            DumpLine::Neutral => {}
            DumpLine::Other if remarks < MOST_REMARKS => remarks += 1,
            DumpLine::Other => break,
        }
    }
    block.finish()
}

/// How many lines may stand between two rows.
const MOST_REMARKS: usize = 3;

/// How many bytes the first group of a row has.
fn word_size(row: &str) -> usize {
    let groups = row.split_once(": ").map_or(row, |(_, groups)| groups);
    groups.split_whitespace().next().map_or(0, str::len) / 2
}

fn line(text: &str) -> &str {
    text.get(..line_size(text)).unwrap_or_default().trim_end()
}

/// Whether the first row of a dump follows soon: before the line of the next packet.
fn has_dump_below(text: &str) -> bool {
    /// The details of a packet (`tshark -V -x`) are longer than a header line.
    const MOST_LINES: usize = 400;
    let mut lines = text.lines().skip(1).take(MOST_LINES);
    let row = lines.find_map(|line| match Row::parse(line, Groups::Bytes) {
        Some(row) => Some(row.offset == 0),
        None => (PacketLine::parse(line).is_some_and(|it| it.is_captured)
            && !line.trim_end().ends_with("bytes):"))
        .then_some(false),
    });
    row == Some(true)
}

/// Dumps one after another.
#[derive(Default)]
struct Block<'t> {
    groups: Groups,
    /// How many bytes a group of the first row has.
    word_size: usize,
    dumps: Vec<Dump>,
    /// The line of the packet that follows.
    packet: Option<PacketLine<'t>>,
    /// The end of each stream so far. Follow Stream and `nc -o` print the two directions of a
    /// connection so, each with its own offsets.
    ends: HashMap<DumpStream, u64>,
    /// The row above is repeated.
    is_repeated: bool,
    /// What a line without bytes says of who sent those below it.
    heading: Option<Sent>,
    /// Whether other lines came after the last row.
    has_others: bool,
    /// The last row, if it lacks its characters.
    last_line: &'t str,
    /// What may be the end of the row above, which a terminal or a mail program wrapped.
    wrapped: Vec<u8>,
    /// Rows whose marks tell a direction, and rows that are marked as sent.
    marked_rows: usize,
    sent_rows: usize,
    /// How many bytes of the text were taken.
    size: usize,
}

/// The stream of a row, by which the directions of a connection differ: the width of the blanks before
/// the offset, and the mark there.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct DumpStream {
    indent: usize,
    sent: Option<Sent>,
}

impl DumpStream {
    const fn of(row: &Row<'_>) -> Self {
        Self {
            indent: row.indent,
            sent: row.sent,
        }
    }
}

/// What a line is in a block.
enum DumpLine {
    /// It belongs to the block.
    Taken,
    /// It belongs to the block if more of the block follows.
    Neutral,
    /// It is about something else.
    Other,
}

impl<'t> Block<'t> {
    fn line(&mut self, line: &'t str) -> DumpLine {
        if let Some(row) = Row::parse(line, self.groups) {
            self.marked_rows += usize::from(row.sent.is_some());
            self.sent_rows += usize::from(row.sent == Some(Sent::Out));
            let taken = self.row(&row, line);
            if matches!(taken, DumpLine::Taken) {
                self.last_line = if row.has_characters { "" } else { line };
            }
            return taken;
        }
        let trimmed = line.trim();
        if let Some(packet) = PacketLine::parse(line) {
            self.packet = Some(packet);
            return DumpLine::Neutral;
        }
        if trimmed == "*" {
            self.is_repeated = true;
            return DumpLine::Neutral;
        }
        let end = self.dumps.last().map(|dump| dump.end);
        let is_end =
            trimmed.len() >= 4 && end.is_some() && u64::from_str_radix(trimmed, 16).ok() == end;
        if is_end {
            return DumpLine::Taken;
        }
        if trimmed.is_empty() || is_detail(line) && self.has_packets() {
            return DumpLine::Neutral;
        }
        self.other(line)
    }

    /// Remembers a line that is no row: it may be the end of one, or say who sent the next ones.
    fn other(&mut self, line: &str) -> DumpLine {
        if self.take_end_of_row(line) {
            return DumpLine::Taken;
        }
        self.has_others = true;
        self.wrapped = bytes_and_column(line.trim()).0;
        let sent = Envelope::of(line).sent();
        self.heading = sent.or_else(|| direction::of_method(line));
        DumpLine::Other
    }

    /// Takes the rest of a row that was wrapped: with it the row has its characters. Whether it is that.
    fn take_end_of_row(&mut self, line: &str) -> bool {
        let Some(last) = self.dumps.last_mut().filter(|_| !self.last_line.is_empty()) else {
            return false;
        };
        let rows = ["", " "].map(|blank| format!("{}{blank}{line}", self.last_line));
        let mut rows = rows.iter().filter_map(|row| Row::parse(row, self.groups));
        let Some(row) = rows.find(|row| row.has_characters && last.is_last_row(row)) else {
            return false;
        };
        last.replace_last_row(&row);
        self.ends.insert(DumpStream::of(&row), row.end());
        self.last_line = "";
        true
    }

    fn has_packets(&self) -> bool {
        self.packet.is_some() || self.dumps.iter().any(|dump| dump.is_captured.is_some())
    }

    fn row(&mut self, row: &Row<'_>, line: &str) -> DumpLine {
        let is_repeated = std::mem::take(&mut self.is_repeated);
        let wrapped = std::mem::take(&mut self.wrapped);
        let has_others = std::mem::take(&mut self.has_others);
        let is_next = self.ends.get(&DumpStream::of(row)) == Some(&row.offset);
        let Some(last) = self
            .dumps
            .last_mut()
            .filter(|last| last.indent == row.indent)
        else {
            return if is_next || row.may_begin() {
                self.begin(row)
            } else {
                self.other(line)
            };
        };
        let end = last.end;
        match row.offset.checked_sub(end) {
            _ if row.offset == 0 => return self.begin(row),
            Some(0) => {}
            gap if is_next || row.is_address && (has_others || gap.is_none()) => {
                return self.begin(row);
            }
            Some(gap) if gap == wrapped.len() as u64 => last.bytes.extend(wrapped),
            Some(gap) if is_repeated && last.repeat(gap) => {}
            // A row or a part of it is missing.
            Some(gap) if gap <= MOST_MISSING && !is_repeated => last.omitted += gap,
            _ => return self.other(line),
        }
        last.push(row);
        self.ends.insert(DumpStream::of(row), row.end());
        DumpLine::Taken
    }

    /// Begins a dump, or continues with a stream in another direction than that of the row above.
    fn begin(&mut self, row: &Row<'_>) -> DumpLine {
        let packet = self.packet.take();
        let mut dump = Dump::begin(row, packet, self.heading.take());
        dump.push(row);
        self.dumps.push(dump);
        self.ends.insert(DumpStream::of(row), row.end());
        DumpLine::Taken
    }

    fn finish(mut self) -> Option<Taken> {
        let is_sure = self.dumps.iter().any(|dump| dump.rows > 1 || dump.is_told);
        // Follow Stream indents the server's direction by four blanks.
        let first = self.dumps.first().map_or(0, |dump| dump.indent);
        let indents = || self.ends.keys().map(|stream| stream.indent);
        let is_indented = indents().any(|indent| indent.abs_diff(first) == 4);
        let is_stream = is_indented
            || indents().any(|indent| indent != first)
                && self.dumps.iter().any(|dump| dump.base > 0);
        let rows: usize = self.dumps.iter().map(|dump| dump.rows).sum();
        // A mark on a single line of a dump is a prompt, and `>` on each line a quotation mark.
        let is_marked = self.marked_rows == rows && rows > 1 && self.sent_rows < rows;
        if !is_sure {
            return None;
        }
        let is_traced = self.dumps.iter().any(|dump| {
            dump.is_captured == Some(true) || tcp_segment(&dump.bytes, false).is_some()
        });
        let client = is_stream.then(|| self.indent_of_client());
        let mut connections = TcpConnections::default();
        let mut chunks = Vec::new();
        // Each dump is dropped once its bytes are taken: a capture has many.
        for mut dump in std::mem::take(&mut self.dumps) {
            let is_captured = is_traced && dump.is_captured != Some(false);
            if let Some(segment) = tcp_segment(&dump.bytes, is_captured) {
                connections.add(&segment, dump.time.take());
            } else if !(is_traced && dump.is_captured.is_some()
                || is_packet_without_tcp(&dump.bytes))
            {
                chunks.push(dump.chunk(client, is_marked));
            }
        }
        chunks.extend(connections.into_chunks());
        let size = self.word_size;
        let notice = (self.groups == Groups::Words).then_some(InputNotice::WordsSwapped { size });
        Some(Taken::new(chunks, self.size).with_notice(notice))
    }

    /// The indentation of the stream that the client sends: the one with a request, or without the
    /// response, or the smaller one.
    fn indent_of_client(&self) -> usize {
        let begins = |start: &[u8]| {
            let dump = self.dumps.iter().find(|dump| dump.bytes.starts_with(start));
            dump.map(|dump| dump.indent)
        };
        let indents = || self.ends.keys().map(|stream| stream.indent);
        let other = |server| indents().find(|indent| *indent != server);
        begins(b"GET ")
            .or_else(|| begins(b"HTTP/1.").and_then(other))
            .or_else(|| indents().min())
            .unwrap_or_default()
    }
}

/// More bytes than the rows that get lost when a text is copied.
const MOST_MISSING: u64 = 4096;
