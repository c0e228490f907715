//! One row of a dump: an offset, bytes and their characters.

use crate::input::paste::direction::Sent;
use crate::input::paste::envelope::Envelope;
use crate::notation::Notation;

/// A row of a dump.
pub(super) struct Row<'t> {
    pub(super) offset: u64,
    pub(super) bytes: Vec<u8>,
    /// The column of characters is there, and they are those of the bytes.
    pub(super) has_characters: bool,
    /// The width of the blanks in front of the offset, if nothing else stands there.
    pub(super) indent: usize,
    pub(super) sent: Option<Sent>,
    pub(super) time: Option<&'t str>,
}

impl<'t> Row<'t> {
    pub(super) fn parse(line: &'t str) -> Option<Self> {
        let envelope = Envelope::of(line);
        let rest = line.get(envelope.length..)?;
        let digits = rest.strip_prefix("0x").unwrap_or(rest);
        let size = digits.bytes().take_while(u8::is_ascii_hexdigit).count();
        let after = digits.get(size..)?;
        let after = after.strip_prefix([':', '|']).unwrap_or(after);
        if !(4..=8).contains(&size) || !after.starts_with([' ', '\t']) {
            return None;
        }
        let offset = u64::from_str_radix(digits.get(..size)?, 16).ok()?;
        let (bytes, column) = bytes_and_column(after.trim_start());
        let has_characters = is_column_of(column, &bytes);
        let indent = if envelope.is_blank() {
            envelope.length
        } else {
            0
        };
        (!bytes.is_empty()).then_some(Self {
            offset,
            has_characters,
            indent,
            sent: envelope.sent(),
            time: envelope.time(),
            bytes,
        })
    }
}

/// No tool prints more bytes in a row.
const MOST_IN_ROW: usize = 32;

/// The bytes of groups of hexadecimal digits, and the column of characters after them.
pub(in crate::input::paste) fn bytes_and_column(text: &str) -> (Vec<u8>, &str) {
    let mut bytes = Vec::new();
    let mut rest = text;
    loop {
        let size = rest.bytes().take_while(u8::is_ascii_hexdigit).count();
        let (word, after) = rest.split_at(size);
        let ends = after.is_empty() || after.starts_with([' ', '\t']);
        let group = hex_pairs(word).filter(|_| ends && bytes.len() < MOST_IN_ROW);
        // Digits among the characters are no bytes.
        let Some(group) = group.filter(|_| !is_column_of(rest, &bytes)) else {
            return (bytes, rest);
        };
        bytes.extend(group);
        rest = after.trim_start();
        let gap = after.len() - rest.len();
        if gap > 4 || gap > 1 && !rest.starts_with(|char: char| char.is_ascii_hexdigit()) {
            return (bytes, rest);
        }
    }
}

/// Whether a text is the characters of these bytes, with blanks or a bar around them. tcpdump prints
/// a dot for a blank.
pub(in crate::input::paste) fn is_column_of(text: &str, bytes: &[u8]) -> bool {
    let squeezed = |text: &str| -> String { text.chars().filter(|char| *char != ' ').collect() };
    let shown: String = bytes.iter().map(|byte| shown(*byte)).collect();
    let text = text.trim();
    let inside = text
        .strip_prefix('|')
        .map_or(text, |inside| inside.strip_suffix('|').unwrap_or(inside));
    let columns = [squeezed(text), squeezed(inside)];
    let is_same = |shown: &str| columns.contains(&squeezed(shown));
    columns.iter().all(|column| !column.is_empty())
        && (is_same(&shown) || is_same(&shown.replace(' ', ".")))
}

fn hex_pairs(word: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    Notation::Hex.read(word.as_bytes(), &mut bytes).ok()?;
    (!bytes.is_empty()).then_some(bytes)
}

const fn shown(byte: u8) -> char {
    match byte {
        b' '..=b'~' => byte as char,
        _ => '.',
    }
}
