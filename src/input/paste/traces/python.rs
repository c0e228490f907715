//! The debug output of Python's clients: http.client, websocket-client and websockets.

use super::lines::{Lines, c_string, first_line};
use crate::input::message::{Message, MessageKind};
use crate::input::paste::chunk::{Chunk, Content, Taken};
use crate::input::paste::direction::Sent;
use crate::input::paste::envelope::Envelope;
use crate::input::paste::http_head::{Head, HeadKind};
use crate::notation::Notation;

/// Reads the trace of websocket-client (`enableTrace`): `++Sent raw: b'\x81…'`. What it decoded
/// itself (`++Sent decoded: …`) is left out, as it repeats the line above.
pub(in crate::input::paste) fn read_websocket_client(text: &str, _is_end: bool) -> Option<Taken> {
    let mut lines = Lines::new(text);
    let (line, end) = lines.next()?;
    let (before, rest) = line.split_once("++")?;
    let (sent, rest) = match rest.strip_prefix("Sent ") {
        Some(rest) => (Sent::ByClient, rest),
        None => (Sent::ByServer, rest.strip_prefix("Rcv ")?),
    };
    if rest.starts_with("decoded: ") {
        return Some(Taken::new(Vec::new(), end).complete());
    }
    let literal = rest.strip_prefix("raw: ")?;
    let mut bytes = Vec::new();
    Notation::Python
        .read(literal.trim().as_bytes(), &mut bytes)
        .ok()?;
    let time = Envelope::of(before).time();
    let chunk = Chunk::of_bytes(bytes, Notation::Python, Some(sent)).at(time);
    Some(Taken::new(vec![chunk], end).complete())
}

/// Reads the response that http.client prints with `set_debuglevel(1)`: a line `reply: 'HTTP/1.1
/// 101 Switching Protocols\r\n'`, then lines `header: Upgrade: websocket`.
pub(in crate::input::paste) fn read_http_client(text: &str, _is_end: bool) -> Option<Taken> {
    let mut lines = Lines::new(text);
    let (line, mut size) = lines.next()?;
    let literal = line.strip_prefix("reply: ")?;
    let literal = literal.strip_prefix('b').unwrap_or(literal);
    let quote = literal
        .bytes()
        .next()
        .filter(|byte| matches!(byte, b'\'' | b'"'))?;
    let (status, _) = c_string(literal.get(1..)?, quote)?;
    if !status.starts_with(b"HTTP/") {
        return None;
    }
    let mut head = status;
    for (line, end) in lines {
        let Some(headers) = line.strip_prefix("header: ") else {
            break;
        };
        // Python 2 prints all of them on one line.
        for header in headers.split(" header: ") {
            head.extend_from_slice(header.trim_end().as_bytes());
            head.extend_from_slice(b"\r\n");
        }
        size = end;
    }
    head.extend_from_slice(b"\r\n");
    let head = Head::of_lines(HeadKind::Response, head);
    let chunk = Chunk::new(Content::Head(head), Some(Sent::ByServer));
    Some(Taken::new(vec![chunk], size))
}

/// Reads a line of the log of websockets: `> TEXT 'Hello' [5 bytes]`, or `client > Frame(fin=True,
/// opcode=1, data=b'Hello', …)` of older releases. It tells a frame in words.
pub(in crate::input::paste) fn read_websockets(text: &str, _is_end: bool) -> Option<Taken> {
    let (line, end) = Lines::new(text).next()?;
    let (at, sent) = arrow(line)?;
    let words = line.get(at + 2..)?;
    let message = message(words).or_else(|| older_message(words))?;
    let time = Envelope::up_to(line, at).time();
    let mut chunk = Chunk::new(Content::Message(message), Some(sent)).at(time);
    // The words in front may name the end that wrote the log.
    let before = line.get(..at)?.to_ascii_lowercase();
    chunk.sent = match (before.contains("server"), before.contains("client")) {
        (true, false) => Some(turned(sent, true)),
        (false, true) => Some(turned(sent, false)),
        _ => Some(sent),
    };
    Some(Taken::new(vec![chunk], end).complete())
}

const fn turned(sent: Sent, is_servers_log: bool) -> Sent {
    match (sent, is_servers_log) {
        (Sent::Out, true) | (Sent::In, false) => Sent::ByServer,
        _ => Sent::ByClient,
    }
}

