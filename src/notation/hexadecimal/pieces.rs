//! A text that comes in pieces, and is gone when it was read.

use super::super::NotationError;
use super::items::{Items, Progress};
use super::{EXPECTED, most_octets};
use crate::notation::{hexdump, lead};

/// Reads hexadecimal in pieces, wherever they are cut.
#[derive(Debug, Default)]
pub struct HexReader {
    items: Items,
    place: Place,
}

impl HexReader {
    /// Whether a long text that begins so can only be hexadecimal, without anything around
    /// it, so that the rest of it is not needed to tell. If the notation is said, it is
    /// not asked what else the digits could be.
    pub fn is_sure_of(start: &[u8], is_said: bool) -> bool {
        let mut octets = vec![0; most_octets(start.len())];
        let progress = Items::default().read(start, &mut octets, false);
        let space = start.len() - start.trim_ascii_start().len();
        !progress.is_fault
            && progress.written > 0
            && lead::length(start) == space
            && (is_said || !is_doubtful(start.trim_ascii_start()))
    }

    /// Reads a piece, and writes its octets where there must be room for half as many.
    /// What is left of it, three octets at most, belongs in front of the next one. Behind
    /// a fault nothing is read.
    pub fn read(&mut self, text: &[u8], octets: &mut [u8], is_end: bool) -> Progress {
        let progress = self.items.read(text, octets, is_end);
        self.place
            .pass(text.get(..progress.read).unwrap_or_default());
        progress
    }

    /// The fault behind all that was read.
    pub fn fault(self) -> HexFault {
        HexFault {
            place: self.place,
            behind: Vec::new(),
            is_line_whole: false,
        }
    }
}

/// Whether a beginning that reads as hexadecimal could be that of something else. All that
/// it could be must be so from beginning to end.
fn is_doubtful(start: &[u8]) -> bool {
    let begins_with_digit = start.first().is_some_and(u8::is_ascii_hexdigit);
    // Decimals have no letters, and bits none but the b of their prefix.
    let is_letter = |octet: &u8| matches!(octet.to_ascii_lowercase(), b'a' | b'c'..=b'f');
    let lines = memchr::memrchr(b'\n', start).and_then(|end| start.get(..=end));
    let is_dump = |lines: &[u8]| hexdump::begins(lines) || hexdump::looks_like(lines);
    !begins_with_digit
        || !start.iter().any(is_letter)
        || hexdump::could_be_row(start)
        || lines.is_some_and(is_dump)
}

/// Where in a text reading is, and what stands in front of that in its line. All of it is
/// ASCII.
#[derive(Debug, Default)]
struct Place {
    /// How many lines have ended.
    lines: usize,
    /// How many octets of the line are not kept.
    columns: usize,
    /// The end of the line.
    line: Vec<u8>,
}

/// How much of a line on either side of a fault is kept: more than is shown of it.
const KEPT: usize = 256;

impl Place {
    fn pass(&mut self, text: &[u8]) {
        let line = match memchr::memrchr(b'\n', text) {
            Some(end) => {
                self.lines += memchr::memchr_iter(b'\n', text).count();
                self.columns = 0;
                self.line.clear();
                text.get(end + 1..).unwrap_or_default()
            }
            None => text,
        };
        let left_out = line.len().saturating_sub(KEPT);
        self.line.extend(line.iter().skip(left_out));
        let too_many = self.line.len().saturating_sub(KEPT);
        self.line.drain(..too_many);
        self.columns += left_out + too_many;
    }
}

/// A place where a text that came in pieces stops being hexadecimal, and what is told of
/// what stands there.
#[derive(Debug)]
pub struct HexFault {
    place: Place,
    /// As much of the text from the place on as the error tells.
    behind: Vec<u8>,
    /// The line has ended, so that what follows only tells that there is another one.
    is_line_whole: bool,
}

impl HexFault {
    /// Takes the next piece of the text, from the place on; whether the error tells
    /// nothing of what is still to come.
    pub fn take(&mut self, text: &[u8]) -> bool {
        let mut rest = text;
        if !self.is_line_whole {
            let end = memchr::memchr(b'\n', text);
            let (line, others) = text.split_at(end.unwrap_or(text.len()));
            self.keep(line);
            if end.is_some() {
                self.behind.push(b'\n');
                self.is_line_whole = true;
            }
            rest = others;
        }
        if self.is_line_whole && !rest.trim_ascii_start().is_empty() {
            self.behind.push(b'.');
            return true;
        }
        self.is_line_whole && self.place.lines > 0
    }

    /// Keeps a part of the line. Far behind the place, all that is told is whether there
    /// is anything but white space.
    fn keep(&mut self, line: &[u8]) {
        let room = KEPT.saturating_sub(self.behind.len());
        let (near, far) = line.split_at(room.min(line.len()));
        self.behind.extend(near);
        let room = (2 * KEPT).saturating_sub(self.behind.len());
        let is_ink = |octet: &&u8| !octet.is_ascii_whitespace();
        self.behind.extend(far.iter().filter(is_ink).take(room));
    }

    /// The error, once all was taken that it tells of.
    pub fn error(self) -> NotationError {
        let Place {
            lines,
            columns,
            mut line,
        } = self.place;
        let offset = line.len();
        line.extend(self.behind);
        NotationError::new(&line, offset, EXPECTED)
            .behind_lines(lines)
            .behind_columns(columns)
    }
}
