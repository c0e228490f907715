//! The table that Netty prints of a buffer: `ByteBufUtil.prettyHexDump`, also in its `LoggingHandler`.
//!
//! ```text
//! [id: 0x1a2b3c4d, L:/127.0.0.1:9527 - R:/127.0.0.1:51034] READ: 7B
//!          +-------------------------------------------------+
//!          |  0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f |
//! +--------+-------------------------------------------------+----------------+
//! |00000000| 81 05 48 65 6c 6c 6f                            |..Hello         |
//! +--------+-------------------------------------------------+----------------+
//! ```

use super::row::bytes_and_column;
use super::rows::Rows;
use crate::input::paste::chunk::{Chunk, Taken};
use crate::input::paste::direction::Sent;
use crate::input::paste::envelope::Envelope;
use crate::input::paste::line_prefix::size_of_lines;
use crate::notation::Notation;

/// Reads a table, from the line that names the channel or from its first border on.
pub(in crate::input::paste) fn read(text: &str, _is_end: bool) -> Option<Taken> {
    /// The line of the channel, and the three lines above the rows.
    const MOST_ABOVE: usize = 4;
    let first = text.lines().next()?;
    let title = Title::parse(first);
    if title.is_none() && !is_border(first) {
        return None;
    }
    let above = text
        .lines()
        .take(MOST_ABOVE + 1)
        .position(|line| row(line).is_some())?;
    let between = text.lines().take(above).skip(usize::from(title.is_some()));
    if !between
        .into_iter()
        .all(|line| is_border(line) || line.trim_start().starts_with("|  0  1  2"))
    {
        return None;
    }
    let start = size_of_lines(text, above);
    let rows = Rows::read(text.get(start..)?, row, is_border);
    let sent = title.as_ref().and_then(|title| title.sent);
    let mut chunk = Chunk::of_bytes(rows.bytes, Notation::Hexdump, sent)
        .lacking(rows.omitted)
        .at(Envelope::of(first).time());
    chunk.connection = title.map(|title| title.channel);
    let taken = Taken::new(vec![chunk], start + rows.size);
    Some(if rows.is_closed {
        taken.complete()
    } else {
        taken
    })
}

/// `+--------+-------…`.
fn is_border(line: &str) -> bool {
    let line = line.trim();
    line.len() > 40 && line.bytes().all(|byte| matches!(byte, b'+' | b'-'))
}

/// The offset of a row and its bytes.
fn row(line: &str) -> Option<(u64, Vec<u8>)> {
    let (offset, rest) = line.trim().strip_prefix('|')?.split_once('|')?;
    let is_offset = offset.len() == 8 && offset.bytes().all(|digit| digit.is_ascii_hexdigit());
    // The characters may be bars themselves.
    let (bytes, _) = rest.split_once('|').filter(|_| is_offset)?;
    let offset = u64::from_str_radix(offset, 16).ok()?;
    Some((offset, bytes_and_column(bytes.trim()).0))
}

/// The line of a channel.
struct Title {
    channel: u32,
    sent: Option<Sent>,
}

impl Title {
    /// `[id: 0x1a2b3c4d, L:…] READ: 7B`, `[id: 0x1a2b3c4d, /127.0.0.1:51034 => …] RECEIVED(7B)`
    /// of Netty 4.0, `[1a2b3c4d-1, L:…] READ: 7B` of Reactor.
    fn parse(line: &str) -> Option<Self> {
        let (before, event) = line.trim_end().rsplit_once("] ")?;
        let (_, channel) = before.rsplit_once('[')?;
        let name = channel.strip_prefix("id: 0x").unwrap_or(channel);
        let (digits, rest) = name.split_at_checked(8)?;
        if !rest.starts_with([',', '-', ' ']) {
            return None;
        }
        let sent = if event.starts_with("READ") || event.starts_with("RECEIVED") {
            Some(Sent::In)
        } else if event.starts_with("WRITE") {
            Some(Sent::Out)
        } else {
            return None;
        };
        Some(Self {
            channel: u32::from_str_radix(digits, 16).ok()?,
            sent,
        })
    }
}
