//! What peers print that were not run against the mistakes, as it is quoted: a word more or
//! less may be in their own text. It leads to a rule, and stands on no page.

use super::Entry;
use super::{
    ACCEPT_WRONG, CLIENT_UNMASKED, CLOSE_1_BYTE, CLOSE_NOT_COMPLETED, CONTINUATION_WITHOUT_START,
    CONTROL_FRAGMENTED, CONTROL_TOO_LONG, DATA_AFTER_CLOSE, HTTP_IN_STREAM, IDLE_TIMEOUT,
    MESSAGE_TOO_BIG, NEW_MESSAGE_MID_FRAGMENTS, PING_WITHOUT_PONG, RESP_NOT_HTTP, RESP_STATUS,
    RESP_UPGRADE_CONNECTION, RSV1_NOT_NEGOTIATED, RSV23_OR_OPCODE, SERVER_MASKS,
    WRITES_INTERLEAVED,
};

/// What leads to a rule beside the texts of its page: who prints what.
pub fn quotes(entry: &Entry) -> &'static [(&'static str, &'static str)] {
    let of_entry = |(other, _): &&(&Entry, _)| other.id == entry.id;
    QUOTES
        .iter()
        .find(of_entry)
        .map_or(&[], |(_, quotes)| quotes)
}

