//! Compression and subprotocols: what `wsctl serve` negotiates, in the response and in the log.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;

use crate::helpers::run::check;
use crate::helpers::server::Server;

/// Sends a request with more headers, then `bytes`, and ends the stream. Returns the headers that the
/// response has in addition to the required ones, and the bytes after it.
fn response_headers_and_frames(
    server: &Server,
    headers: &str,
    bytes: &[u8],
) -> (Vec<String>, Vec<u8>) {
    let (head, frames) = response_and_frames(server, headers, bytes);
    let lines = head.lines().skip(4).filter(|line| !line.is_empty());
    (lines.map(str::to_owned).collect(), frames)
}

/// Like [`response_headers_and_frames`], with the response as text.
fn response_and_frames(server: &Server, headers: &str, bytes: &[u8]) -> (String, Vec<u8>) {
    let mut stream = server.connect();
    let request = format!(
        "GET /chat HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\r\nSec-WebSocket-Version: 13\r\n\
         {headers}\r\n"
    );
    stream
        .write_all(&[request.as_bytes(), bytes].concat())
        .unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let rest = answer.split_off(end.unwrap() + 4);
    (String::from_utf8(answer).unwrap(), rest)
}

const OFFER: &str = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";

/// "Hello" compressed, "Hello" compressed with context takeover, and a close frame.
const HELLO_TWICE: &[u8] = b"\xc1\x87\x01\x02\x03\x04\xf3\x4a\xce\xcd\xc8\x05\x03\
    \xc1\x85\x05\x06\x07\x08\xf7\x06\x16\x08\x05\x88\x82\x09\x0a\x0b\x0c\x0a\xe2";

#[test]
fn compressed_frames_are_logged_decompressed() {
    let server = Server::start(&["--deflate"]);
    let (headers, frames) = response_headers_and_frames(&server, OFFER, HELLO_TWICE);
    assert_eq!(headers, ["Sec-WebSocket-Extensions: permessage-deflate"]);
    assert_eq!(
        frames,
        b"\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00\xc1\x05\xf2\x00\x11\x00\x00\x88\x02\x03\xe8"
    );
    assert_eq!(
        server.log_until(" - "),
        [
            "10:02:12.003 #1 + 127.0.0.1:51034 GET /chat",
            "                  Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
            "                  key kJXuOKsrl3AR1KeFngRElQ==, accept lCaWI6ZCGd5I25+0bJrVqBOcDYc=",
            "                  negotiated permessage-deflate",
            "10:02:12.003 #1 < text \"Hello\" [7 bytes, compressed, 5 bytes inflated, \
             masked 01020304]",
            "10:02:12.003 #1 > text \"Hello\" [7 bytes, compressed, 5 bytes inflated]",
            "10:02:12.003 #1 < text \"Hello\" [5 bytes, compressed, 5 bytes inflated, \
             masked 05060708]",
            "10:02:12.003 #1 > text \"Hello\" [5 bytes, compressed, 5 bytes inflated]",
            "10:02:12.003 #1 < close 1000 (normal closure) [2 bytes, masked 090a0b0c]",
            "10:02:12.003 #1 > close 1000 (normal closure) [2 bytes]",
            "10:02:12.003 #1 - the client closed with 1000 (normal closure) after 3.6 s; \
             3 frames in, 3 out",
        ]
    );
}

#[test]
fn json_has_the_inflated_length() {
    let server = Server::start(&["--deflate", "-f", "json"]);
    response_headers_and_frames(&server, OFFER, HELLO_TWICE);
    let mut frames = Vec::new();
    loop {
        let line: serde_json::Value = serde_json::from_str(&server.line()).unwrap();
        if line["type"] == "closed" {
            break;
        }
        let shown = ["direction", "payload_length", "inflated_length", "text"];
        if line["type"] == "frame" && line["name"] == "text" {
            frames.push(shown.map(|name| line[name].to_string()).join(" "));
        }
    }
    assert_eq!(
        frames,
        [
            r#""in" 7 5 "Hello""#,
            r#""out" 7 5 "Hello""#,
            r#""in" 5 5 "Hello""#,
            r#""out" 5 5 "Hello""#,
        ]
    );
}

#[test]
fn without_the_option_nothing_is_compressed() {
    let server = Server::start(&["-q"]);
    let (headers, frames) = response_headers_and_frames(&server, OFFER, HELLO_TWICE);
    assert_eq!(headers, [""; 0]);
    assert_eq!(frames[2..4], 1002_u16.to_be_bytes());
}

#[test]
fn parameters_are_those_of_the_option() {
    let server = Server::start(&["-q", "--deflate=client_max_window_bits=10"]);
    let answer = |offers: &str| {
        let header = format!("Sec-WebSocket-Extensions: {offers}\r\n");
        response_headers_and_frames(&server, &header, b"")
            .0
            .concat()
    };
    assert_eq!(
        answer("permessage-deflate; client_max_window_bits"),
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=10"
    );
    assert_eq!(answer("permessage-deflate"), "");
    check(
        "serve --port 0 --deflate=max=3",
        "--- stderr\nwsctl: --deflate: permessage-deflate has no parameter `max`\n--- status 2\n",
    );
}

