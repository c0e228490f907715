//! The receiving half of an endpoint.

mod inflate;
mod memory;

use std::collections::VecDeque;

use super::event::{EndpointEvent, Failure, ReceivedFrame};
use crate::ws::deflate::MessageInflater;
use crate::ws::extension::SenderParameters;
use crate::ws::plain::PlainRequirement;
use crate::ws::{
    FrameHeader, FramePart, FrameReader, FrameValidator, IncompleteFrame, InputBuf, Message,
    MessageAssembler, Opcode, Role, Violation,
};

/// Turns a peer's bytes into frames and messages, until the peer breaks a rule.
///
/// A frame whose payload is at hand is returned from the caller's bytes. Only what cannot be is
/// copied: the fragments of a message, and a payload that a read has cut.
#[derive(Debug)]
pub struct Receiver {
    reader: FrameReader,
    /// None unless permessage-deflate was negotiated.
    inflater: Option<Box<MessageInflater>>,
    found: Vec<Violation>,
    failures: VecDeque<Failure>,
    max_message: usize,
    frame: Option<CurrentFrame>,
    /// The message, as far as it is not in the caller's bytes; inflated, if it is compressed.
    message: MessageAssembler,
    /// The payload of a control frame, or of a frame of a compressed message, that a read has
    /// cut.
    frame_payload: Vec<u8>,
    /// How many bytes at the end of `frame_payload` are still to be inflated; None if the next
    /// part of a frame can be read.
    uninflated: Option<usize>,
    /// How many bytes may be inflated until the next [`begin_slice`](Self::begin_slice).
    slice: usize,
    /// How many bytes of a message may be held.
    memory: usize,
    /// Whether the next piece of payload waits for more memory.
    waits_for_memory: bool,
    /// Whether the current frame was refused for want of memory, and was not returned.
    is_refused: bool,
    /// The message was returned: its payload can be dropped.
    is_delivered: bool,
    close_received: bool,
    failed: bool,
}

/// A frame whose end has not come.
#[derive(Clone, Copy, Debug)]
struct CurrentFrame {
    header: FrameHeader,
    /// The stream offset of its payload.
    offset: u64,
    /// Whether it belongs to a compressed message.
    is_compressed: bool,
}

impl CurrentFrame {
    /// Whether its payload is kept in the message: it is neither a control frame nor compressed.
    const fn is_stored_in_message(&self) -> bool {
        !self.header.opcode.is_control() && !self.is_compressed
    }
}

impl Receiver {
    /// For what `peer` sends, compressed with these parameters if that was negotiated.
    pub(super) fn new(peer: Role, max_message: usize, deflate: Option<SenderParameters>) -> Self {
        let validator = FrameValidator::new(Some(peer)).with_deflate(deflate.is_some());
        let inflater = |parameters| Box::new(MessageInflater::new(parameters, max_message));
        Self {
            reader: FrameReader::new(validator, 0),
            inflater: deflate.map(inflater),
            found: Vec::new(),
            failures: VecDeque::new(),
            max_message,
            frame: None,
            message: MessageAssembler::new(max_message),
            frame_payload: Vec::new(),
            uninflated: None,
            slice: usize::MAX,
            memory: usize::MAX,
            waits_for_memory: false,
            is_refused: false,
            is_delivered: false,
            close_received: false,
            failed: false,
        }
    }

