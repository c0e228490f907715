//! The envelope of a line: the timestamps, levels, tags, words and marks before its bytes.
//!
//! [`Envelope::of`] finds known parts at the start of a line. [`Envelope::strip_from`] removes the same
//! parts from another line: those of a request head look like `name: value` themselves.

mod count;
mod data_words;
mod label;
mod part;
mod sign;
mod tag;
mod word;

use super::direction::{self, Sent};
use super::{start_of, timestamp};
use count::{byte_count, is_count_word};
use data_words::names_data;
use label::label;
use part::EnvelopePart;
use sign::{prompt, sign};
use tag::tag;
use word::word;

/// The parts before the bytes of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Envelope<'t> {
    /// Its length in bytes.
    pub(super) length: usize,
    parts: Vec<EnvelopePart<'t>>,
    /// Numbers that may count the bytes that follow (`len:31`, `7 bytes`).
    pub(super) counts: Vec<u64>,
    /// The number before a word for bytes (`7 bytes`).
    pub(super) byte_count: Option<u64>,
}

impl<'t> Envelope<'t> {
    /// The known shapes at the start of a line.
    pub(super) fn of(line: &'t str) -> Self {
        Self::up_to(line, line.len())
    }

    /// The known shapes in the first bytes of a line.
    pub(super) fn up_to(line: &'t str, end: usize) -> Self {
        let line = start_of(line, MOST_BYTES);
        let mut envelope = Self::default();
        while envelope.length < end
            && envelope.parts.len() < MOST_PARTS
            && let Some((part, size)) = envelope.next_part(line)
            && envelope.length + size <= end
        {
            envelope.note_counts(part);
            envelope.parts.push(part);
            envelope.length += size;
            let words = line.get(envelope.length - size..).unwrap_or_default();
            envelope.byte_count = envelope.byte_count.or_else(|| byte_count(words, size));
        }
        envelope
    }

    fn next_part(&self, line: &'t str) -> Option<(EnvelopePart<'t>, usize)> {
        let rest = line.get(self.length..).filter(|rest| !rest.is_empty())?;
        let space = rest.len() - rest.trim_start().len();
        if space > 0 {
            return Some((EnvelopePart::Space, space));
        }
        if let Some(size) = timestamp::length(rest) {
            return Some((EnvelopePart::Time(rest.get(..size)?), size));
        }
        let is_after_time = self
            .parts
            .iter()
            .rev()
            .find(|part| **part != EnvelopePart::Space);
        let is_after_time = matches!(is_after_time, Some(EnvelopePart::Time(_)));
        if is_after_time
            && let Some(arrow) = ["->", "|", "-", ":", ","].into_iter().find(|sign| {
                rest.strip_prefix(sign)
                    .is_some_and(|after| after.starts_with(' '))
            })
        {
            // Arduino's monitor writes `17:43:13.645 -> `, which is no direction.
            return Some((EnvelopePart::Sign(arrow), arrow.len()));
        }
        let has_label = self
            .parts
            .iter()
            .any(|part| matches!(part, EnvelopePart::Label(_)));
        if !has_label && let Some(size) = prompt(rest) {
            return Some((EnvelopePart::Sign(rest.get(..size)?), size));
        }
        if let Some((sent, size)) = direction::of_arrow(rest) {
            return Some((EnvelopePart::Arrow(sent, rest.get(..size)?), size));
        }
        if let Some(size) = tag(rest) {
            return Some((EnvelopePart::Tag(rest.get(..size)?), size));
        }
        if let Some(size) = sign(rest) {
            return Some((EnvelopePart::Sign(rest.get(..size)?), size));
        }
        if let Some(size) = label(rest) {
            return Some((EnvelopePart::Label(rest.get(..size)?), size));
        }
        if let Some(size) = self.counted(rest) {
            return Some((EnvelopePart::Data(rest.get(..size)?), size));
        }
        word(rest)
    }

    /// A number after a word that counts, or before `bytes`.
    fn counted(&self, rest: &str) -> Option<usize> {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let after = rest.get(digits..)?;
        let ends = after.is_empty() || after.starts_with([' ', '\t', ',', ';', ')', ':']);
        if digits == 0 || digits > 7 || !ends {
            return None;
        }
        let unit = after.trim_start_matches([' ', '\t', ')']);
        let is_unit = [
            "bytes", "byte", "octets", "B ", "B:", "Bytes", "字节", "bytes)",
        ]
        .iter()
        .any(|name| unit.starts_with(name));
        let last = self
            .parts
            .iter()
            .rev()
            .find(|part| **part != EnvelopePart::Space);
        // In `recv 7 bytes: 81 05` the count is told already.
        let is_counted = matches!(
            last,
            Some(EnvelopePart::Label(text)) if is_count_word(text)
                && !text.contains(|char: char| char.is_ascii_digit())
                && !text.to_ascii_lowercase().contains("byte")
        );
        (is_unit || is_counted).then_some(digits)
    }

