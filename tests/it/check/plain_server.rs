//! The handshake of a server of a few lines, and its reads.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;

use wsctl::ws::handshake::{RequestHead, accept_value};

/// Reads a request into `bytes`, answers with a 101, and returns the size of the head.
pub(super) fn open(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> io::Result<usize> {
    let (head, size) = loop {
        if let Ok(Some(found)) = RequestHead::parse(bytes) {
            break found;
        }
        read_more(stream, bytes)?;
    };
    let key = head.headers.first("Sec-WebSocket-Key").unwrap_or_default();
    write!(
        stream,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {}\r\n\r\n",
        accept_value(key.as_bytes())
    )?;
    Ok(size)
}

/// Appends what one read returns.
///
/// # Errors
///
/// [`UnexpectedEof`](io::ErrorKind::UnexpectedEof) at the end of the stream.
pub(super) fn read_more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> io::Result<()> {
    let mut piece = [0; 4096];
    match stream.read(&mut piece)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        size => {
            bytes.extend_from_slice(&piece[..size]);
            Ok(())
        }
    }
}
