//! Keys in request heads, logs, dumps and source code. Each is answered once.

use std::fmt::Write as _;

use wsctl::notation::Notation;

use crate::helpers::run::{check, check_reading, wsctl, wsctl_reading};

const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n";
const OTHER_KEY: &str = "kJXuOKsrl3AR1KeFngRElQ==";
const OTHER_ACCEPT: &str = "lCaWI6ZCGd5I25+0bJrVqBOcDYc=\n";

const REQUEST: [&str; 6] = [
    "GET /chat HTTP/1.1",
    "Host: 127.0.0.1:9527",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

/// The request with something around each of its lines, the empty one too.
fn lines(line: impl Fn(&str) -> String) -> String {
    REQUEST.iter().chain(&[""]).map(|text| line(text)).collect()
}

fn response(accept: &str) -> String {
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {accept}\r\n\r\n"
    )
}

#[test]
fn the_key_of_a_request_is_answered_in_every_form_of_it() {
    for paste in [
        lines(|line| format!("{line}\r\n")),
        lines(|line| format!("> {line}\n")),
        lines(|line| format!("2026-11-26 14:24:08,123 DEBUG {line}\n")),
        lines(|line| format!("17:43:13.645 -> [Line #0] {line}\n")),
        lines(|line| format!("    [WS-Client][handleHeader] RX: {line}\n")),
        format!("b'{}'\n", lines(|line| format!("{line}\\r\\n"))),
        format!(
            "recv: b'{}' from ('127.0.0.1', 51034)\n",
            lines(|line| format!("{line}\\r\\n"))
        ),
        format!("{}....\n", REQUEST.join("..")),
        REQUEST.join(" "),
        REQUEST[1..].join("\n"),
        format!(
            "curl 'ws://127.0.0.1:9527/' -H 'Sec-WebSocket-Key: {KEY}' -H 'Upgrade: websocket'\n"
        ),
        format!("{{ upgrade: 'websocket',\n  'sec-websocket-key': '{KEY}' }}\n"),
        format!("[ws] cKey: {KEY}\nmore words\n"),
        format!("the key is\nKey:\n{KEY}\n"),
        format!("accepted {KEY}, wait for frames\n"),
    ] {
        let outcome = wsctl_reading(["accept"], paste.as_bytes());
        assert_eq!(outcome.to_string(), ACCEPT, "{paste}");
    }
}

/// Chrome's panel of headers: a name and a value on a line each.
#[test]
fn the_key_in_a_list_of_headers_is_answered() {
    let list = REQUEST[1..].join("\n").replace(": ", ":\n");
    let paste = format!("Request Headers\n{list}\n");
    check_reading("accept", paste.as_bytes(), ACCEPT);
    let with_response = format!(
        "Response Headers\nSec-WebSocket-Accept:\n{ACCEPT}Upgrade:\nwebsocket\nConnection:\nUpgrade\n{paste}"
    );
    check_reading("accept", with_response.as_bytes(), ACCEPT);
}

/// A request in the notations of bytes, and in the packets of a capture.
#[test]
fn the_key_in_a_dump_is_answered() {
    let head = lines(|line| format!("{line}\r\n"));
    for notation in [Notation::Hex, Notation::Hexdump] {
        let mut dump = notation.write(head.as_bytes());
        dump.push(b'\n');
        check_reading("accept", &dump, ACCEPT);
    }
    let mut packets = String::new();
    for (number, payload) in head.as_bytes().chunks(100).enumerate() {
        packets += &packet(u32::try_from(number).unwrap() * 100 + 1, payload);
    }
    check_reading("accept", packets.as_bytes(), ACCEPT);
}

/// A packet as `tcpdump -x` prints it, from the client.
fn packet(sequence: u32, payload: &[u8]) -> String {
    let size = u16::try_from(40 + payload.len()).unwrap();
    let packet = [
        &[0x45, 0][..],
        &size.to_be_bytes(),
        &[0, 0, 0x40, 0, 0x40, 6, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1],
        &[0xc7, 0x5a, 0x25, 0x37],
        &sequence.to_be_bytes(),
        &[0, 0, 0, 1, 0x50, 0x18, 2, 0, 0, 0, 0, 0],
        payload,
    ]
    .concat();
    let mut text =
        String::from("12:00:00.000200 IP 127.0.0.1.51034 > 127.0.0.1.9527: Flags [P.], length 9\n");
    for (row, bytes) in packet.chunks(16).enumerate() {
        let pairs: Vec<String> = bytes.chunks(2).map(hex::encode).collect();
        writeln!(text, "\t0x{:04x}:  {}", row * 16, pairs.join(" ")).unwrap();
    }
    text
}

