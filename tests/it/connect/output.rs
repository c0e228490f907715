//! What goes to standard output and standard error, in each format.

use std::fs;
use std::io::Write as _;

use super::scripted_server::{ScriptedServer, read_all};
use super::{connect, connect_reading, shown};
use crate::helpers::server::Server;

#[test]
fn a_pipe_gets_the_messages_and_standard_error_the_end() {
    let server = Server::start(&[]);
    let outcome = connect(&server, "hello --expect 1");
    assert_eq!(
        shown(&outcome),
        "hello\n--- stderr\n\
         10:02:12.003 - the client closed with 1000 (normal closure) after 3.6 s; 2 frames in, 2 out\n"
    );
}

#[test]
fn the_conversation_is_printed_as_that_of_serve() {
    let server = Server::start(&["--subprotocol", "chat"]);
    let outcome = connect(&server, "hello --expect 1 -f frames -s chat");
    assert_eq!(
        shown(&outcome),
        "10:02:12.003 + ws://127.0.0.1:51034/
               tcp 2 ms, upgrade 2 ms
               key KEY, accept ACCEPT
               negotiated subprotocol chat
10:02:12.003 > text \"hello\" [5 bytes, masked 0ec3f3cd]
10:02:12.003 < text \"hello\" [5 bytes]
10:02:12.003 > close 1000 (normal closure) [2 bytes, masked 0ec3f3cd]
10:02:12.003 < close 1000 (normal closure) [2 bytes]
10:02:12.003 - the client closed with 1000 (normal closure) after 3.6 s; 2 frames in, 2 out
"
    );
}

#[test]
fn all_frames_and_headers_are_printed_beside_the_messages() {
    let server = Server::start(&[]);
    let outcome = connect(&server, "hello --expect 1 -v");
    assert_eq!(
        shown(&outcome),
        "hello
--- stderr
10:02:12.003 + ws://127.0.0.1:51034/
               tcp 2 ms, upgrade 2 ms
               > GET / HTTP/1.1
               > Host: 127.0.0.1:51034
               > Upgrade: websocket
               > Connection: Upgrade
               > Sec-WebSocket-Key: KEY
               > Sec-WebSocket-Version: 13
               < HTTP/1.1 101 Switching Protocols
               < Upgrade: websocket
               < Connection: Upgrade
               < Sec-WebSocket-Accept: ACCEPT
10:02:12.003 > text \"hello\" [5 bytes, masked 0ec3f3cd]
10:02:12.003 < text \"hello\" [5 bytes]
10:02:12.003 > close 1000 (normal closure) [2 bytes, masked 0ec3f3cd]
10:02:12.003 < close 1000 (normal closure) [2 bytes]
10:02:12.003 - the client closed with 1000 (normal closure) after 3.6 s; 2 frames in, 2 out
"
    );
}

#[test]
fn a_payload_is_written_unchanged_or_in_full() {
    let server = Server::start(&[]);
    let outcome = connect_reading(
        &server,
        "-f raw -q --wait 1s --input escaped",
        "\\x00\\n\n\\xff\n",
    );
    assert_eq!(outcome.stdout, b"\0\n\xff");
    let long = "x".repeat(300);
    let elided = connect(&server, &format!("-f frames --expect 1 {long}"));
    assert!(!elided.text().contains(&long));
    let full = connect(&server, &format!("-f frames --expect 1 --full {long}"));
    assert!(full.text().contains(&long));
}

/// The `type` of each JSON object, and with a frame its direction.
fn types(lines: &str) -> Vec<String> {
    let object = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap();
    let objects = lines.lines().map(object);
    objects
        .map(|object| {
            let direction = object["direction"].as_str().unwrap_or_default();
            let kind = object["type"].as_str().unwrap();
            format!("{kind} {direction}").trim_end().to_owned()
        })
        .collect()
}

#[test]
fn json_and_the_record_have_all_events() {
    let server = Server::start(&[]);
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("talk.jsonl");
    let record = record.to_str().unwrap();
    let expected = [
        "opened",
        "frame out",
        "frame in",
        "message in",
        "frame out",
        "frame in",
        "closed",
    ];
    let outcome = connect(
        &server,
        &format!("hello --expect 1 --json --record {record}"),
    );
    assert_eq!(outcome.stderr, "");
    assert_eq!(types(outcome.text()), expected);
    assert_eq!(types(&fs::read_to_string(record).unwrap()), expected);
    let outcome = connect(&server, "hello --expect 1 -f json");
    assert_eq!(types(outcome.text()), expected);
    let end = outcome.text().lines().last().unwrap();
    for part in [
        r#""by":"client","how":"close","code":1000"#,
        r#""silence":0.0"#,
    ] {
        assert!(end.contains(part), "{end}");
    }
    let outcome = connect(&server, &format!("hello --expect 1 -q --record {record}"));
    assert_eq!(outcome.to_string(), "hello\n");
    assert_eq!(types(&fs::read_to_string(record).unwrap()), expected);
}

#[test]
fn a_refused_upgrade_is_shown_with_its_body() {
    let server = ScriptedServer::listening(|mut stream, _| {
        let body = "no such room\n\u{1b}[2J";
        let length = body.len();
        write!(
            stream,
            "HTTP/1.1 403 Forbidden\r\nServer: x\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        read_all(&stream);
    });
    let outcome = server.connect(&["hello"]);
    let text = shown(&outcome);
    assert!(
        text.starts_with(
            "--- stderr
10:02:12.003 ! ws://127.0.0.1:51034/
               tcp 2 ms, upgrade 2 ms
               answered with
               HTTP/1.1 403 Forbidden
               Server: x
               Content-Length: 17

               no such room
               \\x1b[2J
10:02:12.003 ! error[resp-status]: "
        ),
        "{text}"
    );
    assert!(text.ends_with("--- status 1\n"), "{text}");
}

#[test]
fn frames_after_the_response_are_not_lost() {
    let server = ScriptedServer::listening(|mut stream, request| {
        let response = super::scripted_server::response(&request, "");
        stream
            .write_all(&[response.as_bytes(), b"\x81\x05Hello"].concat())
            .unwrap();
        read_all(&stream);
    });
    let outcome = server.connect(&["-q", "--expect", "1"]);
    assert_eq!(
        outcome.to_string(),
        "Hello\n--- status 1\n",
        "no close frame came"
    );
}

#[test]
fn what_is_wrong_is_told_and_the_text_before_it_is_printed() {
    let server = ScriptedServer::start(|mut stream, _| {
        stream
            .write_all(b"\x81\x05Hello\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58")
            .unwrap();
        read_all(&stream);
    });
    let outcome = server.connect(&[]);
    let text = shown(&outcome);
    assert!(
        text.starts_with(
            "Hello
--- stderr
10:02:12.003 ! error[server-masks]: frame 2, byte 8: a frame from the server is masked \
(RFC 6455 section 5.1)
"
        ),
        "{text}"
    );
    assert!(
        text.ends_with(
            "10:02:12.003 - the client failed the connection with 1002 (protocol error) after \
             3.6 s; 2 frames in, 1 out\n--- status 1\n"
        ),
        "{text}"
    );
}

#[test]
fn colors_are_for_terminals_or_asked_for() {
    let server = Server::start(&[]);
    let is_coloured = |options: &str| {
        let outcome = connect(&server, &format!("hello --expect 1 {options}"));
        outcome.to_string().contains('\u{1b}')
    };
    assert!(is_coloured("-f frames --color always"));
    assert!(is_coloured("--color always"));
    assert!(!is_coloured("-f frames"));
    assert!(!is_coloured("-f frames --color never"));
}
