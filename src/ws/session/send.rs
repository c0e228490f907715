//! What a session sends for its application: messages, fragments, bytes, pings, pongs, and the
//! close frame.

use std::time::Instant;

use super::Session;
use super::end_reason::Side;
use super::event::EventSink;
use super::sent_frames::Uncompressed;
use crate::ws::endpoint::FrameSender;
use crate::ws::{CloseCode, Opcode, SharedBytes};

impl Session {
    /// Sends a message, compressed if that was negotiated; false if nothing more can be sent.
    pub fn send(&mut self, opcode: Opcode, payload: &[u8], sink: &mut impl EventSink) -> bool {
        self.finish_reply(sink);
        let uncompressed = Uncompressed {
            payload,
            buffer: None,
        };
        self.queue(Some(uncompressed), sink, |sender| {
            sender.message(opcode, payload)
        })
    }

    /// Sends a message in `count` frames; false if nothing more can be sent.
    pub fn send_fragments(
        &mut self,
        opcode: Opcode,
        payload: &[u8],
        count: usize,
        sink: &mut impl EventSink,
    ) -> bool {
        self.queue(None, sink, |sender| {
            sender.fragments(opcode, payload, count)
        })
    }

    /// Sends bytes as they are, frames or not; false if nothing more can be sent. Whole frames
    /// among them are reported as frames, and faults do not change them.
    pub fn send_bytes(&mut self, bytes: &[u8], sink: &mut impl EventSink) -> bool {
        self.can_send() && {
            let sender = &mut self.endpoint.sender;
            self.sent.join_shared(sender);
            self.sent.send_bytes(bytes, sender, sink);
            true
        }
    }

    /// Sends a message that other sessions send too; false if nothing more can be sent. The
    /// payload of a large one is not copied if the frame can carry it as it is.
    pub fn send_shared(
        &mut self,
        opcode: Opcode,
        payload: SharedBytes,
        is_large: bool,
        sink: &mut impl EventSink,
    ) -> bool {
        self.finish_reply(sink);
        let sender = &mut self.endpoint.sender;
        self.sent.join_shared(sender);
        self.can_send() && {
            let sender = &mut self.endpoint.sender;
            self.sent
                .send_shared(opcode, payload, is_large, sender, sink)
        }
    }

    /// Sends a ping of up to 125 bytes; false if nothing more can be sent.
    pub fn ping(&mut self, payload: &[u8], sink: &mut impl EventSink) -> bool {
        self.queue(None, sink, |sender| sender.ping(payload))
    }

    /// Sends a pong of up to 125 bytes; false if nothing more can be sent.
    pub fn pong(&mut self, payload: &[u8], sink: &mut impl EventSink) -> bool {
        self.queue(None, sink, |sender| sender.pong(payload))
    }

    /// Starts the closing handshake. The connection ends when the peer answers, or after the
    /// close time-out.
    pub fn close(
        &mut self,
        now: Instant,
        code: impl Into<Option<CloseCode>>,
        reason: &str,
        sink: &mut impl EventSink,
    ) {
        self.note_silence(now);
        let code = code.into();
        self.queue(None, sink, |sender| sender.close(code, reason));
        // Also if a fault suppressed the frame.
        self.sent.note_close(Side::Local, &[]);
        self.start_close_timeout(now);
    }

    /// Queues a frame and reports it; whether it was queued.
    pub(super) fn queue(
        &mut self,
        uncompressed: Option<Uncompressed<'_>>,
        sink: &mut impl EventSink,
        queue: impl FnOnce(&mut FrameSender) -> bool,
    ) -> bool {
        if !self.can_send() {
            return false;
        }
        let sender = &mut self.endpoint.sender;
        self.sent.join_shared(sender);
        let is_queued = queue(sender);
        self.sent.report_queued(uncompressed, sender, sink);
        is_queued
    }

    pub(super) fn send_pending_close(&mut self, sink: &mut impl EventSink) {
        if let Some(payload) = self.pending_close.take() {
            self.queue(None, sink, |sender| sender.send_close_payload(&payload));
        }
    }
}
