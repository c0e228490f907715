//! The rows of a table of header fields.

use crate::render::style::{Style, StyleRole};
use crate::render::words::hex_digits;

/// Appends rows of four columns: offset, bytes or bits, name, value.
pub(super) struct Table<'a> {
    pub(super) out: &'a mut Vec<u8>,
    pub(super) style: Style,
}

/// How many bytes a row holds.
pub(super) const BYTES_A_ROW: usize = 8;

/// The width of the column of bytes. The bits of a byte are in the same column.
const BYTES_WIDTH: usize = 3 * BYTES_A_ROW - 1;

/// The position of the bits in that column.
const BITS_AT: usize = 14;

impl Table<'_> {
    /// Appends the heading, an empty line, and the names of the columns.
    pub(super) fn heading(&mut self, title: &str, summary: &str) {
        self.style.push(self.out, StyleRole::Name, title);
        self.out
            .extend_from_slice(format!(": {summary}\n\n").as_bytes());
        self.note_at("  byte  bytes         bits       field");
    }

    /// Appends a field of some bits of a byte. The byte is given with its first field.
    pub(super) fn bits(&mut self, byte: Option<(u64, u8)>, bits: &str, name: &str, value: &str) {
        let mut columns = [b' '; BYTES_WIDTH];
        if let (Some((_, byte)), [high, low, ..]) = (byte, &mut columns) {
            [*high, *low] = hex_digits(byte);
        }
        for (place, bit) in columns.iter_mut().skip(BITS_AT).zip(bits.bytes()) {
            *place = bit;
        }
        self.row(byte.map(|(offset, _)| offset), &columns, name, value);
    }

    /// Appends a field of whole bytes.
    pub(super) fn bytes_row(&mut self, offset: Option<u64>, bytes: &[u8], name: &str, value: &str) {
        let mut columns = [b' '; BYTES_WIDTH + 1];
        for (place, byte) in columns.chunks_exact_mut(3).zip(bytes) {
            if let [high, low, _] = place {
                [*high, *low] = hex_digits(*byte);
            }
        }
        let columns = columns.get(..BYTES_WIDTH).unwrap_or_default();
        self.row(offset, columns, name, value);
    }

    /// Appends a remark in the column of bytes.
    pub(super) fn note(&mut self, text: &str) {
        self.note_at(&format!("        {text}"));
    }

    fn note_at(&mut self, text: &str) {
        self.style.push(self.out, StyleRole::Aside, text);
        self.out.push(b'\n');
    }

    fn row(&mut self, offset: Option<u64>, columns: &[u8], name: &str, value: &str) {
        let offset = offset.map_or(String::new(), |offset| offset.to_string());
        self.out
            .extend_from_slice(format!("{offset:>6}  ").as_bytes());
        if name.is_empty() && value.is_empty() {
            self.out.extend_from_slice(columns.trim_ascii_end());
        } else {
            self.out.extend_from_slice(columns);
            self.out.extend_from_slice(b"  ");
        }
        if value.is_empty() {
            self.style.push(self.out, StyleRole::Name, name);
        } else {
            self.style
                .push(self.out, StyleRole::Name, &format!("{name:<14}"));
            self.out.extend_from_slice(b"  ");
            self.out.extend_from_slice(value.as_bytes());
        }
        self.out.push(b'\n');
    }
}

/// The bits of a field, with dots for the other bits of the byte: `.000 ....`.
pub(super) fn bits(byte: u8, field: u8) -> String {
    let mut text = String::with_capacity(9);
    for place in (0..8).rev() {
        text.push(match (field >> place & 1, byte >> place & 1) {
            (0, _) => '.',
            (_, 0) => '0',
            _ => '1',
        });
        if place == 4 {
            text.push(' ');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::bits;

    #[test]
    fn the_other_bits_of_a_byte_are_dots() {
        assert_eq!(bits(0x87, 0x80), "1... ....");
        assert_eq!(bits(0x87, 0x7f), ".000 0111");
    }
}
