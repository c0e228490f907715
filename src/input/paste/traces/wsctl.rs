//! What wsctl itself prints: the JSON lines of `--record` and `-f json`, and the lines of its log.
//!
//! The log of `serve` is that of a server: `<` is what the client sent. A frame whose payload the log
//! shows whole is read as the bytes it had; of one that is shown in part, the text is all there is.

use serde::Deserialize;

use super::frame::{FrameFields, masking_key};
use super::lines::{Lines, c_string, first_line};
use crate::input::message::{Message, MessageKind};
use crate::input::paste::chunk::{Chunk, Content, Taken};
use crate::input::paste::direction::Sent;
use crate::input::paste::http_head::{Head, HeadKind};
use crate::input::paste::timestamp;
use crate::notation::Notation;

/// A line of a record.
#[derive(Deserialize)]
struct Record {
    r#type: String,
    time: Option<String>,
    connection: Option<u32>,
    direction: Option<String>,
    fin: Option<bool>,
    rsv: Option<u8>,
    opcode: Option<u8>,
    masking_key: Option<String>,
    payload_length: Option<u64>,
    length_bits: Option<u8>,
    text: Option<String>,
    hex: Option<String>,
    code: Option<u16>,
    reason: Option<String>,
    request: Option<RecordedHead>,
    response: Option<RecordedHead>,
}

/// A head in a record.
#[derive(Deserialize)]
struct RecordedHead {
    method: Option<String>,
    target: Option<String>,
    status: Option<u16>,
    #[serde(default)]
    headers: Vec<(String, String)>,
}

/// Reads lines of JSON.
pub(in crate::input::paste) fn read_record(text: &str, _is_end: bool) -> Option<Taken> {
    if !first_line(text).starts_with("{\"type\":\"") {
        return None;
    }
    let mut records = Vec::new();
    let mut size = 0;
    for (line, end) in Lines::new(text) {
        if !line.starts_with("{\"type\":\"") {
            break;
        }
        let Ok(record) = serde_json::from_str::<Record>(line) else {
            break;
        };
        records.push(record);
        size = end;
    }
    let is_ours = |record: &Record| {
        record.opcode.is_some() && record.length_bits.is_some()
            || matches!(
                record.r#type.as_str(),
                "opened" | "listening" | "closed" | "head"
            )
    };
    if !records.iter().any(is_ours) {
        return None;
    }
    // A server listens, and it records the peer of each connection it accepts.
    let is_servers = !records.iter().any(|record| record.r#type == "connected");
    let chunks = records
        .into_iter()
        .flat_map(|record| record.chunks(is_servers));
    Some(Taken::new(chunks.collect(), size))
}

impl Record {
    fn chunks(mut self, is_servers: bool) -> Vec<Chunk> {
        let mut chunks = Vec::new();
        let heads = [self.request.take(), self.response.take()];
        for head in heads.into_iter().flatten() {
            chunks.extend(head.chunk());
        }
        if self.r#type == "frame" {
            chunks.extend(self.frame(is_servers));
        }
        for chunk in &mut chunks {
            chunk.connection = self.connection;
            chunk.time.clone_from(&self.time);
        }
        chunks
    }

    fn frame(&mut self, is_servers: bool) -> Option<Chunk> {
        let fin = if self.fin? { 0x80 } else { 0 };
        let rsv = self.rsv.unwrap_or_default() & 7;
        let payload = match (self.text.take(), self.hex.take(), self.code) {
            (Some(text), ..) => text.into_bytes(),
            (None, Some(hex), _) => hexadecimal(&hex)?,
            (None, None, Some(code)) => {
                let reason = self.reason.take().unwrap_or_default();
                [&code.to_be_bytes()[..], reason.as_bytes()].concat()
            }
            _ => Vec::new(),
        };
        let fields = FrameFields {
            first_byte: fin | rsv << 4 | self.opcode? & 0x0f,
            masking_key: self.masking_key.as_deref().and_then(masking_key),
            length: self.payload_length?,
            length_bits: self.length_bits?,
            payload,
        };
        let mut chunk = fields.into_chunk();
        chunk.sent = match (self.direction.as_deref(), is_servers) {
            (Some("in"), true) | (Some("out"), false) => Some(Sent::ByClient),
            (Some(_), _) => Some(Sent::ByServer),
            (None, _) => None,
        };
        Some(chunk)
    }
}

