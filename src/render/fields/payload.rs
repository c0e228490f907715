//! The payload below the fields of a header: rows of bytes, their characters beside.

use super::table::{BYTES_A_ROW, Table};
use crate::render::digits::byte_count;
use crate::render::escape;
use crate::render::excerpt::{Excerpt, WHOLE_IN_A_TABLE, bytes_of_cut_character};
use crate::render::frame::ShownFrame;
use crate::ws::{CloseBody, MaskingKey, Opcode};

/// The rows of a payload that begins at byte `at` of the stream: all of it, or its two
/// ends, and what is missing.
pub(super) fn push_rows(table: &mut Table<'_>, at: u64, frame: &ShownFrame<'_>) {
    let rows = Rows {
        at,
        key: frame.header.masking_key,
    };
    let payload = &frame.payload;
    let (head, tail) = shown_ends(payload, frame.full);
    let reason_at = close_code(frame.header.opcode, payload.head).map_or(0, |code| {
        let bytes = payload.head.get(..2).unwrap_or_default();
        rows.push(table, "close code", bytes, 0, std::iter::once(code));
        2
    });
    let name = if reason_at == 0 {
        "payload"
    } else {
        "close reason"
    };
    let shown = payload.head.get(reason_at..head).unwrap_or_default();
    let text = payload.head.get(reason_at..).unwrap_or_default();
    rows.push(
        table,
        name,
        shown,
        reason_at as u64,
        characters_by_row(text, 0),
    );
    let present = payload.length;
    push_left_out(table, present - (head + tail.len()) as u64, frame.full);
    let texts = characters_by_row(tail, bytes_of_cut_character(tail));
    rows.push(table, "", tail, present - tail.len() as u64, texts);
    if let Some(inflated) = &frame.inflated {
        push_inflated(table, inflated, frame.full);
    }
    let declared = frame.header.payload_length.value();
    if present < declared {
        table.note(&format!(
            "{} of {} missing",
            declared - present,
            byte_count(declared)
        ));
    }
}

/// The rows of bytes that are no payload of anything: all of them, or their two ends.
pub(super) fn push_plain_rows(table: &mut Table<'_>, at: u64, bytes: &Excerpt<'_>, full: bool) {
    let rows = Rows { at, key: None };
    let (head, tail) = shown_ends(bytes, full);
    let shown = bytes.head.get(..head).unwrap_or_default();
    rows.push(table, "bytes", shown, 0, characters_by_row(bytes.head, 0));
    push_left_out(table, bytes.length - (head + tail.len()) as u64, full);
    let texts = characters_by_row(tail, bytes_of_cut_character(tail));
    rows.push(table, "", tail, bytes.length - tail.len() as u64, texts);
}

fn push_left_out(table: &mut Table<'_>, count: u64, full: bool) {
    if count > 0 {
        let how = if full {
            "--max-message holds"
        } else {
            "--full shows"
        };
        table.note(&format!("… {} more, {how} them", byte_count(count)));
    }
}

/// What a compressed payload inflates to, which stands nowhere on the wire.
fn push_inflated(table: &mut Table<'_>, inflated: &Excerpt<'_>, full: bool) {
    let (head, tail) = shown_ends(inflated, full);
    let push = |table: &mut Table<'_>, name: &str, bytes: &[u8], all: &[u8]| {
        let names = std::iter::once(name).chain(std::iter::repeat(""));
        let mut meanings = characters_by_row(all, 0);
        for (name, row) in names.zip(bytes.chunks(BYTES_A_ROW)) {
            table.bytes_row(None, row, name, &meanings.next().unwrap_or_default());
        }
    };
    let shown = inflated.head.get(..head).unwrap_or_default();
    push(table, "inflated", shown, inflated.head);
    push_left_out(table, inflated.length - (head + tail.len()) as u64, full);
    push(table, "", tail, tail);
}

/// The code of a close frame, in words.
fn close_code(opcode: Opcode, payload: &[u8]) -> Option<String> {
    match CloseBody::parse(payload) {
        CloseBody::Code(code, _) if opcode == Opcode::CLOSE => Some(code.to_string()),
        _ => None,
    }
}

/// As much as a table can show of a payload: how much of its head, and which tail.
fn shown_ends<'a>(payload: &Excerpt<'a>, full: bool) -> (usize, &'a [u8]) {
    const HEAD: usize = 64;
    const TAIL: usize = 16;
    if full || (payload.left_out() == 0 && payload.length <= WHOLE_IN_A_TABLE as u64) {
        return (payload.head.len(), payload.tail);
    }
    let end = if payload.tail.is_empty() {
        payload.head
    } else {
        payload.tail
    };
    let tail = end
        .get(end.len().saturating_sub(TAIL)..)
        .unwrap_or_default();
    (payload.head.len().min(HEAD), tail)
}

/// Where the payload stands, and what it was masked with.
struct Rows {
    at: u64,
    key: Option<MaskingKey>,
}

impl Rows {
    /// Bytes that begin at `start` of the payload, as on the wire, and below each row
    /// unmasked if they were masked.
    fn push(
        &self,
        table: &mut Table<'_>,
        name: &str,
        bytes: &[u8],
        start: u64,
        mut meanings: impl Iterator<Item = String>,
    ) {
        let starts = (start..).step_by(BYTES_A_ROW);
        let names = std::iter::once(name).chain(std::iter::repeat(""));
        for ((start, name), row) in starts.zip(names).zip(bytes.chunks(BYTES_A_ROW)) {
            let place = Some(self.at + start);
            let meaning = meanings.next().unwrap_or_default();
            if let Some(key) = self.key {
                let mut masked = row.to_vec();
                key.apply(start, &mut masked);
                table.bytes_row(place, &masked, name, "");
                table.bytes_row(None, row, "unmasked", &meaning);
            } else {
                table.bytes_row(place, row, name, &meaning);
            }
        }
    }
}

/// For each row of bytes, the characters that begin in it, made visible; without the
/// first `cut` bytes.
fn characters_by_row(bytes: &[u8], cut: usize) -> impl Iterator<Item = String> {
    let mut characters = characters(bytes)
        .skip_while(move |(at, _)| *at < cut)
        .peekable();
    let ends = (BYTES_A_ROW..).step_by(BYTES_A_ROW);
    ends.map(move |end| {
        let mut text = Vec::new();
        while let Some((_, character)) = characters.next_if(|(at, _)| *at < end) {
            escape::push_text(&mut text, character);
        }
        String::from_utf8_lossy(&text).into_owned()
    })
}

/// The characters of a text, and bytes that belong to none, each with its place.
fn characters(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let characters = bytes.utf8_chunks().flat_map(|chunk| {
        let valid = chunk.valid().split_inclusive(|_| true).map(str::as_bytes);
        valid.chain(chunk.invalid().chunks(1))
    });
    characters.scan(0, |at, character| {
        let place = *at;
        *at += character.len();
        Some((place, character))
    })
}

#[cfg(test)]
mod tests {
    use super::characters_by_row;

    #[test]
    fn a_character_stands_in_the_row_where_it_begins() {
        let mut rows = characters_by_row("1234567天a\n".as_bytes(), 0);
        assert_eq!(
            (rows.next(), rows.next()),
            (Some("1234567天".into()), Some("a\\n".into()))
        );
        let mut rows = characters_by_row(b"\xa4\xa9a\xff", 2);
        assert_eq!(rows.next(), Some("a\\xff".into()));
    }
}
