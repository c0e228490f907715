//! Numbers on counted lines: after the line numbers of an editor, or after an index for each byte.
//!
//! `1: 81 05 48`, `2 | 65 6c`; `[0] 129`, `data[0] = 0x81`. The reader of lines uses it.

use super::digit_lines::DigitLines;
use super::line_size;
use crate::notation::digits;

/// The counted lines at the start of a text, without their counts; None if there are fewer than two.
pub(super) fn find(text: &str) -> Option<DigitLines> {
    let mut runs = Vec::new();
    let mut size = 0;
    let mut last: Option<Count<'_>> = None;
    let mut lines = 0;
    while let Some(rest) = text.get(size..).filter(|rest| !rest.is_empty()) {
        let line = rest.get(..line_size(rest))?;
        let Some(count) = Count::parse(line) else {
            break;
        };
        if last.as_ref().is_some_and(|last| !count.follows(last)) {
            break;
        }
        let values = line.get(count.end..)?.trim_end();
        let Some(run) = digits::run(values).filter(|run| {
            let after = values.get(run.end..).unwrap_or_default();
            after.trim_matches([',', ';', ' ']).is_empty()
        }) else {
            break;
        };
        runs.push(run.after(size + count.end));
        size += line.len();
        lines += 1;
        last = Some(count);
    }
    (lines > 1).then(|| DigitLines {
        readings: digits::readings(runs.iter().flat_map(|run| run.words(text))),
        size,
    })
}

/// The count of a line: a line number, or a name and an index.
struct Count<'t> {
    name: &'t str,
    number: u32,
    /// The offset in the line after the count.
    end: usize,
}

impl<'t> Count<'t> {
    fn parse(line: &'t str) -> Option<Self> {
        const LONGEST: usize = 5;
        let start = line.trim_start();
        let is_name = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '.');
        let name = match start.find(|char| !is_name(char)) {
            Some(end) if start.get(end..)?.starts_with('[') => start.get(..end)?,
            _ => "",
        };
        let index = start.get(name.len()..)?;
        let bare = index.trim_start_matches(['[', '(']);
        let size = bare.bytes().take_while(u8::is_ascii_digit).count();
        let number = bare.get(..size).filter(|_| size <= LONGEST)?.parse().ok()?;
        let after = bare.get(size..)?.trim_start_matches([']', ')']);
        let separator = after.trim_start_matches([' ', '\t']);
        let values = ["=>", "->", ":", "=", "|", "."]
            .iter()
            .find_map(|sign| separator.strip_prefix(sign))
            .unwrap_or(separator)
            .trim_start_matches([' ', '\t']);
        let is_separated = values.len() < after.len();
        is_separated.then_some(Self {
            name,
            number,
            end: line.len() - values.len(),
        })
    }

    fn follows(&self, last: &Count<'_>) -> bool {
        self.name == last.name && self.number == last.number + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> Option<Vec<u8>> {
        find(text)?
            .readings
            .into_iter()
            .next()
            .map(|reading| reading.bytes)
    }

    #[test]
    fn line_numbers_and_indices_are_left_out() {
        for text in [
            "1: 81 05 48\n2: 65 6c 6c\n3: 6f\n",
            "  9 | 81 05 48\n 10 | 65 6c 6c\n 11 | 6f",
            "1\t81 05 48\n2\t65 6c 6c 6f",
            "1  81 05 48\n2  65 6c 6c 6f",
            "0: 129\n1: 5\n2: 72\n3: 101\n4: 108\n5: 108\n6: 111",
            "[0] 129\n[1] 5\n[2] 72\n[3] 101\n[4] 108\n[5] 108\n[6] 111",
            "b[0] = 0x81;\nb[1] = 0x05;\nb[2] = 0x48;\nb[3] = 0x65;\nb[4] = 0x6c;\nb[5] = 0x6c;\n\
             b[6] = 0x6f;",
        ] {
            assert_eq!(
                first(text).as_deref(),
                Some(&b"\x81\x05Hello"[..]),
                "{text}"
            );
        }
    }

    #[test]
    fn lines_that_do_not_count_are_none() {
        for text in [
            "1: 81 05",
            "1: 81\n3: 05",
            "81 05\n05 48",
            "a[0] = 1\nb[1] = 2",
            "1: x\n2: y",
        ] {
            assert_eq!(first(text), None, "{text}");
        }
    }
}
