//! HAR, the JSON that browsers save their network traffic as: the heads of WebSocket connections, and
//! their messages (`_webSocketMessages`), which have no frames.

use serde::Deserialize;

use super::url::target_of;
use crate::input::message::{Message, MessageKind};
use crate::input::paste::chunk::{Chunk, Content, Taken};
use crate::input::paste::direction::Sent;
use crate::input::paste::http_head::{Head, HeadKind};
use crate::notation::Notation;

#[derive(Deserialize)]
struct Har {
    log: HarLog,
}

#[derive(Deserialize)]
struct HarLog {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    request: HarRequest,
    response: HarResponse,
    #[serde(rename = "startedDateTime")]
    started: Option<String>,
    #[serde(rename = "_resourceType")]
    resource_type: Option<String>,
    #[serde(rename = "_webSocketMessages", default)]
    messages: Vec<Told>,
}

#[derive(Deserialize)]
struct HarRequest {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<HarHeader>,
}

#[derive(Deserialize)]
struct HarResponse {
    status: i32,
    #[serde(rename = "statusText", default)]
    status_text: String,
    #[serde(default)]
    headers: Vec<HarHeader>,
}

#[derive(Deserialize)]
struct HarHeader {
    name: String,
    value: String,
}

/// A message: binary ones are in base64.
#[derive(Deserialize)]
struct Told {
    r#type: String,
    opcode: Option<u8>,
    #[serde(default)]
    data: String,
}

/// Reads a HAR file.
pub(in crate::input::paste) fn read(text: &str, is_end: bool) -> Option<Taken> {
    /// Where `"log"` stands in a file that is indented.
    const START: usize = 100;
    let start = text.as_bytes().get(..START).unwrap_or(text.as_bytes());
    if !start.starts_with(b"{") || memchr::memmem::find(start, b"\"log\"").is_none() {
        return None;
    }
    if !is_end {
        // The object is read when all of it is there.
        return Some(Taken::new(Vec::new(), text.len()));
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Har>();
    let har = values.next()?.ok()?;
    let size = values.byte_offset();
    let size = size
        + text
            .get(size..)?
            .find('\n')
            .map_or(text.len() - size, |end| end + 1);
    let mut chunks = Vec::new();
    let sockets = har.log.entries.into_iter().filter(Entry::is_socket);
    for (number, entry) in sockets.enumerate() {
        let mut found = entry.into_chunks();
        for chunk in &mut found {
            chunk.connection = u32::try_from(number).ok();
        }
        chunks.append(&mut found);
    }
    Some(Taken::new(chunks, size).complete())
}

impl Entry {
    fn is_socket(&self) -> bool {
        let has_scheme = |scheme: &str| self.request.url.starts_with(scheme);
        let asks = |header: &HarHeader| {
            header.name.eq_ignore_ascii_case("upgrade")
                && header.value.eq_ignore_ascii_case("websocket")
        };
        has_scheme("ws:")
            || has_scheme("wss:")
            || self.response.status == 101
            || self.resource_type.as_deref() == Some("websocket")
            || self.request.headers.iter().any(asks)
    }

    fn into_chunks(self) -> Vec<Chunk> {
        let (request, response) = (self.request, self.response);
        let first = format!(
            "{} {} HTTP/1.1\r\n",
            request.method,
            target_of(&request.url)
        );
        let mut chunks = vec![head(HeadKind::Request, first, &request.headers)];
        if response.status > 0 {
            let reason = match response.status_text.as_str() {
                "" if response.status == 101 => "Switching Protocols",
                reason => reason,
            };
            let first = format!("HTTP/1.1 {} {reason}\r\n", response.status);
            chunks.push(head(HeadKind::Response, first, &response.headers));
        }
        for chunk in &mut chunks {
            chunk.time.clone_from(&self.started);
        }
        chunks.extend(self.messages.into_iter().filter_map(Told::chunk));
        chunks
    }
}

/// A head; the names that HTTP/2 begins with a colon are no headers of HTTP/1.1.
fn head(kind: HeadKind, first: String, headers: &[HarHeader]) -> Chunk {
    let mut text = first.into_bytes();
    for header in headers
        .iter()
        .filter(|header| !header.name.starts_with(':'))
    {
        // Chrome joins the values of equal headers with a line end.
        for value in header.value.split('\n') {
            text.extend_from_slice(format!("{}: {value}\r\n", header.name).as_bytes());
        }
    }
    text.extend_from_slice(b"\r\n");
    Chunk::new(Content::Head(Head::of_lines(kind, text)), None)
}

impl Told {
    fn chunk(self) -> Option<Chunk> {
        let sent = match self.r#type.as_str() {
            "send" => Sent::ByClient,
            "receive" => Sent::ByServer,
            _ => return None,
        };
        let kind = MessageKind::of_opcode(self.opcode.unwrap_or(1))?;
        let payload = if kind == MessageKind::Text {
            self.data.into_bytes()
        } else {
            let mut bytes = Vec::new();
            Notation::Base64
                .read(self.data.as_bytes(), &mut bytes)
                .ok()?;
            bytes
        };
        let message = Message::whole("a HAR file", kind, payload);
        Some(Chunk::new(Content::Message(message), Some(sent)))
    }
}
