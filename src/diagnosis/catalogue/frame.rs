//! The header of a frame.

use super::{Entry, Example, Layer};
use crate::diagnosis::Severity;

/// A frame from the server with the MASK bit.
pub static SERVER_MASKS: Entry = Entry {
    id: "server-masks",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.1",
    title: "a masked frame from the server",
    cause: "the server sends the client's raw bytes back, or masks with code that was written for a client",
    fix: "clear 0x80 in the second byte of what a server sends, and write no key",
    seen: &[
        (
            "Chrome",
            "A server must not mask any frames that it sends to the client.",
        ),
        ("ws", "MASK must be clear (1002)"),
        ("websockets", "incorrect masking"),
        ("tungstenite", "Received a masked frame from server"),
        ("aiohttp, websocket-client", "accept it"),
    ],
    example: Example::Command("decode --from server 818537fa213d7f9f4d5158"),
};

/// A frame from the client without the MASK bit.
pub static CLIENT_UNMASKED: Entry = Entry {
    id: "client-unmasked",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 5.1, 5.3",
    title: "a frame from the client that is not masked",
    cause: "the client sends with code that was written for a server, or masks nothing where there is no payload",
    fix: "set 0x80 in the second byte, write 4 random bytes as the key, and XOR the payload; empty frames too",
    seen: &[
        ("ws", "MASK must be set (1002)"),
        ("websockets", "incorrect masking"),
        ("tungstenite", "Received an unmasked frame from client"),
        ("aiohttp", "accepts it"),
    ],
    example: Example::Command("decode --from client 810548656c6c6f"),
};

/// The MASK bit without the four octets of a key.
pub static MASK_BIT_NO_KEY: Entry = Entry {
    id: "mask-bit-no-key",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 5.2, 5.3",
    title: "the MASK bit is set, but no key was written",
    cause: "the code sets 0x80 in the length and forgets the 4 bytes of the key that must follow",
    fix: "write the key behind the length, and the XORed payload behind the key",
    seen: &[
        (
            "ws, websockets, aiohttp, tungstenite",
            "wait for more bytes",
        ),
        (
            "ws, with a second frame behind it",
            "invalid UTF-8 sequence (1007)",
        ),
        (
            "websockets, with a second frame behind it",
            "invalid opcode",
        ),
        (
            "aiohttp, with a second frame behind it",
            "Invalid UTF-8 text message",
        ),
        (
            "tungstenite, with a second frame behind it",
            "UTF-8 encoding error: invalid utf-8 sequence of 1 bytes from index 1",
        ),
    ],
    example: Example::Command("decode --from client 818548656c6c6f"),
};

/// A masking key, and a payload that it was not applied to.
pub static PAYLOAD_NOT_XORED: Entry = Entry {
    id: "payload-not-xored",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.3",
    title: "a masking key, but a payload that was left as it was",
    cause: "the key is written and never applied, or applied twice: the payload can be read before it is unmasked, and not after",
    fix: "XOR byte i of the payload with `key[i % 4]`, once",
    seen: &[
        ("ws", "invalid UTF-8 sequence (1007)"),
        ("aiohttp", "Invalid UTF-8 text message"),
        (
            "tungstenite",
            "UTF-8 encoding error: invalid utf-8 sequence of 1 bytes from index 1",
        ),
        (
            "websockets",
            "accepts it, where the result is UTF-8 by chance",
        ),
    ],
    example: Example::Command("decode --from client 818537fa213d48656c6c6f"),
};

/// A receiver that begins the key anew inside a frame.
pub static UNMASK_OFFSET: Entry = Entry {
    id: "unmask-offset",
    layer: Layer::Frame,
    severity: Severity::PeerBug,
    is_cut: false,
    section: "RFC 6455 section 5.3",
    title: "a peer that starts the masking key anew inside a frame",
    cause: "the index into the key is set back with each read or fragment, or the key of the frame before is used",
    fix: "count the index from the first byte of each frame's payload, and take each frame's own key",
    seen: &[(
        "such peers",
        "get the first bytes right and garbage after them, then fail with 1007",
    )],
    example: Example::Command("decode --from client 818d37fa213d7f9f4d5158da6039974f5b9e00"),
};

/// A masking key of zeros, or the same key again.
pub static MASK_KEY_WEAK: Entry = Entry {
    id: "mask-key-weak",
    layer: Layer::Frame,
    severity: Severity::Suspicious,
    is_cut: false,
    section: "RFC 6455 section 5.3",
    title: "a masking key of zeros, or the same in several frames",
    cause: r#"a constant, as in `mask = b"\0\0\0\0"`, or a key drawn once for the connection"#,
    fix: "draw 4 new random bytes for each frame, as `os.urandom(4)` does",
    seen: &[("all libraries", "accept it")],
    example: Example::Command("decode --from client 81850000000048656c6c6f"),
};