impl RecordedHead {
    fn chunk(self) -> Option<Chunk> {
        let (kind, first) = match (self.method, self.target, self.status) {
            (Some(method), Some(target), _) => {
                (HeadKind::Request, format!("{method} {target} HTTP/1.1\r\n"))
            }
            (.., Some(status)) => {
                let reason = if status == 101 {
                    "Switching Protocols"
                } else {
                    ""
                };
                (
                    HeadKind::Response,
                    format!("HTTP/1.1 {status} {reason}\r\n"),
                )
            }
            _ => return None,
        };
        let headers = self.headers.into_iter();
        let headers: String = headers
            .map(|(name, value)| name + ": " + &value + "\r\n")
            .collect();
        let text = first + &headers + "\r\n";
        Some(Chunk::new(
            Content::Head(Head::of_lines(kind, text.into_bytes())),
            None,
        ))
    }
}

/// Reads a line of the log of `serve`, such as `18:05:36.457 #1 < text "Hello" [5 bytes, masked
/// 01234567]`, or a line of `decode -f frames`, which has no time.
pub(in crate::input::paste) fn read_log(text: &str, _is_end: bool) -> Option<Taken> {
    let (line, end) = Lines::new(text).next()?;
    let size = timestamp::length(line).unwrap_or_default();
    let time = line.get(..size).filter(|time| !time.is_empty());
    let rest = line.get(size..)?.trim_start();
    let (connection, rest) = match rest.strip_prefix('#') {
        Some(rest) => {
            let (number, rest) = rest.split_once(' ')?;
            (Some(number.parse::<u32>().ok()?), rest.trim_start())
        }
        None => (None, rest),
    };
    let (is_out, rest) = match rest.strip_prefix("> ") {
        Some(rest) => (true, rest),
        None => (false, rest.strip_prefix("< ")?),
    };
    let mut chunk = frame_of_log(rest)?;
    let is_servers = connection.is_some();
    chunk.sent = Some(if is_out == is_servers {
        Sent::ByServer
    } else {
        Sent::ByClient
    });
    chunk.connection = connection;
    Some(Taken::new(vec![chunk.at(time)], end).complete())
}

/// `text "Hello" [5 bytes, masked 01234567]`.
fn frame_of_log(words: &str) -> Option<Chunk> {
    let (content, facts) = words.trim_end().strip_suffix(']')?.rsplit_once('[')?;
    let name = content.split(' ').next()?;
    let kind = match name {
        "continuation" => MessageKind::Continuation,
        "text" => MessageKind::Text,
        "binary" => MessageKind::Binary,
        "close" => MessageKind::Close,
        "ping" => MessageKind::Ping,
        "pong" => MessageKind::Pong,
        _ => return None,
    };
    let content = content.get(name.len()..)?.trim();
    let mut fields = FrameFields {
        first_byte: 0x80 | kind.opcode(),
        length_bits: 7,
        ..FrameFields::default()
    };
    let mut is_plain = true;
    for (number, fact) in facts.split(", ").enumerate() {
        if number == 0 {
            let count = fact
                .strip_suffix(" bytes")
                .or_else(|| fact.strip_suffix(" byte"))?;
            fields.length = count.parse().ok()?;
        } else if let Some(key) = fact.strip_prefix("masked ") {
            fields.masking_key = Some(masking_key(key)?);
        } else if fact == "not final" {
            fields.first_byte &= 0x7f;
        } else {
            is_plain = false;
        }
    }
    if fields.length > 125 {
        fields.length_bits = if fields.length > 0xffff { 64 } else { 16 };
    }
    fields.payload = payload_of_log(kind, content).unwrap_or_default();
    if is_plain && fields.payload.len() as u64 == fields.length {
        return Some(fields.into_chunk());
    }
    let mut message = Message::whole("the log of wsctl", kind, content.as_bytes().to_vec());
    message.size = fields.length;
    Some(Chunk::new(Content::Message(message), None))
}

fn payload_of_log(kind: MessageKind, content: &str) -> Option<Vec<u8>> {
    if kind == MessageKind::Close {
        let digits: String = content.chars().take_while(char::is_ascii_digit).collect();
        let code: u16 = digits.parse().ok()?;
        let mut payload = code.to_be_bytes().to_vec();
        if let Some((_, reason)) = content.split_once('"') {
            payload.extend(c_string(reason, b'"')?.0);
        }
        return Some(payload);
    }
    match content.strip_prefix('"') {
        Some(inside) => {
            let (bytes, size) = c_string(inside, b'"')?;
            (size + 1 == inside.len()).then_some(bytes)
        }
        None if content.is_empty() => Some(Vec::new()),
        None => hexadecimal(content),
    }
}

fn hexadecimal(digits: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let is_read = Notation::Hex.read(digits.as_bytes(), &mut bytes).is_ok();
    (is_read || digits.is_empty()).then_some(bytes)
}
