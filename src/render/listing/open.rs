//! What is kept of a frame until its end has been told.

use crate::diagnosis::stream::FrameStart;
use crate::render::excerpt::{Excerpt, Keeper};
use crate::ws::Opcode;

/// What is being told.
pub(super) enum Open {
    Frame(FrameStart),
    /// No frame; octets from this offset on.
    Gap(u64),
}

/// What a compressed payload inflates to, if it does.
pub(super) struct Inflated {
    octets: Keeper,
    is_some: bool,
}

impl Inflated {
    pub(super) const fn new(octets: Keeper) -> Self {
        Self {
            octets,
            is_some: false,
        }
    }

    pub(super) fn clear(&mut self) {
        self.octets.clear();
        self.is_some = false;
    }

    pub(super) fn push(&mut self, piece: &[u8]) {
        self.octets.push(piece);
        self.is_some = true;
    }

    pub(super) fn excerpt(&self) -> Option<Excerpt<'_>> {
        self.is_some.then(|| self.octets.excerpt())
    }

    /// Whether a frame begins a compressed text, and that could be read.
    pub(super) fn is_text_of(&self, frame: &FrameStart) -> bool {
        self.is_some && frame.header.opcode == Opcode::TEXT
    }
}
