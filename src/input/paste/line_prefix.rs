//! A prefix on each line of a dump or a trace that is not part of its format: the marks of a
//! quotation, line numbers, the words of a log that `envelope` does not know.
//!
//! `formats` reads the lines without their prefix.

use super::line_size;

/// The prefix of the lines at the start of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LinePrefix<'t> {
    /// This many `>`, as mail programs and Markdown quote.
    Quotation(usize),
    /// A line number. It is that of the first line.
    Number(u64),
    /// The words before the offset of a row. Their digits may differ from line to line.
    Words(&'t str),
}

impl<'t> LinePrefix<'t> {
    /// The prefix of the first line, if the second one has it, too.
    pub(super) fn of(text: &'t str) -> Option<Self> {
        let first = text.get(..line_size(text))?;
        let second = text.get(first.len()..)?;
        let second = second.get(..line_size(second))?;
        let prefix = quotation(first)
            .or_else(|| number(first))
            .or_else(|| words(first))?;
        (prefix.is_of_words() || prefix.strip_from(second, 1).is_some()).then_some(prefix)
    }

    /// The lines without their prefix, up to about `most` bytes. A few lines without it may be among
    /// them.
    pub(super) fn strip_all(self, text: &str, most: usize) -> String {
        const MOST_OTHERS: usize = 3;
        let mut stripped = String::new();
        let mut at = 0;
        let mut count = 0;
        let mut others = 0;
        while at < most
            && others <= MOST_OTHERS
            && let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty())
            && let Some(line) = rest.get(..line_size(rest))
        {
            if let Some(without) = self.strip_from(line, count) {
                stripped.push_str(without);
                others = 0;
                count += 1;
            } else {
                stripped.push_str(line);
                others += 1;
            }
            at += line.len();
        }
        stripped
    }

    /// Whether it is the marks of a quotation.
    pub(super) const fn is_quotation(self) -> bool {
        matches!(self, Self::Quotation(_))
    }

    /// Whether it is the words before an offset.
    pub(super) const fn is_of_words(self) -> bool {
        matches!(self, Self::Words(_))
    }

    /// A line without its prefix; None if it has another one. `place` is the number of lines with the
    /// prefix before this one.
    fn strip_from(self, line: &str, place: u64) -> Option<&str> {
        match self {
            Self::Quotation(count) => without_marks(line)
                .filter(|(own, _)| *own == count)
                .map(|it| it.1),
            Self::Number(first) => {
                let (number, rest) = without_number(line)?;
                (number == first.checked_add(place)?).then_some(rest)
            }
            Self::Words(words) => without_words(line, words),
        }
    }
}

/// The length in bytes of the first `count` lines of a text.
pub(super) fn size_of_lines(text: &str, count: usize) -> usize {
    let mut size = 0;
    for _ in 0..count {
        size += line_size(text.get(size..).unwrap_or_default());
    }
    size
}

fn quotation(line: &str) -> Option<LinePrefix<'_>> {
    let (count, _) = without_marks(line)?;
    Some(LinePrefix::Quotation(count))
}

/// The number of `>` at the start of a line, and the text after them and a blank.
fn without_marks(line: &str) -> Option<(usize, &str)> {
    const MOST: usize = 8;
    let mut rest = line;
    let mut count = 0;
    while count < MOST
        && let Some(after) = rest.strip_prefix('>')
    {
        count += 1;
        rest = after.strip_prefix(' ').unwrap_or(after);
    }
    (count > 0).then_some((count, rest))
}

fn number(line: &str) -> Option<LinePrefix<'_>> {
    let (number, rest) = without_number(line)?;
    (!rest.trim().is_empty()).then_some(LinePrefix::Number(number))
}

/// The number at the start of a line, and the text after it and its sign: `  12 `, `12: `, `12| `, `12\t`.
fn without_number(line: &str) -> Option<(u64, &str)> {
    const MOST_DIGITS: usize = 6;
    let start = line.trim_start_matches([' ', '\t']);
    let size = start.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = start.split_at(size);
    let rest = rest.strip_prefix([':', '|', '.', ')']).unwrap_or(rest);
    let rest = match rest.strip_prefix([' ', '\t']) {
        Some(rest) => rest,
        None if rest.trim().is_empty() => rest,
        None => return None,
    };
    let has_zeros = digits.len() > 1 && digits.starts_with('0');
    let number = digits.parse().ok()?;
    (digits.len() <= MOST_DIGITS && !has_zeros).then_some((number, rest))
}

/// The words before an offset: four or more zeros, or eight digits between blanks and a colon.
fn words(line: &str) -> Option<LinePrefix<'_>> {
    const LONGEST: usize = 200;
    let start = line.get(..line.len().min(LONGEST)).unwrap_or(line);
    let is_digit = |char: char| char.is_ascii_hexdigit();
    let mut at = 0;
    for word in start.split_inclusive([' ', '\t']) {
        let offset = word.trim_end_matches([' ', '\t', ':']);
        let offset = offset.strip_prefix("0x").unwrap_or(offset);
        let rest = line.get(at + word.len()..)?;
        let is_zero = offset.len() >= 4 && offset.bytes().all(|digit| digit == b'0');
        let is_of_dotnet =
            offset.len() == 8 && rest.starts_with(": ") && offset.chars().all(is_digit);
        if at > 0 && (is_zero || is_of_dotnet) {
            return Some(LinePrefix::Words(line.get(..at)?));
        }
        at += word.len();
    }
    None
}

/// The text after words that equal these, except for digits; None if there are none.
pub(super) fn without_words<'l>(line: &'l str, words: &str) -> Option<&'l str> {
    let mut rest = line;
    for part in words.split_inclusive(|char: char| !char.is_ascii_digit()) {
        let sign = part.trim_start_matches(|char: char| char.is_ascii_digit());
        if sign.len() < part.len() {
            rest = rest.trim_start_matches(|char: char| char.is_ascii_digit());
        }
        rest = rest.strip_prefix(sign)?;
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, stripped: &str) {
        let prefix = LinePrefix::of(text).unwrap();
        assert_eq!(prefix.strip_all(text, usize::MAX), stripped, "{text}");
    }

    #[test]
    fn prefixes_are_taken_off_each_line() {
        check("> 81 05\n> 48\nno\n> 65\n", "81 05\n48\nno\n65\n");
        check("> > 81\n>>05\n>> \n", "81\n05\n\n");
        check(
            "1: 00000000 81\n2: 00000001 05\n4: 48\n",
            "00000000 81\n00000001 05\n4: 48\n",
        );
        check("  9 a\n 10 b\n 11\n", "a\nb\n\n");
        check(
            "[12:00:01] x(1) 0000: 81\n[12:00:02] x(22) 0001: 05\n[12:00:03] y(1) 0002: 05\n",
            "0000: 81\n0001: 05\n[12:00:03] y(1) 0002: 05\n",
        );
    }

    #[test]
    fn other_lines_have_no_prefix() {
        for text in [
            "81 05\n48\n",
            "> 81\n05\n",
            "1 a\n3 b\n",
            "0000: 81\n0001: 05\n",
            "",
        ] {
            assert_eq!(LinePrefix::of(text), None, "{text}");
        }
    }
}
