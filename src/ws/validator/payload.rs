//! Checks of a payload that arrives in pieces: the UTF-8 of a text, the two bytes of a close code.

use crate::ws::{CloseCode, Utf8Error, Utf8Validator};

/// Checks the UTF-8 of a text whose pieces may stand apart in the stream, with other frames
/// between them. Errors carry stream offsets.
#[derive(Clone, Debug, Default)]
pub(super) struct StreamUtf8Check {
    validator: Utf8Validator,
    /// The stream offset of the character that the last piece left incomplete.
    pending_at: u64,
    failed: bool,
}

impl StreamUtf8Check {
    /// Checks a piece at `offset` of the stream. Only the first error of a text is returned.
    pub(super) fn push(&mut self, offset: u64, piece: &[u8]) -> Option<Utf8Error> {
        if self.failed {
            return None;
        }
        let before = self.validator.length();
        if let Err(error) = self.validator.push(piece) {
            self.failed = true;
            let place = match error.offset.checked_sub(before) {
                Some(distance) => offset + distance,
                None => self.pending_at,
            };
            return Some(Utf8Error {
                offset: place,
                ..error
            });
        }
        let pending = self.validator.pending() as u64;
        if pending > 0 && pending <= piece.len() as u64 {
            self.pending_at = offset + piece.len() as u64 - pending;
        }
        None
    }

    /// Checks the end of the text: it may end inside a character.
    pub(super) fn finish(&mut self) -> Option<Utf8Error> {
        if self.failed {
            return None;
        }
        let error = self.validator.finish().err()?;
        self.failed = true;
        Some(Utf8Error {
            offset: self.pending_at,
            ..error
        })
    }
}

/// Reads the two bytes of a close code, which may arrive separately.
#[derive(Clone, Debug, Default)]
pub(super) struct CloseCodeReader {
    high: Option<u8>,
    complete: bool,
}

impl CloseCodeReader {
    pub(super) const fn is_complete(&self) -> bool {
        self.complete
    }

    pub(super) fn push(&mut self, byte: u8) -> Option<CloseCode> {
        let Some(high) = self.high else {
            self.high = Some(byte);
            return None;
        };
        self.complete = true;
        Some(CloseCode(u16::from_be_bytes([high, byte])))
    }
}