/// Reads a request or a response in the log of websockets: each line has words and an arrow in front,
/// such as `DEBUG websockets.client > Upgrade: websocket`.
pub(in crate::input::paste) fn read_websockets_head(text: &str, _is_end: bool) -> Option<Taken> {
    let first = first_line(text);
    let (at, mark, kind) = head_arrow(first)?;
    let mut head = Vec::new();
    let mut size = 0;
    for (line, end) in Lines::new(text) {
        let Some(content) = after_arrow(line, at, mark) else {
            break;
        };
        let is_start = size == 0;
        let is_header = content.split_once(": ").is_some_and(|(name, _)| {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        });
        if !is_start && !is_header {
            break;
        }
        head.extend_from_slice(content.as_bytes());
        head.extend_from_slice(b"\r\n");
        size = end;
    }
    head.extend_from_slice(b"\r\n");
    let head = Head::of_lines(kind, head);
    let sent = if mark == b'>' { Sent::Out } else { Sent::In };
    let time = Envelope::up_to(first, at).time();
    let chunk = Chunk::new(Content::Head(head), Some(sent)).at(time);
    Some(Taken::new(vec![chunk], size))
}

/// Where the arrow before a first line stands, if words precede it.
fn head_arrow(line: &str) -> Option<(usize, u8, HeadKind)> {
    let (at, kind) = match (line.find(" GET /"), line.find(" HTTP/1.1 ")) {
        (Some(at), _) if line.ends_with(" HTTP/1.1") => (at, HeadKind::Request),
        (_, Some(at)) => (at, HeadKind::Response),
        _ => return None,
    };
    let mark = *line.as_bytes().get(at.checked_sub(1)?)?;
    let before = line.get(..at - 1)?;
    let has_words = may_precede_arrow(before) && before.contains("websockets");
    (matches!(mark, b'>' | b'<') && has_words).then_some((at - 1, mark, kind))
}

/// What follows the arrow, if it stands near `at`: the words in front may be shorter or longer.
fn after_arrow(line: &str, at: usize, mark: u8) -> Option<&str> {
    let first = at.saturating_sub(2);
    let place = (first..at + 3).find(|place| {
        line.as_bytes().get(*place) == Some(&mark)
            && line.get(..*place).is_some_and(may_precede_arrow)
    })?;
    line.get(place + 1..)?.strip_prefix(' ')
}

/// Whether an arrow may follow these words of a line: a blank ends them, or the colon of
/// `logging.basicConfig()`, which prints `DEBUG:websockets.client:> TEXT …`.
fn may_precede_arrow(words: &str) -> bool {
    words.ends_with([' ', ':'])
}

/// Where the arrow of a line stands: `>` or `<`, with a blank after it.
fn arrow(line: &str) -> Option<(usize, Sent)> {
    let names = [
        "TEXT ", "BINARY ", "CONT ", "CLOSE ", "PING ", "PONG ", "Frame(",
    ];
    let at = |mark: char| {
        let places = line.match_indices(mark).map(|(at, _)| at);
        places.into_iter().find(|at| {
            let after = line.get(at + 1..).and_then(|after| after.strip_prefix(' '));
            let is_arrow = *at == 0 || line.get(..*at).is_some_and(may_precede_arrow);
            is_arrow && after.is_some_and(|after| names.iter().any(|name| after.starts_with(name)))
        })
    };
    at('>')
        .map(|at| (at, Sent::Out))
        .or_else(|| at('<').map(|at| (at, Sent::In)))
}

/// `TEXT 'Hello' [5 bytes]`, `BINARY 00 01 [2 bytes]`, `CLOSE 1000 (OK) [2 bytes]`.
fn message(words: &str) -> Option<Message> {
    let (name, rest) = words.split_once(' ')?;
    let (content, notes) = rest.trim_end().strip_suffix(']')?.rsplit_once('[')?;
    let count = notes.split(", ").find_map(|note| {
        let number = note
            .strip_suffix(" bytes")
            .or_else(|| note.strip_suffix(" byte"))?;
        number.parse::<u64>().ok()
    })?;
    let kind = match name {
        "TEXT" => MessageKind::Text,
        "BINARY" => MessageKind::Binary,
        "CONT" => MessageKind::Continuation,
        "CLOSE" => MessageKind::Close,
        "PING" => MessageKind::Ping,
        "PONG" => MessageKind::Pong,
        _ => return None,
    };
    let content = content.trim();
    let payload = match kind {
        MessageKind::Close => close_payload(content),
        _ if content.starts_with('\'') => quoted(content),
        _ if content.starts_with('"') => quoted(content),
        _ => hex_bytes(content),
    };
    let mut message = Message::whole("the log of websockets", kind, payload);
    message.size = count;
    Some(message)
}

