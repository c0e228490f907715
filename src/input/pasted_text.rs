//! Gives the lines of a text to the reader of pastes: from a file, a pipe or the command line.
//! `Input` uses it.

use std::borrow::Cow;
use std::io::Read;

use super::hexadecimal::HexStream;
use super::paste::{
    Chunk, Content, PasteReader, in_utf8, is_utf16, terminal_sequences, without_mark,
};
use super::source::{fill, read};
use super::{EvidenceFn, InputChunk, InputNotice, PIECE, StreamError};
use crate::notation::{HexReader, Notation};

/// How many bytes of a file are read at once. Most files are smaller.
pub(super) const WINDOW: usize = 4 << 20;

/// From this length on, a text of only hexadecimal streams, and is not kept.
pub(super) const LONG: usize = 64 << 10;

/// A text, and the reader of the rest of it.
pub(super) struct PastedText {
    /// None at the end.
    reader: Option<Box<dyn Read>>,
    is_file: bool,
    /// Bytes that the reader of pastes does not have: their last line is incomplete.
    pending: Vec<u8>,
    paste: PasteReader,
    given: Option<Chunk>,
    /// The bytes of the last chunk.
    bytes: Vec<u8>,
    is_last: bool,
    is_named: bool,
    /// Whether the lines are returned, too, before they are read.
    gives_lines: bool,
    pushing: Pushing,
}

/// The state of the pending lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pushing {
    /// They were not read.
    Waiting,
    /// The first bytes, this many, were returned as lines, and are read next.
    Given(usize),
    /// The complete ones were read.
    Done,
}

/// The next part of a text.
pub(super) enum NextPart {
    Chunk,
    /// Lines that are read next.
    Lines,
    End,
    /// Long hexadecimal, and nothing else.
    Hexadecimal(Box<HexStream>),
}

impl PastedText {
    /// A text that begins with `start`. Without a reader, that is the whole text.
    pub(super) fn new(
        reader: Option<Box<dyn Read>>,
        is_file: bool,
        start: Vec<u8>,
        evidence_of: EvidenceFn,
    ) -> Self {
        Self {
            reader,
            is_file,
            pending: start,
            paste: PasteReader::new(evidence_of),
            given: None,
            bytes: Vec::new(),
            is_last: false,
            is_named: false,
            gives_lines: false,
            pushing: Pushing::Waiting,
        }
    }

    /// Returns the lines, too, before they are read.
    pub(super) const fn give_lines(&mut self) {
        self.gives_lines = true;
    }

    /// A whole text in the notation that the user named.
    pub(super) fn of_named(text: &[u8], notation: Notation, evidence_of: EvidenceFn) -> Self {
        let text = in_utf8(text);
        let text = String::from_utf8_lossy(&terminal_sequences::strip(&text)).into_owned();
        Self {
            reader: None,
            is_file: false,
            pending: Vec::new(),
            paste: PasteReader::of_named(&text, notation, evidence_of),
            given: None,
            bytes: Vec::new(),
            is_last: false,
            is_named: true,
            gives_lines: false,
            pushing: Pushing::Done,
        }
    }

    /// Whether the user named the notation.
    pub(super) const fn is_named(&self) -> bool {
        self.is_named
    }

