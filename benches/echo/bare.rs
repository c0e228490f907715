//! The bare loop: one thread that finds frames, unmasks, validates and sends them back,
//! with one read and one write for whatever has come, and does nothing else.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::mem;

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};

use super::Fallible;
use super::frame::{self, SLACK};
use super::frames;
use super::opening;

const LISTENER: Token = Token(usize::MAX);

/// A connection.
struct Connection {
    stream: TcpStream,
    is_open: bool,
    /// The beginning of a head, or of a frame.
    rest: Vec<u8>,
    /// What the socket did not take yet.
    unsent: Vec<u8>,
}

/// How much is read at once.
const BUFFER: usize = 256 << 10;

/// What is shared by all connections.
struct Loop {
    input: Vec<u8>,
    output: Vec<u8>,
    /// Where the output ends.
    end: usize,
    /// Lines to print, if any are wanted.
    lines: Option<Vec<u8>>,
}

/// Serves until it is killed; prints a line for each message if that is wanted.
pub(crate) fn serve(prints: bool) -> Fallible<()> {
    let mut listener = TcpListener::bind("127.0.0.1:0".parse()?)?;
    println!("listening on ws://{}/", listener.local_addr()?);
    let mut poll = Poll::new()?;
    poll.registry()
        .register(&mut listener, LISTENER, Interest::READABLE)?;
    let mut connections: Vec<Option<Connection>> = Vec::new();
    let mut events = Events::with_capacity(1024);
    let mut shared = Loop {
        input: vec![0; BUFFER + SLACK],
        output: vec![0; BUFFER + SLACK],
        end: 0,
        lines: prints.then(Vec::new),
    };
    loop {
        poll.poll(&mut events, None)?;
        for event in &events {
            if event.token() == LISTENER {
                accept(&poll, &listener, &mut connections)?;
            } else if let Some(place) = connections.get_mut(event.token().0)
                && let Some(connection) = place
                && !shared.drive(connection).unwrap_or(false)
            {
                *place = None;
            }
        }
        shared.print()?;
    }
}

fn accept(
    poll: &Poll,
    listener: &TcpListener,
    connections: &mut Vec<Option<Connection>>,
) -> io::Result<()> {
    loop {
        let mut stream = match listener.accept() {
            Ok((stream, _)) => stream,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        };
        stream.set_nodelay(true)?;
        let interest = Interest::READABLE | Interest::WRITABLE;
        let token = Token(connections.len());
        poll.registry().register(&mut stream, token, interest)?;
        connections.push(Some(Connection {
            stream,
            is_open: false,
            rest: Vec::new(),
            unsent: Vec::new(),
        }));
    }
}

impl Loop {
    /// Does what can be done on a connection; false if it has ended.
    fn drive(&mut self, connection: &mut Connection) -> io::Result<bool> {
        loop {
            if !connection.unsent.is_empty() {
                let unsent = mem::take(&mut connection.unsent);
                send(connection, &unsent)?;
                if !connection.unsent.is_empty() {
                    return Ok(true);
                }
            }
            let kept = connection.rest.len();
            let length = match connection.stream.read(&mut self.input[kept..BUFFER]) {
                Ok(0) => return Ok(false),
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(true),
                Err(error) => return Err(error),
            };
            self.input[..kept].copy_from_slice(&connection.rest);
            connection.rest.clear();
            let whole = kept + length;
            if !self.answer(connection, whole) {
                return Ok(false);
            }
            send(connection, &self.output[..self.end])?;
            if whole < BUFFER && connection.unsent.is_empty() {
                return Ok(true);
            }
        }
    }

    /// Makes the output that so much of the input asks for, and leaves what is not whole
    /// for later; false if a frame is not a text message.
    fn answer(&mut self, connection: &mut Connection, whole: usize) -> bool {
        self.end = 0;
        let mut place = 0;
        if connection.is_open {
            while let Some(header) = frame::header(&self.input[place..whole])
                && let Ok(length) = usize::try_from(header.length)
                && length <= header.rest.len()
            {
                let (first, key) = (header.first, header.key);
                place = whole - header.rest.len();
                self.end += frames::write_header(&mut self.output[self.end..], first, length);
                let out = &mut self.output[self.end..];
                frame::unmask(key, &self.input[place..], length, out);
                let payload = &out[..length];
                if first != 0x81 || simdutf8::basic::from_utf8(payload).is_err() {
                    return false;
                }
                if let Some(lines) = &mut self.lines {
                    super::peers::line(lines, payload);
                }
                self.end += length;
                place += length;
            }
        } else if let Some(answer) = opening::answer(&self.input[..whole], "") {
            connection.is_open = true;
            self.end = answer.len();
            self.output[..self.end].copy_from_slice(answer.as_bytes());
            place = whole;
        }
        connection.rest.extend_from_slice(&self.input[place..whole]);
        true
    }

    /// Writes the lines of a wake-up at once.
    fn print(&mut self) -> io::Result<()> {
        if let Some(lines) = &mut self.lines
            && !lines.is_empty()
        {
            io::stdout().write_all(lines)?;
            lines.clear();
        }
        Ok(())
    }
}

/// Writes bytes, and leaves what the socket does not take for later.
fn send(connection: &mut Connection, bytes: &[u8]) -> io::Result<()> {
    let sent = match bytes {
        [] => 0,
        _ => match connection.stream.write(bytes) {
            Ok(length) => length,
            Err(error) if error.kind() == ErrorKind::WouldBlock => 0,
            Err(error) => return Err(error),
        },
    };
    connection.unsent.extend_from_slice(&bytes[sent..]);
    Ok(())
}
