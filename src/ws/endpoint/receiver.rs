//! The half of an endpoint that listens.

use std::collections::VecDeque;

use super::event::{Event, Failure, ReceivedFrame};
use super::message_inflater::{
    CompressedMessageError, CompressedMessageErrorKind, MessageInflater,
};
use crate::ws::extension::SenderParameters;
use crate::ws::plain::Expected;
use crate::ws::{
    FrameHeader, FramePart, FrameReader, FrameValidator, IncompleteFrame, InputBuf, Message,
    Opcode, Role, Violation,
};

/// Turns a peer's bytes into frames and messages, until the peer breaks a rule.
#[derive(Debug)]
pub struct Receiver {
    reader: FrameReader,
    /// None unless permessage-deflate was agreed on.
    message_inflater: Option<Box<MessageInflater>>,
    found: Vec<Violation>,
    failures: VecDeque<Failure>,
    max_message: usize,
    frame: Option<OpenFrame>,
    /// Payload that cannot be handed on from the caller's bytes: the fragments of a
    /// message, or what came so far of a frame cut by a read. Of a compressed message it is
    /// the frame at hand.
    data: Vec<u8>,
    control: Vec<u8>,
    message: OpenMessage,
    /// The message in `data` was handed on, and can be forgotten.
    is_delivered: bool,
    close_received: bool,
    failed: bool,
}

/// A frame whose end has not come.
#[derive(Clone, Copy, Debug)]
struct OpenFrame {
    header: FrameHeader,
    /// Where in the stream its payload begins.
    offset: u64,
    /// Where in `data` its payload begins.
    start: usize,
}

/// The message at hand, as far as its header said it.
#[derive(Clone, Copy, Debug)]
struct OpenMessage {
    opcode: Opcode,
    frames: u64,
}

impl Receiver {
    /// For what `peer` sends; compressed with these parameters, if that was agreed on.
    pub(super) fn new(peer: Role, max_message: usize, deflate: Option<SenderParameters>) -> Self {
        let validator = FrameValidator::new(Some(peer)).with_deflate(deflate.is_some());
        let message_inflater = |parameters| Box::new(MessageInflater::new(parameters, max_message));
        Self {
            reader: FrameReader::new(validator, 0),
            message_inflater: deflate.map(message_inflater),
            found: Vec::new(),
            failures: VecDeque::new(),
            max_message,
            frame: None,
            data: Vec::new(),
            control: Vec::new(),
            message: OpenMessage {
                opcode: Opcode::CONTINUATION,
                frames: 0,
            },
            is_delivered: false,
            close_received: false,
            failed: false,
        }
    }

    /// The next event; None until more bytes are given, and for ever after a failure.
    /// It takes what it needs from the front of `unread`, and unmasks there.
    pub fn next<'s, 'o: 's>(&'s mut self, unread: &mut InputBuf<'o>) -> Option<Event<'s>> {
        if self.failed {
            return self.failures.pop_front().map(Event::Failure);
        }
        if self.is_delivered {
            self.forget_message();
        }
        if let Some((header, payload)) = self.reader.next_plain(unread, self.max_message) {
            return Some(Event::Frame(ReceivedFrame::message(header, payload)));
        }
        loop {
            let part = self.reader.next(unread, &mut self.found)?;
            self.fail_by_what_was_found();
            match part {
                FramePart::Header { offset, header } => {
                    self.begin(offset, header);
                    if self.failed {
                        let piece = present_payload(&mut self.reader, unread);
                        return Some(self.event(header, piece, None));
                    }
                }
                FramePart::Payload(piece) => {
                    let Some(frame) = self.frame else { continue };
                    self.inflate(&frame, piece);
                    if self.stands_alone(&frame.header, piece) {
                        // No further byte is needed for the frame's end.
                        self.reader.next(unread, &mut self.found);
                        self.fail_by_what_was_found();
                        return Some(self.end_standing_alone(&frame, piece));
                    }
                    self.store(&frame.header, piece);
                    if self.failed {
                        return Some(self.event(frame.header, self.stored(&frame), None));
                    }
                }
                FramePart::End => {
                    let Some(frame) = self.frame.take() else {
                        continue;
                    };
                    return Some(self.end_stored(&frame));
                }
            }
        }
    }

