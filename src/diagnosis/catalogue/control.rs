//! Control frames.

use super::{Entry, Example, Layer};
use crate::diagnosis::Severity;

/// A control frame without FIN.
pub static CONTROL_FRAGMENTED: Entry = Entry {
    id: "control-fragmented",
    layer: Layer::Control,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.5",
    title: "a control frame in fragments (FIN is 0)",
    cause: "FIN was cleared for every frame, as `setFin(false)` does, or a line feed (0a) that was left over reads as a pong",
    fix: "send control frames whole: 88, 89 or 8a as the first byte",
    seen: &[
        ("Chrome", "Invalid frame header"),
        ("ws", "FIN must be set (1002)"),
        ("websockets", "fragmented control frame"),
        ("aiohttp", "Received fragmented control frame"),
        ("tungstenite", "Fragmented control frame"),
        ("websocket-client", "Invalid ping frame."),
    ],
    example: Example::Command("decode --from server 0900"),
};

/// A control frame with more than 125 octets of payload.
pub static CONTROL_TOO_LONG: Entry = Entry {
    id: "control-too-long",
    layer: Layer::Control,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.5",
    title: "a control frame of more than 125 bytes",
    cause: "a long error text as the reason of a close, or a whole record as the payload of a ping",
    fix: "cut the payload at 125 bytes; the reason of a close at 123, between two characters",
    seen: &[
        ("Chrome", "Invalid frame header"),
        ("ws", "invalid payload length 126 (1002)"),
        ("websockets", "control frame too long"),
        (
            "aiohttp",
            "Control frame payload cannot be larger than 125 bytes",
        ),
        (
            "tungstenite",
            "Control frame too big (payload must be 125 bytes or less)",
        ),
        ("websocket-client", "Ping message is too long"),
    ],
    example: Example::Command(
        "decode --from server 897e007e616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161",
    ),
};

/// A close frame of one octet.
pub static CLOSE_1_BYTE: Entry = Entry {
    id: "close-1-byte",
    layer: Layer::Control,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.5.1",
    title: "a close frame with a body of 1 byte",
    cause: "the code was written as one byte",
    fix: "leave the body empty, or begin it with the code in 2 bytes, the higher one first",
    seen: &[
        (
            "Chrome",
            "Received a broken close frame containing an invalid size body.",
        ),
        ("ws", "invalid payload length 1 (1002)"),
        ("websockets", "close frame too short"),
        ("aiohttp", r"Invalid close frame: False 8 b'\x03'"),
        ("tungstenite", "Invalid close sequence"),
        ("websocket-client", "Invalid close frame."),
    ],
    example: Example::Command("decode --from server 880103"),
};

/// A close frame with a code that must not be sent.
pub static CLOSE_RESERVED_CODE: Entry = Entry {
    id: "close-reserved-code",
    layer: Layer::Control,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 7.4.1, 7.4.2",
    title: "a close code that must not be sent",
    cause: "the code of a close event was sent on (`ws.close(event.code)`), such as 1005 or 1006, or 0 stands for none",
    fix: "send 1000, 1001, 1011 or one from 3000 to 4999; for no code, an empty body",
    seen: &[
        (
            "Chrome",
            "Received a broken close frame containing a reserved status code.",
        ),
        ("ws", "invalid status code 1006 (1002)"),
        ("websockets", "invalid status code"),
        ("websocket-client", "Invalid close opcode 1006"),
        ("aiohttp, tungstenite", "accept it"),
        ("Chrome, of code 0", "onclose code=0"),
        ("ws, of code 0", "invalid status code 0 (1002)"),
        ("aiohttp, of code 0", "Invalid close code: 0"),
        ("websocket-client, of code 0", "Invalid close opcode 0"),
    ],
    example: Example::Command("decode --from server 880203ee"),
};

/// A close frame whose first two octets are no code.
pub static CLOSE_CODE_GARBLED: Entry = Entry {
    id: "close-code-garbled",
    layer: Layer::Control,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.5.1",
    title: "a close code that is text, or has its bytes swapped",
    cause: r#"the reason was sent without a code in front, the code was sent as digits, or `pack("H", 1000)` wrote it in the machine's order"#,
    fix: r#"write the code in 2 bytes, the higher one first, then the reason: `struct.pack("!H", code) + reason`"#,
    seen: &[
        ("Chrome, of bye", "onclose code=25209"),
        ("ws, of bye", "invalid status code 25209 (1002)"),
        ("websockets", "invalid status code"),
        ("websocket-client, of bye", "Invalid close opcode 25209"),
        ("Chrome, of 1000 swapped", "onclose code=59395"),
        ("ws, of 1000 swapped", "invalid status code 59395 (1002)"),
        (
            "websocket-client, of 1000 swapped",
            "Invalid close opcode 59395",
        ),
        ("aiohttp, tungstenite", "accept it"),
    ],
    example: Example::Command("decode --from server 8803627965"),
};

