//! The sending half of an endpoint: turns messages and control frames into bytes.

use std::fmt;
use std::mem;

use super::event::{EndpointEvent, ReceivedFrame};
use crate::ws::deflate::Deflater;
use crate::ws::extension::SenderParameters;
use crate::ws::{CloseCode, ClosePayload, FrameHeader, MaskingKey, Opcode, Rsv};

/// Encodes frames into an output buffer. It sends nothing after its close frame.
///
/// A frame is first *queued*: its header is encoded and its payload is not masked yet, so that
/// it can be logged, or changed by an injected fault, without being parsed. [`seal`](Self::seal)
/// masks the queued frames; [`output`](Self::output) seals and gives the bytes to write.
pub struct FrameSender {
    output: Vec<u8>,
    /// The frames at the end of `output` whose payload is not masked yet.
    queued: Vec<QueuedFrame>,
    /// Makes the masking key of each frame; None for a server, which does not mask.
    keys: Option<Box<dyn FnMut() -> MaskingKey + Send>>,
    /// None unless permessage-deflate was negotiated.
    deflater: Option<Box<Deflater>>,
    close_sent: bool,
}

#[derive(Clone, Copy, Debug)]
struct QueuedFrame {
    header: FrameHeader,
    /// Where in `output` its payload begins.
    payload: usize,
    /// Where it ends.
    end: usize,
}

/// The compression level of zlib: its default, between speed and size.
const LEVEL: u8 = 6;

impl FrameSender {
    /// A sender that compresses messages with these parameters, if they were negotiated.
    pub(super) fn new(deflate: Option<SenderParameters>) -> Self {
        let deflater = |parameters| Box::new(Deflater::new(parameters, LEVEL));
        Self {
            output: Vec::new(),
            queued: Vec::new(),
            keys: None,
            deflater: deflate.map(deflater),
            close_sent: false,
        }
    }

    /// The same sender with a masking key for each frame.
    pub(super) fn masking(self, keys: impl FnMut() -> MaskingKey + Send + 'static) -> Self {
        Self {
            keys: Some(Box::new(keys)),
            ..self
        }
    }

    /// Sends the answer that RFC 6455 requires to an event: a pong, or a close frame.
    pub fn answer_control(&mut self, event: &EndpointEvent<'_>) {
        if let Some(payload) = Self::close_reply(event) {
            self.send_close_payload(&payload);
        }
        self.answer_ping(event);
    }

    /// Answers a ping: "A Pong frame sent in response to a Ping frame must have identical
    /// 'Application data'" (RFC 6455 section 5.5.3).
    pub fn answer_ping(&mut self, event: &EndpointEvent<'_>) {
        if let EndpointEvent::Frame(ReceivedFrame {
            header,
            payload,
            accepted: true,
            ..
        }) = event
            && header.opcode == Opcode::PING
        {
            self.frame(Opcode::PONG, payload);
        }
    }

    /// The payload of the close frame that an event requires: the answer to a close frame, or
    /// the reason why the connection fails. None for other events.
    ///
    /// The caller may send messages before it calls
    /// [`send_close_payload`](Self::send_close_payload): "an endpoint MAY delay sending a Close
    /// frame until its current message is sent" (RFC 6455 section 5.5.1).
    pub fn close_reply(event: &EndpointEvent<'_>) -> Option<Vec<u8>> {
        match event {
            // "When sending a Close frame in response, the endpoint typically echos the
            // status code it received" (RFC 6455 section 5.5.1). Browsers and libraries send
            // the reason back too, and a page reads it in its close event.
            EndpointEvent::Frame(frame)
                if frame.accepted && frame.header.opcode == Opcode::CLOSE =>
            {
                Some(frame.payload.to_vec())
            }
            EndpointEvent::Frame(_) => None,
            EndpointEvent::Failure(failure) => {
                let reason = failure.to_string();
                let payload = ClosePayload::fitting(failure.close_code(), &reason);
                Some(payload.as_slice().to_vec())
            }
        }
    }

    /// Sends a close frame with this payload; false if one was sent before.
    pub fn send_close_payload(&mut self, payload: &[u8]) -> bool {
        let sent = self.frame(Opcode::CLOSE, payload);
        self.close_sent = true;
        sent
    }

