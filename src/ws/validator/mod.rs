//! Checks the frames of one sender against the rules of RFC 6455 and RFC 7692.
//!
//! In go the parts that [`FrameDecoder`](super::FrameDecoder) returns, out come [`Violation`]s.
//! [`FrameReader`](super::FrameReader) keeps decoder and validator in step.

mod payload;
#[cfg(test)]
mod tests;

use super::plain::PlainRequirement;
use super::{FrameHeader, LengthForm, Opcode, Role, Rsv, Rule, Utf8Error, Violation};
use payload::{CloseCodeReader, StreamUtf8Check};

/// Checks the frames that one end sends, in order, by the rules of RFC 6455 §5, §7.4 and §8.1
/// and of RFC 7692 §6.1. It continues after each violation, and holds no payload.
///
/// For each frame call [`validate_header`](Self::validate_header),
/// [`validate_payload`](Self::validate_payload) for each piece, and
/// [`validate_end`](Self::validate_end).
#[derive(Clone, Debug)]
pub struct FrameValidator {
    sender: Option<Role>,
    /// Whether permessage-deflate was negotiated.
    deflate: bool,
    frames: u64,
    /// The stream offset of the next byte of payload.
    offset: u64,
    /// The kind of the message whose last fragment has not come.
    message: Option<PayloadKind>,
    /// The kind of the current frame's payload.
    payload: PayloadKind,
    /// Whether the current frame is the last one of its message.
    is_last: bool,
    text: StreamUtf8Check,
    reason: StreamUtf8Check,
    code: CloseCodeReader,
    closed: bool,
}

/// What the payload of a frame must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PayloadKind {
    /// UTF-8.
    Text,
    /// A close code and a reason in UTF-8.
    Close,
    /// Any bytes: binary, compressed, a ping, a pong, or a continuation without a start.
    Any,
}

impl FrameValidator {
    /// A validator for what `sender` sends. The masking rules are checked only if it is known.
    pub fn new(sender: Option<Role>) -> Self {
        Self {
            sender,
            deflate: false,
            frames: 0,
            offset: 0,
            message: None,
            payload: PayloadKind::Any,
            is_last: true,
            text: StreamUtf8Check::default(),
            reason: StreamUtf8Check::default(),
            code: CloseCodeReader::default(),
            closed: false,
        }
    }

    /// Says whether permessage-deflate was negotiated. If it was, RSV1 marks a compressed
    /// message (RFC 7692 §6), whose text is checked by the code that inflates it.
    #[must_use]
    pub const fn with_deflate(mut self, negotiated: bool) -> Self {
        self.deflate = negotiated;
        self
    }

    /// Sets the sender, when it becomes known.
    pub const fn set_sender(&mut self, sender: Role) {
        self.sender = Some(sender);
    }

    /// Checks a header at this offset of the stream, and begins its frame.
    pub fn validate_header(
        &mut self,
        offset: u64,
        header: &FrameHeader,
        found: &mut Vec<Violation>,
    ) {
        self.check_header(offset, header, found);
        self.begin_frame(offset, header);
    }

    /// Checks the header of a frame that would begin at this offset of the stream, without
    /// beginning it.
    pub fn check_header(&self, offset: u64, header: &FrameHeader, found: &mut Vec<Violation>) {
        self.first_byte(offset, header, found);
        self.second_byte(offset + 1, header, found);
        if header.opcode == Opcode::CLOSE && header.payload_length.value() == 1 {
            let payload = offset + header.size() as u64;
            found.push(self.violation_of_next(Rule::CloseOneByte, payload, 1));
        }
    }

    /// Begins the frame with this header at this offset of the stream.
    pub fn begin_frame(&mut self, offset: u64, header: &FrameHeader) {
        self.frames += 1;
        self.offset = offset + header.size() as u64;
        self.payload = self.begin_payload(header);
        self.is_last = header.fin;
        if self.payload == PayloadKind::Close {
            self.closed = true;
            self.code = CloseCodeReader::default();
            self.reason = StreamUtf8Check::default();
        }
    }

    /// What [plain frames](super::plain) must be like that come next; None if none may come, or
    /// the sender is not known. If one may come, so may any number of them.
    pub fn expected_plain(&self, max_payload: usize) -> Option<PlainRequirement> {
        let is_masked = self.sender? == Role::Client;
        (!self.closed && self.message.is_none()).then_some(PlainRequirement {
            is_masked,
            max_payload,
        })
    }

    /// Counts plain frames that break no rule, payload included; the last of them began at this
    /// offset of the stream with this header.
    pub fn accept_plain(&mut self, count: u64, offset: u64, header: &FrameHeader) {
        self.frames += count.saturating_sub(1);
        self.begin_frame(offset, header);
        self.offset += header.payload_length.value();
    }

    /// Checks a piece of the current frame's payload, unmasked.
    pub fn validate_payload(&mut self, piece: &[u8], found: &mut Vec<Violation>) {
        match self.payload {
            PayloadKind::Any => {}
            PayloadKind::Text => {
                let error = self.text.push(self.offset, piece);
                found.extend(error.map(|error| self.not_utf8(Rule::TextNotUtf8, error)));
            }
            PayloadKind::Close => self.close_payload(piece, found),
        }
        self.offset += piece.len() as u64;
    }

