//! Chooses the literals of a line that are bytes of a connection.

use super::LineReader;
use crate::input::InputNotice;
use crate::input::paste::chunk::{Chunk, Content};
use crate::input::paste::envelope::Envelope;
use crate::input::paste::evidence::Fit;
use crate::input::paste::literals::{self, Certainty, Literal};
use crate::input::paste::reading_choice::{self, ChosenReading, Surroundings};
use crate::input::paste::{direction, not_bytes};
use crate::notation::Notation;
use crate::notation::digits::Reading;

impl LineReader {
    /// Chooses the literals of a line that are bytes of the connection.
    pub(super) fn choose(
        &mut self,
        line: &str,
        next: &str,
        literals: Vec<Literal>,
        chunks: &mut Vec<Chunk>,
    ) {
        let envelope = Envelope::of(line);
        let mut taken_to = None;
        for mut literal in literals {
            literal.leave_out_numbers_before(line, envelope.length);
            let is_sure = literal.certainty == Certainty::Sure;
            let follows_bytes = taken_to.is_some();
            // Digits after bytes, and the numbers of an envelope, are no bytes.
            let is_other = literal.certainty == Certainty::Possible && follows_bytes;
            // A word of base64 may look like one of the envelope.
            let is_base64 = |reading: &Reading| reading.notation == Notation::Base64;
            let is_word = literal.readings.iter().all(is_base64) && !follows_bytes;
            if is_other || !is_sure && !is_word && literal.start < envelope.length {
                continue;
            }
            let place = self.place(&envelope, line, next, &literal);
            let Some(choice) =
                reading_choice::of(&mut literal, &place, self.last, self.evidence_of)
            else {
                continue;
            };
            // A list or a text after bytes may tell them again in other words.
            let is_next = choice.fit == Fit::Whole || place.is_rest_of_frame(choice.bytes.len());
            if follows_bytes && !is_sure && !is_next {
                continue;
            }
            self.check_count(&envelope, &choice, taken_to.is_none());
            self.note_choice(&choice);
            self.tell_omitted(choice.notation, literal.omitted);
            chunks.push(self.chunk(&envelope, line, &literal, choice));
            taken_to = Some(literal.end);
        }
        if let Some(end) = taken_to {
            let after = line.get(end..).unwrap_or_default();
            self.skipped_lines += usize::from(after.contains(char::is_alphanumeric));
            self.last_envelope = line.get(..envelope.length).map(str::to_owned);
        }
    }

    fn place<'l>(
        &mut self,
        envelope: &Envelope<'_>,
        line: &'l str,
        next: &str,
        literal: &Literal,
    ) -> Surroundings<'l> {
        let all_before = line.get(..literal.start).unwrap_or_default();
        let start = all_before.trim_end_matches([' ', '\t', '"', '\'']).len();
        let is_known = envelope.length >= start;
        let before = near(all_before);
        let is_like_last = self
            .last_envelope
            .as_deref()
            .is_some_and(|last| Envelope::of(last).is_like(envelope));
        let is_common = self.common.is_in_front_of(before, next);
        Surroundings {
            line,
            before,
            after: line.get(literal.end..).unwrap_or_default(),
            is_start: is_known || is_common,
            is_common,
            names_data: (envelope.names_data() || self.heading.names_data)
                && !not_bytes::names_identifier(before),
            is_like_last,
            is_bare: envelope.is_blank(),
            is_argument: line
                .get(literal.start..)
                .is_some_and(|it| it.starts_with('('))
                || literals::ends_with_call(before),
            counts: envelope.counts.clone(),
            missing: self.missing,
        }
    }

    fn chunk(
        &self,
        envelope: &Envelope<'_>,
        line: &str,
        literal: &Literal,
        choice: ChosenReading,
    ) -> Chunk {
        let before = line.get(..literal.start).unwrap_or_default();
        let words = Envelope::up_to(line, literal.start);
        let sent_by_words = direction::of_words(near(before));
        let sent = sent_by_words.or_else(|| words.sent()).or(self.heading.sent);
        let is_arrow = direction::of_arrow(before.trim_start()).is_some();
        // The name of a variable says nothing: `input = b'…'`. The names of an object or a table do.
        let is_structured = before.trim_start().starts_with(['{', '|']);
        let sent = sent.filter(|_| !envelope.is_of_a_shell() || is_arrow || is_structured);
        let content = Content::Bytes {
            bytes: choice.bytes,
            notation: choice.notation,
            omitted: literal.omitted,
        };
        let mut chunk = Chunk::new(content, sent).at(envelope.time());
        chunk.is_marked = is_arrow && sent_by_words.is_none();
        chunk
    }

    /// Adds a notice if a line has fewer bytes than it says.
    fn check_count(&mut self, envelope: &Envelope<'_>, choice: &ChosenReading, is_first: bool) {
        let size = choice.bytes.len();
        let is_wrong = |count: &u64| *count > size as u64;
        if let Some(count) = envelope.byte_count.filter(is_wrong).filter(|_| is_first) {
            self.notices.push(InputNotice::CountDiffers {
                line: self.lines + 1,
                count,
                size,
            });
        }
    }
}

/// The end of the text before a literal, which is enough to tell what the literal is. A long
/// line with many literals is read in linear time so.
fn near(before: &str) -> &str {
    const MOST: usize = 1024;
    let mut start = before.len().saturating_sub(MOST);
    while !before.is_char_boundary(start) {
        start += 1;
    }
    before.get(start..).unwrap_or_default()
}
