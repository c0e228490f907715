//! Clients made with Rust libraries: they connect once, and send back what comes.

use std::error::Error;

use fastwebsockets::{FragmentCollector, Frame, OpCode, handshake};
use http_body_util::Empty;
use hyper::Request;
use hyper::body::Bytes;
use hyper::header::{CONNECTION, HOST, UPGRADE};
use hyper_util::rt::TokioExecutor;
use tokio::net::TcpStream;
use tokio::runtime;

/// What a client received before the connection ended.
pub(crate) type Messages = Vec<Vec<u8>>;

/// Connects to a URL, and sends messages back or not.
pub(crate) type Connect = fn(&str, bool) -> Messages;

/// Connects to a URL with tungstenite.
pub(crate) fn connect_tungstenite(url: &str, echoes: bool) -> Messages {
    let mut messages = Vec::new();
    let Ok((mut socket, _)) = tungstenite::connect(url) else {
        return messages;
    };
    while let Ok(message) = socket.read() {
        if !message.is_text() && !message.is_binary() {
            continue;
        }
        messages.push(message.clone().into_data().to_vec());
        if echoes && socket.send(message).is_err() {
            break;
        }
    }
    messages
}

/// Connects to a URL with fastwebsockets.
pub(crate) fn connect_fastwebsockets(url: &str, echoes: bool) -> Messages {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let mut messages = Vec::new();
    let connection = run_fastwebsockets(url, echoes, &mut messages);
    // An error ends the connection, as wsctl sees.
    let _ = runtime.unwrap().block_on(connection);
    messages
}

async fn run_fastwebsockets(
    url: &str,
    echoes: bool,
    messages: &mut Messages,
) -> Result<(), Box<dyn Error>> {
    let (_, rest) = url.split_once("://").ok_or("no scheme")?;
    let (host, path) = rest.split_once('/').ok_or("no path")?;
    let request = Request::builder()
        .uri(format!("/{path}"))
        .header(HOST, host)
        .header(UPGRADE, "websocket")
        .header(CONNECTION, "upgrade")
        .header("Sec-WebSocket-Key", handshake::generate_key())
        .header("Sec-WebSocket-Version", "13")
        .body(Empty::<Bytes>::new())?;
    let stream = TcpStream::connect(host).await?;
    let (socket, _) = handshake::client(&TokioExecutor::new(), request, stream).await?;
    let mut socket = FragmentCollector::new(socket);
    loop {
        let frame = socket.read_frame().await?;
        match frame.opcode {
            OpCode::Text | OpCode::Binary => {
                messages.push(frame.payload.to_vec());
                if echoes {
                    let echo = Frame::new(true, frame.opcode, None, frame.payload);
                    socket.write_frame(echo).await?;
                }
            }
            OpCode::Close => return Ok(()),
            _ => {}
        }
    }
}
