//! `wsctl serve` in a process of its own.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tungstenite::stream::MaybeTlsStream;

use super::client::{Client, REQUEST, RESPONSE};
use super::log::normalized;
use super::run::program;

/// How long a test waits for an event before it fails.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(20);

/// A running server. A thread reads its log, so that the server never waits for the reader.
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

    /// The first line of the log, which has the address.
    pub(crate) fn listening_line(&self) -> &str {
        &self.greeting
    }

    /// The `http://` URL of a path.
    pub(crate) fn page(&self, path: &str) -> String {
        format!("{}{path}", self.url.replacen("ws", "http", 1))
    }

    /// The next line of the log, unchanged.
    pub(crate) fn line(&self) -> String {
        self.lines.recv_timeout(TIMEOUT).unwrap()
    }

    /// The lines of the log up to the first one that contains `end`, normalized.
    pub(crate) fn log_until(&self, end: &str) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            let line = self.line();
            let is_end = line.contains(end);
            lines.push(normalized(&line));
            if is_end {
                return lines;
            }
        }
    }

    /// The lines of the log until the server ends, normalized.
    pub(crate) fn remaining_lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            match self.lines.recv_timeout(TIMEOUT) {
                Ok(line) => lines.push(normalized(&line)),
                Err(RecvTimeoutError::Disconnected) => return lines,
                Err(RecvTimeoutError::Timeout) => panic!("the server does not end: {lines:#?}"),
            }
        }
    }

    /// A client of tungstenite that has connected to `/`.
    pub(crate) fn client(&self) -> Client {
        self.client_at("/")
    }

    /// A client of tungstenite that has connected to `path`.
    pub(crate) fn client_at(&self, path: &str) -> Client {
        let url = format!("{}{path}", self.url.trim_end_matches('/'));
        connect(&url)
    }

    /// A TCP connection.
    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address()).unwrap();
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        stream
    }

    /// A TCP connection after its handshake. `bytes` are sent in the same write as the request.
    pub(crate) fn open_with(&self, bytes: &[u8]) -> TcpStream {
        let mut stream = self.connect();
        stream
            .write_all(&[REQUEST.as_bytes(), bytes].concat())
            .unwrap();
        let mut head = vec![0; RESPONSE.len()];
        stream.read_exact(&mut head).unwrap();
        assert_eq!(String::from_utf8(head).unwrap(), RESPONSE);
        stream
    }

    /// A TCP connection after a handshake that offers these extensions.
    pub(crate) fn open_offering(&self, extensions: &str) -> TcpStream {
        let mut stream = self.connect();
        let offer = format!("\r\nSec-WebSocket-Extensions: {extensions}\r\n\r\n");
        let request = REQUEST.replace("\r\n\r\n", &offer);
        stream.write_all(request.as_bytes()).unwrap();
        let mut response = Vec::new();
        while !response.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            response.push(byte[0]);
        }
        assert!(response.starts_with(b"HTTP/1.1 101 "));
        stream
    }

    /// What the server sends to a client that sends `bytes`, until the connection ends.
    pub(crate) fn answer_to(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = self.open_with(bytes);
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        answer
    }

    /// Sends SIGINT, as Ctrl-C does.
    pub(crate) fn interrupt(&self) {
        signal(&self.child, Signal::INT);
    }

    /// Interrupts the server and returns its exit status.
    pub(crate) fn stop(mut self) -> i32 {
        self.interrupt();
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts a server. Returns its process, the first line of its log, and the rest of the log, which is
/// not read yet.
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

/// A client of tungstenite that has connected to `url`. It does not wait for ever.
pub(crate) fn connect(url: &str) -> Client {
    let (client, response) = tungstenite::connect(url).unwrap();
    assert_eq!(response.status(), 101);
    if let MaybeTlsStream::Plain(stream) = client.get_ref() {
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
    }
    client
}

/// Waits until no process has a FIFO open for writing.
#[cfg(target_os = "linux")]
pub(crate) fn wait_for_writers(mut fifo: std::fs::File) {
    let (sender, closed) = channel();
    thread::spawn(move || {
        fifo.read_to_end(&mut Vec::new()).unwrap();
        sender.send(())
    });
    closed
        .recv_timeout(TIMEOUT)
        .expect("a process has the FIFO open");
}

/// The URL for clients in the first line of a log, which may be text or JSON.
pub(crate) fn url_in(line: &str) -> String {
    let Some(addresses) = line.strip_prefix("listening on ") else {
        let object: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(object["type"], "listening");
        return object["url"].as_str().unwrap().to_owned();
    };
    // The address may be bold.
    let address = addresses.strip_prefix("\x1b[1m").unwrap_or(addresses);
    address.split([' ', '\x1b']).next().unwrap().to_owned()
}

pub(crate) fn signal(child: &Child, signal: Signal) {
    kill_process(
        Pid::from_raw(child.id().try_into().unwrap()).unwrap(),
        signal,
    )
    .unwrap();
}
