//! The reader of the output is stopped for a while, as with Ctrl-Z or Ctrl-S.
#![cfg(target_os = "linux")]

use std::fs::File;
use std::io::{Read as _, Seek as _, Write};
use std::net::TcpStream;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitOptions, waitpid};

use crate::helpers::client::{REQUEST, frame};
use crate::helpers::run::{memory, program};
use crate::helpers::server::{TIMEOUT, signal, start_unread, url_in};

/// More messages than fit into all buffers between the processes.
const MESSAGES: usize = 4_000;

/// The same of `serve`, of whose log 16 MiB wait in memory.
const SERVED_MESSAGES: usize = 10_000;

/// `cat`, which copies its input to a file.
struct Reader {
    cat: Child,
    file: File,
}

impl Reader {
    fn start(input: impl Into<Stdio>) -> Self {
        let file = tempfile::tempfile().unwrap();
        let cat = Command::new("cat")
            .stdin(input)
            .stdout(file.try_clone().unwrap())
            .spawn()
            .unwrap();
        Self { cat, file }
    }

    fn stop(&self) {
        signal(&self.cat, Signal::STOP);
        let id = Pid::from_raw(self.cat.id().try_into().unwrap());
        let (_, status) = waitpid(id, WaitOptions::UNTRACED).unwrap().unwrap();
        assert!(status.stopped());
    }

    fn resume(&self) {
        signal(&self.cat, Signal::CONT);
    }

    /// Waits until it ends, and returns what it has read.
    fn finish(mut self) -> String {
        assert!(self.cat.wait().unwrap().success());
        let mut text = String::new();
        self.file.rewind().unwrap();
        self.file.read_to_string(&mut text).unwrap();
        text
    }
}

/// A message of 4 kB that starts with its number.
fn message(number: usize) -> String {
    format!("{number:06} {}", "x".repeat(4000))
}

/// The numbers of the messages in those lines of an output that have this mark (`<` or `>`).
fn numbers(listing: &str, sign: &str) -> Vec<usize> {
    let mut numbers = Vec::new();
    for line in listing.lines() {
        if let Some((_, text)) = line.split_once(&format!("{sign} text \"")) {
            assert!(text.contains(&"x".repeat(4000)));
            numbers.push(text[..6].parse().unwrap());
        }
    }
    numbers
}

/// Writes until the timeout of the stream, and returns how many bytes were written.
fn write_until_stuck(stream: &mut impl Write, bytes: &[u8]) -> usize {
    let mut written = 0;
    while let Ok(size) = stream.write(&bytes[written..]) {
        assert!(size > 0, "all of it was taken");
        written += size;
    }
    written
}

const SHORT: Option<Duration> = Some(Duration::from_millis(500));

#[test]
fn serve_waits_for_a_stopped_reader_and_loses_nothing() {
    let (mut server, greeting, log) = start_unread(&["--full"]);
    let url = url_in(&greeting);
    let address = url["ws://".len()..].trim_end_matches('/');
    let reader = Reader::start(log.into_inner());
    let mut client = TcpStream::connect(address).unwrap();
    client.write_all(REQUEST.as_bytes()).unwrap();
    client.read_exact(&mut [0; "HTTP/1.1".len()]).unwrap();
    let sent: Vec<u8> = (0..SERVED_MESSAGES)
        .flat_map(|number| frame(0x81, message(number).as_bytes()))
        .chain(frame(0x88, b""))
        .collect();
    let before = memory(server.id(), "VmRSS");
    reader.stop();
    let mut hearing = client.try_clone().unwrap();
    hearing.set_read_timeout(Some(TIMEOUT)).unwrap();
    let echo = thread::spawn(move || {
        let mut echo = Vec::new();
        hearing.read_to_end(&mut echo).unwrap();
        echo
    });
    client.set_write_timeout(SHORT).unwrap();
    let written = write_until_stuck(&mut client, &sent);
    let grown = memory(server.id(), "VmHWM").saturating_sub(before);
    assert!(grown < 24 << 10, "{grown} KiB");
    // New connections are still accepted.
    let mut other = TcpStream::connect(address).unwrap();
    other
        .write_all(&[REQUEST.as_bytes(), &frame(0x88, b"")].concat())
        .unwrap();

    reader.resume();
    client.set_write_timeout(Some(TIMEOUT)).unwrap();
    client.write_all(&sent[written..]).unwrap();
    other.read_to_end(&mut Vec::new()).unwrap();
    let echo = echo.join().unwrap();
    let mut expected = Vec::new();
    for number in 0..SERVED_MESSAGES {
        let text = message(number);
        let length = u16::try_from(text.len()).unwrap().to_be_bytes();
        expected.extend([&[0x81, 126], &length[..], text.as_bytes()].concat());
    }
    expected.extend(b"\x88\0");
    assert!(echo.ends_with(&expected));
    signal(&server, Signal::INT);
    assert_eq!(server.wait().unwrap().code(), Some(0));
    let log = reader.finish();
    let all: Vec<usize> = (0..SERVED_MESSAGES).collect();
    assert_eq!(numbers(&log, "#1 <"), all);
    assert_eq!(numbers(&log, "#1 >"), all);
    assert!(log.lines().last().unwrap().starts_with("stopped: "));
}

#[test]
fn decode_waits_for_a_stopped_reader_and_loses_nothing() {
    let (mut input, end) = UnixStream::pair().unwrap();
    let mut decode = program()
        .args(["decode", "-f", "frames", "--full"])
        .stdin(OwnedFd::from(end))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let reader = Reader::start(decode.stdout.take().unwrap());
    let sent: Vec<u8> = (0..MESSAGES)
        .flat_map(|number| frame(0x81, message(number).as_bytes()))
        .collect();
    reader.stop();
    input.set_write_timeout(SHORT).unwrap();
    let written = write_until_stuck(&mut input, &sent);
    let peak = memory(decode.id(), "VmHWM");
    assert!(peak < 24 << 10, "{peak} KiB");

    reader.resume();
    input.set_write_timeout(Some(TIMEOUT)).unwrap();
    input.write_all(&sent[written..]).unwrap();
    drop(input);
    assert_eq!(decode.wait().unwrap().code(), Some(0));
    let all: Vec<usize> = (0..MESSAGES).collect();
    assert_eq!(numbers(&reader.finish(), ">"), all);
}
