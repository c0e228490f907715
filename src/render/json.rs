//! JSON, one object a line, every one with a `type`. The README documents each name.

use std::io;
use std::time::SystemTime;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter};

use super::escape;
use super::excerpt::{Excerpt, hex_digits};
use super::frame::{Direction, ShownFrame};
use super::serve::End;
use super::time::rfc3339;
use crate::diagnosis::Finding;
use crate::ws::handshake::{Asked, Header, Response};
use crate::ws::{CloseBody, CloseCode, Message, Opcode, Role};

/// When, on which connection and which way something happened, where that is known.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Circumstance {
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    connection: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    direction: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'static str>,
}

impl Circumstance {
    /// Octets that are not watched live; `from` is who sent them, if that is known.
    pub fn recorded(from: Option<Role>) -> Self {
        Self {
            from: from.map(Role::name),
            ..Self::default()
        }
    }

    /// Something that happens on a connection.
    pub fn live(moment: SystemTime, connection: u64) -> Self {
        Self {
            time: Some(rfc3339(moment)),
            connection: Some(connection),
            ..Self::default()
        }
    }

    /// The same, which came in or went out.
    #[must_use]
    pub fn going(self, direction: Direction) -> Self {
        let direction = match direction {
            Direction::Incoming => "in",
            Direction::Outgoing => "out",
        };
        Self {
            direction: Some(direction),
            ..self
        }
    }
}

/// The server is ready: `{"type":"listening","url":"ws://127.0.0.1:9527/"}`.
pub fn push_listening(out: &mut Vec<u8>, url: &str) {
    #[derive(Serialize)]
    struct Listening<'a> {
        r#type: &'static str,
        url: &'a str,
    }
    push(
        out,
        &Listening {
            r#type: "listening",
            url,
        },
    );
}

/// The server stops, and has said goodbye to so many connections.
pub fn push_stopped(out: &mut Vec<u8>, connections: usize) {
    #[derive(Serialize)]
    struct Stopped {
        r#type: &'static str,
        connections: usize,
        code: u16,
    }
    push(
        out,
        &Stopped {
            r#type: "stopped",
            connections,
            code: CloseCode::GOING_AWAY.0,
        },
    );
}

/// A frame; `number` is its place among those that went the same way, and `offset` the
/// byte it begins at, where that is counted.
pub fn push_frame(
    out: &mut Vec<u8>,
    circumstance: &Circumstance,
    number: Option<u64>,
    offset: Option<u64>,
    shown: &ShownFrame<'_>,
) {
    #[derive(Serialize)]
    struct Frame<'a> {
        r#type: &'static str,
        #[serde(flatten)]
        circumstance: &'a Circumstance,
        #[serde(rename = "frame", skip_serializing_if = "Option::is_none")]
        number: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        offset: Option<u64>,
        fin: bool,
        rsv: u8,
        opcode: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<&'static str>,
        mask: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        masking_key: Option<String>,
        payload_length: u64,
        length_bits: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        received: Option<u64>,
        #[serde(flatten)]
        says: Says<'a>,
    }
    let header = shown.header;
    let declared = header.payload_length.value();
    let frame = Frame {
        r#type: "frame",
        circumstance,
        number,
        offset,
        fin: header.fin,
        rsv: header.rsv.value(),
        opcode: header.opcode.value(),
        name: header.opcode.name(),
        mask: header.masking_key.is_some(),
        masking_key: header.masking_key.map(|key| key.to_string()),
        payload_length: declared,
        length_bits: header.payload_length.form().bits(),
        received: (shown.payload.length < declared).then_some(shown.payload.length),
        says: Says::of(header.opcode, &shown.payload),
    };
    push(out, &frame);
}

