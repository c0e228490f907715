//! A frame on one line, in the output of `decode` and in the log of `serve`.

use super::deferred::{DeferredPayload, PayloadForm};
use super::escape;
use super::excerpt::{Excerpt, ExcerptBuffer};
use super::style::{Style, StyleRole};
use super::words::{byte_count, hex_digits, push_bytes, push_number};
use crate::ws::session::FrameInfo;
use crate::ws::{
    CloseBody, Direction, FrameHeader, MaskingKey, Message, Opcode, Role, Rsv, SharedBytes,
};

/// A frame that is shown, in a line, a table or JSON.
#[derive(Clone, Copy, Debug)]
pub struct ShownFrame<'a> {
    /// Its header.
    pub header: &'a FrameHeader,
    /// Its payload, unmasked.
    pub payload: Excerpt<'a>,
    /// The payload inflated, if it belongs to a compressed message and can be inflated.
    pub inflated: Option<Excerpt<'a>>,
    /// Whether it belongs to a text message: then it is shown as text even if it is not
    /// UTF-8.
    pub is_text: bool,
    /// Whether a long payload is shown in full.
    pub full: bool,
    /// The buffer that the payload is in, or the inflated one, if it can be printed later.
    pub buffer: Option<&'a SharedBytes>,
}

impl<'a> ShownFrame<'a> {
    /// A frame of a live connection. Of a large payload the ends are taken, unless it is shown in
    /// `full`: to look at all of it would take long.
    pub fn live(frame: &FrameInfo<'a>, full: bool) -> Self {
        const LARGE: usize = 64 << 10;
        let excerpt = |payload: &'a [u8]| {
            if full || payload.len() <= LARGE {
                return Excerpt::whole(payload);
            }
            ExcerptBuffer::for_lines().excerpt_of(payload)
        };
        Self {
            header: frame.header,
            payload: excerpt(frame.payload),
            inflated: frame.inflated.map(excerpt),
            is_text: frame.is_text,
            full,
            buffer: frame.buffer,
        }
    }

    /// What the frame contains: the payload, inflated if it can be.
    pub fn content(&self) -> &Excerpt<'a> {
        self.inflated.as_ref().unwrap_or(&self.payload)
    }
}

/// Appends a frame: `< text "5555555" [7 bytes, masked 0ec3f3cd]`. A large payload that is shown in
/// full and can be printed later is returned, with its place in the output.
pub fn push_line(
    out: &mut Vec<u8>,
    style: Style,
    direction: Direction,
    frame: &ShownFrame<'_>,
) -> Option<(usize, DeferredPayload)> {
    push_arrow(out, style, direction);
    match frame.header.opcode.name() {
        Some(name) => style.push(out, StyleRole::Name, name),
        None => style.push(out, StyleRole::Name, &frame.header.opcode.to_string()),
    }
    let is_text = frame.is_text;
    let form = PayloadForm::Quoted { is_text };
    let buffer = frame.buffer.filter(|_| frame.full);
    let deferred = DeferredPayload::new(buffer, frame.content().head, form);
    match deferred {
        Some(_) => out.push(b' '),
        None => push_content(out, frame),
    }
    let place = out.len();
    out.push(b' ');
    style.push_with(out, StyleRole::Aside, |out| push_details(out, frame));
    out.push(b'\n');
    deferred.map(|payload| (place, payload))
}

/// Appends the first line of a request or response head: `> GET / HTTP/1.1 [request, 157 bytes]`.
pub fn push_head(out: &mut Vec<u8>, style: Style, direction: Direction, from: Role, head: &[u8]) {
    push_arrow(out, style, direction);
    let line = head.split(|byte| *byte == b'\n').next();
    let line = line.unwrap_or_default().trim_ascii_end();
    escape::push_text(out, line);
    let kind = match from {
        Role::Client => "request",
        Role::Server => "response",
    };
    style.push_with(out, StyleRole::Aside, |out| {
        out.extend_from_slice(b" [");
        out.extend_from_slice(kind.as_bytes());
        out.extend_from_slice(b", ");
        push_bytes(out, head.len() as u64);
        out.push(b']');
    });
    out.push(b'\n');
}

