//! The opening request.

use super::{Entry, Example, Layer};
use crate::diagnosis::Severity;

/// A request with another method than GET.
pub static REQ_NOT_GET: Entry = Entry {
    id: "req-not-get",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 4.1, 4.2.1",
    title: "the opening request has another method than GET",
    cause: "an HTTP helper whose default is POST, or a form or `fetch` pointed at the WebSocket's URL",
    fix: "open with `GET`, or through a WebSocket API instead of an HTTP one",
    seen: &[
        ("ws", "Invalid HTTP method (status 400)"),
        ("websockets", "unsupported HTTP method: POST (status 405)"),
        ("aiohttp", "accepts it with 101"),
    ],
    example: Example::Handshake(
        "\
         POST /chat HTTP/1.1\n\
         Host: localhost:9527\n\
         Upgrade: websocket\n\
         Connection: Upgrade\n\
         Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\n\
         Sec-WebSocket-Version: 13\n\
         \n\
         ",
    ),
};

/// A request without `Host`.
pub static REQ_NO_HOST: Entry = Entry {
    id: "req-no-host",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 4.1, 4.2.1",
    title: "the request has no Host header",
    cause: "a client on a raw socket that left it out, or a proxy that put the request together anew",
    fix: "send `Host:` with the name, and with the port unless it is the usual one",
    seen: &[
        ("ws, websockets", "accept it with 101"),
        ("aiohttp", "Missing 'Host' header in request. (status 400)"),
    ],
    example: Example::Handshake(
        "\
         GET /chat HTTP/1.1\n\
         Upgrade: websocket\n\
         Connection: Upgrade\n\
         Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\n\
         Sec-WebSocket-Version: 13\n\
         \n\
         ",
    ),
};

/// A request without `Upgrade: websocket`.
pub static REQ_NOT_UPGRADE: Entry = Entry {
    id: "req-not-upgrade",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 4.1, 4.2.1; RFC 9110 section 7.6.1",
    title: "no upgrade to websocket is asked for",
    cause: "a proxy that drops `Upgrade`, as it must unless it is set up to pass it on, or a browser or `fetch` opening the address as a page",
    fix: r#"in a proxy, pass `Upgrade $http_upgrade` and `Connection "upgrade"` on; elsewhere, use a WebSocket client"#,
    seen: &[
        ("Chrome", "Unexpected response code: 426"),
        (
            "Chrome, of a server that says 400",
            "Unexpected response code: 400",
        ),
        ("ws", "Upgrade Required (status 426)"),
        ("websockets", "missing Upgrade header (status 426)"),
        (
            "aiohttp",
            r#"No WebSocket UPGRADE hdr: None Can "Upgrade" only to "WebS… (status 400)"#,
        ),
        ("gorilla", "'websocket' token not found in 'Upgrade' header"),
    ],
    example: Example::Handshake(
        "\
         GET /chat HTTP/1.1\n\
         Host: localhost:9527\n\
         Connection: Upgrade\n\
         Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\n\
         Sec-WebSocket-Version: 13\n\
         \n\
         ",
    ),
};

/// A request whose `Connection` does not say Upgrade.
pub static REQ_CONNECTION_NO_UPGRADE: Entry = Entry {
    id: "req-connection-no-upgrade",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 4.1, 4.2.1",
    title: "the Connection header does not list Upgrade",
    cause: "nginx, which sends `Connection: close` unless told otherwise, or an HTTP library that wrote its own value over it",
    fix: "send `Connection: Upgrade`; other words may stand beside it, after a comma",
    seen: &[
        ("ws", "Upgrade Required (status 426)"),
        (
            "websockets",
            "invalid Connection header: keep-alive (status 426)",
        ),
        (
            "aiohttp",
            "No CONNECTION upgrade hdr: keep-alive (status 400)",
        ),
        (
            "gorilla",
            "'upgrade' token not found in 'Connection' header",
        ),
    ],
    example: Example::Handshake(
        "\
         GET /chat HTTP/1.1\n\
         Host: localhost:9527\n\
         Upgrade: websocket\n\
         Connection: keep-alive\n\
         Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\n\
         Sec-WebSocket-Version: 13\n\
         \n\
         ",
    ),
};

