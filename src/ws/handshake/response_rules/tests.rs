//! Responses with errors, and valid ones.

use super::*;

const RIGHT: [&str; 3] = [
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
];

fn request(lines: &str) -> RequestHead {
    let bytes =
        format!("GET / HTTP/1.1\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{lines}\r\n");
    RequestHead::parse(bytes.as_bytes()).unwrap().unwrap().0
}

fn response(first: &str, lines: &[&str]) -> ResponseHead {
    let bytes = format!("{first}\r\n{}\r\n\r\n", lines.join("\r\n"));
    ResponseHead::parse(bytes.as_bytes()).unwrap().unwrap().0
}

fn sentences(head: &ResponseHead, asked: Option<&RequestHead>) -> Vec<String> {
    let errors = validate_response(head, asked);
    errors.iter().map(ToString::to_string).collect()
}

/// Checks the errors of a right response with one line changed, or with lines added.
#[track_caller]
fn check(number: usize, line: &str, asked: &str, expected: &[&str]) {
    let mut lines = RIGHT.to_vec();
    let new = line.split('\n').filter(|line| !line.is_empty());
    lines.splice(number..lines.len().min(number + 1), new);
    let head = response("HTTP/1.1 101 Switching Protocols", &lines);
    assert_eq!(sentences(&head, Some(&request(asked))), expected, "{line}");
}

#[test]
fn a_valid_response_has_no_errors() {
    check(3, "", "", &[]);
    check(1, "connection: keep-alive, upgrade", "", &[]);
    check(0, "UPGRADE: WebSocket", "", &[]);
    let asked = "Sec-WebSocket-Protocol: a, b\r\n";
    check(3, "Sec-WebSocket-Protocol: b", asked, &[]);
    let head = response("HTTP/1.1 101 x", &RIGHT);
    assert_eq!(sentences(&head, None), [""; 0]);
}

#[test]
fn each_wrong_header_has_its_error() {
    let missing = "the response has no `Upgrade: websocket` header";
    check(0, "", "", &[missing]);
    let wrong = "the `Upgrade` header must be `websocket`, and is `websockets`";
    check(0, "Upgrade: websockets", "", &[wrong]);
    let twice = "the response has 2 `Upgrade` headers";
    check(0, "Upgrade: websocket\nUpgrade: websocket", "", &[twice]);
    check(
        1,
        "",
        "",
        &["the response has no `Connection: Upgrade` header"],
    );
    let close = "the `Connection` header must include `Upgrade`, and is `close`";
    check(1, "Connection: close", "", &[close]);
    check(
        2,
        "",
        "",
        &["the response has no `Sec-WebSocket-Accept` header"],
    );
    let twice = format!("{}\n{}", RIGHT[2], RIGHT[2]);
    let expected = "the response has 2 `Sec-WebSocket-Accept` headers";
    check(2, &twice, "", &[expected]);
    let wrong = "the accept value `lCaWI6ZCGd5I25+0bJrVqBOcDYc=` is not that of the key \
                 `dGhlIHNhbXBsZSBub25jZQ==`";
    let line = "Sec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=";
    check(2, line, "", &[wrong]);
}

#[test]
fn a_subprotocol_must_be_one_of_those_offered() {
    let asked = "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: superchat\r\n";
    let chosen = |value: &str| format!("Sec-WebSocket-Protocol: {value}");
    let not = "the subprotocol `Chat` is chosen, but only `chat, superchat` was offered";
    check(3, &chosen("Chat"), asked, &[not]);
    let none = "the subprotocol `chat` is chosen, but none was offered";
    check(3, &chosen("chat"), "", &[none]);
    let several = "several subprotocols are chosen: `chat, superchat`";
    check(3, &chosen("chat, superchat"), asked, &[several]);
    let twice = format!("{}\n{}", chosen("chat"), chosen("superchat"));
    check(3, &twice, asked, &[several]);
    check(3, &chosen(""), asked, &["the subprotocol chosen is empty"]);
    let slash = "the subprotocol `a/b` is not a token";
    check(3, &chosen("a/b"), asked, &[slash]);
    let silent = "none of the subprotocols offered is chosen: `chat, superchat`";
    check(3, "", asked, &[silent]);
}

