//! The payload below the header fields: rows of bytes, with their characters beside them.

use super::table::{BYTES_A_ROW, Table};
use crate::render::escape;
use crate::render::excerpt::{Excerpt, WHOLE_IN_A_TABLE, bytes_of_cut_character};
use crate::render::frame::ShownFrame;
use crate::render::words::byte_count;
use crate::ws::{CloseBody, MaskingKey, Opcode};

/// Appends the rows of a payload that begins at byte `at` of the stream: all of it, or its
/// beginning and its end, and how much is missing.
pub(super) fn push_rows(table: &mut Table<'_>, at: u64, frame: &ShownFrame<'_>) {
    let rows = PayloadRows {
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
    push_omitted(table, present - (head + tail.len()) as u64, frame.full);
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

/// Appends the rows of bytes that are not a frame: all of them, or their beginning and their
/// end.
pub(super) fn push_plain_rows(table: &mut Table<'_>, at: u64, bytes: &Excerpt<'_>, full: bool) {
    let rows = PayloadRows { at, key: None };
    let (head, tail) = shown_ends(bytes, full);
    let shown = bytes.head.get(..head).unwrap_or_default();
    rows.push(table, "bytes", shown, 0, characters_by_row(bytes.head, 0));
    push_omitted(table, bytes.length - (head + tail.len()) as u64, full);
    let texts = characters_by_row(tail, bytes_of_cut_character(tail));
    rows.push(table, "", tail, bytes.length - tail.len() as u64, texts);
}

fn push_omitted(table: &mut Table<'_>, count: u64, full: bool) {
    if count > 0 {
        let how = if full {
            "--max-message holds"
        } else {
            "--full shows"
        };
        table.note(&format!("… {} more, {how} them", byte_count(count)));
    }
}

/// Appends the inflated payload. Its rows have no offset, since it is not on the wire.
fn push_inflated(table: &mut Table<'_>, inflated: &Excerpt<'_>, full: bool) {
    let (head, tail) = shown_ends(inflated, full);
    let push = |table: &mut Table<'_>, name: &str, bytes: &[u8], all: &[u8]| {
        let names = std::iter::once(name).chain(std::iter::repeat(""));
        let mut texts = characters_by_row(all, 0);
        for (name, row) in names.zip(bytes.chunks(BYTES_A_ROW)) {
            table.bytes_row(None, row, name, &texts.next().unwrap_or_default());
        }
    };
    let shown = inflated.head.get(..head).unwrap_or_default();
    push(table, "inflated", shown, inflated.head);
    push_omitted(table, inflated.length - (head + tail.len()) as u64, full);
    push(table, "", tail, tail);
}

/// The close code with its name.
fn close_code(opcode: Opcode, payload: &[u8]) -> Option<String> {
    match CloseBody::parse(payload) {
        CloseBody::Code(code, _) if opcode == Opcode::CLOSE => Some(code.to_string()),
        _ => None,
    }
}

/// What a table shows of a payload: how many bytes of its beginning, and which of its end.
fn shown_ends<'a>(payload: &Excerpt<'a>, full: bool) -> (usize, &'a [u8]) {
    const HEAD: usize = 64;
    const TAIL: usize = 16;
    if full || (payload.omitted() == 0 && payload.length <= WHOLE_IN_A_TABLE as u64) {
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

/// The offset of a payload, and the key it is masked with.
struct PayloadRows {
    at: u64,
    key: Option<MaskingKey>,
}

impl PayloadRows {
    /// Appends bytes of the payload from its byte `start` on: as they are on the wire, and
    /// below each row unmasked if they are masked.
    fn push(
        &self,
        table: &mut Table<'_>,
        name: &str,
        bytes: &[u8],
        start: u64,
        mut texts: impl Iterator<Item = String>,
    ) {
        let starts = (start..).step_by(BYTES_A_ROW);
        let names = std::iter::once(name).chain(std::iter::repeat(""));
        for ((start, name), row) in starts.zip(names).zip(bytes.chunks(BYTES_A_ROW)) {
            let offset = Some(self.at + start);
            let text = texts.next().unwrap_or_default();
            if let Some(key) = self.key {
                let mut masked = row.to_vec();
                key.apply(start, &mut masked);
                table.bytes_row(offset, &masked, name, "");
                table.bytes_row(None, row, "unmasked", &text);
            } else {
                table.bytes_row(offset, row, name, &text);
            }
        }
    }
}

/// For each row of bytes, the characters that begin in it, escaped. The first `cut` bytes,
/// the end of a character that was cut, are left out.
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

/// The characters of a text, and the bytes that belong to none, each with its offset.
fn characters(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let characters = bytes.utf8_chunks().flat_map(|chunk| {
        let valid = chunk.valid().split_inclusive(|_| true).map(str::as_bytes);
        valid.chain(chunk.invalid().chunks(1))
    });
    characters.scan(0, |at, character| {
        let offset = *at;
        *at += character.len();
        Some((offset, character))
    })
}

#[cfg(test)]
mod tests {
    use super::characters_by_row;

    #[test]
    fn a_character_is_in_the_row_in_which_it_begins() {
        let mut rows = characters_by_row("1234567天a\n".as_bytes(), 0);
        assert_eq!(
            (rows.next(), rows.next()),
            (Some("1234567天".into()), Some("a\\n".into()))
        );
        let mut rows = characters_by_row(b"\xa4\xa9a\xff", 2);
        assert_eq!(rows.next(), Some("a\\xff".into()));
    }
}
