//! JSON, one object a line, each with a `type`. `README.md` beside this file documents the
//! names. `decode` and `serve` use it through the `JsonPrinter`, `handshake` directly.

mod client;
mod handshake;
mod object;
mod server;
mod stream;

use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter};
use sha2::{Digest as _, Sha256};

use super::deferred::{DeferredPayload, PayloadForm};
use super::escape;
use super::excerpt::{Excerpt, beginning};
use super::printer::EventContext;
use super::time::rfc3339;
use crate::ws::handshake::Header;
use crate::ws::{CloseBody, Direction, Opcode, SharedBytes};
pub(super) use object::JsonObject;

pub use client::{push_client_handshake, push_sent_bytes};
pub use handshake::push_pasted;
pub use server::{
    push_closed, push_fault, push_handshake, push_listening, push_notice, push_round_trip,
    push_stopped, push_tls_alert,
};
pub use stream::{push_finding, push_frame, push_gap, push_head, push_message, push_payload_alone};

/// Appends what is known of an event's context.
fn push_context(object: &mut JsonObject<'_>, context: &EventContext) {
    if let Some(time) = context.time {
        object.text("time", &rfc3339(time));
    }
    if let Some(connection) = context.connection {
        object.number("connection", connection);
    }
    if let Some(direction) = context.direction {
        let direction = match direction {
            Direction::Incoming => "in",
            Direction::Outgoing => "out",
        };
        object.text("direction", direction);
    }
    if let Some(from) = context.from {
        object.text("from", from.name());
    }
}

/// Appends a payload: the `code` and `reason` of a close frame, else `text` if it is UTF-8, else
/// `hex`. `left_out` counts the bytes that are not shown.
fn push_content(object: &mut JsonObject<'_>, opcode: Opcode, payload: &Excerpt<'_>) {
    push_shown(object, opcode, payload.head);
    let left_out = payload.length - payload.head.len() as u64;
    if left_out > 0 {
        object.number("left_out", left_out);
    }
}

/// Appends the payloads of frames and messages.
#[derive(Debug)]
pub struct PayloadPrinter {
    /// The most bytes of a payload that are shown. Of a longer one the SHA-256 is shown too, with
    /// which it can be compared with a file, and with other payloads.
    limit: usize,
    /// Whether the thread that writes the output prints large payloads.
    defers: bool,
    /// These payloads, and where they are in the output.
    deferred: Vec<(usize, DeferredPayload)>,
}

impl PayloadPrinter {
    /// Prints at most `limit` bytes of a payload.
    pub const fn new(limit: usize) -> Self {
        Self {
            limit,
            defers: false,
            deferred: Vec::new(),
        }
    }

    /// Prints at most `limit` bytes of a payload, and leaves the large ones to
    /// [`deferred`](Self::deferred).
    pub const fn deferring(limit: usize) -> Self {
        Self {
            limit,
            defers: true,
            deferred: Vec::new(),
        }
    }

    /// The large payloads that were not printed, and how many bytes of the output are before each.
    /// The caller takes them out.
    pub const fn deferred(&mut self) -> &mut Vec<(usize, DeferredPayload)> {
        &mut self.deferred
    }

    /// Appends a payload, which may be in this buffer.
    fn push(
        &mut self,
        object: &mut JsonObject<'_>,
        opcode: Opcode,
        payload: &Excerpt<'_>,
        buffer: Option<&SharedBytes>,
    ) {
        let limit = self.limit;
        let whole = payload.head;
        let is_all_here = whole.len() as u64 == payload.length;
        let form = PayloadForm::Json { limit };
        if self.defers
            && let Some(deferred) = DeferredPayload::new(buffer, whole, form)
            && is_all_here
        {
            return self.deferred.push((object.position(), deferred));
        }
        if whole.len() <= limit {
            return push_content(object, opcode, payload);
        }
        let head = beginning(whole, limit);
        let shown = Excerpt { head, ..*payload };
        push_content(object, opcode, &shown);
        if is_all_here {
            object.hex("sha256", &Sha256::digest(whole));
        }
    }
}