    /// Sends a message in one frame, compressed if that was negotiated; false after the close
    /// frame.
    pub fn message(&mut self, opcode: Opcode, payload: &[u8]) -> bool {
        if self.close_sent {
            return false;
        }
        if self.deflater.is_none() {
            return self.frame(opcode, payload);
        }
        self.message_some(opcode, payload, usize::MAX)
    }

    /// Compresses up to `most` further bytes of a message, which is given whole in each call.
    /// Sends it when all is compressed, and returns whether that is so. No other message may be
    /// sent before. Without compression, and after the close frame, nothing is sent.
    pub fn message_some(&mut self, opcode: Opcode, payload: &[u8], most: usize) -> bool {
        let Some(mut deflater) = self.deflater.take() else {
            return true;
        };
        let is_done = self.close_sent || deflater.deflate_some(payload, most);
        if is_done {
            self.compressed_frame(opcode, deflater.take_payload());
        }
        self.deflater = Some(deflater);
        is_done
    }

    /// Sends a message in `count` frames of about the same length, compressed first if that was
    /// negotiated; false after the close frame. A frame may be empty.
    pub fn fragments(&mut self, opcode: Opcode, payload: &[u8], count: usize) -> bool {
        if self.close_sent {
            return false;
        }
        let mut deflater = self.deflater.take();
        let (mut rsv, mut rest) = match &mut deflater {
            Some(deflater) => (Rsv::RSV1, deflater.deflate(payload)),
            None => (Rsv::NONE, payload),
        };
        let mut opcode = opcode;
        for left in (1..=count.max(1)).rev() {
            let (piece, after) = rest.split_at(rest.len().div_ceil(left));
            let header = FrameHeader {
                fin: left == 1,
                rsv,
                ..FrameHeader::new(opcode, piece.len() as u64)
            };
            self.push_frame(header, piece);
            rest = after;
            // Only the first frame has the opcode of the message (RFC 6455 section 5.4), and
            // RSV1 (RFC 7692 section 6.1).
            (opcode, rsv) = (Opcode::CONTINUATION, Rsv::NONE);
        }
        self.deflater = deflater;
        true
    }

