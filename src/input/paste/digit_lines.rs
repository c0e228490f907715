//! Lines of only numbers or base64: one literal over several lines, without brackets. The reader of
//! lines asks for them first.

use super::line_size;
use crate::notation::Notation;
use crate::notation::digits::{self, NumberRun, Reading};

/// Such lines, as one literal.
#[derive(Debug)]
pub(super) struct DigitLines {
    /// The ways to read them, the most usual first; empty if there is none.
    pub(super) readings: Vec<Reading>,
    /// Their length in the text, in bytes.
    pub(super) size: usize,
}

/// The lines of digits at the start of a text, which is the start of a line; None if there are none.
pub(super) fn find(text: &str) -> Option<DigitLines> {
    numbers(text).or_else(|| base64(text))
}

fn numbers(text: &str) -> Option<DigitLines> {
    let mut runs = Vec::new();
    let mut plain = Plain::of(text);
    let mut size = 0;
    let mut lines = 0;
    let mut needs_two_lines = false;
    let mut has_columns = false;
    while let Some(rest) = text.get(size..).filter(|rest| !rest.is_empty()) {
        let line = rest.get(..line_size(rest))?;
        let trimmed = line.trim();
        has_columns |= is_columns_heading(trimmed);
        if is_columns_heading(trimmed) || has_columns && trimmed.is_empty() {
            plain.line(size, line);
            size += line.len();
            continue;
        }
        // The characters between escapes may be bytes, too: escapes are literals of their own.
        let has_escapes = line.contains("\\x");
        let Some(run) = run_of(plain.line(size, line)).filter(|_| !has_escapes) else {
            break;
        };
        needs_two_lines |= plain.has_comments && !line.contains(',');
        runs.push(run.after(size));
        size += line.len();
        lines += 1;
    }
    let is_enough = lines > usize::from(needs_two_lines);
    let text = plain.text();
    is_enough.then(|| DigitLines {
        readings: digits::readings(runs.iter().flat_map(|run| run.words(text))),
        size,
    })
}

/// `Columns 1 through 8`, as MATLAB prints it above a part of a long row.
fn is_columns_heading(line: &str) -> bool {
    let numbers = line.strip_prefix("Columns ").unwrap_or_default();
    numbers.starts_with(|char: char| char.is_ascii_digit())
        && (numbers.contains(" through ") || numbers.contains(" and "))
}

/// The run of numbers that fills a line; None if the line has other text.
fn run_of(line: &str) -> Option<NumberRun> {
    let trimmed = line.trim();
    let run = digits::run(trimmed)?;
    let after = trimmed.get(run.end..).unwrap_or_default();
    let is_all = after.trim_matches([',', ' ', '\t', '\\', '.']).is_empty();
    is_all.then(|| run.after(line.len() - line.trim_start().len()))
}

/// Lines in which comments are replaced by blanks.
struct Plain<'t> {
    text: &'t str,
    /// The lines so far, if one of them has a comment; else empty.
    blanked: String,
    has_comments: bool,
}

impl<'t> Plain<'t> {
    const fn of(text: &'t str) -> Self {
        Self {
            text,
            blanked: String::new(),
            has_comments: false,
        }
    }

    /// The next line, at offset `at`.
    fn line(&mut self, at: usize, line: &'t str) -> &str {
        let comments = comments(line);
        if comments.is_empty() && !self.has_comments {
            return line;
        }
        if !self.has_comments {
            self.blanked = self.text.get(..at).unwrap_or_default().to_owned();
            self.has_comments = true;
        }
        let mut end = 0;
        for (from, to) in comments {
            self.blanked
                .push_str(line.get(end..from).unwrap_or_default());
            self.blanked.push_str(&" ".repeat(to - from));
            end = to;
        }
        self.blanked.push_str(line.get(end..).unwrap_or_default());
        self.blanked.get(at..).unwrap_or_default()
    }

    fn text(&self) -> &str {
        if self.has_comments {
            &self.blanked
        } else {
            self.text
        }
    }
}

/// The ranges of the comments in a line: `/* … */`, or `//`, `#`, `--` or `;` after a blank.
fn comments(line: &str) -> Vec<(usize, usize)> {
    let content = line.trim_end().len();
    let is_letter = |char: char| char.is_alphabetic() && !char.is_ascii_hexdigit();
    let last_letter = line.rfind(is_letter);
    let mut found = Vec::new();
    let mut may_close = true;
    let mut at = 0;
    while let Some(rest) = line.get(at..content).filter(|rest| !rest.is_empty()) {
        let is_after_blank = at > 0
            && line
                .get(..at)
                .is_some_and(|it| it.ends_with([' ', '\t', ',']));
        let mut close = None;
        if may_close && rest.starts_with("/*") {
            close = memchr::memmem::find(rest.as_bytes(), b"*/");
            may_close = close.is_some();
        }
        if let Some(end) = close {
            found.push((at, at + end + 2));
            at += end + 2;
        } else if is_after_blank && begins_comment(rest, last_letter >= Some(at)) {
            found.push((at, content));
            break;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    found
}

/// Whether a comment to the end of the line begins here. A sign that may be a separator begins one only
/// before a word.
fn begins_comment(rest: &str, has_word: bool) -> bool {
    let is_sure = rest.starts_with("//") || rest.starts_with("/*");
    let mut signs = ["# ", "-- ", "; "].iter();
    is_sure || signs.any(|sign| rest.starts_with(sign)) && has_word
}

/// Two or more lines of base64 with the same length. The last one may be shorter.
fn base64(text: &str) -> Option<DigitLines> {
    const SHORTEST_LINE: usize = 16;
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(&byte);
    let mut size = 0;
    let mut length = None;
    while let Some(rest) = text.get(size..).filter(|rest| !rest.is_empty()) {
        let line = rest.get(..line_size(rest))?;
        let digits = line.trim();
        let expected = *length.get_or_insert(digits.len());
        if expected < SHORTEST_LINE || expected % 4 != 0 {
            return None;
        }
        if digits.is_empty() || digits.len() > expected || !digits.bytes().all(is_digit) {
            break;
        }
        size += line.len();
        if digits.len() < expected {
            break;
        }
    }
    let lines = text.get(..size)?;
    if lines.trim_end().lines().count() < 2 {
        return None;
    }
    let mut bytes = Vec::new();
    Notation::Base64.read(lines.as_bytes(), &mut bytes).ok()?;
    let reading = Reading::of(Notation::Base64, bytes);
    Some(DigitLines {
        readings: vec![reading],
        size,
    })
}
