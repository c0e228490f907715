//! Long hexadecimal, which streams through one buffer.

use std::io::{self, Read};

use super::source::{fill, read};
use crate::notation::{HexReader, NotationError};

/// A text of hexadecimal that is never whole in memory.
pub(super) struct Stream {
    reader: Box<dyn Read>,
    is_file: bool,
    text: Vec<u8>,
    /// How many octets of the text are there, and not read as hexadecimal.
    held: usize,
    /// There are more of them than the beginning of something.
    is_fresh: bool,
    then: Then,
    hex: HexReader,
    octets: Vec<u8>,
}

/// What follows the octets that were given last.
#[derive(Clone, Copy)]
enum Then {
    More,
    /// Something that does not belong, which the text that is held begins with.
    Fault,
    Nothing,
}

/// Why there are no more octets.
pub(super) enum Stop {
    Unreadable(io::Error),
    Fault(NotationError),
}

impl Stream {
    /// A stream of which so much was read already.
    pub(super) fn new(reader: Box<dyn Read>, is_file: bool, start: Vec<u8>, piece: usize) -> Self {
        let mut text = start;
        let held = text.len();
        text.resize(held.max(piece), 0);
        Self {
            reader,
            is_file,
            held,
            is_fresh: true,
            then: Then::More,
            hex: HexReader::default(),
            octets: vec![0; text.len() / 2],
            text,
        }
    }

    /// Reads the next octets: how many there are, 0 only at the end, and whether it is
    /// known that none follow.
    pub(super) fn next(&mut self) -> Result<(usize, bool), Stop> {
        loop {
            match self.then {
                Then::More => {}
                Then::Fault => return Err(self.fault()),
                Then::Nothing => return Ok((0, true)),
            }
            let is_end = self.fill().map_err(Stop::Unreadable)?;
            let text = self.text.get(..self.held).unwrap_or_default();
            let progress = self.hex.read(text, &mut self.octets, is_end);
            self.text.copy_within(progress.read..self.held, 0);
            self.held -= progress.read;
            self.then = match is_end {
                _ if progress.is_fault => Then::Fault,
                true => Then::Nothing,
                false => Then::More,
            };
            if progress.written > 0 {
                return Ok((progress.written, matches!(self.then, Then::Nothing)));
            }
        }
    }

    /// The octets that were read last.
    pub(super) fn octets(&self, size: usize) -> &[u8] {
        self.octets.get(..size).unwrap_or_default()
    }

    /// Reads more text behind what is held; whether that is the end.
    fn fill(&mut self) -> io::Result<bool> {
        let is_fresh = std::mem::take(&mut self.is_fresh);
        let held = self.held;
        if self.is_file {
            // A file never keeps anybody waiting.
            self.held = fill(&mut self.reader, &mut self.text, held)?;
            return Ok(self.held < self.text.len());
        }
        if !is_fresh {
            let room = self.text.get_mut(held..).unwrap_or_default();
            self.held += read(&mut self.reader, room)?;
        }
        Ok(!is_fresh && self.held == held)
    }

    /// The fault, with as much of what is behind it as is told.
    fn fault(&mut self) -> Stop {
        let mut fault = std::mem::take(&mut self.hex).fault();
        let mut size = self.held;
        while !fault.take(self.text.get(..size).unwrap_or_default()) {
            size = match read(&mut self.reader, &mut self.text) {
                Ok(0) => break,
                Ok(size) => size,
                Err(error) => return Stop::Unreadable(error),
            };
        }
        Stop::Fault(fault.error())
    }
}
