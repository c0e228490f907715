//! Chooses the reading of a literal, and decides whether it is bytes of a connection. The reader of
//! lines uses it.

use super::evidence::{Evidence, EvidenceFn, Fit};
use super::literals::{Certainty, Literal};
use super::{not_bytes, timestamp};
use crate::notation::Notation;
use crate::notation::digits::{self, Reading};

/// A reading that was chosen.
#[derive(Clone, Debug)]
pub(super) struct ChosenReading {
    pub(super) bytes: Vec<u8>,
    pub(super) notation: Notation,
    pub(super) description: &'static str,
    pub(super) fit: Fit,
    /// How many bytes of its last frame are missing.
    pub(super) missing: u64,
    /// Whether its digits have leading zeros; None if they do not show it.
    pub(super) has_leading_zeros: Option<bool>,
    /// The description of another reading that fits as well.
    pub(super) other: Option<&'static str>,
}

/// The text around a literal.
#[derive(Debug)]
pub(super) struct Surroundings<'l> {
    /// The whole line.
    pub(super) line: &'l str,
    pub(super) before: &'l str,
    pub(super) after: &'l str,
    /// Whether only an envelope is before it, or the same text as on every line.
    pub(super) is_start: bool,
    /// Whether a word, an arrow or the line above says that bytes follow.
    pub(super) names_data: bool,
    /// Whether every line so far has the same text before its bytes.
    pub(super) is_common: bool,
    /// Whether the line has the same envelope as the last one with bytes.
    pub(super) is_like_last: bool,
    /// Whether only blanks are before it.
    pub(super) is_bare: bool,
    /// Whether it is the argument of a call: `write(81 05)`.
    pub(super) is_argument: bool,
    /// Numbers before it that may be the count of its bytes.
    pub(super) counts: Vec<u64>,
    /// How many bytes of the last frame are missing.
    pub(super) missing: u64,
}

/// How the last numbers were read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LastReading {
    /// Their description.
    pub(super) reading: Option<&'static str>,
    /// Whether they have leading zeros.
    pub(super) has_leading_zeros: bool,
    /// Whether bytes of the last frame are missing. They follow in the same notation.
    pub(super) is_cut: bool,
}

/// The reading that fits best; None if there is none. Of several that fit equally, the one of the
/// last numbers, or else the first. Its bytes are taken out of `readings`.
pub(super) fn best(
    readings: &mut [Reading],
    last: LastReading,
    evidence_of: EvidenceFn,
) -> Option<ChosenReading> {
    let is_possible =
        |reading: &Reading| reading.has_leading_zeros != Some(false) || !last.has_leading_zeros;
    let with_evidence: Vec<(usize, Evidence)> = readings
        .iter()
        .enumerate()
        .filter(|(_, reading)| is_possible(reading))
        .map(|(index, reading)| (index, evidence_of(&reading.bytes)))
        .collect();
    let rank = |index: usize, fit: Fit| {
        let description = readings.get(index).map(|reading| reading.description);
        let is_like_last = last.reading.is_some() && last.reading == description;
        let goes_on = last.is_cut && is_like_last;
        (goes_on, fit, is_like_last, usize::MAX - index)
    };
    let (index, evidence) = *with_evidence
        .iter()
        .max_by_key(|(index, evidence)| rank(*index, evidence.fit))?;
    let bytes = readings
        .get_mut(index)
        .map(|reading| std::mem::take(&mut reading.bytes))?;
    // Words are swapped only where nothing else fits.
    let is_other = |found: &Evidence, other: &Reading| {
        found.fit == evidence.fit
            && other.bytes != bytes
            && other.description != digits::SWAPPED_WORDS
    };
    let other = with_evidence
        .iter()
        .filter(|(other, _)| *other != index)
        .filter_map(|(other, found)| Some((found, readings.get(*other)?)))
        .find(|(found, other)| is_other(found, other))
        .map(|(_, other)| other.description);
    let reading = readings.get(index)?;
    Some(ChosenReading {
        bytes,
        notation: reading.notation,
        description: reading.description,
        fit: evidence.fit,
        missing: evidence.missing,
        has_leading_zeros: reading.has_leading_zeros,
        other,
    })
}

/// The reading of a literal; None if the literal is not bytes of a connection.
pub(super) fn of(
    literal: &mut Literal,
    place: &Surroundings<'_>,
    last: LastReading,
    evidence_of: EvidenceFn,
) -> Option<ChosenReading> {
    let mut choice = best(&mut literal.readings, last, evidence_of);
    let is_whole = choice
        .as_ref()
        .is_some_and(|choice| choice.fit == Fit::Whole);
    if !is_whole && let Some(part) = part(literal, place, evidence_of) {
        choice = Some(part);
    }
    let choice = choice?;
    let is_wanted = match literal.certainty {
        Certainty::Sure => true,
        Certainty::Quoted => {
            place.takes_list(&choice)
                || place.is_start && (place.names_data || place.is_bare && !place.is_small_list())
                || place.is_rest_of_frame(choice.bytes.len())
        }
        Certainty::Possible if choice.notation == Notation::Base64 => {
            choice.fit == Fit::Whole && choice.bytes.len() > 2
        }
        Certainty::Possible => place.takes_numbers(literal, &choice),
    };
    is_wanted.then_some(choice)
}