    /// Returns the next event; None if more bytes are needed, if it [is
    /// paused](Self::is_paused), and always after the failures. Takes what it needs from the
    /// front of `input`, and unmasks it in place.
    pub fn next<'s, 'o: 's>(&'s mut self, input: &mut InputBuf<'o>) -> Option<EndpointEvent<'s>> {
        if std::mem::take(&mut self.is_refused)
            && let Some(frame) = self.frame
        {
            return Some(self.failed_event(&frame));
        }
        if self.failed {
            return self.failures.pop_front().map(EndpointEvent::Failure);
        }
        if self.is_delivered {
            self.clear_message();
        }
        if let (Some(frame), Some(length)) = (self.frame, self.uninflated) {
            self.uninflated = self.inflate_rest(&frame, length);
            if self.failed {
                return Some(self.failed_event(&frame));
            }
            if self.uninflated.is_some() {
                return None;
            }
        }
        if let Some((header, payload)) = self.reader.next_plain(input, self.max_message) {
            return Some(EndpointEvent::Frame(ReceivedFrame::message(
                header, payload,
            )));
        }
        loop {
            self.waits_for_memory = self.must_wait_for_memory() && !input.is_empty();
            if self.waits_for_memory {
                return None;
            }
            let part = self.next_part(input)?;
            if let FramePart::Header { offset, header } = part {
                let frame = self.begin(offset, header);
                if self.failed {
                    let present = present_payload(&mut self.reader, input);
                    return Some(self.event(&frame, present, None));
                }
                continue;
            }
            let Some(frame) = self.frame else { continue };
            let FramePart::Payload(piece) = part else {
                return Some(self.end_stored(&frame));
            };
            if self.take_whole(&frame, piece) {
                // No further byte is needed for the frame's end.
                self.next_part(input);
                return Some(self.end_standing_alone(&frame, piece));
            }
            if self.failed {
                return Some(self.failed_event(&frame));
            }
            if self.uninflated.is_some() {
                return None;
            }
        }
    }

