//! Reads what people paste: logs, source code and traces with bytes or heads in them.
//!
//! A text goes through three steps. `text` makes UTF-8 of it. For each line `envelope` takes off what
//! stands in front (`timestamp`, `direction`), then `http_head` looks for a head, `dumps` for the rows
//! of a dump, and `literals` for bytes in a notation. Out come [`Chunk`]s. `Input` is the caller, for
//! `decode`; `handshake` asks for the heads alone.
//!
//! Which numbers of a line are bytes is decided by a [`Judge`], a function of the command that says
//! how well bytes fit as frames: this module knows no WebSocket.
//!
//! To add the format of a tool, write a module in `dumps` (bytes in rows) or `traces` (heads and
//! bytes between other lines) with one function of the type `formats::Format`, and add it to
//! the list in `formats`.

mod chunk;
mod direction;
mod dumps;
mod envelope;
mod evidence;
mod formats;
mod http_head;
mod literals;
mod text;
mod timestamp;
mod traces;

use std::collections::VecDeque;

pub use chunk::{Chunk, Content};
pub use evidence::{Evidence, Fit, Judge};
pub use http_head::{Head, HeadKind, MOST_HEAD};
pub(super) use text::{BYTE_ORDER_MARK, in_utf8, is_utf16, without_mark};

use super::Direction;
use crate::notation::Notation;
use direction::Sent;
use envelope::Envelope;
use literals::{Certainty, Literal};

/// Everything that was found in a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Paste {
    /// The bytes, in their order.
    pub chunks: Vec<Chunk>,
    /// How well the first bytes fit that are no head; a head fits.
    pub fit: Fit,
    /// How many lines have text that was skipped.
    pub skipped_lines: usize,
    /// Whether a part of it is what a tool prints as a whole.
    pub is_trace: bool,
}

impl Paste {
    /// Reads a text line by line. Nothing is found in a text without frames.
    pub fn read(text: &str, judge: Judge) -> Self {
        let mut reader = Reader {
            text,
            at: 0,
            judge,
            ready: VecDeque::new(),
            missing: 0,
            heading: None,
            searched: 0,
            skipped_lines: 0,
            is_trace: false,
            fit: Fit::None,
            last: None,
        };
        let mut chunks = Vec::new();
        while let Some(chunk) = reader.next() {
            chunks.push(chunk);
        }
        let (skipped_lines, fit, is_trace) = (reader.skipped_lines, reader.fit, reader.is_trace);
        set_directions(&mut chunks, judge);
        Self {
            chunks,
            fit,
            skipped_lines,
            is_trace,
        }
    }

    /// Bytes as a text: UTF-8 or UTF-16, without controls; None if they are none.
    pub fn text_of(bytes: &[u8]) -> Option<String> {
        let text = String::from_utf8(in_utf8(bytes).into_owned()).ok()?;
        let is_plain = |char: char| !char.is_control() || matches!(char, '\t' | '\n' | '\r');
        text.chars().all(is_plain).then_some(text)
    }

    /// The heads alone.
    pub fn heads(text: &str) -> Vec<Head> {
        let mut heads = Vec::new();
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            match formats::read(rest, true) {
                Some(taken) => {
                    let found = taken.chunks.into_iter();
                    heads.extend(found.filter_map(Chunk::into_head));
                    at += taken.size.max(1);
                }
                None => at += line_size(rest),
            }
        }
        heads
    }
}

/// The length of the first line of a text, its end included.
fn line_size(text: &str) -> usize {
    memchr::memchr(b'\n', text.as_bytes()).map_or(text.len(), |end| end + 1)
}

