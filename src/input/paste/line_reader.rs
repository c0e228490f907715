//! Reads the lines of a text that belong to no format: takes off what stands in front of literals,
//! and chooses the literals that are bytes of a connection.

use super::blocks;
use super::choice::{self, Choice, Last, Place};
use super::chunk::{Chunk, Content};
use super::common_prefix::CommonPrefix;
use super::direction::{self, Sent};
use super::envelope::Envelope;
use super::evidence::{Fit, Judge};
use super::line_size;
use super::literals::{self, Certainty, Literal};
use super::strict::{self, Fault};
use super::timestamp;
use crate::input::InputNotice;
use crate::notation::Notation;

/// What became of the lines at the start of a text.
#[derive(Debug)]
pub(super) enum Step {
    /// So many bytes of the text were read.
    Read(usize),
    /// More lines are needed to tell.
    NeedsMore,
    /// Nothing more can be read.
    Stopped(Fault),
}

/// Reads lines, and remembers what they say of those that follow.
#[derive(Debug)]
pub(super) struct LineReader {
    judge: Judge,
    pub(super) notices: Vec<InputNotice>,
    /// How many lines have text that was skipped.
    pub(super) skipped_lines: usize,
    /// How many lines were read.
    pub(super) lines: usize,
    /// How many bytes the last frame lacks, which a line after it may have.
    missing: u64,
    /// What a line without bytes says of those after it.
    heading: Heading,
    /// How many bytes of the text were searched for the end of a literal that does not end there.
    searched: usize,
    /// What stands in front of the last bytes.
    last_envelope: Option<String>,
    common: CommonPrefix,
    /// How the last numbers were read.
    last: Last,
    /// Whether the text is nothing but numbers so far, and request or response heads.
    is_numbers: bool,
    has_notation: bool,
}

/// What a line without bytes says of the bytes in the lines after it.
#[derive(Clone, Copy, Debug, Default)]
struct Heading {
    sent: Option<Sent>,
    names_data: bool,
}

/// How many steps a literal that goes on is followed: over 1, 2, 4, 8 … more lines.
const MOST_STEPS: usize = 12;

impl LineReader {
    pub(super) fn new(judge: Judge) -> Self {
        Self {
            judge,
            notices: Vec::new(),
            skipped_lines: 0,
            lines: 0,
            missing: 0,
            heading: Heading::default(),
            searched: 0,
            last_envelope: None,
            common: CommonPrefix::default(),
            last: Last::default(),
            is_numbers: true,
            has_notation: false,
        }
    }

    /// Whether all lines so far are hexadecimal in pairs of digits and nothing else.
    pub(super) fn is_hexadecimal(&self) -> bool {
        let hexadecimal = Notation::Hex.description();
        self.is_numbers && self.last.reading.is_none_or(|last| last == hexadecimal)
    }

    /// Takes note of lines that a format took.
    pub(super) fn pass(&mut self, lines: &str, chunks: &[Chunk]) {
        self.advance(lines);
        self.missing = 0;
        self.last.is_cut = false;
        self.is_numbers &= chunks.len() < 2;
        for chunk in chunks {
            match &chunk.content {
                Content::Head(_) | Content::Message(_) | Content::Characters(_) => {}
                Content::Bytes {
                    notation, omitted, ..
                } => {
                    self.is_numbers = false;
                    self.tell_notation(notation.description(), None);
                    self.tell_omitted(*notation, *omitted);
                }
            }
        }
    }

    fn advance(&mut self, lines: &str) {
        self.lines += memchr::memchr_iter(b'\n', lines.as_bytes()).count();
        self.searched = self.searched.saturating_sub(lines.len());
    }

    /// Reads the line that a text begins with, or several if a literal goes on.
    pub(super) fn read(&mut self, rest: &str, is_end: bool, chunks: &mut Vec<Chunk>) -> Step {
        if let Some(step) = self.block(rest, is_end, chunks) {
            return step;
        }
        let size = line_size(rest);
        let Some((literals, end)) = self.literals(rest, is_end) else {
            return Step::NeedsMore;
        };
        let size = size.max(end);
        let line = rest.get(..size).unwrap_or_default();
        let next = rest.get(size..).unwrap_or_default();
        let before = chunks.len();
        self.choose(line, next, literals, chunks);
        if chunks.len() == before {
            match chunks.last_mut().map(|chunk| &mut chunk.content) {
                Some(Content::Head(head)) if head.may_have_body() => head.add_after(line),
                _ => self.skip(line),
            }
        }
        self.advance(line);
        Step::Read(size)
    }

