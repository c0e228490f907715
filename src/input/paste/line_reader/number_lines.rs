//! Lines of only numbers or base64, without words around them.

use std::borrow::Cow;

use super::{LineReader, LineStep};
use crate::input::paste::chunk::Chunk;
use crate::input::paste::digit_lines;
use crate::input::paste::envelope::Envelope;
use crate::input::paste::evidence::Fit;
use crate::input::paste::line_size;
use crate::input::paste::literals::{self, Literal};
use crate::input::paste::reading_choice::{self, ChosenReading};
use crate::input::paste::single_notation::{self, PasteError};
use crate::input::paste::{not_bytes, numbered_lines};
use crate::notation::digits::Reading;

impl LineReader {
    /// Lines of only numbers or base64, read as one literal. None if the text begins with
    /// others, or if these are rather no bytes.
    pub(super) fn block(
        &mut self,
        rest: &str,
        is_end: bool,
        chunks: &mut Vec<Chunk>,
    ) -> Option<LineStep> {
        if let Some(step) = self.numbered(rest, chunks) {
            return Some(step);
        }
        let Some(mut block) = digit_lines::find(rest) else {
            let line = rest.get(..line_size(rest))?;
            return self.numbers_up_to_slip(line, chunks);
        };
        let choice = reading_choice::best(&mut block.readings, self.last, self.evidence_of);
        let word = rest.get(..block.size)?.trim();
        let is_bytes = |choice: &ChosenReading| match choice.fit {
            _ if not_bytes::identifier(word).is_some() => false,
            Fit::Whole => true,
            Fit::Begins if self.is_numbers => not_bytes::address(word).is_none(),
            _ => self.missing > 0 || self.heading.names_data,
        };
        let is_long = |choice: &ChosenReading| choice.bytes.len() > 1 || self.missing > 0;
        if let Some(choice) = choice.filter(|choice| is_bytes(choice) && is_long(choice)) {
            let size = block.size;
            self.take_block(choice, chunks);
            self.advance(rest.get(..size)?);
            return Some(LineStep::Read(size));
        }
        // A status code after a head is no byte, nor is a date or a time.
        let is_short = self.lines > 0 && word.len() < 4;
        if !self.is_numbers || is_short || not_bytes::kind(word).is_some() {
            return None;
        }
        // An assembler's `db 81h, 05h` has digits only.
        let is_whole = |literal: &mut Literal| {
            let choice = reading_choice::best(&mut literal.readings, self.last, self.evidence_of);
            choice.is_some_and(|choice| choice.fit == Fit::Whole)
        };
        let line = rest.get(..line_size(rest))?.trim_end();
        if literals::find_in_line(line).iter_mut().any(is_whole) {
            return None;
        }
        let is_all = rest.get(block.size..)?.trim().is_empty();
        match is_all {
            true if !is_end => Some(LineStep::NeedsMore),
            true => Some(self.last_block(rest, chunks)),
            false => None,
        }
    }

    /// Lines of numbers with a count before each, if they are frames only without the counts.
    fn numbered(&mut self, rest: &str, chunks: &mut Vec<Chunk>) -> Option<LineStep> {
        if self.searched_for_counts > 0 {
            return None;
        }
        let mut numbered = numbered_lines::find(rest)?;
        // Lines that count, and are no frames without their counts, are not looked at again.
        self.searched_for_counts = numbered.size;
        let is_whole = |readings: &mut [Reading]| {
            reading_choice::best(readings, self.last, self.evidence_of)
                .filter(|choice| choice.fit == Fit::Whole)
        };
        let with_counts =
            digit_lines::find(rest).and_then(|mut block| is_whole(&mut block.readings));
        let choice = is_whole(&mut numbered.readings).filter(|_| with_counts.is_none())?;
        self.take_block(choice, chunks);
        self.advance(rest.get(..numbered.size)?);
        Some(LineStep::Read(numbered.size))
    }

    /// A line that is hexadecimal up to a slip, in a text of only numbers and marks.
    fn numbers_up_to_slip(&mut self, line: &str, chunks: &mut Vec<Chunk>) -> Option<LineStep> {
        if line.trim().is_empty() || !self.is_numbers {
            return None;
        }
        let envelope = Envelope::of(line);
        if not_bytes::names_identifier(line) {
            self.is_numbers = false;
            return None;
        }
        let is_marked = envelope.is_of_a_shell() && !envelope.is_blank();
        let plain = match line.get(envelope.length..) {
            Some(rest) if is_marked => Cow::Owned(" ".repeat(envelope.length) + rest),
            _ => Cow::Borrowed(line),
        };
        self.is_numbers = is_marked && digit_lines::find(plain.trim_start()).is_some();
        let (bytes, fault) = single_notation::up_to_slip(&plain, self.evidence_of)?;
        let is_hopeless = (self.evidence_of)(&bytes).fit == Fit::None;
        let fits_better = |literal: &mut Literal| {
            let choice = reading_choice::best(&mut literal.readings, self.last, self.evidence_of);
            choice.is_some_and(|choice| {
                choice.fit == Fit::Whole && (is_hopeless || choice.bytes.len() > bytes.len())
            })
        };
        if literals::find_in_line(line).iter_mut().any(fits_better) {
            return None;
        }
        let error = fault.error.in_text(line.as_bytes());
        let fault = PasteError { error, ..fault };
        self.tell_notation(fault.notation.description(), None);
        chunks.push(Chunk::of_bytes(bytes, fault.notation, envelope.sent()));
        Some(LineStep::Stopped(fault.after_lines(self.lines)))
    }

    fn take_block(&mut self, choice: ChosenReading, chunks: &mut Vec<Chunk>) {
        self.note_choice(&choice);
        let sent = self.heading.sent;
        chunks.push(Chunk::of_bytes(choice.bytes, choice.notation, sent));
    }

    /// Reads the numbers at the end of a text of only numbers, which are bytes whatever they
    /// say.
    fn last_block(&mut self, rest: &str, chunks: &mut Vec<Chunk>) -> LineStep {
        // The end of a sentence is no byte.
        let numbers = rest.trim_end().trim_end_matches('.');
        let (chunk, fault) = single_notation::read(numbers, false, self.evidence_of);
        if let Some((chunk, notice)) = chunk {
            self.tell(notice);
            chunks.push(chunk);
        }
        if let Some(fault) = fault {
            return LineStep::Stopped(fault.after_lines(self.lines));
        }
        self.advance(rest);
        LineStep::Read(rest.len())
    }
}
