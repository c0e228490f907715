//! What goes out on a connection: frames as they should be, or as a fault makes them.

use super::connection::Connection;
use super::journal::{Happening, PassingFrame};
use crate::ws::endpoint::Sender;
use crate::ws::fault::{Exit, Step};
use crate::ws::{FrameHeader, Opcode, Role};

/// Keeps account of what is sent, and of how that may end.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    /// Whose close frame was first.
    pub(super) first_close: Option<Role>,
    /// The payload of the close frame that counts: the first one.
    pub(super) close: Vec<u8>,
    /// Frames that are in the sender's output.
    pub(super) frames_waiting: u64,
    /// How the connection is to be ended, on purpose, once all is written.
    pub(super) exit: Option<Exit>,
    /// A close frame was not sent, on purpose.
    pub(super) is_close_withheld: bool,
}

impl Outbox {
    /// Whether nothing more is to be sent, on purpose.
    pub(super) const fn is_shut(&self) -> bool {
        self.exit.is_some()
    }

    /// The first close frame was this.
    pub(super) fn closed_by(&mut self, role: Role, payload: &[u8]) {
        if self.first_close.is_none() {
            self.first_close = Some(role);
            self.close = payload.to_vec();
        }
    }

    /// Records the frames that the sender has put out from this octet of its output on, the
    /// compressed one with what it inflates to; if there are faults, they have their way
    /// with them first.
    pub(super) fn settle(
        &mut self,
        said: usize,
        inflated: Option<&[u8]>,
        sender: &mut Sender,
        to: &mut Connection,
    ) {
        if to.saboteur.is_none() {
            for (header, payload) in frames_in(sender.output().get(said..).unwrap_or_default()) {
                let inflated = inflated.filter(|_| header.rsv.rsv1());
                self.record(&header, payload, inflated, to);
            }
            return;
        }
        let right = sender.output().split_off(said);
        for (header, payload) in frames_in(&right) {
            let steps = to.saboteur.as_mut().map(|it| it.frame(header, payload));
            let inflated = inflated.filter(|_| header.rsv.rsv1());
            self.play(steps.unwrap_or_default(), inflated, sender, to);
        }
    }

    /// Does what the saboteur says.
    pub(super) fn play(
        &mut self,
        steps: Vec<Step>,
        inflated: Option<&[u8]>,
        sender: &mut Sender,
        to: &mut Connection,
    ) {
        for step in steps {
            if self.is_shut() {
                return;
            }
            match step {
                Step::Tell(act) => to.record(&Happening::Fault(&act)),
                Step::Frame(header, payload) => {
                    self.record(&header, &payload, whole(&header, inflated), to);
                    push_frame(sender.output(), &header, payload);
                }
                Step::Half(header, payload) => {
                    self.record(&header, &payload, whole(&header, inflated), to);
                    let size = header.size() + payload.len();
                    let output = sender.output();
                    let start = output.len();
                    push_frame(output, &header, payload);
                    output.truncate(start + size / 2);
                }
                Step::Octets(octets) => sender.output().extend_from_slice(&octets),
                Step::WithholdClose => self.is_close_withheld = true,
                Step::Close(code) => {
                    let said = sender.output().len();
                    sender.close(Some(code), "");
                    self.settle(said, None, sender, to);
                }
                Step::Exit(exit) => self.exit = Some(exit),
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
            self.closed_by(Role::Server, payload);
        }
        to.record(&Happening::Sent(PassingFrame {
            header,
            payload,
            inflated,
            is_text: header.opcode == Opcode::TEXT,
        }));
    }
}

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
fn frames_in(mut octets: &[u8]) -> impl Iterator<Item = (FrameHeader, &[u8])> {
    std::iter::from_fn(move || {
        let (header, size) = FrameHeader::parse(octets).ok()?;
        let length = usize::try_from(header.payload_length.value()).ok()?;
        let (payload, rest) = octets.get(size..)?.split_at_checked(length)?;
        octets = rest;
        Some((header, payload))
    })
}
