//! The two ends of a payload, which tell of most that there is nothing odd about them.

use super::application;
use crate::ws::{FrameHeader, Opcode, Rsv};

/// How much of each end is kept.
const SOME: usize = 16;

/// The first bytes of a payload, unmasked, and the last ones.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PayloadEdges {
    first: [u8; SOME],
    last: [u8; SOME],
    length: u64,
}

impl PayloadEdges {
    /// Those of a whole payload.
    pub(super) fn of(payload: &[u8]) -> Self {
        let mut ends = Self::default();
        ends.push(payload);
        ends
    }

    /// A further piece of the payload.
    pub(super) fn push(&mut self, piece: &[u8]) {
        let known = self.first().len();
        for (place, byte) in self.first.iter_mut().skip(known).zip(piece) {
            *place = *byte;
        }
        if let Some(last) = piece.last_chunk() {
            self.last = *last;
        } else {
            self.last.rotate_left(piece.len());
            for (place, byte) in self.last.iter_mut().rev().zip(piece.iter().rev()) {
                *place = *byte;
            }
        }
        self.length += piece.len() as u64;
    }

    /// Whether a whole message with these ends, in one frame that is not compressed, may be
    /// odd. Of most it is known at once that they are not.
    pub(super) fn may_be_odd(&self, header: &FrameHeader) -> bool {
        let is_message = header.fin && header.rsv == Rsv::NONE;
        let last = self.last().last().copied();
        is_message
            && (header.opcode == Opcode::TEXT && self.have_control()
                || application::is_worth_a_look(header.opcode, self.first(), last))
    }

    /// Whether there is a byte in them that no text has.
    pub(super) fn have_control(&self) -> bool {
        let mut bytes = self.first().iter().chain(self.last());
        bytes.any(|byte| is_odd(*byte))
    }

    fn first(&self) -> &[u8] {
        let size = usize::try_from(self.length).unwrap_or(SOME).min(SOME);
        self.first.get(..size).unwrap_or_default()
    }

    fn last(&self) -> &[u8] {
        let size = self.first().len();
        self.last.get(SOME - size..).unwrap_or_default()
    }
}

/// A control character that stands in no text.
pub(super) const fn is_odd(byte: u8) -> bool {
    byte.is_ascii_control() && !byte.is_ascii_whitespace()
}
