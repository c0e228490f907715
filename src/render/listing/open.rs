//! What is kept of a frame until its end has been told.

use crate::diagnosis::stream::FrameStart;
use crate::render::excerpt::{Excerpt, ExcerptBuffer};
use crate::ws::Opcode;

/// What is being told.
pub(super) enum Open {
    Frame(FrameStart),
    /// No frame; bytes from this offset on.
    Gap(u64),
}

/// What a compressed payload inflates to, if it does.
pub(super) struct Inflated {
    bytes: ExcerptBuffer,
    is_some: bool,
}

impl Inflated {
    pub(super) const fn new(bytes: ExcerptBuffer) -> Self {
        Self {
            bytes,
            is_some: false,
        }
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.is_some = false;
    }

    pub(super) fn push(&mut self, piece: &[u8]) {
        self.bytes.push(piece);
        self.is_some = true;
    }

    pub(super) fn excerpt(&self) -> Option<Excerpt<'_>> {
        self.is_some.then(|| self.bytes.excerpt())
    }

    /// Whether a frame begins a compressed text, and that could be read.
    pub(super) fn is_text_of(&self, frame: &FrameStart) -> bool {
        self.is_some && frame.header.opcode == Opcode::TEXT
    }
}
