//! A log that is not read: up to 16 MiB of it wait in memory, then clients wait, and new connections
//! and time limits do not.

use std::io::{BufRead as _, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use tungstenite::Message;
use tungstenite::protocol::frame::coding::CloseCode;

use crate::helpers::client::{REQUEST, RESPONSE};
use crate::helpers::run::memory;
use crate::helpers::server::{TIMEOUT, signal, start_unread, url_in};

/// The payload of each message, which the log has twice.
const SIZE: usize = 64 << 10;

#[test]
fn clients_wait_after_16_mib_while_new_connections_and_time_limits_hold() {
    let options = ["--full", "--idle-timeout", "2s"];
    let (mut child, greeting, log) = start_unread(&options);
    let url = url_in(&greeting);
    let before = memory(child.id(), "VmRSS");
    let (mut client, _) = tungstenite::connect(&url).unwrap();
    let (sender, echoes) = channel();
    let talk = thread::spawn(move || {
        let text = "x".repeat(SIZE);
        for _ in 0..400 {
            client.send(Message::text(text.as_str())).unwrap();
            assert_eq!(client.read().unwrap(), Message::text(text.as_str()));
            sender.send(()).unwrap();
        }
        client
    });
    let mut count = 0;
    let stuck = loop {
        match echoes.recv_timeout(Duration::from_secs(1)) {
            Ok(()) => count += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(stuck, RecvTimeoutError::Timeout, "no peer waited");
    // The log is a pipe of 64 KiB or less.
    let logged = count * 2 * SIZE;
    assert!(
        (16 << 20..17 << 20).contains(&logged),
        "{count} messages were echoed"
    );
    let grown = memory(child.id(), "VmHWM").saturating_sub(before);
    assert!(grown < 20 << 10, "{grown} KiB");

    // New connections are answered, and closed when they are idle.
    let mut stream = TcpStream::connect(&url[5..url.len() - 1]).unwrap();
    stream.set_read_timeout(Some(TIMEOUT)).unwrap();
    stream.write_all(REQUEST.as_bytes()).unwrap();
    let mut response = vec![0; RESPONSE.len()];
    stream.read_exact(&mut response).unwrap();
    assert_eq!(String::from_utf8(response).unwrap(), RESPONSE);
    let mut close = [0; 4];
    stream.read_exact(&mut close).unwrap();
    assert_eq!((close[0], &close[2..]), (0x88, &b"\x03\xe9"[..]));
    drop(stream);

    // Afterwards the log says for how long.
    let (sender, notices) = channel();
    let reader = thread::spawn(move || {
        for line in log.lines().map_while(Result::ok) {
            if line.contains(" ! the log or the record was not read: ") {
                sender.send(line).unwrap();
            }
        }
    });
    let notice = notices.recv_timeout(TIMEOUT).unwrap();
    let (_, waited) = notice.split_once("clients waited for ").unwrap();
    let seconds: f64 = waited.strip_suffix(" s").unwrap().parse().unwrap();
    assert!((1.0..60.0).contains(&seconds), "{notice}");
    let mut client = talk.join().unwrap();
    signal(&child, Signal::TERM);
    let close = client.read().unwrap();
    assert!(matches!(close, Message::Close(Some(frame)) if frame.code == CloseCode::Away));
    assert_eq!(child.wait().unwrap().code(), Some(0));
    reader.join().unwrap();
}
