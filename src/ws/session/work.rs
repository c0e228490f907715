//! Compression in slices: how a session pauses, so that the driver can serve other connections.
//!
//! A few bytes may inflate to 64 MiB, which are compressed again for the reply. The session stops
//! after a slice of that work and keeps the bytes that it has not decoded. The driver calls
//! [`Session::proceed`] until the work is done.

use std::time::Instant;

use super::sent_frames::Uncompressed;
use super::{EventSink, Session};
use crate::ws::{Opcode, SharedBytes};

/// How many bytes are inflated in one slice: about 0.2 ms of work.
const INFLATED: usize = 256 << 10;

/// How many bytes are compressed in one slice: at most 0.8 ms of work.
const COMPRESSED: usize = 32 << 10;

/// The work of a session that is not done.
#[derive(Debug, Default)]
pub(super) struct Work {
    /// Whether the last slice has left something.
    pub(super) is_left: bool,
    /// Received bytes that are not decoded.
    pub(super) input: Vec<u8>,
    /// The reply that is half compressed.
    pub(super) reply: Option<PendingReply>,
    /// How many bytes may still be compressed in this slice.
    pub(super) compressible: usize,
}

/// A reply that is compressed in several slices.
#[derive(Debug)]
pub(super) struct PendingReply {
    pub(super) opcode: Opcode,
    pub(super) payload: SharedBytes,
}

impl Session {
    /// Whether the last call has left work: received bytes, or a reply. Call
    /// [`proceed`](Self::proceed), unless [`needs_memory`](Self::needs_memory).
    pub const fn is_busy(&self) -> bool {
        self.work.is_left
    }

    /// Does the next slice of the work that is left.
    pub fn proceed(&mut self, now: Instant, sink: &mut impl EventSink) {
        let mut input = std::mem::take(&mut self.work.input);
        self.work(now, &mut input, sink);
    }

    /// Whether the work waits for [`allow_memory`](Self::allow_memory).
    pub fn needs_memory(&self) -> bool {
        self.work.is_left && self.endpoint.receiver.needs_memory()
    }

    /// Allows to hold this many bytes of a message, and as much more as a piece adds. A session
    /// without this call may hold a message of the largest size.
    pub const fn allow_memory(&mut self, size: usize) {
        self.endpoint.receiver.allow_memory(size);
    }

    /// How many bytes of a message are held that is not complete, or not answered.
    pub fn held_memory(&self) -> usize {
        self.endpoint.receiver.held()
    }

    /// Fails the connection, because there is no memory for its message: all connections together
    /// have `limit` bytes.
    pub fn refuse_memory(&mut self, limit: usize) {
        self.endpoint.receiver.refuse_memory(limit);
        self.work.reply = None;
        self.work.is_left = true;
    }

    /// Does a slice of work on received bytes.
    pub(super) fn work(&mut self, now: Instant, bytes: &mut [u8], sink: &mut impl EventSink) {
        self.endpoint.receiver.begin_slice(INFLATED);
        self.work.compressible = COMPRESSED;
        let mut input = crate::ws::InputBuf::new(bytes);
        self.work.is_left = self.process(now, &mut input, sink);
        if self.work.is_left {
            self.work.input.extend_from_slice(input.as_slice());
            self.endpoint.receiver.release_compressed_payload();
        } else {
            self.endpoint.receiver.release_memory();
        }
    }

    /// Whether no more may be inflated or compressed in this slice.
    pub(super) const fn is_slice_spent(&self) -> bool {
        self.work.compressible == 0 || self.endpoint.receiver.is_slice_spent()
    }

    /// Compresses all of the reply that is half compressed: another message comes next.
    pub(super) fn finish_reply(&mut self, sink: &mut impl EventSink) {
        self.work.compressible = usize::MAX;
        self.proceed_with_reply(sink);
    }

    /// Compresses more of the reply, and sends it when all is compressed. Returns whether no
    /// reply is left.
    pub(super) fn proceed_with_reply(&mut self, sink: &mut impl EventSink) -> bool {
        let Some(reply) = self.work.reply.take() else {
            return true;
        };
        if !self.can_send() {
            return true;
        }
        let sender = &mut self.endpoint.sender;
        let most = self.work.compressible;
        self.work.compressible = most.saturating_sub(reply.payload.len());
        let is_done = sender.message_some(reply.opcode, &reply.payload, most);
        if is_done {
            let uncompressed = Uncompressed {
                payload: &reply.payload,
                buffer: Some(&reply.payload),
            };
            self.sent.report_queued(Some(uncompressed), sender, sink);
        } else {
            self.work.reply = Some(reply);
        }
        is_done
    }
}