/// RSV1 on a connection without an extension.
pub static RSV1_NOT_NEGOTIATED: Entry = Entry {
    id: "rsv1-not-negotiated",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.2; RFC 7692 section 6",
    title: "a compressed frame (RSV1), though nothing was agreed",
    cause: "the sender compresses whatever the handshake said, or a proxy took the extension out of one of the two heads",
    fix: "agree on permessage-deflate in both heads, or send uncompressed and clear 0x40 in the first byte",
    seen: &[
        (
            "Chrome",
            "One or more reserved bits are on: reserved1 = 1, reserved2 = 0, reserved3 = 0",
        ),
        (
            "Safari",
            "Compressed bit must be 0 if no negotiated deflate-frame extension",
        ),
        ("ws", "RSV1 must be clear (1002)"),
        ("websockets", "reserved bits must be 0"),
        ("aiohttp", "Received frame with non-zero reserved bits"),
        ("tungstenite", "Reserved bits are non-zero"),
        ("websocket-client", "rsv is not implemented, yet"),
    ],
    example: Example::Command(
        r#"decode "b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00'""#,
    ),
};

/// RSV2, RSV3 or an opcode that nobody has defined.
pub static RSV23_OR_OPCODE: Entry = Entry {
    id: "rsv23-or-opcode",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 5.2, 5.8",
    title: "RSV2, RSV3 or an opcode that is not defined",
    cause: "these bytes are no header at all, as the length of the frame before was wrong, or something else than frames was sent",
    fix: "look at the frame before this one, then read the bytes as text; only then at how the first byte is made",
    seen: &[
        (
            "Chrome, of RSV2",
            "One or more reserved bits are on: reserved1 = 0, reserved2 = 1, reserved3 = 0",
        ),
        ("ws, of RSV2", "RSV2 and RSV3 must be clear (1002)"),
        ("websockets, of RSV2", "reserved bits must be 0"),
        (
            "aiohttp, of RSV2",
            "Received frame with non-zero reserved bits",
        ),
        ("tungstenite, of RSV2", "Reserved bits are non-zero"),
        ("websocket-client, of RSV2", "rsv is not implemented, yet"),
        ("Chrome, of an opcode", "Unrecognized frame opcode: …"),
        ("ws, of an opcode", "invalid opcode … (1002)"),
        ("websockets, of an opcode", "invalid opcode"),
        ("aiohttp, of an opcode", "Unexpected opcode=…"),
        ("tungstenite, of an opcode", "Encountered invalid opcode: …"),
        ("websocket-client, of an opcode", "Invalid opcode …"),
    ],
    example: Example::Command("decode --from server a10548656c6c6f"),
};

/// Frames of a draft before RFC 6455.
pub static DRAFT_FRAMING: Entry = Entry {
    id: "draft-framing",
    layer: Layer::Frame,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.2",
    title: "frames of a draft older than the RFC",
    cause: "a library from before the RFC: text is opcode 4 in Hybi-06, and a payload between 00 and ff in Hixie",
    fix: "replace the library by one that speaks RFC 6455",
    seen: &[
        ("Chrome, of Hybi-06", "Unrecognized frame opcode: 4"),
        ("ws, of Hybi-06", "invalid opcode 4 (1002)"),
        ("websockets, of Hybi-06", "invalid opcode"),
        ("aiohttp, of Hybi-06", "Unexpected opcode=4"),
        ("tungstenite, of Hybi-06", "Encountered invalid opcode: 4"),
        ("websocket-client, of Hybi-06", "Invalid opcode 4"),
        (
            "Chrome, of Hixie",
            "Received unexpected continuation frame.",
        ),
        ("ws, of Hixie", "invalid opcode 0 (1002)"),
        (
            "websockets, aiohttp, tungstenite, of Hixie",
            "wait for more bytes",
        ),
    ],
    example: Example::Command("decode --from server 0048656c6c6fff"),
};

/// A frame header that is not all there.
pub static HEADER_CUT: Entry = Entry {
    id: "header-cut",
    layer: Layer::Frame,
    severity: Severity::Suspicious,
    is_cut: true,
    section: "RFC 6455 section 5.2",
    title: "a frame header that is not all there",
    cause: "the rest has not come yet or was not copied, or these last bytes are no header, as the length before was too small",
    fix: "copy the rest, or look at the length of the frame before",
    seen: &[("all libraries", "wait for more bytes")],
    example: Example::Command("decode --from client 81fe02"),
};