    fn note_counts(&mut self, part: EnvelopePart<'t>) {
        let text = match part {
            EnvelopePart::Data(text) | EnvelopePart::Label(text) => text,
            EnvelopePart::Tag(text) if !text.contains([' ', ':', '-', '.']) => text,
            _ => return,
        };
        let numbers = text.split(|char: char| !char.is_ascii_digit());
        let numbers = numbers.filter_map(|digits| digits.parse::<u64>().ok());
        self.counts.extend(numbers.take(4));
    }

    /// The length of the same parts at the start of another line; None if it does not begin with them.
    /// Blanks at the end of the line may be missing.
    pub(super) fn strip_from(&self, line: &str) -> Option<usize> {
        let mut at = 0;
        for part in &self.parts {
            let rest = line.get(at..)?;
            if *part == EnvelopePart::Space {
                at += rest.len() - rest.trim_start().len();
                continue;
            }
            let own = Envelope {
                length: at,
                ..Envelope::default()
            };
            let found = match part {
                EnvelopePart::Label(text)
                | EnvelopePart::Data(text)
                | EnvelopePart::Sign(text)
                | EnvelopePart::Arrow(_, text)
                    if rest.starts_with(text) =>
                {
                    Some((*part, text.len()))
                }
                EnvelopePart::Word(_) => word(rest),
                _ => own.next_part(line),
            };
            let (_, size) = found.filter(|(found, _)| part.is_like(*found))?;
            at += size;
        }
        Some(at)
    }

    /// Whether two envelopes have the same shape.
    pub(super) fn is_like(&self, other: &Envelope<'_>) -> bool {
        let own = self
            .parts
            .iter()
            .filter(|part| **part != EnvelopePart::Space);
        let mut others = other
            .parts
            .iter()
            .filter(|part| **part != EnvelopePart::Space);
        own.clone().count() == others.clone().count()
            && own
                .into_iter()
                .all(|part| others.next().is_some_and(|other| part.is_like(*other)))
    }

    /// Who sent the bytes, by its words and arrows.
    pub(super) fn sent(&self) -> Option<Sent> {
        let arrow = self.parts.iter().rev().find_map(|part| match part {
            EnvelopePart::Arrow(sent, _) => Some(*sent),
            _ => None,
        });
        let words: Vec<&str> = self
            .parts
            .iter()
            .filter(|part| !matches!(part, EnvelopePart::Time(_) | EnvelopePart::Space))
            .map(|part| part.text())
            .collect();
        direction::of_words(&words.join(" ")).or(arrow)
    }

    /// The timestamp, as it is written.
    pub(super) fn time(&self) -> Option<&'t str> {
        self.parts.iter().find_map(|part| match part {
            EnvelopePart::Time(text) => Some(*text),
            _ => None,
        })
    }

    /// Whether it has only blanks.
    pub(super) fn is_blank(&self) -> bool {
        self.parts.iter().all(|part| *part == EnvelopePart::Space)
    }

    /// Whether a word or an arrow says that bytes follow.
    pub(super) fn names_data(&self) -> bool {
        self.parts.iter().any(|part| match part {
            EnvelopePart::Data(_) | EnvelopePart::Arrow(..) => true,
            EnvelopePart::Label(text) => names_data(text),
            EnvelopePart::Tag(text) => direction::of_words(text).is_some_and(Sent::is_relative),
            _ => false,
        })
    }

    /// Whether it is only a prompt, a name with an equals sign, or one arrow.
    pub(super) fn is_of_a_shell(&self) -> bool {
        let parts = self
            .parts
            .iter()
            .filter(|part| **part != EnvelopePart::Space);
        let is_plain = |part: &EnvelopePart<'_>| match part {
            EnvelopePart::Sign(_) | EnvelopePart::Arrow(..) => true,
            EnvelopePart::Label(text) => text.ends_with('='),
            _ => false,
        };
        parts.clone().all(is_plain)
    }
}

/// The longest envelope in bytes. A long line is not searched to its end for each literal in it.
const MOST_BYTES: usize = 4096;

/// The most parts of an envelope. A line of thousands of brackets has no more.
const MOST_PARTS: usize = 64;
