//! The validator: watches one direction of a connection and names every broken rule.

mod payload;
#[cfg(test)]
mod tests;

use super::utf8::is_utf8;
use super::{FrameHeader, LengthForm, Opcode, Role, Rsv, Rule, Utf8Error, Violation};
use payload::{CloseCodeReader, StreamUtf8Check};

/// Judges the frames that one end sends, in order, by the rules of RFC 6455 §5, §7.4 and
/// §8.1 and of RFC 7692 §6.1, and goes on after each violation. It reads what a
/// [`FrameDecoder`](super::FrameDecoder) gives, and holds no payload.
#[derive(Clone, Debug)]
pub struct FrameValidator {
    sender: Option<Role>,
    /// Whether permessage-deflate was agreed on.
    deflate: bool,
    frames: u64,
    /// Where in the stream the next byte of payload stands.
    offset: u64,
    /// The message of which the last fragment has not come.
    message: Option<PayloadKind>,
    /// What the payload of the frame at hand is.
    content: PayloadKind,
    /// Whether the frame at hand is the last of its message.
    last: bool,
    text: StreamUtf8Check,
    reason: StreamUtf8Check,
    code: CloseCodeReader,
    closed: bool,
}

/// What the payload of a frame has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PayloadKind {
    Text,
    Close,
    /// Anything: binary, compressed, a ping, or a fragment of who knows what.
    Any,
}

impl FrameValidator {
    /// A validator for what `sender` sends; the masking rules need to know who that is.
    pub fn new(sender: Option<Role>) -> Self {
        Self {
            sender,
            deflate: false,
            frames: 0,
            offset: 0,
            message: None,
            content: PayloadKind::Any,
            last: true,
            text: StreamUtf8Check::default(),
            reason: StreamUtf8Check::default(),
            code: CloseCodeReader::default(),
            closed: false,
        }
    }

    /// The same where permessage-deflate was agreed on, or was not. Then RSV1 marks a message
    /// that is compressed (RFC 7692 §6); its text is for whoever inflates it to judge.
    #[must_use]
    pub const fn with_deflate(mut self, agreed: bool) -> Self {
        self.deflate = agreed;
        self
    }

    /// It has become known who sends.
    pub const fn sent_by(&mut self, sender: Role) {
        self.sender = Some(sender);
    }

    /// A frame begins at `offset` of the stream.
    pub fn header(&mut self, offset: u64, header: &FrameHeader, found: &mut Vec<Violation>) {
        self.inspect(offset, header, found);
        self.enter(offset, header);
    }

    /// What is wrong with a frame that would begin at `offset` of the stream.
    pub fn inspect(&self, offset: u64, header: &FrameHeader, found: &mut Vec<Violation>) {
        self.first_byte(offset, header, found);
        self.second_byte(offset + 1, header, found);
        if header.opcode == Opcode::CLOSE && header.payload_length.value() == 1 {
            let payload = offset + header.size() as u64;
            found.push(self.violation_of_next(Rule::CloseOneOctet, payload, 1));
        }
    }

    /// A frame begins at `offset` of the stream, and is taken for one.
    pub fn enter(&mut self, offset: u64, header: &FrameHeader) {
        self.frames += 1;
        self.offset = offset + header.size() as u64;
        self.content = self.content_of(header);
        self.last = header.fin;
        if self.content == PayloadKind::Close {
            self.closed = true;
            self.code = CloseCodeReader::default();
            self.reason = StreamUtf8Check::default();
        }
    }

    /// Whether a frame that [is plain](FrameHeader::is_plain) may come next, masked or not. If
    /// one may, so may any number of them.
    pub fn is_plain(&self, is_masked: bool) -> bool {
        let is_masked_as_it_must_be = match self.sender {
            Some(sender) => is_masked == (sender == Role::Client),
            None => true,
        };
        is_masked_as_it_must_be && !self.closed && self.message.is_none()
    }

    /// Takes the next frame, of which all is known, if it is plain and nothing is wrong with
    /// it; whether it was taken. Any other is left to [`header`](Self::header),
    /// [`payload`](Self::payload) and [`end`](Self::end).
    pub fn passes(&mut self, offset: u64, header: &FrameHeader, payload: &[u8]) -> bool {
        let passes = header.is_plain()
            && self.is_plain(header.masking_key.is_some())
            && (header.opcode != Opcode::TEXT || is_utf8(payload));
        if passes {
            self.pass(1, offset, header);
        }
        passes
    }

    /// So many plain frames were right, payload and all; the last of them began at `offset`
    /// with this header.
    pub fn pass(&mut self, count: u64, offset: u64, header: &FrameHeader) {
        self.frames += count.saturating_sub(1);
        self.enter(offset, header);
        self.offset += header.payload_length.value();
    }

    /// A piece of its payload, unmasked.
    pub fn payload(&mut self, piece: &[u8], found: &mut Vec<Violation>) {
        match self.content {
            PayloadKind::Any => {}
            PayloadKind::Text => {
                let fault = self.text.push(self.offset, piece);
                found.extend(fault.map(|fault| self.not_utf8(Rule::TextNotUtf8, fault)));
            }
            PayloadKind::Close => self.close_payload(piece, found),
        }
        self.offset += piece.len() as u64;
    }

    /// The frame is whole.
    pub fn end(&mut self, found: &mut Vec<Violation>) {
        match self.content {
            PayloadKind::Text if self.last => {
                let fault = self.text.finish();
                found.extend(fault.map(|fault| self.not_utf8(Rule::TextNotUtf8, fault)));
            }
            PayloadKind::Close => {
                let fault = self.reason.finish();
                found.extend(fault.map(|fault| self.not_utf8(Rule::CloseReasonNotUtf8, fault)));
            }
            PayloadKind::Text | PayloadKind::Any => {}
        }
    }

    /// How many frames have begun.
    pub const fn frames(&self) -> u64 {
        self.frames
    }

    /// Whether a message was begun and its last fragment has not come.
    pub const fn message_is_open(&self) -> bool {
        self.message.is_some()
    }

    /// Whether the frame at hand belongs to a text message.
    pub fn is_text(&self) -> bool {
        self.content == PayloadKind::Text
    }

    /// FIN, RSV and opcode, and what they mean at this point of the stream.
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

    /// MASK and the length.
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

    /// What the frame's payload is; opens and closes the message it belongs to.
    fn content_of(&mut self, header: &FrameHeader) -> PayloadKind {
        let content = match header.opcode {
            Opcode::CLOSE => return PayloadKind::Close,
            Opcode::CONTINUATION => self.message.unwrap_or(PayloadKind::Any),
            Opcode::TEXT if !header.rsv.rsv1() => {
                self.text = StreamUtf8Check::default();
                PayloadKind::Text
            }
            Opcode::TEXT | Opcode::BINARY => PayloadKind::Any,
            _ => return PayloadKind::Any,
        };
        self.message = (!header.fin).then_some(content);
        content
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
        let fault = self.reason.push(offset, rest);
        found.extend(fault.map(|fault| self.not_utf8(Rule::CloseReasonNotUtf8, fault)));
    }

    fn not_utf8(&self, rule: Rule, fault: Utf8Error) -> Violation {
        self.violation(rule, fault.offset, fault.length)
    }

    /// A violation in the frame that comes next.
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