#[test]
fn the_log_tells_why_nothing_is_compressed() {
    let server = Server::start(&["--deflate=client_max_window_bits=10"]);
    let notes = |headers: &str| {
        response_headers_and_frames(&server, headers, b"");
        let log = server.log_until(" - ");
        let notes = log.iter().filter_map(|line| line.split_once(" ! nothing"));
        notes.map(|(_, why)| why.to_owned()).collect::<Vec<_>>()
    };
    let absent = " is compressed: the client does not offer permessage-deflate";
    assert_eq!(notes(""), [absent]);
    assert_eq!(
        notes("Sec-WebSocket-Extensions: x-webkit-deflate-frame\r\n"),
        [absent]
    );
    assert_eq!(
        notes("Sec-WebSocket-Extensions: permessage-deflate, permessage-deflate; a\r\n"),
        [
            " is compressed: `permessage-deflate` is declined: it lacks client_max_window_bits, \
             and 10 are wanted",
            " is compressed: `permessage-deflate; a` is declined: permessage-deflate has no \
             parameter `a`",
        ]
    );
    assert_eq!(notes(OFFER), [""; 0]);
    let json = Server::start(&["--deflate", "-f", "json"]);
    response_headers_and_frames(&json, "", b"");
    let line = json.log_until("\"note\"").pop().unwrap();
    let note: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(note["name"], "uncompressed");
    assert_eq!(note["connection"], 1);
}

/// An offer that breaks the grammar is refused, also by a server without extensions.
#[test]
fn an_offer_with_a_grammar_error_is_refused() {
    let plain = Server::start(&[]);
    let able = Server::start(&["--deflate", "--subprotocol", "chat"]);
    let malformed = "the `Sec-WebSocket-Extensions` header is malformed: expected";
    for (header, sentence) in [
        (
            "Sec-WebSocket-Extensions: permessage-deflate;;",
            format!("{malformed} the name of a parameter, found `;`"),
        ),
        (
            "Sec-WebSocket-Extensions: permessage-deflate; a=\"b c\"",
            format!("{malformed} a character of a token, or the closing quote, found white space"),
        ),
        (
            "Sec-WebSocket-Extensions: x-known; a\r\nSec-WebSocket-Extensions: =",
            format!("{malformed} the name of an extension, found `=`"),
        ),
        (
            "Sec-WebSocket-Protocol: chat, foo/bar",
            "the subprotocol `foo/bar` in `Sec-WebSocket-Protocol` is not a token".to_owned(),
        ),
        (
            "Sec-WebSocket-Protocol:",
            "the `Sec-WebSocket-Protocol` header names no subprotocol".to_owned(),
        ),
    ] {
        for server in [&plain, &able] {
            let (head, body) = response_and_frames(server, &format!("{header}\r\n"), b"");
            let answer = head + &String::from_utf8(body).unwrap();
            assert!(
                answer.starts_with("HTTP/1.1 400 Bad Request\r\n"),
                "{answer}"
            );
            let body = format!("\r\n\r\nT{}.\n", &sentence[1..]);
            assert!(answer.ends_with(&body), "{answer}");
            let finding = server.log_until(&sentence).pop().unwrap();
            assert!(finding.starts_with("10:02:12.003 #"), "{finding}");
        }
    }
    // These follow the grammar.
    for header in [
        "Sec-WebSocket-Protocol: a,, a,",
        "Sec-WebSocket-Extensions: , x-y;z=\"1\",,",
    ] {
        let (headers, frames) =
            response_headers_and_frames(&able, &format!("{header}\r\n"), b"\x88\x80\0\0\0\0");
        assert_eq!((headers.len(), frames.as_slice()), (0, &b"\x88\x00"[..]));
    }
}

#[test]
fn the_first_offered_subprotocol_that_the_server_has_is_chosen() {
    let server = Server::start(&["--subprotocol", "chat", "--subprotocol", "mqtt"]);
    let (headers, _) =
        response_headers_and_frames(&server, "Sec-WebSocket-Protocol: soap, mqtt, chat\r\n", b"");
    assert_eq!(headers, ["Sec-WebSocket-Protocol: mqtt"]);
    let log = server.log_until(" - ");
    assert_eq!(
        log[1..4],
        [
            "                  Sec-WebSocket-Protocol: soap, mqtt, chat",
            "                  key kJXuOKsrl3AR1KeFngRElQ==, accept lCaWI6ZCGd5I25+0bJrVqBOcDYc=",
            "                  negotiated subprotocol mqtt",
        ]
    );
    check(
        "serve --port 0 --subprotocol a,b",
        "--- stderr\nwsctl: --subprotocol: `a,b` is not a token, as a header needs it\n\
         --- status 2\n",
    );
}

#[test]
fn the_log_tells_how_chrome_reacts_without_a_subprotocol() {
    let server = Server::start(&["--subprotocol", "chat"]);
    let (headers, _) =
        response_headers_and_frames(&server, "Sec-WebSocket-Protocol: soap\r\n", b"");
    assert_eq!(headers, [""; 0]);
    let log = server.log_until(" - ");
    assert_eq!(
        log[3],
        "10:02:12.003 #1 ! warning[resp-subprotocol-missing]: none of the subprotocols offered is \
         chosen: `soap`; Chrome fails the connection: Sent non-empty 'Sec-WebSocket-Protocol' \
         header but no response was received (RFC 6455 section 4.2.2)"
    );
}

#[test]
fn a_reply_from_a_template_is_compressed() {
    let hello = HELLO_TWICE.split_at(13).0;
    for recipients in ["sender", "all"] {
        let server = Server::start(&["--deflate", "--reply", "got {text}", "--to", recipients]);
        let (_, frames) = response_headers_and_frames(&server, OFFER, hello);
        assert_eq!(frames.first(), Some(&0xc1), "{recipients}");
        let log = server.log_until(" - ");
        let answer = log.iter().find(|line| line.contains(" > text")).unwrap();
        let expected = "10:02:12.003 #1 > text \"got Hello\" [11 bytes, compressed, \
                        9 bytes inflated]";
        assert_eq!(answer, expected, "{recipients}");
    }
}