/// A message, joined from its frames.
pub fn push_message(out: &mut Vec<u8>, circumstance: &Circumstance, message: &Message<'_>) {
    #[derive(Serialize)]
    struct Joined<'a> {
        r#type: &'static str,
        #[serde(flatten)]
        circumstance: &'a Circumstance,
        opcode: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<&'static str>,
        frames: u64,
        length: u64,
        #[serde(flatten)]
        says: Says<'a>,
    }
    let excerpt = Excerpt {
        head: message.payload,
        tail: &[],
        length: message.length,
    };
    let joined = Joined {
        r#type: "message",
        circumstance,
        opcode: message.opcode.value(),
        name: message.opcode.name(),
        frames: message.frames,
        length: message.length,
        says: Says::of(message.opcode, &excerpt),
    };
    push(out, &joined);
}

/// Something that is wrong.
pub fn push_finding(out: &mut Vec<u8>, circumstance: &Circumstance, finding: &Finding) {
    #[derive(Serialize)]
    struct Found<'a> {
        r#type: &'static str,
        #[serde(flatten)]
        circumstance: &'a Circumstance,
        rule: &'static str,
        severity: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        frame: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        offset: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        length: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        section: Option<String>,
        message: &'a str,
    }
    let found = Found {
        r#type: "finding",
        circumstance,
        rule: finding.rule,
        severity: finding.severity.name(),
        frame: finding.place.map(|place| place.frame),
        offset: finding.place.map(|place| place.offset),
        length: finding.place.map(|place| place.length),
        section: finding.reference.map(|reference| reference.to_string()),
        message: &finding.message,
    };
    push(out, &found);
}

/// A handshake and its outcome: `opened`, or `refused` with a reason.
pub fn push_handshake(
    out: &mut Vec<u8>,
    circumstance: &Circumstance,
    peer: &str,
    asked: Asked<'_>,
    response: &Response,
) {
    #[derive(Serialize)]
    struct Handshake<'a> {
        r#type: &'static str,
        #[serde(flatten)]
        circumstance: &'a Circumstance,
        peer: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        request: Option<Request<'a>>,
        #[serde(flatten)]
        says: Says<'a>,
        response: Answer<'a>,
    }
    #[derive(Serialize)]
    struct Request<'a> {
        method: &'a str,
        target: &'a str,
        headers: Vec<(&'a str, String)>,
    }
    #[derive(Serialize)]
    struct Answer<'a> {
        status: u16,
        headers: Vec<(&'a str, String)>,
        #[serde(skip_serializing_if = "str::is_empty")]
        body: &'a str,
    }
    let (request, says) = match asked {
        Asked::Octets(octets) => (
            None,
            Says::of(Opcode::CONTINUATION, &Excerpt::whole(octets)),
        ),
        Asked::Request(head) => {
            let headers = pairs(&head.headers);
            let request = Request {
                method: &head.method,
                target: &head.target,
                headers,
            };
            (Some(request), Says::default())
        }
    };
    let Response {
        status,
        headers,
        body,
    } = response;
    let r#type = if *status == 101 { "opened" } else { "refused" };
    let response = Answer {
        status: *status,
        headers: pairs(headers),
        body,
    };
    push(
        out,
        &Handshake {
            r#type,
            circumstance,
            peer,
            request,
            says,
            response,
        },
    );
}

/// A connection has ended.
pub fn push_closed(out: &mut Vec<u8>, circumstance: &Circumstance, end: &End<'_>) {
    #[derive(Serialize)]
    struct Closed<'a> {
        r#type: &'static str,
        #[serde(flatten)]
        circumstance: &'a Circumstance,
        by: &'static str,
        how: &'static str,
        #[serde(flatten)]
        says: Says<'a>,
        seconds: f64,
        frames_in: u64,
        frames_out: u64,
    }
    let closed = Closed {
        r#type: "closed",
        circumstance,
        by: end.ending.by(),
        how: end.ending.name(),
        says: Says::of(Opcode::CLOSE, &Excerpt::whole(end.close)),
        seconds: (end.duration.as_secs_f64() * 1000.0).round() / 1000.0,
        frames_in: end.frames_in,
        frames_out: end.frames_out,
    };
    push(out, &closed);
}

