//! The literals of a line, or of several lines where a literal continues.

use super::LineReader;
use crate::input::paste::http_head;
use crate::input::paste::line_size;
use crate::input::paste::literals::{self, Literal};

impl LineReader {
    /// The literals of a line, or of several lines if one continues, and where the last one ends; None
    /// if more lines are needed.
    pub(super) fn literals(&mut self, rest: &str, is_end: bool) -> Option<(Vec<Literal>, usize)> {
        let line = rest.get(..line_size(rest)).unwrap_or_default();
        let is_searched = self.searched >= line.len();
        let mut end = line.len();
        let is_alone = matches!(line.trim(), "(" | "Array (" | "array (");
        if line.trim_end().ends_with(['[', '{']) || is_alone {
            let next = rest.get(end..).unwrap_or_default();
            if next.is_empty() && !is_end {
                return None;
            }
            if literals::begins_list(next) && !http_head::begins(next) {
                end += line_size(next);
            }
        }
        for number in 0..=MOST_STEPS {
            let found = literals::find(rest.get(..end).unwrap_or_default().trim_end());
            if let Some(mut literals) = found {
                let size = whole_lines(rest, literals.iter().map(|literal| literal.end).max());
                literals.retain(|literal| literal.end <= size.max(line.len()));
                return Some((literals, size));
            }
            if is_searched {
                break;
            }
            if end == rest.len() {
                if !is_end {
                    return None;
                }
                break;
            }
            for _ in 0..1_usize << number {
                end += line_size(rest.get(end..).unwrap_or_default());
            }
        }
        self.searched = self.searched.max(end);
        Some((literals::find_in_line(line.trim_end()), 0))
    }
}

/// How many steps a literal that continues is followed: over 1, 2, 4, 8 … more lines.
const MOST_STEPS: usize = 12;

/// The size of the lines of a text up to the one in which a place is.
fn whole_lines(text: &str, place: Option<usize>) -> usize {
    let mut size = line_size(text);
    while place.is_some_and(|place| place > size) && size < text.len() {
        size += line_size(text.get(size..).unwrap_or_default());
    }
    size
}