    /// How long the payload of a plain frame that comes next may be; None if it may not come,
    /// or is not the next thing to come.
    pub(super) fn expected_plain(&mut self) -> Option<Expected> {
        if self.is_delivered {
            self.forget_message();
        }
        self.reader
            .expected_plain(self.max_message)
            .filter(|_| !self.failed)
    }

    /// So many plain frames were right; the last of them began at `offset` of the stream with
    /// this header.
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

    /// The frame that is not whole, if there is one.
    pub fn unfinished(&self) -> Option<IncompleteFrame> {
        self.reader.incomplete()
    }

    /// Whether a message was begun and its last fragment has not come.
    pub const fn message_is_open(&self) -> bool {
        self.reader.validator().message_is_open()
    }

    /// How many bytes have come.
    pub const fn offset(&self) -> u64 {
        self.reader.offset()
    }

    /// How many frames have begun.
    pub const fn frames(&self) -> u64 {
        self.reader.validator().frames()
    }

    /// How many bytes of memory are held for payload.
    #[cfg(test)]
    pub(super) const fn held(&self) -> usize {
        self.data.capacity()
    }

    fn begin(&mut self, offset: u64, header: FrameHeader) {
        self.reader.begin_frame(offset, &header);
        if header.opcode.is_control() {
            self.control.clear();
        } else {
            if header.opcode != Opcode::CONTINUATION {
                self.message = OpenMessage {
                    opcode: header.opcode,
                    frames: 0,
                };
                self.forget_message();
            }
            self.message.frames += 1;
            self.judge_length(&header);
        }
        self.frame = Some(OpenFrame {
            header,
            offset: offset + header.size() as u64,
            start: self.data.len(),
        });
    }

    /// Refuses a message that is too large before it comes. How large a compressed one is
    /// shows when it is inflated; until then its frames count.
    fn judge_length(&mut self, header: &FrameHeader) {
        let mut most = self.max_message;
        if let Some(message_inflater) = &mut self.message_inflater {
            message_inflater.begin(header);
            if message_inflater.is_compressed() {
                self.data.clear();
                most = message_inflater.max_payload();
            }
        }
        let length = (self.data.len() as u64).saturating_add(header.payload_length.value());
        if length > most as u64 {
            self.fail(Failure::TooBig {
                length,
                limit: self.max_message,
            });
        }
    }

    /// Inflates a piece of a frame, if it belongs to a compressed message.
    fn inflate(&mut self, frame: &OpenFrame, piece: &[u8]) {
        if frame.header.opcode.is_control() {
            return;
        }
        if let Some(message_inflater) = &mut self.message_inflater
            && message_inflater.is_compressed()
            && let Err(kind) = message_inflater.push(piece)
        {
            self.fail_by_compression(kind, frame);
        }
    }

    fn fail_by_compression(&mut self, kind: CompressedMessageErrorKind, frame: &OpenFrame) {
        self.fail(Failure::Compressed(CompressedMessageError {
            kind,
            frame: self.reader.validator().frames(),
            offset: frame.offset,
            length: frame.header.payload_length.value(),
        }));
    }

    /// What is known of the compressed message that such a frame belongs to.
    fn compressed(&self, header: &FrameHeader) -> Option<&MessageInflater> {
        let message_inflater = self.message_inflater.as_deref()?;
        (message_inflater.is_compressed() && !header.opcode.is_control())
            .then_some(message_inflater)
    }

