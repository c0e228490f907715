//! `wsctl accept`.

mod pastes;

use crate::helpers::run::{check, check_reading, wsctl, wsctl_reading};

const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n";

#[test]
fn prints_the_value_alone() {
    check(&format!("accept {KEY}"), ACCEPT);
    check(
        &format!("accept {KEY} kJXuOKsrl3AR1KeFngRElQ=="),
        &format!("{ACCEPT}lCaWI6ZCGd5I25+0bJrVqBOcDYc=\n"),
    );
}

#[test]
fn accepts_a_pasted_header_line() {
    for line in [
        "Sec-WebSocket-Key: KEY",
        "sec-websocket-key:KEY",
        "  KEY \r",
        "\tSec-WebSocket-Key :  KEY\r\n",
    ] {
        let outcome = wsctl(["accept", &line.replace("KEY", KEY)]);
        assert_eq!(outcome.to_string(), ACCEPT, "{line:?}");
    }
}

#[test]
fn accepts_a_header_line_without_quotes() {
    check(&format!("accept Sec-WebSocket-Key: {KEY}"), ACCEPT);
}

#[test]
fn accepts_bytes_that_are_not_text() {
    // Verified with another implementation of SHA-1.
    let outcome = wsctl_reading(["accept", "-q"], b"\xff\xfe\n");
    assert_eq!(
        outcome.to_string(),
        "kU7Uwz6SX4dX6+/IbbB/7WRvIgY=\n--- status 1\n"
    );
}

#[test]
fn reads_keys_from_standard_input() {
    let lines = format!("{KEY}\r\n\n  Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\r\n");
    let both = format!("{ACCEPT}lCaWI6ZCGd5I25+0bJrVqBOcDYc=\n");
    check_reading("accept", lines.as_bytes(), &both);
    check_reading("accept -", lines.as_bytes(), &both);
    check_reading(
        &format!("accept {KEY} -"),
        lines.as_bytes(),
        &format!("{ACCEPT}{both}"),
    );
    check_reading(
        "accept",
        b"\n",
        "--- stderr\nwsctl: expected keys in standard input, found none\n--- status 2\n",
    );
}

#[test]
fn an_invalid_key_gets_its_value_and_an_error() {
    check(
        "accept YWFhYWFhYWFhYWFh",
        "c0JtDWQ6gzsSY4ygjQWGCN/zhxA=\n\
         --- stderr\n\
         error[req-key-bad]: this is not a Sec-WebSocket-Key: it is base64 of 12 bytes \
         instead of 16 (RFC 6455 section 4.1)\n\
         --- status 1\n",
    );
    let outcome = wsctl(["accept", "-q", ""]);
    assert_eq!(
        outcome.to_string(),
        "Kfh9QIsMVZcl6xEPYxPHzW8SZ8w=\n--- status 1\n"
    );
}

#[test]
fn check_names_the_mistake_in_a_wrong_value() {
    check(
        &format!("accept --check s3pPLMBiTxaQ9kYGzzhZRbK+xOo= {KEY}"),
        ACCEPT,
    );
    let line = format!("Sec-WebSocket-Accept: {ACCEPT}");
    assert_eq!(wsctl(["accept", "--check", &line, KEY]).status, 0);
    check(
        &format!("accept --check hHLtf2V1k8aDQZfNjw3Ia1hCwt0= {KEY}"),
        "--- stderr\n\
         error[accept-key-mangled]: the value was computed without the GUID \
         (RFC 6455 section 4.2.2)\n\
         \x20 expected  s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n\
         \x20 got       hHLtf2V1k8aDQZfNjw3Ia1hCwt0=\n\
         \x20 fix       hash the text of the key, without white space around it, followed by \
         the GUID\n\
         --- status 1\n",
    );
    let with_line_feed = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n";
    let outcome = wsctl(["accept", "--check", with_line_feed, KEY]);
    assert_eq!(
        outcome.to_string(),
        "--- stderr\n\
         error[accept-b64-newline]: the value is right, but ends with a line feed \
         (RFC 6455 section 4.2.2)\n\
         \x20 expected  s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n\
         \x20 got       s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\\n\n\
         \x20 fix       use `b64encode`, or `strip()` the value\n\
         --- status 1\n",
    );
    check(
        &format!("accept --check x {KEY} {KEY}"),
        "--- stderr\nwsctl: --check takes one key, found 2\n--- status 2\n",
    );
}

