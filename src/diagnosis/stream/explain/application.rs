//! Messages that break no rule of WebSocket, and are probably a mistake of the application.
//!
//! In: a message, or the first bytes of a long one. Out: a finding. The validation uses it for
//! messages that pass the [`prefilter`](super::prefilter).

use super::words::excerpt;
use crate::diagnosis::Finding;
use crate::diagnosis::catalogue;
use crate::ws::Opcode;
use crate::ws::deflate::probe::{self, Container};

/// The finding on a message, unmasked and decompressed; of a long one on its first bytes, and
/// `is_whole` is false.
pub(in crate::diagnosis::stream) fn diagnose(
    opcode: Opcode,
    payload: &[u8],
    is_whole: bool,
) -> Option<Finding> {
    match opcode {
        Opcode::TEXT => {
            let text = std::str::from_utf8(payload).ok()?;
            mqtt(text)
                .or_else(|| unusual_text(text, is_whole))
                .or_else(|| protocol(text, is_whole))
        }
        Opcode::BINARY => compressed(payload),
        _ => None,
    }
}

/// The finding on a text that is a heart-beat: a note. `2` and `3` are reported only if they are
/// the first frame of a stream: between other messages they may be numbers.
pub(in crate::diagnosis::stream) fn heartbeat(payload: &[u8], is_first: bool) -> Option<Finding> {
    let (what, cause) = match payload {
        b"\n" | b"\r\n" => (
            "a text of a line end alone: the heart-beat of STOMP",
            "client and server agreed on heart-beats in the `heart-beat` header of STOMP",
        ),
        b"2" if is_first => (
            "the text \"2\": the ping of Engine.IO (Socket.IO), if it speaks that",
            "one side of Engine.IO sends `2` from time to time, and the other answers `3`",
        ),
        b"3" if is_first => (
            "the text \"3\": the pong of Engine.IO (Socket.IO), if it speaks that",
            "one side of Engine.IO sends `2` from time to time, and the other answers `3`",
        ),
        _ => return None,
    };
    Some(Finding::new(&catalogue::APP_HEARTBEAT, what).possible_cause(cause))
}

/// Text that is UTF-8 and was probably converted or sent in a wrong way.
fn unusual_text(text: &str, is_whole: bool) -> Option<Finding> {
    let unusual = |message: String, cause: &str, fix: &str| {
        let finding = Finding::new(&catalogue::TEXT_ODD_CONTENT, message);
        Some(finding.certain_cause(cause).fixed_by(fix))
    };
    if text.starts_with('\u{feff}') {
        return unusual(
            "the text begins with a byte-order mark".to_owned(),
            "the text was read from a file with a byte-order mark, or written by an encoder such \
             as `utf-8-sig`",
            "remove the three bytes ef bb bf",
        );
    }
    if is_utf16(text.as_bytes()) {
        return unusual(
            "every second byte of the text is NUL".to_owned(),
            "the text is in UTF-16",
            "encode it in UTF-8",
        );
    }
    let body = text.trim_end_matches('\0');
    if is_whole && body.len() < text.len() && !body.is_empty() && !is_stomp(text) {
        return unusual(
            "the text ends with NUL".to_owned(),
            "the NUL at the end of a C string was sent: `strlen + 1`, or the whole buffer",
            "send only the bytes of the text, without its NUL",
        );
    }
    if let Some(object) = javascript_object(text) {
        return unusual(
            format!("the text is \"{object}\""),
            "JavaScript converted an object to a string",
            "send `JSON.stringify(value)`; pass a Blob or an ArrayBuffer to `send` as it is",
        );
    }
    let is_bytes = |quote| {
        let literal = text.strip_prefix('b');
        literal.is_some_and(|text| text.starts_with(quote) && text.ends_with(quote))
    };
    if text.len() > 2 && is_whole && (is_bytes('\'') || is_bytes('"')) {
        return unusual(
            format!(
                "the text is a Python bytes literal: {}",
                excerpt(text.as_bytes())
            ),
            "the sender sent `str(data)`, and `data` is a `bytes` object",
            "send `data.decode()`, or `data` as a binary message",
        );
    }
    None
}

fn is_utf16(bytes: &[u8]) -> bool {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let little = pairs.iter().all(|[low, high]| *low != 0 && *high == 0);
    let big = pairs.iter().all(|[high, low]| *low != 0 && *high == 0);
    rest.is_empty() && pairs.len() >= 2 && (little || big)
}

fn javascript_object(text: &str) -> Option<&str> {
    let name = text.strip_prefix("[object ")?.strip_suffix(']')?;
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_name && !name.is_empty()).then_some(text)
}

