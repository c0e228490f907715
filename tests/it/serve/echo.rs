//! What the server sends back: echoes, pongs, close frames.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;

use tungstenite::Message;
use tungstenite::protocol::frame::coding::{CloseCode, Data, OpCode};
use tungstenite::protocol::frame::{CloseFrame, Frame};

use crate::helpers::client::frame;
use crate::helpers::server::Server;

#[test]
fn messages_of_each_size_are_echoed_to_tungstenite() {
    let server = Server::start(&["-q"]);
    let mut client = server.client();
    for size in [0, 1, 125, 126, 127, 65535, 65536, 1 << 20] {
        let binary: Vec<u8> = (0..=255).cycle().take(size).collect();
        for message in [Message::text("é".repeat(size / 2)), Message::binary(binary)] {
            client.send(message.clone()).unwrap();
            assert_eq!(client.read().unwrap(), message, "{size}");
        }
    }
    for (first, payload) in [
        (OpCode::Data(Data::Text), "你好"),
        (OpCode::Data(Data::Binary), ""),
    ] {
        let mut fragment = |is_final, opcode, bytes: &[u8]| {
            client
                .send(Message::Frame(Frame::message(
                    bytes.to_vec(),
                    opcode,
                    is_final,
                )))
                .unwrap();
        };
        let (left, right) = payload.as_bytes().split_at(payload.len() / 2);
        fragment(false, first, left);
        fragment(false, OpCode::Data(Data::Continue), b"");
        fragment(true, OpCode::Data(Data::Continue), right);
        assert_eq!(client.read().unwrap().into_data(), payload.as_bytes());
    }
    client.send(Message::Ping(vec![1, 2, 3].into())).unwrap();
    assert_eq!(client.read().unwrap(), Message::Pong(vec![1, 2, 3].into()));
    assert_eq!(server.stop(), 0);
}

#[test]
fn the_closing_handshake_is_completed() {
    let server = Server::start(&["-q"]);
    for code in [1000, 1001, 1003, 1014, 3000, 4999] {
        let mut client = server.client();
        let close = CloseFrame {
            code: CloseCode::from(code),
            reason: "bye".into(),
        };
        client.close(Some(close)).unwrap();
        match client.read().unwrap() {
            Message::Close(Some(answer)) => {
                assert_eq!(
                    (u16::from(answer.code), answer.reason.as_str()),
                    (code, "bye")
                );
            }
            other => panic!("{other:?}"),
        }
        let end = client.read().unwrap_err();
        assert!(matches!(end, tungstenite::Error::ConnectionClosed), "{end}");
    }
    assert_eq!(server.answer_to(&frame(0x88, b"")), b"\x88\x00");
}

#[test]
fn a_violation_fails_the_connection_with_its_close_code() {
    let server = Server::start(&["-q", "--max-message", "1k"]);
    let cases: [(&str, Vec<u8>, u16); 17] = [
        ("not masked", b"\x81\x05Hello".to_vec(), 1002),
        ("RSV1", frame(0xc1, b"Hello"), 1002),
        ("opcode 3", frame(0x83, b""), 1002),
        ("opcode 11", frame(0x8b, b""), 1002),
        ("ping in fragments", frame(0x09, b""), 1002),
        ("ping too long", frame(0x89, &[b'a'; 126]), 1002),
        (
            "length not shortest",
            b"\x81\xfe\x00\x01\0\0\0\0a".to_vec(),
            1002,
        ),
        (
            "length with its highest bit",
            b"\x81\xff\x80\0\0\0\0\0\0\0\0\0\0\0".to_vec(),
            1002,
        ),
        ("continuation of nothing", frame(0x80, b""), 1002),
        (
            "new message in a message",
            [frame(0x01, b"a"), frame(0x81, b"b")].concat(),
            1002,
        ),
        ("close of one byte", frame(0x88, b"\x03"), 1002),
        ("close 1005", frame(0x88, b"\x03\xed"), 1002),
        ("close reason", frame(0x88, b"\x03\xe8\xff"), 1007),
        ("text", frame(0x81, b"caf\xe9"), 1007),
        ("text in the first fragment", frame(0x01, b"\xf4\x90"), 1007),
        ("message too big", frame(0x82, &[0; 1025]), 1009),
        (
            "fragments too big",
            [frame(0x02, &[0; 1024]), frame(0x80, b"a")].concat(),
            1009,
        ),
    ];
    for (name, bytes, code) in cases {
        let answer = server.answer_to(&bytes);
        assert_eq!(answer[..1], [0x88], "{name}");
        assert_eq!(answer[2..4], code.to_be_bytes(), "{name}");
        assert!(
            std::str::from_utf8(&answer[4..]).is_ok_and(|reason| !reason.is_empty()),
            "{name}"
        );
    }
}

#[test]
fn invalid_utf8_fails_before_the_frame_is_complete() {
    let server = Server::start(&["-q"]);
    let mut stream = server.open_with(b"\x81\x8a\0\0\0\0ab\xf4\x90");
    let mut answer = [0; 4];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(
        (answer[0], &answer[2..]),
        (0x88, &1007_u16.to_be_bytes()[..])
    );
}

#[test]
fn pieces_of_any_size_fail_with_the_same_close_code() {
    let server = Server::start(&[]);
    let ends = [
        (frame(0x88, b"\x03\xed"), "1002"),
        (frame(0x88, b"\x03\xe8\xff"), "1007"),
    ];
    for (bytes, code) in ends {
        for size in [bytes.len(), 1] {
            let mut stream = server.open_with(b"");
            for piece in bytes.chunks(size) {
                stream.write_all(piece).unwrap();
            }
            stream.read_to_end(&mut Vec::new()).unwrap();
            let end = server.log_until(" - ").pop().unwrap();
            assert!(
                end.contains(&format!("the server failed the connection with {code}")),
                "{end}"
            );
        }
    }
}

#[test]
fn random_bytes_do_not_stop_the_server() {
    let server = Server::start(&["-q"]);
    // xorshift64 with a fixed seed.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    for round in 0..50 {
        let bytes: Vec<u8> = (0..64).flat_map(|_| random()).collect();
        let mut stream = if round % 2 == 0 {
            server.connect()
        } else {
            server.open_with(b"")
        };
        // The server may close the connection before it has read everything.
        let _ = stream.write_all(&bytes);
        let _ = stream.shutdown(Shutdown::Write);
        let _ = stream.read_to_end(&mut Vec::new());
    }
    let mut client = server.client();
    client.send(Message::text("still there?")).unwrap();
    assert_eq!(client.read().unwrap(), Message::text("still there?"));
}
