//! What stands where frames should be.

use super::{Entry, Example, Layer};
use crate::diagnosis::Severity;

/// TLS where a plain request should be.
pub static REQ_TLS_TO_PLAIN: Entry = Entry {
    id: "req-tls-to-plain",
    layer: Layer::Transport,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 3, 4.1",
    title: "TLS, sent to a port that speaks plain HTTP",
    cause: "a `wss://` address for a server without TLS, or a proxy that passes TLS on where it was meant to end it",
    fix: "use `ws://`, or serve TLS on that port",
    seen: &[
        ("OpenSSL, of the answer", "SSL WRONG_VERSION_NUMBER"),
        ("Chrome, of the answer", "net::ERR_SSL_PROTOCOL_ERROR"),
        ("ws", "HPE_INVALID_METHOD (status 400)"),
        ("websockets", "closes the connection without a word"),
        (
            "aiohttp",
            "Received HTTPS traffic on an HTTP port (status 400)",
        ),
    ],
    example: Example::Command("decode --from client 1603010200010001fc0303"),
};

/// A plain request where TLS should be.
pub static REQ_PLAIN_TO_TLS: Entry = Entry {
    id: "req-plain-to-tls",
    layer: Layer::Transport,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 3, 4.1",
    title: "a plain request, sent to a port that speaks TLS",
    cause: "a `ws://` address for a server with TLS, or a proxy that ends TLS and passes plain HTTP on to a TLS port",
    fix: "use `wss://`, or turn TLS off on that port",
    seen: &[
        (
            "wsctl serve",
            "this port needs it: use `wss://` (status 400)",
        ),
        (
            "nginx",
            "The plain HTTP request was sent to HTTPS port (status 400)",
        ),
        (
            "Go",
            "Client sent an HTTP request to an HTTPS server. (status 400)",
        ),
        ("OpenSSL, of the request", "http request"),
    ],
    example: Example::Unseen(
        "`wsctl serve --tls` on one side, `curl http://127.0.0.1:9527/` on the other",
    ),
};

