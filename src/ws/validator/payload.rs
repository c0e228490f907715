//! What a payload has to be, checked as it comes.

use crate::ws::{CloseCode, Utf8Error, Utf8Validator};

/// UTF-8 over the pieces of a text, its faults placed in the stream.
#[derive(Clone, Debug, Default)]
pub(super) struct StreamUtf8Check {
    validator: Utf8Validator,
    /// Where in the stream the character begins that the last piece left incomplete.
    pending_at: u64,
    failed: bool,
}

impl StreamUtf8Check {
    /// Takes a piece that stands at `offset` of the stream; its fault is reported once.
    pub(super) fn push(&mut self, offset: u64, piece: &[u8]) -> Option<Utf8Error> {
        if self.failed {
            return None;
        }
        let before = self.validator.length();
        if let Err(fault) = self.validator.push(piece) {
            self.failed = true;
            let place = match fault.offset.checked_sub(before) {
                Some(distance) => offset + distance,
                None => self.pending_at,
            };
            return Some(Utf8Error {
                offset: place,
                ..fault
            });
        }
        let pending = self.validator.pending() as u64;
        if pending > 0 && pending <= piece.len() as u64 {
            self.pending_at = offset + piece.len() as u64 - pending;
        }
        None
    }

    /// The end of the text.
    pub(super) fn finish(&mut self) -> Option<Utf8Error> {
        if self.failed {
            return None;
        }
        let fault = self.validator.finish().err()?;
        self.failed = true;
        Some(Utf8Error {
            offset: self.pending_at,
            ..fault
        })
    }
}

/// The two bytes of a close code, which may come apart.
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
