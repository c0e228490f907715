//! `wsctl serve`, on a real socket, with foreign clients and with raw ones.

mod admission;
mod browser;
mod fastwebsockets;
mod fault_table;
mod faults;
mod findings;
mod foreign;
mod many_clients;
mod negotiation;
mod page;
mod replies;
mod soak;
mod tls;

use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::process::{Child, ChildStdout, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tungstenite::protocol::frame::coding::{CloseCode, Data, OpCode};
use tungstenite::protocol::frame::{CloseFrame, Frame};
use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Message, WebSocket};
use wsctl::net::{self, Config};

use crate::helpers::run::program;

/// How long a test waits for what must come: for ever, nearly.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A server in a process of its own, whose log is read as it comes.
pub(crate) struct Server {
    child: Child,
    greeting: String,
    url: String,
    lines: Receiver<String>,
}

impl Server {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let (child, greeting, log) = start_unread(arguments);
        let url = url_in(&greeting);
        let (sender, lines) = channel();
        thread::spawn(move || {
            let mut read = log.lines().map_while(Result::ok);
            read.all(|line| sender.send(line).is_ok())
        });
        Self {
            child,
            greeting,
            url,
            lines,
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn address(&self) -> &str {
        let (_, address) = self.url.split_once("://").unwrap();
        address.trim_end_matches('/')
    }

    /// The line that says where it listens.
    pub(crate) fn greeting(&self) -> &str {
        &self.greeting
    }

    /// The URL of a page for browsers.
    pub(crate) fn page(&self, path: &str) -> String {
        format!("{}{path}", self.url.replacen("ws", "http", 1))
    }

    /// The next line of the log, as it is.
    pub(crate) fn line(&self) -> String {
        self.lines.recv_timeout(PATIENCE).unwrap()
    }

    /// Lines of the log up to one that contains this, with what differs from run to run
    /// replaced.
    pub(crate) fn log_until(&self, end: &str) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            let line = self.line();
            let is_end = line.contains(end);
            lines.push(steady(&line));
            if is_end {
                return lines;
            }
        }
    }

    /// A foreign client.
    pub(crate) fn client(&self) -> Client {
        self.client_at("/")
    }

    /// A foreign client that asks for a path.
    pub(crate) fn client_at(&self, path: &str) -> Client {
        let url = format!("{}{path}", self.url.trim_end_matches('/'));
        let (client, response) = tungstenite::connect(url).unwrap();
        assert_eq!(response.status(), 101);
        if let MaybeTlsStream::Plain(stream) = client.get_ref() {
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
        }
        client
    }

    /// A raw connection.
    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// A raw connection behind its handshake, in the same write as these octets.
    pub(crate) fn open_with(&self, octets: &[u8]) -> TcpStream {
        let mut stream = self.connect();
        stream
            .write_all(&[REQUEST.as_bytes(), octets].concat())
            .unwrap();
        let mut head = vec![0; RESPONSE.len()];
        stream.read_exact(&mut head).unwrap();
        assert_eq!(String::from_utf8(head).unwrap(), RESPONSE);
        stream
    }

    /// What a raw client gets for these octets, until the connection ends.
    pub(crate) fn answer_to(&self, octets: &[u8]) -> Vec<u8> {
        let mut stream = self.open_with(octets);
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        answer
    }

    pub(crate) fn interrupt(&self) {
        signal(&self.child, Signal::INT);
    }

    /// Ctrl-C, and the status.
    pub(crate) fn stop(mut self) -> i32 {
        self.interrupt();
        self.child.wait().unwrap().code().unwrap()
    }
}

/// A server, its greeting, and its log, which nobody reads yet.
pub(crate) fn start_unread(arguments: &[&str]) -> (Child, String, BufReader<ChildStdout>) {
    let mut command = program();
    command
        .args(["serve", "--port", "0"])
        .args(arguments)
        .stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut log = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    log.read_line(&mut first).unwrap();
    (child, first.trim_end().to_owned(), log)
}

