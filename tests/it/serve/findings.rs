//! The findings of `wsctl serve`: those of `wsctl decode` for the same bytes, under the frame that
//! shows them, and none for valid frames.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;

use serde_json::Value;
use tungstenite::Message;
use wsctl::ws::endpoint::Endpoint;
use wsctl::ws::extension::DeflateParameters;
use wsctl::ws::{CloseCode, MaskingKey, Opcode};

use crate::helpers::client::{REQUEST, frame};
#[cfg(target_os = "linux")]
use crate::helpers::run::memory;
use crate::helpers::run::wsctl;
use crate::helpers::server::Server;

const KEY: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// A text frame with these length bytes, whatever the length of the payload is.
fn frame_with_length(length: &[u8], payload: &[u8]) -> Vec<u8> {
    [b"\x81", length, &KEY, &masked(payload)].concat()
}

fn masked(payload: &[u8]) -> Vec<u8> {
    let key = KEY.iter().cycle();
    payload.iter().zip(key).map(|(a, b)| a ^ b).collect()
}

/// The rule of each finding, and what the client sends after the handshake before it closes the TCP
/// connection.
fn invalid_frames() -> Vec<(&'static str, Vec<u8>)> {
    let good = frame(0x81, b"good");
    let after_message = |bytes: &[u8]| [&good, bytes].concat();
    let (chinese, french) = ("你好".as_bytes(), "naïve café".as_bytes());
    let interleaved = [
        b"\x81\x8a",
        &KEY[..],
        &masked(b"Hello")[..],
        b"\x89\x80abcd",
        &masked(b".....world")[5..],
    ];
    let restarted = [
        b"\x81\x8c",
        &KEY[..],
        &masked(b"Hello"),
        &masked(b" world!"),
    ];
    vec![
        ("client-unmasked", b"\x81\x05Hello".to_vec()),
        ("client-unmasked", after_message(b"\x89\x00")),
        ("mask-bit-no-key", b"\x81\x85Hello".to_vec()),
        (
            "http-in-stream",
            after_message(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ),
        ("raw-text-unframed", b"Hello, server!\n".to_vec()),
        ("raw-text-unframed", after_message(b"{\"type\":\"hello\"}")),
        (
            "other-protocol-in-stream",
            after_message(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
        ),
        (
            "payload-not-xored",
            [b"\x81\x8d\x88\x99\xaa\xbb".as_slice(), b"Hello, world!"].concat(),
        ),
        ("unmask-offset", restarted.concat()),
        ("writes-interleaved", interleaved.concat()),
        ("len-in-chars", frame_with_length(b"\x82", chinese)),
        (
            "len-in-chars",
            [frame_with_length(b"\x8a", french), good.clone()].concat(),
        ),
        ("len-beyond-data", frame_with_length(b"\x8b", b"Hello")),
        (
            "len-little-endian",
            frame_with_length(b"\xfe\xc8\x00", &[b'x'; 200]),
        ),
        (
            "len-field-width",
            frame_with_length(b"\xfe\0\0\0\xc8", &[b'x'; 200]),
        ),
        ("len7-overflow", frame_with_length(b"\xc8", &[b'E'; 200])),
        (
            "len16-not-minimal",
            frame_with_length(b"\xfe\0\x05", b"Hello"),
        ),
        (
            "len64-not-minimal",
            frame_with_length(b"\xff\0\0\0\0\0\0\0\x05", b"Hello"),
        ),
        (
            "len64-msb",
            frame_with_length(b"\xff\x80\0\0\0\0\0\0\x05", b"Hello"),
        ),
        (
            "resp-trailing-bytes",
            [&good[..], b"\r\n", &frame(0x81, b"the next")].concat(),
        ),
        ("text-not-utf8", frame(0x81, b"caf\xe9 ol\xe9")),
        ("text-utf8-cut", frame(0x81, b"\xe4\xbd\xa0\xe5\xa5")),
        (
            "text-utf8-cut",
            [frame(0x01, b"\xe4\xbd"), frame(0x80, b"a")].concat(),
        ),
        ("text-surrogate", frame(0x81, b"\xed\xa0\xbd\xed\xb8\x80")),
        ("close-code-garbled", frame(0x88, b"1000")),
        ("close-reserved-code", frame(0x88, b"\x03\xee")),
        ("close-1-byte", frame(0x88, b"\x03")),
        ("close-reason-utf8", frame(0x88, b"\x03\xe8caf\xe9")),
        ("rsv23-or-opcode", frame(0x83, b"Hello")),
        ("control-fragmented", frame(0x09, b"")),
        ("control-too-long", frame(0x89, &[b'a'; 126])),
        ("continuation-without-start", frame(0x80, b"Hello")),
        (
            "new-message-mid-fragments",
            [frame(0x01, b"a"), frame(0x81, b"b")].concat(),
        ),
        ("mask-key-weak", b"\x81\x85\0\0\0\0Hello".to_vec()),
        (
            "mask-key-weak",
            [
                frame_with_length(b"\x82", b"ab"),
                frame_with_length(b"\x83", b"abc"),
            ]
            .concat(),
        ),
        ("text-odd-content", frame(0x81, b"[object Object]")),
        ("text-odd-content", frame(0x81, b"\xef\xbb\xbfhello")),
        ("app-engine-io", frame(0x81, b"42[\"message\",\"hi\"]")),
    ]
}

/// The findings in a JSON log, without connection, time and direction.
fn findings(log: &[impl AsRef<str>]) -> Vec<Value> {
    let objects = log
        .iter()
        .map(|line| serde_json::from_str(line.as_ref()).unwrap());
    let findings = objects.filter(|object: &Value| object["type"] == "finding");
    findings
        .map(|mut finding| {
            let names = finding.as_object_mut().unwrap();
            for name in ["time", "connection", "from"] {
                names.remove(name);
            }
            finding
        })
        .collect()
}

/// The log of a connection on which a client sends bytes in pieces and then ends the connection.
fn log_of(server: &Server, head: &str, bytes: &[u8], size: usize) -> Vec<String> {
    let mut stream = server.connect();
    stream.write_all(head.as_bytes()).unwrap();
    while !is_from_server(&server.line(), "opened") {}
    for piece in bytes.chunks(size) {
        // The server may have closed the connection before.
        let _ = stream.write_all(piece);
    }
    let _ = stream.shutdown(Shutdown::Write);
    let _ = stream.read_to_end(&mut Vec::new());
    log_until_closed(server)
}

/// The lines of a JSON log up to the end of a connection.
fn log_until_closed(server: &Server) -> Vec<String> {
    let mut log: Vec<String> = Vec::new();
    while log
        .last()
        .is_none_or(|line| !is_from_server(line, "closed"))
    {
        log.push(server.line());
    }
    log
}

fn is_from_server(line: &str, what: &str) -> bool {
    line.contains(&format!("\"type\":\"{what}\""))
}

#[test]
fn findings_are_those_of_decode() {
    let server = Server::start(&["-f", "json"]);
    for (rule, bytes) in invalid_frames() {
        let hex = hex::encode(&bytes);
        let decoded = wsctl(["decode", "-f", "json", "--from", "client", &hex]);
        let decoded = findings(&decoded.text().lines().collect::<Vec<_>>());
        let explained = decoded.iter().find(|finding| finding["rule"] == rule);
        let explained = explained.unwrap_or_else(|| panic!("{rule}: {decoded:#?}"));
        for name in ["section", "message", "cause", "fix"] {
            assert!(!explained[name].as_str().unwrap().is_empty(), "{rule}");
        }
        let log = log_of(&server, REQUEST, &bytes, bytes.len());
        let received = findings(&log);
        assert_eq!(received.first(), Some(explained), "{rule}: {log:#?}");
    }
    assert_eq!(server.stop(), 0);
}

/// Each violation is explained also if the frame arrives byte by byte.
#[test]
fn findings_are_the_same_byte_by_byte() {
    let server = Server::start(&["-f", "json"]);
    for (rule, bytes) in invalid_frames() {
        let log = log_of(&server, REQUEST, &bytes, 1);
        let received = findings(&log);
        let faults = received.iter().filter(|it| it["severity"] == "violation");
        let is_failed = log.last().unwrap().contains("\"how\":\"failed\"");
        assert!(!is_failed || faults.count() > 0, "{rule}: {log:#?}");
        assert!(!received.is_empty(), "{rule}: {log:#?}");
    }
}

#[test]
fn the_first_finding_of_a_rule_is_printed_in_full_and_later_ones_on_a_line() {
    let server = Server::start(&[]);
    let bytes = frame_with_length(b"\xfe\0\x05", b"Hello");
    let log = || {
        server.answer_to(&bytes);
        let log = server.log_until(" - ");
        log[2..log.len() - 2].to_vec()
    };
    let line = "error[len16-not-minimal]: frame 1, byte 1: payload length 5 uses the 16-bit form, \
                but must use the 7-bit form (RFC 6455 section 5.2)";
    let text = "< text \"Hello\" [5 bytes, length in 16 bits, masked 37fa213d]";
    assert_eq!(
        log(),
        [
            format!("10:02:12.003 #1 {text}").as_str(),
            format!("10:02:12.003 #1 ! {line}").as_str(),
            "                  81 fe 00 05 37 fa 21 3d 7f 9f 4d 51 58",
            "                     ^^^^^^^^ 5 fits in 7 bits: 85",
            "                  cause: perhaps the code has `< 125` instead of `<= 125`, or it",
            "                         only writes the 16-bit form",
            "                  fix: write the length as 85",
        ]
    );
    assert_eq!(
        log(),
        [
            format!("10:02:12.003 #2 {text}"),
            format!("10:02:12.003 #2 ! {line}"),
        ]
    );
}

#[test]
fn a_request_with_warnings_is_accepted_and_reported() {
    let server = Server::start(&[]);
    let known = "dGhlIHNhbXBsZSBub25jZQ==";
    let request = REQUEST.replace("kJXuOKsrl3AR1KeFngRElQ==", known);
    let mut stream = server.connect();
    stream.write_all(request.as_bytes()).unwrap();
    let log = server.log_until("fix: ");
    assert_eq!(
        log[2..],
        [
            "10:02:12.003 #1 ! warning[req-key-constant]: request, byte 113: the key \
             `dGhlIHNhbXBsZSBub25jZQ==` is a well-known example (RFC 6455 section 4.1)",
            "                  Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "                                     ^^^^^^^^^^^^^^^^^^^^^^^^ each connection needs a \
             new key",
            "                  cause: perhaps the key was copied from the RFC or a tutorial,",
            "                         or the random generator has a fixed seed",
            "                  fix: generate a new random key for each connection",
        ]
    );
    stream.write_all(&frame(0x88, b"\x03\xe8")).unwrap();
    assert!(
        server
            .log_until(" - ")
            .last()
            .unwrap()
            .contains("the client closed with 1000")
    );
}

#[test]
fn unusual_but_valid_frames_have_no_finding() {
    let server = Server::start(&["-f", "json"]);
    let right: [&[&[u8]]; 12] = [
        &[b"\x81\x80abcd"],
        &[&frame(0x81, b"GET / HTTP/1.1\r\n\r\n")],
        &[&frame(0x82, b"\x81\x05Hello")],
        &[
            &frame(0x01, b"\xe4\xbd"),
            &frame(0x89, b""),
            &frame(0x80, b"\xa0"),
        ],
        &[&frame(0x81, &[b'x'; 126])],
        &[&frame(0x81, &vec![b'x'; 65_536])],
        &[&frame(0x81, b"42 is the answer"), &frame(0x81, b"42")],
        &[&frame(0x81, b"[object]"), &frame(0x81, b"b'")],
        &[
            &frame(0x82, b"\x78\x9c is no zlib"),
            &frame(0x82, b"\x1f\x8b"),
        ],
        &[&frame(0x81, "a\u{feff}b".as_bytes()), &frame(0x81, b"a\0b")],
        &[&frame(0x81, b"\t\r\n"), &frame(0x8a, b"unasked")],
        &[
            &frame(0x81, b"\x1b[1mbold\x1b[0m"),
            &frame(0x81, b"CONNECT me"),
        ],
    ];
    for frames in right {
        let close = frame(0x88, b"\x0f\xa1bye");
        let bytes = [&frames.concat()[..], &close].concat();
        for size in [bytes.len(), 3] {
            let log = log_of(&server, REQUEST, &bytes, size);
            assert_eq!(findings(&log), [Value::Null; 0], "{frames:?}");
            assert!(
                log.last()
                    .unwrap()
                    .contains("\"by\":\"client\",\"how\":\"close\"")
            );
        }
    }
}

#[test]
fn a_valid_client_has_no_finding() {
    let server = Server::start(&["-f", "json"]);
    let mut client = server.client();
    let binary: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    for message in [
        Message::text(""),
        Message::text("今天".repeat(20_000)),
        Message::binary(binary),
        Message::Ping("hi".into()),
    ] {
        client.send(message).unwrap();
        client.read().unwrap();
    }
    client.close(None).unwrap();
    while client.read().is_ok() {}
    let log = log_until_closed(&server);
    assert_eq!(findings(&log), [Value::Null; 0]);
}

/// The frames of a client that compresses its messages.
fn compressed(texts: &[&str]) -> Vec<u8> {
    let mut count = 0_u32;
    let keys = move || {
        count += 0x1234_5679;
        MaskingKey(count.to_be_bytes())
    };
    let mut client = Endpoint::client(1 << 20, Some(DeflateParameters::default()), keys);
    for text in texts {
        client.sender.message(Opcode::TEXT, text.as_bytes());
    }
    client.sender.close(Some(CloseCode::NORMAL_CLOSURE), "");
    std::mem::take(client.sender.output())
}

#[test]
fn a_compressing_client_has_findings_only_for_its_mistakes() {
    let server = Server::start(&["-f", "json", "--deflate"]);
    let offer = "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n";
    let request = REQUEST.replace("\r\n\r\n", &format!("\r\n{offer}"));
    let rules = |bytes: &[u8], size| -> Vec<String> {
        let log = log_of(&server, &request, bytes, size);
        let findings = findings(&log);
        let rule = |finding: &Value| finding["rule"].as_str().unwrap().to_owned();
        findings.iter().map(rule).collect()
    };
    let long = "what was frame_with_length before is frame_with_length again; ".repeat(500);
    let right = compressed(&["Hello", "Hello", "", &long, &long]);
    assert_eq!(rules(&right, right.len()), [""; 0]);
    assert_eq!(rules(&right, 7), [""; 0]);
    // The decompressed text of a message is checked, also if the message is fragmented.
    let odd = compressed(&["Hello", "[object Object]", "[object Object]"]);
    assert_eq!(rules(&odd, odd.len()), ["text-odd-content"]);
    let zlib = b"\x78\x9c\xf3\x48\xcd\xc9\xc9\x07\x00\x05\x8c\x01\xf5";
    assert_eq!(rules(&frame(0xc1, zlib), 100), ["pmd-zlib-gzip"]);
    assert_eq!(
        rules(&frame(0xc1, b"Hello, server!"), 100),
        ["pmd-flag-mismatch"]
    );
    let tail = frame(0xc1, b"\xf2\x48\xcd\xc9\xc9\x07\x00\x00\x00\xff\xff");
    assert_eq!(rules(&tail, 100), ["pmd-tail"]);
    let split = [
        frame(0x41, b"\xf2\x48\xcd"),
        frame(0xc0, b"\xc9\xc9\x07\x00"),
    ]
    .concat();
    assert_eq!(rules(&split, 100), ["pmd-rsv1-not-first"]);
    // A wrong length between compressed messages. No message is decompressed twice.
    let broken = [
        &right[..right.len() - 8],
        &frame_with_length(b"\xfe\0\x05", b"Hello"),
    ]
    .concat();
    assert_eq!(rules(&broken, broken.len()), ["len16-not-minimal"]);
}

#[test]
fn control_characters_in_a_finding_are_escaped() {
    let hostile = "GET /\u{1b}[2J\u{7}\u{9b}31m\u{202e} HTTP/1.1\r\n\r\n".as_bytes();
    let texts: [&[u8]; 3] = [
        hostile,
        b"Hello \x1b]0;owned\x07 \xc2\x9b\n",
        b"\x81\x85\x1b[2J\x07",
    ];
    let server = Server::start(&[]);
    for bytes in texts {
        let mut stream = server.open_with(bytes);
        stream.shutdown(Shutdown::Write).unwrap();
        stream.read_to_end(&mut Vec::new()).unwrap();
        let log = server.log_until(" - ").join("\n");
        assert!(log.contains(" ! "), "{log}");
        let drives = |char: char| char.is_control() && char != '\n' || char == '\u{202e}';
        assert!(!log.contains(drives), "{log:?}");
    }
}

/// The server keeps little of what a client sends for its explanations.
#[test]
#[cfg(target_os = "linux")]
fn megabytes_of_invalid_bytes_need_constant_memory() {
    let server = Server::start(&["-f", "json", "--to", "none", "--max-message", "1k"]);
    let message = frame(0x82, &[0xc3; 1000]);
    let clients: Vec<_> = (0..20).map(|_| server.open_with(&message)).collect();
    while !is_from_server(&server.line(), "message") {}
    let before = memory(server.id(), "VmHWM");
    for mut client in clients {
        client.write_all(&message.repeat(1000)).unwrap();
        // Bytes that are not a frame; the server reads nothing after them.
        let _ = client.write_all(&vec![0x7f; 1 << 20]);
        drop(client);
        while !is_from_server(&server.line(), "closed") {}
    }
    let grown = memory(server.id(), "VmHWM") - before;
    assert!(grown < 8 << 10, "{grown} KiB");
}
