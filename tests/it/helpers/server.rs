//! A `wsctl serve` in a process of its own.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tungstenite::stream::MaybeTlsStream;

use super::client::{Client, REQUEST, RESPONSE};
use super::log::steady;
use super::run::program;

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

    /// The lines of the log until the server ends, steady.
    pub(crate) fn remaining_lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => lines.push(steady(&line)),
                Err(RecvTimeoutError::Disconnected) => return lines,
                Err(RecvTimeoutError::Timeout) => panic!("the server does not end: {lines:#?}"),
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

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
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
