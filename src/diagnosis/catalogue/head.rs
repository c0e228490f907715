//! The head of a request or of the answer: its lines, its size, its time.

use super::{Entry, Example, Layer};
use crate::diagnosis::Severity;

/// A request or a response of HTTP/1.0.
pub static HTTP_1_0: Entry = Entry {
    id: "http-1.0",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 4.1; RFC 9110 section 7.8",
    title: "a head of HTTP/1.0, which knows no upgrade",
    cause: "nginx, which speaks HTTP/1.0 to what is behind `proxy_pass` unless told otherwise, or a client written by hand",
    fix: "say HTTP/1.1 in the first line; in nginx, `proxy_http_version 1.1;`",
    seen: &[
        ("ws, aiohttp, of a request", "accept it with 101"),
        (
            "websockets, of a request",
            "unsupported HTTP version: HTTP/1 (status 505)",
        ),
        ("gobwas, of a request", "answers with status 505"),
        (
            "websockets, of a response",
            "did not receive a valid HTTP response … ValueError: unsupported protocol; expected HTTP/1.1: HTTP/1.0 101 …",
        ),
        ("ws, websocket-client, aiohttp, of a response", "accept it"),
    ],
    example: Example::Handshake(
        "\
         GET /chat HTTP/1.0\n\
         Host: localhost:9527\n\
         Upgrade: websocket\n\
         Connection: Upgrade\n\
         Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\n\
         Sec-WebSocket-Version: 13\n\
         \n\
         ",
    ),
};

/// A list in `Connection`, which is right, refused by a peer.
pub static CONNECTION_LIST_REFUSED: Entry = Entry {
    id: "connection-list-refused",
    layer: Layer::Request,
    severity: Severity::PeerBug,
    is_cut: false,
    section: "RFC 6455 section 4.2.1",
    title: "a list in Connection, and a peer that refuses it",
    cause: r#"the peer compares all of the value with `Upgrade`, as in `headers["Connection"] == "Upgrade"`, where Firefox sends a list"#,
    fix: "split the value at its commas, trim the parts, and look for `upgrade` in any case",
    seen: &[
        (
            "Firefox",
            "fails with 400 or 426 at such a server, where other browsers get through",
        ),
        ("ws, websockets, aiohttp, of a request", "accept it"),
        ("aiohttp, of a response", "Invalid connection header"),
        (
            "ws, websockets, websocket-client, of a response",
            "accept it",
        ),
    ],
    example: Example::Handshake(
        "\
         GET /chat HTTP/1.1\n\
         Host: localhost:9527\n\
         Upgrade: websocket\n\
         Connection: keep-alive, Upgrade\n\
         Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\n\
         Sec-WebSocket-Version: 13\n\
         \n\
         HTTP/1.1 400 Bad Request\n\
         Content-Length: 0\n\
         \n\
         ",
    ),
};

/// Names of headers in another case than usual.
pub static HEADER_NAME_CASE: Entry = Entry {
    id: "header-name-case",
    layer: Layer::Request,
    severity: Severity::PeerBug,
    is_cut: false,
    section: "RFC 9110 section 5.1",
    title: "header names in another case, and a peer that minds",
    cause: "the peer looks for `Sec-WebSocket-Key` letter by letter, in a dictionary or with `startswith`, and a proxy or client writes it otherwise",
    fix: "lower the case of every name when it is read, and look it up in lower case",
    seen: &[
        ("libraries", "accept any case"),
        (
            "servers after tutorials",
            "KeyError, or TypeError of None + str",
        ),
        (
            "Chrome, of such a server",
            "Connection closed before receiving a handshake response",
        ),
    ],
    example: Example::Handshake(
        "\
         GET /chat HTTP/1.1\n\
         host: localhost:9527\n\
         upgrade: websocket\n\
         connection: Upgrade\n\
         sec-websocket-key: kJXuOKsrl3AR1KeFngRElQ==\n\
         sec-websocket-version: 13\n\
         \n\
         HTTP/1.1 101 Switching Protocols\n\
         Upgrade: websocket\n\
         Connection: Upgrade\n\
         Sec-WebSocket-Accept: Kfh9QIsMVZcl6xEPYxPHzW8SZ8w=\n\
         \n\
         ",
    ),
};

