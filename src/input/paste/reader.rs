//! Reads a text piece by piece, and returns the chunks in it.
//!
//! In: pieces of whole lines. Out: chunks, as soon as their lines are complete. `PastedText` is the
//! caller.

use std::collections::VecDeque;
use std::mem;

use super::chunk::{Chunk, Content};
use super::connections::Connections;
use super::dumps::bare_packets::without_packet_headers;
use super::dumps::packet_list;
use super::envelope::Envelope;
use super::evidence::EvidenceFn;
use super::formats;
use super::http_head::{Head, MOST_HEAD};
use super::line_reader::{LineReader, LineStep};
use super::log_owner::LogOwner;
use super::named_notation;
use super::not_bytes;
use super::single_notation::{self, PasteError};
use super::start_of;
use crate::input::InputNotice;
use crate::notation::Notation;

/// Reads a text line by line.
#[derive(Debug)]
pub(in crate::input) struct PasteReader {
    evidence_of: EvidenceFn,
    /// The unread text. It begins at the start of a line.
    text: String,
    is_end: bool,
    /// The length of the text from which on it is read again.
    wanted: usize,
    /// The beginning of the text, while no chunk was found.
    beginning: String,
    has_found: bool,
    lines: LineReader,
    owner: LogOwner,
    connections: Connections,
    ready: VecDeque<Chunk>,
    notices: Vec<InputNotice>,
    /// What the text contains instead of bytes.
    found_instead: Option<&'static str>,
    /// Why reading stopped before the end.
    error: Option<PasteError>,
}

/// An incomplete format is read again with each line up to this size, and after that each time the
/// text has doubled.
const LOOKED_AT_AGAIN: usize = 16 << 10;

/// How many bytes of a text without chunks are kept for the error message.
const MOST_KEPT: usize = 64 << 10;

/// How many bytes are kept of one piece.
const LONGEST_KEPT: usize = 4 << 20;

impl PasteReader {
    pub(in crate::input) fn new(evidence_of: EvidenceFn) -> Self {
        Self {
            evidence_of,
            text: String::new(),
            is_end: false,
            wanted: 0,
            beginning: String::new(),
            has_found: false,
            lines: LineReader::new(evidence_of),
            owner: LogOwner::default(),
            connections: Connections::default(),
            ready: VecDeque::new(),
            notices: Vec::new(),
            found_instead: None,
            error: None,
        }
    }

    /// The reader of a whole text in the notation that the user named.
    pub(in crate::input) fn of_named(
        text: &str,
        notation: Notation,
        evidence_of: EvidenceFn,
    ) -> Self {
        let mut reader = Self::new(evidence_of);
        let (mut chunks, error) = named_notation::read(text, notation);
        reader.lines.pass("", &mut chunks);
        reader.give(chunks);
        reader.error = error;
        reader.is_end = true;
        reader
    }

    /// Reads the next lines. `is_end`: no more lines follow. Only then the last line may lack its line
    /// end.
    pub(in crate::input) fn push(&mut self, lines: String, is_end: bool) {
        if !self.has_found && self.beginning.len() < MOST_KEPT {
            let kept = start_of(&lines, LONGEST_KEPT);
            self.beginning.push_str(kept);
        }
        if self.text.is_empty() {
            self.text = lines;
        } else {
            self.text.push_str(&lines);
        }
        self.is_end = is_end;
        if is_end || self.text.len() >= self.wanted {
            self.read();
        }
        if is_end {
            self.end();
        }
    }

    /// The next chunk that is complete.
    pub(in crate::input) fn next(&mut self) -> Option<Chunk> {
        self.ready.pop_front()
    }

    /// Whether more chunks of this direction and connection may follow.
    pub(in crate::input) fn has_more_like(&self, chunk: &Chunk) -> bool {
        // The chunks of a connection come one after another.
        let is_of_connection = |other: &&Chunk| other.connection == chunk.connection;
        let mut others = self.ready.iter().take_while(is_of_connection);
        !self.is_end
            || self.error.is_some()
            || others.any(|other| other.direction == chunk.direction)
    }

    /// The unread text, if all text so far is hexadecimal.
    pub(in crate::input) fn unread_hexadecimal(&self) -> Option<&str> {
        self.lines.is_hexadecimal().then_some(&self.text)
    }

    /// How many lines were read.
    pub(in crate::input) const fn lines(&self) -> usize {
        self.lines.lines
    }

    /// Adds a notice.
    pub(in crate::input) fn tell(&mut self, notice: InputNotice) {
        self.notices.push(notice);
    }

    /// The notices up to the last complete chunk.
    pub(in crate::input) fn notices(&mut self) -> Vec<InputNotice> {
        mem::take(&mut self.notices)
    }