fn push_shown(object: &mut JsonObject<'_>, opcode: Opcode, bytes: &[u8]) {
    let body = if opcode == Opcode::CLOSE {
        CloseBody::parse(bytes)
    } else {
        CloseBody::Empty
    };
    let (name, text) = match body {
        CloseBody::Code(code, reason) => {
            object.number("code", code.0);
            ("reason", reason)
        }
        CloseBody::Empty | CloseBody::OneByte(_) => ("text", bytes),
    };
    match std::str::from_utf8(text) {
        Ok(text) => object.text(name, text),
        Err(_) => object.hex("hex", bytes),
    }
}

fn pairs(headers: &[Header]) -> Vec<(&str, String)> {
    headers
        .iter()
        .map(|header| (header.name.as_str(), header.text()))
        .collect()
}

fn push(out: &mut Vec<u8>, object: &impl Serialize) {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, SafeFormatter);
    object
        .serialize(&mut serializer)
        .expect("writing to a Vec cannot fail");
    out.push(b'\n');
}

/// Escapes characters that can control a terminal, as `\u009b`. A program reads the same
/// string.
struct SafeFormatter;

impl Formatter for SafeFormatter {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut plain = fragment;
        while let Some((at, char)) = escape::find_unsafe(plain) {
            let (before, rest) = plain.split_at(at);
            CompactFormatter.write_string_fragment(writer, before)?;
            write!(writer, "\\u{:04x}", u32::from(char))?;
            plain = rest.get(char.len_utf8()..).unwrap_or_default();
        }
        CompactFormatter.write_string_fragment(writer, plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::frame::ShownFrame;
    use crate::ws::FrameHeader;

    fn frame(opcode: Opcode, payload: &[u8]) -> serde_json::Value {
        limited_frame(opcode, payload, usize::MAX)
    }

    fn limited_frame(opcode: Opcode, payload: &[u8], limit: usize) -> serde_json::Value {
        let header = FrameHeader::new(opcode, payload.len() as u64);
        let payload = Excerpt::whole(payload);
        let shown = ShownFrame {
            header: &header,
            payload,
            inflated: None,
            is_text: true,
            full: true,
            buffer: None,
        };
        let mut out = Vec::new();
        let mut payloads = PayloadPrinter::new(limit);
        push_frame(
            &mut out,
            &EventContext::default(),
            None,
            &shown,
            &mut payloads,
        );
        let line = String::from_utf8(out).unwrap();
        assert!(!line.trim_end().chars().any(escape::is_unsafe), "{line}");
        serde_json::from_str(&line).unwrap()
    }

    #[test]
    fn any_text_is_read_back_and_has_no_unsafe_character() {
        let text: String = (0..0x3000).filter_map(char::from_u32).collect();
        assert_eq!(frame(Opcode::TEXT, text.as_bytes())["text"], text);
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_hexadecimal() {
        let object = frame(Opcode::BINARY, b"\xff\x00");
        assert_eq!(object["hex"], "ff00");
        assert_eq!(object.get("text"), None);
    }

    #[test]
    fn the_digest_of_a_payload_stands_for_the_bytes_beyond_the_limit() {
        let object = limited_frame(Opcode::TEXT, b"1234567", 7);
        assert_eq!(
            (&object["text"], object.get("sha256")),
            (&"1234567".into(), None)
        );
        let object = limited_frame(Opcode::TEXT, "123456é, and more".as_bytes(), 7);
        assert_eq!(
            (&object["text"], &object["left_out"]),
            (&"123456".into(), &12.into())
        );
        let digest = Sha256::digest("123456é, and more");
        assert_eq!(object["sha256"], hex::encode(digest));
        let object = limited_frame(Opcode::BINARY, b"\xff2345678", 7);
        assert_eq!(
            (&object["hex"], &object["left_out"]),
            (&"ff323334353637".into(), &1.into())
        );
    }

    #[test]
    fn a_close_frame_has_its_code() {
        let object = frame(Opcode::CLOSE, b"\x03\xe8bye");
        assert_eq!(
            (&object["code"], &object["reason"]),
            (&1000.into(), &"bye".into())
        );
    }
}
