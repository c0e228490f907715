//! Dumps of xxd, `hexdump -C`, tcpdump, Wireshark, libwebsockets, Java: rows of an offset, bytes and
//! their characters.
//!
//! Each row may have a timestamp, a level or a prompt in front of it. A row goes on with the dump
//! above if its offset does; a row at offset 0 begins another dump. A few other lines may stand in
//! between. Where a dump is a packet, the headers of link layer, IP and TCP are taken off, and
//! `segments` puts the payloads in order. `formats` calls [`read`].

use std::collections::HashMap;

use super::packet::{is_packet_without_tcp, tcp_segment};
use super::packet_lines::{PacketLine, is_detail};
use super::row::Row;
use super::segments::TcpConnections;
use crate::input::paste::chunk::{Chunk, Taken};
use crate::input::paste::direction::Sent;
use crate::input::paste::line_size;
use crate::notation::Notation;

/// Reads the dumps that a text begins with: of two rows or more, or of one whose characters are
/// those of its bytes.
pub(in crate::input::paste) fn read(text: &str, _is_end: bool) -> Option<Taken> {
    let first = line(text);
    let begins = Row::parse(first).is_some_and(|row| row.offset == 0)
        || PacketLine::parse(first).is_some() && has_dump_below(text);
    if !begins {
        return None;
    }
    let mut block = Block::default();
    let mut at = 0;
    let mut remarks = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        at += line_size(rest);
        match block.line(line(rest)) {
            Line::Taken => {
                remarks = 0;
                block.size = at;
            }
            Line::Neutral => {}
            Line::Other if remarks < MOST_REMARKS => remarks += 1,
            Line::Other | Line::End => break,
        }
    }
    block.finish()
}

/// How many lines may stand between two rows.
const MOST_REMARKS: usize = 3;

fn line(text: &str) -> &str {
    text.get(..line_size(text)).unwrap_or_default().trim_end()
}