/// The URL for clients, which a greeting says.
pub(crate) fn url_in(greeting: &str) -> String {
    let Some(places) = greeting.strip_prefix("listening on ") else {
        let greeting: serde_json::Value = serde_json::from_str(greeting).unwrap();
        assert_eq!(greeting["type"], "listening");
        return greeting["url"].as_str().unwrap().to_owned();
    };
    // It may be in colour.
    let place = places.strip_prefix("\x1b[1m").unwrap_or(places);
    place.split([' ', '\x1b']).next().unwrap().to_owned()
}

pub(crate) fn signal(child: &Child, signal: Signal) {
    kill_process(
        Pid::from_raw(child.id().try_into().unwrap()).unwrap(),
        signal,
    )
    .unwrap();
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) type Client = WebSocket<MaybeTlsStream<TcpStream>>;

pub(crate) const REQUEST: &str = "GET /ws/alice HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\
    Connection: keep-alive, Upgrade\r\nSec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\r\n\
    Sec-WebSocket-Version: 13\r\n\r\n";

pub(crate) const RESPONSE: &str = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\
    Connection: Upgrade\r\nSec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\r\n\r\n";

/// A masked frame, with a key of its own.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let length = payload.len();
    let mut octets = match length {
        0..=125 => vec![first, 0x80 | u8::try_from(length).unwrap()],
        126..=65535 => [
            vec![first, 0xfe],
            u16::try_from(length).unwrap().to_be_bytes().to_vec(),
        ]
        .concat(),
        _ => [vec![first, 0xff], (length as u64).to_be_bytes().to_vec()].concat(),
    };
    let sum = payload
        .iter()
        .fold(first, |sum, octet| sum.wrapping_add(*octet));
    let key = [0x3c, sum, sum.rotate_left(3), 0xa5];
    octets.extend(key);
    octets.extend(payload.iter().zip(key.iter().cycle()).map(|(a, b)| a ^ b));
    octets
}

/// A line of the log without what differs from run to run: times and ports.
pub(crate) fn steady(line: &str) -> String {
    let is_time = |text: &str| {
        text.len() == 12
            && text
                .bytes()
                .all(|octet| octet.is_ascii_digit() || b":.".contains(&octet))
    };
    let words = line
        .split(' ')
        .map(|word| match word.split_once("127.0.0.1:") {
            _ if is_time(word) => "10:02:12.003".to_owned(),
            Some((before, _)) => format!("{before}127.0.0.1:51034"),
            None => word.to_owned(),
        });
    let line = words.collect::<Vec<_>>().join(" ");
    match line.split_once(" after ") {
        Some((before, after)) if after.contains(" s; ") => {
            format!(
                "{before} after 3.6 s; {}",
                after.split_once(" s; ").unwrap().1
            )
        }
        _ => line,
    }
}

