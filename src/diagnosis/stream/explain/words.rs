//! Bytes and texts as they are written in a sentence, and the sizes of texts.

use crate::ws::{FrameHeader, MaskingKey, Opcode, PayloadLength};

/// The bytes of a length in its shortest form, with the MASK bit: `7e 00 c8`.
pub(super) fn length_bytes(length: u64, masked: bool) -> String {
    let header = FrameHeader {
        masking_key: masked.then_some(MaskingKey([0; 4])),
        ..FrameHeader::new(Opcode::TEXT, length)
    };
    let form = PayloadLength::shortest(length).form();
    let bytes = header.encode();
    let end = 2 + form.extended_bytes();
    hex(bytes.get(1..end).unwrap_or_default())
}

/// Pairs of hexadecimal digits, with a space between them.
pub(super) fn hex(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(" ")
}

/// The first 24 characters of a text.
pub(super) fn excerpt(text: &[u8]) -> String {
    const LIMIT: usize = 24;
    let text = String::from_utf8_lossy(text);
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.into_owned(),
    }
}

/// The first line of some bytes, at most 60 bytes of it.
pub(super) fn first_line(bytes: &[u8]) -> String {
    const LIMIT: usize = 60;
    let start = bytes.get(..LIMIT).unwrap_or(bytes);
    let line = start.split(|byte| matches!(byte, b'\r' | b'\n')).next();
    String::from_utf8_lossy(line.unwrap_or_default()).into_owned()
}

/// Whether these bytes are UTF-8 without control characters, but for tabs and line ends.
pub(super) fn is_readable(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| !text.contains(is_unreadable))
}

/// The readable bytes at the start, of the first 256.
pub(super) fn readable_start(bytes: &[u8]) -> &[u8] {
    const LIMIT: usize = 256;
    let bytes = bytes.get(..LIMIT).unwrap_or(bytes);
    let valid = valid_start(bytes);
    let end = valid.find(is_unreadable).unwrap_or(valid.len());
    bytes.get(..end).unwrap_or_default()
}

fn is_unreadable(char: char) -> bool {
    char.is_control() && !matches!(char, '\t' | '\n' | '\r')
}

/// The size of the first `count` characters, in bytes; None if the text is shorter.
pub(super) fn size_of_characters(text: &[u8], count: u64) -> Option<u64> {
    let text = valid_start(text);
    let mut ends = text.char_indices().map(|(at, char)| at + char.len_utf8());
    let end = ends.nth(usize::try_from(count).ok()?.checked_sub(1)?)?;
    Some(end as u64)
}

/// How many bytes the first characters take that are `count` code units in UTF-16.
pub(super) fn size_of_utf16_units(text: &[u8], count: u64) -> Option<u64> {
    let mut units = 0;
    for (at, char) in valid_start(text).char_indices() {
        units += char.len_utf16() as u64;
        if units == count {
            return Some((at + char.len_utf8()) as u64);
        }
    }
    None
}

/// The bytes at the start that are UTF-8.
fn valid_start(text: &[u8]) -> &str {
    let chunk = text.utf8_chunks().next();
    chunk.map_or("", |chunk| chunk.valid())
}
