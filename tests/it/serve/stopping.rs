//! Starting and stopping: Ctrl-C, SIGTERM, and the close frames that follow.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use tungstenite::Message;
use tungstenite::protocol::frame::coding::CloseCode;

use crate::helpers::client::{REQUEST, frame};
use crate::helpers::server::{Server, signal, start_unread, url_in};

#[test]
fn a_port_in_use_is_reported_in_one_line() {
    let server = Server::start(&["-q"]);
    let port = server.address().split_once(':').unwrap().1;
    let outcome = crate::helpers::run::wsctl(["serve", "--port", port]);
    assert_eq!(
        outcome.to_string(),
        format!(
            "--- stderr\nwsctl: cannot listen on 127.0.0.1:{port}: another program uses the port; \
             end it, or choose another port (--port 0 chooses a free one)\n--- status 2\n"
        )
    );
}

#[test]
fn ctrl_c_works_as_soon_as_the_address_is_printed() {
    for _ in 0..20 {
        let server = Server::start(&[]);
        assert_eq!(server.stop(), 0);
    }
}

#[test]
fn the_end_of_each_connection_is_logged() {
    let server = Server::start(&[]);
    let silent = server.open_with(b"");
    server.log_until("accept");
    server.interrupt();
    assert_eq!(
        server.log_until("stopped: "),
        [
            "10:02:12.003 #1 > close 1001 (going away) [2 bytes]",
            "10:02:12.003 #1 ! error[close-not-completed]: the server's close frame was not \
                 answered (RFC 6455 sections 5.5.1, 7.1.1)",
            "                  cause: perhaps the program is busy, or treats a close frame as",
            "                         text and does not answer it",
            "                  fix: answer a close frame with a close frame of the same code,",
            "                       and let the server close the TCP connection",
            "10:02:12.003 #1 - the server closed with 1001 (going away), the client did \
                 not answer, after 3.6 s; 0 frames in, 1 out",
            "stopped: 1 connection closed with 1001",
        ]
    );
    drop(silent);
}

#[test]
fn close_frames_are_sent_even_if_the_log_is_not_read() {
    let (mut child, greeting, _unread) = start_unread(&[]);
    let url = url_in(&greeting);
    let (mut idle, _) = tungstenite::connect(&url).unwrap();
    let mut busy = TcpStream::connect(&url[5..url.len() - 1]).unwrap();
    busy.write_all(REQUEST.as_bytes()).unwrap();
    busy.set_write_timeout(Some(Duration::from_millis(300)))
        .unwrap();
    // Until the queue for the log is full, so that the server reads no more.
    let pings = frame(0x89, b"").repeat(10_000);
    while busy.write_all(&pings).is_ok() {}
    signal(&child, Signal::INT);
    let received = idle.read().unwrap();
    assert!(matches!(received, Message::Close(Some(frame)) if frame.code == CloseCode::Away));
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn ctrl_c_sends_close_frames_and_waits_a_limited_time() {
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
    let mut received = Vec::new();
    (&silent).read_to_end(&mut received).unwrap();
    assert_eq!(received, b"\x88\x02\x03\xe9");
    drop(half);
}

#[test]
fn ctrl_c_ends_the_server_even_if_the_log_is_not_read() {
    let (mut child, greeting, _unread) = start_unread(&["--full"]);
    let url = url_in(&greeting);
    let (mut client, _) = tungstenite::connect(&url).unwrap();
    client.send(Message::text("x".repeat(3 << 20))).unwrap();
    client.read().unwrap_or(Message::text(""));
    signal(&child, Signal::INT);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