    /// Sends bytes as they are, frames or not, also after the close frame. If the caller sent a
    /// close frame among them, it calls [`note_close_sent`](Self::note_close_sent).
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.output().extend_from_slice(bytes);
    }

    /// A close frame was sent with [`bytes`](Self::bytes): nothing else is sent after it.
    pub const fn note_close_sent(&mut self) {
        self.close_sent = true;
    }

    /// Begins an uncompressed and unmasked message in one frame: queues its header alone. The
    /// caller writes the payload after the output. False after the close frame, and for a
    /// sender that masks: its payload must be copied, with [`message`](Self::message).
    pub fn message_header(&mut self, opcode: Opcode, length: u64) -> bool {
        if self.close_sent || self.masks() {
            return false;
        }
        self.push(FrameHeader::new(opcode, length), &[]);
        true
    }

    /// Sends a ping of up to 125 bytes (RFC 6455 section 5.5.2); false after the close frame.
    pub fn ping(&mut self, payload: &[u8]) -> bool {
        self.frame(Opcode::PING, payload)
    }

    /// Sends a pong of up to 125 bytes (RFC 6455 section 5.5.3); false after the close frame.
    pub fn pong(&mut self, payload: &[u8]) -> bool {
        self.frame(Opcode::PONG, payload)
    }

    /// Sends a close frame, as the first or as the answer (RFC 6455 section 7.1.2); false if one
    /// was sent before. A reason that is too long is cut.
    pub fn close(&mut self, code: Option<CloseCode>, reason: &str) -> bool {
        let payload = code.map(|code| ClosePayload::fitting(code, reason));
        self.send_close_payload(payload.as_ref().map_or(&[][..], ClosePayload::as_slice))
    }

    /// Queues a frame as its header describes it, whatever rules it breaks. A sender that masks
    /// gives it a key if it has none. Returns the header with that key.
    pub fn push_frame(&mut self, header: FrameHeader, payload: &[u8]) -> FrameHeader {
        let header = self.with_key(header);
        self.push(header, payload);
        header
    }

    /// Queues a frame exactly as its header describes it: without a masking key, it is not masked.
    pub fn push_exact(&mut self, header: FrameHeader, payload: &[u8]) {
        self.push(header, payload);
    }

    /// The frames queued since the last [`seal`](Self::seal), with their payload unmasked.
    pub fn queued(&self) -> impl Iterator<Item = (&FrameHeader, &[u8])> {
        self.queued.iter().map(|frame| {
            let payload = self.output.get(frame.payload..frame.end);
            (&frame.header, payload.unwrap_or_default())
        })
    }

    /// Removes the queued frames from the output. Their headers have no masking key:
    /// [`push_frame`](Self::push_frame) makes a new one.
    pub fn take_queued(&mut self) -> Vec<(FrameHeader, Vec<u8>)> {
        let frames: Vec<_> = self
            .queued()
            .map(|(header, payload)| {
                let header = FrameHeader {
                    masking_key: None,
                    ..*header
                };
                (header, payload.to_vec())
            })
            .collect();
        if let Some(first) = self.queued.first() {
            self.output.truncate(first.payload - first.header.size());
        }
        self.queued.clear();
        frames
    }

    /// Masks the queued frames whose header has a masking key.
    pub fn seal(&mut self) {
        for QueuedFrame {
            header,
            payload,
            end,
        } in self.queued.drain(..)
        {
            if let (Some(key), Some(payload)) =
                (header.masking_key, self.output.get_mut(payload..end))
            {
                key.apply(0, payload);
            }
        }
    }

    /// The bytes to write, sealed. The caller removes what it has written.
    pub fn output(&mut self) -> &mut Vec<u8> {
        self.seal();
        &mut self.output
    }

    /// Takes the bytes to write, sealed. Afterwards the sender holds no buffer: an idle
    /// connection needs none.
    pub fn take_output(&mut self) -> Vec<u8> {
        self.seal();
        self.queued = Vec::new();
        mem::take(&mut self.output)
    }

    /// Whether there is nothing to write.
    pub const fn is_output_empty(&self) -> bool {
        self.output.is_empty()
    }

    /// How many bytes there are to write.
    pub const fn output_size(&self) -> usize {
        self.output.len()
    }

    /// Whether permessage-deflate was negotiated.
    pub const fn compresses(&self) -> bool {
        self.deflater.is_some()
    }

    /// Whether frames are masked, as a client's are.
    pub const fn masks(&self) -> bool {
        self.keys.is_some()
    }

    /// Whether a message is sent as a plain frame: not compressed and not masked.
    pub(super) const fn sends_plain(&self) -> bool {
        !self.close_sent && self.deflater.is_none() && self.keys.is_none()
    }

    /// Whether this end has sent its close frame.
    pub const fn close_sent(&self) -> bool {
        self.close_sent
    }

    fn frame(&mut self, opcode: Opcode, payload: &[u8]) -> bool {
        if self.close_sent {
            return false;
        }
        self.push_frame(FrameHeader::new(opcode, payload.len() as u64), payload);
        true
    }

    /// Sends a compressed message. A large payload is not copied if nothing is before it in the
    /// output: it becomes the output.
    fn compressed_frame(&mut self, opcode: Opcode, mut payload: Vec<u8>) {
        const LARGE: usize = 64 << 10;
        if self.close_sent {
            return;
        }
        let header = FrameHeader {
            rsv: Rsv::RSV1,
            ..FrameHeader::new(opcode, payload.len() as u64)
        };
        if payload.len() < LARGE || !self.output.is_empty() {
            self.push_frame(header, &payload);
            return;
        }
        let header = self.with_key(header);
        let encoded = header.encode();
        let start = encoded.len();
        payload.splice(..0, encoded.iter().copied());
        self.output = payload;
        self.queued.push(QueuedFrame {
            header,
            payload: start,
            end: self.output.len(),
        });
    }

    /// A header with the next masking key, if this sender masks and the header has no key.
    fn with_key(&mut self, mut header: FrameHeader) -> FrameHeader {
        if let (None, Some(keys)) = (header.masking_key, &mut self.keys) {
            header.masking_key = Some(keys());
        }
        header
    }

    fn push(&mut self, header: FrameHeader, payload: &[u8]) {
        self.output.extend_from_slice(&header.encode());
        let start = self.output.len();
        self.output.extend_from_slice(payload);
        self.queued.push(QueuedFrame {
            header,
            payload: start,
            end: self.output.len(),
        });
    }
}

impl fmt::Debug for FrameSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrameSender")
            .field("output", &self.output.len())
            .field("queued", &self.queued.len())
            .field("masks", &self.masks())
            .field("compresses", &self.compresses())
            .field("close_sent", &self.close_sent)
            .finish_non_exhaustive()
    }
}
