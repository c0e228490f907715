//! `wsctl serve --fault`: the effect of each fault on a client of tungstenite, and in the log.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use tungstenite::error::{CapacityError, Error, ProtocolError};
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Message, WebSocket};
use wsctl::ws::Role;
use wsctl::ws::fault::faults_of;

use crate::helpers::client::{Client, frame};
use crate::helpers::run::{check, wsctl};
use crate::helpers::server::Server;

/// The messages that a client receives after it has sent "hello", and the error that ends them.
fn messages_and_error(server: &Server) -> (Vec<Message>, Error) {
    let mut client = server.client();
    // The connection may already have ended.
    let _ = client.send(Message::text("hello"));
    read_until_error(&mut client)
}

fn read_until_error(client: &mut Client) -> (Vec<Message>, Error) {
    let mut messages = Vec::new();
    loop {
        match client.read() {
            Ok(message) => messages.push(message),
            Err(error) => return (messages, error),
        }
    }
}

/// The next lines of the log about faults, `count` of them.
fn logged_faults(server: &Server, count: usize) -> Vec<String> {
    let mut logged_faults = Vec::new();
    while logged_faults.len() < count {
        let line = server.log_until(" * fault ").pop().unwrap();
        logged_faults.push(line.split_once(" * fault ").unwrap().1.to_owned());
    }
    logged_faults
}

fn is_timeout(error: &Error) -> bool {
    matches!(error, Error::Io(error)
        if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted))
}

fn set_short_timeout(client: &Client) {
    if let MaybeTlsStream::Plain(stream) = client.get_ref() {
        stream
            .set_read_timeout(Some(Duration::from_millis(100)))
            .unwrap();
    }
}

/// Checks the client's error after a fault, and the line in the log; and the error with `-q`.
fn check_error(fault: &str, error: &str, act: &str) {
    let options = ["--fault", fault, "--seed", "1"];
    let server = Server::start(&options);
    let quiet = Server::start(&[&["-q"], &options[..]].concat());
    for server in [&server, &quiet] {
        let (messages, got) = messages_and_error(server);
        assert_eq!(
            (messages, got.to_string().as_str()),
            (vec![], error),
            "{fault}"
        );
    }
    assert_eq!(logged_faults(&server, 1), [format!("{fault}: {act}")]);
}

#[test]
fn a_request_is_refused() {
    let server = Server::start(&["--fault", "reject=503"]);
    match tungstenite::connect(server.url()) {
        Err(Error::Http(response)) => assert_eq!(response.status(), 503),
        other => panic!("{other:?}"),
    }
    assert_eq!(
        logged_faults(&server, 1),
        ["reject=503: the request is refused with 503"]
    );
}

#[test]
fn an_accept_value_is_wrong_or_missing() {
    for (fault, act) in [
        ("bad-accept", "the accept value is wrong"),
        ("no-accept", "the accept value is missing"),
    ] {
        let server = Server::start(&["--fault", fault]);
        let error = tungstenite::connect(server.url()).unwrap_err();
        assert!(
            matches!(
                error,
                Error::Protocol(ProtocolError::SecWebSocketAcceptKeyMismatch)
            ),
            "{fault}: {error}"
        );
        assert_eq!(logged_faults(&server, 1), [format!("{fault}: {act}")]);
    }
}

#[test]
fn a_message_is_sent_in_one_write_with_the_101() {
    let server = Server::start(&["--fault", "glue"]);
    let mut client = server.client();
    assert_eq!(
        client.read().unwrap(),
        Message::text("in one write with the 101")
    );
    let log = server.log_until(" > text ");
    assert_eq!(
        log[2..],
        [
            "10:02:12.003 #1 * fault glue: a message is in the same write as the 101",
            "10:02:12.003 #1 > text \"in one write with the 101\" [25 bytes]",
        ]
    );
}

