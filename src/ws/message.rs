//! Messages, joined from the payloads of their frames (RFC 6455 §5.4).
//!
//! Headers and pieces of payload go in, messages come out. The receiver of an endpoint joins
//! fragments with it, the JSON output of `decode` every message; the analyzers keep the
//! beginning of what a compressed message inflates to.

use super::{FrameHeader, Opcode, SharedBytes};

/// Joins the fragments of messages. Control frames between them are skipped.
///
/// It continues after errors: a continuation without a start is a message of its own, and a
/// new start ends the message before it. A payload is truncated to the limit. A caller that
/// refuses a larger message compares [`announced`](Self::announced) with the limit before it
/// pushes payload.
#[derive(Clone, Debug)]
pub struct MessageAssembler {
    limit: usize,
    /// The beginning of the message.
    payload: SharedBytes,
    /// Its whole length.
    length: u64,
    frames: u64,
    opcode: Opcode,
    is_open: bool,
    /// Whether the current frame is part of the message.
    is_in_message: bool,
    /// Where in `payload` the current frame begins.
    frame_start: usize,
}

/// A message: the payloads of its frames, joined (RFC 6455 §5.4, §5.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// Text or binary; a continuation where a start was missing.
    pub opcode: Opcode,
    /// The payload, or its beginning where it is larger than the limit.
    pub payload: &'a [u8],
    /// The whole length in bytes.
    pub length: u64,
    /// How many frames it came in.
    pub frames: u64,
    /// The buffer that the payload is in, which can be kept without a copy; None if it is in
    /// another one.
    pub buffer: Option<&'a SharedBytes>,
}

impl MessageAssembler {
    /// Keeps up to `limit` bytes of a message.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            payload: SharedBytes::default(),
            length: 0,
            frames: 0,
            opcode: Opcode::CONTINUATION,
            is_open: false,
            is_in_message: false,
            frame_start: 0,
        }
    }

    /// A frame begins.
    pub fn begin_frame(&mut self, header: &FrameHeader) {
        self.is_in_message = header.opcode.is_message_part();
        if !self.is_in_message {
            return;
        }
        if header.opcode != Opcode::CONTINUATION || !self.is_open {
            self.clear();
            self.length = 0;
            self.frames = 0;
            self.opcode = header.opcode;
            self.is_open = true;
        }
        self.frames += 1;
        self.frame_start = self.payload.len();
    }

    /// How long the message will be at least, by the header of the current frame.
    pub const fn announced(&self, header: &FrameHeader) -> u64 {
        self.length.saturating_add(header.payload_length.value())
    }

    /// Adds a piece of payload, or of what that inflates to.
    pub fn push(&mut self, piece: &[u8]) {
        if self.is_in_message {
            self.length += piece.len() as u64;
            let room = self.limit - self.payload.len();
            self.payload
                .make_mut()
                .extend_from_slice(piece.get(..room).unwrap_or(piece));
        }
    }

    /// The frame is complete. Returns the message, if that was its last frame.
    pub fn end_frame(&mut self, header: &FrameHeader) -> Option<Message<'_>> {
        if !(self.is_in_message && header.fin) {
            return None;
        }
        self.is_open = false;
        Some(self.message())
    }

    /// How many bytes of the message are held.
    pub fn length(&self) -> usize {
        self.payload.len()
    }

    /// The message as far as it was pushed.
    pub fn message(&self) -> Message<'_> {
        Message {
            opcode: self.opcode,
            payload: &self.payload,
            length: self.length,
            frames: self.frames,
            buffer: Some(&self.payload),
        }
    }

    /// What the current frame, or the one that ended last, added to the message.
    pub fn frame_payload(&self) -> &[u8] {
        self.payload.get(self.frame_start..).unwrap_or_default()
    }

    /// Drops the payload of a message that was handled, and all memory above `kept` bytes.
    pub fn clear_message(&mut self, kept: usize) {
        /// A larger buffer is made smaller before it is freed: the allocator of glibc would keep
        /// the memory of others of its size.
        const SMALL: usize = 64 << 10;
        self.clear();
        for size in [SMALL.max(kept), kept] {
            if self.payload.capacity() > size {
                self.payload.make_mut().shrink_to(size);
            }
        }
        self.length = 0;
        self.frame_start = 0;
    }

    /// Takes the buffer of a message that was handled, and what else `clear_message` drops.
    pub(super) fn take_buffer(&mut self) -> SharedBytes {
        let buffer = std::mem::take(&mut self.payload);
        self.clear_message(0);
        buffer
    }

    /// Empties the payload. Other owners of its buffer keep it.
    fn clear(&mut self) {
        if self.payload.is_shared() {
            self.payload = SharedBytes::default();
        } else {
            self.payload.make_mut().clear();
        }
    }

    /// How many bytes of memory are held for payload.
    #[cfg(test)]
    pub(super) fn buffered(&self) -> usize {
        self.payload.capacity()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(fin: bool, opcode: Opcode) -> FrameHeader {
        FrameHeader {
            fin,
            ..FrameHeader::new(opcode, 0)
        }
    }

    fn feed(
        assembler: &mut MessageAssembler,
        fin: bool,
        opcode: Opcode,
        payload: &str,
    ) -> Option<(Opcode, String, u64)> {
        let header = frame(fin, opcode);
        assembler.begin_frame(&header);
        assembler.push(payload.as_bytes());
        assembler.end_frame(&header).map(|message| {
            (
                message.opcode,
                String::from_utf8_lossy(message.payload).into(),
                message.length,
            )
        })
    }

    #[test]
    fn joins_fragments_around_a_ping() {
        let mut assembler = MessageAssembler::new(100);
        assert_eq!(feed(&mut assembler, false, Opcode::TEXT, "Hel"), None);
        assert_eq!(feed(&mut assembler, true, Opcode::PING, "?"), None);
        assert_eq!(
            feed(&mut assembler, true, Opcode::CONTINUATION, "lo"),
            Some((Opcode::TEXT, "Hello".into(), 5))
        );
        assert_eq!(
            feed(&mut assembler, true, Opcode::BINARY, "x"),
            Some((Opcode::BINARY, "x".into(), 1))
        );
    }

    #[test]
    fn continues_after_a_missing_start_and_a_missing_end() {
        let mut assembler = MessageAssembler::new(100);
        assert_eq!(
            feed(&mut assembler, true, Opcode::CONTINUATION, "a"),
            Some((Opcode::CONTINUATION, "a".into(), 1))
        );
        assert_eq!(feed(&mut assembler, false, Opcode::TEXT, "lost"), None);
        assert_eq!(
            feed(&mut assembler, true, Opcode::TEXT, "b"),
            Some((Opcode::TEXT, "b".into(), 1))
        );
    }

    #[test]
    fn truncates_to_the_limit_and_counts_every_byte() {
        let mut assembler = MessageAssembler::new(4);
        assert_eq!(
            feed(&mut assembler, true, Opcode::TEXT, "abcdef"),
            Some((Opcode::TEXT, "abcd".into(), 6))
        );
    }
}