/// The preface of HTTP/2 where a request of HTTP/1.1 should be.
pub static REQ_H2_PREFACE: Entry = Entry {
    id: "req-h2-preface",
    layer: Layer::Transport,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 9113 section 3.4; RFC 8441",
    title: "HTTP/2 where an upgrade of HTTP/1.1 is expected",
    cause: "the client agreed on `h2` in the TLS handshake, or takes HTTP/2 for granted",
    fix: "offer only `http/1.1` in ALPN, or open WebSockets over HTTP/2 by RFC 8441 on both sides",
    seen: &[
        ("ws", "HPE_PAUSED_H2_UPGRADE (status 400)"),
        ("websockets", "closes the connection without a word"),
        ("aiohttp", "Pause on PRI/Upgrade: b'' (status 400)"),
    ],
    example: Example::Command(r#"decode --from client "b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'""#),
};

/// Octets that are no request where one should be.
pub static REQ_NOT_HTTP: Entry = Entry {
    id: "req-not-http",
    layer: Layer::Transport,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 4.1, 4.2.1",
    title: "something else than an HTTP request at the beginning",
    cause: "a load balancer with `send-proxy`, whose PROXY line comes first, or a client that sends frames or JSON without a handshake",
    fix: "turn `send-proxy` off or let the server read it; open with an HTTP request before any frame",
    seen: &[
        ("ws", "HPE_INVALID_METHOD (status 400)"),
        ("websockets", "closes the connection without a word"),
        (
            "aiohttp, of a PROXY line",
            "Invalid method encountered: b'PROXY TCP4 10.0.0.1 10.0.0… (status 400)",
        ),
        (
            "aiohttp, of a frame",
            r"Invalid method encountered: b'\x81\x857\xfa!=\x7f\x9fMQX… (status 400)",
        ),
        (
            "aiohttp, of JSON",
            r#"Invalid method encountered: b'{"type":"hello"}\n' (status 400)"#,
        ),
    ],
    example: Example::Command(
        r#"decode --from client "b'PROXY TCP4 10.0.0.1 10.0.0.2 51034 9527\r\n'""#,
    ),
};

/// Text without a frame around it.
pub static RAW_TEXT_UNFRAMED: Entry = Entry {
    id: "raw-text-unframed",
    layer: Layer::Transport,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 5.2, 6.1",
    title: "text sent without a frame",
    cause: "`sock.send(text)` after the handshake, or the program's `print` or log ends up in the socket",
    fix: "put each message into a frame",
    seen: &[
        ("Chrome", "Invalid frame header"),
        ("ws", "RSV1 must be clear (1002)"),
        ("aiohttp", "Received frame with non-zero reserved bits"),
        ("websockets, tungstenite", "wait for more bytes"),
        (
            "Chrome, of JSON",
            "One or more reserved bits are on: reserved1 = 1, reserved2 = 1, reserved3 = 1",
        ),
        ("ws, of JSON", "RSV2 and RSV3 must be clear (1002)"),
        ("websockets, of JSON", "invalid opcode"),
        ("tungstenite, of JSON", "Encountered invalid opcode: 11"),
    ],
    example: Example::Command("decode --from server 48656c6c6f"),
};

/// An HTTP head among the frames.
pub static HTTP_IN_STREAM: Entry = Entry {
    id: "http-in-stream",
    layer: Layer::Transport,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.2",
    title: r#"HTTP among the frames ("H" is 48: RSV1 and opcode 8)"#,
    cause: "two handlers answer the same upgrade, as two `WebSocketServer({server})` do, or a route that still ends its HTTP response after it",
    fix: "let one handler have the upgrade (`noServer: true` in ws), and write no HTTP to the socket after it",
    seen: &[
        ("Chrome", "Invalid frame header"),
        ("ws", "RSV1 must be clear (1002)"),
        ("aiohttp", "Received frame with non-zero reserved bits"),
        ("websockets, tungstenite", "wait for more bytes"),
        ("ws, where compression was agreed", "FIN must be set (1002)"),
        (
            "aiohttp, where compression was agreed",
            "Received fragmented control frame",
        ),
        (
            "websocket-client, of a second 101",
            "rsv is not implemented, yet",
        ),
        (
            "websockets, of a second 101",
            "opens, and no message arrives",
        ),
        ("websockets, of a GET", "invalid opcode"),
        ("tungstenite, of a GET", "Encountered invalid opcode: 7"),
        (
            "ws, of a GET where compression was agreed",
            "invalid opcode 7 (1002)",
        ),
        (
            "aiohttp, of a GET where compression was agreed",
            "Unexpected opcode=7",
        ),
    ],
    example: Example::Command(
        r#"decode --from server "b'\x81\x05HelloHTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'""#,
    ),
};

/// TLS, HTTP/2 or SSH where frames should be.
pub static OTHER_PROTOCOL_IN_STREAM: Entry = Entry {
    id: "other-protocol-in-stream",
    layer: Layer::Transport,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.2",
    title: "TLS, HTTP/2 or SSH where frames should be",
    cause: "TLS that ends at one side only, or a tunnel to the wrong port",
    fix: "point the tunnel or the proxy at the port that speaks WebSocket",
    seen: &[
        (
            "Chrome, of TLS",
            "One or more reserved bits are on: reserved1 = 0, reserved2 = 0, reserved3 = 1",
        ),
        ("ws, of TLS", "RSV2 and RSV3 must be clear (1002)"),
        ("websockets, of TLS", "invalid opcode"),
        (
            "aiohttp, of TLS",
            "Received frame with non-zero reserved bits",
        ),
        ("tungstenite, of TLS", "Encountered invalid opcode: 5"),
        ("websocket-client, of TLS", "rsv is not implemented, yet"),
        (
            "Chrome, of HTTP/2",
            "Received unexpected continuation frame.",
        ),
        ("ws, of HTTP/2", "invalid opcode 0 (1002)"),
        ("websockets, of HTTP/2", "unexpected continuation frame"),
        (
            "aiohttp, of HTTP/2",
            "Continuation frame for non started message",
        ),
        (
            "tungstenite, of HTTP/2",
            "Continue frame but nothing to continue",
        ),
        ("websocket-client, of HTTP/2", "Illegal frame"),
    ],
    example: Example::Command("decode --from server 15030300020228"),
};

/// A frame inside another frame.
pub static WRITES_INTERLEAVED: Entry = Entry {
    id: "writes-interleaved",
    layer: Layer::Transport,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.4",
    title: "a frame in the middle of another frame",
    cause: "two threads write to one socket without a lock, or a timer sends its ping between a header and its payload",
    fix: "let one task or one lock do all writing, and send header and payload in one call",
    seen: &[
        ("Chrome", "Could not decode a text frame as UTF-8."),
        ("ws", "invalid UTF-8 sequence (1007)"),
        ("websockets", "invalid opcode"),
        ("aiohttp", "Invalid UTF-8 text message"),
        (
            "tungstenite",
            "UTF-8 encoding error: invalid utf-8 sequence of 1 bytes from index 2",
        ),
        ("websocket-client", r"cannot decode: b'He\x89\x00l'"),
    ],
    example: Example::Command("decode -f frames --from server 8105486589006c6c6f"),
};

/// A stream that is read, or was written, from the wrong place.
pub static DESYNC: Entry = Entry {
    id: "desync",
    layer: Layer::Transport,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 5.2",
    title: "a stream that lost its step: no frame begins here",
    cause: "a `send()` that wrote only a part, a byte that was read and thrown away, or a wrong length in a frame before",
    fix: "use `sendall`, keep what was read in a buffer, and look at the length of the frame before",
    seen: &[
        ("Chrome", "Unrecognized frame opcode: 5"),
        ("ws", "invalid opcode 5 (1002)"),
        ("websockets", "invalid opcode"),
        ("aiohttp", "Unexpected opcode=5"),
        ("tungstenite", "Encountered invalid opcode: 5"),
    ],
    example: Example::Command("decode --from server 0548656c6c6f810548656c6c6f"),
};

/// A frame that comes in several reads, and a peer that takes one read for one frame.
pub static READ_IS_NOT_FRAME: Entry = Entry {
    id: "read-is-not-frame",
    layer: Layer::Transport,
    severity: Severity::PeerBug,
    is_cut: true,
    section: "no rule: TCP keeps no borders, RFC 6455 section 5.2 has lengths",
    title: "a frame in several reads, and only one is taken",
    cause: "one `recv()` is taken for one frame, where TCP may deliver it in any number of pieces",
    fix: "append what is read to a buffer, and parse when the header and the whole payload are there",
    seen: &[(
        "servers after tutorials",
        "UnicodeDecodeError, or garbage from the second half on",
    )],
    example: Example::Command("decode --from client 81"),
};

/// Several frames in one read, and a peer that takes one read for one frame.
pub static MANY_FRAMES_ONE_READ: Entry = Entry {
    id: "many-frames-one-read",
    layer: Layer::Transport,
    severity: Severity::PeerBug,
    is_cut: false,
    section: "no rule: TCP keeps no borders between frames",
    title: "several frames in one read, and only one is taken",
    cause: "`decoded = data[6:]`, which ignores the length, or a rest of the buffer that is thrown away",
    fix: "cut each frame at header and length, and go on with the rest in a loop",
    seen: &[
        (
            "servers after tutorials",
            "UnicodeDecodeError at the header of the second frame",
        ),
        ("others", "lose messages when they come fast"),
    ],
    example: Example::Unseen(
        "the bytes are right: send two frames in one write, and see whether both messages arrive",
    ),
};

/// A connection cut because nothing was sent.
pub static IDLE_TIMEOUT: Entry = Entry {
    id: "idle-timeout",
    layer: Layer::Transport,
    severity: Severity::Suspicious,
    is_cut: false,
    section: "no rule: RFC 6455 section 7.1.5 calls such an end 1006",
    title: "a connection cut after a time of silence",
    cause: "a proxy that ends idle connections, after 60 s in nginx and AWS's load balancer or 100 s at Cloudflare, and nobody pings",
    fix: "ping every 20 to 30 seconds, and raise the proxy's limit (`proxy_read_timeout` in nginx)",
    seen: &[("browsers", "onclose 1006 after a round number of seconds")],
    example: Example::Unseen(
        "the time tells: the TCP connection ends without a close frame 60 or 100 seconds after the last frame",
    ),
};