    /// What the text contains instead of bytes.
    pub(super) const fn found_instead(&self) -> Option<&'static str> {
        self.paste.found_instead()
    }

    /// Reads up to the next chunk.
    pub(super) fn read(&mut self) -> Result<NextPart, StreamError> {
        loop {
            if let Some(chunk) = self.paste.next() {
                self.is_last = !self.paste.has_more_like(&chunk);
                self.keep(chunk);
                // A text may leave out all bytes.
                if self.size() > 0 || self.chunk().message.is_some() {
                    return Ok(NextPart::Chunk);
                }
                continue;
            }
            if self.pushing == Pushing::Waiting {
                self.split_at_cr();
            }
            if self.pushing == Pushing::Waiting && self.give_next_lines() {
                return Ok(NextPart::Lines);
            }
            if self.pushing != Pushing::Done {
                self.push_lines();
                continue;
            }
            if let Some(stream) = self.turn_to_hexadecimal() {
                return Ok(NextPart::Hexadecimal(Box::new(stream)));
            }
            if self.reader.is_none() {
                self.given = None;
                self.bytes.clear();
                return match self.paste.error() {
                    Some(error) => Err(StreamError::Notation(error)),
                    None => Ok(NextPart::End),
                };
            }
            self.fill()?;
            self.pushing = Pushing::Waiting;
        }
    }

    /// How many bytes the last chunk has; 0 at the end.
    pub(super) const fn size(&self) -> usize {
        self.bytes.len()
    }

    /// The lines that were given last, as they stand in the source, if they are what was read last.
    fn lines(&self) -> Option<&[u8]> {
        match self.pushing {
            Pushing::Given(size) => self.pending.get(..size),
            _ => None,
        }
    }

    /// The last chunk.
    pub(super) fn chunk(&self) -> InputChunk<'_> {
        if let Some(lines) = self.lines() {
            return InputChunk {
                lines: Some(lines),
                ..InputChunk::new(&[], false)
            };
        }
        let chunk = self.given.as_ref();
        InputChunk {
            bytes: &self.bytes,
            lines: None,
            head: chunk.and_then(|chunk| match &chunk.content {
                Content::Head(head) => Some(head),
                _ => None,
            }),
            message: chunk.and_then(|chunk| match &chunk.content {
                Content::Message(message) => Some(message),
                _ => None,
            }),
            is_cut: chunk.is_some_and(
                |chunk| matches!(&chunk.content, Content::Bytes { omitted, .. } if *omitted > 0),
            ),
            direction: chunk.and_then(|chunk| chunk.direction),
            time: chunk.and_then(|chunk| chunk.time.as_deref()),
            connection: chunk.and_then(|chunk| chunk.connection),
            is_last: self.is_last,
        }
    }

    pub(super) fn notices(&mut self) -> Vec<InputNotice> {
        self.paste.notices()
    }

    /// Keeps a chunk, and its bytes as they are on the wire.
    fn keep(&mut self, mut chunk: Chunk) {
        self.bytes = match &mut chunk.content {
            Content::Head(head) => head.wire(),
            Content::Bytes { bytes, .. } => std::mem::take(bytes),
            Content::Message(message) => message.payload.clone(),
            Content::Characters(_) => Vec::new(),
        };
        self.given = Some(chunk);
    }

    /// Reads more of the text after the pending bytes.
    fn fill(&mut self) -> Result<(), StreamError> {
        let Some(reader) = &mut self.reader else {
            return Ok(());
        };
        let size = self.pending.len();
        let most = if self.is_file { WINDOW } else { PIECE };
        self.pending.resize(size + most, 0);
        let filled = if self.is_file {
            // Reading a file does not block.
            fill(reader, &mut self.pending, size)
        } else {
            let room = self.pending.get_mut(size..).unwrap_or_default();
            read(reader, room).map(|more| size + more)
        };
        let filled = filled.inspect_err(|_| self.pending.truncate(size))?;
        self.pending.truncate(filled);
        if filled == size || self.is_file && filled < size + most {
            self.reader = None;
        }
        Ok(())
    }

    /// Ends the lines of a whole text at CR, if it has no LF.
    fn split_at_cr(&mut self) {
        const FEWEST: usize = 2;
        let is_whole = self.reader.is_none() && self.paste.lines() == 0;
        let ends = memchr::memchr_iter(b'\r', &self.pending).take(FEWEST);
        if is_whole && ends.count() == FEWEST && memchr::memchr(b'\n', &self.pending).is_none() {
            for byte in &mut self.pending {
                if *byte == b'\r' {
                    *byte = b'\n';
                }
            }
            self.paste.tell(InputNotice::LinesEndInCr);
        }
    }

    /// Returns the pending lines, in UTF-8, if they are complete and the caller wants lines. Returns
    /// whether there are any.
    fn give_next_lines(&mut self) -> bool {
        let Some(size) = self.complete_lines().filter(|_| self.gives_lines) else {
            return false;
        };
        if is_utf16(&self.pending) {
            self.pending = in_utf8(&self.pending).into_owned();
        }
        let size = size.min(self.pending.len());
        let after = self.pending.split_off(size);
        end_lines_at_lone_cr(&mut self.pending);
        if let Cow::Owned(plain) = terminal_sequences::strip(&self.pending) {
            self.pending = plain;
        }
        let size = self.pending.len();
        self.pending.extend(after);
        self.pushing = Pushing::Given(size);
        self.given = None;
        self.bytes.clear();
        true
    }

    /// The length of the complete lines among the pending bytes; None if none can be read.
    fn complete_lines(&self) -> Option<usize> {
        let is_end = self.reader.is_none();
        if is_utf16(&self.pending) && !is_end {
            return None;
        }
        let size = match memchr::memrchr(b'\n', &self.pending) {
            _ if is_end => self.pending.len(),
            Some(end) => end + 1,
            None => return None,
        };
        (is_end || !self.is_long_hexadecimal()).then_some(size)
    }

    /// Gives the complete lines to the reader of pastes.
    fn push_lines(&mut self) {
        self.pushing = Pushing::Done;
        let Some(size) = self.complete_lines() else {
            return;
        };
        let after = self.pending.split_off(size);
        let lines = std::mem::replace(&mut self.pending, after);
        let lines = match in_utf8(&lines) {
            Cow::Borrowed(text) if text.len() == lines.len() => lines,
            text => text.into_owned(),
        };
        let mut lines = match terminal_sequences::strip(&lines) {
            Cow::Borrowed(_) => lines,
            Cow::Owned(plain) => plain,
        };
        end_lines_at_lone_cr(&mut lines);
        let lines = String::from_utf8(lines)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        self.paste.push(lines, self.reader.is_none());
    }

    /// Whether the unread text is long, and hexadecimal like all text before it.
    fn is_long_hexadecimal(&self) -> bool {
        let Some(unread) = self.paste.unread_hexadecimal() else {
            return false;
        };
        let pending = without_mark(&self.pending);
        if unread.len() + pending.len() < LONG {
            return false;
        }
        let size = unread.len().min(LONG);
        let start = [
            unread.as_bytes().get(..size).unwrap_or_default(),
            pending.get(..LONG - size).unwrap_or_default(),
        ];
        HexReader::is_sure_of(&start.concat(), false)
    }

    /// The rest of a text of only hexadecimal, if it is long.
    fn turn_to_hexadecimal(&mut self) -> Option<HexStream> {
        if self.reader.is_none() || !self.is_long_hexadecimal() {
            return None;
        }
        let unread = self.paste.unread_hexadecimal().unwrap_or_default();
        let start = [unread.as_bytes(), without_mark(&self.pending)].concat();
        let reader = self.reader.take()?;
        let lines = self.paste.lines();
        Some(HexStream::new(reader, self.is_file, start, lines))
    }
}

/// Makes a line feed of each CR that is inside a line: it ends a line, too, where texts with
/// several line ends were joined. CR CR LF is one line end.
fn end_lines_at_lone_cr(lines: &mut [u8]) {
    let mut from = 0;
    while let Some(at) = memchr::memchr(b'\r', lines.get(from..).unwrap_or_default()) {
        if let Some([cr, next, ..]) = lines.get_mut(from + at..)
            && !matches!(next, b'\r' | b'\n')
        {
            *cr = b'\n';
        }
        from += at + 1;
    }
}