#[test]
fn writes_are_delayed() {
    let server = Server::start(&["--fault", "delay=60"]);
    let begun = Instant::now();
    let mut client = server.client();
    client.send(Message::text("hello")).unwrap();
    assert_eq!(client.read().unwrap(), Message::text("hello"));
    assert!(begun.elapsed() >= Duration::from_millis(120));
    assert_eq!(
        logged_faults(&server, 2),
        ["delay=60: the next write is delayed by 60 ms"; 2]
    );
}

/// A stream that counts the calls of `read`.
struct Counting(TcpStream, usize);

impl Read for Counting {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.1 += 1;
        self.0.read(buffer)
    }
}

impl Write for Counting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[test]
fn writes_are_split() {
    let server = Server::start(&["--fault", "split=20"]);
    let stream = Counting(server.connect(), 0);
    let (mut client, _): (WebSocket<Counting>, _) =
        tungstenite::client(server.url(), stream).unwrap();
    let before = client.get_ref().1;
    client.send(Message::text("x".repeat(100))).unwrap();
    assert_eq!(client.read().unwrap(), Message::text("x".repeat(100)));
    // The fault sends six pieces, a millisecond apart.
    assert!(client.get_ref().1 - before > 1);
    assert_eq!(
        logged_faults(&server, 2),
        ["split=20: the next write is split every 20 bytes"; 2]
    );

    // tungstenite refuses a response that arrives in so many pieces.
    let server = Server::start(&["--fault", "split=1"]);
    let error = tungstenite::connect(server.url()).unwrap_err();
    assert!(matches!(error, Error::AttackAttempt), "{error}");
}

#[test]
fn messages_are_fragmented() {
    let server = Server::start(&["--fault", "fragment=2"]);
    let mut client = server.client();
    client.send(Message::text("hello")).unwrap();
    assert_eq!(client.read().unwrap(), Message::text("hello"));
    assert_eq!(
        server.log_until("\"o\"")[3..],
        [
            "10:02:12.003 #1 * fault fragment=2: the message is in 3 frames",
            "10:02:12.003 #1 > text \"he\" [2 bytes, not final]",
            "10:02:12.003 #1 > continuation \"ll\" [2 bytes, not final]",
            "10:02:12.003 #1 > continuation \"o\" [1 byte]",
        ]
    );
}

#[test]
fn a_frame_breaks_a_rule() {
    check_error(
        "mask",
        "WebSocket protocol error: Received a masked frame from server",
        "the frame is masked",
    );
    check_error(
        "rsv1",
        "WebSocket protocol error: Reserved bits are non-zero",
        "the message has RSV1",
    );
    check_error(
        "opcode=3",
        "WebSocket protocol error: Encountered invalid opcode: 3",
        "the message has opcode 3",
    );
}

#[test]
fn a_text_is_not_utf8() {
    let server = Server::start(&["--fault", "bad-utf8", "--seed", "1"]);
    let (messages, error) = messages_and_error(&server);
    assert!(messages.is_empty());
    assert!(matches!(error, Error::Utf8(_)), "{error}");
    let act = logged_faults(&server, 1).pop().unwrap();
    assert!(act.starts_with("bad-utf8: byte "), "{act}");
    assert!(server.log_until(" > ").pop().unwrap().contains("\\xff"));
}

#[test]
fn a_length_is_in_64_bits() {
    let server = Server::start(&["--fault", "long-length"]);
    let mut client = server.client();
    client.send(Message::text("hello")).unwrap();
    // tungstenite accepts that.
    assert_eq!(client.read().unwrap(), Message::text("hello"));
    assert_eq!(
        logged_faults(&server, 1),
        ["long-length: the length uses the 64-bit form"]
    );
    let mut raw = server.open_with(&frame(0x81, b"hi"));
    let mut answer = [0; 12];
    raw.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"\x81\x7f\0\0\0\0\0\0\0\x02hi");
}

#[test]
fn http_replaces_a_message() {
    let server = Server::start(&["--fault", "http"]);
    let (messages, error) = messages_and_error(&server);
    assert!(messages.is_empty());
    assert!(
        matches!(
            error,
            Error::Protocol(ProtocolError::NonZeroReservedBits)
                | Error::Capacity(CapacityError::MessageTooLong { .. })
        ),
        "{error}"
    );
    assert_eq!(
        logged_faults(&server, 1),
        ["http: an HTTP error page is sent instead of the message"]
    );
}