    /// What the text contains instead of bytes; known at its end.
    pub(in crate::input) const fn found_instead(&self) -> Option<&'static str> {
        self.found_instead
    }

    /// The error that stopped the reading; known after the last chunk.
    pub(in crate::input) fn error(&mut self) -> Option<PasteError> {
        self.error.take()
    }

    /// Reads as many lines as are complete.
    fn read(&mut self) {
        let text = mem::take(&mut self.text);
        let mut chunks = Vec::new();
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            match self.step(rest, &mut chunks) {
                LineStep::Read(size) => at += size,
                LineStep::NeedsMore => break,
                LineStep::Stopped(error) => {
                    self.error = Some(error);
                    self.is_end = true;
                    at = text.len();
                }
            }
        }
        self.keep_from(text, at);
        let size = self.text.len();
        self.wanted = if size > LOOKED_AT_AGAIN { 2 * size } else { 0 };
        self.give(chunks);
    }

    /// Keeps the text from this offset on.
    fn keep_from(&mut self, mut text: String, at: usize) {
        let is_mostly_read = at > text.len() / 2;
        self.text = if is_mostly_read {
            text.get(at..).unwrap_or_default().to_owned()
        } else {
            text.drain(..at);
            text
        };
    }

    fn step(&mut self, rest: &str, chunks: &mut Vec<Chunk>) -> LineStep {
        let Some(mut taken) = formats::read(rest, self.is_end) else {
            return self.lines.read(rest, self.is_end, chunks);
        };
        let may_go_on = taken.is_open && taken.size >= rest.len();
        if may_go_on && !self.is_end {
            return LineStep::NeedsMore;
        }
        self.notices.extend(taken.notice.take());
        let size = taken.size.max(1);
        self.lines
            .pass(rest.get(..size).unwrap_or(rest), &mut taken.chunks);
        chunks.extend(taken.chunks);
        LineStep::Read(size)
    }

    /// Makes chunks ready.
    fn give(&mut self, chunks: Vec<Chunk>) {
        if !chunks.is_empty() {
            self.has_found = true;
            self.beginning = String::new();
        }
        let mut chunks = without_packet_headers(chunks);
        self.notices.append(&mut self.lines.notices);
        self.drop_characters(&mut chunks);
        for chunk in &chunks {
            let Content::Head(head) = &chunk.content else {
                continue;
            };
            for notice in notices_of(head) {
                if self.notices.last() != Some(&notice) {
                    self.notices.push(notice);
                }
            }
        }
        self.owner
            .set_directions(&mut chunks, self.evidence_of, &mut self.notices);
        self.ready.extend(self.connections.sort(chunks));
    }

    /// Removes the chunks of bytes that are shown as characters only, with a notice of their number.
    fn drop_characters(&mut self, chunks: &mut Vec<Chunk>) {
        let mut left_out = 0;
        chunks.retain(|chunk| match chunk.content {
            Content::Characters(count) => {
                left_out += count;
                false
            }
            _ => true,
        });
        if left_out > 0 {
            self.notices
                .push(InputNotice::Characters { count: left_out });
        }
    }

    /// Ends a text. A text without chunks is read in the notation of its beginning, which gives the
    /// error.
    fn end(&mut self) {
        if !self.has_found && self.error.is_none() {
            let beginning = mem::take(&mut self.beginning);
            let (label, value) = split_label(beginning.trim());
            self.found_instead = not_bytes::object(&beginning)
                .or_else(|| packet_list::name(&beginning))
                .or_else(|| not_bytes::kind(value));
            if self.found_instead.is_some() || not_bytes::is_other_label(label) {
                return;
            }
            let has_label = (!label.is_empty() || not_bytes::is_after_words(&beginning))
                && !Envelope::of(&beginning).names_data();
            let (chunk, error) = single_notation::read(&beginning, has_label, self.evidence_of);
            self.error = error;
            if let Some((chunk, notice)) = chunk {
                self.notices.push(notice);
                self.give(vec![chunk]);
            }
            return;
        }
        let lines = self.lines.skipped_lines;
        if lines > 0 {
            self.notices.push(InputNotice::Skipped { lines });
        }
    }
}

/// The notices about a head.
fn notices_of(head: &Head) -> impl Iterator<Item = InputNotice> {
    let limit = MOST_HEAD >> 10;
    let too_large = head
        .is_too_large
        .then_some(InputNotice::HeadTooLarge { limit });
    let no_first_line = head
        .made_up_first_line()
        .map(|first_line| InputNotice::FirstLineMissing { first_line });
    too_large.into_iter().chain(no_first_line)
}

/// The label of a line, and the value: `End` and `14:00:08` of `End: 14:00:08`.
fn split_label(line: &str) -> (&str, &str) {
    let split = line.rsplit_once(": ").or_else(|| line.split_once('='));
    split.map_or(("", line), |(label, value)| (label, value.trim()))
}