/// Whether the first row of a dump follows soon: before the line of the next packet.
fn has_dump_below(text: &str) -> bool {
    /// The details of a packet (`tshark -V -x`) are longer than a header line.
    const MOST_LINES: usize = 400;
    let mut lines = text.lines().skip(1).take(MOST_LINES);
    let row = lines.find_map(|line| match Row::parse(line) {
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
    dumps: Vec<Dump>,
    /// The line of the packet that follows.
    packet: Option<PacketLine<'t>>,
    /// How far the dump or the stream with this indentation has come. Follow Stream prints the two
    /// directions of a stream so, each with its own offsets.
    ends: HashMap<usize, u64>,
    /// The row above is repeated.
    is_repeated: bool,
    /// How many bytes of the text were taken.
    size: usize,
}

/// What a line is in a block.
enum Line {
    /// It belongs to the block.
    Taken,
    /// It belongs to the block if more of the block follows.
    Neutral,
    /// It is about something else.
    Other,
    /// The block ends before it.
    End,
}

/// One dump, or the part of a stream in one direction.
struct Dump {
    bytes: Vec<u8>,
    omitted: u64,
    rows: usize,
    last_row: usize,
    marked_rows: usize,
    indent: usize,
    /// The offset of its first row.
    base: u64,
    has_characters: bool,
    sent: Option<Sent>,
    time: Option<String>,
    /// What the line above said: whether the bytes are a packet as it was captured.
    is_captured: Option<bool>,
}

impl<'t> Block<'t> {
    fn line(&mut self, line: &'t str) -> Line {
        if let Some(row) = Row::parse(line) {
            return self.row(&row);
        }
        let trimmed = line.trim();
        if let Some(packet) = PacketLine::parse(line) {
            self.packet = Some(packet);
            return Line::Neutral;
        }
        if trimmed == "*" {
            self.is_repeated = true;
            return Line::Neutral;
        }
        let end = self
            .dumps
            .last()
            .map(|dump| dump.base + dump.bytes.len() as u64);
        let is_end =
            trimmed.len() >= 4 && end.is_some() && u64::from_str_radix(trimmed, 16).ok() == end;
        if is_end {
            return Line::Taken;
        }
        if trimmed.is_empty() || is_detail(line) && self.has_packets() {
            return Line::Neutral;
        }
        Line::Other
    }

    fn has_packets(&self) -> bool {
        self.packet.is_some() || self.dumps.iter().any(|dump| dump.is_captured.is_some())
    }

    fn row(&mut self, row: &Row<'_>) -> Line {
        let is_repeated = std::mem::take(&mut self.is_repeated);
        let last = self
            .dumps
            .last_mut()
            .filter(|last| last.indent == row.indent);
        let end = self.ends.get(&row.indent).copied();
        if row.offset == 0 || end == Some(row.offset) && last.is_none() {
            self.begin(row);
            return Line::Taken;
        }
        let (Some(last), Some(end)) = (last, end) else {
            return Line::End;
        };
        match row.offset.checked_sub(end) {
            Some(0) => {}
            Some(gap) if is_repeated && last.repeat(gap) => {}
            // A row or a part of it is missing.
            Some(gap) if gap <= MOST_MISSING && !is_repeated => last.omitted += gap,
            _ => return Line::End,
        }
        last.push(row);
        self.ends
            .insert(row.indent, row.offset + row.bytes.len() as u64);
        Line::Taken
    }

    /// Begins a dump at offset 0, or goes on with the stream that has this indentation.
    fn begin(&mut self, row: &Row<'_>) {
        let packet = self.packet.take();
        let time = packet.and_then(|it| it.time).or(row.time);
        let mut dump = Dump {
            bytes: Vec::new(),
            omitted: 0,
            rows: 0,
            last_row: 0,
            marked_rows: 0,
            indent: row.indent,
            base: row.offset,
            has_characters: row.has_characters,
            sent: None,
            time: time.map(str::to_owned),
            is_captured: packet.map(|it| it.is_captured),
        };
        dump.push(row);
        self.dumps.push(dump);
        self.ends
            .insert(row.indent, row.offset + row.bytes.len() as u64);
    }

    fn finish(mut self) -> Option<Taken> {
        let is_sure = self
            .dumps
            .iter()
            .any(|dump| dump.rows > 1 || dump.has_characters);
        let is_stream = self.ends.len() > 1 && self.dumps.iter().any(|dump| dump.base > 0);
        if !is_sure {
            return None;
        }
        let is_traced = self.dumps.iter().any(|dump| {
            dump.is_captured == Some(true) || tcp_segment(&dump.bytes, false).is_some()
        });
        let client = is_stream.then(|| self.indent_of_client());
        let mut connections = TcpConnections::default();
        let mut chunks = Vec::new();
        for dump in &mut self.dumps {
            let is_captured = is_traced && dump.is_captured != Some(false);
            if let Some(segment) = tcp_segment(&dump.bytes, is_captured) {
                connections.add(&segment, dump.time.take());
            } else if !(is_traced && dump.is_captured.is_some()
                || is_packet_without_tcp(&dump.bytes))
            {
                chunks.push(dump.chunk(client));
            }
        }
        chunks.extend(connections.into_chunks());
        Some(Taken::new(chunks, self.size))
    }

    /// The indentation of the stream that the client sends: the one with a request, or without the
    /// response, or the smaller one.
    fn indent_of_client(&self) -> usize {
        let begins = |start: &[u8]| {
            let dump = self.dumps.iter().find(|dump| dump.bytes.starts_with(start));
            dump.map(|dump| dump.indent)
        };
        let indents = || self.ends.keys().copied();
        let other = |server| indents().find(|indent| *indent != server);
        begins(b"GET ")
            .or_else(|| begins(b"HTTP/1.").and_then(other))
            .or_else(|| indents().min())
            .unwrap_or_default()
    }
}

/// More bytes than the rows that get lost when a text is copied.
const MOST_MISSING: u64 = 4096;

/// More bytes than the equal rows that a dump leaves out.
const MOST_REPEATED: u64 = 1 << 20;

impl Dump {
    fn push(&mut self, row: &Row<'_>) {
        self.rows += 1;
        self.marked_rows += usize::from(row.sent.is_some());
        self.sent = self.sent.or(row.sent);
        self.last_row = row.bytes.len();
        self.bytes.extend_from_slice(&row.bytes);
    }

    /// Repeats the last row for so many bytes; whether it fits.
    fn repeat(&mut self, missing: u64) -> bool {
        let is_whole = missing.checked_rem(self.last_row as u64) == Some(0);
        if !is_whole || missing + self.bytes.len() as u64 > MOST_REPEATED {
            return false;
        }
        let start = self.bytes.len() - self.last_row;
        for _ in 0..missing / self.last_row as u64 {
            self.bytes.extend_from_within(start..start + self.last_row);
        }
        true
    }

    fn chunk(&mut self, indent_of_client: Option<usize>) -> Chunk {
        let by_indent = indent_of_client.map(|client| {
            if self.indent == client {
                Sent::ByClient
            } else {
                Sent::ByServer
            }
        });
        // A mark on a single line of a dump is a prompt.
        let marked = self
            .sent
            .filter(|_| self.marked_rows == self.rows && self.rows > 1);
        let bytes = std::mem::take(&mut self.bytes);
        Chunk::of_bytes(bytes, Notation::Hexdump, by_indent.or(marked))
            .lacking(self.omitted)
            .at(self.time.as_deref())
    }
}