#[test]
fn a_value_after_a_key_is_compared() {
    let right = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
    check(&format!("accept {KEY} {right}"), ACCEPT);
    check(
        &format!("accept {KEY} Sec-WebSocket-Accept: {right}"),
        ACCEPT,
    );
    check(
        &format!("accept {KEY} {right} kJXuOKsrl3AR1KeFngRElQ=="),
        &format!("{ACCEPT}lCaWI6ZCGd5I25+0bJrVqBOcDYc=\n"),
    );
    check(
        &format!("accept {KEY} hHLtf2V1k8aDQZfNjw3Ia1hCwt0="),
        "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n\
         --- stderr\n\
         error[accept-key-mangled]: the value was computed without the GUID \
         (RFC 6455 section 4.2.2)\n\
         \x20 expected  s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n\
         \x20 got       hHLtf2V1k8aDQZfNjw3Ia1hCwt0=\n\
         \x20 fix       hash the text of the key, without white space around it, followed by \
         the GUID\n\
         --- status 1\n",
    );
    let outcome = wsctl([
        "accept",
        "-q",
        KEY,
        "b37a4f2cc0624f1690f64606cf385945b2bec4ea",
    ]);
    assert_eq!(outcome.to_string(), format!("{ACCEPT}--- status 1\n"));
}

#[test]
fn prints_the_whole_response() {
    check(
        &format!("accept --response {KEY}"),
        "HTTP/1.1 101 Switching Protocols\r\n\
         Upgrade: websocket\r\n\
         Connection: Upgrade\r\n\
         Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\
         \r\n",
    );
}

#[test]
fn a_key_with_the_guid_after_it_is_split() {
    let notice_for = |key: &str| {
        format!(
            "--- stderr\nwsctl: the word ends with the GUID, which is added anyway; the key is \
             `{key}`\n"
        )
    };
    check(
        &format!("accept {KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11"),
        &format!("{ACCEPT}{}", notice_for(KEY)),
    );
    let key = "kJXuOKsrl3AR1KeFngRElQ==";
    check(
        &format!("accept {key}258eafa5-e914-47da-95ca-c5ab0dc85b11"),
        &format!("lCaWI6ZCGd5I25+0bJrVqBOcDYc=\n{}", notice_for(key)),
    );
    // Only the last group of the GUID.
    let outcome = wsctl(["accept", "-q", &format!("{KEY}C5AB0DC85B11")]);
    assert_eq!(
        outcome.to_string(),
        "ZghaiXQFpwJaGs114lAP9X9fseQ=\n--- status 1\n"
    );
}

#[test]
fn the_key_in_a_head_or_a_log_is_answered_once() {
    let head = format!(
        "GET / HTTP/1.1\r\nHost: a\r\nsec-websocket-key: {KEY}\r\n\r\n\
         HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: {ACCEPT}\r\n\r\n"
    );
    check_reading("accept", head.as_bytes(), ACCEPT);
    let line = "[WS-Client][handleHeader]  - cKey: OTYKgyLyE/pH3nrTWyhqcw==\n";
    let log = format!("[WS-Client][sendHeader] sending header... Done\n{line}{line}");
    check_reading("accept", log.as_bytes(), "L0YgCBT6Lg6nwd2GrQ57V8sXm/0=\n");
    // Keys alone, a line each, are all answered.
    let keys = format!("{KEY}\nSec-WebSocket-Key: {KEY}\n");
    check_reading("accept", keys.as_bytes(), &format!("{ACCEPT}{ACCEPT}"));
}
