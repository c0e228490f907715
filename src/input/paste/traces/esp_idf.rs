//! The buffers in the log of ESP-IDF: `ESP_LOG_BUFFER_HEX` prints `I (8105) ws: 81 05 48 …`, 16 bytes
//! a line; `ESP_LOG_BUFFER_HEXDUMP` adds the address and the characters.

use super::frame::could_be_frames;
use super::lines::{Lines, first_line};

use crate::input::paste::chunk::{Chunk, Taken};
use crate::input::paste::dumps::{bytes_and_column, is_column_of};
use crate::notation::Notation;

/// Reads the lines of one buffer.
pub(in crate::input::paste) fn read(text: &str, _is_end: bool) -> Option<Taken> {
    const BYTES_IN_LINE: usize = 16;
    let first = TraceLine::parse(first_line(text))?;
    if !(first.is_dump || first.bytes.len() > 1 && could_be_frames(&first.bytes)) {
        return None;
    }
    let tag = first.tag;
    let is_dump = first.is_dump;
    let mut bytes = Vec::new();
    let mut size = 0;
    for (line, end) in Lines::new(text) {
        let Some(line) =
            TraceLine::parse(line).filter(|line| line.tag == tag && line.is_dump == is_dump)
        else {
            break;
        };
        bytes.extend_from_slice(&line.bytes);
        size = end;
        if line.bytes.len() != BYTES_IN_LINE {
            break;
        }
    }
    Some(Taken::new(
        vec![Chunk::of_bytes(bytes, Notation::Hex, None)],
        size,
    ))
}

/// `I (8105) ws: 81 05 48 65 6c 6c 6f`.
struct TraceLine<'t> {
    tag: &'t str,
    bytes: Vec<u8>,
    /// The line has an address, and the characters of its bytes.
    is_dump: bool,
}

impl<'t> TraceLine<'t> {
    fn parse(line: &'t str) -> Option<Self> {
        let rest = line
            .strip_prefix(['E', 'W', 'I', 'D', 'V'])?
            .strip_prefix(" (")?;
        let (time, rest) = rest.split_once(") ")?;
        let (tag, rest) = rest.split_once(": ")?;
        if time.is_empty() || !time.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        if let Some(dump) = rest.strip_prefix("0x") {
            let (_, row) = dump.split_once("   ")?;
            let (bytes, column) = bytes_and_column(row);
            return is_column_of(column, &bytes).then_some(Self {
                tag,
                bytes,
                is_dump: true,
            });
        }
        let mut bytes = Vec::new();
        for pair in rest.trim_end().split(' ') {
            let is_pair = pair.len() == 2 && pair.bytes().all(|digit| digit.is_ascii_hexdigit());
            bytes.push(u8::from_str_radix(pair, 16).ok().filter(|_| is_pair)?);
        }
        Some(Self {
            tag,
            bytes,
            is_dump: false,
        })
    }
}