#[test]
fn framing_and_draft_headers_are_errors_in_a_101() {
    let length = "a 101 must not have a `Content-Length`, and has `0`";
    check(3, "Content-Length: 0", "", &[length]);
    let coding = "a 101 must not have a `Transfer-Encoding`, and has `chunked`";
    check(3, "Transfer-Encoding: chunked", "", &[coding]);
    let draft = "`WebSocket-Location` belongs to a draft before RFC 6455";
    check(3, "WebSocket-Location: ws://a", "", &[draft]);
}

#[test]
fn another_status_is_the_only_error() {
    let head = response("HTTP/1.1 400 Bad Request", &["Content-Length: 0"]);
    let expected = ["the status is 400 instead of 101"];
    assert_eq!(sentences(&head, None), expected);
    let head = response("HTTP/1.0 101 Switching Protocols", &RIGHT);
    let expected = ["the response is HTTP/1.0 instead of HTTP/1.1"];
    assert_eq!(sentences(&head, None), expected);
}

#[test]
fn without_the_request_only_the_form_of_the_accept_value_is_checked() {
    let errors = |value: &str| {
        let line = format!("Sec-WebSocket-Accept: {value}");
        let head = response("HTTP/1.1 101 x", &[RIGHT[0], RIGHT[1], &line]);
        sentences(&head, None)
    };
    assert_eq!(errors("lCaWI6ZCGd5I25+0bJrVqBOcDYc="), [""; 0]);
    assert_eq!(
        errors("fI/F95pFHyUax3HLt0ktmQ=="),
        ["`fI/F95pFHyUax3HLt0ktmQ==` is not base64 of 20 bytes"]
    );
}

/// Checks the errors of a response to an offer of extensions.
#[track_caller]
fn check_extensions(offered: &str, answered: &str, expected: &[&str]) {
    let line = format!("Sec-WebSocket-Extensions: {answered}");
    let head = response("HTTP/1.1 101 x", &[RIGHT[0], RIGHT[1], RIGHT[2], &line]);
    let asked = request(&format!("Sec-WebSocket-Extensions: {offered}\r\n"));
    assert_eq!(
        sentences(&head, Some(&asked)),
        expected,
        "{offered} -> {answered}"
    );
}

#[test]
fn extensions_may_answer_any_of_the_offers() {
    let offer = "permessage-deflate; client_max_window_bits";
    check_extensions(offer, "permessage-deflate", &[]);
    check_extensions(offer, "permessage-deflate; client_max_window_bits=9", &[]);
    let two = "permessage-deflate; server_max_window_bits=10, permessage-deflate";
    check_extensions(two, "permessage-deflate", &[]);
    check_extensions(two, "permessage-deflate;server_max_window_bits=\"9\"", &[]);
}

#[test]
fn extensions_that_answer_no_offer_are_errors() {
    let none = "the extension `x-webkit-deflate-frame` is chosen but was not offered";
    check_extensions("permessage-deflate", "x-webkit-deflate-frame", &[none]);
    let twice = "the extension `permessage-deflate` is chosen twice";
    check_extensions(
        "permessage-deflate",
        "permessage-deflate, permessage-deflate",
        &[twice],
    );
    let not = "client_max_window_bits is in the response, but not in the offer";
    let answer = "permessage-deflate; client_max_window_bits=15";
    check_extensions("permessage-deflate", answer, &[not]);
    let missing = "client_max_window_bits needs a value, 8 to 15";
    let offer = "permessage-deflate; client_max_window_bits";
    check_extensions(offer, offer, &[missing]);
    let bits = "server_max_window_bits must be 8 to 15, and is `16`";
    check_extensions(
        offer,
        "permessage-deflate; server_max_window_bits=16",
        &[bits],
    );
    let empty = "the list of extensions is malformed: expected the name of an extension, \
                 found the end";
    check_extensions(offer, "", &[empty]);
}
