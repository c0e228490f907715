//! What stands in front of the bytes on every line of a text, whatever it says.

use super::literals;

/// The text in front of the literal of each line so far, digits left out.
#[derive(Debug, Default)]
pub(super) struct CommonPrefix {
    skeleton: Option<String>,
    /// A line had another one.
    is_broken: bool,
}

impl CommonPrefix {
    /// Whether all lines so far, and at least one more than this, have what stands in front of this
    /// literal. The first line of a text is compared with the next one, if that is there.
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

/// Whether a literal of the first line of a text has this in front of it.
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
