//! `wsctl explain`.

use crate::helpers::run::{check, wsctl};

#[test]
fn the_page_of_a_rule() {
    check(
        "explain len16-not-minimal",
        "\
len16-not-minimal: a payload length in 16 bits where 7 hold it

  kind    violation: a rule is broken
  where   the header of a frame
  rule    RFC 6455 section 5.2
  why     `< 125` where `<= 125` was meant, or an encoder that only knows the
          longer form
  fix     write lengths up to 125 into the 7 bits of the second byte

  seen    Chrome                    Invalid frame header
          wsproto                   Payload length used 2 bytes when 1 would
                                    have sufficed
          ws, websockets, aiohttp,  accept it
          tungstenite,
          websocket-client

  see it  with

wsctl decode --from server 817e000548656c6c6f
",
    );
    check(
        "explain req-body",
        "\
req-body: a request with a body, where frames would begin

  kind    violation: a rule is broken
  where   the opening request
  rule    RFC 9110 section 7.8
  why     an HTTP library that adds `Content-Length` or `Transfer-Encoding` by
          itself, or a body handed to it by mistake
  fix     send neither a body nor `Content-Length` or `Transfer-Encoding`

  seen    wsctl serve  Bad Request (status 400)

  see it  with

wsctl handshake <<'END'
GET /chat HTTP/1.1
Host: localhost:9527
Upgrade: websocket
Connection: Upgrade
Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==
Sec-WebSocket-Version: 13
Content-Length: 5

END
",
    );
    check(
        "explain idle-timeout",
        "\
idle-timeout: a connection cut after a time of silence

  kind    suspicious: no rule is broken, but it is hardly meant so
  where   the stream of bytes
  rule    no rule: RFC 6455 section 7.1.5 calls such an end 1006
  why     a proxy that ends idle connections, after 60 s in nginx and AWS's load
          balancer or 100 s at Cloudflare, and nobody pings
  fix     ping every 20 to 30 seconds, and raise the proxy's limit
          (`proxy_read_timeout` in nginx)

  seen    browsers  onclose 1006 after a round number of seconds

  see it  the time tells: the TCP connection ends without a close frame 60 or
          100 seconds after the last frame
",
    );
}

/// The heading of a finding is as good as the name in it.
#[test]
fn a_rule_is_found_by_what_a_finding_says() {
    let page = wsctl(["explain", "server-masks"]).to_string();
    assert!(page.starts_with("server-masks: a masked frame from the server\n"));
    for words in [
        "Server-Masks",
        " server-masks ",
        "error[server-masks]: frame 1, byte 1: a frame from the server is masked",
    ] {
        assert_eq!(wsctl(["explain", words]).to_string(), page, "{words}");
    }
}

#[test]
fn no_page_is_wider_than_a_screen_but_for_what_is_to_be_copied() {
    let list = wsctl(["explain"]);
    let rules = list
        .text()
        .lines()
        .filter_map(|line| line.strip_prefix("  "));
    let mut count = 0;
    for rule in rules.map(|line| line.split(' ').next().unwrap()) {
        let page = wsctl(["explain", rule]).to_string();
        let mut lines = page.lines();
        assert!(lines.next().unwrap().starts_with(&format!("{rule}: ")));
        for line in lines.take_while(|line| !line.starts_with("wsctl ")) {
            assert!(line.chars().count() <= 80, "{rule}: {line}");
        }
        count += 1;
    }
    assert_eq!(count, 98);
}