/// A head whose lines do not end, or are not written, as HTTP/1.1 wants them.
pub static HTTP_BAD_LINES: Entry = Entry {
    id: "http-bad-lines",
    layer: Layer::Handshake,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 9112 sections 2.2, 3, 5.1, 5.2; RFC 6455 sections 4.1, 4.2.2",
    title: "lines of a head without CRLF, or that are no headers",
    cause: r"`\n` where `\r\n` belongs, or an empty line that is missing at the end, or a value that brought its own line end along",
    fix: r"end each line with `\r\n`, and the head with one empty line more; no space before a colon",
    seen: &[
        ("ws, of LF in a request", "HPE_INVALID_VERSION (status 400)"),
        (
            "websockets, of a request",
            "closes the connection without a word",
        ),
        (
            "aiohttp, of LF in a request",
            "Bad status line: Expected CRLF after version: b'GET / … (status 400)",
        ),
        (
            "ws, aiohttp, of a request without its empty line",
            "wait for more bytes",
        ),
        (
            "ws, of LF in a response",
            "Parse Error: Missing expected CR after response line",
        ),
        (
            "websockets, of LF in a response",
            "did not receive a valid HTTP response … EOFError: connection closed while reading HTTP status line",
        ),
        (
            "websocket-client, aiohttp, of LF in a response",
            "accept it",
        ),
        ("ws, of a response without its empty line", "socket hang up"),
        (
            "websockets, of a response without its empty line",
            "did not receive a valid HTTP response … EOFError: connection closed while reading HTTP headers",
        ),
        (
            "websocket-client, of a response without its empty line",
            "finds the connection lost",
        ),
        (
            "browsers, of a response without its empty line",
            "stay CONNECTING",
        ),
    ],
    example: Example::Command(
        r#"decode --from client "b'GET /chat HTTP/1.1\nHost: localhost:9527\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\nSec-WebSocket-Version: 13\n\n'""#,
    ),
};

/// A head that one read does not hold, and a peer that reads once.
pub static HEAD_LARGER_THAN_READ: Entry = Entry {
    id: "head-larger-than-read",
    layer: Layer::Handshake,
    severity: Severity::PeerBug,
    is_cut: false,
    section: "RFC 6455 section 4.2.1",
    title: "a head longer than what the peer reads at once",
    cause: "the peer calls `recv(1024)` once and takes that for the head; cookies make heads longer, and TCP may cut them anywhere",
    fix: r"read on until `\r\n\r\n`, and keep what stands behind it for the frames",
    seen: &[
        ("servers after tutorials", "TypeError, for the key is None"),
        (
            "Chrome, of a server that reads too little",
            "Connection closed before receiving a handshake response",
        ),
        (
            "Chrome, of a server that goes away",
            "net::ERR_CONNECTION_RESET",
        ),
        (
            "Chrome, of a server that refuses long heads",
            "Unexpected response code: 413",
        ),
        (
            "websocket-php, of the rest as frames",
            "Bad opcode in websocket frame: 3",
        ),
        (
            "Chrome, of the rest as frames",
            "One or more reserved bits are on: reserved1 = 1, reserved2 = 0, reserved3 = 1",
        ),
        (
            "ws, of the rest as frames",
            "RSV2 and RSV3 must be clear (1002)",
        ),
        ("websockets, of the rest as frames", "invalid opcode"),
        (
            "aiohttp, of the rest as frames",
            "Received frame with non-zero reserved bits",
        ),
        (
            "tungstenite, of the rest as frames",
            "Encountered invalid opcode: 3",
        ),
    ],
    example: Example::Command(
        r#"decode --from server "b'Server: nginx/1.18.0\r\nDate: Sat, 21 Nov 2026 10:02:11 GMT\r\n\r\n\x81\x05Hello'""#,
    ),
};

/// A request head larger than the server takes.
pub static REQ_HEAD_TOO_LARGE: Entry = Entry {
    id: "req-head-too-large",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6585 section 5",
    title: "a head larger than the server takes",
    cause: "cookies that have piled up, or a token in a header that grew too long",
    fix: "send fewer and shorter headers, or let the server take larger heads",
    seen: &[(
        "wsctl serve",
        "Request Header Fields Too Large (status 431)",
    )],
    example: Example::Unseen(
        "the limit is the server's own: `wsctl serve` refuses a head of more than 16 KiB, or with too many headers",
    ),
};

/// A request head that is not complete in time.
pub static REQ_HEAD_TOO_SLOW: Entry = Entry {
    id: "req-head-too-slow",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 9110 section 15.5.9",
    title: "a head that did not come to its end in time",
    cause: "the empty line that ends the head is missing, or the client opened the connection and waits for the server to speak first",
    fix: r"end the head with `\r\n\r\n`, and send it as soon as the connection is open",
    seen: &[
        ("wsctl serve", "Request Timeout (status 408)"),
        ("ws, aiohttp", "wait for more bytes"),
    ],
    example: Example::Unseen(
        "bytes do not tell the time: `wsctl serve` refuses a head that takes more than ten seconds",
    ),
};

/// A request that says it has a body.
pub static REQ_BODY: Entry = Entry {
    id: "req-body",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 9110 section 7.8",
    title: "a request with a body, where frames would begin",
    cause: "an HTTP library that adds `Content-Length` or `Transfer-Encoding` by itself, or a body handed to it by mistake",
    fix: "send neither a body nor `Content-Length` or `Transfer-Encoding`",
    seen: &[("wsctl serve", "Bad Request (status 400)")],
    example: Example::Handshake(
        "\
         GET /chat HTTP/1.1\n\
         Host: localhost:9527\n\
         Upgrade: websocket\n\
         Connection: Upgrade\n\
         Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\n\
         Sec-WebSocket-Version: 13\n\
         Content-Length: 5\n\
         \n\
         ",
    ),
};