#[test]
fn pings_get_no_pong_or_a_wrong_one() {
    let server = Server::start(&["--fault", "no-pong"]);
    let mut client = server.client();
    client.send(Message::Ping("hi".into())).unwrap();
    client.send(Message::text("hello")).unwrap();
    assert_eq!(client.read().unwrap(), Message::text("hello"));
    assert_eq!(
        logged_faults(&server, 1),
        ["no-pong: the ping is not answered"]
    );

    let server = Server::start(&["--fault", "wrong-pong"]);
    let mut client = server.client();
    client.send(Message::Ping("hi".into())).unwrap();
    assert_eq!(client.read().unwrap(), Message::Pong("hh".into()));
    assert_eq!(
        logged_faults(&server, 1),
        ["wrong-pong: the pong has another payload than the ping"]
    );
}

#[test]
fn the_server_closes_after_a_number_of_messages() {
    for (fault, code) in [("close-after=1", 1001), ("close-after=1:1011", 1011)] {
        let server = Server::start(&["--fault", fault]);
        let (messages, error) = messages_and_error(&server);
        assert_eq!(messages[0], Message::text("hello"));
        let Message::Close(Some(close)) = &messages[1] else {
            panic!("{messages:?}")
        };
        assert_eq!(close.code, CloseCode::from(code));
        assert!(matches!(error, Error::ConnectionClosed), "{error}");
        assert_eq!(
            logged_faults(&server, 1),
            [format!("{fault}: the server closes after 1 message")]
        );
        let end = server.log_until(" - ").pop().unwrap();
        assert!(
            end.contains(&format!("the server closed with {code}")),
            "{end}"
        );
    }
}

#[test]
fn a_close_code_is_replaced() {
    let server = Server::start(&["--fault", "close-code=1005"]);
    let mut client = server.client();
    client.close(None).unwrap();
    let (messages, _) = read_until_error(&mut client);
    // tungstenite returns reserved codes too.
    assert!(
        matches!(&messages[..], [Message::Close(Some(close))] if close.code == CloseCode::Status),
        "{messages:?}"
    );
    assert_eq!(
        logged_faults(&server, 1),
        ["close-code=1005: the close code is 1005"]
    );
}

#[test]
fn a_close_frame_is_not_answered() {
    let server = Server::start(&["--fault", "no-close"]);
    let mut client = server.client();
    client.close(None).unwrap();
    set_short_timeout(&client);
    let (messages, error) = read_until_error(&mut client);
    assert!(messages.is_empty() && is_timeout(&error), "{error}");
    assert_eq!(
        logged_faults(&server, 1),
        ["no-close: the close frame is not sent"]
    );
    drop(client);
    let end = server.log_until(" - ").pop().unwrap();
    assert!(end.contains("1 frame in, 0 out"), "{end}");
}

#[test]
fn a_connection_is_dropped_or_reset() {
    let server = Server::start(&["--fault", "drop-after=1"]);
    let (messages, error) = messages_and_error(&server);
    assert_eq!(messages, [Message::text("hello")]);
    assert!(
        matches!(
            error,
            Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)
        ),
        "{error}"
    );
    let log = server.log_until(" - ");
    let end = &log[log.len() - 2..];
    assert_eq!(
        end,
        [
            "10:02:12.003 #1 * fault drop-after=1: the server ends the stream (FIN) after 1 message",
            "10:02:12.003 #1 - the server ended the stream on purpose (FIN) after 3.6 s; 1 frame in, 1 out",
        ]
    );

    let server = Server::start(&["--fault", "reset-after=0"]);
    let (messages, error) = messages_and_error(&server);
    assert!(messages.is_empty());
    let is_reset = |error: &Error| match error {
        Error::Io(error) => error.kind() == ErrorKind::ConnectionReset,
        Error::Protocol(error) => *error == ProtocolError::ResetWithoutClosingHandshake,
        _ => false,
    };
    assert!(is_reset(&error), "{error}");
    let log = server.log_until(" - ");
    assert!(
        log.last()
            .unwrap()
            .contains("the server reset the connection on purpose (RST)"),
        "{log:#?}"
    );
}

