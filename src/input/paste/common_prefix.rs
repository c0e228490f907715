//! The text before the bytes, if it is the same on every line. The reader of lines uses it.

use super::literals;

/// The text before the literal of each line so far, without digits.
#[derive(Debug, Default)]
pub(super) struct CommonPrefix {
    skeleton: Option<String>,
    /// Whether a line had another text there.
    is_broken: bool,
}

impl CommonPrefix {
    /// Whether all lines so far, and at least one other line, have this text before their literal. The
    /// first line of a text is compared with the next one, if there is one.
    pub(super) fn is_in_front_of(&mut self, before: &str, next: &str) -> bool {
        if let Some(known) = &self.skeleton {
            self.is_broken = self.is_broken || !known.chars().eq(without_digits(before));
            return !self.is_broken;
        }
        let skeleton: String = without_digits(before).collect();
        let is_common = begins_with(next, &skeleton);
        self.skeleton = Some(skeleton);
        is_common
    }
}

/// Whether a literal of the first line of a text has this before it.
fn begins_with(text: &str, expected: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    let literals = literals::find_in_line(line);
    literals.iter().any(|literal| {
        let before = line.get(..literal.start).unwrap_or_default();
        expected.chars().eq(without_digits(before))
    })
}

/// The characters of a text without its digits.
fn without_digits(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|char| !char.is_ascii_digit())
}
