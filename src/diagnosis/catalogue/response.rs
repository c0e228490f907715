//! The answer to it.

use super::{Entry, Example, Layer};
use crate::diagnosis::Severity;

/// An answer with another status than 101.
pub static RESP_STATUS: Entry = Entry {
    id: "resp-status",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 4.1",
    title: "the answer has another status than 101",
    cause: "the path, the `Origin` or a cookie was refused, or a page or a proxy answered in the server's place",
    fix: "read the body and the `Location` and `Server` headers, then change the path, the proxy or the allowed origins",
    seen: &[
        ("Chrome", "Unexpected response code: 400"),
        (
            "Chrome, of a page or SockJS in its place",
            "Unexpected response code: 200",
        ),
        ("Chrome, of another status", "Unexpected response code: …"),
        ("ws", "Unexpected server response: 400"),
        ("ws, of another status", "Unexpected server response: …"),
        (
            "websockets",
            "server rejected WebSocket connection: HTTP 400",
        ),
        (
            "websocket-client",
            "Handshake status 400 Bad Request -+-+- {'content-length': '0'} -+-+- None",
        ),
        ("aiohttp", "Invalid response status"),
        (
            "websockets, websocket-client, aiohttp, of 301",
            "follow the redirect",
        ),
        (
            "gorilla, in the body of its 403",
            "'Origin' header value not allowed",
        ),
    ],
    example: Example::Handshake(
        "\
         HTTP/1.1 400 Bad Request\n\
         Content-Length: 0\n\
         \n\
         ",
    ),
};

/// A 101 without the one `Upgrade: websocket`, or without `Connection: Upgrade`.
pub static RESP_UPGRADE_CONNECTION: Entry = Entry {
    id: "resp-upgrade-connection",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 4.1",
    title: "a 101 with a wrong Upgrade or Connection, or none",
    cause: "a proxy that drops these two headers or adds them again, such as nginx without `proxy_set_header Connection`",
    fix: "answer with `Upgrade: websocket` and `Connection: Upgrade`, each once",
    seen: &[
        ("Chrome, without Upgrade", "'Upgrade' header is missing"),
        (
            "Chrome, of Upgrade twice",
            "'Upgrade' header must not appear more than once in a response",
        ),
        (
            "Chrome, of a wrong Connection",
            "'Connection' header value must contain 'Upgrade'",
        ),
        ("ws", "Unexpected server response: 101"),
        ("ws, of Upgrade twice", "Invalid Upgrade header"),
        ("websockets, without Upgrade", "missing Upgrade header"),
        (
            "websockets, of Upgrade twice",
            "invalid Upgrade header: websocket, websocket",
        ),
        (
            "websockets, of a wrong Connection",
            "invalid Connection header: close",
        ),
        ("websocket-client", "Invalid WebSocket Header"),
        ("aiohttp, without Upgrade", "Invalid upgrade header"),
        (
            "aiohttp, of a wrong Connection",
            "Invalid connection header",
        ),
        ("websocket-client, aiohttp, of Upgrade twice", "accept it"),
    ],
    example: Example::Handshake(
        "\
         HTTP/1.1 101 Switching Protocols\n\
         Upgrade: websocket\n\
         Connection: close\n\
         Sec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\n\
         \n\
         ",
    ),
};

/// Octets between the 101 and the first frame.
pub static RESP_TRAILING_BYTES: Entry = Entry {
    id: "resp-trailing-bytes",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 4.2.2, 5.2",
    title: "bytes between the 101 and the first frame",
    cause: r"`\r\n\r\n` behind a line that had its end already, a `print()` that adds a line feed, or a C string sent with its NUL",
    fix: "end the head with one empty line, and send frames right behind it",
    seen: &[
        ("Chrome, of CRLF", "Unrecognized frame opcode: 13"),
        ("ws, of CRLF", "invalid opcode 13"),
        (
            "websockets, of CRLF or NUL",
            "opens, and no message arrives",
        ),
        ("websocket-client, of CRLF", "finds the connection lost"),
        ("aiohttp, of CRLF", "Unexpected opcode=13"),
        ("Chrome, of LF", "Invalid frame header"),
        ("ws, of LF", "FIN must be set"),
        (
            "Chrome, of NUL",
            "A server must not mask any frames that it sends to the client.",
        ),
        ("ws, of NUL", "invalid opcode 0"),
        ("websocket-client, of NUL", "Illegal frame"),
        (
            "aiohttp, of NUL",
            "Continuation frame for non started message",
        ),
    ],
    example: Example::Command(
        r#"decode --from server "b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n\r\n\x81\x05Hello'""#,
    ),
};

/// A 101 with `Content-Length`.
pub static RESP_CONTENT_LENGTH: Entry = Entry {
    id: "resp-content-length",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 9110 section 8.6",
    title: "a 101 with a Content-Length",
    cause: "a framework that adds the header to every answer",
    fix: "leave `Content-Length` out of the 101",
    seen: &[
        ("most clients", "accept it"),
        (".NET", "drops the connection"),
    ],
    example: Example::Handshake(
        "\
         HTTP/1.1 101 Switching Protocols\n\
         Upgrade: websocket\n\
         Connection: Upgrade\n\
         Sec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\n\
         Content-Length: 0\n\
         \n\
         ",
    ),
};

