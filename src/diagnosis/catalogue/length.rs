//! The length of a payload, in the header of its frame.

use super::{Entry, Example, Layer};
use crate::diagnosis::Severity;

/// A length in 16 bits where 7 hold it.
pub static LEN16_NOT_MINIMAL: Entry = Entry {
    id: "len16-not-minimal",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.2",
    title: "a payload length in 16 bits where 7 hold it",
    cause: "`< 125` where `<= 125` was meant, or an encoder that only knows the longer form",
    fix: "write lengths up to 125 into the 7 bits of the second byte",
    seen: &[
        ("Chrome", "Invalid frame header"),
        (
            "wsproto",
            "Payload length used 2 bytes when 1 would have sufficed",
        ),
        (
            "ws, websockets, aiohttp, tungstenite, websocket-client",
            "accept it",
        ),
    ],
    example: Example::Command("decode --from server 817e000548656c6c6f"),
};

/// A length in 64 bits where fewer hold it.
pub static LEN64_NOT_MINIMAL: Entry = Entry {
    id: "len64-not-minimal",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.2",
    title: "a payload length in 64 bits where fewer hold it",
    cause: "`elif length == 126` where `elif length <= 65535` was meant, or `< 65535` for `<= 65535`",
    fix: "write lengths from 126 to 65535 as 7e and 2 bytes, and only longer ones as 7f and 8 bytes",
    seen: &[
        ("Chrome", "Invalid frame header"),
        (
            "ws, websockets, aiohttp, tungstenite, websocket-client",
            "accept it",
        ),
    ],
    example: Example::Command(
        "decode --from server 817f00000000000000c86161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161",
    ),
};

/// A length over 125 in the one octet that holds less.
pub static LEN7_OVERFLOW: Entry = Entry {
    id: "len7-overflow",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.2",
    title: "a length over 125 written into the second byte alone",
    cause: r#"`pack("B", length)` for every length up to 254: 126 and 127 then announce longer forms, and from 128 on the MASK bit is set"#,
    fix: "write 7e and 2 bytes for lengths from 126 on, 7f and 8 bytes from 65536 on",
    seen: &[
        ("all, of 126 bytes", "wait for more bytes"),
        ("browsers, of 127 bytes", "onclose 1006"),
        (
            "Chrome",
            "A server must not mask any frames that it sends to the client.",
        ),
        ("ws", "MASK must be clear (1002)"),
        ("websockets", "incorrect masking"),
        ("tungstenite", "Received a masked frame from server"),
        ("aiohttp", "Received frame with non-zero reserved bits"),
        ("websocket-client", "rsv is not implemented, yet"),
    ],
    example: Example::Command(
        "decode -f frames --from server 81c86161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161",
    ),
};

/// A length with its octets in the wrong order.
pub static LEN_LITTLE_ENDIAN: Entry = Entry {
    id: "len-little-endian",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.2",
    title: "a payload length with its bytes in the wrong order",
    cause: r#"`struct.pack("H", length)`, `BitConverter` or a copied integer, which follow the machine's order: read backwards, the length fits"#,
    fix: "write the highest byte first: `!H` and `!Q` in Python, `htons` in C",
    seen: &[
        (
            "Chrome, ws, websockets, aiohttp, tungstenite, of 16 bits",
            "wait for more bytes",
        ),
        ("Chrome, of 64 bits", "onclose 1006, and no message"),
        (
            "ws, of 64 bits",
            "Unsupported WebSocket frame: payload length > 2^53 - 1 (1009)",
        ),
        (
            "websockets, of 64 bits",
            "frame with 8075236706363637760 bytes exceeds limit of 1048576 bytes",
        ),
        (
            "aiohttp, of 64 bits",
            "Message size 8075236706363637760 exceeds limit 4194304",
        ),
        (
            "tungstenite, of 64 bits",
            "Space limit exceeded: Message too long: 8075236706363637760 > 16777216",
        ),
    ],
    example: Example::Command(
        "decode --from server 817ec8006161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161",
    ),
};