#[test]
fn a_message_is_truncated() {
    let server = Server::start(&["--fault", "truncate"]);
    let (messages, error) = messages_and_error(&server);
    assert!(messages.is_empty());
    assert!(
        matches!(
            error,
            Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)
        ),
        "{error}"
    );
    assert_eq!(
        logged_faults(&server, 1),
        ["truncate: half of the frame is sent, then the stream ends"]
    );

    let server = Server::start(&["--fault", "stall"]);
    let mut client = server.client();
    set_short_timeout(&client);
    for text in ["hello", "are you there?"] {
        client.send(Message::text(text)).unwrap();
        let error = client.read().unwrap_err();
        assert!(is_timeout(&error), "{error}");
    }
    assert_eq!(
        logged_faults(&server, 1),
        ["stall: half of the frame is sent, then nothing more"]
    );
}

#[test]
fn a_seed_repeats_the_choices() {
    let run = |seed: &str| {
        let server = Server::start(&["--fault", "no-pong%50", "--seed", seed]);
        server.answer_to(&[frame(0x89, b"hi").repeat(40), frame(0x88, b"")].concat())
    };
    let first = run("7");
    let pongs = first.len() / 4;
    assert!((5..35).contains(&pongs), "{pongs}");
    assert_eq!(run("7"), first);
    assert_ne!(run("8").len(), run("9").len());
}

#[test]
fn faults_are_in_the_json_log() {
    let server = Server::start(&["-f", "json", "--fault", "no-pong"]);
    server.answer_to(&[frame(0x89, b"hi"), frame(0x88, b"")].concat());
    let line = server.log_until("\"fault\"").pop().unwrap();
    let fault: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(fault["type"], "fault");
    assert_eq!(fault["fault"], "no-pong");
    assert_eq!(fault["message"], "the ping is not answered");
    assert_eq!(fault["connection"], 1);
}

#[test]
fn an_unknown_fault_is_refused_with_the_list() {
    let outcome = wsctl(["serve", "--port", "0", "--fault", "maks"]);
    assert_eq!(outcome.status, 2);
    let first = outcome.stderr.lines().next().unwrap();
    assert!(
        first.starts_with(
            "error: invalid value 'maks' for '--fault <KIND>': the faults are reject=STATUS, \
             bad-accept, "
        ),
        "{first}"
    );
    let outcome = wsctl(["serve", "--port", "0", "--fault", "split=0"]);
    let first = outcome.stderr.lines().next().unwrap();
    assert_eq!(
        first,
        "error: invalid value 'split=0' for '--fault <KIND>': expected split=N: a number of \
         bytes, at least 1"
    );
}

#[test]
fn help_and_rule_pages_name_each_fault() {
    let help = wsctl(["serve", "--help"]);
    for kind in faults_of(Role::Server) {
        let name = format!("  {}{} ", kind.name, kind.argument);
        assert!(help.text().contains(&name), "{name}");
        assert!(help.text().contains(kind.does), "{name}");
        assert!(
            help.text().contains(kind.effect(Role::Server).unwrap()),
            "{name}"
        );
        if let Some(rule) = kind.rule {
            let page = wsctl(["explain", rule]);
            let words = format!("wsctl serve --fault {}{}`", kind.name, kind.argument);
            let text = page.text().split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.contains(&words), "{rule}: {text}");
        }
    }
}

#[test]
fn faults_that_compression_makes_useless_are_refused() {
    for (fault, why) in [
        ("rsv1", "each compressed message has RSV1"),
        (
            "bad-utf8%20",
            "it replaces a byte of a text that is not compressed",
        ),
    ] {
        let expected = format!(
            "--- stderr\nwsctl: --fault {fault} has no effect with --deflate: {why}; leave out one of the two \
             options\n--- status 2\n"
        );
        check(
            &format!("serve --port 0 --deflate --fault delay=1 --fault {fault}"),
            &expected,
        );
    }
}
