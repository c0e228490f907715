//! Compressed messages of the receiver: inflates them piece by piece, in slices.

use super::{CurrentFrame, Receiver};
use crate::ws::deflate::CompressedMessageError;
use crate::ws::endpoint::event::{CompressedFailure, Failure};
use crate::ws::{FrameHeader, Opcode};

impl Receiver {
    /// Begins a compressed message, if this is its first header. Returns whether the frame
    /// belongs to one.
    pub(super) fn begin_compressed(&mut self, header: &FrameHeader) -> bool {
        let Some(inflater) = &mut self.inflater else {
            return false;
        };
        if header.opcode != Opcode::CONTINUATION && header.rsv.rsv1() {
            inflater.start(header.opcode);
        }
        inflater.is_open()
    }

    /// Inflates a piece of a frame into the message, if it is compressed. Returns how many bytes
    /// at the end of the piece are left for the next slice; None if the piece is done.
    pub(super) fn inflate(&mut self, frame: &CurrentFrame, mut piece: &[u8]) -> Option<usize> {
        if !frame.is_compressed {
            return None;
        }
        let inflater = self.inflater.as_mut()?;
        let before = self.message.length();
        let most = self.slice.min(self.memory.saturating_sub(before));
        let result = inflater.push_some(&mut piece, most, |inflated| self.message.push(inflated));
        self.slice = self.slice.saturating_sub(self.message.length() - before);
        match result {
            Ok(is_done) => (!is_done).then_some(piece.len()),
            Err(error) => {
                self.fail_by_compression(error, frame);
                None
            }
        }
    }

    /// Inflates what an earlier slice has left of the current frame, as [`inflate`](Self::inflate)
    /// does.
    pub(super) fn inflate_rest(&mut self, frame: &CurrentFrame, length: usize) -> Option<usize> {
        let payload = std::mem::take(&mut self.frame_payload);
        let start = payload.len().saturating_sub(length);
        let left = self.inflate(frame, payload.get(start..).unwrap_or_default());
        self.frame_payload = payload;
        left
    }

    pub(super) fn fail_by_compression(
        &mut self,
        error: CompressedMessageError,
        frame: &CurrentFrame,
    ) {
        self.fail(Failure::Compressed(CompressedFailure {
            error,
            frame: self.validator().frames(),
            offset: frame.offset,
            length: frame.header.payload_length.value(),
        }));
    }

    pub(super) fn end_compressed(&mut self, frame: &CurrentFrame) {
        if let Some(inflater) = &mut self.inflater
            && let Err(error) = inflater.finish()
            && !error.is_empty_payload()
        {
            self.fail_by_compression(error, frame);
        }
    }
}
