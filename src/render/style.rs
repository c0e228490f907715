//! Colours, by the role of a word. No other file uses the crate `colored`.

use std::io::Write as _;

use colored::{Color, ColoredString, Colorize as _};

/// The role of a word, which decides its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StyleRole {
    /// The arrow of what was received.
    Incoming,
    /// The arrow of what was sent.
    Outgoing,
    /// The name of an opcode or a field.
    Name,
    /// A detail: a length, a masking key, a time.
    Aside,
    /// An error: a rule of the RFC is broken.
    Violation,
    /// A warning.
    Suspicion,
}

/// Writes words, coloured or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    coloured: bool,
}

impl Style {
    /// No colours.
    pub const PLAIN: Self = Self { coloured: false };

    /// With colours, or without.
    pub fn new(coloured: bool) -> Self {
        if coloured {
            // The console decides for each output whether to colour, not `colored`.
            colored::control::set_override(true);
        }
        Self { coloured }
    }

    /// Whether words are coloured.
    pub(super) const fn is_coloured(self) -> bool {
        self.coloured
    }

    /// Appends a word in the colour of its role.
    pub fn push(self, out: &mut Vec<u8>, role: StyleRole, word: &str) {
        if self.coloured {
            write!(out, "{}", paint(role, word)).expect("writing to a Vec cannot fail");
        } else {
            out.extend_from_slice(word.as_bytes());
        }
    }

    /// Appends what `write` appends, in the colour of the role.
    pub fn push_with(self, out: &mut Vec<u8>, role: StyleRole, write: impl FnOnce(&mut Vec<u8>)) {
        if !self.coloured {
            write(out);
            return;
        }
        let mut words = Vec::new();
        write(&mut words);
        self.push(out, role, &String::from_utf8_lossy(&words));
    }
}

/// Colours from the terminal's own palette of sixteen, which its user has chosen to be
/// readable on a dark or a light background.
fn paint(role: StyleRole, word: &str) -> ColoredString {
    match role {
        StyleRole::Incoming => word.color(Color::Cyan),
        StyleRole::Outgoing => word.color(Color::Magenta),
        StyleRole::Name => word.bold(),
        StyleRole::Aside => word.dimmed(),
        StyleRole::Violation => word.color(Color::Red).bold(),
        StyleRole::Suspicion => word.color(Color::Yellow).bold(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colours_only_the_word_is_written() {
        let mut out = Vec::new();
        Style::PLAIN.push(&mut out, StyleRole::Violation, "error");
        assert_eq!(out, b"error");
        Style::new(true).push(&mut out, StyleRole::Violation, "error");
        assert_eq!(out, b"error\x1b[1;31merror\x1b[0m");
        out.clear();
        let style = Style::new(true);
        style.push_with(&mut out, StyleRole::Aside, |out| out.push(b'1'));
        assert_eq!(out, b"\x1b[2m1\x1b[0m");
    }
}
