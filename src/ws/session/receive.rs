//! What a session does with received bytes: it reports the frames and messages in them, and queues
//! the replies.

use std::time::Instant;

use super::Session;
use super::end_reason::Side;
use super::event::{ConnectionEvent, EventSink, FrameInfo, Reply};
use super::keep_alive::KeepAlive;
use super::sent_frames::{SentFrames, Uncompressed};
use super::work::PendingReply;
use crate::ws::endpoint::{Endpoint, EndpointEvent, FrameSender, ReceivedFrame};
use crate::ws::{InputBuf, Opcode, SharedBytes};

impl Session {
    /// Handles the events of received bytes, until the slice is spent. Returns whether work is
    /// left.
    pub(super) fn process(
        &mut self,
        now: Instant,
        input: &mut InputBuf<'_>,
        sink: &mut impl EventSink,
    ) -> bool {
        let may_echo = sink.is_plain_echo() && self.sent.faults.is_none() && self.can_send();
        loop {
            if !self.proceed_with_reply(sink) {
                return true;
            }
            let has_more = self.endpoint.receiver.is_paused() || !input.is_empty();
            // A payload that is written from its buffer comes before other frames.
            let is_paused = self.is_slice_spent() || self.sent.shared.is_some() || sink.is_paused();
            if has_more && is_paused {
                return true;
            }
            if self.endpoint.receiver.has_large_message() {
                // The driver frees it first.
                return has_more;
            }
            if may_echo && self.pending_close.is_none() && self.echo_plain(now, input) {
                return false;
            }
            let Endpoint { receiver, sender } = &mut self.endpoint;
            let Some(event) = receiver.next(input) else {
                return receiver.is_paused();
            };
            report(&event, sink);
            if ends_session(&event) {
                let silence = now.saturating_duration_since(self.last_frame);
                self.silence.get_or_insert(silence);
            }
            self.last_frame = now;
            match &event {
                EndpointEvent::Frame(frame) if frame.header.opcode == Opcode::CLOSE => {
                    self.sent.note_answer(frame.payload);
                }
                EndpointEvent::Frame(_) => {}
                EndpointEvent::Failure(failure) => self.sent.note_failure(failure.close_code()),
            }
            if let Some(frame) = accepted(&event) {
                note(frame, &mut self.sent, &mut self.keep_alive, now, sink);
            }
            let can_send = self.peer_gone.is_none() && self.sent.abort.is_none();
            if can_send && self.pending_close.is_none() {
                self.pending_close = FrameSender::close_reply(&event);
                if self.pending_close.is_none() {
                    let slice = &mut self.work.compressible;
                    self.work.reply = reply(&event, sender, &mut self.sent, slice, sink);
                }
            }
        }
    }

    /// Echoes the plain messages at the front of the input. Returns whether there were any and
    /// nothing follows them.
    fn echo_plain(&mut self, now: Instant, input: &mut InputBuf<'_>) -> bool {
        let echoed = self.endpoint.echo(input);
        if echoed == 0 {
            return false;
        }
        self.last_frame = now;
        self.sent.unwritten += echoed;
        input.is_empty()
    }
}

/// From how many bytes on a payload is written from the buffer that it is in.
const LARGE: usize = 64 << 10;

/// Reports what was received.
fn report(event: &EndpointEvent<'_>, sink: &mut impl EventSink) {
    match event {
        EndpointEvent::Frame(frame) => {
            sink.event(&ConnectionEvent::Received {
                frame: FrameInfo {
                    header: &frame.header,
                    payload: frame.payload,
                    inflated: frame.inflated,
                    is_text: frame.is_text,
                    buffer: frame.buffer,
                },
                is_accepted: frame.accepted,
            });
            if let Some(message) = &frame.message {
                sink.event(&ConnectionEvent::Message(message));
            }
        }
        EndpointEvent::Failure(failure) => sink.event(&ConnectionEvent::Failure(failure)),
    }
}

/// Takes note of a close frame, and of the answer to a ping.
fn note(
    frame: &ReceivedFrame<'_>,
    sent: &mut SentFrames,
    keep_alive: &mut KeepAlive,
    now: Instant,
    sink: &mut impl EventSink,
) {
    match frame.header.opcode {
        Opcode::CLOSE => sent.note_close(Side::Peer, frame.payload),
        Opcode::PONG => {
            if let Some(time) = keep_alive.pong_received(frame.payload, now) {
                sink.event(&ConnectionEvent::RoundTrip(time));
            }
        }
        _ => {}
    }
}

/// Answers a ping, and a message as the application decides. `slice` is how many bytes may be
/// compressed now; a reply that is longer is returned.
fn reply(
    event: &EndpointEvent<'_>,
    sender: &mut FrameSender,
    sent: &mut SentFrames,
    slice: &mut usize,
    sink: &mut impl EventSink,
) -> Option<PendingReply> {
    sender.answer_ping(event);
    let frame = accepted(event);
    let message = frame.and_then(|frame| frame.message);
    let Some((message, reply)) = message.and_then(|it| Some((it, sink.reply(&it)?))) else {
        sent.report_queued(None, sender, sink);
        return None;
    };
    let (opcode, own) = match reply {
        Reply::Echo => (message.opcode, None),
        Reply::Message(opcode, payload) => (opcode, Some(SharedBytes::from(payload))),
    };
    let (payload, buffer) = match &own {
        Some(own) => (&**own, Some(own)),
        None => (message.payload, message.buffer),
    };
    let shared = || buffer.cloned().unwrap_or_else(|| payload.to_vec().into());
    if sender.compresses() && payload.len() > *slice {
        sent.report_queued(None, sender, sink);
        let payload = shared();
        return Some(PendingReply { opcode, payload });
    }
    if sender.compresses() {
        *slice -= payload.len();
    } else if payload.len() > LARGE && buffer.is_some() {
        sent.report_queued(None, sender, sink);
        sent.send_shared(opcode, shared(), true, sender, sink);
        return None;
    }
    sender.message(opcode, payload);
    let uncompressed = Uncompressed { payload, buffer };
    sent.report_queued(Some(uncompressed), sender, sink);
    None
}

/// Whether an event begins the end of the session: a close frame, or a reason to fail.
const fn ends_session(event: &EndpointEvent<'_>) -> bool {
    match event {
        EndpointEvent::Frame(frame) => matches!(frame.header.opcode, Opcode::CLOSE),
        EndpointEvent::Failure(_) => true,
    }
}

/// A frame that no failure follows.
const fn accepted<'e, 'a>(event: &'e EndpointEvent<'a>) -> Option<&'e ReceivedFrame<'a>> {
    match event {
        EndpointEvent::Frame(frame) if frame.accepted => Some(frame),
        EndpointEvent::Frame(_) | EndpointEvent::Failure(_) => None,
    }
}