/// Of these rules.
static QUOTES: &[(&Entry, &[(&str, &str)])] = &[
    (
        &RESP_STATUS,
        &[
            (
                ".NET",
                "The server returned status code '200' when status code '101' was expected.",
            ),
            (".NET", "Unable to connect to the remote server"),
            (
                "OkHttp",
                "Expected HTTP 101 response but was '403 Forbidden'",
            ),
            ("gorilla", "websocket: bad handshake"),
            (
                "gorilla, of its own 403",
                "websocket: request origin not allowed by Upgrader.CheckOrigin",
            ),
            (
                "Firefox",
                "Firefox can’t establish a connection to the server at ws://localhost:8080/.",
            ),
            ("Safari", "There was a bad response from the server."),
            (
                "Java-WebSocket",
                "Invalid status code received: 403 Status line: HTTP/1.1 403 Forbidden",
            ),
            (
                "java.net.http",
                "WebSocketHandshakeException: Unexpected HTTP response status code 403",
            ),
            (
                "Tomcat",
                "The HTTP response from the server [200] did not permit the HTTP upgrade to WebSocket",
            ),
            ("Tyrus", "Response code was not 101: 404."),
        ],
    ),
    (
        &RESP_UPGRADE_CONNECTION,
        &[
            (".NET", "The 'Connection' header value '' is invalid."),
            (
                "OkHttp",
                "Expected 'Connection' header value 'Upgrade' but was 'null'",
            ),
            (
                "OkHttp",
                "Expected 'Upgrade' header value 'websocket' but was 'null'",
            ),
        ],
    ),
    (
        &RESP_NOT_HTTP,
        &[
            ("websockets", "did not receive a valid HTTP response"),
            (
                "OkHttp, of a server that closes at once",
                "java.io.IOException: unexpected end of stream",
            ),
            (
                "nginx, of a server that closes at once",
                "upstream prematurely closed connection while reading response header from upstream",
            ),
        ],
    ),
    (
        &ACCEPT_WRONG,
        &[
            (
                ".NET",
                "The 'Sec-WebSocket-Accept' header value '' is invalid.",
            ),
            (
                "OkHttp",
                "Expected 'Sec-WebSocket-Accept' header value '' but was ''",
            ),
        ],
    ),
    (
        &CLOSE_NOT_COMPLETED,
        &[
            (
                ".NET",
                "The remote party closed the WebSocket connection without completing the close handshake.",
            ),
            (
                "gorilla",
                "websocket: close 1006 (abnormal closure): unexpected EOF",
            ),
            (
                "Firefox",
                "The connection to ws://localhost:8080/ was interrupted while the page was loading.",
            ),
            ("Safari", "The network connection was lost."),
            (
                "Safari",
                "The operation couldn’t be completed. Socket is not connected",
            ),
            ("Tomcat, OkHttp", "java.io.EOFException"),
            (
                "nginx",
                "recv() failed (104: Connection reset by peer) while proxying upgraded connection",
            ),
        ],
    ),
    (
        &IDLE_TIMEOUT,
        &[(
            "nginx",
            "upstream timed out (110: Connection timed out) while proxying upgraded connection",
        )],
    ),
    (
        &PING_WITHOUT_PONG,
        &[(
            "OkHttp",
            "sent ping but didn't receive pong within 10000ms (after 0 successful ping/pongs)",
        )],
    ),
    (
        &CLIENT_UNMASKED,
        &[
            ("gorilla, to a client", "bad MASK"),
            (
                "gorilla, to a client",
                "websocket: close 1002 (protocol error): bad MASK",
            ),
            ("OkHttp", "Client-sent frames must be masked."),
            (
                "Tomcat",
                "The client frame was not masked but all client frames must be masked",
            ),
        ],
    ),
    (
        &SERVER_MASKS,
        &[
            (".NET", "The WebSocket server sent a masked frame."),
            ("OkHttp", "Server-sent frames must not be masked."),
            ("gorilla, to a server", "websocket: bad MASK"),
        ],
    ),
    (
        &RSV1_NOT_NEGOTIATED,
        &[
            (
                ".NET",
                "The WebSocket received a frame with one or more reserved bits set.",
            ),
            ("gorilla", "websocket: RSV1 set"),
            ("OkHttp", "Unexpected rsv1 flag"),
            (
                "Tomcat",
                "The client frame set the reserved bits to [4] for a message with opCode [1] which was not supported by this endpoint",
            ),
        ],
    ),
    (
        &RSV23_OR_OPCODE,
        &[
            (
                ".NET",
                "The WebSocket received a frame with an unknown opcode: '0x3'.",
            ),
            ("gorilla", "websocket: bad opcode 3"),
            ("gorilla", "websocket: RSV2 set"),
            ("gorilla", "websocket: RSV3 set"),
            ("OkHttp", "Unexpected rsv2 flag"),
            (
                "Tomcat",
                "The client frame set the reserved bits to [1] for a message with opCode [1] which was not supported by this endpoint",
            ),
            (
                "Tomcat",
                "A WebSocket frame was sent with an unrecognised opCode of [3]",
            ),
        ],
    ),
    (
        &HTTP_IN_STREAM,
        &[("gorilla, of a GET", "websocket: RSV1 set, bad opcode 7")],
    ),
    (
        &CONTROL_FRAGMENTED,
        &[
            ("OkHttp", "Control frames must be final."),
            ("gorilla", "websocket: FIN not set on control"),
            (
                "Tomcat",
                "A fragmented control frame was received but control frames may not be fragmented",
            ),
        ],
    ),
    (
        &CONTROL_TOO_LONG,
        &[
            ("OkHttp", "Control frame must be less than 125B."),
            ("gorilla", "websocket: len > 125 for control"),
            (
                "Tomcat",
                "A control frame was sent with a payload of size [126] which is larger than the maximum permitted of 125 bytes",
            ),
        ],
    ),
    (
        &CLOSE_1_BYTE,
        &[(
            "Tomcat",
            "The client sent a close frame with a single byte payload which is not valid",
        )],
    ),
    (
        &CONTINUATION_WITHOUT_START,
        &[
            (
                ".NET",
                "The WebSocket received a continuation frame from a previous final message.",
            ),
            ("gorilla", "websocket: continuation after FIN"),
        ],
    ),
    (
        &NEW_MESSAGE_MID_FRAGMENTS,
        &[
            (
                ".NET",
                "The WebSocket expected a continuation frame after having received a previous non-final frame.",
            ),
            ("gorilla", "websocket: data before FIN"),
            (
                "Tomcat",
                "A new message was started when a continuation frame was expected",
            ),
        ],
    ),
    (
        &DATA_AFTER_CLOSE,
        &[("Tomcat", "New frame received after a close control frame")],
    ),
    (
        &WRITES_INTERLEAVED,
        &[("gorilla", "concurrent write to websocket connection")],
    ),
    (
        &MESSAGE_TOO_BIG,
        &[
            ("gorilla", "websocket: read limit exceeded"),
            (
                "Tomcat",
                "The decoded text message was too big for the output buffer and the endpoint does not support partial messages",
            ),
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_rule_stands_here_once_and_repeats_nothing_of_its_page() {
        let rules: BTreeSet<&str> = QUOTES.iter().map(|(entry, _)| entry.id).collect();
        assert_eq!(rules.len(), QUOTES.len());
        for (entry, quoted) in QUOTES {
            assert_eq!(quotes(entry), *quoted);
            for quote in *quoted {
                assert!(!entry.seen.contains(quote), "{quote:?}");
            }
        }
    }
}
