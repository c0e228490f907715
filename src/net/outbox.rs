//! What goes out on a connection: frames as they should be, or as a fault makes them.

use std::rc::Rc;

use super::connection::Connection;
use super::hub::SharedMessage;
use crate::ws::endpoint::FrameSender;
use crate::ws::fault::{AbortMode, SendStep};
use crate::ws::session::{ConnectionEvent, FrameInfo, Side};
use crate::ws::{FrameHeader, Opcode};

/// Keeps account of what is sent, and of how that may end.
#[derive(Debug, Default)]
pub(super) struct SentFrames {
    /// Whose close frame was first.
    pub(super) first_close: Option<Side>,
    /// The payload of the close frame that counts: the first one.
    pub(super) close: Vec<u8>,
    /// Frames that are in the sender's output.
    pub(super) frames_waiting: u64,
    /// A payload that goes out behind the sender's output, as it is.
    enclosure: Option<Rc<[u8]>>,
    /// How the connection is to be ended, on purpose, once all is written.
    pub(super) exit: Option<AbortMode>,
    /// A close frame was not sent, on purpose.
    pub(super) is_close_withheld: bool,
}

impl SentFrames {
    /// Whether nothing more is to be sent, on purpose.
    pub(super) const fn is_shut(&self) -> bool {
        self.exit.is_some()
    }

    /// The first close frame was this.
    pub(super) fn closed_by(&mut self, side: Side, payload: &[u8]) {
        if self.first_close.is_none() {
            self.first_close = Some(side);
            self.close = payload.to_vec();
        }
    }

    /// Records the frames that the sender has put out from this byte of its output on, the
    /// compressed one with what it inflates to; if there are faults, they have their way
    /// with them first.
    pub(super) fn settle(
        &mut self,
        said: usize,
        inflated: Option<&[u8]>,
        sender: &mut FrameSender,
        to: &mut Connection,
    ) {
        if to.injector.is_none() {
            for (header, payload) in frames_in(sender.output().get(said..).unwrap_or_default()) {
                let inflated = inflated.filter(|_| header.rsv.rsv1());
                self.record(&header, payload, inflated, to);
            }
            return;
        }
        let right = sender.output().split_off(said);
        for (header, payload) in frames_in(&right) {
            let steps = to.injector.as_mut().map(|it| it.frame(header, payload));
            let inflated = inflated.filter(|_| header.rsv.rsv1());
            self.play(steps.unwrap_or_default(), inflated, sender, to);
        }
    }

    /// Sends a letter, and records that; false after the close frame.
    ///
    /// A large one is not copied for each of its receivers: it goes out from where all share
    /// it, uncompressed, for compressed it would be another one for each.
    pub(super) fn post(
        &mut self,
        letter: SharedMessage,
        sender: &mut FrameSender,
        to: &mut Connection,
    ) -> bool {
        let SharedMessage { opcode, payload } = &letter;
        if letter.is_large()
            && to.injector.is_none()
            && (!sender.compresses() || payload.len() > COMPRESSED_COPY)
        {
            let Some(header) = sender.message_head(*opcode, payload.len() as u64) else {
                return false;
            };
            self.record(&header, payload, None, to);
            self.enclosure = Some(letter.payload);
            return true;
        }
        let said = sender.output().len();
        let is_sent = sender.message(*opcode, payload);
        self.settle(said, Some(payload), sender, to);
        is_sent
    }

    /// What is to be written behind the sender's output.
    pub(super) const fn enclosure(&mut self) -> Option<Rc<[u8]>> {
        self.enclosure.take()
    }

    /// Does what the injector says.
    pub(super) fn play(
        &mut self,
        steps: Vec<SendStep>,
        inflated: Option<&[u8]>,
        sender: &mut FrameSender,
        to: &mut Connection,
    ) {
        for step in steps {
            if self.is_shut() {
                return;
            }
            match step {
                SendStep::Tell(act) => to.record(&ConnectionEvent::Fault(&act)),
                SendStep::Frame(header, payload) => {
                    self.record(&header, &payload, whole(&header, inflated), to);
                    push_frame(sender.output(), &header, payload);
                }
                SendStep::Half(header, payload) => {
                    self.record(&header, &payload, whole(&header, inflated), to);
                    let size = header.size() + payload.len();
                    let output = sender.output();
                    let start = output.len();
                    push_frame(output, &header, payload);
                    output.truncate(start + size / 2);
                }
                SendStep::Bytes(bytes) => sender.output().extend_from_slice(&bytes),
                SendStep::WithholdClose => self.is_close_withheld = true,
                SendStep::Close(code) => {
                    let said = sender.output().len();
                    sender.close(Some(code), "");
                    self.settle(said, None, sender, to);
                }
                SendStep::Abort(exit) => self.exit = Some(exit),
            }
        }
    }

    fn record(
        &mut self,
        header: &FrameHeader,
        payload: &[u8],
        inflated: Option<&[u8]>,
        to: &mut Connection,
    ) {
        self.frames_waiting += 1;
        if header.opcode == Opcode::CLOSE {
            self.closed_by(Side::Local, payload);
        }
        to.record(&ConnectionEvent::Sent(FrameInfo {
            header,
            payload,
            inflated,
            is_text: header.opcode == Opcode::TEXT,
        }));
    }
}

/// The longest payload of which each receiver may have a compressed copy.
const COMPRESSED_COPY: usize = 1 << 20;

/// What a compressed message inflates to, if this frame is all of it.
fn whole<'a>(header: &FrameHeader, inflated: Option<&'a [u8]>) -> Option<&'a [u8]> {
    inflated.filter(|_| header.fin && header.rsv.rsv1())
}

/// Appends a frame, masked if its header says so.
fn push_frame(output: &mut Vec<u8>, header: &FrameHeader, mut payload: Vec<u8>) {
    if let Some(key) = header.masking_key {
        key.apply(0, &mut payload);
    }
    output.extend_from_slice(&header.encode());
    output.extend_from_slice(&payload);
}

/// The frames that were just put out: what is recorded is what goes over the wire.
fn frames_in(mut bytes: &[u8]) -> impl Iterator<Item = (FrameHeader, &[u8])> {
    std::iter::from_fn(move || {
        let (header, size) = FrameHeader::parse(bytes).ok()?;
        let length = usize::try_from(header.payload_length.value()).ok()?;
        let (payload, rest) = bytes.get(size..)?.split_at_checked(length)?;
        bytes = rest;
        Some((header, payload))
    })
}