/// The end of a run of numbers, if only it fits: counts are before it.
fn part(
    literal: &Literal,
    place: &Surroundings<'_>,
    evidence_of: EvidenceFn,
) -> Option<ChosenReading> {
    const MOST_COUNTS: usize = 8;
    let run = literal.numbers?;
    for skipped in 1..run.count.min(MOST_COUNTS) {
        let count = run.words(place.line).nth(skipped - 1);
        let numbers = run.without_first(skipped, place.line)?;
        let mut readings = digits::readings(numbers.words(place.line));
        let Some(choice) = best(&mut readings, LastReading::default(), evidence_of) else {
            continue;
        };
        let is_counted = count.is_some_and(|count| count.parse() == Ok(choice.bytes.len()));
        // In `len:7 193 5 8105…` the run as a whole has no reading.
        let may_begin = is_counted || literal.readings.is_empty() && choice.bytes.len() > 2;
        if may_begin && choice.fit == Fit::Whole {
            return Some(choice);
        }
    }
    None
}

/// Whether a text ends with the name of a file or a host, and a colon, as before `6:35` in
/// `src/main.rs:6:35`.
fn is_after_path(before: &str) -> bool {
    let Some(path) = before.strip_suffix(':') else {
        return false;
    };
    let word = path.rsplit(char::is_whitespace).next().unwrap_or_default();
    word.contains(['.', '/', '\\'])
}

impl Surroundings<'_> {
    /// Whether a list or a text in quotes is bytes. A short list that begins a fragment, or is only a
    /// header, may be any numbers: `versions [1, 2, 3]`.
    fn takes_list(&self, choice: &ChosenReading) -> bool {
        let is_list = choice.notation == Notation::C;
        let has_fin = choice.bytes.first().is_some_and(|first| first & 0x80 != 0);
        let after = self.after.trim_start_matches([')', ' ']);
        let is_joined = after.starts_with(['+', '&']);
        let is_told = self.names_data || self.is_like_last || self.missing > 0 || is_joined;
        match choice.fit {
            Fit::Whole => true,
            Fit::Begins => !is_list || is_told || has_fin && choice.bytes.len() > 4,
            Fit::None => false,
        }
    }

    /// Whether the line is a short list of other numbers.
    fn is_small_list(&self) -> bool {
        not_bytes::address(self.line).is_some()
    }

    /// Whether numbers without brackets are bytes.
    fn takes_numbers(&self, literal: &Literal, choice: &ChosenReading) -> bool {
        let size = choice.bytes.len();
        let is_number = literal.numbers.is_some_and(|run| run.count == 1) && size < 3;
        let has_words_after = self.after.chars().any(char::is_alphanumeric);
        let is_last = self.is_start && !has_words_after;
        let is_counted = self.counts.contains(&(size as u64)) && size > 1;
        if !self.stands_alone() {
            return false;
        }
        match choice.fit {
            _ if is_counted && self.is_start && !is_number => true,
            Fit::Whole if is_number => is_last && (self.names_data || self.is_bare),
            Fit::Whole => size > 3 || self.is_start,
            _ if self.missing > 0 && is_last => {
                self.is_like_last || self.is_common || self.names_data || self.is_bare
            }
            Fit::Begins if self.is_common => is_last && size > 1 && !is_number,
            Fit::Begins | Fit::None => {
                let may_be_bytes = size > 1 && !is_number && !self.is_timestamp(literal);
                is_last && self.names_data && may_be_bytes
            }
        }
    }

    /// Whether an operator joins so many bytes to a frame that lacks them: `bytes([129, 5]) + b'Hello'`.
    pub(super) fn is_rest_of_frame(&self, size: usize) -> bool {
        let is_joined = self.before.trim_end().ends_with(['+', '&', '.']);
        is_joined && size > 0 && size as u64 <= self.missing
    }

    /// Whether a run of numbers is a date, a time, or both: `Date: 2026-11-26`.
    fn is_timestamp(&self, literal: &Literal) -> bool {
        let run = literal.numbers;
        run.and_then(|run| self.line.get(run.start..run.end))
            .is_some_and(timestamp::is_all)
    }

    /// Whether the literal is not part of a word.
    fn stands_alone(&self) -> bool {
        let is_edge = |char: char| {
            char.is_whitespace() || "'\"`=,;|><".contains(char) || digits::is_without_blanks(char)
        };
        let may_open = |char: char| is_edge(char) || matches!(char, ':' | '：');
        let may_close = |char: char| is_edge(char) || matches!(char, '.' | ')' | ']' | '}');
        let is_wrapped = ["Optional(", "Some(", "Ok("]
            .iter()
            .any(|name| self.before.ends_with(name));
        let opens = self.before.is_empty() || is_wrapped || self.before.ends_with(may_open);
        (opens || self.is_argument)
            && !is_after_path(self.before)
            && (self.after.is_empty() || self.after.starts_with(may_close))
    }
}