/// `Frame(fin=True, opcode=<Opcode.TEXT: 1>, data=b'Hello', rsv1=False, …)`.
fn older_message(words: &str) -> Option<Message> {
    let inside = words.strip_prefix("Frame(")?;
    let (_, opcode) = inside.split_once("opcode=")?;
    let digits = opcode.find(|char: char| char.is_ascii_digit())?;
    let digits: String = opcode
        .get(digits..)?
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    let kind = MessageKind::of_opcode(digits.parse().ok()?)?;
    let (_, data) = inside.split_once("data=")?;
    let literal = data.strip_prefix('b').unwrap_or(data);
    let quote = literal
        .bytes()
        .next()
        .filter(|byte| matches!(byte, b'\'' | b'"'))?;
    let (payload, _) = c_string(literal.get(1..)?, quote)?;
    Some(Message::whole("the log of websockets", kind, payload))
}

/// The text of `repr()`, without its quotes. The middle of a long text is left out.
fn quoted(text: &str) -> Vec<u8> {
    let quote = text.as_bytes().first().copied().unwrap_or(b'\'');
    let inside = text.get(1..).unwrap_or_default();
    match c_string(inside, quote) {
        Some((bytes, size)) if size + 1 == inside.len() => bytes,
        _ => inside
            .trim_end_matches(char::from(quote))
            .as_bytes()
            .to_vec(),
    }
}

fn hex_bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (start, _) = text.split_once("...").unwrap_or((text, ""));
    // The bytes before the first word that is none are kept.
    let _ = Notation::Hex.read(start.trim().as_bytes(), &mut bytes);
    bytes
}

/// The payload of `1000 (OK)` or `1001 (going away) reason`.
fn close_payload(text: &str) -> Vec<u8> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let Ok(code) = digits.parse::<u16>() else {
        return Vec::new();
    };
    let mut payload = code.to_be_bytes().to_vec();
    if let Some((_, reason)) = text.split_once(") ") {
        payload.extend_from_slice(reason.as_bytes());
    }
    payload
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Message {
        let taken = read_websockets(text, true).unwrap();
        match taken.chunks.into_iter().next().unwrap().content {
            Content::Message(message) => message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_log_of_websockets_tells_frames_in_words() {
        let message =
            one("2026-11-26 14:43:43,490 DEBUG websockets.client > TEXT 'Hello' [5 bytes]\n");
        assert_eq!(
            (message.kind, message.payload.as_slice(), message.size),
            (MessageKind::Text, &b"Hello"[..], 5)
        );
        let message = one("< BINARY 00 01 02 [3 bytes]");
        assert_eq!(
            (message.kind, message.payload.as_slice()),
            (MessageKind::Binary, &[0, 1, 2][..])
        );
        let message = one("> CLOSE 1001 (going away) bye [5 bytes]");
        assert_eq!(
            (message.kind, message.payload.as_slice()),
            (MessageKind::Close, &b"\x03\xe9bye"[..])
        );
        let message =
            one("client > Frame(fin=True, opcode=<Opcode.PING: 9>, data=b'hi', rsv1=False)");
        assert_eq!(
            (message.kind, message.payload.as_slice()),
            (MessageKind::Ping, &b"hi"[..])
        );
        assert_eq!(one("< PING '' [0 bytes]").payload, b"");
    }

    #[test]
    fn other_lines_are_not_of_websockets() {
        for line in [
            "2026-11-26 14:43:43,490 DEBUG websockets.client = connection is OPEN",
            "> EOF",
            "> GET / HTTP/1.1",
            "> TEXT messages are sent by 3 bytes",
            "x > TEXT",
        ] {
            assert!(read_websockets(line, true).is_none(), "{line}");
        }
    }
}
