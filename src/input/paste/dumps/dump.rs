//! One dump of rows, or the part of a stream in one direction.
//!
//! `hexdump` makes them of rows, and chunks of them.

use super::packet_lines::PacketLine;
use super::row::Row;
use crate::input::paste::chunk::Chunk;
use crate::input::paste::direction::Sent;
use crate::notation::Notation;

/// One dump, or the part of a stream in one direction.
pub(super) struct Dump {
    pub(super) bytes: Vec<u8>,
    /// How many bytes are missing between its rows.
    pub(super) omitted: u64,
    pub(super) rows: usize,
    /// The size of its last row.
    last_row: usize,
    pub(super) indent: usize,
    /// The offset of its first row.
    pub(super) base: u64,
    /// The offset after its last row.
    pub(super) end: u64,
    /// Whether its first row shows that it begins with an offset.
    pub(super) is_told: bool,
    /// Who sent it, by the mark of a row.
    sent: Option<Sent>,
    /// Who sent it, by the line above it.
    heading: Option<Sent>,
    pub(super) time: Option<String>,
    /// Whether the bytes are a packet as it was captured, by the line above it.
    pub(super) is_captured: Option<bool>,
}

/// More bytes than the equal rows that a dump leaves out.
const MOST_REPEATED: u64 = 1 << 20;

impl Dump {
    /// A dump without rows, which begins at the offset of a row.
    pub(super) fn begin(
        row: &Row<'_>,
        packet: Option<PacketLine<'_>>,
        heading: Option<Sent>,
    ) -> Self {
        let time = packet.and_then(|it| it.time).or(row.time);
        Self {
            bytes: Vec::new(),
            omitted: 0,
            rows: 0,
            last_row: 0,
            indent: row.indent,
            base: row.offset,
            end: row.offset,
            is_told: row.has_characters || row.has_gap && row.bytes.len() > 1,
            sent: None,
            heading,
            time: time.map(str::to_owned),
            is_captured: packet.map(|it| it.is_captured),
        }
    }

    pub(super) fn push(&mut self, row: &Row<'_>) {
        self.rows += 1;
        self.sent = self.sent.or(row.sent);
        self.end = row.end();
        self.last_row = row.bytes.len();
        self.bytes.extend_from_slice(&row.bytes);
    }

    /// Whether a row stands where the last one does, and has no fewer bytes.
    pub(super) fn is_last_row(&self, row: &Row<'_>) -> bool {
        let start = self.end.saturating_sub(self.last_row as u64);
        row.offset == start && row.bytes.len() >= self.last_row
    }

    /// Puts the whole of a row in the place of its beginning.
    pub(super) fn replace_last_row(&mut self, row: &Row<'_>) {
        self.bytes.truncate(self.bytes.len() - self.last_row);
        self.rows -= 1;
        self.is_told |= row.has_characters;
        self.push(row);
    }

    /// Repeats the last row for so many bytes; whether it fits.
    pub(super) fn repeat(&mut self, missing: u64) -> bool {
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

    pub(super) fn chunk(&mut self, indent_of_client: Option<usize>, is_marked: bool) -> Chunk {
        let by_indent = indent_of_client.map(|client| {
            if self.indent == client {
                Sent::ByClient
            } else {
                Sent::ByServer
            }
        });
        let marked = self.sent.filter(|_| is_marked);
        let bytes = std::mem::take(&mut self.bytes);
        Chunk::of_bytes(
            bytes,
            Notation::Hexdump,
            by_indent.or(marked).or(self.heading),
        )
        .lacking(self.omitted)
        .at(self.time.as_deref())
    }
}
