//! Dumps of `od`, and of `hexdump` without `-C`: an offset of six or seven digits, then bytes in octal
//! or decimal, characters (`-c`), or words of two or four bytes (`-x`, and `od` without options).
//!
//! `formats` calls [`read`]. Bytes in hexadecimal are left to `hexdump`, except those with a line of
//! characters below each row (`od -t x1c`).

use super::numbers::Numbers;
use crate::input::InputNotice;
use crate::input::paste::chunk::{Chunk, Taken};
use crate::input::paste::line_size;
use crate::notation::Notation;

/// Reads the dump at the start of a text.
pub(in crate::input::paste) fn read(text: &str, _is_end: bool) -> Option<Taken> {
    /// How many lines of something else may stand between two rows.
    const MOST_REMARKS: usize = 3;
    let mut dump = OdDump::begin(line(text))?;
    let mut at = line_size(text);
    let mut size = at;
    let mut remarks = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        at += line_size(rest);
        match dump.push(line(rest)) {
            Pushed::Taken => {
                size = at;
                remarks = 0;
            }
            Pushed::Last => {
                size = at;
                break;
            }
            Pushed::Other if remarks < MOST_REMARKS => remarks += 1,
            Pushed::Other | Pushed::NextDump => break,
        }
    }
    let (bytes, omitted) = dump.bytes()?;
    let chunk = Chunk::of_bytes(bytes, Notation::Hexdump, None).lacking(omitted);
    let word_size = dump.numbers().and_then(Numbers::word_size);
    let notice = word_size.map(|size| InputNotice::WordsSwapped { size });
    Some(Taken::new(vec![chunk], size).with_notice(notice))
}

fn line(text: &str) -> &str {
    let line = text.get(..line_size(text)).unwrap_or_default();
    line.trim_end_matches(['\r', '\n'])
}

/// The rows of one dump.
struct OdDump<'t> {
    rows: Vec<OdRow<'t>>,
    /// The offset after the last row, which stands alone.
    end: Option<&'t str>,
    /// How many rows have their bytes in a second form below them.
    second_forms: usize,
}

struct OdRow<'t> {
    offset: &'t str,
    numbers: &'t str,
    /// The rows between this one and the one above are equal to the one above (`*`).
    is_after_repeated: bool,
}

enum Pushed {
    Taken,
    Last,
    NextDump,
    Other,
}

impl<'t> OdDump<'t> {
    fn begin(line: &'t str) -> Option<Self> {
        let (offset, numbers) = offset(line)?;
        let is_first = offset.bytes().all(|digit| digit == b'0') && !numbers.trim().is_empty();
        is_first.then(|| Self {
            rows: vec![OdRow {
                offset,
                numbers,
                is_after_repeated: false,
            }],
            end: None,
            second_forms: 0,
        })
    }

    fn push(&mut self, line: &'t str) -> Pushed {
        match offset(line) {
            Some((offset, _)) if offset.bytes().all(|digit| digit == b'0') => Pushed::NextDump,
            Some((offset, numbers)) if numbers.trim().is_empty() => {
                self.end = Some(offset);
                Pushed::Last
            }
            Some((offset, numbers)) => {
                self.rows.push(OdRow {
                    offset,
                    numbers,
                    is_after_repeated: false,
                });
                Pushed::Taken
            }
            None if line.trim() == "*" => {
                self.rows.push(OdRow {
                    offset: "",
                    numbers: "",
                    is_after_repeated: true,
                });
                Pushed::Taken
            }
            None if line.starts_with("       ") && !line.trim().is_empty() => {
                self.second_forms += 1;
                Pushed::Taken
            }
            None => Pushed::Other,
        }
    }

    fn numbers(&self) -> Option<Numbers> {
        let rows: Vec<&str> = self.rows.iter().map(|row| row.numbers).collect();
        Numbers::of(&rows, self.second_forms == rows.len())
    }

    /// The bytes, and how many more are missing between the rows.
    fn bytes(&self) -> Option<(Vec<u8>, u64)> {
        /// More bytes than the rows that get lost when a text is copied, or that `*` stands for.
        const MOST_BETWEEN: usize = 1 << 20;
        let numbers = self.numbers()?;
        let radix = self.radix(numbers);
        let mut bytes: Vec<u8> = Vec::new();
        let mut omitted = 0;
        let mut last = Vec::new();
        let mut is_repeated = false;
        for row in &self.rows {
            if row.is_after_repeated {
                is_repeated = true;
                continue;
            }
            let offset = usize::from_str_radix(row.offset, radix).ok()?;
            let missing = offset.checked_sub(bytes.len() + omitted)?;
            if missing > MOST_BETWEEN {
                return None;
            }
            if std::mem::take(&mut is_repeated) && !last.is_empty() {
                bytes.extend(last.iter().copied().cycle().take(missing));
            } else if numbers == Numbers::Characters && missing < ROW {
                // Blanks at the end of the row above are spaces.
                bytes.extend(std::iter::repeat_n(b' ', missing));
            } else {
                omitted += missing;
            }
            last = numbers.read(row.numbers)?;
            bytes.extend_from_slice(&last);
        }
        if let Some(end) = self
            .end
            .and_then(|end| usize::from_str_radix(end, radix).ok())
        {
            // A word may have more bytes than are left, and a row blanks at its end.
            let is_repeated = is_repeated && !last.is_empty();
            let size = end.checked_sub(omitted).filter(|size| *size > bytes.len());
            if let Some(size) = size.filter(|size| is_repeated && size - bytes.len() < MOST_BETWEEN)
            {
                bytes.extend(last.iter().copied().cycle().take(size - bytes.len()));
            }
            bytes.truncate(end.saturating_sub(omitted));
        }
        Some((bytes, omitted as u64))
    }

