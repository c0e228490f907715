//! What a probe sends: the frames of the case, and the pings that end the waiting.

use std::time::Instant;

use super::{CaseStep, Delivery, FENCE, FenceWait, Probe, ProbeState, Transmit};
use crate::check::frame::{CaseFrame, ping, text};
use crate::ws::{MaskingKey, Opcode};

impl Probe<'_> {
    pub(super) fn begin_step(&mut self, index: usize, step: &CaseStep, now: Instant) {
        self.state = ProbeState::Ready(index + 1);
        match step {
            CaseStep::Send(frames, delivery) => self.send_frames(frames, *delivery, now),
            CaseStep::Bytes(bytes) => self.send(bytes, Delivery::AtOnce, now),
            CaseStep::ServerCloses => {
                let words = self.options.server_closes.unwrap_or_default();
                self.send_frames(&[text(words)], Delivery::AtOnce, now);
            }
            CaseStep::Fin => self.queue(Transmit::Fin, now),
            CaseStep::Reset => self.queue(Transmit::Reset, now),
            CaseStep::Expect(expect) => {
                let (timing, answers_pings) = (self.options.timing, self.options.answers_pings);
                let needs_fence = expect.needs_fence();
                let fence = (needs_fence && answers_pings).then(|| self.fence(now));
                let began_at = self.last_write.max(now);
                let wait = FenceWait {
                    fence,
                    began_at,
                    deadline: began_at + expect.patience(timing),
                    late: (!answers_pings && expect.waits_for_close())
                        .then(|| began_at + timing.unanswered),
                    late_is_over: false,
                };
                self.state = ProbeState::Waiting(index, wait);
            }
        }
    }

    /// Sends a ping, and returns its payload.
    fn fence(&mut self, now: Instant) -> Vec<u8> {
        let payload = format!("{FENCE}{}", self.frames).into_bytes();
        let mut bytes = Vec::new();
        self.encode(&ping(payload.as_slice()), &mut bytes);
        self.write(&bytes, Delivery::AtOnce, now);
        payload
    }

    fn send_frames(&mut self, frames: &[CaseFrame], delivery: Delivery, now: Instant) {
        let mut bytes = Vec::new();
        for frame in frames {
            self.encode(frame, &mut bytes);
        }
        self.send(&bytes, delivery, now);
    }

    pub(super) fn encode(&mut self, frame: &CaseFrame, bytes: &mut Vec<u8>) {
        let drops_context = self
            .negotiated
            .deflate
            .is_some_and(|parameters| parameters.of(self.options.own).no_context_takeover);
        let key = masking_key(self.frames);
        self.frames += 1;
        self.has_sent_close |= frame.opcode == Opcode::CLOSE;
        frame.encode(self.options.own, drops_context, key, bytes);
    }

    fn send(&mut self, bytes: &[u8], delivery: Delivery, now: Instant) {
        self.observation.sent.extend_from_slice(bytes);
        self.events_before = self.received.events.len();
        self.write(bytes, delivery, now);
    }

    pub(super) fn write(&mut self, bytes: &[u8], delivery: Delivery, now: Instant) {
        let (first, size) = match delivery {
            Delivery::AtOnce => (bytes.len(), bytes.len()),
            Delivery::Bytewise => (1, 1),
            Delivery::Pieces(size) => (size, size),
            Delivery::SplitAt(at) => (at.min(bytes.len()), bytes.len()),
            Delivery::BeforeLast(count) => (bytes.len().saturating_sub(count), bytes.len()),
        };
        let (first, rest) = bytes.split_at(first.min(bytes.len()));
        let mut is_first = true;
        for piece in std::iter::once(first).chain(rest.chunks(size.max(1))) {
            if !is_first {
                self.last_write = self.last_write.max(now) + self.options.timing.pause;
            }
            is_first = false;
            self.queue(Transmit::Bytes(piece.to_vec()), now);
        }
    }

    fn queue(&mut self, transmit: Transmit, now: Instant) {
        self.last_write = self.last_write.max(now);
        self.outgoing.push_back((self.last_write, transmit));
    }
}

/// A masking key for each frame. They differ, and are the same in each run.
fn masking_key(number: u32) -> MaskingKey {
    let mixed = (number + 1).wrapping_mul(0x9e37_79b1).rotate_left(7) | 0x0101_0101;
    MaskingKey(mixed.to_be_bytes())
}
