//! Echo servers made with other Rust libraries, as in the libraries' own examples, on a
//! single-threaded Tokio runtime.
//!
//! Where a library can queue frames, the echoes of all messages that have come are flushed
//! together. All servers use the handshake of this benchmark, which is not measured.

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

use super::bare_loop;
use super::common::Fallible;
use super::handshake;
use super::log_lines::push_log_line;
use super::programs::{ServerProgram, Workload};

/// Runs the server that the arguments `NAME WORKLOAD` name.
pub(crate) fn run(arguments: &[String]) -> Fallible<()> {
    let [name, workload] = arguments else {
        return Err("expected peer NAME WORKLOAD".into());
    };
    let program = ServerProgram::from_name(name)
        .ok_or_else(|| format!("expected the name of a server, found {name}"))?;
    let prints_log = *workload == Workload::Print.name();
    if program == ServerProgram::Bare {
        return bare_loop::serve(prints_log);
    }
    let settings = Settings {
        program,
        is_compressed: *workload == Workload::Deflate.name(),
        log: Log(prints_log.then(Rc::default)),
    };
    let runtime = runtime::Builder::new_current_thread().enable_io().build()?;
    LocalSet::new().block_on(&runtime, listen(settings))
}

/// Which library serves, and what it has to do.
#[derive(Clone)]
struct Settings {
    program: ServerProgram,
    is_compressed: bool,
    log: Log,
}

/// The extension in the response of the workload `deflate`.
const EXTENSION: &str = "permessage-deflate; client_no_context_takeover";

async fn listen(settings: Settings) -> Fallible<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on ws://{}/", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        let settings = settings.clone();
        // The client reports a connection that fails.
        spawn_local(unconstrained(async { serve(stream, settings).await.ok() }));
    }
}

async fn serve(mut stream: TcpStream, settings: Settings) -> Fallible<()> {
    stream.set_nodelay(true)?;
    let mut request = Vec::with_capacity(1024);
    let extensions = if settings.is_compressed {
        EXTENSION
    } else {
        ""
    };
    let response = loop {
        if stream.read_buf(&mut request).await? == 0 {
            return Ok(());
        }
        if let Some(response) = handshake::response(&request, extensions) {
            break response;
        }
    };
    drop(request);
    stream.write_all(response.as_bytes()).await?;
    let log = settings.log;
    match settings.program {
        ServerProgram::TokioTungstenite => {
            let role = tungstenite::protocol::Role::Server;
            let config = WebSocketConfig::default().read_buffer_size(BUFFER);
            let socket = WebSocketStream::from_raw_socket(stream, role, Some(config)).await;
            echo(
                socket,
                NextMessage::KeepsQueue,
                &log,
                |message| match message {
                    Message::Text(text) => Some(text.as_bytes()),
                    _ => None,
                },
            )
            .await
        }
        ServerProgram::TokioWebsockets => {
            let socket = tokio_websockets::ServerBuilder::new()
                .config(tokio_websockets::Config::default().flush_threshold(BUFFER))
                .serve(stream);
            echo(
                socket,
                NextMessage::Flushes,
                &log,
                |message: &tokio_websockets::Message| message.as_text().map(str::as_bytes),
            )
            .await
        }
        ServerProgram::Yawc => {
            let socket = yawc(stream, settings.is_compressed)?;
            echo(socket.map(Ok), NextMessage::KeepsQueue, &log, |frame| {
                (frame.opcode() == yawc::OpCode::Text).then(|| frame.payload().as_ref())
            })
            .await
        }
        _ => fastwebsockets(stream, &log).await,
    }
}

/// The size of read and write buffers, where a library has such a setting: enough for a batch of
/// messages. The default of tungstenite, 128 KiB, is slower, since it zeroes the buffer before
/// each read.
const BUFFER: usize = 32 << 10;

/// How many echoes are flushed together at most.
const BATCH: usize = 32;

/// What a library does with queued frames when the next message is requested.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NextMessage {
    /// It keeps them in the queue.
    KeepsQueue,
    /// It flushes them.
    Flushes,
}

/// Echoes text messages. The echoes of messages that have come together are flushed together.
async fn echo<M, S, E>(
    mut socket: S,
    next_message: NextMessage,
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
                match next_message {
                    NextMessage::KeepsQueue => socket.feed(message).await?,
                    NextMessage::Flushes => batch.push(message),
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

/// A connection of yawc.
fn yawc(stream: TcpStream, is_compressed: bool) -> Fallible<yawc::WebSocket<TcpStream>> {
    let options = yawc::Options::default()
        .with_utf8()
        .with_read_buffer_capacity(BUFFER)
        .with_backpressure_boundary(BUFFER);
    let (options, extensions) = if is_compressed {
        (options.with_balanced_compression(), Some(EXTENSION))
    } else {
        (options, None)
    };
    let role = yawc::Role::Server;
    let socket = yawc::WebSocket::from_stream_with_extensions(stream, role, extensions, options)?;
    Ok(socket)
}

/// Echoes text messages with fastwebsockets. It has no queue of its own, so the stream is
/// buffered.
async fn fastwebsockets(stream: TcpStream, log: &Log) -> Fallible<()> {
    let socket = WebSocket::after_handshake(stream, Role::Server);
    let (reader, mut writer) = socket.split(|stream| {
        let (read, write) = stream.into_split();
        (read, BufWriter::with_capacity(BUFFER, write))
    });
    let mut reader = FragmentCollectorRead::new(reader);
    // The load has no pings and no close frames.
    let mut answer_control = |_: Frame<'_>| ready(Ok::<_, WebSocketError>(()));
    loop {
        let mut reading = pin!(reader.read_frame(&mut answer_control));
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

/// The log lines of all connections; `None` without a log.
#[derive(Clone)]
struct Log(Option<Rc<RefCell<Vec<u8>>>>);

impl Log {
    fn push(&self, text: &[u8]) {
        if let Some(lines) = &self.0 {
            push_log_line(&mut lines.borrow_mut(), text);
        }
    }

    /// Prints the lines since the last call.
    fn flush(&self) -> io::Result<()> {
        if let Some(lines) = &self.0 {
            let mut lines = lines.borrow_mut();
            io::stdout().write_all(&lines)?;
            lines.clear();
        }
        Ok(())
    }
}
