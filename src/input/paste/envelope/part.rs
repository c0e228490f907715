//! The parts of an envelope.

use crate::input::paste::direction::Sent;

/// One part of an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EnvelopePart<'t> {
    Space,
    Time(&'t str),
    /// `[main]`, `(28)`.
    Tag(&'t str),
    /// A level or another word that says nothing of the bytes.
    Word(&'t str),
    /// `RX:`, `data =`: words up to a colon or an equals sign.
    Label(&'t str),
    /// A word for bytes, or for sending and receiving them.
    Data(&'t str),
    Arrow(Sent, &'t str),
    /// `//`, `#`, a quote, a prompt.
    Sign(&'t str),
}

impl<'t> EnvelopePart<'t> {
    pub(super) const fn text(self) -> &'t str {
        match self {
            Self::Space => " ",
            Self::Time(text)
            | Self::Tag(text)
            | Self::Word(text)
            | Self::Label(text)
            | Self::Data(text)
            | Self::Arrow(_, text)
            | Self::Sign(text) => text,
        }
    }

    /// Whether another part, of another line, is of the same shape.
    pub(super) fn is_like(self, other: EnvelopePart<'_>) -> bool {
        match (self, other) {
            (Self::Space, EnvelopePart::Space)
            | (Self::Time(_), EnvelopePart::Time(_))
            | (Self::Word(_), EnvelopePart::Word(_)) => true,
            (Self::Tag(one), EnvelopePart::Tag(other))
            | (Self::Label(one), EnvelopePart::Label(other))
            | (Self::Data(one), EnvelopePart::Data(other)) => is_same_but_numbers(one, other),
            (Self::Arrow(one, _), EnvelopePart::Arrow(other, _)) => one == other,
            (Self::Sign(one), EnvelopePart::Sign(other)) => one == other,
            _ => false,
        }
    }
}

/// Whether two texts differ in only their digits.
fn is_same_but_numbers(one: &str, other: &str) -> bool {
    let letters = |text: &str| -> String {
        let mut letters: String = text.chars().filter(|char| !char.is_ascii_digit()).collect();
        letters.make_ascii_lowercase();
        letters
    };
    one == other || letters(one) == letters(other)
}
