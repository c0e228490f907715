//! Reads the lines of a text that belong to no format: removes the text before literals,
//! and chooses the literals that are bytes of a connection.

mod chosen_literals;
mod literal_search;
mod notation_notices;
mod number_lines;

use super::chunk::{Chunk, Content};
use super::common_prefix::CommonPrefix;
use super::direction::{self, Sent};
use super::envelope::Envelope;
use super::evidence::EvidenceFn;
use super::line_size;
use super::reading_choice::LastReading;
use super::single_notation::PasteError;
use crate::input::InputNotice;
use crate::notation::Notation;

/// The result of reading the lines at the start of a text.
#[derive(Debug)]
pub(super) enum LineStep {
    /// This many bytes of the text were read.
    Read(usize),
    /// More lines are needed to tell.
    NeedsMore,
    /// An error: nothing more can be read.
    Stopped(PasteError),
}

/// Reads lines, and remembers what they say of those that follow.
#[derive(Debug)]
pub(super) struct LineReader {
    evidence_of: EvidenceFn,
    pub(super) notices: Vec<InputNotice>,
    /// How many lines have text that was skipped.
    pub(super) skipped_lines: usize,
    /// How many lines were read.
    pub(super) lines: usize,
    /// How many bytes of the last frame are missing. The next line may have them.
    missing: u64,
    /// The facts of a line without bytes about the lines after it.
    heading: LineHeading,
    /// How many bytes of the text were searched for the end of a literal that does not end there.
    searched: usize,
    /// How many bytes of the text were searched for lines that are counted.
    searched_for_counts: usize,
    /// The text before the last bytes.
    last_envelope: Option<String>,
    common: CommonPrefix,
    /// How the last numbers were read.
    last: LastReading,
    /// Whether the text is only numbers so far, and request or response heads.
    is_numbers: bool,
    has_notation: bool,
}

/// What a line without bytes says of the bytes in the lines after it.
#[derive(Clone, Copy, Debug, Default)]
struct LineHeading {
    sent: Option<Sent>,
    names_data: bool,
}

impl LineReader {
    pub(super) fn new(evidence_of: EvidenceFn) -> Self {
        Self {
            evidence_of,
            notices: Vec::new(),
            skipped_lines: 0,
            lines: 0,
            missing: 0,
            heading: LineHeading::default(),
            searched: 0,
            searched_for_counts: 0,
            last_envelope: None,
            common: CommonPrefix::default(),
            last: LastReading::default(),
            is_numbers: true,
            has_notation: false,
        }
    }

    /// Whether all lines so far are hexadecimal in pairs of digits and nothing else.
    pub(super) fn is_hexadecimal(&self) -> bool {
        let hexadecimal = Notation::Hex.description();
        self.is_numbers && self.last.reading.is_none_or(|last| last == hexadecimal)
    }

    /// Remembers lines that a format took. The bytes of a dump go the way that the line above
    /// them says.
    pub(super) fn pass(&mut self, lines: &str, chunks: &mut [Chunk]) {
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
                    chunk.sent = chunk.sent.or(self.heading.sent);
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
        self.searched_for_counts = self.searched_for_counts.saturating_sub(lines.len());
    }

    /// Reads the line at the start of a text, or several if a literal continues.
    pub(super) fn read(&mut self, rest: &str, is_end: bool, chunks: &mut Vec<Chunk>) -> LineStep {
        if let Some(step) = self.block(rest, is_end, chunks) {
            return step;
        }
        let size = line_size(rest);
        let Some((literals, end)) = self.literals(rest, is_end) else {
            return LineStep::NeedsMore;
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
        LineStep::Read(size)
    }

    /// Remembers what a line without bytes says of the lines after it.
    fn skip(&mut self, line: &str) {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            return;
        }
        self.skipped_lines += 1;
        let envelope = Envelope::of(line);
        let sent = envelope.sent().or_else(|| direction::of_method(line));
        // `On Thursday … wrote:` stands above a quotation.
        let sent = sent.filter(|_| !(trimmed.starts_with("On ") && trimmed.ends_with("wrote:")));
        let is_open = trimmed.ends_with([':', '：', '-', '>']);
        self.heading = if is_open || sent.is_some() {
            LineHeading {
                sent,
                names_data: is_open && envelope.names_data(),
            }
        } else {
            LineHeading::default()
        };
    }
}
