//! The referee: watches one direction of a connection and names every broken rule.

mod payload;

use super::utf8::is_utf8;
use super::{FrameHeader, LengthForm, Opcode, Role, Rsv, Rule, Utf8Fault, Violation};
use payload::{CodeCheck, TextCheck};

/// Judges the frames that one end sends, in order, by the rules of RFC 6455 §5, §7.4 and
/// §8.1 and of RFC 7692 §6.1, and goes on after each violation. It reads what a
/// [`FrameDecoder`](super::FrameDecoder) gives, and holds no payload.
#[derive(Clone, Debug)]
pub struct Referee {
    sender: Option<Role>,
    /// Whether permessage-deflate was agreed on.
    deflate: bool,
    frames: u64,
    /// Where in the stream the next octet of payload stands.
    offset: u64,
    /// The message of which the last fragment has not come.
    message: Option<Content>,
    /// What the payload of the frame at hand is.
    content: Content,
    /// Whether the frame at hand is the last of its message.
    last: bool,
    text: TextCheck,
    reason: TextCheck,
    code: CodeCheck,
    closed: bool,
}

/// What the payload of a frame has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Text,
    Close,
    /// Anything: binary, compressed, a ping, or a fragment of who knows what.
    Any,
}

impl Referee {
    /// A referee for what `sender` sends; the masking rules need to know who that is.
    pub fn new(sender: Option<Role>) -> Self {
        Self {
            sender,
            deflate: false,
            frames: 0,
            offset: 0,
            message: None,
            content: Content::Any,
            last: true,
            text: TextCheck::default(),
            reason: TextCheck::default(),
            code: CodeCheck::default(),
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
        self.first_octet(offset, header, found);
        self.second_octet(offset + 1, header, found);
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
        if self.content == Content::Close {
            self.closed = true;
            self.code = CodeCheck::default();
            self.reason = TextCheck::default();
        }
    }

    /// Whether a frame that [is plain](FrameHeader::is_plain) may come next, masked or not. If
    /// one may, so may any number of them.
    pub fn admits_plain(&self, is_masked: bool) -> bool {
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
            && self.admits_plain(header.masking_key.is_some())
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
            Content::Any => {}
            Content::Text => {
                let fault = self.text.push(self.offset, piece);
                found.extend(fault.map(|fault| self.not_utf8(Rule::TextNotUtf8, fault)));
            }
            Content::Close => self.close_payload(piece, found),
        }
        self.offset += piece.len() as u64;
    }

