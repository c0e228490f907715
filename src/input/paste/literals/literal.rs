//! A literal in a text, and the ways to read it.

use crate::notation::digits::{self, NumberRun};
use crate::notation::{self, Notation};

/// A literal, and its place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::input::paste) struct Literal {
    pub(in crate::input::paste) start: usize,
    pub(in crate::input::paste) end: usize,
    /// The ways to read it, the most usual first. There is at least one.
    pub(in crate::input::paste) readings: Vec<digits::Reading>,
    pub(in crate::input::paste) certainty: Certainty,
    /// How many bytes the text says that it leaves out.
    pub(in crate::input::paste) omitted: u64,
    /// The run of numbers, if it is one.
    pub(in crate::input::paste) numbers: Option<NumberRun>,
}

impl Literal {
    /// A literal that is no run of numbers and leaves nothing out.
    pub(super) const fn new(
        start: usize,
        end: usize,
        readings: Vec<digits::Reading>,
        certainty: Certainty,
    ) -> Self {
        Self {
            start,
            end,
            readings,
            certainty,
            omitted: 0,
            numbers: None,
        }
    }

    /// Adds the reading of a string in which digits after a backslash are decimal.
    pub(super) fn add_decimal_escapes(&mut self, inside: &str) {
        let has_digits = inside
            .as_bytes()
            .windows(2)
            .any(|pair| matches!(pair, [b'\\', b'0'..=b'9']));
        let mut bytes = Vec::new();
        if has_digits && notation::read_decimal_escapes(inside.as_bytes(), &mut bytes).is_ok() {
            self.readings.push(digits::Reading {
                description: "text with decimal escapes",
                ..digits::Reading::of(Notation::Escaped, bytes)
            });
        }
    }

    /// Removes the numbers of a run before this offset, if others follow.
    pub(in crate::input::paste) fn leave_out_numbers_before(&mut self, text: &str, place: usize) {
        let Some(run) = self.numbers.filter(|run| run.start < place) else {
            return;
        };
        let is_before = |(start, _): &(usize, usize)| *start < place;
        let count = run.places(text).take_while(is_before).count();
        if let Some(rest) = run.without_first(count, text) {
            self.numbers = Some(rest);
            self.start = rest.start;
            self.readings = digits::readings(rest.words(text));
        }
    }
}

/// How certain it is that a literal is bytes, whatever the text around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::input::paste) enum Certainty {
    /// It may also be a word, a number or an identifier.
    Possible,
    /// It is text between quotes that may be bytes.
    Quoted,
    /// It can only be bytes.
    Sure,
}

/// The result of reading at an offset.
pub(super) enum LiteralMatch {
    Literal(Literal),
    /// A literal begins here, and ends after this text.
    Open,
}

pub(super) fn literal(
    start: usize,
    end: usize,
    notation: Notation,
    bytes: Vec<u8>,
    certainty: Certainty,
) -> Literal {
    let reading = digits::Reading::of(notation, bytes);
    Literal::new(start, end, vec![reading], certainty)
}