/// A 101 with `Transfer-Encoding`, or frames in chunks.
pub static RESP_CHUNKED: Entry = Entry {
    id: "resp-chunked",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 9112 section 6.1",
    title: "a 101, or frames, in Transfer-Encoding: chunked",
    cause: "a framework or a proxy that goes on writing chunks after the upgrade",
    fix: "take the raw socket over after the 101 and write the frames to that",
    seen: &[
        (
            "Chrome",
            "One or more reserved bits are on: reserved1 = 0, reserved2 = 1, reserved3 = 1",
        ),
        ("ws", "RSV2 and RSV3 must be clear"),
        ("websockets", "opens, and no message arrives"),
        ("websocket-client", "finds the connection lost"),
        ("aiohttp", "Received frame with non-zero reserved bits"),
    ],
    example: Example::Handshake(
        "\
         HTTP/1.1 101 Switching Protocols\n\
         Upgrade: websocket\n\
         Connection: Upgrade\n\
         Sec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\n\
         Transfer-Encoding: chunked\n\
         \n\
         ",
    ),
};

/// A 101 with headers of the drafts.
pub static RESP_DRAFT_HEADERS: Entry = Entry {
    id: "resp-draft-headers",
    layer: Layer::Response,
    severity: Severity::Suspicious,
    is_cut: false,
    section: "no rule of RFC 6455: the headers are of the draft Hixie-76",
    title: "headers of an old draft beside those of the RFC",
    cause: "a tutorial that mixes the drafts Hixie-75 and Hixie-76 with RFC 6455",
    fix: "remove `WebSocket-Location`, `Sec-WebSocket-Location` and their `Origin`: nobody reads them",
    seen: &[
        ("all clients", "accept it where the rest is right"),
        (
            "Chrome, of an answer of Hixie-76",
            "'Sec-WebSocket-Accept' header is missing",
        ),
        (
            "ws, of an answer of Hixie-76",
            "Invalid Sec-WebSocket-Accept header",
        ),
        (
            "websockets, of an answer of Hixie-76",
            "missing Sec-WebSocket-Accept header",
        ),
        (
            "websocket-client, of an answer of Hixie-76",
            "Invalid WebSocket Header",
        ),
        (
            "aiohttp, of an answer of Hixie-76",
            "Invalid challenge response",
        ),
    ],
    example: Example::Handshake(
        "\
         HTTP/1.1 101 Switching Protocols\n\
         Upgrade: websocket\n\
         Connection: Upgrade\n\
         Sec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\n\
         WebSocket-Location: ws://127.0.0.1:9527\n\
         \n\
         ",
    ),
};

/// Octets that are no HTTP where the answer should be.
pub static RESP_NOT_HTTP: Entry = Entry {
    id: "resp-not-http",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 4.1; RFC 9112 section 4",
    title: "no HTTP where the answer should be",
    cause: "the server speaks before it has read the request, or another protocol answers on that port: IRC, TLS, raw frames",
    fix: "read the request first, and begin the answer with a status line",
    seen: &[
        ("Chrome", "Invalid status line"),
        ("ws", "Parse Error: Expected HTTP/, RTSP/ or ICE/"),
        (
            "websockets",
            "did not receive a valid HTTP response … ValueError: unsupported protocol; expected HTTP/1.1: NOTICE * :***…",
        ),
        (
            "websocket-client",
            "Invalid status line: 'NOTICE * :*** Looking up your hostname'",
        ),
        (
            "aiohttp",
            r#"400, message="Bad status line: Expected HTTP/, RTSP/ or …"#,
        ),
    ],
    example: Example::Handshake(
        "\
         GET /chat HTTP/1.1\n\
         Host: localhost:9527\n\
         Upgrade: websocket\n\
         Connection: Upgrade\n\
         Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\n\
         Sec-WebSocket-Version: 13\n\
         \n\
         NOTICE * :*** Looking up your hostname\n\
         \n\
         ",
    ),
};

/// A frame right behind the 101, in the same read.
pub static RESP_FRAME_GLUED: Entry = Entry {
    id: "resp-frame-glued",
    layer: Layer::Response,
    severity: Severity::PeerBug,
    is_cut: false,
    section: "RFC 6455 section 4.2.2, which allows it",
    title: "a frame right behind the 101, lost by the client",
    cause: r"the client throws away what its buffer holds behind `\r\n\r\n`",
    fix: "hand what stands behind the head to the parser of frames",
    seen: &[(
        "such clients",
        "lose the server's first message now and then",
    )],
    example: Example::Unseen(
        "the bytes are right; how TCP cuts them decides: let the server write the 101 and its first frame at once, and see whether the message arrives",
    ),
};
