//! What is offered and agreed on: subprotocols and extensions.

use super::{Entry, Example, Layer};
use crate::diagnosis::Severity;

/// A `Sec-WebSocket-Protocol` that is no list of different tokens.
pub static REQ_SUBPROTOCOL_BAD: Entry = Entry {
    id: "req-subprotocol-bad",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 section 4.1",
    title: "subprotocols that are empty, doubled, or no tokens",
    cause: "`new WebSocket(url, null)`, a setting that was empty, or a version after a slash in the name",
    fix: "leave the argument out, or pass `[]`; name each subprotocol once, in letters, digits and `-._`",
    seen: &[
        ("ws", "Invalid Sec-WebSocket-Protocol header (status 400)"),
        (
            "websockets, of an empty one",
            "invalid Sec-WebSocket-Protocol header: expected token at 0 in (status 400)",
        ),
        (
            "websockets, of a slash",
            "invalid Sec-WebSocket-Protocol header: expected comma at 3 in foo/bar (status 400)",
        ),
        ("aiohttp", "accepts it with 101"),
    ],
    example: Example::Handshake(
        "\
         GET /chat HTTP/1.1\n\
         Host: localhost:9527\n\
         Upgrade: websocket\n\
         Connection: Upgrade\n\
         Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\n\
         Sec-WebSocket-Version: 13\n\
         Sec-WebSocket-Protocol: foo/bar\n\
         \n\
         ",
    ),
};

/// A `Sec-WebSocket-Extensions` that cannot be read, or with values that are not allowed.
pub static REQ_EXTENSIONS_BAD: Entry = Entry {
    id: "req-extensions-bad",
    layer: Layer::Request,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 7692 section 7.1.2; RFC 6455 section 9.1",
    title: "an offer of extensions that breaks their grammar",
    cause: "the header was put together by hand",
    fix: "offer `permessage-deflate; client_max_window_bits`, window bits from 8 to 15, or no extension at all",
    seen: &[
        (
            "ws",
            "Invalid or unacceptable Sec-WebSocket-Extensions header (status 400)",
        ),
        (
            "websockets, of an empty one",
            "invalid Sec-WebSocket-Extensions header: expected token at 0 in (status 400)",
        ),
        ("websockets, of 16 window bits", "accepts it with 101"),
        ("aiohttp", "accepts it with 101"),
    ],
    example: Example::Handshake(
        "\
         GET /chat HTTP/1.1\n\
         Host: localhost:9527\n\
         Upgrade: websocket\n\
         Connection: Upgrade\n\
         Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\n\
         Sec-WebSocket-Version: 13\n\
         Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=16\n\
         \n\
         ",
    ),
};

/// A 101 that agrees on none of the subprotocols offered.
pub static RESP_SUBPROTOCOL_MISSING: Entry = Entry {
    id: "resp-subprotocol-missing",
    layer: Layer::Response,
    severity: Severity::Suspicious,
    is_cut: false,
    section: "WHATWG WebSockets; RFC 6455 section 4.2.2 allows it",
    title: "subprotocols were offered, and the 101 names none",
    cause: "the server does not look at `Sec-WebSocket-Protocol`",
    fix: "answer with one of the subprotocols offered, written the same way",
    seen: &[
        (
            "Chrome",
            "Sent non-empty 'Sec-WebSocket-Protocol' header but no response was received",
        ),
        ("ws", "Server sent no subprotocol"),
        ("websocket-client", "Invalid WebSocket Header"),
        ("undici", "raises an error event without a text"),
        ("websockets, aiohttp", "accept it, without a subprotocol"),
    ],
    example: Example::Handshake(
        "\
         GET /chat HTTP/1.1\n\
         Host: localhost:9527\n\
         Upgrade: websocket\n\
         Connection: Upgrade\n\
         Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\n\
         Sec-WebSocket-Version: 13\n\
         Sec-WebSocket-Protocol: mqtt\n\
         \n\
         HTTP/1.1 101 Switching Protocols\n\
         Upgrade: websocket\n\
         Connection: Upgrade\n\
         Sec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\n\
         \n\
         ",
    ),
};

/// A 101 with a subprotocol that was not offered, or with several.
pub static RESP_SUBPROTOCOL_WRONG: Entry = Entry {
    id: "resp-subprotocol-wrong",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 4.1, 11.3.4",
    title: "a subprotocol that was not offered, or several",
    cause: "the server sends the client's whole list back, or always the same name",
    fix: "answer with one name of the client's list, and without the header if none fits",
    seen: &[
        (
            "Chrome",
            "Response must not include 'Sec-WebSocket-Protocol' header if not present in request: chat",
        ),
        ("ws", "Server sent a subprotocol but none was requested"),
        ("websockets", "no subprotocols supported"),
        ("websocket-client, aiohttp", "accept it"),
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
         HTTP/1.1 101 Switching Protocols\n\
         Upgrade: websocket\n\
         Connection: Upgrade\n\
         Sec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\n\
         Sec-WebSocket-Protocol: chat\n\
         \n\
         ",
    ),
};

/// A 101 with an extension that was not offered.
pub static RESP_EXTENSION_UNREQUESTED: Entry = Entry {
    id: "resp-extension-unrequested",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 6455 sections 4.1, 9.1",
    title: "an extension that the client did not offer",
    cause: "a proxy that offers extensions of its own and passes the answer on, or a server that sends its header whatever was asked",
    fix: "agree only to what this request offers",
    seen: &[
        (
            "Chrome",
            "Found an unsupported extension 'x-webkit-deflate-frame' in 'Sec-WebSocket-Extensions' header",
        ),
        ("ws", "Server indicated an extension that was not requested"),
        (
            "websockets",
            "Unsupported extension: name = x-webkit-deflate-frame, params = []",
        ),
        ("websocket-client, aiohttp", "accept it"),
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
         HTTP/1.1 101 Switching Protocols\n\
         Upgrade: websocket\n\
         Connection: Upgrade\n\
         Sec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\n\
         Sec-WebSocket-Extensions: x-webkit-deflate-frame\n\
         \n\
         ",
    ),
};

/// A 101 with parameters of permessage-deflate that are not allowed.
pub static RESP_EXTENSION_PARAMS: Entry = Entry {
    id: "resp-extension-params",
    layer: Layer::Response,
    severity: Severity::Violation,
    is_cut: false,
    section: "RFC 7692 sections 7.1, 7.1.2.1, 7.1.2.2",
    title: "permessage-deflate with parameters not allowed",
    cause: "the client's offer was copied into the answer as it came",
    fix: "answer with `permessage-deflate` alone unless the server does more than that",
    seen: &[
        ("Chrome", "Error in permessage-deflate: …"),
        ("ws", "Invalid Sec-WebSocket-Extensions header"),
        (
            "websockets, of 16 window bits",
            "Unsupported extension: name = permessage-deflate, params = [('server_max_window_bits', '16')]",
        ),
        (
            "websockets, of an offer sent back",
            "Unsupported extension: name = permessage-deflate, params = [('client_max_window_bits', None)]",
        ),
        ("websocket-client, aiohttp", "accept it"),
    ],
    example: Example::Handshake(
        "\
         GET /chat HTTP/1.1\n\
         Host: localhost:9527\n\
         Upgrade: websocket\n\
         Connection: Upgrade\n\
         Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\n\
         Sec-WebSocket-Version: 13\n\
         Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=10\n\
         \n\
         HTTP/1.1 101 Switching Protocols\n\
         Upgrade: websocket\n\
         Connection: Upgrade\n\
         Sec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\n\
         Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=16\n\
         \n\
         ",
    ),
};
