//! Colour by meaning. This is the only file that knows of colours.

use std::io::Write as _;

use colored::{Color, ColoredString, Colorize as _};

/// What a word is, which is all that its colour says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StyleRole {
    /// Something that came in.
    Incoming,
    /// Something that went out.
    Outgoing,
    /// The name of an opcode or a field.
    Name,
    /// A fact beside the matter: a size, a key, a time.
    Aside,
    /// A rule that is broken.
    Violation,
    /// Something suspicious.
    Suspicion,
}

/// Whether words are coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    coloured: bool,
}

impl Style {
    /// No colours.
    pub const PLAIN: Self = Self { coloured: false };

    /// Colours, or none.
    pub fn new(coloured: bool) -> Self {
        if coloured {
            // Whether to colour was decided by our own rules, for each stream apart.
            colored::control::set_override(true);
        }
        Self { coloured }
    }

    /// Whether words are coloured.
    pub(super) const fn is_coloured(self) -> bool {
        self.coloured
    }

    /// Appends a word in the colour of its meaning.
    pub fn push(self, out: &mut Vec<u8>, meaning: StyleRole, word: &str) {
        if self.coloured {
            write!(out, "{}", paint(meaning, word)).expect("a Vec takes all that is written");
        } else {
            out.extend_from_slice(word.as_bytes());
        }
    }

    /// Appends what `write` appends, in the colour of its meaning.
    pub fn push_with(
        self,
        out: &mut Vec<u8>,
        meaning: StyleRole,
        write: impl FnOnce(&mut Vec<u8>),
    ) {
        if !self.coloured {
            write(out);
            return;
        }
        let mut words = Vec::new();
        write(&mut words);
        self.push(out, meaning, &String::from_utf8_lossy(&words));
    }
}

/// The sixteen colours of a terminal's own palette, which its user chose to be readable
/// on a dark or a light ground.
fn paint(meaning: StyleRole, word: &str) -> ColoredString {
    match meaning {
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
    fn plain_is_the_word_alone() {
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
