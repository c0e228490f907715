//! What a peer sent on the open connection: its frames and messages, and the rules that its frames
//! break. `probe` fills it and compares it with what a case expects.

use crate::ws::deflate::{MessageInflater, walk};
use crate::ws::extension::SenderParameters;
use crate::ws::{
    CloseBody, CloseCode, FrameDecoder, FrameHeader, FramePart, FrameValidator, InputBuf,
    MessageAssembler, Opcode, Violation,
};

/// The most bytes that are kept of a payload.
const KEPT: usize = 128 * 1024;

/// The most bytes that a message may inflate to.
const INFLATED: usize = 1 << 30;

/// The most violations that are kept.
const VIOLATIONS: usize = 16;

/// The most events that are kept.
const EVENTS: usize = 4096;

/// Something that a peer sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeerEvent {
    /// A frame.
    Frame(ReceivedFrame),
    /// The message that its last frame completes.
    Message(ReceivedMessage),
}

/// A frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedFrame {
    /// Its header.
    pub header: FrameHeader,
    /// The payload of a control frame, or the beginning of another one.
    pub payload: Vec<u8>,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedMessage {
    /// Text or binary.
    pub opcode: Opcode,
    /// The payload, inflated, or its beginning.
    pub payload: Vec<u8>,
    /// The whole length.
    pub length: u64,
    /// The longest back-reference, if it was compressed.
    pub farthest: usize,
}

/// How the stream of a peer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerEnd {
    /// With FIN.
    Fin,
    /// With RST.
    Reset,
}

/// What a peer has sent so far.
#[derive(Debug)]
pub(super) struct Received {
    decoder: FrameDecoder,
    frame: Option<ReceivedFrame>,
    assembler: MessageAssembler,
    inflater: Option<MessageInflater>,
    compressed: Vec<u8>,
    /// Does not check masks, which have cases of their own.
    validator: FrameValidator,
    /// The rules that its frames break, each with the opcode of the frame.
    violations: Vec<(Opcode, Violation)>,
    pub(super) events: Vec<PeerEvent>,
    /// The number of bytes.
    pub(super) bytes: u64,
    pub(super) end: Option<PeerEnd>,
}

impl Received {
    pub(super) fn new() -> Self {
        Self {
            decoder: FrameDecoder::default(),
            frame: None,
            assembler: MessageAssembler::new(KEPT),
            inflater: None,
            compressed: Vec::new(),
            validator: FrameValidator::new(None),
            violations: Vec::new(),
            events: Vec::new(),
            bytes: 0,
            end: None,
        }
    }

    /// Messages with RSV1 are inflated with these parameters from now on.
    pub(super) fn inflate_with(&mut self, parameters: SenderParameters) {
        self.inflater = Some(MessageInflater::new(parameters, INFLATED));
        self.validator = FrameValidator::new(None).with_deflate(true);
    }

    /// Takes bytes, which are unmasked in place.
    pub(super) fn push(&mut self, bytes: &mut [u8]) {
        self.bytes += bytes.len() as u64;
        let mut input = InputBuf::new(bytes);
        let mut found = Vec::new();
        while let Some(part) = self.decoder.next(&mut input) {
            let ends = matches!(part, FramePart::End);
            match part {
                FramePart::Header { header, offset } => {
                    self.validator.validate_header(offset, &header, &mut found);
                    let payload = Vec::new();
                    self.begin(&header);
                    self.frame = Some(ReceivedFrame { header, payload });
                }
                FramePart::Payload(piece) => {
                    self.validator.validate_payload(piece, &mut found);
                    take_payload(
                        self.frame.as_mut(),
                        &mut self.assembler,
                        self.inflater.as_mut(),
                        &mut self.compressed,
                        piece,
                    );
                }
                FramePart::End => self.validator.validate_end(&mut found),
            }
            if let Some(frame) = &self.frame {
                let room = VIOLATIONS.saturating_sub(self.violations.len());
                let opcode = frame.header.opcode;
                let new = found.drain(..).take(room);
                self.violations.extend(new.map(|it| (opcode, it)));
            }
            if ends {
                self.end_frame();
            }
        }
    }

