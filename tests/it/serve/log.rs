//! The log: text and JSON.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use crate::helpers::client::frame;
use crate::helpers::server::Server;

#[test]
fn the_log_has_all_events_in_order() {
    let server = Server::start(&[]);
    let bytes = [
        frame(0x81, b"5555555"),
        frame(0x01, "今天".as_bytes()),
        frame(0x89, b"hi"),
        frame(0x80, b"!"),
        frame(0x82, b"\x00\x1b\xff"),
        frame(0x88, b"\x03\xe8bye"),
    ];
    server.answer_to(&bytes.concat());
    assert_eq!(
        server.log_until(" - "),
        [
            "10:02:12.003 #1 + 127.0.0.1:51034 GET /ws/alice",
            "                  key kJXuOKsrl3AR1KeFngRElQ==, accept lCaWI6ZCGd5I25+0bJrVqBOcDYc=",
            "10:02:12.003 #1 < text \"5555555\" [7 bytes, masked 3cf4a7a5]",
            "10:02:12.003 #1 > text \"5555555\" [7 bytes]",
            "10:02:12.003 #1 < text \"今天\" [6 bytes, not final, masked 3c5ce2a5]",
            "10:02:12.003 #1 < ping \"hi\" [2 bytes, masked 3c5ad2a5]",
            "10:02:12.003 #1 > pong \"hi\" [2 bytes]",
            "10:02:12.003 #1 < continuation \"!\" [1 byte, masked 3ca10da5]",
            "10:02:12.003 #1 > text \"今天!\" [7 bytes]",
            "10:02:12.003 #1 < binary 00 1b ff [3 bytes, masked 3c9ce4a5]",
            "10:02:12.003 #1 > binary 00 1b ff [3 bytes]",
            "10:02:12.003 #1 < close 1000 (normal closure) \"bye\" [5 bytes, masked 3cb39da5]",
            "10:02:12.003 #1 > close 1000 (normal closure) \"bye\" [5 bytes]",
            "10:02:12.003 #1 - the client closed with 1000 (normal closure) after 3.6 s; \
                 6 frames in, 5 out",
        ]
    );
}