/// What a payload says, and nothing of it lost: a close frame's `code` and `reason`, else
/// `text` if it is UTF-8, else `hex`; `left_out` if that is not all of it.
#[derive(Default, Serialize)]
struct Says<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hex: Option<String>,
    #[serde(skip_serializing_if = "is_zero")]
    left_out: u64,
}

impl<'a> Says<'a> {
    fn of(opcode: Opcode, payload: &Excerpt<'a>) -> Self {
        let octets = payload.head;
        let left_out = payload.length - octets.len() as u64;
        let body = if opcode == Opcode::CLOSE {
            CloseBody::parse(octets)
        } else {
            CloseBody::Empty
        };
        if let CloseBody::Code(code, reason) = body {
            let reason = std::str::from_utf8(reason).ok();
            let hex = reason.is_none().then(|| hex_of(octets));
            return Self {
                code: Some(code.0),
                reason,
                hex,
                left_out,
                ..Self::default()
            };
        }
        match std::str::from_utf8(octets) {
            Ok(text) => Self {
                text: Some(text),
                left_out,
                ..Self::default()
            },
            Err(_) => Self {
                hex: Some(hex_of(octets)),
                left_out,
                ..Self::default()
            },
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}

fn hex_of(octets: &[u8]) -> String {
    octets
        .iter()
        .flat_map(|octet| hex_digits(*octet))
        .map(char::from)
        .collect()
}

fn pairs(headers: &[Header]) -> Vec<(&str, String)> {
    headers
        .iter()
        .map(|header| (header.name.as_str(), header.text()))
        .collect()
}

fn push(out: &mut Vec<u8>, record: &impl Serialize) {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, SafeFormatter);
    record
        .serialize(&mut serializer)
        .expect("a Vec takes all that is written");
    out.push(b'\n');
}

/// Writes characters that could drive a terminal as `\u009b`: the same string to a
/// program, harmless to a screen.
struct SafeFormatter;

impl Formatter for SafeFormatter {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut plain = fragment;
        while let Some(at) = plain.find(escape::is_unsafe) {
            let (before, rest) = plain.split_at(at);
            CompactFormatter.write_string_fragment(writer, before)?;
            let mut chars = rest.chars();
            if let Some(char) = chars.next() {
                write!(writer, "\\u{:04x}", u32::from(char))?;
            }
            plain = chars.as_str();
        }
        CompactFormatter.write_string_fragment(writer, plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ws::FrameHeader;

    fn frame(opcode: Opcode, payload: &[u8]) -> serde_json::Value {
        let header = FrameHeader::new(opcode, payload.len() as u64);
        let payload = Excerpt::whole(payload);
        let shown = ShownFrame {
            header: &header,
            payload,
            is_text: true,
            full: true,
        };
        let mut out = Vec::new();
        push_frame(&mut out, &Circumstance::default(), Some(1), Some(0), &shown);
        let line = String::from_utf8(out).unwrap();
        assert!(!line.trim_end().chars().any(escape::is_unsafe), "{line}");
        serde_json::from_str(&line).unwrap()
    }

    #[test]
    fn any_text_comes_back_and_never_drives_a_terminal() {
        let text: String = (0..0x3000).filter_map(char::from_u32).collect();
        assert_eq!(frame(Opcode::TEXT, text.as_bytes())["text"], text);
    }

    #[test]
    fn what_is_no_text_is_hex() {
        let record = frame(Opcode::BINARY, b"\xff\x00");
        assert_eq!(record["hex"], "ff00");
        assert_eq!(record.get("text"), None);
    }

    #[test]
    fn a_close_frame_has_its_code() {
        let record = frame(Opcode::CLOSE, b"\x03\xe8bye");
        assert_eq!(
            (&record["code"], &record["reason"]),
            (&1000.into(), &"bye".into())
        );
    }
}
