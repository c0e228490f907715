//! The bare loop: one thread that finds frames, unmasks, validates and sends them back,
//! with one read and one write for whatever has come, and does nothing else.

use std::io::{self, ErrorKind, Read as _, Write as _};

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};

use super::Fallible;
use super::frame;
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

/// What is shared by all connections.
struct Loop {
    input: Vec<u8>,
    output: Vec<u8>,
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
        input: vec![0; 1 << 18],
        output: Vec::with_capacity(1 << 18),
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
                self.output.clear();
                self.output.append(&mut connection.unsent);
                self.send(connection)?;
                if !connection.unsent.is_empty() {
                    return Ok(true);
                }
            }
            let kept = connection.rest.len();
            self.input[..kept].copy_from_slice(&connection.rest);
            connection.rest.clear();
            let length = match connection.stream.read(&mut self.input[kept..]) {
                Ok(0) => return Ok(false),
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    connection.rest.extend_from_slice(&self.input[..kept]);
                    return Ok(true);
                }
                Err(error) => return Err(error),
            };
            let is_drained = kept + length < self.input.len();
            self.output.clear();
            if connection.is_open {
                if !self.echo(connection, kept + length) {
                    return Ok(false);
                }
            } else if let Some(answer) = opening::answer(&self.input[..kept + length], "") {
                connection.is_open = true;
                self.output.extend_from_slice(answer.as_bytes());
            } else {
                connection
                    .rest
                    .extend_from_slice(&self.input[..kept + length]);
            }
            self.send(connection)?;
            if is_drained && connection.unsent.is_empty() {
                return Ok(true);
            }
        }
    }

    /// Puts the echoes of the frames in so much of the input into the output; false if
    /// one is not text.
    fn echo(&mut self, connection: &mut Connection, length: usize) -> bool {
        let mut octets = &self.input[..length];
        while let Some(one) = frame::parse(octets) {
            frames::header(&mut self.output, one.first, 0, one.payload.len());
            let start = self.output.len();
            frame::unmask_into(&mut self.output, one.key, one.payload);
            let payload = &self.output[start..];
            if one.first != 0x81 || simdutf8::basic::from_utf8(payload).is_err() {
                return false;
            }
            if let Some(lines) = &mut self.lines {
                super::peers::line(lines, payload);
            }
            octets = one.rest;
        }
        connection.rest.extend_from_slice(octets);
        true
    }

    /// Writes the output, and leaves the rest for later.
    fn send(&mut self, connection: &mut Connection) -> io::Result<()> {
        if self.output.is_empty() {
            return Ok(());
        }
        let sent = match connection.stream.write(&self.output) {
            Ok(length) => length,
            Err(error) if error.kind() == ErrorKind::WouldBlock => 0,
            Err(error) => return Err(error),
        };
        connection.unsent.extend_from_slice(&self.output[sent..]);
        Ok(())
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