fn push_arrow(out: &mut Vec<u8>, style: Style, direction: Direction) {
    match direction {
        Direction::Incoming => style.push(out, StyleRole::Incoming, "<"),
        Direction::Outgoing => style.push(out, StyleRole::Outgoing, ">"),
    }
    out.push(b' ');
}

/// Appends bytes that are sent as they are: `> bytes 81 05 [2 bytes]`.
pub fn push_bytes_line(out: &mut Vec<u8>, style: Style, bytes: &[u8], full: bool) {
    push_arrow(out, style, Direction::Outgoing);
    style.push(out, StyleRole::Name, "bytes");
    out.push(b' ');
    Excerpt::whole(bytes).push_hex(out, full);
    let facts = format!(" [{}]", byte_count(bytes.len() as u64));
    style.push(out, StyleRole::Aside, &facts);
    out.push(b'\n');
}

/// Appends bytes that are not a frame: `? 7b 7d [2 bytes, not a frame]`.
pub fn push_gap(out: &mut Vec<u8>, style: Style, bytes: &Excerpt<'_>, full: bool) {
    style.push(out, StyleRole::Violation, "?");
    out.push(b' ');
    if bytes.is_readable() {
        bytes.push_quoted(out, full);
    } else {
        bytes.push_hex(out, full);
    }
    let facts = format!(" [{}, not a frame]", byte_count(bytes.length));
    style.push(out, StyleRole::Aside, &facts);
    out.push(b'\n');
}

/// Appends the line of a payload without its frame: what kind it is, its text, and its length.
pub fn push_payload_alone(
    out: &mut Vec<u8>,
    style: Style,
    kind: &str,
    length: u64,
    text: &Excerpt<'_>,
    full: bool,
) {
    style.push(out, StyleRole::Violation, "?");
    out.push(b' ');
    out.extend_from_slice(kind.as_bytes());
    out.push(b' ');
    text.push_quoted(out, full);
    let facts = format!(" [{} without a frame]", byte_count(length));
    style.push(out, StyleRole::Aside, &facts);
    out.push(b'\n');
}

/// Appends a message whose frame is not known: `> text "Hello" [5 bytes without a frame]`.
pub fn push_message_alone(
    out: &mut Vec<u8>,
    style: Style,
    direction: Direction,
    message: &Message<'_>,
    full: bool,
) {
    push_arrow(out, style, direction);
    let name = message.opcode.name().unwrap_or("message");
    style.push(out, StyleRole::Name, name);
    let header = FrameHeader::new(message.opcode, message.length);
    push_content(
        out,
        &ShownFrame {
            header: &header,
            payload: Excerpt::whole(message.payload),
            inflated: None,
            is_text: message.opcode == Opcode::TEXT,
            full,
            buffer: None,
        },
    );
    let facts = format!(" [{} without a frame]", byte_count(message.length));
    style.push(out, StyleRole::Aside, &facts);
    out.push(b'\n');
}

/// Appends a space and the content, or nothing if there is none.
fn push_content(out: &mut Vec<u8>, frame: &ShownFrame<'_>) {
    let content = frame.content();
    if frame.header.opcode == Opcode::CLOSE
        && let CloseBody::Code(code, reason) = CloseBody::parse(content.head)
    {
        out.push(b' ');
        out.extend_from_slice(code.to_string().as_bytes());
        if !reason.is_empty() {
            out.push(b' ');
            let reason = Excerpt {
                head: reason,
                length: content.length - 2,
                ..*content
            };
            reason.push_quoted(out, frame.full);
        }
        return;
    }
    if content.length == 0 && !frame.is_text {
        return;
    }
    out.push(b' ');
    if frame.is_text || content.is_readable() {
        content.push_quoted(out, frame.full);
    } else {
        content.push_hex(out, frame.full);
    }
}

