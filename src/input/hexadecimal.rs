//! Long hexadecimal, which streams through one buffer. `Input` uses it.

use std::io::{self, Read};

use super::PIECE;
use super::StreamError;
use super::paste::PasteError;
use super::source::{fill, read};
use crate::notation::{HexReader, Notation};

/// A text of hexadecimal that is never in memory as a whole.
pub(super) struct HexStream {
    reader: Box<dyn Read>,
    is_file: bool,
    is_named: bool,
    text: Vec<u8>,
    /// How many bytes of the text are in the buffer and not decoded.
    held: usize,
    /// Whether the buffer has new text, not only the start of an incomplete item.
    is_fresh: bool,
    after: AfterPiece,
    hex: HexReader,
    bytes: Vec<u8>,
}

/// What comes after the bytes that were returned last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AfterPiece {
    More,
    /// An error. The undecoded text begins at its place.
    Error,
    Nothing,
}

impl HexStream {
    /// A stream whose first bytes are in `start`. `lines` is the number of lines before them.
    pub(super) fn new(
        reader: Box<dyn Read>,
        is_file: bool,
        start: Vec<u8>,
        lines_before: usize,
    ) -> Self {
        let mut text = start;
        let held = text.len();
        text.resize(held.max(PIECE), 0);
        Self {
            reader,
            is_file,
            is_named: false,
            held,
            is_fresh: true,
            after: AfterPiece::More,
            hex: HexReader::after_lines(lines_before),
            bytes: vec![0; text.len() / 2],
            text,
        }
    }

    /// Sets whether the user named the notation.
    pub(super) const fn named(mut self, is_named: bool) -> Self {
        self.is_named = is_named;
        self
    }

    /// Whether the user named the notation.
    pub(super) const fn is_named(&self) -> bool {
        self.is_named
    }

    /// Reads the next bytes. Returns how many there are; 0 only at the end.
    pub(super) fn read(&mut self) -> Result<usize, StreamError> {
        loop {
            match self.after {
                AfterPiece::More => {}
                AfterPiece::Error => return Err(self.error()),
                AfterPiece::Nothing => return Ok(0),
            }
            let is_end = self.fill()?;
            let text = self.text.get(..self.held).unwrap_or_default();
            let progress = self.hex.read(text, &mut self.bytes, is_end);
            self.text.copy_within(progress.read..self.held, 0);
            self.held -= progress.read;
            self.after = match is_end {
                _ if progress.has_error => AfterPiece::Error,
                true => AfterPiece::Nothing,
                false => AfterPiece::More,
            };
            if progress.written > 0 {
                return Ok(progress.written);
            }
        }
    }

    /// The bytes that were read last.
    pub(super) fn bytes(&self, size: usize) -> &[u8] {
        self.bytes.get(..size).unwrap_or_default()
    }

    /// Whether the bytes that were read last are certainly the end.
    pub(super) fn is_at_end(&self) -> bool {
        self.after == AfterPiece::Nothing
    }

    /// Reads more text into the buffer. Returns whether the source is at its end.
    fn fill(&mut self) -> io::Result<bool> {
        let is_fresh = std::mem::take(&mut self.is_fresh);
        let held = self.held;
        if self.is_file {
            // Reading a file does not block.
            self.held = fill(&mut self.reader, &mut self.text, held)?;
            return Ok(self.held < self.text.len());
        }
        if !is_fresh {
            let room = self.text.get_mut(held..).unwrap_or_default();
            self.held += read(&mut self.reader, room)?;
        }
        Ok(!is_fresh && self.held == held)
    }

    /// The error. Reads as much of the text after it as the message shows.
    fn error(&mut self) -> StreamError {
        let mut error = std::mem::take(&mut self.hex).error();
        let mut size = self.held;
        while !error.take(self.text.get(..size).unwrap_or_default()) {
            size = match read(&mut self.reader, &mut self.text) {
                Ok(0) => break,
                Ok(size) => size,
                Err(error) => return StreamError::Unreadable(error),
            };
        }
        StreamError::Notation(PasteError {
            notation: Notation::Hex,
            error: error.error(),
        })
    }
}
