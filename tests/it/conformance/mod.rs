//! Checks `wsctl serve` against RFC 6455 and RFC 7692, case by case, over a real socket.
//!
//! A case is what a client sends, and exactly what it must receive: the frames, the close code, and the
//! end of the connection. The client waits for that end without closing the connection itself. So a
//! case that sends only the beginning of an invalid frame shows that the server does not wait for
//! the rest.

mod closing;
mod compression;
mod fragments;
mod framing;
mod limits;
mod negotiation;
mod opcodes;
mod pings;
mod reserved;
mod script;
mod utf8;

use std::io::{BufReader, Read, Write as _};
use std::net::TcpStream;
use std::thread;

use flate2::{Decompress, FlushDecompress};

pub(crate) use script::{Case, frame};
use script::{End, ReceivedFrame};

use crate::helpers::server::Server;

/// First bytes of unfragmented messages and control frames, and single bits.
const TEXT: u8 = 0x81;
const BINARY: u8 = 0x82;
const CLOSE: u8 = 0x88;
const PING: u8 = 0x89;
const PONG: u8 = 0x8a;
const FIN: u8 = 0x80;
const RSV1: u8 = 0x40;

/// Checks `count` cases with a server without a log, and with one whose log is read: they use
/// different code.
#[track_caller]
fn check_cases(options: &[&str], cases: &[Case], count: usize) {
    assert_eq!(cases.len(), count, "cases");
    check_against(&Server::start(&[&["-q"], options].concat()), cases);
    check_against(&Server::start(options), cases);
}

/// Checks cases with one server. Stops after a few failures, since each of them may take until its
/// timeout.
#[track_caller]
fn check_against(server: &Server, cases: &[Case]) {
    const ENOUGH: usize = 3;
    let failed = cases.iter().filter_map(|case| {
        let result = run_case(server, case);
        result.err().map(|why| format!("{}: {why}", case.name))
    });
    let failed: Vec<String> = failed.take(ENOUGH).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

fn run_case(server: &Server, case: &Case) -> Result<(), String> {
    let stream = server.connect();
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(&stream);
    let extensions = open_connection(&stream, &mut reader, &case.offer);
    same("the negotiated extensions", &extensions, &case.negotiated)?;
    thread::scope(|scope| {
        scope.spawn(|| send(&stream, case));
        check_received(&mut reader, case)
    })
}

/// Performs the opening handshake. Returns the `Sec-WebSocket-Extensions` of the response.
fn open_connection(mut stream: &TcpStream, reader: &mut impl Read, offer: &str) -> String {
    let header = match offer {
        "" => String::new(),
        offer => format!("Sec-WebSocket-Extensions: {offer}\r\n"),
    };
    let request = format!(
        "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{header}\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        reader.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    let head = String::from_utf8(head).unwrap();
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    let mut named = head
        .lines()
        .filter_map(|line| line.strip_prefix("Sec-WebSocket-Extensions: "));
    named.next().unwrap_or_default().to_owned()
}

/// Sends the bytes of a case in pieces. The server may close the connection before it has read all.
fn send(mut stream: &TcpStream, case: &Case) {
    for piece in case.sent.chunks(case.piece) {
        if stream.write_all(piece).is_err() {
            return;
        }
    }
}

/// Checks the received frames, and the end of the connection.
fn check_received(reader: &mut impl Read, case: &Case) -> Result<(), String> {
    let mut inflater = Decompress::new(false);
    for ReceivedFrame { first, payload } in &case.received {
        let (got, bytes) = read_frame(reader)?;
        same("a frame's first byte", &got, first)?;
        let message = if got & RSV1 == 0 {
            bytes
        } else {
            if case.resets_context {
                inflater.reset(false);
            }
            inflate(&mut inflater, bytes)?
        };
        if message != *payload {
            let (message, payload) = (shown(&message), shown(payload));
            return Err(format!("received {message} instead of {payload}"));
        }
    }
    let (first, payload) = read_frame(reader)?;
    same("the last frame's first byte", &first, &CLOSE)?;
    check_close(&payload, &case.end)?;
    let mut rest = Vec::new();
    let ended = reader.read_to_end(&mut rest);
    same("bytes after the close frame", &rest.len(), &0)?;
    ended
        .map(|_| ())
        .map_err(|error| format!("no FIN: {error}"))
}

fn check_close(payload: &[u8], end: &End) -> Result<(), String> {
    match end {
        End::Closed(expected) => same("the close frame", &payload, &expected.as_slice()),
        End::Failed(code) => {
            let (got, reason) = payload.split_at_checked(2).unwrap_or_default();
            let reason = String::from_utf8(reason.to_vec());
            let reason = reason.map_err(|_| "the reason is not UTF-8")?;
            same(
                &format!("the code (\"{reason}\")"),
                &got,
                &&code.to_be_bytes()[..],
            )?;
            same("a reason's presence", &reason.is_empty(), &false)
        }
    }
}

/// Reads a frame: its first byte and its payload. It must not be masked, and its length must be in the
/// shortest form.
fn read_frame(reader: &mut impl Read) -> Result<(u8, Vec<u8>), String> {
    let mut take = |count: usize| {
        let mut bytes = vec![0; count];
        let read = reader.read_exact(&mut bytes);
        read.map(|()| bytes)
            .map_err(|error| format!("no frame: {error}"))
    };
    let start = take(2)?;
    let number = |bytes: Vec<u8>| {
        bytes
            .iter()
            .fold(0, |sum, byte| sum << 8 | usize::from(*byte))
    };
    let (length, least) = match start[1] {
        126 => (number(take(2)?), 126),
        127 => (number(take(8)?), 65536),
        length => (usize::from(length), 0),
    };
    same(
        "a mask or a length too long",
        &(length < least || start[1] > 127),
        &false,
    )?;
    Ok((start[0], take(length)?))
}

/// Decompresses a message.
fn inflate(inflater: &mut Decompress, mut bytes: Vec<u8>) -> Result<Vec<u8>, String> {
    bytes.extend([0x00, 0x00, 0xff, 0xff]);
    let (mut message, mut rest) = (Vec::new(), bytes.as_slice());
    loop {
        message.reserve(1 << 14);
        let before = (inflater.total_in(), message.len());
        let result = inflater.decompress_vec(rest, &mut message, FlushDecompress::Sync);
        result.map_err(|error| format!("does not inflate: {error}"))?;
        rest = &rest[usize::try_from(inflater.total_in() - before.0).unwrap()..];
        if rest.is_empty() && message.len() == before.1 {
            return Ok(message);
        }
    }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, got: &T, expected: &T) -> Result<(), String> {
    if got == expected {
        return Ok(());
    }
    Err(format!("{what} is {got:?} instead of {expected:?}"))
}

fn shown(bytes: &[u8]) -> String {
    let start = bytes.get(..20).unwrap_or(bytes);
    format!("{} bytes \"{}\"", bytes.len(), start.escape_ascii())
}