    /// The radix of the offsets: `od` counts in octal, `hexdump` in hexadecimal. The one that most
    /// rows fit.
    fn radix(&self, numbers: Numbers) -> u32 {
        let rows = || self.rows.iter().filter(|row| !row.is_after_repeated);
        let nexts = || rows().skip(1).map(|row| row.offset).chain(self.end);
        let count_fitting = |radix: u32| {
            let value = |offset: &str| usize::from_str_radix(offset, radix).ok();
            let mut count = 0;
            for (row, next) in rows().zip(nexts()) {
                let size = numbers.read(row.numbers).unwrap_or_default().len();
                let distance = value(next)?.checked_sub(value(row.offset)?)?;
                if distance < size && Some(next) != self.end {
                    return None;
                }
                count += usize::from(distance == size);
            }
            Some(count)
        };
        let counted = [10, 16, 8].map(|radix| (count_fitting(radix), radix));
        counted
            .into_iter()
            .max_by_key(|(count, _)| *count)
            .map_or(8, |(_, radix)| radix)
    }
}

/// How many bytes a row has.
const ROW: usize = 16;

/// The offset at the start of a line, and what follows it.
fn offset(line: &str) -> Option<(&str, &str)> {
    let size = line.bytes().take_while(u8::is_ascii_hexdigit).count();
    let (offset, rest) = line.split_at(size);
    let is_offset = matches!(size, 6 | 7) && (rest.is_empty() || rest.starts_with(' '));
    is_offset.then_some((offset, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::paste::chunk::Content;

    fn bytes(text: &str) -> Option<(Vec<u8>, u64)> {
        match read(text, true)?.chunks.into_iter().next()?.content {
            Content::Bytes { bytes, omitted, .. } => Some((bytes, omitted)),
            _ => None,
        }
    }

    #[test]
    fn all_forms_give_the_same_bytes() {
        for text in [
            "0000000 201 005 110 145 154 154 157\n0000007\n",
            "0000000 201 005   H   e   l   l   o\n0000007\n",
            "0000000 129   5  72 101 108 108 111\n0000007\n",
            "0000000 -127    5   72  101  108  108  111\n0000007\n",
            "0000000  81  05  48  65  6c  6c  6f\n        201 005   H   e   l   l   o\n0000007\n",
            "0000000 0581 6548 6c6c 006f\n0000007\n",
            "0000000    0581    6548    6c6c    006f                                \n0000007\n",
            "0000000 002601 062510 066154 000157\n0000007\n",
            "0000000   01409   25928   27756   00111\n0000007\n",
            "0000000 65480581 006f6c6c\n0000007\n",
            "000000 201 005 110 145 154 154 157\n000007\n",
        ] {
            assert_eq!(bytes(text), Some((b"\x81\x05Hello".to_vec(), 0)), "{text}");
        }
    }

    #[test]
    fn equal_rows_and_lost_ones_are_counted() {
        let row = " 141 142 143 144 145 146 147 150 151 152 153 154 155 156 157 160";
        let text = format!("0000000{row}\n*\n0000060 041\n0000061\n");
        let expected = [b"abcdefghijklmnop".repeat(3).as_slice(), b"!"].concat();
        assert_eq!(bytes(&text), Some((expected, 0)));
        let text = format!("0000000{row}\n0000040 041\n0000041\n");
        assert_eq!(bytes(&text), Some((b"abcdefghijklmnop!".to_vec(), 16)));
    }

    #[test]
    fn blanks_at_the_end_of_a_row_of_characters_are_spaces() {
        let text = "0000000 201 022   0   1   2   3   4   5   6   7   8   9   a   b\n\
                    0000020   c   d   e   f\n0000024\n";
        assert_eq!(
            bytes(text),
            Some((b"\x81\x120123456789ab  cdef".to_vec(), 0))
        );
    }

    #[test]
    fn other_lines_are_no_dump() {
        for text in [
            "0000000 81 05 48 65 6c 6c 6f\n",
            "0000000 hello world\n",
            "20261126 201 005 110\n",
            "0000000\n",
            "000000 12345 items\n",
        ] {
            assert_eq!(bytes(text), None, "{text}");
        }
    }
}