/// Reads a text line by line.
struct Reader<'t> {
    text: &'t str,
    at: usize,
    judge: Judge,
    ready: VecDeque<Chunk>,
    /// How many bytes the last frame lacks, which a line after it may have.
    missing: u64,
    /// What a line without bytes said of those below it: who sent them, and whether it named them.
    heading: Option<(Option<Sent>, bool)>,
    /// Up to here no literal ends that began before.
    searched: usize,
    skipped_lines: usize,
    is_trace: bool,
    fit: Fit,
    /// The envelope of the last line with bytes.
    last: Option<Envelope<'t>>,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Option<Chunk> {
        loop {
            if let Some(chunk) = self.ready.pop_front() {
                return Some(chunk);
            }
            let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
            match formats::read(rest, true) {
                Some(taken) => {
                    self.at += taken.size.max(1);
                    self.fit = Fit::Whole;
                    self.missing = 0;
                    let is_head = |chunk: &Chunk| matches!(chunk.content, Content::Head(_));
                    self.is_trace |= !taken.chunks.iter().all(is_head);
                    self.ready.extend(taken.chunks);
                }
                None => self.line(rest),
            }
        }
    }

    /// Reads the literals of a line, or of several if one goes on.
    fn line(&mut self, rest: &'t str) {
        const MOST_STEPS: usize = 12;
        let may_go_on = self.at >= self.searched;
        let mut size = line_size(rest);
        let mut found = None;
        let mut end = size;
        for number in 0..=MOST_STEPS {
            found = literals::find(rest.get(..end).unwrap_or_default().trim_end());
            // A literal that goes on is looked for after 1, 2, 4, 8 … more lines.
            if found.is_some() || end == rest.len() || !may_go_on {
                break;
            }
            for _ in 0..1_usize << number {
                end += line_size(rest.get(end..).unwrap_or_default());
            }
        }
        if found.is_none() && may_go_on {
            self.searched = self.at + end;
        }
        if found.is_some() {
            let last = found.iter().flatten().map(|literal| literal.end).max();
            while last.is_some_and(|last| last > size) {
                size += line_size(rest.get(size..).unwrap_or_default());
            }
        }
        let line = rest.get(..size).unwrap_or_default();
        self.at += size;
        let mut literals = found.unwrap_or_default();
        literals.retain(|literal| literal.end <= line.len());
        let before = self.ready.len();
        self.choose(line, literals);
        if self.ready.len() == before {
            self.skip(line);
        }
    }

    /// Remembers what a line without bytes says of the lines below it.
    fn skip(&mut self, line: &'t str) {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            return;
        }
        self.skipped_lines += 1;
        let envelope = Envelope::of(line);
        let is_heading = trimmed.ends_with([':', '：', '-', '>']) || envelope.sent().is_some();
        self.heading = is_heading.then(|| (envelope.sent(), envelope.names_data()));
    }

    /// Chooses the literals of a line that are bytes of the connection.
    fn choose(&mut self, line: &'t str, literals: Vec<Literal>) {
        let envelope = Envelope::of(line);
        let mut is_taken = false;
        for mut literal in literals {
            literal.leave_out_numbers_before(line, envelope.length);
            let is_sure = literal.certainty == Certainty::Sure;
            // What follows bytes, and the numbers of an envelope, are no bytes.
            if !is_sure && (is_taken || literal.start < envelope.length) {
                continue;
            }
            let before = line.get(..literal.start).unwrap_or_default();
            let place = Place::new(&envelope, line, &literal, self);
            let Some((bytes, notation, fit)) = self.reading(&literal, &place) else {
                continue;
            };
            let evidence = (self.judge)(&bytes);
            self.missing = match fit {
                Fit::None => self.missing.saturating_sub(bytes.len() as u64),
                _ => evidence.missing,
            };
            self.fit = self.fit.max(fit);
            let words = Envelope::up_to(line, literal.start);
            let sent = direction::of_words(before)
                .or_else(|| words.sent())
                .or_else(|| self.heading.and_then(|(sent, _)| sent));
            let content = Content::Bytes {
                bytes,
                notation,
                omitted: literal.omitted,
            };
            let sent = sent.filter(|_| !envelope.is_of_a_shell() || is_arrow_alone(before));
            self.ready
                .push_back(Chunk::new(content, sent).at(envelope.time()));
            is_taken = true;
        }
        if is_taken {
            self.last = Some(envelope);
        }
    }

    /// The reading of a literal that fits best, if it is taken for bytes at this place.
    fn reading(&self, literal: &Literal, place: &Place<'_>) -> Option<(Vec<u8>, Notation, Fit)> {
        let mut best: Option<(Vec<u8>, Notation, Fit)> = None;
        for reading in &literal.readings {
            let fit = (self.judge)(&reading.bytes).fit;
            if best.as_ref().is_none_or(|(_, _, other)| fit > *other) {
                best = Some((reading.bytes.clone(), reading.notation, fit));
            }
        }
        let is_whole = matches!(best, Some((_, _, Fit::Whole)));
        if !is_whole && let Some(part) = self.part(literal, place) {
            best = Some(part);
        }
        let (bytes, notation, fit) = best?;
        let is_wanted = match literal.certainty {
            Certainty::Sure => true,
            Certainty::Quoted => {
                fit > Fit::None || place.is_start && (place.names_data || place.is_bare)
            }
            Certainty::Possible if notation == Notation::Base64 => {
                fit == Fit::Whole && bytes.len() > 2
            }
            Certainty::Possible => place.takes_numbers(literal, &bytes, fit, self.missing),
        };
        is_wanted.then_some((bytes, notation, fit))
    }

    /// The end of a run of numbers, if it alone fits: numbers that count stand in front of it.
    fn part(&self, literal: &Literal, place: &Place<'_>) -> Option<(Vec<u8>, Notation, Fit)> {
        const MOST_COUNTS: usize = 8;
        let text = place.line;
        for skipped in 1..literal.numbers.len().min(MOST_COUNTS) {
            let numbers = literal.numbers.get(skipped..)?;
            for reading in crate::notation::digits::readings(text, numbers) {
                let fit = (self.judge)(&reading.bytes).fit;
                let is_counted =
                    counts(text, literal.numbers.get(skipped - 1), reading.bytes.len());
                // In `len:7 193 5 8105…` the run as a whole has no reading.
                let may_begin = is_counted || literal.readings.is_empty();
                if may_begin && fit == Fit::Whole && (is_counted || reading.bytes.len() > 2) {
                    return Some((reading.bytes, reading.notation, fit));
                }
            }
        }
        None
    }
}