#[test]
fn all_rules_with_a_line_each() {
    let list = wsctl(["explain"]).to_string();
    let beginning = "\
the opening request
  req-not-get                the opening request has another method than GET
  http-1.0                   a head of HTTP/1.0, which knows no upgrade
  req-no-host                the request has no Host header
";
    assert!(list.starts_with(beginning), "{list}");
    let end = "
what is spoken inside the messages
  app-compressed         a message that is gzip or zlib inside
  app-engine-io          Socket.IO (Engine.IO), which is not plain WebSocket
  app-signalr            a SignalR record without the 1e at its end
  app-stomp-mqtt-sockjs  STOMP, MQTT, SockJS or GraphQL, but spoken wrongly
";
    assert!(list.ends_with(end), "{list}");
    // A heading and a blank line for each of ten parts, but no blank line at the end.
    assert_eq!(list.lines().count(), 98 + 10 + 9);
    assert!(list.lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn the_rules_behind_an_error_text() {
    let outcome = wsctl(["explain", "One or more reserved bits are on: reserved1 = 1"]);
    assert_eq!(
        outcome.to_string(),
        r#"rsv1-not-negotiated       a compressed frame (RSV1), though nothing was agreed
                          Chrome: One or more reserved bits are on: reserved1 =
                          1, reserved2 = 0, reserved3 = 0
head-larger-than-read     a head longer than what the peer reads at once
                          Chrome, of the rest as frames: One or more reserved
                          bits are on: reserved1 = 1, reserved2 = 0, reserved3 =
                          1
raw-text-unframed         text sent without a frame
                          Chrome, of JSON: One or more reserved bits are on:
                          reserved1 = 1, reserved2 = 1, reserved3 = 1
rsv23-or-opcode           RSV2, RSV3 or an opcode that is not defined
other-protocol-in-stream  TLS, HTTP/2 or SSH where frames should be
resp-chunked              a 101, or frames, in Transfer-Encoding: chunked
pmd-rsv1-not-first        RSV1 on a later fragment or on a control frame
http-in-stream            HTTP among the frames ("H" is 48: RSV1 and opcode 8)
"#
    );
    check(
        "explain websocket-client: Invalid close opcode 1006",
        r#"close-reserved-code    a close code that must not be sent
                       websocket-client: Invalid close opcode 1006
close-code-garbled     a close code that is text, or has its bytes swapped
close-not-completed    a connection that ended without a close frame from both
close-1-byte           a close frame with a body of 1 byte
close-reason-utf8      a close reason that is not UTF-8
rsv23-or-opcode        RSV2, RSV3 or an opcode that is not defined
http-in-stream         HTTP among the frames ("H" is 48: RSV1 and opcode 8)
head-larger-than-read  a head longer than what the peer reads at once
"#,
    );
}

#[test]
fn words_need_no_quotes() {
    let words = "Error -3 while decompressing data: invalid distance too far back";
    let quoted = wsctl(["explain", words]).to_string();
    assert!(quoted.starts_with("pmd-context "), "{quoted}");
    check(&format!("explain {words}"), &quoted);
}

/// What people paste, and the rule that is told first.
const PASTED: &[(&str, &str)] = &[
    // Chrome
    (
        "WebSocket connection to 'ws://localhost:9527/' failed: A server must not mask any frames that it sends to the client.",
        "server-masks",
    ),
    (
        "WebSocket connection to 'wss://example.com/ws' failed: Error during WebSocket handshake: 'Sec-WebSocket-Accept' header is missing",
        "accept-missing",
    ),
    (
        "failed: could not decode a TEXT frame as utf-8",
        "text-not-utf8",
    ),
    (
        "received unexpected continuation frame",
        "continuation-without-start",
    ),
    ("Unrecognized frame opcode: 3", "rsv23-or-opcode"),
    // Safari
    (
        "compressed bit must be 0 if no negotiated extension",
        "rsv1-not-negotiated",
    ),
    // ws
    (
        "RangeError: Invalid WebSocket frame: MASK must be set (code: WS_ERR_EXPECTED_MASK)",
        "client-unmasked",
    ),
    (
        "Invalid WebSocket frame: invalid status code 25209",
        "close-code-garbled",
    ),
    (
        "Invalid WebSocket frame: FIN must be set",
        "control-fragmented",
    ),
    // websockets
    (
        "websockets.exceptions.ConnectionClosedError: no close frame received or sent",
        "close-not-completed",
    ),
    (
        "received 1011 keepalive ping timeout; then sent",
        "ping-without-pong",
    ),
    // aiohttp
    (
        "WebSocketError(1002, 'Control frame payload cannot be larger than 125 bytes')",
        "control-too-long",
    ),
    (
        "aiohttp: Invalid connection header",
        "resp-upgrade-connection",
    ),
    // tungstenite
    (
        "Protocol(\"Continue frame but nothing to continue\")",
        "continuation-without-start",
    ),
    (
        "WebSocket protocol error: Received an unmasked frame from client",
        "client-unmasked",
    ),
];

#[test]
fn loosely_quoted_texts_find_their_rule_first() {
    let first = |words| {
        let outcome = wsctl(["explain", words]);
        outcome.to_string().split(' ').next().unwrap().to_owned()
    };
    let found: Vec<_> = PASTED
        .iter()
        .map(|(words, _)| (*words, first(words)))
        .collect();
    let expected: Vec<_> = PASTED
        .iter()
        .map(|(words, rule)| (*words, (*rule).to_owned()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn what_is_not_known_is_said() {
    check(
        "explain len64-not-minmal",
        "--- stderr\nwsctl: nothing is known of `len64-not-minmal` (perhaps `len64-not-minimal` was meant)\n--- status 2\n",
    );
    check(
        "explain xyzzy",
        "--- stderr\nwsctl: nothing is known of `xyzzy`\n--- status 2\n",
    );
    check(
        "explain \u{1b}[2J",
        "--- stderr\nwsctl: nothing is known of `\\x1b[2J`\n--- status 2\n",
    );
}

#[test]
fn colour_says_nothing_that_words_do_not() {
    for words in ["", "server-masks", "invalid frame header"] {
        let plain = wsctl(["explain", words]).to_string();
        let coloured = wsctl(["--color", "always", "explain", words]).to_string();
        assert!(coloured.contains("\x1b["), "{words}");
        let mut text = String::new();
        for (at, part) in coloured.split('\x1b').enumerate() {
            text.push_str(if at == 0 {
                part
            } else {
                part.split_once('m').unwrap().1
            });
        }
        assert_eq!(text, plain);
    }
}