#[test]
fn the_log_names_who_ended_a_connection_and_how() {
    let server = Server::start(&[]);
    let end_of = |bytes: &[u8], ending: &dyn Fn(TcpStream)| {
        ending(server.open_with(bytes));
        let log = server.log_until(" - ");
        log[2..]
            .iter()
            .map(|line| line[13..].split_once(' ').unwrap().1.to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        end_of(b"\x81\x05Hello", &|mut stream| {
            stream.read_to_end(&mut Vec::new()).unwrap();
        }),
        [
            "< text \"Hello\" [5 bytes]",
            "! error[client-unmasked]: frame 1, byte 1: a frame from the client is not masked \
             (RFC 6455 section 5.1)",
            "    81 05 48 65 6c 6c 6f",
            "       ^^ MASK is 0",
            "    cause: perhaps the client uses code that was written for a",
            "           server, or does not mask empty payloads",
            "    fix: set MASK (85), write 4 random bytes, XOR the payload with",
            "         them",
            "> close 1002 (protocol error) \"a frame from the client is not masked\" [39 bytes]",
            "- the server failed the connection with 1002 (protocol error) after 3.6 s; \
             1 frame in, 1 out",
        ]
    );
    assert_eq!(
        end_of(b"", &|stream| drop(stream)),
        [
            "! error[close-not-completed]: the connection ended without a close frame \
             (RFC 6455 sections 5.5.1, 7.1.1)",
            "    cause: perhaps `sock.close()` without a close frame before it,",
            "           or the program or its network failed",
            "    fix: send a close frame (`88 82` and a masked code), wait for",
            "         the answer, then close",
            "- the client ended the stream (FIN) without a close frame after 3.6 s; 0 frames in, 0 out",
        ]
    );
    assert_eq!(
        end_of(b"\x81\x89\0\0\0\0Hello", &|stream| {
            stream.shutdown(Shutdown::Write).unwrap();
        }),
        [
            "! warning[len-beyond-data]: frame 1, byte 1: 4 of 9 payload bytes missing \
             (RFC 6455 section 5.2)",
            "    81 89 00 00 00 00 48 65 6c 6c 6f",
            "       ^^ 5 bytes follow",
            "    cause: perhaps the length counts the masking key, too, or the",
            "           last 4 bytes were not copied",
            "    fix: let the length count the payload only: 85; or copy the",
            "         rest",
            "- the client ended the stream (FIN) without a close frame after 3.6 s; 1 frame in, 0 out",
        ]
    );
    assert_eq!(
        end_of(b"", &|stream| {
            rustix::net::sockopt::set_socket_linger(&stream, Some(Duration::ZERO)).unwrap();
        }),
        [
            "! error[close-not-completed]: the connection ended without a close frame \
             (RFC 6455 sections 5.5.1, 7.1.1)",
            "- the client reset the connection (RST) after 3.6 s; 0 frames in, 0 out",
        ]
    );
}

#[test]
fn all_frames_before_a_reset_are_logged() {
    let server = Server::start(&[]);
    let frames = 500;
    for number in 1..=5 {
        let mut stream = server.open_with(&frame(0x81, b"hello"));
        // The echo has arrived and is not read, so that the end of the stream resets the connection:
        // the server cannot write its answers, and needs more than one read for the frames below.
        stream.peek(&mut [0]).unwrap();
        let bytes = [
            frame(0x81, &[b'x'; 100]).repeat(frames),
            frame(0x88, b"\x03\xe8"),
        ]
        .concat();
        stream.write_all(&bytes).unwrap();
        drop(stream);
        let log = server.log_until(" - ");
        let shown = log.iter().filter(|line| line.contains(" < text ")).count();
        assert_eq!(shown, 1 + frames, "{log:#?}");
        let end = log.last().unwrap();
        let expected = format!("#{number} - the client closed with 1000 (normal closure) after");
        assert!(end.contains(&expected), "{end}");
    }
}

#[test]
fn an_unfinished_message_is_reported() {
    let server = Server::start(&[]);
    drop(server.open_with(&frame(0x01, b"no echo?")));
    let log = server.log_until(" - ");
    let finding = "10:02:12.003 #1 ! warning[fin-never-set]: frame 1, byte 14: the message is \
                   unfinished: no frame with FIN came (RFC 6455 section 5.4)";
    assert_eq!(log[3], finding);
}

#[test]
fn verbose_logs_all_headers() {
    let server = Server::start(&["-v"]);
    drop(server.open_with(b""));
    let indent = " ".repeat(18);
    assert_eq!(
        server.log_until("> Sec-WebSocket-Accept")[1..],
        [
            "< Host: localhost",
            "< Upgrade: websocket",
            "< Connection: keep-alive, Upgrade",
            "< Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==",
            "< Sec-WebSocket-Version: 13",
            "> HTTP/1.1 101 Switching Protocols",
            "> Upgrade: websocket",
            "> Connection: Upgrade",
            "> Sec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=",
        ]
        .map(|line| format!("{indent}{line}"))
    );
}

#[test]
fn each_line_of_the_json_log_is_an_object() {
    let server = Server::start(&["-f", "json"]);
    let bytes = [
        frame(0x01, b"Hel"),
        frame(0x80, b"lo"),
        frame(0x88, b"\x03\xe8bye"),
    ];
    server.answer_to(&bytes.concat());
    let mut records = Vec::new();
    while records
        .last()
        .is_none_or(|record: &serde_json::Value| record["type"] != "closed")
    {
        records.push(serde_json::from_str(&server.line()).unwrap());
    }
    let types: Vec<&str> = records
        .iter()
        .map(|record| record["type"].as_str().unwrap())
        .collect();
    let expected = [
        "opened", "frame", "frame", "message", "frame", "frame", "frame", "closed",
    ];
    assert_eq!(types, expected);
    let opened = &records[0];
    assert_eq!(opened["request"]["target"], "/ws/alice");
    assert_eq!(opened["request"]["headers"][0][1], "localhost");
    assert_eq!(opened["response"]["status"], 101);
    assert_eq!(
        (&records[1]["direction"], &records[4]["direction"]),
        (&"in".into(), &"out".into())
    );
    assert_eq!(records[3]["text"], "Hello");
    let closed = &records[7];
    assert_eq!(
        (&closed["by"], &closed["how"], &closed["code"]),
        (&"client".into(), &"close".into(), &1000.into())
    );
    assert_eq!(
        (&closed["frames_in"], &closed["frames_out"]),
        (&3.into(), &2.into())
    );
    for record in &records {
        assert_eq!(record["connection"], 1);
        assert_eq!(
            record["time"].as_str().unwrap().len(),
            "2026-11-21T10:02:12.003Z".len()
        );
    }
    server.interrupt();
    let stopped: serde_json::Value = serde_json::from_str(&server.line()).unwrap();
    assert_eq!(
        stopped,
        serde_json::json!({"type": "stopped", "connections": 0, "code": 1001})
    );
}
