//! A text that is read as one literal, up to an error.
//!
//! The reader of pastes uses it if it found no literal: the error says what was expected.

use super::chunk::{Chunk, Content};
use super::evidence::{EvidenceFn, Fit};
use super::not_bytes;
use crate::input::InputNotice;
use crate::notation::{Notation, NotationError};

/// The first place of a text that is not in its notation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::input) struct PasteError {
    pub(in crate::input) notation: Notation,
    pub(in crate::input) error: NotationError,
}

impl PasteError {
    /// The same error if this many lines come before the text.
    pub(super) fn after_lines(self, count: usize) -> Self {
        Self {
            error: self.error.after_lines(count),
            ..self
        }
    }
}

/// The bytes of a text in the notation of its beginning, with a notice; and the error at the first
/// place that is not in this notation. The bytes before an error are kept if they begin a frame.
/// `has_label`: words before the digits do not name data, so that the digits are kept only if they
/// are whole frames.
pub(super) fn read(
    text: &str,
    has_label: bool,
    evidence_of: EvidenceFn,
) -> (Option<(Chunk, InputNotice)>, Option<PasteError>) {
    let notation = Notation::guess(text.as_bytes());
    let mut bytes = Vec::new();
    let result = notation.read(text.as_bytes(), &mut bytes);
    let fit = evidence_of(&bytes).fit;
    let is_kept = match &result {
        _ if has_label && fit != Fit::Whole && !is_list(notation, &bytes) => false,
        Ok(()) => fit > Fit::None || !not_bytes::is_line_of_certificate(text.trim(), &bytes),
        Err(error) => {
            let first = text.split_whitespace().next().unwrap_or_default();
            let is_address = not_bytes::address(first).is_some();
            fit > Fit::None && !is_address && !is_identifier(text, error.offset())
        }
    };
    let notice = InputNotice::ReadAs {
        notation: notation.description(),
        other: notation.other_reading(text.as_bytes()),
    };
    let omitted = notation.omitted_bytes(text.as_bytes());
    let fault = result.err().map(|error| PasteError { notation, error });
    let content = Content::Bytes {
        bytes,
        notation,
        omitted,
    };
    let chunk = is_kept.then(|| (Chunk::new(content, None), notice));
    (chunk, fault)
}

/// Whether bytes are a list of numbers, and too many for anything but bytes.
fn is_list(notation: Notation, bytes: &[u8]) -> bool {
    const LONGEST_OTHER: usize = 6;
    notation == Notation::C && bytes.len() > LONGEST_OTHER
}

/// Whether a text up to this place is one word of digits before other words: an identifier in a
/// table.
fn is_identifier(text: &str, end: usize) -> bool {
    let start = text
        .get(..end)
        .and_then(|before| before.rfind(char::is_whitespace))
        .map_or(0, |space| space + 1);
    let (before, after) = text.split_at_checked(start).unwrap_or_default();
    let digits = before
        .rsplit_once(": ")
        .map_or(before, |(_, digits)| digits);
    let is_word = |word: &str| {
        word.starts_with(|char: char| char.is_alphabetic())
            && word.contains(|char: char| char.is_alphabetic() && !char.is_ascii_hexdigit())
    };
    let next = after.split_whitespace().next();
    digits.split_whitespace().count() == 1 && next.is_some_and(is_word)
}

/// The bytes of a line of hexadecimal up to a word with a missing or a wrong digit. None if the line
/// has none, or is a sentence.
pub(super) fn up_to_slip(line: &str, evidence_of: EvidenceFn) -> Option<(Vec<u8>, PasteError)> {
    const LONGEST_SLIP: usize = 4;
    let mut bytes = Vec::new();
    let notation = Notation::Hex;
    let error = notation.read(line.as_bytes(), &mut bytes).err()?;
    let before = line.get(..error.offset()).unwrap_or(line);
    let start = before
        .rfind(char::is_whitespace)
        .map_or(0, |space| space + 1);
    let word = line.get(start..)?.split_whitespace().next()?;
    let is_short =
        word.len() <= LONGEST_SLIP && word.starts_with(|char: char| char.is_ascii_hexdigit());
    let bare = word.trim_end_matches([';', '.', ')', ']', '"', '\'']);
    if bare.len() == 2 && bare.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let is_word = !word.contains(|char: char| char.is_ascii_digit());
    let is_whole = evidence_of(&bytes).fit == Fit::Whole;
    // `Data (11 bytes)`: the first letters of a word are no bytes.
    let is_heading = is_word && word.len() > 2 && line.get(..start)?.trim().is_empty();
    let is_other = is_heading || is_word && is_whole || is_identifier(line, error.offset());
    let is_slip = !bytes.is_empty() && is_short && !is_other;
    is_slip.then_some((bytes, PasteError { notation, error }))
}
