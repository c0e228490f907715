//! The memory of messages in the receiver: slices of work, limits that the caller sets, and large
//! buffers that it frees.

use super::Receiver;
use crate::ws::SharedBytes;
use crate::ws::endpoint::event::Failure;

/// From how many bytes on it takes long to free a buffer.
const LARGE: usize = 1 << 20;

impl Receiver {
    /// Begins a slice of work, in which up to `most` bytes are inflated.
    pub const fn begin_slice(&mut self, most: usize) {
        self.slice = most;
    }

    /// Whether the slice is used up.
    pub const fn is_slice_spent(&self) -> bool {
        self.slice == 0
    }

    /// Whether [`next`](Self::next) waits for the next slice, or for memory.
    pub const fn is_paused(&self) -> bool {
        self.uninflated.is_some() || self.waits_for_memory
    }

    /// Allows to hold this many bytes of a message, and as much more as one call adds.
    pub const fn allow_memory(&mut self, size: usize) {
        self.memory = size;
    }

    /// Whether [`next`](Self::next) waits for memory.
    pub fn needs_memory(&self) -> bool {
        self.is_paused() && self.message.length() >= self.memory
    }

    /// How many bytes of a message are held that is not complete, or not handled.
    pub fn held(&self) -> usize {
        self.message.length()
    }

    /// Whether the buffer of a message that was returned is so large that it takes long to free.
    /// [`take_large_message`](Self::take_large_message) comes before [`next`](Self::next) then.
    pub fn has_large_message(&self) -> bool {
        self.is_delivered && self.message.length() > LARGE
    }

    /// Takes the buffer of a large message that was returned and handled.
    pub fn take_large_message(&mut self) -> Option<SharedBytes> {
        if !self.has_large_message() {
            return None;
        }
        let buffer = self.message.take_buffer();
        self.clear_message();
        Some(buffer)
    }

    /// Takes the compressed payload of a message that was returned, if it is large: the message is
    /// needed for its reply, the payload is not.
    pub fn take_compressed_payload(&mut self) -> Option<SharedBytes> {
        let is_unneeded = self.is_delivered && self.frame_payload.len() > LARGE;
        is_unneeded.then(|| std::mem::take(&mut self.frame_payload).into())
    }

    /// Frees the compressed payload of a message that was returned, unless it is large: while its
    /// reply is compressed in slices, the same may be so on many connections.
    pub fn release_compressed_payload(&mut self) {
        if self.is_delivered && self.frame_payload.len() <= LARGE {
            self.frame_payload = Vec::new();
        }
    }

    /// Fails the connection: there is no memory for its message, since all connections together
    /// have `limit` bytes.
    pub fn refuse_memory(&mut self, limit: usize) {
        self.uninflated = None;
        self.waits_for_memory = false;
        self.is_refused = true;
        self.fail(Failure::TooMuchInAll(limit));
    }

    /// Drops the payload of the message, and the memory of a large one.
    pub(super) fn clear_message(&mut self) {
        const KEPT: usize = 64 * 1024;
        self.message.clear_message(KEPT);
        self.frame_payload.clear();
        self.frame_payload.shrink_to(KEPT);
        self.is_delivered = false;
    }

    /// Frees the memory of messages, unless one is incomplete: an idle connection needs none, and
    /// a failed one neither.
    pub fn release_memory(&mut self) {
        if self.has_large_message() {
            return;
        }
        if self.is_delivered {
            self.clear_message();
        }
        let is_between_messages = self.frame.is_none() && !self.message_is_open();
        if is_between_messages || self.failed {
            self.message.clear_message(0);
            self.frame_payload = Vec::new();
        }
    }

    /// How many bytes of memory are held for payload.
    #[cfg(test)]
    pub(in crate::ws::endpoint) fn buffered(&self) -> usize {
        self.message.buffered() + self.frame_payload.capacity()
    }

    /// Whether the current frame has more payload to be kept in the message than there is memory
    /// for.
    pub(super) fn must_wait_for_memory(&self) -> bool {
        let Some(frame) = &self.frame else {
            return false;
        };
        let length = frame.header.payload_length.value();
        frame.is_stored_in_message()
            && self.message.length() >= self.memory
            && (self.message.frame_payload().len() as u64) < length
    }
}