/// A `Sec-WebSocket-Key` that is not base64 of 16 octets, or missing, or there twice.
pub static REQ_KEY_BAD: Entry = Entry {
    id: "req-key-bad",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 4.1, 4.2.1, 11.3.1",
    title: "a Sec-WebSocket-Key not of 16 bytes, none, or two",
    cause: "base64 of the text of a UUID, of hexadecimal digits or of a random number, or its padding was cut off",
    fix: "take 16 random bytes, and send base64 of them: `base64(os.urandom(16))`, 24 characters",
    seen: &[
        (
            "ws",
            "Missing or invalid Sec-WebSocket-Key header (status 400)",
        ),
        (
            "websockets, of a wrong one",
            "invalid Sec-WebSocket-Key header: JCMCrKJENqcrTU9erFxGoiP5… (status 400)",
        ),
        (
            "websockets, of none",
            "missing Sec-WebSocket-Key header (status 400)",
        ),
        (
            "websockets, of two",
            "invalid Sec-WebSocket-Key header: multiple values (status 400)",
        ),
        (
            "aiohttp, of a wrong one",
            "Handshake error: 'JCMCrKJENqcrTU9erFxGoiP5… (status 400)",
        ),
        ("aiohttp, of none", "Handshake error: None (status 400)"),
        ("aiohttp, of two", "accepts them with 101"),
    ],
    example: Example::Handshake(
        "\
         GET /chat HTTP/1.1\n\
         Host: localhost:9527\n\
         Upgrade: websocket\n\
         Connection: Upgrade\n\
         Sec-WebSocket-Key: YWFhYWFhYWFhYWFh\n\
         Sec-WebSocket-Version: 13\n\
         \n\
         ",
    ),
};

/// A key that was seen before, in the RFC or on another connection.
pub static REQ_KEY_CONSTANT: Entry = Entry {
    id: "req-key-constant",
    layer: Layer::Request,
    severity: Severity::Suspicious,
    is_cut: false,
    section: "RFC 6455 section 4.1",
    title: "a key that is the same for every connection",
    cause: "the key was copied from the RFC or a tutorial, or the random generator starts alike each time",
    fix: "draw a new key for each connection",
    seen: &[("libraries", "accept it, and print nothing")],
    example: Example::Handshake(
        "\
         GET /chat HTTP/1.1\n\
         Host: localhost:9527\n\
         Upgrade: websocket\n\
         Connection: Upgrade\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n\
         Sec-WebSocket-Version: 13\n\
         \n\
         ",
    ),
};

/// A `Sec-WebSocket-Version` other than 13, or none.
pub static REQ_VERSION: Entry = Entry {
    id: "req-version",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 4.1, 4.2.1, 4.4",
    title: "a Sec-WebSocket-Version other than 13, or none",
    cause: "a client of the time before the RFC, or one that leaves the header out",
    fix: "send `Sec-WebSocket-Version: 13`; a server answers others with 426 and the versions it knows",
    seen: &[
        (
            "ws, of none",
            "Missing or invalid Sec-WebSocket-Version header (status 400)",
        ),
        (
            "websockets, of none",
            "missing Sec-WebSocket-Version header (status 400)",
        ),
        ("aiohttp, of none", "Unsupported version: (status 400)"),
        (
            "websockets, of 8",
            "invalid Sec-WebSocket-Version header: 8 (status 400)",
        ),
        ("ws, aiohttp, of 8", "accept it with 101"),
    ],
    example: Example::Handshake(
        "\
         GET /chat HTTP/1.1\n\
         Host: localhost:9527\n\
         Upgrade: websocket\n\
         Connection: Upgrade\n\
         Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\n\
         Sec-WebSocket-Version: 8\n\
         \n\
         ",
    ),
};

/// A request of the Hixie-76 draft.
pub static REQ_HIXIE76: Entry = Entry {
    id: "req-hixie76",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 4.2.1",
    title: "a request of the Hixie-76 draft, with Key1 and Key2",
    cause: "a client of 2010: an old iOS, a Flash bridge, or an old library for Arduino",
    fix: "replace the client by one that speaks RFC 6455; servers have given the draft up",
    seen: &[
        (
            "ws",
            "Missing or invalid Sec-WebSocket-Key header (status 400)",
        ),
        ("websockets", "closes the connection without a word"),
        (
            "aiohttp",
            "Invalid HTTP header: 'Sec-WebSocket-Key1' (status 400)",
        ),
    ],
    example: Example::Handshake(
        "\
         GET /chat HTTP/1.1\n\
         Host: localhost:9527\n\
         Upgrade: WebSocket\n\
         Connection: Upgrade\n\
         Origin: http://localhost\n\
         Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\n\
         Sec-WebSocket-Key2: 12998 5 Y3 1  .P00\n\
         \n\
         ",
    ),
};

/// Frames before the server has answered.
pub static REQ_EARLY_FRAMES: Entry = Entry {
    id: "req-early-frames",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 4.1",
    title: "the client sends frames before it has the 101",
    cause: "the client writes its first message together with the request, or does not wait for the answer",
    fix: "send the first frame when the 101 is here and its accept value is right",
    seen: &[
        (
            "gorilla",
            "websocket: client sent data before handshake is complete",
        ),
        ("ws, websockets, aiohttp", "accept it"),
    ],
    example: Example::Unseen(
        "one direction does not show it: in a capture of both, a frame of the client stands before the server's 101",
    ),
};