    /// Ends the current frame: its payload is complete.
    pub fn validate_end(&mut self, found: &mut Vec<Violation>) {
        match self.payload {
            PayloadKind::Text if self.is_last => {
                let error = self.text.finish();
                found.extend(error.map(|error| self.not_utf8(Rule::TextNotUtf8, error)));
            }
            PayloadKind::Close => {
                let error = self.reason.finish();
                found.extend(error.map(|error| self.not_utf8(Rule::CloseReasonNotUtf8, error)));
            }
            PayloadKind::Text | PayloadKind::Any => {}
        }
    }

    /// How many frames have begun.
    pub const fn frames(&self) -> u64 {
        self.frames
    }

    /// Whether the last fragment of a message has not come.
    pub const fn message_is_open(&self) -> bool {
        self.message.is_some()
    }

    /// Whether the current frame belongs to a text message that is not compressed.
    pub fn is_text(&self) -> bool {
        self.payload == PayloadKind::Text
    }

    /// Checks FIN, RSV and opcode, also against the frames before.
    fn first_byte(&self, offset: u64, header: &FrameHeader, found: &mut Vec<Violation>) {
        let opcode = header.opcode;
        let mut report = |rule| found.push(self.violation_of_next(rule, offset, 1));
        let mut reserved = header.rsv;
        if self.deflate {
            if reserved.rsv1() && (opcode.is_control() || opcode == Opcode::CONTINUATION) {
                report(Rule::CompressedNotFirst(opcode));
            }
            reserved = reserved.without_rsv1();
        }
        if reserved != Rsv::NONE {
            report(Rule::ReservedBits(reserved));
        }
        if opcode.is_reserved() {
            report(Rule::ReservedOpcode(opcode));
        }
        if opcode.is_control() {
            if !header.fin {
                report(Rule::ControlFragmented(opcode));
            }
            return;
        }
        if self.closed {
            report(Rule::DataAfterClose(opcode));
        }
        match (opcode, self.message) {
            (Opcode::CONTINUATION, None) => report(Rule::ContinuationWithoutStart),
            (Opcode::TEXT | Opcode::BINARY, Some(_)) => report(Rule::MessageUnfinished(opcode)),
            _ => {}
        }
    }

    /// Checks the MASK bit and the length.
    fn second_byte(&self, offset: u64, header: &FrameHeader, found: &mut Vec<Violation>) {
        let masked = header.masking_key.is_some();
        if let Some(sender) = self.sender
            && masked != (sender == Role::Client)
        {
            found.push(self.violation_of_next(Rule::of_masking(sender), offset, 1));
        }
        let length = header.payload_length;
        let bytes = 1 + length.form().extended_bytes() as u64;
        let mut report = |rule| found.push(self.violation_of_next(rule, offset, bytes));
        if !length.is_shortest() {
            report(Rule::LengthNotShortest(length));
        }
        if length.has_highest_bit() {
            report(Rule::LengthHighestBit(length));
        }
        if header.opcode.is_control() && length.value() > LengthForm::Seven.largest() {
            report(Rule::ControlTooLong(header.opcode, length.value()));
        }
    }

    /// Returns the kind of the frame's payload, and begins or ends the message it belongs to.
    fn begin_payload(&mut self, header: &FrameHeader) -> PayloadKind {
        let kind = match header.opcode {
            Opcode::CLOSE => return PayloadKind::Close,
            Opcode::CONTINUATION => self.message.unwrap_or(PayloadKind::Any),
            Opcode::TEXT if !header.rsv.rsv1() => {
                self.text = StreamUtf8Check::default();
                PayloadKind::Text
            }
            Opcode::TEXT | Opcode::BINARY => PayloadKind::Any,
            _ => return PayloadKind::Any,
        };
        self.message = (!header.fin).then_some(kind);
        kind
    }

    fn close_payload(&mut self, piece: &[u8], found: &mut Vec<Violation>) {
        let mut offset = self.offset;
        let mut rest = piece;
        while let (false, Some((byte, others))) = (self.code.is_complete(), rest.split_first()) {
            if let Some(code) = self.code.push(*byte)
                && !code.may_be_sent()
            {
                found.push(self.violation(Rule::CloseCodeNotAllowed(code), offset - 1, 2));
            }
            offset += 1;
            rest = others;
        }
        let error = self.reason.push(offset, rest);
        found.extend(error.map(|error| self.not_utf8(Rule::CloseReasonNotUtf8, error)));
    }

    fn not_utf8(&self, rule: Rule, error: Utf8Error) -> Violation {
        self.violation(rule, error.offset, error.length)
    }

    /// A violation in the frame after the current one.
    const fn violation_of_next(&self, rule: Rule, offset: u64, length: u64) -> Violation {
        let violation = self.violation(rule, offset, length);
        Violation {
            frame: self.frames + 1,
            ..violation
        }
    }

    const fn violation(&self, rule: Rule, offset: u64, length: u64) -> Violation {
        Violation {
            rule,
            frame: self.frames,
            offset,
            length,
        }
    }
}
