//! tungstenite, with a thread for each connection.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use tungstenite::WebSocket;

/// Accepts connections and sends back what comes.
pub fn serve(listener: &TcpListener) {
    for stream in listener.incoming() {
        let stream = stream.unwrap();
        thread::spawn(move || {
            if let Ok(socket) = tungstenite::accept(stream) {
                echo(socket);
            }
        });
    }
}

/// Connects and sends back what comes.
pub fn connect(url: &str) {
    if let Ok((socket, _)) = tungstenite::connect(url) {
        echo(socket);
    }
}

/// Ends with the connection.
fn echo<S: Read + Write>(mut socket: WebSocket<S>) {
    while let Ok(message) = socket.read() {
        if message.is_text() || message.is_binary() {
            // A message that is too large for the buffer of the socket ends the connection.
            if socket.send(message).is_err() {
                return;
            }
        }
    }
}