/// A length in 4 octets, which no form has.
pub static LEN_FIELD_WIDTH: Entry = Entry {
    id: "len-field-width",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.2",
    title: "a payload length in 4 bytes, where 2 or 8 belong",
    cause: r#"`pack("N", length)` in PHP or `writeInt` in Java, which write 32 bits behind 7e or 7f"#,
    fix: "write 2 bytes behind 7e, and 8 bytes behind 7f",
    seen: &[
        ("Chrome, behind 7f", "onclose 1006, and no message"),
        ("ws, behind 7f", "Max payload size exceeded (1009)"),
        (
            "websockets, behind 7f",
            "frame with 300649344491873 bytes exceeds limit of 1048576 bytes",
        ),
        (
            "aiohttp, behind 7f",
            "Message size 300649344491873 exceeds limit 4194304",
        ),
        (
            "tungstenite, behind 7f",
            "Space limit exceeded: Message too long: 300649344491873 > 16777216",
        ),
        ("Chrome, behind 7e", "Invalid frame header"),
        ("ws, behind 7e", "invalid opcode 0 (1002)"),
        ("websockets, behind 7e", "incorrect masking"),
        (
            "aiohttp, behind 7e",
            "Continuation frame for non started message",
        ),
        (
            "tungstenite, behind 7e",
            "Received a masked frame from server",
        ),
        ("websocket-client, behind 7e", "Illegal frame"),
    ],
    example: Example::Command(
        "decode -f frames --from server 817e000000c86161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161",
    ),
};

/// A length whose highest bit is set.
pub static LEN64_MSB: Entry = Entry {
    id: "len64-msb",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.2",
    title: "a payload length with its highest bit set",
    cause: "a length written from its low end, or `length >> 56` in JavaScript, which is `length >> 24` and writes the low half twice",
    fix: "write zeros into the high half: in Node, `writeUInt32BE(0, 2)` and `writeUInt32BE(length, 6)`",
    seen: &[
        ("Chrome", "Invalid frame header"),
        (
            "ws",
            "Unsupported WebSocket frame: payload length > 2^53 - 1 (1009)",
        ),
        (
            "websockets",
            "frame with 9223372036854775808 bytes exceeds limit of 1048576 bytes",
        ),
        (
            "aiohttp",
            "Message size 9223372036854775808 exceeds limit 4194304",
        ),
        (
            "tungstenite",
            "Space limit exceeded: Message too long: 9223372036854775808 > 16777216",
        ),
        (
            "Chrome, of the low half twice",
            "onclose 1006, and no message",
        ),
        (
            "ws, of the low half twice",
            "Max payload size exceeded (1009)",
        ),
        (
            "websockets, of the low half twice",
            "frame with 300647710790000 bytes exceeds limit of 1048576 bytes",
        ),
        (
            "aiohttp, of the low half twice",
            "Message size 300647710790000 exceeds limit 4194304",
        ),
        (
            "tungstenite, of the low half twice",
            "Space limit exceeded: Message too long: 300647710790000 > 16777216",
        ),
    ],
    example: Example::Command("decode --from server 817f8000000000000000"),
};

/// A length that counts characters.
pub static LEN_IN_CHARS: Entry = Entry {
    id: "len-in-chars",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 5.2, 5.6",
    title: "a payload length that counts characters instead of bytes",
    cause: "`len(text)` or its like was taken before the text became UTF-8: as many bytes are left over as UTF-8 adds",
    fix: "encode the text first, then take the length of the bytes",
    seen: &[
        ("Chrome", "Could not decode a text frame as UTF-8."),
        ("ws", "invalid UTF-8 sequence (1007)"),
        ("websockets", "incorrect masking"),
        ("aiohttp", "Invalid UTF-8 text message"),
        (
            "tungstenite",
            "UTF-8 encoding error: incomplete utf-8 byte sequence from index 0",
        ),
        ("websocket-client", "accepts it"),
        (
            "all, of one byte too many",
            "cut the text, and stumble over the next frame",
        ),
    ],
    example: Example::Command("decode -f frames --from server 8102e4bda0e5a5bd"),
};

/// A frame that announces more payload than there is.
pub static LEN_BEYOND_DATA: Entry = Entry {
    id: "len-beyond-data",
    layer: Layer::Frame,
    severity: Severity::Suspicious,
    is_cut: true,
    section: "RFC 6455 section 5.2",
    title: "a frame that announces more payload than is there",
    cause: "the rest has not come yet or was not copied, or the length counts the header or some padding too",
    fix: "let the length count the payload alone; if the bytes were copied, copy the rest",
    seen: &[(
        "Chrome, ws, websockets, aiohttp, tungstenite",
        "wait for more bytes",
    )],
    example: Example::Command("decode --from server 810948656c6c6f"),
};