/// A close frame whose reason is not UTF-8.
pub static CLOSE_REASON_UTF8: Entry = Entry {
    id: "close-reason-utf8",
    layer: Layer::Control,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 5.5.1, 8.1",
    title: "a close reason that is not UTF-8",
    cause: "an error text in the system's own encoding, or a text cut inside a character to fit into 123 bytes",
    fix: "encode the reason as UTF-8, and cut it between two characters",
    seen: &[
        (
            "Chrome",
            "Received a broken close frame containing invalid UTF-8.",
        ),
        ("ws", "invalid UTF-8 sequence (1007)"),
        (
            "websockets",
            "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
        ),
        ("aiohttp", "Invalid UTF-8 text message"),
        (
            "tungstenite",
            "UTF-8 encoding error: invalid utf-8 sequence of 1 bytes from index 0",
        ),
        ("websocket-client", "Invalid close frame."),
    ],
    example: Example::Command("decode --from server 880303e8ff"),
};

/// A connection that ended without the closing handshake.
pub static CLOSE_NOT_COMPLETED: Entry = Entry {
    id: "close-not-completed",
    layer: Layer::Control,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 5.5.1, 7.1.1",
    title: "a connection that ended without a close frame from both",
    cause: "`sock.close()` and nothing before it, or a close frame that was taken for text and never answered",
    fix: "answer a close frame with one of the same code, and let the server close the TCP connection",
    seen: &[
        ("Chrome", "onclose code=1006 wasClean=false"),
        ("websockets", "no close frame received or sent"),
        ("ws", "close 1006"),
        (
            "servers after tutorials",
            "UnicodeDecodeError, for 03 e8 is no text",
        ),
    ],
    example: Example::Unseen(
        "it shows in a whole connection: TCP ends, and a close frame (first byte 88) of one side or both is missing",
    ),
};

/// A data frame behind a close frame.
pub static DATA_AFTER_CLOSE: Entry = Entry {
    id: "data-after-close",
    layer: Layer::Control,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.5.1",
    title: "a data frame behind a close frame",
    cause: "the queue of messages is sent to its end after the close, or the close frame is answered with text, again and again",
    fix: "send nothing but what completes the closing handshake once the close frame is sent",
    seen: &[
        ("Chrome", "Data frame received after close"),
        ("tungstenite", "Remote sent after having closed"),
        ("ws", "close 1000, and ignores what follows"),
        ("websockets, aiohttp, websocket-client", "accept it"),
    ],
    example: Example::Command("decode --from server 880203e8810548656c6c6f"),
};

/// A ping that nobody answers.
pub static PING_WITHOUT_PONG: Entry = Entry {
    id: "ping-without-pong",
    layer: Layer::Control,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.5.2",
    title: "a ping that is not answered with a pong",
    cause: "the opcode is not looked at, so that a ping is echoed as text, or the loop that reads is busy elsewhere",
    fix: r#"answer opcode 9 with a frame of opcode 10 and the same payload, at once; the text "ping" is no ping"#,
    seen: &[
        (
            "websockets",
            "sent 1011 keepalive ping timeout; no close frame received",
        ),
        (".NET", "didn't receive a Pong"),
    ],
    example: Example::Unseen(
        "it shows in both directions: `89 02 68 69` goes one way, and no `8a 02 68 69` comes the other",
    ),
};

/// A pong whose payload is not the ping's.
pub static PONG_WRONG_PAYLOAD: Entry = Entry {
    id: "pong-wrong-payload",
    layer: Layer::Control,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.5.3",
    title: "a pong that does not repeat the payload of its ping",
    cause: "the pong is sent empty, or the payload went through a text, which puts `ef bf bd` where bytes are not UTF-8",
    fix: "copy the bytes of the ping's payload as they are",
    seen: &[(
        "strict peers, such as Binance",
        "time out, as if no pong had come",
    )],
    example: Example::Unseen(
        "it shows in both directions: the ping `89 04 dc 21 f7 8b` wants `8a 04 dc 21 f7 8b`",
    ),
};
