//! Which rules error texts lead to.

use super::*;
use crate::diagnosis::catalogue;
use std::sync::OnceLock;

/// The index, made once: a search with a new one takes long in a debug build.
fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(Index::of_catalogue)
}

fn found(words: &str) -> Vec<&'static str> {
    search_in(index(), words)
        .iter()
        .map(|hit| hit.rule.id)
        .collect()
}

/// What people quote, and the rule that must come first.
const QUOTED: &[(&str, &str)] = &[
    (
        "HTTP Authentication failed; no valid credentials available",
        "resp-status",
    ),
    ("lws_client: HS: ws upgrade response not 101", "resp-status"),
    ("HS: UPGRADE malformed", "resp-upgrade-connection"),
    ("HS: Accept hash wrong", "accept-wrong"),
    (
        "aiohttp.client_exceptions.WSServerHandshakeError: 101, message='Invalid challenge response', url='ws://localhost:8080/'",
        "accept-wrong",
    ),
    ("WARNING:  Unsupported upgrade request.", "resp-status"),
    ("Handshake not finished", "closed-before-response"),
    (
        "[error] Could not check origin for Phoenix.Socket transport.",
        "resp-status",
    ),
    (
        "[2024-01-01 10:00:00] [error] handle_connect error: Timer Expired",
        "handshake-timeout",
    ),
    (
        "Error: Failed to start the connection: Error: WebSocket failed to connect. The connection could not be found on the server, either the endpoint may not be a SignalR endpoint",
        "resp-status",
    ),
    ("websocket: bad close code 1006", "close-reserved-code"),
    (
        "One or more reserved bits are on: reserved1 = 1",
        "rsv1-not-negotiated",
    ),
    (
        "WebSocket connection to 'ws://localhost:9527/' failed: One or more reserved bits \
         are on: reserved1 = 1, reserved2 = 0, reserved3 = 0",
        "rsv1-not-negotiated",
    ),
    (
        "failed: One or more reserved bits are on: reserved1 = 0, reserved2 = 1, reserved3 = 0",
        "rsv23-or-opcode",
    ),
    (
        "reserved1 = 1, reserved2 = 1, reserved3 = 1",
        "raw-text-unframed",
    ),
    (
        "Compressed bit must be 0 if no negotiated deflate-frame extension",
        "rsv1-not-negotiated",
    ),
    (
        "A server must not mask any frames that it sends to the client",
        "server-masks",
    ),
    (
        "RangeError: Invalid WebSocket frame: MASK must be set",
        "client-unmasked",
    ),
    ("ws: mask must be clear", "server-masks"),
    (
        "Error during WebSocket handshake: Incorrect 'Sec-WebSocket-Accept' header value",
        "accept-wrong",
    ),
    (
        "WebSocket connection to 'ws://127.0.0.1:8080/' failed: Error during WebSocket \
         handshake: Sent non-empty 'Sec-WebSocket-Protocol' header but no response was received",
        "resp-subprotocol-missing",
    ),
    (
        "tungstenite Protocol(\"Encountered invalid opcode: 7\")",
        "http-in-stream",
    ),
    (
        "aiohttp: Control frame payload cannot be larger than 125",
        "control-too-long",
    ),
    (
        "zlib.error: Error -3 while decompressing data: invalid distance too far back",
        "pmd-context",
    ),
    (
        "websockets.exceptions.ConnectionClosedError: no close frame received or sent",
        "close-not-completed",
    ),
    (
        "sent 1011 (internal error) keepalive ping timeout; no close frame received",
        "ping-without-pong",
    ),
    ("unrecognized frame opcode: 13", "resp-trailing-bytes"),
    (
        "UTF-8 encoding error: invalid utf-8 sequence of 1 bytes from index 17",
        "text-not-utf8",
    ),
    ("could not decode text frame as utf8", "text-not-utf8"),
    (
        "received start of a new message but previous is unfinished",
        "new-message-mid-fragments",
    ),
    (
        "websocket: 'Origin' header value not allowed",
        "resp-status",
    ),
    ("Unexpected server response: 502", "resp-status"),
    ("Unexpected response code: 426", "req-not-upgrade"),
    (
        "failed: Error during WebSocket handshake: Unexpected response code: 403",
        "resp-status",
    ),
    ("invalid status code 59395", "close-code-garbled"),
    ("proxy_read_timeout", "idle-timeout"),
    (
        "Expected HTTP 101 response but was '500 Internal Server Error'",
        "resp-status",
    ),
    (
        "The server returned status code '503' when status code '101' was expected.",
        "resp-status",
    ),
    (
        "System.Net.WebSockets.WebSocketException (0x80004005): The remote party closed the WebSocket connection without completing the close handshake.",
        "close-not-completed",
    ),
    (
        "Expected 'Connection' header value 'Upgrade' but was 'null'",
        "resp-upgrade-connection",
    ),
    (
        "Expected 'Sec-WebSocket-Accept' header value 'abc' but was 'null'",
        "accept-wrong",
    ),
    (
        "java.net.ProtocolException: Control frames must be final.",
        "control-fragmented",
    ),
    (
        "java.net.SocketTimeoutException: sent ping but didn't receive pong within 30000ms (after 3 successful ping/pongs)",
        "ping-without-pong",
    ),
    (
        "Firefox can’t establish a connection to the server at wss://example.com/socket.",
        "connection-refused",
    ),
    (
        "The connection to wss://example.com/ was interrupted while the page was loading.",
        "close-not-completed",
    ),
    (
        "WebSocket connection to 'ws://localhost:8080/' failed: There was a bad response from the server.",
        "resp-status",
    ),
    (
        "WebSocket connection to 'ws://localhost/' failed: The network connection was lost.",
        "close-not-completed",
    ),
    ("dial: websocket: bad handshake", "resp-status"),
    (
        "read error: websocket: close 1006 (abnormal closure): unexpected EOF",
        "close-not-completed",
    ),
    (
        "websocket: close 1002 (protocol error): bad MASK",
        "client-unmasked",
    ),
    ("websocket: RSV1 set, bad opcode 7", "http-in-stream"),
    (
        "panic: concurrent write to websocket connection",
        "writes-interleaved",
    ),
    (
        "javax.websocket.DeploymentException: The HTTP response from the server [404] did not permit the HTTP upgrade to WebSocket",
        "resp-status",
    ),
    (
        "The client frame set the reserved bits to [4] for a message with opCode [1] which was not supported by this endpoint",
        "rsv1-not-negotiated",
    ),
    (
        "Invalid status code received: 400 Status line: HTTP/1.1 400 Bad Request",
        "resp-status",
    ),
    (
        "2024/01/01 00:00:00 [error] 7#7: *1 upstream prematurely closed connection while reading response header from upstream, client: 10.0.0.1",
        "closed-before-response",
    ),
    (
        "upstream timed out (110: Connection timed out) while proxying upgraded connection",
        "idle-timeout",
    ),
    (
        "websockets.exceptions.InvalidStatus: server rejected WebSocket connection: HTTP 403",
        "resp-status",
    ),
    (
        "websockets.exceptions.InvalidMessage: did not receive a valid HTTP response",
        "resp-not-http",
    ),
    // Texts of programs, as users paste them.
    ("Unrecognized frame opcode: 5", "rsv23-or-opcode"),
    ("net::ERR_CERT_AUTHORITY_INVALID", "tls-certificate"),
    (
        "WebSocket is already in CLOSING or CLOSED state.",
        "not-open",
    ),
    ("WS_ERR_UNEXPECTED_MASK", "server-masks"),
    ("Protocol(UnmaskedFrameFromClient)", "client-unmasked"),
    ("Protocol(NonZeroReservedBits)", "rsv1-not-negotiated"),
    ("Protocol(HttparseError(Version))", "resp-not-http"),
    (
        "Protocol(ResetWithoutClosingHandshake)",
        "close-not-completed",
    ),
    (
        "thread 'main' panicked at src/main.rs:12:40: called `Result::unwrap()` on an `Err` value: Io(Os { code: 111, kind: ConnectionRefused, message: \"Connection refused\" })",
        "connection-refused",
    ),
    (
        "2024/05/01 10:00:00 dial: dial tcp [::1]:8080: connect: connection refused",
        "connection-refused",
    ),
    ("IndexError: index out of range", "empty-read"),
    ("Error: socket hang up", "closed-before-response"),
    (
        "OSError: Tunnel connection failed: 407 Proxy Authentication Required",
        "proxy-failed",
    ),
    (
        "remote error: tls: protocol version not supported",
        "tls-failed",
    ),
    (
        "received fatal alert: CertificateRequired",
        "tls-client-certificate",
    ),
    (
        "OSError: [Errno 101] Network is unreachable",
        "network-unreachable",
    ),
    ("WebSocket opening handshake timed out", "handshake-timeout"),
    (
        "io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException: received a frame that is not masked as expected",
        "client-unmasked",
    ),
    (
        "o.s.w.s.s.s.DefaultHandshakeHandler: Handshake failed due to invalid Upgrade header: null",
        "req-not-upgrade",
    ),
    (
        "Unhandled Exception: WebSocketException: Connection to 'http://10.0.2.2:3000#' was not upgraded to websocket",
        "resp-status",
    ),
    (
        "System.Net.WebSockets.WebSocketException: The server returned status code '404' when status code '101' was expected.",
        "resp-status",
    ),
];

