//! The frames that a session sends: reported before they are sent, and changed by faults.

use std::rc::Rc;

use super::{ConnectionEvent, EventSink, FrameInfo, Side};
use crate::ws::endpoint::FrameSender;
use crate::ws::fault::{AbortMode, FaultInjector, SendStep};
use crate::ws::{FrameHeader, Opcode};

/// Reports the frames that a [`FrameSender`] has queued, injects faults into them, and keeps
/// what the end of the connection depends on.
#[derive(Debug, Default)]
pub(super) struct SentFrames {
    /// Changes what is sent; None without faults.
    pub(super) faults: Option<Box<FaultInjector>>,
    /// The side that sent the first close frame.
    pub(super) first_close: Option<Side>,
    /// The payload of the first close frame.
    pub(super) close: Vec<u8>,
    /// The number of frames in the output that are not written yet.
    pub(super) unwritten: u64,
    /// A payload to write after the output, which other sessions share.
    pub(super) shared: Option<Rc<[u8]>>,
    /// How a fault ends the connection, once all output is written.
    pub(super) abort: Option<AbortMode>,
    /// Whether a fault suppressed the close frame.
    pub(super) is_close_withheld: bool,
}

/// The longest payload that is compressed for each receiver of a shared message.
const COMPRESSED_COPY: usize = 1 << 20;

impl SentFrames {
    /// A close frame with this payload was sent or received. Only the first one counts.
    pub(super) fn note_close(&mut self, side: Side, payload: &[u8]) {
        if self.first_close.is_none() {
            self.first_close = Some(side);
            self.close = payload.to_vec();
        }
    }

    /// Reports the frames that `sender` has queued and seals them. Faults change them first.
    /// `inflated` is the payload of a compressed message among them, before its compression.
    pub(super) fn report_queued(
        &mut self,
        inflated: Option<&[u8]>,
        sender: &mut FrameSender,
        sink: &mut impl EventSink,
    ) {
        if self.faults.is_none() {
            for (header, payload) in sender.queued() {
                let inflated = inflated.filter(|_| header.rsv.rsv1());
                self.report(header, payload, inflated, sink);
            }
            sender.seal();
            return;
        }
        for (header, payload) in sender.take_queued() {
            let steps = self.faults.as_mut().map(|it| it.frame(header, &payload));
            let inflated = inflated.filter(|_| header.rsv.rsv1());
            self.run_steps(steps.unwrap_or_default(), inflated, sender, sink);
        }
    }

    /// Sends a message that other sessions send too; false after the close frame.
    ///
    /// A large payload is not copied into the output where the frame carries it as it is: it
    /// is written from where all sessions share it.
    pub(super) fn send_shared(
        &mut self,
        opcode: Opcode,
        payload: Rc<[u8]>,
        is_large: bool,
        sender: &mut FrameSender,
        sink: &mut impl EventSink,
    ) -> bool {
        let is_uncompressed = !sender.compresses() || payload.len() > COMPRESSED_COPY;
        let is_written_as_it_is = is_large && is_uncompressed && !sender.masks();
        if is_written_as_it_is && self.faults.is_none() {
            if !sender.message_header(opcode, payload.len() as u64) {
                return false;
            }
            for (header, _) in sender.queued() {
                self.report(header, &payload, None, sink);
            }
            sender.seal();
            self.shared = Some(payload);
            return true;
        }
        let is_sent = sender.message(opcode, &payload);
        self.report_queued(Some(&payload), sender, sink);
        is_sent
    }

    /// Copies the shared payload into the output, if frames are to follow it there.
    pub(super) fn join_shared(&mut self, sender: &mut FrameSender) {
        if let Some(payload) = self.shared.take() {
            sender.output().extend_from_slice(&payload);
        }
    }

    /// Performs the steps of a fault injector.
    pub(super) fn run_steps(
        &mut self,
        steps: Vec<SendStep>,
        inflated: Option<&[u8]>,
        sender: &mut FrameSender,
        sink: &mut impl EventSink,
    ) {
        for step in steps {
            if self.abort.is_some() {
                return;
            }
            match step {
                SendStep::Report(event) => sink.event(&ConnectionEvent::Fault(&event)),
                SendStep::Frame(header, payload) => {
                    self.send_frame(header, &payload, inflated, sender, sink);
                }
                SendStep::Half(header, payload) => {
                    let start = sender.output().len();
                    self.send_frame(header, &payload, inflated, sender, sink);
                    let output = sender.output();
                    let size = output.len() - start;
                    output.truncate(start + size / 2);
                }
                SendStep::Bytes(bytes) => sender.output().extend_from_slice(&bytes),
                SendStep::WithholdClose => self.is_close_withheld = true,
                SendStep::Close(code) => {
                    sender.close(Some(code), "");
                    self.report_queued(None, sender, sink);
                }
                SendStep::Abort(mode) => self.abort = Some(mode),
            }
        }
    }

    /// Sends bytes as they are. They are reported as frames if they are whole frames and nothing
    /// else; a close frame among these is this end's.
    pub(super) fn send_bytes(
        &mut self,
        bytes: &[u8],
        sender: &mut FrameSender,
        sink: &mut impl EventSink,
    ) {
        sender.bytes(bytes);
        let Some(frames) = whole_frames(bytes) else {
            return sink.event(&ConnectionEvent::SentBytes(bytes));
        };
        for (header, payload) in frames {
            self.report(&header, &payload, None, sink);
            if header.opcode == Opcode::CLOSE {
                sender.note_close_sent();
            }
        }
    }

    /// Sends one frame as its header describes it.
    fn send_frame(
        &mut self,
        header: FrameHeader,
        payload: &[u8],
        inflated: Option<&[u8]>,
        sender: &mut FrameSender,
        sink: &mut impl EventSink,
    ) {
        let header = sender.push_frame(header, payload);
        // A fragment has no decompressed payload of its own.
        let inflated = inflated.filter(|_| header.fin && header.rsv.rsv1());
        self.report(&header, payload, inflated, sink);
        sender.seal();
    }

    fn report(
        &mut self,
        header: &FrameHeader,
        payload: &[u8],
        inflated: Option<&[u8]>,
        sink: &mut impl EventSink,
    ) {
        self.unwritten += 1;
        if header.opcode == Opcode::CLOSE {
            self.note_close(Side::Local, payload);
        }
        sink.event(&ConnectionEvent::Sent(FrameInfo {
            header,
            payload,
            inflated,
            is_text: header.opcode == Opcode::TEXT,
        }));
    }
}

/// The frames that `bytes` are, with their payload unmasked; None if they end inside a frame.
fn whole_frames(mut bytes: &[u8]) -> Option<Vec<(FrameHeader, Vec<u8>)>> {
    let mut frames = Vec::new();
    while !bytes.is_empty() {
        let (header, start) = FrameHeader::parse(bytes).ok()?;
        let length = usize::try_from(header.payload_length.value()).ok()?;
        let end = start.checked_add(length)?;
        let mut payload = bytes.get(start..end)?.to_vec();
        if let Some(key) = header.masking_key {
            key.apply(0, &mut payload);
        }
        frames.push((header, payload));
        bytes = bytes.get(end..)?;
    }
    Some(frames)
}