#[test]
fn echoes_to_a_foreign_client_whatever_the_size() {
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
        let mut fragment = |is_final, opcode, octets: &[u8]| {
            client
                .send(Message::Frame(Frame::message(
                    octets.to_vec(),
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
fn completes_the_closing_handshake() {
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
fn a_violation_is_failed_with_its_close_code() {
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
        ("close of one octet", frame(0x88, b"\x03"), 1002),
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
    for (name, octets, code) in cases {
        let answer = server.answer_to(&octets);
        assert_eq!(answer[..1], [0x88], "{name}");
        assert_eq!(answer[2..4], code.to_be_bytes(), "{name}");
        assert!(
            std::str::from_utf8(&answer[4..]).is_ok_and(|reason| !reason.is_empty()),
            "{name}"
        );
    }
}

#[test]
fn utf8_fails_before_the_frame_is_whole() {
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
fn the_log_shows_everything_in_its_order() {
    let server = Server::start(&[]);
    let octets = [
        frame(0x81, b"5555555"),
        frame(0x01, "今天".as_bytes()),
        frame(0x89, b"hi"),
        frame(0x80, b"!"),
        frame(0x82, b"\x00\x1b\xff"),
        frame(0x88, b"\x03\xe8bye"),
    ];
    server.answer_to(&octets.concat());
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
fn the_log_says_who_ended_a_connection_and_how() {
    let server = Server::start(&[]);
    let end_of = |octets: &[u8], ending: &dyn Fn(TcpStream)| {
        ending(server.open_with(octets));
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
            "    cause: perhaps the client sends with code that was written for",
            "           a server, or masks nothing where there is no payload",
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
            "    cause: perhaps `sock.close()` and nothing before it, or the",
            "           program was ended, or its network",
            "    fix: send a close frame (`88 82` and a masked code), wait for",
            "         the answer, then hang up",
            "- the client hung up without a close frame (FIN) after 3.6 s; 0 frames in, 0 out",
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
            "    cause: perhaps the masking key was counted too, or the last 4",
            "           bytes were not copied",
            "    fix: count the payload only: 85; or copy the rest",
            "- the client hung up without a close frame (FIN) after 3.6 s; 1 frame in, 0 out",
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
fn what_a_client_sent_before_it_left_is_all_shown() {
    let server = Server::start(&[]);
    let frames = 500;
    for number in 1..=5 {
        let mut stream = server.open_with(&frame(0x81, b"hello"));
        // Its echo is here, unread: to close now resets the connection, while what is sent
        // below takes more than one read, and its answers can no longer be written.
        stream.peek(&mut [0]).unwrap();
        let octets = [
            frame(0x81, &[b'x'; 100]).repeat(frames),
            frame(0x88, b"\x03\xe8"),
        ]
        .concat();
        stream.write_all(&octets).unwrap();
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
fn a_failed_connection_is_failed_however_its_octets_are_cut() {
    let server = Server::start(&[]);
    let ends = [
        (frame(0x88, b"\x03\xed"), "1002"),
        (frame(0x88, b"\x03\xe8\xff"), "1007"),
    ];
    for (octets, code) in ends {
        for size in [octets.len(), 1] {
            let mut stream = server.open_with(b"");
            for piece in octets.chunks(size) {
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
fn a_message_whose_fin_never_came_is_told() {
    let server = Server::start(&[]);
    drop(server.open_with(&frame(0x01, b"no echo?")));
    let log = server.log_until(" - ");
    let finding = "10:02:12.003 #1 ! warning[fin-never-set]: frame 1, byte 14: the message is \
                   unfinished: no frame with FIN came (RFC 6455 section 5.4)";
    assert_eq!(log[3], finding);
}

#[test]
fn a_client_that_never_stops_sending_leaves_the_others_their_turn() {
    let server = Server::start(&["-q"]);
    let flood: Vec<TcpStream> = (0..2).map(|_| server.open_with(b"")).collect();
    let pongs = frame(0x8a, b"").repeat(10_000);
    let flooding: Vec<_> = flood
        .iter()
        .map(|stream| {
            let (mut stream, pongs) = (stream.try_clone().unwrap(), pongs.clone());
            thread::spawn(move || while stream.write_all(&pongs).is_ok() {})
        })
        .collect();
    let mut client = server.client();
    for _ in 0..10 {
        client.send(Message::text("hello")).unwrap();
        assert_eq!(client.read().unwrap(), Message::text("hello"));
    }
    // The flood ends with the server, not before: otherwise this would wait for ever.
    assert_eq!(server.stop(), 0);
    for thread in flooding {
        thread.join().unwrap();
    }
}

#[test]
fn ctrl_c_is_heard_as_soon_as_the_server_says_that_it_listens() {
    for _ in 0..20 {
        let server = Server::start(&[]);
        assert_eq!(server.stop(), 0);
    }
}

#[test]
fn a_stopping_server_tells_how_each_connection_ended() {
    let server = Server::start(&[]);
    let silent = server.open_with(b"");
    server.log_until("accept");
    server.interrupt();
    assert_eq!(
        server.log_until("goodbye"),
        [
            "10:02:12.003 #1 > close 1001 (going away) [2 bytes]",
            "10:02:12.003 #1 ! error[close-not-completed]: the server's close frame was not \
             answered (RFC 6455 sections 5.5.1, 7.1.1)",
            "                  cause: perhaps `sock.close()` and nothing before it, or a",
            "                         close frame that was taken for text and never answered",
            "                  fix: answer a close frame with one of the same code, and let",
            "                       the server close the TCP connection",
            "10:02:12.003 #1 - the server closed with 1001 (going away), the client never \
             answered, after 3.6 s; 0 frames in, 1 out",
            "goodbye to 1 connection (1001)",
        ]
    );
    drop(silent);
}

#[test]
fn everyone_hears_the_goodbye_even_if_nobody_reads_the_log() {
    let (mut child, greeting, _unread) = start_unread(&[]);
    let url = url_in(&greeting);
    let (mut idle, _) = tungstenite::connect(&url).unwrap();
    let mut busy = TcpStream::connect(&url[5..url.len() - 1]).unwrap();
    busy.write_all(REQUEST.as_bytes()).unwrap();
    busy.set_write_timeout(Some(Duration::from_millis(300)))
        .unwrap();
    // Until the log is stuck, and with it whoever writes lines into it.
    let pings = frame(0x89, b"").repeat(10_000);
    while busy.write_all(&pings).is_ok() {}
    signal(&child, Signal::INT);
    let heard = idle.read().unwrap();
    assert!(matches!(heard, Message::Close(Some(frame)) if frame.code == CloseCode::Away));
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn what_is_no_request_is_shown() {
    let server = Server::start(&[]);
    let shown = |octets: &[u8]| {
        let mut stream = server.connect();
        stream.write_all(octets).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        stream.read_to_end(&mut Vec::new()).unwrap();
        let log = server.log_until(if octets.is_empty() { " - " } else { "fix: " });
        // Cause and fix, and their lines below each other, say more than this test asks.
        let is_more = |line: &str| {
            line.trim_start().starts_with("cause: ")
                || line.trim_start().starts_with("fix: ")
                || line.starts_with(&" ".repeat(18 + "fix: ".len()))
        };
        let log = log.iter().filter(|line| !is_more(line));
        log.map(|line| {
            line.split_once("51034 ")
                .map_or(line.as_str(), |it| it.1)
                .to_owned()
        })
        .collect::<Vec<_>>()
    };
    assert_eq!(
        shown(b"\x05\x01\x00\x02\x00\x01"),
        [
            "05 01 00 02 00 01 [6 bytes]",
            "                  answered with HTTP/1.1 400 Bad Request",
            "10:02:12.003 #1 ! error[req-not-http]: this is not an HTTP request \
             (RFC 9112 section 3)",
        ]
    );
    assert_eq!(
        shown(b"GET / HTTP/1.1\r\nHost: a\r\n"),
        [
            "\"GET / HTTP/1.1\\r\\nHost: a\\r\\n\" [25 bytes]",
            "                  answered with HTTP/1.1 400 Bad Request",
            "10:02:12.003 #2 ! error[http-bad-lines]: the head of the request ends before its \
             blank line (RFC 9112 section 2.1)",
        ]
    );
    assert_eq!(
        shown(b""),
        [
            "10:02:12.003 #3 - the client left before it had asked for anything after 3.6 s; \
          0 frames in, 0 out"
        ]
    );
}

#[test]
fn a_refusal_has_the_right_status_and_says_why() {
    let server = Server::start(&[]);
    let answer = |request: &str| {
        let mut stream = server.connect();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    assert_eq!(
        answer("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        "HTTP/1.1 426 Upgrade Required\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\
         Content-Length: 48\r\n\
         Upgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\n\
         Connection: Upgrade, close\r\n\
         \r\n\
         The request has no `Upgrade: websocket` header.\n"
    );
    let log = server.log_until("req-version");
    assert_eq!(
        log[..3],
        [
            "10:02:12.003 #1 ! 127.0.0.1:51034 GET /",
            "                  answered with HTTP/1.1 426 Upgrade Required",
            "10:02:12.003 #1 ! error[req-not-upgrade]: request, byte 0: the request has no `Upgrade: websocket` \
             header (RFC 6455 section 4.2.1)",
        ]
    );
    let cases = [
        (
            REQUEST.replace("GET", "POST"),
            "405 Method Not Allowed",
            "method must be GET",
        ),
        (
            REQUEST.replace("Host: localhost\r\n", ""),
            "400 Bad Request",
            "no `Host` header",
        ),
        (
            REQUEST.replace("==", ""),
            "400 Bad Request",
            "it is not base64",
        ),
        (
            REQUEST.replace("Version: 13", "Version: 8"),
            "426 Upgrade Required",
            "must be 13",
        ),
        (
            REQUEST.replace("HTTP/1.1", "HTTP/1.0"),
            "505 HTTP Version Not Supported",
            "1.1 is needed",
        ),
        (
            REQUEST.replace("localhost", &"a".repeat(20_000)),
            "431 Request Header Fields Too Large",
            "16384",
        ),
        (
            "\x05\x01\x00\x02\x00\x01".to_owned(),
            "400 Bad Request",
            "not an HTTP request",
        ),
    ];
    for (request, status, sentence) in cases {
        let answer = answer(&request);
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}\r\n")),
            "{answer}"
        );
        assert!(
            answer.split("\r\n\r\n").nth(1).unwrap().contains(sentence),
            "{answer}"
        );
    }
}

#[test]
fn a_head_may_come_octet_by_octet_and_frames_right_behind_it() {
    let server = Server::start(&["-q"]);
    let mut stream = server.connect();
    let octets = [REQUEST.as_bytes(), &frame(0x81, b"early")].concat();
    for octet in octets {
        stream.write_all(&[octet]).unwrap();
    }
    let mut answer = vec![0; RESPONSE.len() + 7];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer[RESPONSE.len()..], b"\x81\x05early");
}

#[test]
fn a_head_that_does_not_come_is_refused_in_time() {
    let config = Config {
        head_patience: Duration::from_millis(20),
        ..Config::default()
    };
    let server = net::Server::bind("127.0.0.1", 0, config).unwrap();
    let url = server.url().unwrap();
    thread::spawn(|| {
        server.run(
            None,
            std::io::sink(),
            || Ok(std::future::pending()),
            |_| vec![],
        )
    });
    let mut stream = TcpStream::connect(&url[5..url.len() - 1]).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"),
        "{answer}"
    );
    assert!(answer.ends_with("\r\n\r\nThe head of the request was not complete in time.\n"));
}

#[test]
fn survives_random_octets() {
    let server = Server::start(&["-q"]);
    // A small generator with a fixed seed: the same octets each time.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    for round in 0..50 {
        let octets: Vec<u8> = (0..64).flat_map(|_| random()).collect();
        let mut stream = if round % 2 == 0 {
            server.connect()
        } else {
            server.open_with(b"")
        };
        // The server may hang up before it has read all.
        let _ = stream.write_all(&octets);
        let _ = stream.shutdown(Shutdown::Write);
        let _ = stream.read_to_end(&mut Vec::new());
    }
    let mut client = server.client();
    client.send(Message::text("still there?")).unwrap();
    assert_eq!(client.read().unwrap(), Message::text("still there?"));
}

#[test]
fn hundreds_of_connections_at_once() {
    let server = Server::start(&[]);
    let mut clients: Vec<Client> = (0..300).map(|_| server.client()).collect();
    for (number, client) in clients.iter_mut().enumerate() {
        client
            .send(Message::text(format!("I am {number}")))
            .unwrap();
    }
    for (number, client) in clients.iter_mut().enumerate() {
        assert_eq!(
            client.read().unwrap(),
            Message::text(format!("I am {number}"))
        );
    }
    server.interrupt();
    for client in &mut clients {
        assert!(
            matches!(client.read().unwrap(), Message::Close(Some(frame)) if frame.code == CloseCode::Away)
        );
    }
    assert_eq!(
        server.log_until("goodbye").last().unwrap(),
        "goodbye to 300 connections (1001)"
    );
}

#[test]
fn ctrl_c_says_goodbye_and_waits_for_nobody_for_ever() {
    let server = Server::start(&[]);
    let mut polite = server.client();
    let silent = server.open_with(b"");
    let half = server.connect();
    let talk = thread::spawn(move || match polite.read().unwrap() {
        Message::Close(Some(frame)) => {
            let code = u16::from(frame.code);
            let _ = polite.flush();
            code
        }
        other => panic!("{other:?}"),
    });
    server.log_until("kJXuOKsrl3AR1KeFngRElQ==");
    assert_eq!(server.stop(), 0);
    assert_eq!(talk.join().unwrap(), 1001);
    let mut heard = Vec::new();
    (&silent).read_to_end(&mut heard).unwrap();
    assert_eq!(heard, b"\x88\x02\x03\xe9");
    drop(half);
}

#[test]
fn a_client_that_never_reads_harms_nobody_else() {
    let server = Server::start(&["-q"]);
    let mut stuck = server.open_with(b"");
    stuck
        .set_write_timeout(Some(Duration::from_millis(200)))
        .unwrap();
    let message = frame(0x82, &vec![0; 100_000]);
    // Until its echoes fill every buffer on the way, and then the server reads no more.
    let stopped = loop {
        if let Err(error) = stuck.write_all(&message) {
            break error;
        }
    };
    assert!(
        matches!(stopped.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
        "{stopped}"
    );
    let mut client = server.client();
    client.send(Message::text("hello")).unwrap();
    assert_eq!(client.read().unwrap(), Message::text("hello"));
    assert_eq!(server.stop(), 0);
}

#[test]
fn a_printer_whose_reader_is_gone_harms_nobody() {
    let (mut child, greeting, stdout) = start_unread(&[]);
    let url = url_in(&greeting);
    drop(stdout);
    for _ in 0..3 {
        let (mut client, _) = tungstenite::connect(&url).unwrap();
        client.send(Message::text("hello")).unwrap();
        assert_eq!(client.read().unwrap(), Message::text("hello"));
    }
    signal(&child, Signal::TERM);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_slow_reader_of_the_log_slows_the_peers_and_loses_nothing() {
    let (mut child, greeting, stdout) = start_unread(&["--full"]);
    let url = url_in(&greeting);
    let (sent, echoed) = channel();
    let talk = thread::spawn(move || {
        let (mut client, _) = tungstenite::connect(&url).unwrap();
        for number in 0..400 {
            client
                .send(Message::text(format!("{number} {}", "x".repeat(10_000))))
                .unwrap();
            client.read().unwrap();
            sent.send(number).unwrap();
        }
        client.close(None).unwrap();
        while client.read().is_ok() {}
    });
    // Nobody reads the log: four times 2 MiB do not fit into what may wait.
    let last = std::iter::from_fn(|| echoed.recv_timeout(Duration::from_millis(500)).ok()).last();
    assert!(last.is_some_and(|last| last < 399), "{last:?}");
    let log = stdout.lines().map_while(Result::ok);
    let log: Vec<String> = log.take_while(|line| !line.contains(" - ")).collect();
    talk.join().unwrap();
    assert_eq!(
        log.iter().filter(|line| line.contains("xxx\" [")).count(),
        800
    );
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn ctrl_c_ends_it_even_if_nobody_reads_the_log() {
    let (mut child, greeting, _unread) = start_unread(&["--full"]);
    let url = url_in(&greeting);
    let (mut client, _) = tungstenite::connect(&url).unwrap();
    client.send(Message::text("x".repeat(3 << 20))).unwrap();
    client.read().unwrap_or(Message::text(""));
    signal(&child, Signal::INT);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn the_json_log_is_json_on_every_line() {
    let server = Server::start(&["-f", "json"]);
    let octets = [
        frame(0x01, b"Hel"),
        frame(0x80, b"lo"),
        frame(0x88, b"\x03\xe8bye"),
    ];
    server.answer_to(&octets.concat());
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

#[test]
fn verbose_shows_all_headers_both_ways() {
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
fn a_taken_port_is_one_clear_line() {
    let server = Server::start(&["-q"]);
    let port = server.address().split_once(':').unwrap().1;
    let outcome = crate::helpers::run::wsctl(["serve", "--port", port]);
    assert_eq!(
        outcome.to_string(),
        format!(
            "--- stderr\nwsctl: cannot listen on 127.0.0.1:{port}: another program has the port; \
             end that, or take another port (--port 0 finds a free one)\n--- status 2\n"
        )
    );
}
