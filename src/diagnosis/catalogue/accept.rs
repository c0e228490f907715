//! The value that answers the key.

use super::{Entry, Example, Layer};
use crate::diagnosis::Severity;

/// The request with the RFC's key, answered with this value.
macro_rules! answered_with {
    ($accept:literal) => {
        Example::Handshake(concat!(
            "GET /chat HTTP/1.1\n",
            "Host: localhost:9527\n",
            "Upgrade: websocket\n",
            "Connection: Upgrade\n",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n",
            "Sec-WebSocket-Version: 13\n",
            "\n",
            "HTTP/1.1 101 Switching Protocols\n",
            "Upgrade: websocket\n",
            "Connection: Upgrade\n",
            "Sec-WebSocket-Accept: ",
            $accept,
            "\n\n",
        ))
    };
}

/// What peers print whenever the value is wrong, however it came to be.
const OF_A_WRONG_VALUE: &[(&str, &str)] = &[
    ("Chrome", "Incorrect 'Sec-WebSocket-Accept' header value"),
    ("ws", "Invalid Sec-WebSocket-Accept header"),
    ("websockets", "invalid Sec-WebSocket-Accept header: …"),
    ("websocket-client", "Invalid WebSocket Header"),
    ("aiohttp", "Invalid challenge response"),
];

/// A 101 without `Sec-WebSocket-Accept`.
pub static ACCEPT_MISSING: Entry = Entry {
    id: "accept-missing",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 4.1",
    title: "a 101 without Sec-WebSocket-Accept",
    cause: "a server after a draft of 2010, or one that only sends `Upgrade` and `Connection`",
    fix: "send `Sec-WebSocket-Accept`: base64 of the SHA-1 of key and GUID",
    seen: &[
        ("Chrome", "'Sec-WebSocket-Accept' header is missing"),
        ("ws", "Invalid Sec-WebSocket-Accept header"),
        ("websockets", "missing Sec-WebSocket-Accept header"),
        ("websocket-client", "Invalid WebSocket Header"),
        ("aiohttp", "Invalid challenge response"),
    ],
    example: Example::Handshake(
        "\
         GET /chat HTTP/1.1\n\
         Host: localhost:9527\n\
         Upgrade: websocket\n\
         Connection: Upgrade\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n\
         Sec-WebSocket-Version: 13\n\
         \n\
         HTTP/1.1 101 Switching Protocols\n\
         Upgrade: websocket\n\
         Connection: Upgrade\n\
         \n\
         ",
    ),
};

/// An accept value made of the digest in hexadecimal.
pub static ACCEPT_HEXDIGEST: Entry = Entry {
    id: "accept-hexdigest",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 4.2.2",
    title: "an accept value made of hexadecimal digits",
    cause: "`hexdigest()` in Python, or `sha1($s)` in PHP without `true`, where the raw digest was meant",
    fix: "take base64 of the 20 bytes of the digest, not of its 40 digits",
    seen: OF_A_WRONG_VALUE,
    example: answered_with!("YjM3YTRmMmNjMDYyNGYxNjkwZjY0NjA2Y2YzODU5NDViMmJlYzRlYQ=="),
};

/// An accept value computed with another GUID than the RFC's.
pub static ACCEPT_WRONG_GUID: Entry = Entry {
    id: "accept-wrong-guid",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 1.3, 4.2.2",
    title: "an accept value computed with a wrong GUID",
    cause: "the GUID was typed from memory or made up by a language model, or its case was changed",
    fix: "copy the GUID exactly: `258EAFA5-E914-47DA-95CA-C5AB0DC85B11`",
    seen: OF_A_WRONG_VALUE,
    example: answered_with!("FlscFByo7EQHPKXToHKEWjb17RQ="),
};

/// An accept value computed with a key that is not the header's text.
pub static ACCEPT_KEY_MANGLED: Entry = Entry {
    id: "accept-key-mangled",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 4.2.2",
    title: "an accept value computed with a changed key",
    cause: r#"`split(":")[1]` without a `strip()`, which keeps a space or a CR, or a key decoded from base64 before it was hashed"#,
    fix: "hash the text of the key, without the space around it and not decoded, and the GUID right behind it",
    seen: OF_A_WRONG_VALUE,
    example: answered_with!("zvnId+CMmoYWpbuFiCx6kU/bpAw="),
};

/// An accept value that answers another key.
pub static ACCEPT_STALE: Entry = Entry {
    id: "accept-stale",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 4.2.2",
    title: "an accept value for another key",
    cause: "a constant from the RFC, a key that connections share in one variable, or a proxy that passes on the answer to its own key",
    fix: "compute the value anew from the key of each request; a proxy must pass the client's key on",
    seen: OF_A_WRONG_VALUE,
    example: answered_with!("Kfh9QIsMVZcl6xEPYxPHzW8SZ8w="),
};

/// An accept value with a line end of its own.
pub static ACCEPT_B64_NEWLINE: Entry = Entry {
    id: "accept-b64-newline",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 9112 section 2.2; RFC 6455 section 5.2",
    title: "an accept value with a line feed at its end",
    cause: "`base64.encodebytes`, `openssl base64` or a MIME encoder, all of which end their output with a line feed",
    fix: "use `b64encode`, or strip the value",
    seen: &[
        ("Chrome", "Unrecognized frame opcode: 13"),
        ("ws", "Parse Error: Missing expected CR after header value"),
        (
            "websockets",
            "did not receive a valid HTTP response … EOFError: connection closed while reading HTTP headers",
        ),
        ("websocket-client", "finds the connection lost"),
        ("aiohttp", "Unexpected opcode=13"),
    ],
    example: Example::Command(
        r#"decode --from server "b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n\r\n\r\n\x81\x05Hello'""#,
    ),
};

/// An accept value that is not the key's, of unknown make.
pub static ACCEPT_WRONG: Entry = Entry {
    id: "accept-wrong",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 4.2.2",
    title: "a Sec-WebSocket-Accept value not of this key",
    cause: "another hash or another alphabet of base64, its padding cut off, or a digest of something else than key and GUID",
    fix: "take base64, with `+`, `/` and `=`, of the 20 bytes of the SHA-1 of key and GUID",
    seen: OF_A_WRONG_VALUE,
    example: answered_with!("fI/F95pFHyUax3HLt0ktmQ=="),
};
