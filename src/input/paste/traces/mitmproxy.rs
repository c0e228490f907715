//! What mitmproxy prints of a connection (`mitmdump --flow-detail 3`): its heads, and its messages
//! without their frames.
//!
//! ```text
//! 127.0.0.1:47140: GET http://127.0.0.1:9527/chat
//!     Upgrade: websocket
//!
//!  << 101 Switching Protocols 0b
//!     Upgrade: websocket
//!
//! 127.0.0.1:47140 -> WebSocket text message -> 127.0.0.1:9527/chat
//!
//!     Hello
//! ```

use super::lines::{Lines, first_line};
use super::url::target_of;
use crate::input::message::{Message, MessageKind};
use crate::input::paste::chunk::{Chunk, Content, Taken};
use crate::input::paste::direction::Sent;
use crate::input::paste::dumps::bytes_and_column;
use crate::input::paste::envelope::Envelope;
use crate::input::paste::http_head::{Head, HeadKind};

/// Reads the head of a request, or that of a response.
pub(in crate::input::paste) fn read_head(text: &str, _is_end: bool) -> Option<Taken> {
    let first = first_line(text);
    let (kind, start) = match first.strip_prefix(" << ") {
        Some(status) => (HeadKind::Response, status_line(status)?),
        None => (HeadKind::Request, request_line(first)?),
    };
    let mut head = start + "\n";
    let mut is_of_websocket = false;
    let mut size = 0;
    for (number, (line, end)) in Lines::new(text).enumerate() {
        if number > 0 {
            let header = line.strip_prefix("    ").filter(|line| line.contains(": "));
            let Some(header) = header else {
                break;
            };
            is_of_websocket |= header.to_ascii_lowercase().starts_with("sec-websocket-");
            head.extend([header, "\n"]);
        }
        size = end;
    }
    head.push('\n');
    let chunk = Chunk::new(Content::Head(Head::of_lines(kind, head.into_bytes())), None);
    is_of_websocket.then(|| Taken::new(vec![chunk], size))
}

/// The request line of `127.0.0.1:47140: GET http://127.0.0.1:9527/chat`.
fn request_line(line: &str) -> Option<String> {
    let (client, request) = line.split_once(": ")?;
    let (method, url) = request.split_once(' ')?;
    let is_port = client
        .rsplit_once(':')?
        .1
        .bytes()
        .all(|digit| digit.is_ascii_digit());
    let is_method = method.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_request = is_port && is_method && url.contains("://");
    is_request.then(|| format!("{method} {} HTTP/1.1", target_of(url)))
}

/// The status line of `101 Switching Protocols 0b`, whose last word is the size of the body.
fn status_line(status: &str) -> Option<String> {
    let (status, size) = status.trim_end().rsplit_once(' ')?;
    let is_size = size.ends_with('b') && size.starts_with(|char: char| char.is_ascii_digit());
    let code = status.get(..3)?.parse::<u16>().ok();
    (is_size && code.is_some()).then(|| format!("HTTP/1.1 {status}"))
}

/// Reads a message: the line that tells its direction, and its payload, which is indented. That of a
/// binary message is a dump.
pub(in crate::input::paste) fn read_message(text: &str, _is_end: bool) -> Option<Taken> {
    let first = first_line(text);
    let (is_sent, kind) = message(first)?;
    let mut size = 0;
    let mut payload = Vec::new();
    let mut has_lines = false;
    for (number, (line, end)) in Lines::new(text).enumerate() {
        if number > 0 && !line.is_empty() {
            let Some(line) = line.strip_prefix("    ") else {
                break;
            };
            if kind == MessageKind::Binary {
                let (_, row) = line.split_once(' ')?;
                payload.extend(bytes_and_column(row).0);
            } else {
                payload.extend_from_slice(if has_lines { b"\n" } else { b"" });
                payload.extend_from_slice(line.as_bytes());
            }
            has_lines = true;
        }
        size = end;
    }
    let message = Message::whole("the log of mitmproxy", kind, payload);
    let sent = if is_sent {
        Sent::ByClient
    } else {
        Sent::ByServer
    };
    let chunk = Chunk::new(Content::Message(message), Some(sent));
    Some(Taken::new(vec![chunk.at(Envelope::of(first).time())], size))
}

/// Whether the client sent the message of such a line, and its kind.
fn message(line: &str) -> Option<(bool, MessageKind)> {
    let (before, rest) = line.split_once(" WebSocket ")?;
    let (kind, after) = rest.split_once(" message ")?;
    let kind = match kind {
        "text" => MessageKind::Text,
        "binary" => MessageKind::Binary,
        _ => return None,
    };
    match (before.rsplit_once(' ')?.1, after.split(' ').next()?) {
        ("->", "->") => Some((true, kind)),
        ("<-", "<-") => Some((false, kind)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_lines_are_none() {
        for text in [
            "127.0.0.1:47140: GET http://127.0.0.1:9527/items\n    Accept: */*\n",
            "127.0.0.1:47140: 81 05\n",
            " << 101 bytes\n    a: b\n",
            "a -> WebSocket close message -> b\n",
        ] {
            assert!(read_head(text, true).is_none(), "{text}");
            assert!(read_message(text, true).is_none(), "{text}");
        }
    }
}
