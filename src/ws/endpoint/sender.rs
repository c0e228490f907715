//! The half of an endpoint that speaks.

use std::fmt;

use super::event::{Event, ReceivedFrame};
use crate::ws::deflate::Deflater;
use crate::ws::extension::SenderParameters;
use crate::ws::{CloseCode, ClosePayload, FrameHeader, MaskingKey, Opcode, Rsv};

/// Turns messages and answers into bytes, and says nothing after its close frame.
pub struct FrameSender {
    output: Vec<u8>,
    /// Makes a masking key for each frame; a server has none.
    keys: Option<Box<dyn FnMut() -> MaskingKey + Send>>,
    /// None unless permessage-deflate was agreed on.
    deflater: Option<Box<Deflater>>,
    close_sent: bool,
}

/// How hard the data is compressed, as zlib counts: its own choice between speed and size.
const LEVEL: u8 = 6;

impl FrameSender {
    /// A sender that compresses messages with these parameters, if that was agreed on.
    pub(super) fn new(deflate: Option<SenderParameters>) -> Self {
        let deflater = |parameters| Box::new(Deflater::new(parameters, LEVEL));
        Self {
            output: Vec::new(),
            keys: None,
            deflater: deflate.map(deflater),
            close_sent: false,
        }
    }

    /// The same with a masking key for each frame.
    pub(super) fn masking(self, keys: impl FnMut() -> MaskingKey + Send + 'static) -> Self {
        Self {
            keys: Some(Box::new(keys)),
            ..self
        }
    }

    /// Answers what RFC 6455 wants answered.
    pub fn react(&mut self, event: &Event<'_>) {
        if let Some(payload) = Self::parting(event) {
            self.part(&payload);
        }
        if let Event::Frame(frame) = event
            && frame.accepted
        {
            self.react_to_frame(frame);
        }
    }

    /// The payload of the close frame that this event calls for, if it does.
    ///
    /// Whoever has more to say sends that first, and then calls [`part`](Self::part): "an
    /// endpoint MAY delay sending a Close frame until its current message is sent"
    /// (RFC 6455 §5.5.1).
    pub fn parting(event: &Event<'_>) -> Option<Vec<u8>> {
        match event {
            // "When sending a Close frame in response, the endpoint typically echos the
            // status code it received" (RFC 6455 §5.5.1); browsers and libraries send the
            // reason back too, and a page is shown it in its close event.
            Event::Frame(frame) if frame.accepted && frame.header.opcode == Opcode::CLOSE => {
                Some(frame.payload.to_vec())
            }
            Event::Frame(_) => None,
            Event::Failure(failure) => {
                let reason = failure.to_string();
                let payload = ClosePayload::fitting(failure.close_code(), &reason);
                Some(payload.as_slice().to_vec())
            }
        }
    }

    /// Sends a close frame of this payload; false if one was sent before.
    pub fn part(&mut self, payload: &[u8]) -> bool {
        let sent = self.frame(Opcode::CLOSE, payload);
        self.close_sent = true;
        sent
    }

    /// Sends a message in one frame, compressed if that was agreed on; false after the close
    /// frame, when nothing is sent.
    pub fn message(&mut self, opcode: Opcode, payload: &[u8]) -> bool {
        if self.close_sent {
            return false;
        }
        let Some(mut deflater) = self.deflater.take() else {
            return self.frame(opcode, payload);
        };
        let sent = self.frame_with(Rsv::RSV1, opcode, deflater.deflate(payload));
        self.deflater = Some(deflater);
        sent
    }

    /// Begins a message that is not compressed, in one frame, with its header alone: whoever
    /// writes the output out writes the payload behind it. None after the close frame, and
    /// where frames are masked.
    pub fn message_head(&mut self, opcode: Opcode, length: u64) -> Option<FrameHeader> {
        if self.close_sent || self.keys.is_some() {
            return None;
        }
        let header = FrameHeader::new(opcode, length);
        self.output.extend_from_slice(&header.encode());
        Some(header)
    }

    /// Sends a ping of up to 125 bytes (RFC 6455 §5.5.2); false after the close frame.
    pub fn ping(&mut self, payload: &[u8]) -> bool {
        self.frame(Opcode::PING, payload)
    }

    /// Begins, or answers, the closing handshake (RFC 6455 §7.1.2); false if that was
    /// done before. A reason that is too long is cut.
    pub fn close(&mut self, code: Option<CloseCode>, reason: &str) -> bool {
        let payload = code.map(|code| ClosePayload::fitting(code, reason));
        self.part(payload.as_ref().map_or(&[][..], ClosePayload::as_slice))
    }

    /// The bytes to write out; whoever writes them removes them.
    pub const fn output(&mut self) -> &mut Vec<u8> {
        &mut self.output
    }

    /// Whether permessage-deflate was agreed on.
    pub const fn compresses(&self) -> bool {
        self.deflater.is_some()
    }

    /// Whether a message goes out as it is, in a plain frame that is not masked.
    pub(super) const fn sends_plain(&self) -> bool {
        !self.close_sent && self.deflater.is_none() && self.keys.is_none()
    }

    /// Whether this end has sent its close frame.
    pub const fn close_sent(&self) -> bool {
        self.close_sent
    }

    fn react_to_frame(&mut self, frame: &ReceivedFrame<'_>) {
        // "A Pong frame sent in response to a Ping frame must have identical
        // 'Application data'" (RFC 6455 §5.5.3).
        if frame.header.opcode == Opcode::PING {
            self.frame(Opcode::PONG, frame.payload);
        }
    }

    fn frame(&mut self, opcode: Opcode, payload: &[u8]) -> bool {
        self.frame_with(Rsv::NONE, opcode, payload)
    }

    fn frame_with(&mut self, rsv: Rsv, opcode: Opcode, payload: &[u8]) -> bool {
        if self.close_sent {
            return false;
        }
        let masking_key = self.keys.as_mut().map(|keys| keys());
        let header = FrameHeader {
            rsv,
            masking_key,
            ..FrameHeader::new(opcode, payload.len() as u64)
        };
        self.output.extend_from_slice(&header.encode());
        let start = self.output.len();
        self.output.extend_from_slice(payload);
        if let (Some(key), Some(payload)) = (masking_key, self.output.get_mut(start..)) {
            key.apply(0, payload);
        }
        true
    }
}

impl fmt::Debug for FrameSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrameSender")
            .field("output", &self.output.len())
            .field("masks", &self.keys.is_some())
            .field("compresses", &self.deflater.is_some())
            .field("close_sent", &self.close_sent)
            .finish()
    }
}