    /// The frame is whole.
    pub fn end(&mut self, found: &mut Vec<Violation>) {
        match self.content {
            Content::Text if self.last => {
                let fault = self.text.finish();
                found.extend(fault.map(|fault| self.not_utf8(Rule::TextNotUtf8, fault)));
            }
            Content::Close => {
                let fault = self.reason.finish();
                found.extend(fault.map(|fault| self.not_utf8(Rule::CloseReasonNotUtf8, fault)));
            }
            Content::Text | Content::Any => {}
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
        self.content == Content::Text
    }

    /// FIN, RSV and opcode, and what they mean at this point of the stream.
    fn first_octet(&self, offset: u64, header: &FrameHeader, found: &mut Vec<Violation>) {
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
    fn second_octet(&self, offset: u64, header: &FrameHeader, found: &mut Vec<Violation>) {
        let masked = header.masking_key.is_some();
        if let Some(sender) = self.sender
            && masked != (sender == Role::Client)
        {
            found.push(self.violation_of_next(Rule::of_masking(sender), offset, 1));
        }
        let length = header.payload_length;
        let octets = 1 + length.form().extended_octets() as u64;
        let mut report = |rule| found.push(self.violation_of_next(rule, offset, octets));
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
    fn content_of(&mut self, header: &FrameHeader) -> Content {
        let content = match header.opcode {
            Opcode::CLOSE => return Content::Close,
            Opcode::CONTINUATION => self.message.unwrap_or(Content::Any),
            Opcode::TEXT if !header.rsv.rsv1() => {
                self.text = TextCheck::default();
                Content::Text
            }
            Opcode::TEXT | Opcode::BINARY => Content::Any,
            _ => return Content::Any,
        };
        self.message = (!header.fin).then_some(content);
        content
    }

    fn close_payload(&mut self, piece: &[u8], found: &mut Vec<Violation>) {
        let mut offset = self.offset;
        let mut rest = piece;
        while let (false, Some((octet, others))) = (self.code.is_complete(), rest.split_first()) {
            if let Some(code) = self.code.push(*octet)
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

    fn not_utf8(&self, rule: Rule, fault: Utf8Fault) -> Violation {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ws::{FrameDecoder, Part, Unread};

    /// Judges a stream, whole and octet by octet, and lists what is wrong.
    #[track_caller]
    fn judge(sender: Option<Role>, octets: &[u8]) -> Vec<String> {
        let whole = judge_pieces(sender, octets, octets.len().max(1));
        assert_eq!(judge_pieces(sender, octets, 1), whole);
        whole
    }

    fn judge_pieces(sender: Option<Role>, octets: &[u8], size: usize) -> Vec<String> {
        let mut decoder = FrameDecoder::default();
        let mut referee = Referee::new(sender);
        let mut found = Vec::new();
        for piece in octets.to_vec().chunks_mut(size) {
            let mut unread = Unread::new(piece);
            while let Some(part) = decoder.next(&mut unread) {
                match part {
                    Part::Header { offset, header } => referee.header(offset, &header, &mut found),
                    Part::Payload(piece) => referee.payload(piece, &mut found),
                    Part::End => referee.end(&mut found),
                }
            }
        }
        found
            .iter()
            .map(|violation| {
                let Violation {
                    rule,
                    frame,
                    offset,
                    length,
                } = violation;
                let section = rule.reference().section;
                format!(
                    "{frame}@{offset}+{length} §{section} {} {rule}",
                    rule.close_code().0
                )
            })
            .collect()
    }

    const CLIENT: Option<Role> = Some(Role::Client);
    const SERVER: Option<Role> = Some(Role::Server);

    #[test]
    fn the_examples_of_section_5_7_break_nothing() {
        let nothing: [&str; 0] = [];
        assert_eq!(
            judge(SERVER, b"\x81\x05Hello\x01\x03Hel\x80\x02lo\x89\x05Hello"),
            nothing
        );
        let masked = b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
        assert_eq!(judge(CLIENT, masked), nothing);
    }

    #[test]
    fn one_header_may_break_three_rules() {
        assert_eq!(
            judge(None, b"\xf3\x7e\x00\x05Hello"),
            [
                "1@0+1 §5.2 1002 RSV1, RSV2, RSV3 are set, which an extension must have agreed on",
                "1@0+1 §5.2 1002 opcode 3 is reserved",
                "1@1+3 §5.2 1002 payload length 5 is in 16 bits, 7 are enough",
            ]
        );
    }

    #[test]
    fn masking_depends_on_who_sends() {
        assert_eq!(
            judge(CLIENT, b"\x89\x00"),
            ["1@1+1 §5.1 1002 a frame from the client is not masked"]
        );
        assert_eq!(
            judge(SERVER, b"\x89\x80abcd"),
            ["1@1+1 §5.1 1002 a frame from the server is masked"]
        );
        assert_eq!(judge(None, b"\x89\x00\x89\x80abcd"), [""; 0]);
    }

    #[test]
    fn lengths() {
        assert_eq!(
            judge(None, b"\x81\x7f\0\0\0\0\0\0\xff\xff"),
            ["1@1+9 §5.2 1002 payload length 65535 is in 64 bits, 16 are enough"]
        );
        assert_eq!(
            judge(None, b"\x82\x7f\x80\0\0\0\0\0\0\0"),
            [
                "1@1+9 §5.2 1002 payload length 9223372036854775808 has its highest bit set, which must be 0"
            ]
        );
        assert_eq!(
            judge(None, b"\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff"),
            [""; 0]
        );
        assert_eq!(judge(None, b"\x82\x7e\0\x7e"), [""; 0]);
    }

    #[test]
    fn control_frames() {
        assert_eq!(
            judge(None, b"\x09\x7e\x00\x7e"),
            [
                "1@0+1 §5.5 1002 a control frame (ping) is fragmented: FIN is 0",
                "1@1+3 §5.5 1002 a control frame (ping) has 126 bytes of payload, at most 125 are allowed",
            ]
        );
        assert_eq!(
            judge(None, b"\x8b\x00"),
            ["1@0+1 §5.2 1002 opcode 11 is reserved"]
        );
    }

    #[test]
    fn fragments() {
        assert_eq!(
            judge(None, b"\x80\x00"),
            ["1@0+1 §5.4 1002 a continuation frame, but no message was begun"]
        );
        assert_eq!(
            judge(None, b"\x01\x03Hel\x89\x00\x82\x02lo\x81\x00"),
            ["3@7+1 §5.4 1002 a binary frame, but the message before it is unfinished"]
        );
    }

    #[test]
    fn close_frames() {
        assert_eq!(
            judge(None, b"\x88\x01\x03"),
            ["1@2+1 §5.5.1 1002 the close frame has 1 byte of payload, where a code takes 2"]
        );
        assert_eq!(
            judge(None, b"\x88\x02\x03\xed"),
            ["1@2+2 §7.4.1 1002 close code 1005 (no status received) must not be sent"]
        );
        assert_eq!(
            judge(None, b"\x88\x05\x13\x88a\xffb"),
            [
                "1@2+2 §7.4.2 1002 close code 5000 must not be sent",
                "1@5+1 §8.1 1007 the close reason is not UTF-8",
            ]
        );
        assert_eq!(
            judge(None, b"\x88\x02\x03\xe8\x89\x00\x81\x05Hello"),
            ["3@6+1 §5.5.1 1002 a text frame after a close frame"]
        );
        assert_eq!(judge(None, b"\x88\x00"), [""; 0]);
    }

    #[test]
    fn text_is_utf8_over_all_its_fragments() {
        assert_eq!(
            judge(None, b"\x01\x04\xe4\xbd\xa0\xe5\x89\x00\x80\x02\xa5\xbd"),
            [""; 0]
        );
        assert_eq!(
            judge(None, b"\x01\x04\xe4\xbd\xa0\xe5\x80\x01!\x81\x01\xff"),
            [
                "2@5+1 §8.1 1007 the text is not UTF-8",
                "3@11+1 §8.1 1007 the text is not UTF-8",
            ]
        );
        assert_eq!(
            judge(None, b"\x81\x02a\xe4"),
            ["1@3+1 §8.1 1007 the text is not UTF-8"]
        );
        assert_eq!(judge(None, b"\x82\x01\xff"), [""; 0]);
    }

    #[test]
    fn rsv1_where_compression_was_agreed_on() {
        let judge = |octets: &[u8]| {
            let mut octets = octets.to_vec();
            let mut decoder = FrameDecoder::default();
            let mut referee = Referee::new(None).with_deflate(true);
            let mut found = Vec::new();
            let mut unread = Unread::new(&mut octets);
            while let Some(part) = decoder.next(&mut unread) {
                if let Part::Header { offset, header } = part {
                    referee.header(offset, &header, &mut found);
                }
            }
            let line = |found: &Violation| format!("{} {found}", found.rule.reference());
            found.iter().map(line).collect::<Vec<_>>()
        };
        assert_eq!(judge(b"\x41\x00\x89\x00\x80\x00\xc2\x00"), [""; 0]);
        assert_eq!(
            judge(b"\x41\x00\xc9\x00\xc0\x00"),
            [
                "RFC 7692 section 6.1 RSV1 is set on a frame (ping) that is not the first one \
                 of a message",
                "RFC 7692 section 6.1 RSV1 is set on a frame (continuation) that is not the \
                 first one of a message",
            ]
        );
        assert_eq!(
            judge(b"\xf2\x00"),
            ["RFC 6455 section 5.2 RSV2, RSV3 are set, which an extension must have agreed on"]
        );
    }

    #[test]
    fn a_compressed_text_is_not_read_as_utf8() {
        assert_eq!(judge(None, b"\xc1\x01\xff").len(), 1);
    }
}
