//! What is spoken inside the messages, where it is not spoken as it should be.

use super::beginning;
use super::wording::excerpt;
use crate::diagnosis::Finding;
use crate::diagnosis::catalogue::{self, RulePage};
use crate::ws::Opcode;
use crate::ws::deflate::probe::{self, Container};

/// What is odd about a message, or about the beginning of a long one. It breaks no rule of
/// the WebSocket protocol, but is hardly what was meant.
pub(super) fn judge(opcode: Opcode, payload: &[u8], is_whole: bool) -> Option<Finding> {
    match opcode {
        Opcode::TEXT => {
            let text = std::str::from_utf8(payload).ok()?;
            mqtt(text)
                .or_else(|| odd_text(text, is_whole))
                .or_else(|| protocol(text, is_whole))
        }
        Opcode::BINARY => compressed(payload),
        _ => None,
    }
}

/// Whether a message that begins with these bytes and ends with this one may be odd; of
/// most it is known at once that they are not.
pub(super) fn is_worth_a_look(opcode: Opcode, start: &[u8], last: Option<u8>) -> bool {
    match opcode {
        Opcode::TEXT => {
            let beginning = match *start {
                [first, second, third, ..] => [first, second, third],
                [first, second] => [first, second, b' '],
                [first] => [first, b' ', b' '],
                [] => return false,
            };
            last == Some(0) || beginning::may_be_odd(beginning)
        }
        Opcode::BINARY => matches!(start, [0x1f, 0x8b, ..] | [0x78, ..]),
        _ => false,
    }
}

/// Text that is UTF-8, and that no reader will like.
fn odd_text(text: &str, is_whole: bool) -> Option<Finding> {
    let odd = |message: String, cause: &str, fix: &str| {
        let finding = Finding::new(&catalogue::TEXT_ODD_CONTENT, message);
        Some(finding.certain_cause(cause).fixed_by(fix))
    };
    if text.starts_with('\u{feff}') {
        return odd(
            "the text begins with a byte-order mark".to_owned(),
            "the text comes from a file that was saved so, or from an encoder such as `utf-8-sig`",
            "strip the three bytes ef bb bf",
        );
    }
    if is_utf16(text.as_bytes()) {
        return odd(
            "every other byte of the text is NUL".to_owned(),
            "the text is in UTF-16",
            "encode it in UTF-8",
        );
    }
    let body = text.trim_end_matches('\0');
    if is_whole && body.len() < text.len() && !body.is_empty() && !is_stomp(text) {
        return odd(
            "the text ends with NUL".to_owned(),
            "the NUL behind a C string was sent: `strlen + 1`, or the whole buffer",
            "send as many bytes as the text has",
        );
    }
    if let Some(object) = javascript_object(text) {
        return odd(
            format!("the text is \"{object}\""),
            "an object was turned into a string without being encoded",
            "send `JSON.stringify(value)`; a Blob or ArrayBuffer goes as it is",
        );
    }
    let is_bytes = |quote| {
        let literal = text.strip_prefix('b');
        literal.is_some_and(|text| text.starts_with(quote) && text.ends_with(quote))
    };
    if text.len() > 2 && is_whole && (is_bytes('\'') || is_bytes('"')) {
        return odd(
            format!(
                "the text is how Python writes bytes: {}",
                excerpt(text.as_bytes())
            ),
            "`str(data)` was sent, where `data` is bytes",
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

/// Protocols that go over WebSocket and are known by a message.
fn protocol(text: &str, is_whole: bool) -> Option<Finding> {
    if is_engine_io(text) {
        return Some(spoken(
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
        return Some(spoken(&catalogue::APP_SIGNALR, message));
    }
    if is_whole && is_stomp(text) && !text.trim_end_matches(['\n', '\r']).ends_with('\0') {
        let message = format!(
            "a STOMP {} frame without NUL at its end",
            text.lines().next().unwrap_or_default()
        );
        let finding = spoken(&catalogue::APP_STOMP_MQTT_SOCKJS, message);
        return Some(
            finding
                .possible_cause(
                    "the frame was written by hand, or its NUL was taken for an end and cut",
                )
                .fixed_by("end each STOMP frame with 00"),
        );
    }
    let is_sockjs = text.starts_with("a[\"") && text.ends_with("\"]");
    is_sockjs.then(|| {
        let message = format!("this is SockJS: {}", excerpt(text.as_bytes()));
        let finding = spoken(&catalogue::APP_STOMP_MQTT_SOCKJS, message)
            .possible_cause("a plain client talks to an endpoint of SockJS");
        finding.fixed_by("use a SockJS client, or the raw endpoint: append /websocket to the URL")
    })
}

/// What opens a connection of MQTT, which is binary.
fn mqtt(text: &str) -> Option<Finding> {
    let start = text.get(..10)?;
    let is_connect = start.starts_with('\u{10}') && start.contains("MQTT");
    is_connect.then(|| {
        let message = "an MQTT packet in a text message";
        spoken(&catalogue::APP_STOMP_MQTT_SOCKJS, message)
            .possible_cause("the packet was sent as a string, with opcode 1")
            .fixed_by("send MQTT in binary messages (82), with the subprotocol mqtt")
    })
}

/// A packet type, and what goes with it: the opening packet, or a Socket.IO event with its
/// namespace and its number, where it has them: `42/chat,7["hi"]`.
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
    // A header or the empty line: anybody may write a word on a line.
    let is_header = |line: &str| line.trim_end_matches('\r').is_empty() || line.contains(':');
    COMMANDS.contains(&first) && lines.next().is_some_and(is_header)
}

fn spoken(entry: &'static RulePage, message: impl Into<String>) -> Finding {
    Finding::new(entry, message)
}

/// Binary messages that were compressed by the application itself.
fn compressed(payload: &[u8]) -> Option<Finding> {
    const SOME: usize = 16;
    let wrapping = Container::of_header(payload)?;
    let what = match wrapping {
        Container::Gzip => "gzip",
        Container::Zlib => "zlib",
        Container::Raw => return None,
    };
    // Two bytes are soon like a header by chance.
    probe::inflate(payload, wrapping, SOME)?;
    let message = format!("the binary message is {what} data");
    Some(spoken(&catalogue::APP_COMPRESSED, message))
}
