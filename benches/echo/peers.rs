//! Echo servers made with other Rust libraries, each as its own example has it, on a
//! runtime of one thread.
//!
//! Where the library can hold frames back, the echoes of all messages that are there are
//! sent at once. All share an opening handshake, which is not measured.

use std::cell::RefCell;
use std::error::Error;
use std::future::ready;
use std::io::{self, Write as _};
use std::pin::pin;
use std::rc::Rc;

use fastwebsockets::{FragmentCollectorRead, Frame, OpCode, Role, WebSocket, WebSocketError};
use futures_util::{FutureExt as _, Sink, SinkExt as _, Stream, StreamExt as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, BufWriter};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime;
use tokio::task::{LocalSet, spawn_local, unconstrained};
use tokio_tungstenite::WebSocketStream;
use tungstenite::Message;

use super::Fallible;
use super::bare;
use super::opening;
use super::server::Kind;

/// Serves as `peer NAME [print|deflate]` says.
pub(crate) fn run(arguments: &[String]) -> Fallible<()> {
    let name = arguments.first().map_or("", String::as_str);
    let duty = arguments.get(1).map(String::as_str);
    let kind = Kind::named(name).ok_or_else(|| format!("{name} is no peer"))?;
    if kind == Kind::Bare {
        return bare::serve(duty == Some("print"));
    }
    let setting = Setting {
        kind,
        deflates: duty == Some("deflate"),
        log: Log((duty == Some("print")).then(Rc::default)),
    };
    let runtime = runtime::Builder::new_current_thread().enable_io().build()?;
    LocalSet::new().block_on(&runtime, listen(setting))
}

/// What a server is to do.
#[derive(Clone)]
struct Setting {
    kind: Kind,
    deflates: bool,
    log: Log,
}

/// What is agreed on with clients if messages are compressed.
const AGREED: &str = "permessage-deflate; client_no_context_takeover";

async fn listen(setting: Setting) -> Fallible<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on ws://{}/", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        let setting = setting.clone();
        // A connection that fails is the client's to notice.
        spawn_local(unconstrained(async { serve(stream, setting).await.ok() }));
    }
}

async fn serve(mut stream: TcpStream, setting: Setting) -> Fallible<()> {
    stream.set_nodelay(true)?;
    let mut request = Vec::with_capacity(1024);
    let extensions = if setting.deflates { AGREED } else { "" };
    let answer = loop {
        if stream.read_buf(&mut request).await? == 0 {
            return Ok(());
        }
        if let Some(answer) = opening::answer(&request, extensions) {
            break answer;
        }
    };
    drop(request);
    stream.write_all(answer.as_bytes()).await?;
    let log = setting.log;
    match setting.kind {
        Kind::TokioTungstenite => {
            let role = tungstenite::protocol::Role::Server;
            let socket = WebSocketStream::from_raw_socket(stream, role, None).await;
            echo(socket, &log, |message| match message {
                Message::Text(text) => Some(text.as_bytes()),
                _ => None,
            })
            .await
        }
        Kind::TokioWebsockets => {
            let socket = tokio_websockets::ServerBuilder::new().serve(stream);
            echo(socket, &log, |message: &tokio_websockets::Message| {
                message.as_text().map(str::as_bytes)
            })
            .await
        }
        Kind::Yawc => {
            let socket = yawc(stream, setting.deflates)?;
            echo(socket.map(Ok), &log, |frame| {
                (frame.opcode() == yawc::OpCode::Text).then(|| frame.payload().as_ref())
            })
            .await
        }
        _ => fastwebsockets(stream, &log).await,
    }
}

/// How many echoes wait for each other at most.
const BATCH: usize = 32;

/// Sends text messages back, all that are there at once.
async fn echo<M, S, E>(
    mut socket: S,
    log: &Log,
    text: for<'a> fn(&'a M) -> Option<&'a [u8]>,
) -> Fallible<()>
where
    S: Stream<Item = Result<M, E>> + Sink<M, Error = E> + Unpin,
    E: Error + 'static,
{
    let mut batch = Vec::new();
    while let Some(message) = socket.next().await {
        batch.push(message?);
        while batch.len() < BATCH
            && let Some(Some(message)) = socket.next().now_or_never()
        {
            batch.push(message?);
        }
        for message in batch.drain(..) {
            if let Some(text) = text(&message) {
                log.push(text);
                socket.feed(message).await?;
            }
        }
        socket.flush().await?;
        log.flush()?;
    }
    Ok(())
}

fn yawc(stream: TcpStream, deflates: bool) -> Fallible<yawc::WebSocket<TcpStream>> {
    let options = yawc::Options::default().with_utf8();
    let (options, extensions) = if deflates {
        (options.with_balanced_compression(), Some(AGREED))
    } else {
        (options, None)
    };
    let role = yawc::Role::Server;
    let socket = yawc::WebSocket::from_stream_with_extensions(stream, role, extensions, options)?;
    Ok(socket)
}

/// The same with fastwebsockets, which leaves it to its stream to hold octets back.
async fn fastwebsockets(stream: TcpStream, log: &Log) -> Fallible<()> {
    let socket = WebSocket::after_handshake(stream, Role::Server);
    let (reader, mut writer) = socket.split(|stream| {
        let (read, write) = stream.into_split();
        (read, BufWriter::new(write))
    });
    let mut reader = FragmentCollectorRead::new(reader);
    // Pings and closes are none of this load's.
    let mut oblige = |_: Frame<'_>| ready(Ok::<_, WebSocketError>(()));
    loop {
        let mut reading = pin!(reader.read_frame(&mut oblige));
        let frame = match (&mut reading).now_or_never() {
            Some(frame) => frame?,
            None => {
                writer.flush().await?;
                log.flush()?;
                reading.await?
            }
        };
        match frame.opcode {
            OpCode::Text => {
                log.push(&frame.payload);
                writer.write_frame(frame).await?;
            }
            OpCode::Close => return Ok(()),
            _ => {}
        }
    }
}

/// The lines of all connections, if they are wanted.
#[derive(Clone)]
struct Log(Option<Rc<RefCell<Vec<u8>>>>);

impl Log {
    fn push(&self, text: &[u8]) {
        if let Some(lines) = &self.0 {
            line(&mut lines.borrow_mut(), text);
        }
    }

    /// Prints what was logged since the last time.
    fn flush(&self) -> io::Result<()> {
        if let Some(lines) = &self.0 {
            let mut lines = lines.borrow_mut();
            io::stdout().write_all(&lines)?;
            lines.clear();
        }
        Ok(())
    }
}

/// Appends the line that is printed for a message.
pub(crate) fn line(lines: &mut Vec<u8>, text: &[u8]) {
    lines.extend_from_slice(b"< text \"");
    lines.extend_from_slice(text);
    lines.extend_from_slice(b"\"\n");
}
