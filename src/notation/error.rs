//! Where a text stops being in its notation.

use std::error::Error;
use std::fmt;

/// The first place where a text is not in its notation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotationError {
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted in characters from 1.
    pub column: usize,
    /// Whether the text has further lines, so that the line is worth telling.
    pub has_lines: bool,
    /// What would have been right there.
    pub expected: &'static str,
    /// What is there: a character, an octet that is none, or the end.
    pub found: String,
}

impl NotationError {
    /// An error at this octet of the text.
    pub(super) fn new(text: &[u8], offset: usize, expected: &'static str) -> Self {
        let (before, after) = text.split_at(offset.min(text.len()));
        let line_start = before
            .iter()
            .rposition(|octet| *octet == b'\n')
            .map_or(0, |at| at + 1);
        let in_line = before.get(line_start..).unwrap_or_default();
        Self {
            line: before.split(|octet| *octet == b'\n').count(),
            column: 1 + String::from_utf8_lossy(in_line).chars().count(),
            has_lines: text.trim_ascii_end().contains(&b'\n'),
            expected,
            found: first_of(after),
        }
    }
}

/// The first character of a text, made visible.
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
            "the octet {:02x}",
            chunk.invalid().first().copied().unwrap_or_default()
        ),
    }
}

/// As: column 3: expected a hexadecimal digit, found `z`.
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
            "column 2: expected a digit, found the octet ff"
        );
    }
}
