//! The table of hexyl: `│00000000│ 81 05 48 65 6c 6c 6f    ┊                         │×•Hello ┊        │`.

use crate::input::paste::chunk::{Chunk, Taken};
use crate::notation::Notation;

/// Reads the table at the start of a text.
pub(in crate::input::paste) fn read(text: &str, _is_end: bool) -> Option<Taken> {
    let mut bytes = Vec::new();
    let mut size = 0;
    let mut rows = 0;
    let mut last_row = 0;
    let mut is_repeated = false;
    for line in text.split_inclusive('\n') {
        match HexylLine::parse(line.trim()) {
            Some(HexylLine::Row(offset, row)) => {
                let missing = offset.saturating_sub(bytes.len());
                if std::mem::take(&mut is_repeated) && missing < MOST_REPEATED && last_row > 0 {
                    let start = bytes.len() - last_row;
                    for _ in 0..missing / last_row {
                        bytes.extend_from_within(start..start + last_row);
                    }
                }
                if rows > 0 && offset != bytes.len() {
                    break;
                }
                last_row = row.len();
                bytes.extend(row);
                rows += 1;
            }
            Some(HexylLine::Repeated) if rows > 0 => is_repeated = true,
            Some(HexylLine::Border) if size == 0 || rows > 0 => {}
            _ => break,
        }
        size += line.len();
    }
    let chunk = Chunk::of_bytes(bytes, Notation::Hexdump, None);
    (rows > 0).then(|| Taken::new(vec![chunk], size))
}

/// More bytes than the equal rows that a table leaves out.
const MOST_REPEATED: usize = 1 << 20;

/// A line of the table.
enum HexylLine {
    /// Its offset and its bytes.
    Row(usize, Vec<u8>),
    /// The row above is repeated.
    Repeated,
    Border,
}

impl HexylLine {
    fn parse(line: &str) -> Option<Self> {
        if is_border(line) {
            return Some(Self::Border);
        }
        let inside = line.strip_prefix(['│', '|'])?.strip_suffix(['│', '|'])?;
        let mut cells = inside.split(['│', '┊', '|']);
        let offset = cells.next()?;
        if offset.trim() == "*" {
            return Some(Self::Repeated);
        }
        let is_offset = offset.len() == 8 && offset.bytes().all(|byte| byte.is_ascii_hexdigit());
        let offset = usize::from_str_radix(offset, 16)
            .ok()
            .filter(|_| is_offset)?;
        let mut bytes = Vec::new();
        for cell in cells.take_while(|cell| cell.len() == WIDTH) {
            if !cell.trim().is_empty() {
                Notation::Hex
                    .read(cell.trim().as_bytes(), &mut bytes)
                    .ok()?;
            }
        }
        (!bytes.is_empty()).then_some(Self::Row(offset, bytes))
    }
}

/// The width of a cell of eight bytes.
const WIDTH: usize = 25;

fn is_border(line: &str) -> bool {
    let is_sign = |char: char| "┌┬┐└┴┘─+-".contains(char);
    line.chars().count() > WIDTH && line.chars().all(is_sign)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::paste::chunk::Content;

    #[test]
    fn a_table_is_read() {
        let text = "\
┌────────┬─────────────────────────┬─────────────────────────┬────────┬────────┐
│00000000│ 82 7e 00 30 00 00 00 00 ┊ 00 00 00 00 00 00 00 00 │×~⋄0⋄⋄⋄⋄┊⋄⋄⋄⋄⋄⋄⋄⋄│
│00000010│ 00 00 00 00 00 00 00 00 ┊ 00 00 00 00 00 00 00 00 │⋄⋄⋄⋄⋄⋄⋄⋄┊⋄⋄⋄⋄⋄⋄⋄⋄│
│*       │                         ┊                         │        ┊        │
│00000030│ 00 00 00 7c             ┊                         │⋄⋄⋄|    ┊        │
└────────┴─────────────────────────┴─────────────────────────┴────────┴────────┘
";
        let taken = read(text, true).unwrap();
        assert_eq!(taken.size, text.len());
        let mut expected = vec![0; 52];
        expected.splice(..4, [0x82, 0x7e, 0, 0x30]);
        *expected.last_mut().unwrap() = 0x7c;
        let [chunk] = taken.chunks.as_slice() else {
            panic!("{:?}", taken.chunks);
        };
        assert!(matches!(&chunk.content, Content::Bytes { bytes, .. } if *bytes == expected));
    }
}
