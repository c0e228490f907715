//! The parts of an envelope.

use crate::input::paste::direction::Sent;

/// One part of an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part<'t> {
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

impl<'t> Part<'t> {
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
    pub(super) fn is_like(self, other: Part<'_>) -> bool {
        match (self, other) {
            (Self::Space, Part::Space)
            | (Self::Time(_), Part::Time(_))
            | (Self::Word(_), Part::Word(_)) => true,
            (Self::Tag(one), Part::Tag(other)) => is_same_but_numbers(one, other),
            (Self::Label(one), Part::Label(other)) | (Self::Data(one), Part::Data(other)) => {
                is_same_but_numbers(one, other)
            }
            (Self::Arrow(one, _), Part::Arrow(other, _)) => one == other,
            (Self::Sign(one), Part::Sign(other)) => one == other,
            _ => false,
        }
    }
}

/// Whether two texts differ in nothing but their digits.
fn is_same_but_numbers(one: &str, other: &str) -> bool {
    let letters = |text: &str| -> String {
        let mut letters: String = text.chars().filter(|char| !char.is_ascii_digit()).collect();
        letters.make_ascii_lowercase();
        letters
    };
    one == other || letters(one) == letters(other)
}
