//! Finds request heads and response heads of HTTP in a text, in the forms in which people copy them.
//!
//! [`find`] looks for a head at the start of a text. The reader of pastes calls it at each line.
//! Known forms: one header a line, with a prefix on each line or with words before the first;
//! lines that a terminal wrapped; all on one line, separated by blanks, by commas, by the dots that
//! ngrep prints for CR LF, or by a written `\r\n`; lines of source code, tables and lists; header lines
//! without a request line.

mod bytes_after;
mod decorated;
mod head;
mod head_lines;
mod header_line;
mod kind;
mod one_line;
mod plain;
mod start_line;
mod without_start_line;
mod wrong_version;

use super::direction::Sent;
use super::envelope::Envelope;
pub use head::Head;
use head_lines::HeadReader;
pub use kind::{HeadKind, MOST_HEAD};
use one_line::Form;
use start_line::FoundStartLine;

/// A head in a text, with what its envelope says.
pub(super) struct FoundHead<'t> {
    pub(super) head: Head,
    pub(super) sent: Option<Sent>,
    pub(super) time: Option<&'t str>,
    /// The length of the head in the text: whole lines, or up to the end of a literal if other bytes
    /// follow on its line.
    pub(super) size: usize,
}

/// The head at the start of a text, if it is spelled as on the connection.
pub(super) fn find_plain(text: &str) -> Option<FoundHead<'_>> {
    plain::find(text)
}

/// The head at the start of a text, which is the start of a line; None if the line begins no head.
pub(super) fn find(text: &str) -> Option<FoundHead<'_>> {
    let (line, _) = first_line(text);
    match FoundStartLine::find(line) {
        Some(start) => start.read(text),
        None => without_start_line::find(text).or_else(|| wrong_version::find(text)),
    }
}

/// Whether the first line of a text contains the first line of a head.
pub(super) fn begins(text: &str) -> bool {
    FoundStartLine::find(first_line(text).0).is_some()
}

impl<'t> FoundStartLine<'t> {
    fn read(&self, text: &'t str) -> Option<FoundHead<'t>> {
        let envelope = Envelope::up_to(self.line, self.at);
        let usual = match self.form() {
            Form::Lines => HeadReader::new(self, &envelope, text).read(),
            Form::Escaped => self.escaped(text),
            Form::Joined(separator) => Some(self.joined(separator, text)),
        };
        let count = |found: &FoundHead<'_>| decorated::clean_headers(&found.head.text);
        let usual_count = usual.as_ref().map_or(0, count);
        let decorated = decorated::find(self, text).filter(|(_, count)| *count > usual_count);
        let mut found = decorated.map(|(found, _)| found).or(usual)?;
        found.sent = envelope.sent();
        found.time = envelope.time();
        Some(found)
    }

    /// Whether the line is longer than the part of it that is read.
    fn is_cut(&self, text: &str) -> bool {
        first_line(text).0.len() > self.line.len()
    }
}

/// The first line of a text without its line end, and its length with it.
fn first_line(text: &str) -> (&str, usize) {
    let size = memchr::memchr(b'\n', text.as_bytes()).map_or(text.len(), |end| end + 1);
    let line = text.get(..size).unwrap_or_default();
    let bare = line.strip_suffix('\n').unwrap_or(line);
    (bare.strip_suffix('\r').unwrap_or(bare), size)
}

fn found<'t>(kind: HeadKind, text: Vec<u8>, is_on_the_wire: bool, size: usize) -> FoundHead<'t> {
    FoundHead {
        head: Head {
            is_on_the_wire,
            ..Head::of_lines(kind, text)
        },
        sent: None,
        time: None,
        size,
    }
}
