//! Decoders made with other Rust libraries: they print the text of each message in a file.

use std::fs::File;
use std::io::{self, BufWriter, StdoutLock, Write as _};
use std::path::Path;

use fastwebsockets::{FragmentCollector, OpCode};
use futures_util::StreamExt as _;
use tokio::runtime;
use tungstenite::protocol::{Role, WebSocketConfig};
use tungstenite::{Error, Message, WebSocket};

use super::bare_loop;
use super::common::Fallible;
use super::file_stream::FileStream;
use super::scenarios::Decoder;

/// Runs the decoder that the arguments `NAME FILE` name.
pub(crate) fn run(arguments: &[String]) -> Fallible<()> {
    let [name, path] = arguments else {
        return Err("expected peer NAME FILE".into());
    };
    let path = Path::new(path);
    let decoder = Decoder::ALL
        .into_iter()
        .find(|decoder| decoder.name() == name);
    if decoder == Some(Decoder::Bare) {
        return bare_loop::decode(path);
    }
    let stream = FileStream(File::open(path)?);
    let out = BufWriter::with_capacity(128 << 10, io::stdout().lock());
    let runtime = runtime::Builder::new_current_thread().build()?;
    match decoder {
        Some(Decoder::Tungstenite) => tungstenite(stream, out),
        Some(Decoder::TokioWebsockets) => runtime.block_on(tokio_websockets(stream, out)),
        Some(Decoder::Fastwebsockets) => runtime.block_on(fastwebsockets(stream, out)),
        _ => Err(format!("expected the name of a decoder, found {name}").into()),
    }
}

type Output<'a> = BufWriter<StdoutLock<'a>>;

/// Prints a text and a line feed.
fn print(out: &mut Output<'_>, text: &[u8]) -> io::Result<()> {
    out.write_all(text)?;
    out.write_all(b"\n")
}

fn tungstenite(stream: FileStream, mut out: Output<'_>) -> Fallible<()> {
    let config = WebSocketConfig::default()
        .max_message_size(None)
        .max_frame_size(None);
    let mut socket = WebSocket::from_raw_socket(stream, Role::Server, Some(config));
    loop {
        match socket.read() {
            Ok(Message::Text(text)) => print(&mut out, text.as_bytes())?,
            Ok(_) => {}
            // The file ends without a close frame.
            Err(Error::Protocol(_) | Error::ConnectionClosed) => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(out.flush()?)
}

async fn tokio_websockets(stream: FileStream, mut out: Output<'_>) -> Fallible<()> {
    let mut socket = tokio_websockets::ServerBuilder::new()
        .limits(tokio_websockets::Limits::unlimited())
        .serve(stream);
    while let Some(message) = socket.next().await {
        if let Some(text) = message?.as_text() {
            print(&mut out, text.as_bytes())?;
        }
    }
    Ok(out.flush()?)
}

async fn fastwebsockets(stream: FileStream, mut out: Output<'_>) -> Fallible<()> {
    let mut socket =
        fastwebsockets::WebSocket::after_handshake(stream, fastwebsockets::Role::Server);
    socket.set_max_message_size(usize::MAX);
    let mut socket = FragmentCollector::new(socket);
    // The file ends without a close frame.
    while let Ok(frame) = socket.read_frame().await {
        if frame.opcode == OpCode::Text {
            print(&mut out, &frame.payload)?;
        }
    }
    Ok(out.flush()?)
}