    /// Lines of nothing but numbers or base64, read as one literal. None if the text begins with
    /// others, or if these are rather no bytes.
    fn block(&mut self, rest: &str, is_end: bool, chunks: &mut Vec<Chunk>) -> Option<Step> {
        let Some(block) = blocks::find(rest) else {
            let line = rest.get(..line_size(rest))?;
            return self.numbers_up_to_slip(line, chunks);
        };
        let choice = choice::best(&block.readings, self.last, self.judge);
        let is_bytes = |choice: &Choice| match choice.fit {
            Fit::Whole => true,
            Fit::Begins if self.is_numbers => true,
            _ => self.missing > 0 || self.heading.names_data,
        };
        let is_long = |choice: &Choice| choice.bytes.len() > 1 || self.missing > 0;
        if let Some(choice) = choice.filter(|choice| is_bytes(choice) && is_long(choice)) {
            let size = block.size;
            self.take_block(choice, chunks);
            self.advance(rest.get(..size)?);
            return Some(Step::Read(size));
        }
        // A status code after a head is no byte, nor is a date or a time.
        let word = rest.get(..block.size)?.trim();
        let is_short = self.lines > 0 && word.len() < 4;
        if !self.is_numbers || is_short || timestamp::is_all(word) {
            return None;
        }
        let is_all = rest.get(block.size..)?.trim().is_empty();
        match is_all {
            true if !is_end => Some(Step::NeedsMore),
            true => Some(self.last_block(rest, chunks)),
            false => None,
        }
    }

    /// A line that is hexadecimal up to a slip, in a text of nothing but numbers and marks.
    fn numbers_up_to_slip(&mut self, line: &str, chunks: &mut Vec<Chunk>) -> Option<Step> {
        if line.trim().is_empty() || !self.is_numbers {
            return None;
        }
        let envelope = Envelope::of(line);
        let is_marked = envelope.is_of_a_shell() && !envelope.is_blank();
        let plain = match line.get(envelope.length..) {
            Some(rest) if is_marked => " ".repeat(envelope.length) + rest,
            _ => line.to_owned(),
        };
        self.is_numbers = is_marked && blocks::find(plain.trim_start()).is_some();
        let (bytes, fault) = strict::up_to_slip(&plain, self.judge)?;
        let is_hopeless = (self.judge)(&bytes).fit == Fit::None;
        let fits_better = |literal: &Literal| {
            let choice = choice::best(&literal.readings, self.last, self.judge);
            choice.is_some_and(|choice| {
                choice.fit == Fit::Whole && (is_hopeless || choice.bytes.len() > bytes.len())
            })
        };
        if literals::find_in_line(line).iter().any(fits_better) {
            return None;
        }
        let error = fault.error.in_text(line.as_bytes());
        let fault = Fault { error, ..fault };
        self.tell_notation(fault.notation.description(), None);
        chunks.push(Chunk::of_bytes(bytes, fault.notation, envelope.sent()));
        Some(Step::Stopped(fault.after_lines(self.lines)))
    }

    fn take_block(&mut self, choice: Choice, chunks: &mut Vec<Chunk>) {
        self.note_choice(&choice);
        let sent = self.heading.sent;
        chunks.push(Chunk::of_bytes(choice.bytes, choice.notation, sent));
    }

    /// Reads the numbers at the end of a text of nothing but numbers, which are bytes whatever they
    /// say.
    fn last_block(&mut self, rest: &str, chunks: &mut Vec<Chunk>) -> Step {
        let (chunk, fault) = strict::read(rest, self.judge);
        if let Some((chunk, notice)) = chunk {
            self.tell(notice);
            chunks.push(chunk);
        }
        if let Some(fault) = fault {
            return Step::Stopped(fault.after_lines(self.lines));
        }
        self.advance(rest);
        Step::Read(rest.len())
    }

    /// The literals of a line, or of several lines if one goes on, and where the last one ends; None
    /// if more lines are needed.
    fn literals(&mut self, rest: &str, is_end: bool) -> Option<(Vec<Literal>, usize)> {
        let line = rest.get(..line_size(rest)).unwrap_or_default();
        let is_searched = self.searched >= line.len();
        let mut end = line.len();
        let is_alone = matches!(line.trim(), "(" | "Array (");
        if line.trim_end().ends_with(['[', '{']) || is_alone {
            let next = rest.get(end..).unwrap_or_default();
            if next.is_empty() && !is_end {
                return None;
            }
            if literals::begins_list(next) {
                end += line_size(next);
            }
        }
        for number in 0..=MOST_STEPS {
            let found = literals::find(rest.get(..end).unwrap_or_default().trim_end());
            if let Some(mut literals) = found {
                let size = whole_lines(rest, literals.iter().map(|literal| literal.end).max());
                literals.retain(|literal| literal.end <= size.max(line.len()));
                return Some((literals, size));
            }
            if is_searched {
                break;
            }
            if end == rest.len() {
                if !is_end {
                    return None;
                }
                break;
            }
            for _ in 0..1_usize << number {
                end += line_size(rest.get(end..).unwrap_or_default());
            }
        }
        self.searched = self.searched.max(end);
        Some((literals::find_in_line(line.trim_end()), 0))
    }

