//! A server that a test scripts: it answers the request, and does with the connection what the
//! test says.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

use wsctl::ws::handshake::accept_value;

use crate::helpers::run::{Outcome, wsctl};
use crate::helpers::server::TIMEOUT;

/// A server for one connection.
pub(super) struct ScriptedServer {
    pub(super) url: String,
    script: JoinHandle<()>,
}

impl ScriptedServer {
    /// Answers the request with a 101, and gives the connection and the request to the script.
    pub(super) fn start(script: impl FnOnce(TcpStream, String) + Send + 'static) -> Self {
        Self::answering("", script)
    }

    /// The same with further headers in the response.
    pub(super) fn answering(
        headers: &'static str,
        script: impl FnOnce(TcpStream, String) + Send + 'static,
    ) -> Self {
        Self::listening(move |mut stream, request| {
            stream
                .write_all(response(&request, headers).as_bytes())
                .unwrap();
            script(stream, request);
        })
    }

    /// Gives the connection and the request to the script, unanswered.
    pub(super) fn listening(script: impl FnOnce(TcpStream, String) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("ws://{}/", listener.local_addr().unwrap());
        let script = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.set_read_timeout(Some(TIMEOUT)).unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                request.extend(byte);
            }
            script(stream, String::from_utf8(request).unwrap());
        });
        Self { url, script }
    }

    /// Runs `wsctl connect` with these arguments, and waits for the script.
    pub(super) fn connect(self, arguments: &[&str]) -> Outcome {
        let outcome = wsctl([&["connect", &self.url], arguments].concat());
        self.script.join().unwrap();
        outcome
    }
}

/// The 101 for a request.
pub(super) fn response(request: &str, headers: &str) -> String {
    let key = request
        .lines()
        .find_map(|line| line.strip_prefix("Sec-WebSocket-Key: "))
        .unwrap();
    let accept = accept_value(key.as_bytes());
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {accept}\r\n{headers}\r\n"
    )
}

/// Reads until the client ends the stream.
pub(super) fn read_all(mut stream: &TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    bytes
}
