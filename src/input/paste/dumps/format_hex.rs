//! What `Format-Hex` of `PowerShell` prints: a ruler of sixteen numbers, then rows of an offset,
//! bytes and characters. The characters are those of the console, and are not compared.
//!
//! `formats` calls [`read`].

use crate::input::paste::chunk::{Chunk, Taken};
use crate::input::paste::line_size;
use crate::notation::Notation;

const RULER: &str = "00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F";

/// Reads the rows after a ruler. None unless the text begins with a ruler, or with the heading that
/// `PowerShell` 7 writes above it.
pub(in crate::input::paste) fn read(text: &str, _is_end: bool) -> Option<Taken> {
    let mut at = 0;
    let mut has_ruler = false;
    let mut bytes = Vec::new();
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let size = line_size(rest);
        let line = rest.get(..size)?.trim();
        if line == RULER {
            has_ruler = true;
        } else if let Some(row) = row(line).filter(|row| has_ruler && row.offset == bytes.len()) {
            bytes.extend(row.bytes);
        } else if bytes.is_empty() && (has_ruler && line.is_empty() || is_heading(line)) {
            // The heading, and the text between it and the rows.
        } else {
            break;
        }
        at += size;
    }
    let chunk = Chunk::of_bytes(bytes, Notation::Hexdump, None);
    let is_empty = chunk.is_empty();
    (has_ruler && !is_empty).then(|| Taken::new(vec![chunk], at))
}

fn is_heading(line: &str) -> bool {
    line.starts_with("Offset Bytes") || line.starts_with("------ ---")
}

struct HexRow {
    offset: usize,
    bytes: Vec<u8>,
}

/// A row: eight or sixteen digits, then pairs with one blank between them.
fn row(line: &str) -> Option<HexRow> {
    const MOST: usize = 16;
    let (offset, rest) = line.split_once(' ')?;
    let offset = usize::from_str_radix(offset, 16)
        .ok()
        .filter(|_| matches!(offset.len(), 8 | 16))?;
    let mut rest = rest.trim_start();
    let mut bytes = Vec::new();
    while let Some(pair) = rest.get(..2).filter(|_| bytes.len() < MOST) {
        let Ok(byte) = u8::from_str_radix(pair, 16) else {
            break;
        };
        bytes.push(byte);
        let after = rest.get(2..)?;
        rest = match after.strip_prefix(' ') {
            Some(next) if !next.starts_with(' ') => next,
            _ => break,
        };
    }
    (!bytes.is_empty()).then_some(HexRow { offset, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::paste::chunk::Content;

    fn bytes(text: &str) -> Option<Vec<u8>> {
        match &read(text, true)?.chunks.first()?.content {
            Content::Bytes { bytes, .. } => Some(bytes.clone()),
            _ => None,
        }
    }

    #[test]
    fn both_versions() {
        let old =
            format!("           {RULER}\n\n00000000   81 05 48 65 6C 6C 6F          .Hello\n");
        let new = format!(
            "          Offset Bytes                                           Ascii\n                 \
             {RULER}\n          ------ ----------------------------------------------- -----\n\
             0000000000000000 81 12 48 65 6C 6C 6F 2C 20 68 65 78 64 75 6D 70 �.Hello, hexdump\n\
             0000000000000010 20 2D 43                                        -C\n"
        );
        assert_eq!(bytes(&old).as_deref(), Some(&b"\x81\x05Hello"[..]));
        assert_eq!(
            bytes(&new).as_deref(),
            Some(&b"\x81\x12Hello, hexdump -C"[..])
        );
        assert_eq!(bytes(RULER), None);
        assert_eq!(bytes("00000000   81 05 48"), None);
    }
}
