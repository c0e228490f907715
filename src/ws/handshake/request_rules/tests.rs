//! Requests that are refused, or deserve a warning, and those that do not.

use super::*;

const RIGHT: [&str; 5] = [
    "Host: localhost",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
];

fn validate(first: &str, lines: &[&str]) -> Result<Upgrade, Vec<String>> {
    let bytes = format!("{first}\r\n{}\r\n\r\n", lines.join("\r\n"));
    let (head, _) = RequestHead::parse(bytes.as_bytes()).unwrap().unwrap();
    let sentence = |error: &RequestError| format!("{} {error}", error.status());
    validate_request(&head).map_err(|errors| errors.iter().map(sentence).collect())
}

/// Checks the only error of a right request with one line changed.
#[track_caller]
fn check(number: usize, line: &str, expected: &str) {
    let mut lines = RIGHT.to_vec();
    lines.splice(
        number..=number,
        line.split('\n').filter(|line| !line.is_empty()),
    );
    assert_eq!(
        validate("GET / HTTP/1.1", &lines),
        Err(vec![expected.to_owned()])
    );
}

#[test]
fn a_valid_request_gives_its_accept_value() {
    let upgrade = validate("GET /chat HTTP/1.1", &RIGHT).unwrap();
    assert_eq!(upgrade.accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

#[test]
fn names_and_tokens_are_compared_without_case() {
    let lines = [
        "host: localhost",
        "UPGRADE: h2c, WebSocket",
        "connection: keep-alive",
        "Connection: upgrade",
        "sec-websocket-key:dGhlIHNhbXBsZSBub25jZQ==  ",
        "Sec-Websocket-Version: 13",
    ];
    assert!(validate("GET / HTTP/1.1", &lines).is_ok());
}

#[test]
fn each_wrong_header_has_its_error_and_status() {
    check(0, "", "400 the request has no `Host` header");
    check(
        0,
        "Host: a\nHost: b",
        "400 the request has 2 `Host` headers",
    );
    check(1, "", "426 the request has no `Upgrade: websocket` header");
    check(
        1,
        "Upgrade: websockets",
        "426 the `Upgrade` header must include `websocket`, and is `websockets`",
    );
    check(2, "", "426 the request has no `Connection: Upgrade` header");
    check(
        2,
        "Connection: close",
        "426 the `Connection` header must include `Upgrade`, and is `close`",
    );
    check(3, "", "400 the request has no `Sec-WebSocket-Key` header");
    check(
        3,
        "Sec-WebSocket-Key: YWFhYWFhYWFhYWFh",
        "400 the `Sec-WebSocket-Key` is invalid: it is base64 of 12 bytes instead of 16",
    );
    let twice = format!("{}\n{}", RIGHT[3], RIGHT[3]);
    check(
        3,
        &twice,
        "400 the request has 2 `Sec-WebSocket-Key` headers",
    );
    check(
        4,
        "",
        "426 the request has no `Sec-WebSocket-Version: 13` header",
    );
    check(
        4,
        "Sec-WebSocket-Version: 13\nSec-WebSocket-Version: 13",
        "400 the request has 2 `Sec-WebSocket-Version` headers",
    );
    check(
        4,
        "Sec-WebSocket-Version: 8",
        "426 the `Sec-WebSocket-Version` must be 13, and is `8`",
    );
}

#[test]
fn a_request_with_a_body_is_refused() {
    let with = |line| {
        let lines = [&RIGHT[..], &[line]].concat();
        validate("GET / HTTP/1.1", &lines)
    };
    let body = "400 the request has a body, where frames would begin";
    assert_eq!(with("Content-Length: 5"), Err(vec![body.to_owned()]));
    assert_eq!(
        with("Transfer-Encoding: chunked"),
        Err(vec![body.to_owned()])
    );
    assert!(with("Content-Length: 0").is_ok());
}

#[test]
fn a_wrong_request_line_has_its_error_and_status() {
    assert_eq!(
        validate("POST / HTTP/1.1", &RIGHT),
        Err(vec!["405 the method must be GET, and is `POST`".to_owned()])
    );
    assert_eq!(
        validate("GET / HTTP/1.0", &RIGHT),
        Err(vec![
            "505 the request is HTTP/1.0 instead of HTTP/1.1".to_owned()
        ])
    );
}

#[test]
fn the_missing_upgrade_is_the_first_error_of_a_plain_request() {
    let errors = validate("POST / HTTP/1.1", &["Host: localhost"]).unwrap_err();
    assert_eq!(errors.len(), 5);
    assert_eq!(
        errors[0],
        "426 the request has no `Upgrade: websocket` header"
    );
}

fn warnings(lines: &[&str]) -> Vec<String> {
    let bytes = format!("GET / HTTP/1.1\r\n{}\r\n\r\n", lines.join("\r\n"));
    let (head, _) = RequestHead::parse(bytes.as_bytes()).unwrap().unwrap();
    let warnings = request_warnings(&head);
    warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_usual_request_has_no_warnings() {
    let lines = [
        "Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==",
        "Sec-WebSocket-Protocol: chat, superchat",
        "sec-websocket-protocol: v12.stomp",
    ];
    assert_eq!(warnings(&lines), [""; 0]);
}

#[test]
fn keys_of_examples_and_drafts_have_warnings() {
    let lines = [
        "Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5",
        "Sec-WebSocket-Key2: 12998 5 Y3 1  .P00",
        "Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==",
    ];
    let expected = [
        "`Sec-WebSocket-Key1` belongs to the draft Hixie-76 of 2010",
        "`Sec-WebSocket-Key2` belongs to the draft Hixie-76 of 2010",
        "the key `x3JJHMbDL1EzLkh9GBhXDw==` is a well-known example",
    ];
    assert_eq!(warnings(&lines), expected);
}

#[test]
fn suspicious_subprotocols_have_warnings() {
    let of = |value: &str| warnings(&[&format!("Sec-WebSocket-Protocol: {value}")]);
    assert_eq!(of("a,, b,"), ["an empty subprotocol is offered"]);
    assert_eq!(of("a, b, a"), ["the subprotocol `a` is offered twice"]);
    assert_eq!(of("null"), ["a subprotocol called `null` is offered"]);
    assert_eq!(of("a, A, nullable"), [""; 0]);
}

#[test]
fn offers_outside_their_grammar_are_errors() {
    let of = |lines: &str| {
        let bytes = format!("GET / HTTP/1.1\r\n{lines}\r\n\r\n");
        let (head, _) = RequestHead::parse(bytes.as_bytes()).unwrap().unwrap();
        assert!(!lines.contains("a,,") || !request_warnings(&head).is_empty());
        let errors = validate_offers(&head);
        errors.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let protocol = |value: &str| of(&format!("Sec-WebSocket-Protocol: {value}"));
    let none = "the `Sec-WebSocket-Protocol` header names no subprotocol";
    assert_eq!(protocol(""), [none]);
    assert_eq!(protocol(" , ,"), [none]);
    for word in ["foo/bar", "a b", "\"chat\"", "a=b", "ä"] {
        let expected =
            format!("the subprotocol `{word}` in `Sec-WebSocket-Protocol` is not a token");
        assert_eq!(protocol(&format!("chat, {word}")), [expected]);
    }
    assert_eq!(protocol("a,, b, a"), [""; 0]);
    assert_eq!(of("Host: a"), [""; 0]);
    assert_eq!(
        of("Sec-WebSocket-Extensions: permessage-deflate;;"),
        [
            "the `Sec-WebSocket-Extensions` header is malformed: expected the name of a \
          parameter, found `;`"
        ]
    );
    assert_eq!(
        of("Sec-WebSocket-Extensions: "),
        [
            "the `Sec-WebSocket-Extensions` header is malformed: expected the name of an \
          extension, found the end"
        ]
    );
}

#[test]
fn an_offer_that_a_server_must_decline_has_a_warning() {
    let of = |value: &str| warnings(&[&format!("Sec-WebSocket-Extensions: {value}")]);
    assert_eq!(of("permessage-deflate; client_max_window_bits"), [""; 0]);
    assert_eq!(of("x-unknown; a=1, permessage-deflate"), [""; 0]);
    assert_eq!(
        of("permessage-deflate; client_max_window_bits=16"),
        ["client_max_window_bits must be 8 to 15, and is `16`"]
    );
    assert_eq!(of("permessage-deflate;;"), [""; 0]);
}

#[test]
fn a_target_must_be_a_path_or_an_http_uri() {
    let errors = |target: &str| match validate(&format!("GET {target} HTTP/1.1"), &RIGHT) {
        Ok(_) => Vec::new(),
        Err(errors) => errors,
    };
    for right in ["/", "/chat?room=%23", "http://localhost/chat", "HTTPS://a"] {
        assert_eq!(errors(right), [""; 0], "{right}");
    }
    for wrong in [
        "chat",
        "ws://localhost/chat",
        "http://",
        "*",
        "localhost:80",
    ] {
        let expected = format!("400 the request target must be a path, and is `{wrong}`");
        assert_eq!(errors(wrong), [expected]);
    }
    let fragment = "400 the request target `/chat#room` has a fragment";
    assert_eq!(errors("/chat#room"), [fragment]);
}

#[test]
fn a_host_is_a_name_or_an_address_with_or_without_a_port() {
    for right in [
        "Host: a_b.example:80",
        "Host: [::1]:9527",
        "Host: 127.0.0.1",
    ] {
        let lines = [&[right], &RIGHT[1..]].concat();
        assert!(validate("GET / HTTP/1.1", &lines).is_ok(), "{right}");
    }
    check(0, "Host:", "400 the `Host` header is empty");
    for wrong in ["local host", "http://localhost", "user@localhost", "a/chat"] {
        let expected = format!("400 the `Host` header must be a host and a port, and is `{wrong}`");
        check(0, &format!("Host: {wrong}"), &expected);
    }
}

#[test]
fn a_plain_request_is_reported_as_one_error() {
    let reported = |first: &str, lines: &[&str]| -> Vec<String> {
        let bytes = format!("{first}\r\n{}\r\n\r\n", lines.join("\r\n"));
        let (head, _) = RequestHead::parse(bytes.as_bytes()).unwrap().unwrap();
        let errors = validate_request(&head).unwrap_err();
        RequestError::reported(&errors)
            .map(ToString::to_string)
            .collect()
    };
    let none = "the request has no `Upgrade: websocket` header";
    assert_eq!(reported("GET / HTTP/1.1", &["Host: a"]), [none]);
    assert_eq!(
        reported("POST / HTTP/1.1", &["Connection: keep-alive"]),
        [none, "the request has no `Host` header"]
    );
    // With a key the client requests a WebSocket, and each missing header is an error.
    assert_eq!(reported("GET / HTTP/1.1", &RIGHT[3..4]).len(), 4);
}
