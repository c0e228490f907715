//! When and how the connection ends, and the exit status.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::scripted_server::{ScriptedServer, read_all};
use super::{connect, connect_reading, shown};
use crate::helpers::run::{program, wsctl};
use crate::helpers::server::{Server, TIMEOUT, signal};

#[test]
fn it_ends_when_the_input_has_ended_and_nothing_comes() {
    let server = Server::start(&[]);
    let started = Instant::now();
    let outcome = connect_reading(&server, "-q", "hello\n");
    assert_eq!(outcome.to_string(), "hello\n");
    assert!(started.elapsed() >= Duration::from_secs(1));
    let outcome = connect_reading(&server, "-q --wait 1ms", "");
    assert_eq!(outcome.to_string(), "");
}

#[test]
fn pings_do_not_delay_the_end() {
    let server = Server::start(&["--ping-interval", "50ms"]);
    let outcome = connect_reading(&server, "-q --wait 1s --ping-interval 50ms", "hello\n");
    assert_eq!(outcome.to_string(), "hello\n");
}

#[test]
fn so_many_messages_or_a_text_end_it() {
    let server = Server::start(&[]);
    let outcome = connect_reading(&server, "-q --wait never --expect 2", "one\ntwo\n");
    assert_eq!(outcome.to_string(), "one\ntwo\n");
    let outcome = connect_reading(&server, "-q --wait never --until wo", "one\ntwo\n");
    assert_eq!(outcome.to_string(), "one\ntwo\n");
}

#[test]
fn an_unmet_expectation_gives_1() {
    let server = Server::start(&[]);
    let cases = [
        ("one --expect 2 --wait 1s", "expected 2 messages, 1 came"),
        (
            "one --until two --timeout 1s",
            "expected a message with `two`, 1 came",
        ),
        (
            "one --until two --expect 3 --wait 1s",
            "expected 3 messages or a message with `two`, 1 came",
        ),
    ];
    for (arguments, sentence) in cases {
        let outcome = connect(&server, arguments);
        assert_eq!(
            shown(&outcome),
            format!(
                "one\n--- stderr\n\
                 10:02:12.003 - the client closed with 1000 (normal closure) after 3.6 s; \
                 2 frames in, 2 out\nwsctl: {sentence}\n--- status 1\n"
            )
        );
    }
    let outcome = connect(&server, "one --timeout 1s -q");
    assert_eq!(outcome.to_string(), "one\n", "nothing is expected");
}

/// The last line of the log, and the exit status, if a server does this with the connection.
fn end(script: impl FnOnce(TcpStream) + Send + 'static) -> (String, i32) {
    let server = ScriptedServer::start(|stream, _| script(stream));
    let outcome = server.connect(&["--wait", "never"]);
    let text = shown(&outcome);
    let line = text.lines().rfind(|line| line.contains(" - ")).unwrap();
    (line[15..].to_owned(), outcome.status)
}

#[test]
fn the_last_line_says_who_ended_the_connection_and_how() {
    let close = |code: u16| {
        move |mut stream: TcpStream| {
            let [a, b] = code.to_be_bytes();
            stream.write_all(&[0x88, 2, a, b]).unwrap();
            let mut answer = [0; 8];
            stream.read_exact(&mut answer).unwrap();
        }
    };
    let words = |text: &str| text.to_owned();
    let frames = "; 1 frame in, 1 out";
    assert_eq!(
        end(close(1000)),
        (
            words("the server closed with 1000 (normal closure) after 3.6 s") + frames,
            0
        )
    );
    assert_eq!(
        end(close(1001)),
        (
            words("the server closed with 1001 (going away) after 3.6 s") + frames,
            0
        )
    );
    assert_eq!(
        end(close(4000)),
        (
            words("the server closed with 4000 (private use) after 3.6 s") + frames,
            1
        )
    );
    assert_eq!(
        end(drop),
        (
            words(
                "the server ended the stream (FIN) without a close frame after 3.6 s; \
                 0 frames in, 0 out"
            ),
            1
        )
    );
    let reset = |stream: TcpStream| {
        rustix::net::sockopt::set_socket_linger(&stream, Some(Duration::ZERO)).unwrap();
    };
    assert_eq!(
        end(reset),
        (
            words("the server reset the connection (RST) after 3.6 s; 0 frames in, 0 out"),
            1
        )
    );
}

#[test]
fn a_violation_after_the_close_frame_of_the_client_is_told_as_such() {
    let outcome = ScriptedServer::start(|mut stream, _| {
        let mut close = [0; 8];
        stream.read_exact(&mut close).unwrap();
        stream.write_all(b"\xc1\x00").unwrap();
        read_all(&stream);
    })
    .connect(&["--wait", "0"]);
    let text = shown(&outcome);
    assert!(text.contains(" ! error[rsv1-not-negotiated]: "), "{text}");
    let end = " - the client closed with 1000 (normal closure), then failed the connection (1002, \
               protocol error), after 3.6 s; 1 frame in, 1 out\n--- status 1\n";
    assert!(text.ends_with(end), "{text}");
}

/// A client that has sent these lines, and has printed "Hello", which the server sent.
fn started(url: &str, lines: &str) -> Child {
    let mut child = program()
        .args(["connect", url, "-f", "text"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let input = child.stdin.as_mut().unwrap();
    input.write_all(lines.as_bytes()).unwrap();
    let mut line = [0; 6];
    child
        .stdout
        .as_mut()
        .unwrap()
        .read_exact(&mut line)
        .unwrap();
    assert_eq!(&line, b"Hello\n");
    child
}

#[test]
fn an_interrupted_client_closes_with_1001() {
    let server = Server::start(&[]);
    let mut child = started(server.url(), "Hello\n");
    signal(&child, Signal::INT);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let log = server.log_until(" - ");
    assert_eq!(
        log.last().unwrap(),
        "10:02:12.003 #1 - the client closed with 1001 (going away) after 3.6 s; 2 frames in, 2 out"
    );
}

#[test]
fn an_interrupted_client_leaves_a_server_that_does_not_answer() {
    let server = ScriptedServer::start(|mut stream, _| {
        stream.write_all(b"\x81\x05Hello").unwrap();
        let received = read_all(&stream);
        assert_eq!(received[..2], [0x88, 0x82], "one close frame");
        assert_eq!(received.len(), 8);
    });
    let mut child = started(&server.url, "");
    let interrupted = Instant::now();
    signal(&child, Signal::INT);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(interrupted.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_client_that_was_not_connected_yet_is_interrupted_with_130() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("ws://{}/", listener.local_addr().unwrap());
    let mut child = program().args(["connect", &url]).spawn().unwrap();
    let (mut stream, _) = listener.accept().unwrap();
    stream.set_read_timeout(Some(TIMEOUT)).unwrap();
    // The request shows that the client handles signals.
    let mut byte = [0];
    stream.read_exact(&mut byte).unwrap();
    signal(&child, Signal::INT);
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn nothing_that_listens_gives_2() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("ws://{}/", listener.local_addr().unwrap());
    drop(listener);
    let outcome = wsctl(["connect", &url]);
    assert_eq!(outcome.status, 2, "{outcome}");
    assert!(outcome.stderr.contains("refuse"), "{outcome}");
}

#[test]
fn a_reader_that_leaves_ends_the_client() {
    let server = Server::start(&[]);
    let mut child = program()
        .args(["connect", server.url(), "--wait", "never"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    child.stdin.as_mut().unwrap().write_all(b"Hello\n").unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
