//! The notices about the notations of a text.

use super::LineReader;
use crate::input::InputNotice;
use crate::input::paste::evidence::Fit;
use crate::input::paste::reading_choice::ChosenReading;
use crate::notation::Notation;
use crate::notation::digits::SWAPPED_WORDS;

impl LineReader {
    pub(super) fn note_choice(&mut self, choice: &ChosenReading) {
        self.missing = match choice.fit {
            Fit::None => self.missing.saturating_sub(choice.bytes.len() as u64),
            _ => choice.missing,
        };
        self.last.is_cut = self.missing > 0;
        let words = InputNotice::WordsSwapped { size: 2 };
        if choice.description == SWAPPED_WORDS && !self.notices.contains(&words) {
            self.notices.push(words);
        }
        self.tell_notation(choice.description, choice.other);
        self.last.reading = Some(choice.description);
        self.last.has_leading_zeros |= choice.has_leading_zeros == Some(true);
    }

    /// Adds a notice with the notation of the first bytes, and one for each notation that is not certain.
    pub(super) fn tell_notation(&mut self, notation: &'static str, other: Option<&'static str>) {
        let is_known = self.last.reading == Some(notation);
        if !self.has_notation || other.is_some() && !is_known {
            self.tell(InputNotice::ReadAs { notation, other });
        }
    }

    pub(super) fn tell(&mut self, notice: InputNotice) {
        self.has_notation |= matches!(notice, InputNotice::ReadAs { .. });
        self.notices.push(notice);
    }

    pub(super) fn tell_omitted(&mut self, notation: Notation, count: u64) {
        let notation = notation.description();
        let last = self.notices.iter_mut().find_map(|notice| match notice {
            InputNotice::Omitted {
                notation: other,
                count,
            } if *other == notation => Some(count),
            _ => None,
        });
        match last {
            Some(last) => *last = last.saturating_add(count),
            None if count > 0 => self.notices.push(InputNotice::Omitted { notation, count }),
            None => {}
        }
    }
}
