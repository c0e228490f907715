//! Lines of nothing but numbers or base64: one literal over several lines, without brackets.

use super::line_size;
use crate::notation::Notation;
use crate::notation::digits::{self, Reading};

/// Such lines, as one literal.
#[derive(Debug)]
pub(super) struct DigitLines {
    /// The ways to read them, the most usual first; perhaps none.
    pub(super) readings: Vec<Reading>,
    /// How many bytes of the text they are.
    pub(super) size: usize,
}

/// The block that a text begins with, which is the start of a line.
pub(super) fn find(text: &str) -> Option<DigitLines> {
    numbers(text).or_else(|| base64(text))
}

fn numbers(text: &str) -> Option<DigitLines> {
    let mut numbers = Vec::new();
    let mut size = 0;
    let mut has_columns = false;
    while let Some(rest) = text.get(size..).filter(|rest| !rest.is_empty()) {
        let line = rest.get(..line_size(rest))?;
        let trimmed = line.trim();
        has_columns |= is_columns_heading(trimmed);
        if is_columns_heading(trimmed) || has_columns && trimmed.is_empty() {
            size += line.len();
            continue;
        }
        let is_all = |run: &digits::Run| {
            let after = trimmed.get(run.end..).unwrap_or_default();
            let after = after.trim_matches([',', ' ', '\t', '\\', '.']);
            let is_comment = after.starts_with("//") || after.starts_with("/*");
            after.is_empty() || is_comment && trimmed.contains(',')
        };
        // What stands between escapes may be bytes too: they are literals of their own.
        let has_escapes = trimmed.contains("\\x");
        let Some(run) = digits::run(trimmed).filter(|run| is_all(run) && !has_escapes) else {
            break;
        };
        let start = size + line.len() - line.trim_start().len();
        let in_text = run
            .numbers
            .iter()
            .map(|(from, to)| (start + from, start + to));
        numbers.extend(in_text);
        size += line.len();
    }
    (!numbers.is_empty()).then(|| DigitLines {
        readings: digits::readings(text, &numbers),
        size,
    })
}

/// `Columns 1 through 8`, as MATLAB prints it above a part of a long row.
fn is_columns_heading(line: &str) -> bool {
    let numbers = line.strip_prefix("Columns ").unwrap_or_default();
    numbers.starts_with(|char: char| char.is_ascii_digit())
        && (numbers.contains(" through ") || numbers.contains(" and "))
}

/// Two lines or more; all have the length of the first one, but the last, which may be shorter.
fn base64(text: &str) -> Option<DigitLines> {
    const SHORTEST_LINE: usize = 16;
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(&byte);
    let mut size = 0;
    let mut length = None;
    while let Some(rest) = text.get(size..).filter(|rest| !rest.is_empty()) {
        let line = rest.get(..line_size(rest))?;
        let digits = line.trim();
        let expected = *length.get_or_insert(digits.len());
        if digits.is_empty() || digits.len() > expected || !digits.bytes().all(is_digit) {
            break;
        }
        size += line.len();
        if digits.len() < expected {
            break;
        }
    }
    let is_long = length.is_some_and(|length| length >= SHORTEST_LINE && length % 4 == 0);
    let lines = text.get(..size)?;
    if !is_long || lines.trim_end().lines().count() < 2 {
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
