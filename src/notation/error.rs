//! The error of all readers of notations: the first wrong place of a text.

use std::error::Error;
use std::fmt;

/// The first place where a text breaks the rules of its notation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotationError {
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted in characters from 1.
    pub column: usize,
    /// Whether the text has several lines, so that the message gives the line number.
    pub has_lines: bool,
    /// What the reader expected at the place.
    pub expected: &'static str,
    /// What is at the place: a character, a byte that is not UTF-8, or the end.
    pub found: String,
    /// The part of the line around the place that the message shows.
    pub excerpt: String,
    /// The place in the excerpt, in characters from 0.
    pub caret: usize,
    /// The place in the text, in bytes from 0.
    offset: usize,
}

impl NotationError {
    /// An error at this byte of the text.
    pub(super) fn new(text: &[u8], offset: usize, expected: &'static str) -> Self {
        let (before, after) = text.split_at(offset.min(text.len()));
        let line_start = before
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let in_line = before.get(line_start..).unwrap_or_default();
        let rest_of_line = after
            .split(|byte| *byte == b'\n')
            .next()
            .unwrap_or_default();
        let (excerpt, caret) = excerpt(in_line, rest_of_line);
        Self {
            line: before.split(|byte| *byte == b'\n').count(),
            column: 1 + String::from_utf8_lossy(in_line).chars().count(),
            has_lines: text.trim_ascii_end().contains(&b'\n'),
            expected,
            found: first_of(after),
            excerpt,
            caret,
            offset,
        }
    }
}

impl NotationError {
    /// The place in the text, in bytes from 0.
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// The same place in the original of this text: each byte of both has the same offset.
    #[must_use]
    pub fn in_text(self, original: &[u8]) -> Self {
        Self::new(original, self.offset, self.expected)
    }

    /// The same error if this many lines come before the text.
    #[must_use]
    pub fn after_lines(mut self, count: usize) -> Self {
        self.line += count;
        self.has_lines |= count > 0;
        self
    }

    /// The same error if this many characters of the line come before the text.
    pub(super) const fn after_columns(mut self, count: usize) -> Self {
        self.column += count;
        self
    }
}

/// A line around a place, cut to what a terminal shows, and the place in it. Characters that do
/// not take one column are replaced by a dot.
fn excerpt(before: &[u8], after: &[u8]) -> (String, usize) {
    const BEFORE: usize = 40;
    const AFTER: usize = 32;
    let visible = |char: char| {
        if matches!(char, ' '..='~') {
            char
        } else {
            '·'
        }
    };
    let before: Vec<char> = String::from_utf8_lossy(before)
        .chars()
        .map(visible)
        .collect();
    let after = String::from_utf8_lossy(after);
    let cut = before.len().saturating_sub(BEFORE);
    let mut line = String::from(if cut > 0 { "…" } else { "" });
    line.extend(before.iter().skip(cut));
    let caret = line.chars().count();
    let mut rest = after.trim_end().chars().map(visible);
    line.extend(rest.by_ref().take(AFTER));
    if rest.next().is_some() {
        line.push('…');
    }
    (line, caret)
}

/// The first character of a text, escaped if it is not printable.
fn first_of(text: &[u8]) -> String {
    let Some(chunk) = text.utf8_chunks().next() else {
        return "the end".to_owned();
    };
    match chunk.valid().chars().next() {
        Some('`') => "a backquote".to_owned(),
        Some('\n') => "the end of the line".to_owned(),
        Some(char @ ('\'' | '"')) => format!("`{char}`"),
        Some(char) => format!("`{}`", char.escape_debug()),
        None => format!(
            "the byte {:02x}",
            chunk.invalid().first().copied().unwrap_or_default()
        ),
    }
}

/// The message, such as `column 3: expected a hexadecimal digit, found z`, with `z` in backticks.
impl fmt::Display for NotationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.has_lines {
            write!(f, "line {}, ", self.line)?;
        }
        write!(
            f,
            "column {}: expected {}, found {}",
            self.column, self.expected, self.found
        )
    }
}

impl NotationError {
    /// Two lines: the excerpt, and a caret below the place.
    pub fn caret_lines(&self) -> [String; 2] {
        [self.excerpt.clone(), format!("{}^", " ".repeat(self.caret))]
    }
}

impl Error for NotationError {}

#[cfg(test)]
mod tests {
    use super::NotationError;

    fn message(text: &[u8], offset: usize) -> String {
        NotationError::new(text, offset, "a digit").to_string()
    }

    #[test]
    fn names_the_place_and_what_is_there() {
        assert_eq!(message(b"81zz", 2), "column 3: expected a digit, found `z`");
        assert_eq!(
            message(b"81", 2),
            "column 3: expected a digit, found the end"
        );
        assert_eq!(
            message(b"81\n", 2),
            "column 3: expected a digit, found the end of the line"
        );
        assert_eq!(
            message("81\néz".as_bytes(), 5),
            "line 2, column 2: expected a digit, found `z`"
        );
        assert_eq!(
            message(b"\x1b[2J", 0),
            "column 1: expected a digit, found `\\u{1b}`"
        );
        assert_eq!(
            message("\u{202e}".as_bytes(), 0),
            "column 1: expected a digit, found `\\u{202e}`"
        );
        assert_eq!(
            message(b"a\xff", 1),
            "column 2: expected a digit, found the byte ff"
        );
    }

    #[test]
    fn draws_the_line_with_a_caret() {
        let picture = |text: &[u8], offset| NotationError::new(text, offset, "").caret_lines();
        assert_eq!(picture(b"81\n05zz 48\n65", 5), ["05zz 48", "  ^"]);
        assert_eq!(picture(b"81", 2), ["81", "  ^"]);
        assert_eq!(
            picture("\t\u{202e}’81".as_bytes(), 4),
            ["··’81".replace('’', "·"), "  ^".into()]
        );
        let long = format!("{}zz{}", "81".repeat(40), "05".repeat(40));
        let expected = [
            format!("…{}zz{}…", "81".repeat(20), "05".repeat(15)),
            format!("{}^", " ".repeat(41)),
        ];
        assert_eq!(picture(long.as_bytes(), 80), expected);
    }
}
