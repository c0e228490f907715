//! Text protocols that are known by a single message: STOMP, Socket.IO, `SockJS` and
//! `SignalR`.
//!
//! Plain text and JSON are not among them: they may as well have been sent without a frame.

use super::{Payload, readable};

/// Reads the text of one message of a known protocol.
pub(super) fn read(bytes: &[u8]) -> Option<Payload> {
    signalr(bytes).or_else(|| stomp(bytes)).or_else(|| {
        let text = readable(bytes)?;
        engine_io(text)
            .or_else(|| old_socket_io(text))
            .or_else(|| sockjs(text))
    })
}

/// JSON objects, each with the separator 1e after it.
fn signalr(bytes: &[u8]) -> Option<Payload> {
    let records = bytes.strip_suffix(b"\x1e")?;
    let mut shown = Vec::new();
    for record in records.split(|byte| *byte == 0x1e) {
        let text = readable(record)?;
        let is_object = text.starts_with('{') && text.ends_with('}');
        shown.push(Some(text).filter(|_| is_object)?);
    }
    let note = "SignalR ends each of its records with 1e";
    Some(Payload::new("SignalR", shown.join("\n")).note(note))
}

/// A command, header lines, an empty line, a body, and NUL (STOMP 1.2).
fn stomp(bytes: &[u8]) -> Option<Payload> {
    const COMMANDS: [&str; 15] = [
        "CONNECT",
        "STOMP",
        "CONNECTED",
        "SEND",
        "SUBSCRIBE",
        "UNSUBSCRIBE",
        "ACK",
        "NACK",
        "BEGIN",
        "COMMIT",
        "ABORT",
        "DISCONNECT",
        "MESSAGE",
        "RECEIPT",
        "ERROR",
    ];
    let end = bytes.trim_ascii_end();
    let frame = readable(end.strip_suffix(b"\0").unwrap_or(end))?;
    let (command, rest) = frame.split_once('\n')?;
    let is_command = COMMANDS.contains(&command.trim_end_matches('\r'));
    let has_headers = rest.lines().next().is_some_and(|line| line.contains(':'));
    if !is_command || !has_headers {
        return None;
    }
    let payload = Payload::new("STOMP", frame.trim_end());
    Some(if end.ends_with(b"\0") {
        payload.note("a STOMP frame in one text message")
    } else {
        payload.note("the NUL at the end of the STOMP frame is not here; a log may not print it")
    })
}

/// A packet of Engine.IO 3 or 4: a digit, and for Socket.IO another, before JSON.
fn engine_io(text: &str) -> Option<Payload> {
    let rest = text
        .strip_prefix('0')
        .filter(|rest| rest.starts_with("{\"sid\""));
    let is_open = rest.is_some_and(|rest| rest.ends_with('}'));
    let is_packet = text.strip_prefix('4').is_some_and(|packet| {
        let Some(body) = packet.strip_prefix(|first: char| ('0'..='6').contains(&first)) else {
            return false;
        };
        let body = body.trim_start_matches(|char: char| char.is_ascii_digit() || char == '-');
        let body = match body.strip_prefix('/') {
            Some(namespace) => namespace.split_once(',').map_or("", |(_, body)| body),
            None => body,
        };
        let body = body.trim_start_matches(|char: char| char.is_ascii_digit());
        body.starts_with('[') && body.ends_with(']') || body.starts_with('{') && body.ends_with('}')
    });
    let is_polled = text
        .split_once(":0{\"sid\"")
        .is_some_and(|(length, _)| length.bytes().all(|byte| byte.is_ascii_digit()));
    let is_probe = matches!(text, "2probe" | "3probe");
    (is_open || is_packet || is_polled || is_probe).then(|| {
        let note = "Socket.IO speaks its own protocol in text messages: both ends need it";
        Payload::new("Socket.IO", text).note(note)
    })
}

/// A packet of Socket.IO 0.9: `5:::{"name":"news"}`.
fn old_socket_io(text: &str) -> Option<Payload> {
    let mut parts = text.splitn(4, ':');
    let kind = parts.next()?;
    let is_kind = matches!(kind.as_bytes(), [b'0'..=b'8']);
    let id = parts.next()?;
    let id = id.strip_suffix('+').unwrap_or(id);
    let is_id = id.bytes().all(|byte| byte.is_ascii_digit());
    let endpoint = parts.next()?;
    let is_endpoint = endpoint.is_empty() || endpoint.starts_with('/');
    let has_data = match kind {
        "3" | "4" | "5" | "6" => parts.next().is_some_and(|data| !data.is_empty()),
        _ => true,
    };
    (is_kind && is_id && is_endpoint && has_data).then(|| {
        let note = "Socket.IO 0.9 (2011): clients and servers of later versions do not speak it";
        Payload::new("Socket.IO 0.9", text).note(note)
    })
}

/// A frame of `SockJS`: an array of messages, or a close.
fn sockjs(text: &str) -> Option<Payload> {
    let is_messages = text.starts_with("a[\"") && text.ends_with("\"]");
    let is_close = text.starts_with("c[") && text.ends_with("\"]");
    (is_messages || is_close).then(|| {
        let note = "SockJS wraps messages in its own text: both ends need it";
        Payload::new("SockJS", text).note(note)
    })
}