#[test]
fn the_rule_that_causes_an_error_text_comes_first() {
    let wrong: Vec<_> = QUOTED
        .iter()
        .map(|(words, rule)| (words, rule, found(words)))
        .filter(|(_, rule, found)| found.first() != Some(rule))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_text_about_reserved_bits_finds_each_rule_that_sets_them() {
    let found = found("One or more reserved bits are on: reserved1 = 1");
    assert!(found.len() <= 8);
    for rule in [
        "header-through-utf8",
        "raw-text-unframed",
        "pmd-rsv1-not-first",
    ] {
        assert!(found.contains(&rule), "{rule}: {found:?}");
    }
}

fn without_numbers(text: &str) -> Vec<String> {
    let mut words = words::words(text);
    words.retain(|word| !words::is_number(word));
    words
}

/// Whether a text finds this rule among the first two, or one with the same text but for its
/// numbers: many mistakes have the same consequence.
fn finds(text: &str, rule: &RulePage) -> bool {
    let hits = search_in(index(), text);
    let prints = |hit: &SearchHit| {
        let mut messages = hit
            .rule
            .peer_messages
            .iter()
            .chain(hit.rule.quoted_messages);
        messages.any(|message| without_numbers(message.1) == without_numbers(text))
    };
    let mut first = hits.iter().take(2);
    first.any(|hit| hit.rule == rule || prints(hit))
}

#[test]
fn each_text_of_a_page_finds_it() {
    let mut missed = Vec::new();
    for rule in catalogue::all() {
        for message in rule.peer_messages.iter().chain(rule.quoted_messages) {
            if !finds(message.1, rule) {
                missed.push((rule.id, message));
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

/// What clients and servers print, from their sources, each with the rules that fit.
const OF_PEERS: &str = include_str!("peer_texts.txt");

#[test]
fn what_a_peer_prints_has_a_fitting_rule_among_the_first_two() {
    let lines = OF_PEERS.lines().filter(|line| !line.starts_with('#'));
    let texts: Vec<[&str; 3]> = lines
        .filter(|line| !line.is_empty())
        .map(|line| {
            let mut parts = line.splitn(3, " | ");
            [(); 3].map(|()| parts.next().expect("three parts"))
        })
        .collect();
    assert!(texts.len() >= 400);
    let mut missed = Vec::new();
    for [rules, _, text] in texts {
        let rules: Vec<&str> = rules.split(", ").collect();
        for rule in &rules {
            assert!(catalogue::rule(rule).is_some(), "{rule}");
        }
        let found = found(text);
        if !found.iter().take(2).any(|rule| rules.contains(rule)) {
            missed.push((rules, text, found));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

/// Texts of compilers, package managers, databases, shells and others.
const UNRELATED: &str = include_str!("unrelated.txt");

#[test]
fn unrelated_texts_find_nothing() {
    assert!(UNRELATED.lines().count() >= 150);
    let hits = UNRELATED.lines().map(|text| (text, found(text)));
    let hits: Vec<_> = hits.filter(|(_, rules)| !rules.is_empty()).collect();
    assert!(hits.is_empty(), "{hits:#?}");
}

#[test]
fn a_long_text_is_cut() {
    let text = "reserved bits must be a frame ".repeat(50_000);
    assert!(search_in(index(), &text).len() <= MOST);
}

#[test]
fn words_without_a_meaning_find_nothing() {
    let nothing_said = "WebSocket connection to 'ws://localhost:8080/' failed: ";
    for words in ["", "…", "zzz", "the", "it is a", nothing_said] {
        assert_eq!(found(words), [""; 0], "{words}");
    }
}