/// Protocols over WebSocket that one message identifies.
fn protocol(text: &str, is_whole: bool) -> Option<Finding> {
    if is_engine_io(text) {
        return Some(Finding::new(
            &catalogue::APP_ENGINE_IO,
            format!(
                "this is Socket.IO (Engine.IO): {}",
                excerpt(text.as_bytes())
            ),
        ));
    }
    let starts = ["{\"protocol\":\"json\"", "{\"protocol\":\"messagepack\""];
    let is_signalr =
        starts.iter().any(|start| text.starts_with(start)) && text.contains("\"version\":");
    if is_whole && is_signalr && !text.ends_with('\u{1e}') {
        let message = "a SignalR handshake without the record separator 1e at its end";
        return Some(Finding::new(&catalogue::APP_SIGNALR, message));
    }
    if is_whole && is_stomp(text) && !text.trim_end_matches(['\n', '\r']).ends_with('\0') {
        let message = format!(
            "a STOMP {} frame without NUL at its end",
            text.lines().next().unwrap_or_default()
        );
        let finding = Finding::new(&catalogue::APP_STOMP_MQTT_SOCKJS, message);
        return Some(
            finding
                .possible_cause("the frame was written by hand, or a C function stopped at its NUL")
                .fixed_by("end each STOMP frame with 00"),
        );
    }
    let is_sockjs = text.starts_with("a[\"") && text.ends_with("\"]");
    is_sockjs.then(|| {
        let message = format!("this is SockJS: {}", excerpt(text.as_bytes()));
        let finding = Finding::new(&catalogue::APP_STOMP_MQTT_SOCKJS, message)
            .possible_cause("a client without SockJS is connected to a SockJS endpoint");
        finding.fixed_by("use a SockJS client, or append /websocket to the URL, the raw endpoint")
    })
}

/// An MQTT CONNECT packet; MQTT is binary.
fn mqtt(text: &str) -> Option<Finding> {
    let start = text.get(..10)?;
    let is_connect = start.starts_with('\u{10}') && start.contains("MQTT");
    is_connect.then(|| {
        let message = "an MQTT packet in a text message";
        Finding::new(&catalogue::APP_STOMP_MQTT_SOCKJS, message)
            .possible_cause("the packet was sent as a string, with opcode 1")
            .fixed_by("send MQTT in binary messages (82), with the subprotocol mqtt")
    })
}

/// Whether a text is an Engine.IO packet: the opening one, a Socket.IO CONNECT or ERROR, or an
/// event, perhaps with a namespace and a number: `42/chat,7["hi"]`.
fn is_engine_io(text: &str) -> bool {
    let starts = ["0{\"sid\":", "40{\"sid\":", "44{\"message\":"];
    let event = text.strip_prefix("42").or_else(|| text.strip_prefix("43"));
    let is_event = event.is_some_and(|event| {
        let in_namespace = event
            .starts_with('/')
            .then(|| event.split_once(','))
            .flatten();
        let event = in_namespace.map_or(event, |(_, event)| event);
        event
            .trim_start_matches(|char: char| char.is_ascii_digit())
            .starts_with("[\"")
    });
    is_event || starts.iter().any(|start| text.starts_with(start))
}

fn is_stomp(text: &str) -> bool {
    const COMMANDS: [&str; 12] = [
        "CONNECT",
        "CONNECTED",
        "STOMP",
        "SEND",
        "SUBSCRIBE",
        "UNSUBSCRIBE",
        "MESSAGE",
        "RECEIPT",
        "DISCONNECT",
        "ACK",
        "NACK",
        "ERROR",
    ];
    let mut lines = text.split('\n');
    let first = lines.next().unwrap_or_default().trim_end_matches('\r');
    // A header or an empty line must follow: other texts contain such a word on a line, too.
    let is_header = |line: &str| line.trim_end_matches('\r').is_empty() || line.contains(':');
    COMMANDS.contains(&first) && lines.next().is_some_and(is_header)
}

/// A binary message that the application compressed.
fn compressed(payload: &[u8]) -> Option<Finding> {
    const SOME: usize = 16;
    let wrapping = Container::of_header(payload)?;
    let what = match wrapping {
        Container::Gzip => "gzip",
        Container::Zlib => "zlib",
        Container::Raw => return None,
    };
    // Other data begins with these bytes, too: it must decompress.
    probe::inflate(payload, wrapping, SOME)?;
    let message = format!("the binary message is {what} data");
    Some(Finding::new(&catalogue::APP_COMPRESSED, message))
}