    /// The first rule that a control frame with this opcode breaks, or any frame of a message.
    pub(super) fn violation(&self, opcode: Opcode) -> Option<&Violation> {
        let is_meant =
            |it: Opcode| it == opcode || it.is_message_part() && opcode.is_message_part();
        let mut found = self.violations.iter();
        found.find(|it| is_meant(it.0)).map(|it| &it.1)
    }

    fn begin(&mut self, header: &FrameHeader) {
        self.assembler.begin_frame(header);
        if header.opcode.is_message_part() && header.opcode != Opcode::CONTINUATION {
            self.compressed.clear();
            match &mut self.inflater {
                Some(inflater) if header.rsv.rsv1() => inflater.start(header.opcode),
                Some(inflater) => inflater.abandon(),
                None => {}
            }
        }
    }

    fn end_frame(&mut self) {
        let Some(frame) = self.frame.take() else {
            return;
        };
        let header = frame.header;
        if self.events.len() < EVENTS {
            self.events.push(PeerEvent::Frame(frame));
        }
        if header.fin && header.opcode.is_message_part() {
            // A message that cannot be inflated is compared as far as it was.
            if let Some(inflater) = &mut self.inflater {
                let _ = inflater.finish();
            }
        }
        if let Some(message) = self.assembler.end_frame(&header) {
            let received = ReceivedMessage {
                opcode: message.opcode,
                payload: message.payload.to_vec(),
                length: message.length,
                farthest: walk(&self.compressed).farthest,
            };
            self.assembler.clear_message(0);
            self.compressed.clear();
            if self.events.len() < EVENTS {
                self.events.push(PeerEvent::Message(received));
            }
        }
    }

    /// The frames.
    pub(super) fn frames(&self) -> impl Iterator<Item = &ReceivedFrame> {
        self.events.iter().filter_map(|event| match event {
            PeerEvent::Frame(frame) => Some(frame),
            PeerEvent::Message(_) => None,
        })
    }

    /// The first close frame.
    pub(super) fn close(&self) -> Option<&ReceivedFrame> {
        self.frames().find(|it| it.header.opcode == Opcode::CLOSE)
    }

    /// The code of the first close frame; None if it has none.
    pub(super) fn close_code(&self) -> Option<CloseCode> {
        CloseBody::parse(&self.close()?.payload).code()
    }

    /// Whether the peer closed the connection, in any way.
    pub(super) fn is_closed(&self) -> bool {
        self.end.is_some() || self.close().is_some()
    }

    /// Whether a pong with this payload came.
    pub(super) fn has_pong(&self, payload: &[u8]) -> bool {
        self.frames()
            .any(|it| it.header.opcode == Opcode::PONG && it.payload == payload)
    }
}

fn take_payload(
    frame: Option<&mut ReceivedFrame>,
    assembler: &mut MessageAssembler,
    inflater: Option<&mut MessageInflater>,
    compressed: &mut Vec<u8>,
    piece: &[u8],
) {
    let Some(frame) = frame else {
        return;
    };
    if frame.header.opcode.is_control() {
        let room = KEPT - frame.payload.len().min(KEPT);
        frame
            .payload
            .extend_from_slice(piece.get(..room).unwrap_or(piece));
        return;
    }
    match inflater {
        Some(inflater) if inflater.is_open() => {
            let room = KEPT - compressed.len().min(KEPT);
            compressed.extend_from_slice(piece.get(..room).unwrap_or(piece));
            // The message then ends early, and is not what was expected.
            let _ = inflater.push(piece, |inflated| assembler.push(inflated));
        }
        _ => assembler.push(piece),
    }
}
