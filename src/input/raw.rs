//! Raw bytes, which stream through one buffer. `Input` uses it.

use std::io::{self, Read};

use super::PIECE;
use super::source::{fill, read};

/// Raw bytes. The first ones were read to decide what the source is.
pub(super) struct RawBytes {
    reader: Box<dyn Read>,
    is_file: bool,
    buffer: Vec<u8>,
    /// How many bytes of the buffer were read before.
    first: usize,
    is_at_end: bool,
}

impl RawBytes {
    /// The raw bytes that begin with `start` and continue with those of `reader`.
    pub(super) fn new(reader: Box<dyn Read>, is_file: bool, start: Vec<u8>) -> Self {
        let first = start.len();
        let mut buffer = start;
        buffer.resize(first.max(PIECE), 0);
        Self {
            reader,
            is_file,
            buffer,
            first,
            is_at_end: false,
        }
    }

    /// Reads the next bytes. Returns how many there are; 0 only at the end.
    pub(super) fn read(&mut self) -> io::Result<usize> {
        let first = std::mem::take(&mut self.first);
        let size = match first {
            // Reading a file does not block.
            _ if self.is_file => fill(&mut self.reader, &mut self.buffer, first)?,
            0 => read(&mut self.reader, &mut self.buffer)?,
            _ => first,
        };
        self.is_at_end = self.is_file && size < self.buffer.len();
        Ok(size)
    }

    /// The bytes that were read last.
    pub(super) fn bytes(&self, size: usize) -> &[u8] {
        self.buffer.get(..size).unwrap_or_default()
    }

    /// Whether the bytes that were read last are certainly the end.
    pub(super) const fn is_at_end(&self) -> bool {
        self.is_at_end
    }
}
