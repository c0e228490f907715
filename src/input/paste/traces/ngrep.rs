//! What ngrep prints of packets: as it is, with `-x`, and with `-W byline`.
//!
//! Each packet begins with a line such as `T 127.0.0.1:47152 -> 127.0.0.1:8765 [AP] #4`. `-x` prints
//! the bytes; without it a dot stands for each byte that is no character, so only a request or a
//! response is read.

use super::lines::{Lines, first_line};
use super::peers::Peers;
use crate::input::paste::chunk::{Chunk, Content, Taken};
use crate::input::paste::dumps::{bytes_and_column, is_column_of};
use crate::input::paste::http_head;
use crate::notation::Notation;

/// Reads the packets at the start of a text.
pub(in crate::input::paste) fn read(text: &str, _is_end: bool) -> Option<Taken> {
    NgrepPacket::parse(first_line(text))?;
    let mut peers = Peers::default();
    let mut size = 0;
    let mut current: Option<NgrepPacket<'_>> = None;
    for (line, end) in Lines::new(text) {
        if let Some(next) = NgrepPacket::parse(line) {
            if let Some(packet) = current.replace(next) {
                packet.finish(&mut peers);
            }
        } else if is_mark(line) {
            if let Some(packet) = current.take() {
                packet.finish(&mut peers);
            }
        } else {
            match &mut current {
                Some(packet) if packet.may_have(line) => packet.lines.push(line),
                _ if line.trim().is_empty() => {
                    if let Some(packet) = current.take() {
                        packet.finish(&mut peers);
                    }
                }
                _ => break,
            }
        }
        size = end;
    }
    if let Some(packet) = current {
        packet.finish(&mut peers);
    }
    Some(Taken::new(peers.into_chunks(), size))
}

/// A line of marks, one for each packet that did not match.
fn is_mark(line: &str) -> bool {
    !line.is_empty() && matches!(line.trim_start_matches('#'), "" | "exit")
}

/// A packet, with the lines below its first one.
struct NgrepPacket<'t> {
    source: &'t str,
    destination: &'t str,
    time: Option<&'t str>,
    is_tcp: bool,
    /// PSH is set: the packet has data.
    has_push: bool,
    lines: Vec<&'t str>,
}

impl<'t> NgrepPacket<'t> {
    fn parse(line: &'t str) -> Option<Self> {
        // Without -q, the marks of packets that did not match may stand in front.
        let line = line.trim_start_matches('#');
        let (ends, flags) = line.trim_end().split_once(" [").unwrap_or((line, ""));
        let protocol = ends.get(..2)?;
        if !matches!(protocol, "T " | "U " | "I ") {
            return None;
        }
        let (before, destination) = ends.get(2..)?.split_once(" -> ")?;
        let (time, source) = match before.rsplit_once(' ') {
            Some((time, source)) => (Some(time), source),
            None => (None, before),
        };
        let is_time =
            |time: &str| time.starts_with(|char: char| char.is_ascii_digit() || char == '+');
        let has_port = |end: &str| {
            let port = end.rsplit_once(':').map(|(_, port)| port);
            port.is_some_and(|port| port.parse::<u16>().is_ok())
        };
        let is_tcp = protocol == "T ";
        let has_flags = flags.contains(']');
        let destination = destination.split(' ').next()?;
        (time.is_none_or(is_time)
            && has_port(source)
            && has_port(destination)
            && (has_flags || !is_tcp))
            .then_some(Self {
                source,
                destination,
                time,
                is_tcp,
                has_push: flags.contains('P'),
                lines: Vec::new(),
            })
    }

    /// Whether a line belongs to the packet. ngrep indents its lines, all of them or none.
    fn may_have(&self, line: &str) -> bool {
        match self.lines.first() {
            Some(first) if first.starts_with("  ") => line.starts_with("  "),
            Some(_) => !line.is_empty(),
            None => line.starts_with("  ") || self.has_push && !line.trim().is_empty(),
        }
    }

    fn finish(self, peers: &mut Peers) {
        let (source, destination) = (self.source, self.destination);
        if let Some(content) = self.content().filter(|_| self.is_tcp) {
            let chunk = Chunk::new(content, None).at(self.time);
            peers.push(source, destination, chunk);
        }
    }

    fn content(&self) -> Option<Content> {
        let is_blank = |line: &&str| line.trim().is_empty();
        let is_indented = self
            .lines
            .iter()
            .all(|line| line.starts_with("  ") || is_blank(line));
        if is_indented && let Some(bytes) = self.bytes() {
            return Some(Content::Bytes {
                bytes,
                notation: Notation::Hex,
                omitted: 0,
            });
        }
        let first = self.lines.first()?.trim_start();
        let is_head = first.starts_with("GET ") || first.starts_with("HTTP/1.");
        if is_head && let Some(found) = http_head::find(&self.text(is_indented)) {
            return Some(Content::Head(found.head));
        }
        // ngrep fills its own lines with blanks.
        let length = |line: &&str| {
            let line = if is_indented { line.trim() } else { line };
            line.chars().count() as u64
        };
        let count: u64 = self.lines.iter().map(length).sum();
        (count > 0).then_some(Content::Characters(count))
    }

    /// The bytes of `-x`.
    fn bytes(&self) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let rows = self.lines.iter().filter(|line| !line.trim().is_empty());
        for row in rows {
            let (part, column) = bytes_and_column(row.trim_start());
            // Characters may be anything: those of the bytes prove that these are bytes.
            let column = column.trim();
            if part.is_empty() || !(column.is_empty() || is_column_of(column, &part)) {
                return None;
            }
            bytes.extend(part);
        }
        (!bytes.is_empty()).then_some(bytes)
    }

    /// The characters as lines: ngrep indents its own lines, which break anywhere; the lines of
    /// `-W byline` are those of the packet, with a dot for CR.
    fn text(&self, is_indented: bool) -> String {
        if is_indented {
            let lines = self
                .lines
                .iter()
                .map(|line| line.get(2..).unwrap_or_default());
            return lines.collect::<String>().trim_end().to_owned();
        }
        let lines = self
            .lines
            .iter()
            .map(|line| line.strip_suffix('.').unwrap_or(line));
        lines.flat_map(|line| [line, "\n"]).collect()
    }
}
