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
use tungstenite::protocol::WebSocketConfig;

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
            let config = WebSocketConfig::default().read_buffer_size(BUFFER);
            let socket = WebSocketStream::from_raw_socket(stream, role, Some(config)).await;
            echo(socket, Reading::Holds, &log, |message| match message {
                Message::Text(text) => Some(text.as_bytes()),
                _ => None,
            })
            .await
        }
        Kind::TokioWebsockets => {
            let socket = tokio_websockets::ServerBuilder::new()
                .config(tokio_websockets::Config::default().flush_threshold(BUFFER))
                .serve(stream);
            echo(
                socket,
                Reading::Flushes,
                &log,
                |message: &tokio_websockets::Message| message.as_text().map(str::as_bytes),
            )
            .await
        }
        Kind::Yawc => {
            let socket = yawc(stream, setting.deflates)?;
            echo(socket.map(Ok), Reading::Holds, &log, |frame| {
                (frame.opcode() == yawc::OpCode::Text).then(|| frame.payload().as_ref())
            })
            .await
        }
        _ => fastwebsockets(stream, &log).await,
    }
}

/// What is read or written at once, where it can be said: enough for a batch of this load.
/// The default of tungstenite, 128 KiB which it clears before each read, is slower.
const BUFFER: usize = 32 << 10;

/// How many echoes wait for each other at most.
const BATCH: usize = 32;

/// What a library does with echoes that wait when it is asked for one more message.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// It lets them wait.
    Holds,
    /// It sends them.
    Flushes,
}

/// Sends text messages back, those that are there at once.
async fn echo<M, S, E>(
    mut socket: S,
    reading: Reading,
    log: &Log,
    text: for<'a> fn(&'a M) -> Option<&'a [u8]>,
) -> Fallible<()>
where
    S: Stream<Item = Result<M, E>> + Sink<M, Error = E> + Unpin,
    E: Error + 'static,
{
    let mut batch = Vec::new();
    while let Some(first) = socket.next().await {
        let mut next = Some(first?);
        let mut count = 0;
        while let Some(message) = next.take() {
            if let Some(text) = text(&message) {
                log.push(text);
                match reading {
                    Reading::Holds => socket.feed(message).await?,
                    Reading::Flushes => batch.push(message),
                }
            }
            count += 1;
            if count < BATCH {
                next = socket.next().now_or_never().flatten().transpose()?;
            }
        }
        for message in batch.drain(..) {
            socket.feed(message).await?;
        }
        socket.flush().await?;
        log.flush()?;
    }
    Ok(())
}

fn yawc(stream: TcpStream, deflates: bool) -> Fallible<yawc::WebSocket<TcpStream>> {
    let options = yawc::Options::default()
        .with_utf8()
        .with_read_buffer_capacity(BUFFER)
        .with_backpressure_boundary(BUFFER);
    let (options, extensions) = if deflates {
        (options.with_balanced_compression(), Some(AGREED))
    } else {
        (options, None)
    };
    let role = yawc::Role::Server;
    let socket = yawc::WebSocket::from_stream_with_extensions(stream, role, extensions, options)?;
    Ok(socket)
}

/// The same with fastwebsockets, which leaves it to its stream to hold bytes back.
async fn fastwebsockets(stream: TcpStream, log: &Log) -> Fallible<()> {
    let socket = WebSocket::after_handshake(stream, Role::Server);
    let (reader, mut writer) = socket.split(|stream| {
        let (read, write) = stream.into_split();
        (read, BufWriter::with_capacity(BUFFER, write))
    });
    let mut reader = FragmentCollectorRead::new(reader);
    // Pings and closes are none of this load's.
    let mut oblige = |_: Frame<'_>| ready(Ok::<_, WebSocketError>(()));
    loop {
        let mut reading = pin!(reader.read_frame(&mut oblige));
        let frame = if let Some(frame) = (&mut reading).now_or_never() {
            frame?
        } else {
            writer.flush().await?;
            log.flush()?;
            reading.await?
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