/// What stands around a literal.
struct Place<'l> {
    /// The line, for a run of numbers in it.
    line: &'l str,
    /// Known shapes and nothing else stand in front of it.
    is_start: bool,
    /// A word, an arrow or the line above says that bytes follow.
    names_data: bool,
    /// Words follow it.
    has_words_behind: bool,
    /// The line has the envelope of the one before.
    is_like_last: bool,
    is_bare: bool,
    /// Blanks or quotes stand around it, and no other part of a word.
    stands_alone: bool,
    /// A number in front of it that counts bytes.
    counts: Vec<u64>,
}

impl<'l> Place<'l> {
    fn new(envelope: &Envelope<'_>, line: &'l str, literal: &Literal, reader: &Reader<'_>) -> Self {
        let before = line.get(..literal.start).unwrap_or_default();
        let behind = line.get(literal.end..).unwrap_or_default();
        let start = before.trim_end_matches([' ', '\t', '"', '\'']).len();
        let is_start = envelope.length >= start;
        let heading = reader.heading.is_some_and(|(_, names_data)| names_data);
        Self {
            line,
            is_start,
            names_data: envelope.names_data() || heading,
            has_words_behind: behind.chars().any(char::is_alphanumeric),
            is_like_last: reader
                .last
                .as_ref()
                .is_some_and(|last| last.is_like(envelope)),
            is_bare: envelope.is_blank(),
            stands_alone: stands_alone(before, behind),
            counts: envelope.counts.clone(),
        }
    }

    /// Whether numbers are bytes here.
    fn takes_numbers(&self, literal: &Literal, bytes: &[u8], fit: Fit, missing: u64) -> bool {
        let size = bytes.len();
        let is_number = literal.numbers.len() == 1 && size < 3;
        let is_last = self.is_start && !self.has_words_behind;
        let is_counted = self.counts.contains(&(size as u64)) && size > 1;
        if !self.stands_alone {
            return false;
        }
        match fit {
            _ if is_counted && self.is_start && !is_number => true,
            Fit::Whole if is_number => is_last && (self.names_data || self.is_bare),
            Fit::Whole => size > 3 || self.is_start,
            _ if missing > 0 && is_last => self.is_like_last || self.names_data || self.is_bare,
            Fit::Begins | Fit::None => is_last && self.names_data && size > 1 && !is_number,
        }
    }
}

/// Whether a number of a text is this count.
fn counts(text: &str, number: Option<&(usize, usize)>, count: usize) -> bool {
    number
        .and_then(|(start, end)| text.get(*start..*end))
        .is_some_and(|number| number.parse() == Ok(count))
}

/// Whether what stands between two texts is no part of a word.
fn stands_alone(before: &str, behind: &str) -> bool {
    let is_edge = |char: char| char.is_whitespace() || "'\"`=,;|><".contains(char);
    let may_open = |char: char| is_edge(char) || matches!(char, ':' | '：');
    let may_close = |char: char| is_edge(char) || matches!(char, '.' | ')' | ']' | '}');
    let opens = before.is_empty() || before.ends_with(may_open);
    opens && (behind.is_empty() || behind.starts_with(may_close))
}

/// Whether nothing but an arrow stands in front of bytes.
fn is_arrow_alone(before: &str) -> bool {
    direction::of_arrow(before.trim_start()).is_some()
}

/// Says of each chunk which way it went. A head or the MASK bit of a frame tells whose log it is;
/// in a server's log `send` and `recv` are turned round.
fn set_directions(chunks: &mut [Chunk], judge: Judge) {
    let (mut as_client, mut as_server) = (0, 0);
    for chunk in chunks
        .iter()
        .filter(|chunk| chunk.sent.is_some_and(Sent::is_relative))
    {
        let told = match &chunk.content {
            Content::Head(head) => Some(of_head(head.kind)),
            Content::Bytes { bytes, .. } => judge(bytes).sender,
            Content::Message(_) | Content::Characters(_) => None,
        };
        if let (Some(told), Some(sent)) = (told, chunk.sent) {
            if sent.direction(false) == told {
                as_client += 1;
            } else {
                as_server += 1;
            }
        }
    }
    let is_servers_log = as_server > as_client;
    let is_told = chunks
        .iter()
        .any(|chunk| chunk.sent.is_some() && !matches!(chunk.content, Content::Head(_)));
    for chunk in chunks.iter_mut().filter(|_| is_told) {
        let by_words = chunk.sent.map(|sent| sent.direction(is_servers_log));
        chunk.direction = match &chunk.content {
            Content::Head(head) => Some(of_head(head.kind)),
            Content::Bytes { bytes, .. } => judge(bytes).sender.or(by_words),
            Content::Message(_) | Content::Characters(_) => by_words,
        };
    }
    // One that the text says nothing of goes with the one before.
    let mut last = None;
    for chunk in chunks.iter_mut() {
        last = chunk.direction.or(last);
        chunk.direction = last;
    }
}

const fn of_head(kind: HeadKind) -> Direction {
    match kind {
        HeadKind::Request => Direction::Outgoing,
        HeadKind::Response => Direction::Incoming,
    }
}
