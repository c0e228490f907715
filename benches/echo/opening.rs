//! The opening handshake, in as few words as it can be made.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use wsctl::ws::handshake::accept_value;

use super::Fallible;

/// Opens a connection, offering these extensions unless there are none.
///
/// # Errors
///
/// Whatever goes wrong, or another status than 101.
pub(crate) fn open(address: SocketAddr, extensions: &str) -> Fallible<TcpStream> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let offer = match extensions {
        "" => String::new(),
        offer => format!("Sec-WebSocket-Extensions: {offer}\r\n"),
    };
    let request = format!(
        "GET / HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\
         {offer}\r\n"
    );
    stream.write_all(request.as_bytes())?;
    let mut head = Vec::new();
    let mut buffer = [0; 1024];
    while !head.ends_with(b"\r\n\r\n") {
        let length = stream.read(&mut buffer)?;
        if length == 0 {
            return Err("the server hung up in the handshake".into());
        }
        head.extend_from_slice(buffer.get(..length).unwrap_or_default());
    }
    let head = String::from_utf8(head)?;
    if !head.starts_with("HTTP/1.1 101") || !head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") {
        return Err(format!("expected a 101 with its accept value, found {head}").into());
    }
    if !extensions.is_empty() && !head.contains("permessage-deflate") {
        return Err(format!("expected permessage-deflate, found {head}").into());
    }
    Ok(stream)
}

/// The answer to the head of a request, with these extensions unless there are none;
/// `None` until the head is whole.
pub(crate) fn answer(request: &[u8], extensions: &str) -> Option<String> {
    if !request.ends_with(b"\r\n\r\n") {
        return None;
    }
    let request = std::str::from_utf8(request).ok()?;
    let key = request
        .lines()
        .find_map(|line| line.strip_prefix("Sec-WebSocket-Key: "))?;
    let agreed = match extensions {
        "" => String::new(),
        agreed => format!("Sec-WebSocket-Extensions: {agreed}\r\n"),
    };
    Some(format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {}\r\n{agreed}\r\n",
        accept_value(key.as_bytes())
    ))
}