/// Appends the rest of the header in brackets. What every frame of its opcode usually has
/// is left out.
fn push_details(out: &mut Vec<u8>, frame: &ShownFrame<'_>) {
    let header = frame.header;
    let length = header.payload_length;
    out.push(b'[');
    if frame.payload.length < length.value() {
        push_number(out, frame.payload.length);
        out.extend_from_slice(b" of ");
    }
    push_bytes(out, length.value());
    if !header.fin {
        out.extend_from_slice(b", not final");
    }
    push_compression(out, header.rsv, frame.inflated.as_ref());
    if !length.is_shortest() {
        out.extend_from_slice(b", length in ");
        push_number(out, length.form().bits().into());
        out.extend_from_slice(b" bits");
    }
    if let Some(MaskingKey(key)) = &header.masking_key {
        out.extend_from_slice(b", masked ");
        out.extend_from_slice(key.map(hex_digits).as_flattened());
    }
    out.push(b']');
}

/// Appends `, compressed, 5 bytes inflated`, or the names of the reserved bits that are set.
fn push_compression(out: &mut Vec<u8>, rsv: Rsv, inflated: Option<&Excerpt<'_>>) {
    let is_explained = inflated.is_some() && rsv == Rsv::RSV1;
    if rsv != Rsv::NONE && !is_explained {
        out.extend_from_slice(b", ");
        out.extend_from_slice(rsv.to_string().as_bytes());
    }
    if let Some(inflated) = inflated {
        out.extend_from_slice(b", compressed, ");
        push_bytes(out, inflated.length);
        out.extend_from_slice(b" inflated");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ws::{LengthForm, MaskingKey, PayloadLength};

    fn line(header: FrameHeader, payload: &[u8]) -> String {
        let is_text = header.opcode == Opcode::TEXT;
        let payload = Excerpt::whole(payload);
        let frame = ShownFrame {
            header: &header,
            payload,
            inflated: None,
            is_text,
            full: false,
            buffer: None,
        };
        let mut out = Vec::new();
        push_line(&mut out, Style::PLAIN, Direction::Incoming, &frame);
        String::from_utf8(out).unwrap()
    }

    fn unmasked(opcode: Opcode, payload: &[u8]) -> String {
        line(FrameHeader::new(opcode, payload.len() as u64), payload)
    }

    #[test]
    fn an_ordinary_frame_shows_only_its_length() {
        assert_eq!(
            unmasked(Opcode::TEXT, b"Hello"),
            "< text \"Hello\" [5 bytes]\n"
        );
        assert_eq!(unmasked(Opcode::TEXT, b""), "< text \"\" [0 bytes]\n");
        assert_eq!(unmasked(Opcode::PING, b""), "< ping [0 bytes]\n");
        assert_eq!(unmasked(Opcode::BINARY, b"\0"), "< binary 00 [1 byte]\n");
        assert_eq!(
            unmasked(Opcode::BINARY, b"abc"),
            "< binary \"abc\" [3 bytes]\n"
        );
    }

    #[test]
    fn all_header_fields_of_an_unusual_frame_are_shown() {
        let header = FrameHeader {
            fin: false,
            rsv: Rsv::new(5).unwrap(),
            opcode: Opcode::new(11).unwrap(),
            masking_key: Some(MaskingKey([0, 1, 2, 255])),
            payload_length: PayloadLength::in_form(9, LengthForm::Sixteen).unwrap(),
        };
        assert_eq!(
            line(header, b"a\x00\xff"),
            "< opcode 11 61 00 ff [3 of 9 bytes, not final, RSV1, RSV3, length in 16 bits, \
             masked 000102ff]\n"
        );
    }

    #[test]
    fn a_close_frame_shows_its_code_and_reason() {
        assert_eq!(
            unmasked(Opcode::CLOSE, b"\x03\xe8bye"),
            "< close 1000 (normal closure) \"bye\" [5 bytes]\n"
        );
        assert_eq!(
            unmasked(Opcode::CLOSE, b"\x03\xe8"),
            "< close 1000 (normal closure) [2 bytes]\n"
        );
        assert_eq!(unmasked(Opcode::CLOSE, b"\x03"), "< close 03 [1 byte]\n");
        assert_eq!(unmasked(Opcode::CLOSE, b""), "< close [0 bytes]\n");
    }

    #[test]
    fn text_that_is_not_utf_8_is_shown_as_text() {
        assert_eq!(
            unmasked(Opcode::TEXT, b"caf\xe9\x1b["),
            "< text \"caf\\xe9\\x1b[\" [6 bytes]\n"
        );
    }
}