    /// Empties the buffer, and gives a large one back.
    fn forget_message(&mut self) {
        const KEPT: usize = 64 * 1024;
        self.data.clear();
        self.data.shrink_to(KEPT);
        if let Some(message_inflater) = &mut self.message_inflater {
            message_inflater.forget(KEPT);
        }
        self.is_delivered = false;
    }

    /// Whether a frame, and the message it may be, is whole in the caller's bytes, so that
    /// it can be handed on from there.
    fn stands_alone(&self, header: &FrameHeader, piece: &[u8]) -> bool {
        let is_message = header.fin && self.message.frames == 1;
        let is_whole = piece.len() as u64 == header.payload_length.value();
        is_whole && (header.opcode.is_control() || is_message)
    }

    fn end_standing_alone<'a>(&'a mut self, frame: &OpenFrame, piece: &'a [u8]) -> Event<'a> {
        self.frame = None;
        let message = self.end(frame).then(|| self.message_of(piece));
        self.event(frame.header, piece, message)
    }

    fn end_stored(&mut self, frame: &OpenFrame) -> Event<'_> {
        let completes = self.end(frame);
        let message = completes.then(|| self.message_of(&self.data));
        self.event(frame.header, self.stored(frame), message)
    }

    /// The frame's end; whether it completes a message.
    fn end(&mut self, frame: &OpenFrame) -> bool {
        let header = &frame.header;
        let completes = header.fin && !header.opcode.is_control();
        if completes && !self.failed {
            self.end_compressed(frame);
        }
        if self.failed {
            return false;
        }
        self.close_received |= header.opcode == Opcode::CLOSE;
        self.is_delivered |= completes;
        completes
    }

    /// The end of a message that may be compressed.
    fn end_compressed(&mut self, frame: &OpenFrame) {
        if let Some(message_inflater) = &mut self.message_inflater
            && message_inflater.is_compressed()
            && let Err(kind) = message_inflater.finish()
        {
            self.fail_by_compression(kind, frame);
        }
    }

    fn event<'a>(
        &'a self,
        header: FrameHeader,
        payload: &'a [u8],
        message: Option<Message<'a>>,
    ) -> Event<'a> {
        let message_inflater = self.compressed(&header);
        Event::Frame(ReceivedFrame {
            header,
            payload,
            inflated: message_inflater.map(MessageInflater::said_by_frame),
            is_text: message_inflater
                .map_or(self.reader.validator().is_text(), MessageInflater::is_text),
            accepted: !self.failed,
            message,
        })
    }

    fn message_of<'a>(&'a self, payload: &'a [u8]) -> Message<'a> {
        let message_inflater = self.message_inflater.as_deref();
        let compressed =
            message_inflater.filter(|message_inflater| message_inflater.is_compressed());
        let payload = compressed.map_or(payload, MessageInflater::said);
        Message {
            opcode: self.message.opcode,
            payload,
            length: payload.len() as u64,
            frames: self.message.frames,
        }
    }

    fn store(&mut self, header: &FrameHeader, piece: &[u8]) {
        if header.opcode.is_control() {
            self.control.extend_from_slice(piece);
        } else {
            self.data.extend_from_slice(piece);
        }
    }

    fn stored(&self, frame: &OpenFrame) -> &[u8] {
        if frame.header.opcode.is_control() {
            &self.control
        } else {
            self.data.get(frame.start..).unwrap_or_default()
        }
    }

    fn fail_by_what_was_found(&mut self) {
        for violation in std::mem::take(&mut self.found) {
            self.fail(Failure::Violation(violation));
        }
    }

    fn fail(&mut self, failure: Failure) {
        self.failed = true;
        self.failures.push_back(failure);
    }
}

/// What the caller's bytes hold of the frame that was just begun.
fn present_payload<'a>(reader: &mut FrameReader, unread: &mut InputBuf<'a>) -> &'a [u8] {
    match reader.next(unread, &mut Vec::new()) {
        Some(FramePart::Payload(piece)) => piece,
        _ => &[],
    }
}
