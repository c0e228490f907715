//! The bare loop: the echo server that does the least work possible. One thread unmasks and
//! validates text frames, and sends them back with one write per read.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::mem;

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};

use super::common::Fallible;
use super::common::frame_reader::{UNMASK_STEP, parse_header, unmask};
use super::common::frame_writer::write_header;
use super::handshake;
use super::log_lines::push_log_line;

const LISTENER: Token = Token(usize::MAX);

/// A connection.
struct Connection {
    stream: TcpStream,
    is_open: bool,
    /// Received bytes of an incomplete request or frame.
    incomplete: Vec<u8>,
    /// Bytes that the socket has not accepted yet.
    unsent: Vec<u8>,
}

/// How many bytes are read at once.
const BUFFER: usize = 256 << 10;

/// The buffers that all connections share.
struct Buffers {
    input: Vec<u8>,
    output: Vec<u8>,
    /// How many bytes of `output` are filled.
    output_length: usize,
    /// Log lines that are not printed yet; `None` without a log.
    lines: Option<Vec<u8>>,
}

/// Serves until it is killed. Prints a line for each message if `prints_log`.
pub(crate) fn serve(prints_log: bool) -> Fallible<()> {
    let mut listener = TcpListener::bind("127.0.0.1:0".parse()?)?;
    println!("listening on ws://{}/", listener.local_addr()?);
    let mut poll = Poll::new()?;
    poll.registry()
        .register(&mut listener, LISTENER, Interest::READABLE)?;
    let mut connections: Vec<Option<Connection>> = Vec::new();
    let mut events = Events::with_capacity(1024);
    let mut buffers = Buffers {
        input: vec![0; BUFFER + UNMASK_STEP],
        output: vec![0; BUFFER + UNMASK_STEP],
        output_length: 0,
        lines: prints_log.then(Vec::new),
    };
    loop {
        poll.poll(&mut events, None)?;
        for event in &events {
            if event.token() == LISTENER {
                accept(&poll, &listener, &mut connections)?;
            } else if let Some(slot) = connections.get_mut(event.token().0)
                && let Some(connection) = slot
                && !buffers.drive(connection).unwrap_or(false)
            {
                *slot = None;
            }
        }
        buffers.print_log()?;
    }
}

/// Accepts all connections that wait.
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
            incomplete: Vec::new(),
            unsent: Vec::new(),
        }));
    }
}

impl Buffers {
    /// Reads, echoes and writes until the socket would block; false if the connection has ended.
    fn drive(&mut self, connection: &mut Connection) -> io::Result<bool> {
        loop {
            if !connection.unsent.is_empty() {
                let unsent = mem::take(&mut connection.unsent);
                send(connection, &unsent)?;
                if !connection.unsent.is_empty() {
                    return Ok(true);
                }
            }
            let kept = connection.incomplete.len();
            let length = match connection.stream.read(&mut self.input[kept..BUFFER]) {
                Ok(0) => return Ok(false),
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(true),
                Err(error) => return Err(error),
            };
            self.input[..kept].copy_from_slice(&connection.incomplete);
            connection.incomplete.clear();
            let input_length = kept + length;
            if !self.fill_output(connection, input_length) {
                return Ok(false);
            }
            send(connection, &self.output[..self.output_length])?;
            if input_length < BUFFER && connection.unsent.is_empty() {
                return Ok(true);
            }
        }
    }

    /// Fills the output with the response or the echoes to the first `input_length` bytes of the
    /// input, and keeps the bytes of an incomplete frame. Returns false if a frame is not a valid
    /// text message.
    fn fill_output(&mut self, connection: &mut Connection, input_length: usize) -> bool {
        self.output_length = 0;
        let mut position = 0;
        if connection.is_open {
            while let Some(header) = parse_header(&self.input[position..input_length])
                && let Ok(length) = usize::try_from(header.payload_length)
                && length <= header.rest.len()
            {
                let (first_byte, masking_key) = (header.first_byte, header.masking_key);
                position = input_length - header.rest.len();
                let out = &mut self.output[self.output_length..];
                self.output_length += write_header(out, first_byte, length);
                let out = &mut self.output[self.output_length..];
                unmask(masking_key, &self.input[position..], length, out);
                let payload = &out[..length];
                if first_byte != 0x81 || simdutf8::basic::from_utf8(payload).is_err() {
                    return false;
                }
                if let Some(lines) = &mut self.lines {
                    push_log_line(lines, payload);
                }
                self.output_length += length;
                position += length;
            }
        } else if let Some(response) = handshake::response(&self.input[..input_length], "") {
            connection.is_open = true;
            self.output_length = response.len();
            self.output[..self.output_length].copy_from_slice(response.as_bytes());
            position = input_length;
        }
        let incomplete = &self.input[position..input_length];
        connection.incomplete.extend_from_slice(incomplete);
        true
    }

    /// Prints the log lines since the last call.
    fn print_log(&mut self) -> io::Result<()> {
        if let Some(lines) = &mut self.lines
            && !lines.is_empty()
        {
            io::stdout().write_all(lines)?;
            lines.clear();
        }
        Ok(())
    }
}

/// Writes `bytes`, and keeps those that the socket does not accept.
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