#[test]
fn a_request_as_an_argument_is_read_like_a_paste() {
    let head = lines(|line| format!("{line}\r\n"));
    assert_eq!(wsctl(["accept", &head]).to_string(), ACCEPT);
    let literal = format!("b'{}'", lines(|line| format!("{line}\\r\\n")));
    assert_eq!(wsctl(["accept", &literal]).to_string(), ACCEPT);
}

#[test]
fn the_guid_after_the_key_in_a_log_is_told() {
    let guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    let expected = format!(
        "{ACCEPT}--- stderr\nwsctl: the word ends with the GUID, which is added anyway; the key is \
         `{KEY}`\n"
    );
    for paste in [
        format!("hash over {KEY}{guid} ...\n"),
        format!("GET / HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Key: {KEY}{guid}\r\n\r\n"),
        format!("{KEY}{guid}\n"),
    ] {
        check_reading("accept", paste.as_bytes(), &expected);
    }
}

#[test]
fn a_key_on_two_lines_is_put_together() {
    let expected =
        format!("{ACCEPT}--- stderr\nwsctl: the key stands on two lines, and is read as `{KEY}`\n");
    let (start, end) = KEY.split_at(11);
    for paste in [
        format!("GET / HTTP/1.1\nHost: a\nSec-WebSocket-Key: {start}\n{end}\nOrigin: b\n\n"),
        format!("the server got Sec-WebSocket-Key: {start}\n{end}\nand failed\n"),
        format!("{start}\n{end}\n"),
    ] {
        check_reading("accept", paste.as_bytes(), &expected);
    }
}

#[test]
fn several_keys_are_told_and_answered_in_their_order() {
    let first = lines(|line| format!("{line}\r\n"));
    let second = first.replace(KEY, OTHER_KEY);
    let expected = format!(
        "{ACCEPT}{OTHER_ACCEPT}--- stderr\nwsctl: 2 different keys are in the input, and each gets its \
         value in this order: `{KEY}`, `{OTHER_KEY}`\n"
    );
    check_reading("accept", format!("{first}{second}").as_bytes(), &expected);
    check_reading(
        "accept",
        format!("{first}{}{second}", response(ACCEPT.trim())).as_bytes(),
        &expected,
    );
    check_reading(
        &format!("accept --check {} -", ACCEPT.trim()),
        format!("{first}{second}").as_bytes(),
        &format!(
            "--- stderr\n{}wsctl: --check takes one key, found 2\n--- status 2\n",
            expected.split_once("--- stderr\n").unwrap().1
        ),
    );
}

#[test]
fn the_accept_value_of_a_response_is_verified() {
    let request = lines(|line| format!("{line}\r\n"));
    check_reading(
        "accept",
        format!("{request}{}", response(ACCEPT.trim())).as_bytes(),
        ACCEPT,
    );
    let wrong = "--- stderr\n\
         error[accept-key-mangled]: the value was computed without the GUID \
         (RFC 6455 section 4.2.2)\n\
         \x20 expected  s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n\
         \x20 got       hHLtf2V1k8aDQZfNjw3Ia1hCwt0=\n\
         \x20 fix       hash the text of the key, without white space around it, followed by \
         the GUID\n\
         --- status 1\n";
    for paste in [
        format!("{request}{}", response("hHLtf2V1k8aDQZfNjw3Ia1hCwt0=")),
        format!("key {KEY}\nsending Sec-WebSocket-Accept: hHLtf2V1k8aDQZfNjw3Ia1hCwt0=\n"),
    ] {
        check_reading("accept", paste.as_bytes(), &format!("{ACCEPT}{wrong}"));
    }
    // An accept value that is base64 of 16 bytes is no key.
    let outcome = wsctl_reading(
        ["accept", "-q"],
        format!("key: {KEY} Sec-WebSocket-Accept: {OTHER_KEY}\n").as_bytes(),
    );
    assert_eq!(outcome.to_string(), format!("{ACCEPT}--- status 1\n"));
}

#[test]
fn text_without_a_key_has_none() {
    let expected = "--- stderr\nwsctl: expected keys in standard input, found none\n--- status 2\n";
    for paste in [
        "a line of a log\nanother one\n",
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n",
        "2026-11-26 14:24:08 INFO b'\\x81\\x05Hello'\n2026-11-26 14:24:09 INFO closed\n",
    ] {
        check_reading("accept", paste.as_bytes(), expected);
    }
    // A single line is taken for the key, whatever it is.
    check(
        "accept -q YWFhYWFhYWFhYWFh",
        "c0JtDWQ6gzsSY4ygjQWGCN/zhxA=\n--- status 1\n",
    );
}
