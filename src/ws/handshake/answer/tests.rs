//! What is wrong with answers.

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
    let faults = judge_response(head, asked);
    faults.iter().map(ToString::to_string).collect()
}

/// The verdict on a right response with one of its lines changed, or with more below.
#[track_caller]
fn check(number: usize, line: &str, asked: &str, expected: &[&str]) {
    let mut lines = RIGHT.to_vec();
    let new = line.split('\n').filter(|line| !line.is_empty());
    lines.splice(number..lines.len().min(number + 1), new);
    let head = response("HTTP/1.1 101 Switching Protocols", &lines);
    assert_eq!(sentences(&head, Some(&request(asked))), expected, "{line}");
}

#[test]
fn a_right_response_has_no_faults() {
    check(3, "", "", &[]);
    check(1, "connection: keep-alive, upgrade", "", &[]);
    check(0, "UPGRADE: WebSocket", "", &[]);
    let asked = "Sec-WebSocket-Protocol: a, b\r\n";
    check(3, "Sec-WebSocket-Protocol: b", asked, &[]);
    let head = response("HTTP/1.1 101 x", &RIGHT);
    assert_eq!(sentences(&head, None), [""; 0]);
}

#[test]
fn each_line_that_is_wrong_has_its_sentence() {
    let missing = "the response has no `Upgrade: websocket` header";
    check(0, "", "", &[missing]);
    let wrong = "the `Upgrade` header must be `websocket`, it is `websockets`";
    check(0, "Upgrade: websockets", "", &[wrong]);
    let twice = "the response has 2 `Upgrade` headers";
    check(0, "Upgrade: websocket\nUpgrade: websocket", "", &[twice]);
    check(
        1,
        "",
        "",
        &["the response has no `Connection: Upgrade` header"],
    );
    let close = "the `Connection` header must include `Upgrade`, it is `close`";
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
    let wrong = "the accept value `lCaWI6ZCGd5I25+0bJrVqBOcDYc=` does not answer the key \
                 `dGhlIHNhbXBsZSBub25jZQ==`";
    let line = "Sec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=";
    check(2, line, "", &[wrong]);
}

#[test]
fn a_subprotocol_is_one_that_was_offered() {
    let asked = "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: superchat\r\n";
    let chosen = |value: &str| format!("Sec-WebSocket-Protocol: {value}");
    let not = "the subprotocol `Chat` is chosen, and only `chat, superchat` was offered";
    check(3, &chosen("Chat"), asked, &[not]);
    let none = "the subprotocol `chat` is chosen, and none was offered";
    check(3, &chosen("chat"), "", &[none]);
    let several = "several subprotocols are chosen: `chat, superchat`";
    check(3, &chosen("chat, superchat"), asked, &[several]);
    let twice = format!("{}\n{}", chosen("chat"), chosen("superchat"));
    check(3, &twice, asked, &[several]);
    check(3, &chosen(""), asked, &["the subprotocol chosen is empty"]);
    let slash = "the subprotocol `a/b` is no token";
    check(3, &chosen("a/b"), asked, &[slash]);
    let silent = "none of the subprotocols offered is chosen: `chat, superchat`";
    check(3, "", asked, &[silent]);
}

#[test]
fn what_does_not_belong_into_a_101() {
    let length = "a 101 must not have a `Content-Length`, it is `0`";
    check(3, "Content-Length: 0", "", &[length]);
    let coding = "a 101 must not have a `Transfer-Encoding`, it is `chunked`";
    check(3, "Transfer-Encoding: chunked", "", &[coding]);
    let draft = "`WebSocket-Location` is of a draft before RFC 6455";
    check(3, "WebSocket-Location: ws://a", "", &[draft]);
}

#[test]
fn another_status_is_all_there_is_to_say() {
    let head = response("HTTP/1.1 400 Bad Request", &["Content-Length: 0"]);
    let expected = ["the status is 400, which opens no WebSocket"];
    assert_eq!(sentences(&head, None), expected);
    let head = response("HTTP/1.0 101 Switching Protocols", &RIGHT);
    let expected = ["the response is HTTP/1.0, and 1.1 is needed"];
    assert_eq!(sentences(&head, None), expected);
}

#[test]
fn without_the_request_only_the_form_of_the_accept_value_can_be_wrong() {
    let verdict = |value: &str| {
        let line = format!("Sec-WebSocket-Accept: {value}");
        let head = response("HTTP/1.1 101 x", &[RIGHT[0], RIGHT[1], &line]);
        sentences(&head, None)
    };
    assert_eq!(verdict("lCaWI6ZCGd5I25+0bJrVqBOcDYc="), [""; 0]);
    assert_eq!(
        verdict("fI/F95pFHyUax3HLt0ktmQ=="),
        ["`fI/F95pFHyUax3HLt0ktmQ==` answers no key: it is not base64 of 20 bytes"]
    );
}