    /// Reads the next part of a frame, and fails if it breaks a rule.
    fn next_part<'o>(&mut self, input: &mut InputBuf<'o>) -> Option<FramePart<'o>> {
        let part = self.reader.next(input, &mut self.found)?;
        self.fail_by_violations();
        Some(part)
    }

    /// Inflates a piece of payload if it is compressed, and stores it, unless it is all of a
    /// frame that needs no storing. Returns whether it is.
    fn take_whole(&mut self, frame: &CurrentFrame, piece: &[u8]) -> bool {
        self.uninflated = self.inflate(frame, piece);
        let is_whole = self.uninflated.is_none() && self.stands_alone(frame, piece);
        if !is_whole {
            self.store(frame, piece);
        }
        is_whole
    }

    /// What plain frames must be like that come next; None if none may.
    pub(super) fn expected_plain(&mut self) -> Option<PlainRequirement> {
        if self.is_delivered {
            self.clear_message();
        }
        let expected = self.reader.expected_plain(self.max_message);
        expected.filter(|_| !self.failed)
    }

    /// Moves past plain frames that are valid; the last of them began at this offset of the
    /// stream with this header.
    pub(super) fn accept_plain(&mut self, count: u64, offset: u64, header: &FrameHeader) {
        self.reader.accept_plain(count, offset, header);
    }

    /// Whether the peer's close frame has come.
    pub const fn close_received(&self) -> bool {
        self.close_received
    }

    /// Whether the peer gave a reason to fail the connection.
    pub const fn has_failed(&self) -> bool {
        self.failed
    }

    /// The frame that is cut if the stream ends here; None between two frames.
    pub fn incomplete(&self) -> Option<IncompleteFrame> {
        self.reader.incomplete()
    }

    /// Whether the last fragment of a message has not come.
    pub const fn message_is_open(&self) -> bool {
        self.validator().message_is_open()
    }

    /// How many bytes have come.
    pub const fn offset(&self) -> u64 {
        self.reader.offset()
    }

    /// How many frames have begun.
    pub const fn frames(&self) -> u64 {
        self.validator().frames()
    }

    /// The validator of what the peer sends.
    pub const fn validator(&self) -> &FrameValidator {
        self.reader.validator()
    }

    fn begin(&mut self, offset: u64, header: FrameHeader) -> CurrentFrame {
        self.reader.begin_frame(offset, &header);
        self.frame_payload.clear();
        let mut frame = CurrentFrame {
            header,
            offset: offset + header.size() as u64,
            is_compressed: false,
        };
        if header.opcode.is_message_part() {
            self.message.begin_frame(&header);
            frame.is_compressed = self.begin_compressed(&header);
            self.check_length(&frame);
        }
        self.frame = Some(frame);
        frame
    }

    /// Refuses a message that is too large before it has come. How large a compressed one is
    /// shows when it is inflated; until then each of its frames is limited.
    fn check_length(&mut self, frame: &CurrentFrame) {
        let (length, max) = match &self.inflater {
            Some(inflater) if frame.is_compressed => {
                (frame.header.payload_length.value(), inflater.max_payload())
            }
            _ => (self.message.announced(&frame.header), self.max_message),
        };
        if length > max as u64 {
            self.fail(Failure::TooBig {
                length,
                limit: self.max_message,
            });
        }
    }

    /// Whether all of a frame, and of the message that it may be, is in the caller's bytes.
    fn stands_alone(&self, frame: &CurrentFrame, piece: &[u8]) -> bool {
        let header = &frame.header;
        let is_message = header.fin && self.message.message().frames == 1;
        let is_complete = piece.len() as u64 == header.payload_length.value();
        is_complete && (header.opcode.is_control() || is_message)
    }

    fn end_standing_alone<'a>(
        &'a mut self,
        frame: &CurrentFrame,
        piece: &'a [u8],
    ) -> EndpointEvent<'a> {
        let message = self.end(frame).then(|| {
            let message = self.message.message();
            if frame.is_compressed {
                return message;
            }
            Message {
                payload: piece,
                length: piece.len() as u64,
                buffer: None,
                ..message
            }
        });
        self.event(frame, piece, message)
    }

    fn end_stored(&mut self, frame: &CurrentFrame) -> EndpointEvent<'_> {
        let message = self.end(frame).then(|| self.message.message());
        self.event(frame, self.stored(frame), message)
    }

    /// Ends the current frame; whether it completes a message.
    fn end(&mut self, frame: &CurrentFrame) -> bool {
        self.frame = None;
        let header = &frame.header;
        let completes = header.fin && !header.opcode.is_control();
        if completes && frame.is_compressed && !self.failed {
            self.end_compressed(frame);
        }
        if self.failed {
            return false;
        }
        self.close_received |= header.opcode == Opcode::CLOSE;
        self.is_delivered |= completes;
        completes
    }

    fn event<'a>(
        &'a self,
        frame: &CurrentFrame,
        payload: &'a [u8],
        message: Option<Message<'a>>,
    ) -> EndpointEvent<'a> {
        let is_compressed_text =
            frame.is_compressed && self.message.message().opcode == Opcode::TEXT;
        EndpointEvent::Frame(ReceivedFrame {
            header: frame.header,
            payload,
            inflated: frame.is_compressed.then(|| self.message.frame_payload()),
            is_text: is_compressed_text || self.validator().is_text(),
            accepted: !self.failed,
            message,
            buffer: match message {
                Some(message) => message.buffer,
                None => self.message.message().buffer,
            },
        })
    }

    /// The event of a frame that has failed, with what is stored of it.
    fn failed_event(&self, frame: &CurrentFrame) -> EndpointEvent<'_> {
        self.event(frame, self.stored(frame), None)
    }

    fn store(&mut self, frame: &CurrentFrame, piece: &[u8]) {
        if frame.is_stored_in_message() {
            self.message.push(piece);
        } else {
            self.frame_payload.extend_from_slice(piece);
        }
    }

    fn stored(&self, frame: &CurrentFrame) -> &[u8] {
        if frame.is_stored_in_message() {
            self.message.frame_payload()
        } else {
            &self.frame_payload
        }
    }

    fn fail_by_violations(&mut self) {
        if self.found.is_empty() {
            return;
        }
        for violation in std::mem::take(&mut self.found) {
            self.fail(Failure::Violation(violation));
        }
    }

    fn fail(&mut self, failure: Failure) {
        self.failed = true;
        self.failures.push_back(failure);
    }
}

/// The bytes at hand of the payload that comes next.
fn present_payload<'a>(reader: &mut FrameReader, input: &mut InputBuf<'a>) -> &'a [u8] {
    match reader.next(input, &mut Vec::new()) {
        Some(FramePart::Payload(piece)) => piece,
        _ => &[],
    }
}
