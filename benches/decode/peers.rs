//! Programs made with other Rust libraries that print the text of each message in a file.

use std::fs::File;
use std::io::{self, BufWriter, StdoutLock, Write as _};
use std::path::Path;

use fastwebsockets::{FragmentCollector, OpCode};
use futures_util::StreamExt as _;
use tokio::runtime;
use tungstenite::protocol::{Role, WebSocketConfig};
use tungstenite::{Error, Message, WebSocket};

use super::Fallible;
use super::bare;
use super::reader::Reader;
use super::rows::Tool;

/// Decodes as `peer NAME FILE` says.
pub(crate) fn run(arguments: &[String]) -> Fallible<()> {
    let [name, path] = arguments else {
        return Err("expected peer NAME FILE".into());
    };
    let path = Path::new(path);
    let tool = Tool::ALL.into_iter().find(|tool| tool.name() == name);
    if tool == Some(Tool::Bare) {
        return bare::decode(path);
    }
    let reader = Reader(File::open(path)?);
    let out = BufWriter::with_capacity(128 << 10, io::stdout().lock());
    let runtime = runtime::Builder::new_current_thread().build()?;
    match tool {
        Some(Tool::Tungstenite) => tungstenite(reader, out),
        Some(Tool::TokioWebsockets) => runtime.block_on(tokio_websockets(reader, out)),
        Some(Tool::Fastwebsockets) => runtime.block_on(fastwebsockets(reader, out)),
        _ => Err(format!("{name} is no peer").into()),
    }
}

type Out<'a> = BufWriter<StdoutLock<'a>>;

/// A line for a message.
fn print(out: &mut Out<'_>, text: &[u8]) -> io::Result<()> {
    out.write_all(text)?;
    out.write_all(b"\n")
}

fn tungstenite(reader: Reader, mut out: Out<'_>) -> Fallible<()> {
    let config = WebSocketConfig::default()
        .max_message_size(None)
        .max_frame_size(None);
    let mut socket = WebSocket::from_raw_socket(reader, Role::Server, Some(config));
    loop {
        match socket.read() {
            Ok(Message::Text(text)) => print(&mut out, text.as_bytes())?,
            Ok(_) => {}
            // The file ends without a close.
            Err(Error::Protocol(_) | Error::ConnectionClosed) => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(out.flush()?)
}

async fn tokio_websockets(reader: Reader, mut out: Out<'_>) -> Fallible<()> {
    let mut socket = tokio_websockets::ServerBuilder::new()
        .limits(tokio_websockets::Limits::unlimited())
        .serve(reader);
    while let Some(message) = socket.next().await {
        if let Some(text) = message?.as_text() {
            print(&mut out, text.as_bytes())?;
        }
    }
    Ok(out.flush()?)
}

async fn fastwebsockets(reader: Reader, mut out: Out<'_>) -> Fallible<()> {
    let mut socket =
        fastwebsockets::WebSocket::after_handshake(reader, fastwebsockets::Role::Server);
    socket.set_max_message_size(usize::MAX);
    let mut socket = FragmentCollector::new(socket);
    // The file ends without a close.
    while let Ok(frame) = socket.read_frame().await {
        if frame.opcode == OpCode::Text {
            print(&mut out, &frame.payload)?;
        }
    }
    Ok(out.flush()?)
}
