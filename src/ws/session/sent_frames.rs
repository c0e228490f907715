//! The frames that a session sends: reported before they are sent, and changed by faults.

use super::{ConnectionEvent, EventSink, FrameInfo, Side};
use crate::ws::endpoint::FrameSender;
use crate::ws::fault::{AbortMode, FaultInjector, FaultyFrame, SendStep};
use crate::ws::{CloseCode, FrameHeader, Opcode, SharedBytes};

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
    /// The payload of the peer's close frame, if this end sent the first one.
    pub(super) answer: Vec<u8>,
    /// The code of a violation that was found after this end had sent its close frame.
    pub(super) failure_after_close: Option<CloseCode>,
    /// The number of frames in the output that are not written yet.
    pub(super) unwritten: u64,
    /// A payload to write after the output, from the buffer that it is in.
    pub(super) shared: Option<SharedBytes>,
    /// How a fault ends the connection, once all output is written.
    pub(super) abort: Option<AbortMode>,
    /// Whether a fault suppressed the close frame.
    pub(super) is_close_withheld: bool,
}

/// The payload of a message before its compression.
#[derive(Clone, Copy, Debug)]
pub(super) struct Uncompressed<'a> {
    pub(super) payload: &'a [u8],
    /// The buffer that it is in, if it can be kept without a copy.
    pub(super) buffer: Option<&'a SharedBytes>,
}

/// The longest payload that is compressed for each receiver of a shared message.
const COMPRESSED_COPY: usize = 1 << 20;

impl SentFrames {
    /// A close frame with this payload was received, whether it is right or not.
    pub(super) fn note_answer(&mut self, payload: &[u8]) {
        if self.first_close == Some(Side::Local) && self.answer.is_empty() {
            self.answer = payload.to_vec();
        }
    }

    /// This end fails the connection; `code` says why.
    pub(super) fn note_failure(&mut self, code: CloseCode) {
        if self.first_close == Some(Side::Local) {
            self.failure_after_close = Some(code);
        }
    }

    /// A close frame with this payload was sent or received. Only the first one counts.
    pub(super) fn note_close(&mut self, side: Side, payload: &[u8]) {
        if self.first_close.is_none() {
            self.first_close = Some(side);
            self.close = payload.to_vec();
        }
    }

    /// Reports the frames that `sender` has queued and seals them. Faults change them first.
    /// `uncompressed` is what a compressed message among them was before its compression.
    pub(super) fn report_queued(
        &mut self,
        uncompressed: Option<Uncompressed<'_>>,
        sender: &mut FrameSender,
        sink: &mut impl EventSink,
    ) {
        if self.faults.is_none() {
            for (header, payload) in sender.queued() {
                let uncompressed = uncompressed.filter(|_| header.rsv.rsv1());
                self.report(header, payload, uncompressed, None, sink);
            }
            sender.seal();
            return;
        }
        for (header, payload) in sender.take_queued() {
            let steps = self.faults.as_mut().map(|it| it.frame(header, &payload));
            let uncompressed = uncompressed.filter(|_| header.rsv.rsv1());
            self.run_steps(steps.unwrap_or_default(), uncompressed, sender, sink);
        }
    }

    /// Sends a message that other sessions send too; false after the close frame.
    ///
    /// A large payload is not copied into the output where the frame carries it as it is: it
    /// is written from where all sessions share it.
    pub(super) fn send_shared(
        &mut self,
        opcode: Opcode,
        payload: SharedBytes,
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
                self.report(header, &payload, None, Some(&payload), sink);
            }
            sender.seal();
            self.shared = Some(payload);
            return true;
        }
        let is_sent = sender.message(opcode, &payload);
        let uncompressed = Uncompressed {
            payload: &payload,
            buffer: Some(&payload),
        };
        self.report_queued(Some(uncompressed), sender, sink);
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
        uncompressed: Option<Uncompressed<'_>>,
        sender: &mut FrameSender,
        sink: &mut impl EventSink,
    ) {
        for step in steps {
            if self.abort.is_some() {
                return;
            }
            match step {
                SendStep::Report(event) => sink.event(&ConnectionEvent::Fault(&event)),
                SendStep::Frame(frame) => self.send_frame(&frame, uncompressed, sender, sink),
                SendStep::Half(frame) => {
                    let start = sender.output().len();
                    self.send_frame(&frame, uncompressed, sender, sink);
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
            self.report(&header, &payload, None, None, sink);
            if header.opcode == Opcode::CLOSE {
                sender.note_close_sent();
            }
        }
    }

    /// Sends one frame as its header describes it.
    fn send_frame(
        &mut self,
        frame: &FaultyFrame,
        uncompressed: Option<Uncompressed<'_>>,
        sender: &mut FrameSender,
        sink: &mut impl EventSink,
    ) {
        let FaultyFrame {
            header, payload, ..
        } = frame;
        let header = if frame.omits_mask {
            sender.push_exact(*header, payload);
            *header
        } else {
            sender.push_frame(*header, payload)
        };
        // A fragment has no decompressed payload of its own.
        let uncompressed = uncompressed.filter(|_| header.fin && header.rsv.rsv1());
        self.report(&header, payload, uncompressed, None, sink);
        sender.seal();
    }

    fn report(
        &mut self,
        header: &FrameHeader,
        payload: &[u8],
        uncompressed: Option<Uncompressed<'_>>,
        buffer: Option<&SharedBytes>,
        sink: &mut impl EventSink,
    ) {
        self.unwritten += 1;
        if header.opcode == Opcode::CLOSE {
            self.note_close(Side::Local, payload);
        }
        sink.event(&ConnectionEvent::Sent(FrameInfo {
            header,
            payload,
            inflated: uncompressed.map(|it| it.payload),
            is_text: header.opcode == Opcode::TEXT,
            buffer: uncompressed.and_then(|it| it.buffer).or(buffer),
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
