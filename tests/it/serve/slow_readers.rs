//! Clients that never read or never stop sending, and a log that is read slowly or not at all.

use std::io::{BufRead as _, ErrorKind, Write as _};
use std::net::TcpStream;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use tungstenite::Message;

use crate::helpers::client::frame;
#[cfg(target_os = "linux")]
use crate::helpers::run::memory;
use crate::helpers::server::{Server, signal, start_unread, url_in};

#[test]
fn a_client_that_floods_does_not_block_the_others() {
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
    // The flood ends with the server.
    assert_eq!(server.stop(), 0);
    for thread in flooding {
        thread.join().unwrap();
    }
}

#[test]
fn a_client_that_never_reads_does_not_block_the_others() {
    let server = Server::start(&["-q"]);
    let mut stuck = server.open_with(b"");
    stuck
        .set_write_timeout(Some(Duration::from_millis(200)))
        .unwrap();
    let message = frame(0x82, &vec![0; 100_000]);
    // Until the echoes fill all buffers and the server reads no more.
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
fn a_closed_standard_output_does_not_stop_the_server() {
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
fn a_slow_reader_of_the_log_slows_the_clients_and_loses_nothing() {
    let (mut child, greeting, stdout) = start_unread(&["--full"]);
    let url = url_in(&greeting);
    let (sent, echoed) = channel();
    let talk = thread::spawn(move || {
        let (mut client, _) = tungstenite::connect(&url).unwrap();
        for number in 0..1_200 {
            client
                .send(Message::text(format!("{number} {}", "x".repeat(10_000))))
                .unwrap();
            client.read().unwrap();
            sent.send(number).unwrap();
        }
        client.close(None).unwrap();
        while client.read().is_ok() {}
    });
    // The log is not read yet, and is longer than the queue for it.
    let last = std::iter::from_fn(|| echoed.recv_timeout(Duration::from_millis(500)).ok()).last();
    assert!(last.is_some_and(|last| last < 1_199), "{last:?}");
    let log = stdout.lines().map_while(Result::ok);
    let log: Vec<String> = log.take_while(|line| !line.contains(" - ")).collect();
    talk.join().unwrap();
    assert_eq!(
        log.iter().filter(|line| line.contains("xxx\" [")).count(),
        2_400
    );
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Of the pongs that it is to write, the server keeps those that are not written, not all of one read.
#[cfg(target_os = "linux")]
#[test]
fn a_client_that_reads_no_pongs_takes_little_memory() {
    const COUNT: u64 = 100;
    let server = Server::start(&["-q"]);
    let pings = frame(0x89, &[b'p'; 125]).repeat(1000);
    let flood = |stream: &TcpStream| {
        let mut writer = stream;
        while writer.write_all(&pings).is_ok() {}
    };
    let connect = || {
        let stream = server.open_with(b"");
        // After this time the server reads no more.
        let timeout = Some(Duration::from_millis(300));
        stream.set_write_timeout(timeout).unwrap();
        stream
    };
    // What all connections share is allocated.
    let first = connect();
    flood(&first);
    let before = memory(server.id(), "RssAnon");
    let clients: Vec<TcpStream> = (0..COUNT).map(|_| connect()).collect();
    thread::scope(|scope| {
        for client in &clients {
            scope.spawn(|| flood(client));
        }
    });
    let each = (memory(server.id(), "RssAnon") - before) / COUNT;
    assert!(each < 32, "{each} KiB");
}