    /// Remembers what a line without bytes says of the lines after it.
    fn skip(&mut self, line: &str) {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            return;
        }
        self.skipped_lines += 1;
        let envelope = Envelope::of(line);
        let sent = envelope.sent();
        let is_open = trimmed.ends_with([':', '：', '-', '>']);
        self.heading = if is_open || sent.is_some() {
            Heading {
                sent,
                names_data: is_open && envelope.names_data(),
            }
        } else {
            Heading::default()
        };
    }

    /// Chooses the literals of a line that are bytes of the connection.
    fn choose(&mut self, line: &str, next: &str, literals: Vec<Literal>, chunks: &mut Vec<Chunk>) {
        let envelope = Envelope::of(line);
        let mut taken_to = None;
        for mut literal in literals {
            literal.leave_out_numbers_before(line, envelope.length);
            let is_sure = literal.certainty == Certainty::Sure;
            // What follows bytes, and the numbers of an envelope, are no bytes.
            if !is_sure && (taken_to.is_some() || literal.start < envelope.length) {
                continue;
            }
            let place = self.place(&envelope, line, next, &literal);
            let Some(choice) = choice::of(&literal, &place, self.last, self.judge) else {
                continue;
            };
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
    ) -> Place<'l> {
        let before = line.get(..literal.start).unwrap_or_default();
        let start = before.trim_end_matches([' ', '\t', '"', '\'']).len();
        let is_known = envelope.length >= start;
        let is_like_last = self
            .last_envelope
            .as_deref()
            .is_some_and(|last| Envelope::of(last).is_like(envelope));
        let is_common = self.common.is_in_front_of(before, next);
        Place {
            line,
            before,
            after: line.get(literal.end..).unwrap_or_default(),
            is_start: is_known || is_common,
            is_common,
            names_data: envelope.names_data() || self.heading.names_data,
            is_like_last,
            is_bare: envelope.is_blank(),
            counts: envelope.counts.clone(),
            missing: self.missing,
        }
    }

    fn chunk(
        &self,
        envelope: &Envelope<'_>,
        line: &str,
        literal: &Literal,
        choice: Choice,
    ) -> Chunk {
        let before = line.get(..literal.start).unwrap_or_default();
        let words = Envelope::up_to(line, literal.start);
        let sent = direction::of_words(before)
            .or_else(|| words.sent())
            .or(self.heading.sent);
        let is_arrow = direction::of_arrow(before.trim_start()).is_some();
        let sent = sent.filter(|_| !envelope.is_of_a_shell() || is_arrow);
        let content = Content::Bytes {
            bytes: choice.bytes,
            notation: choice.notation,
            omitted: literal.omitted,
        };
        let mut chunk = Chunk::new(content, sent).at(envelope.time());
        chunk.is_marked = is_arrow && direction::of_words(before).is_none();
        chunk
    }

    /// Tells that a line says another number of bytes than it has.
    fn check_count(&mut self, envelope: &Envelope<'_>, choice: &Choice, is_first: bool) {
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

    fn note_choice(&mut self, choice: &Choice) {
        self.missing = match choice.fit {
            Fit::None => self.missing.saturating_sub(choice.bytes.len() as u64),
            _ => choice.missing,
        };
        self.last.is_cut = self.missing > 0;
        self.tell_notation(choice.description, choice.other);
        self.last.reading = Some(choice.description);
        self.last.has_leading_zeros |= choice.has_leading_zeros == Some(true);
    }

    /// Tells the notation of the first bytes, and each doubt.
    fn tell_notation(&mut self, notation: &'static str, other: Option<&'static str>) {
        let is_known = self.last.reading == Some(notation);
        if !self.has_notation || other.is_some() && !is_known {
            self.tell(InputNotice::ReadAs { notation, other });
        }
    }

    fn tell(&mut self, notice: InputNotice) {
        self.has_notation |= matches!(notice, InputNotice::ReadAs { .. });
        self.notices.push(notice);
    }

    fn tell_omitted(&mut self, notation: Notation, count: u64) {
        let notation = notation.description();
        let last = self.notices.iter_mut().find_map(|notice| match notice {
            InputNotice::Omitted {
                notation: other,
                count,
            } if *other == notation => Some(count),
            _ => None,
        });
        match last {
            Some(last) => *last += count,
            None if count > 0 => self.notices.push(InputNotice::Omitted { notation, count }),
            None => {}
        }
    }
}

/// The size of the lines of a text up to the one in which a place is.
fn whole_lines(text: &str, place: Option<usize>) -> usize {
    let mut size = line_size(text);
    while place.is_some_and(|place| place > size) && size < text.len() {
        size += line_size(text.get(size..).unwrap_or_default());
    }
    size
}
