//! A minimal opening handshake (RFC 6455 section 4), for the client and for the servers.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use wsctl::ws::handshake::accept_value;

use super::common::Fallible;

/// Opens a connection as a client. `extensions` is the value of `Sec-WebSocket-Extensions`;
/// without extensions it is empty, and the header is left out.
///
/// # Errors
///
/// An I/O error, a status other than 101, a wrong accept value, or no extension where one was
/// offered.
pub(crate) fn open(address: SocketAddr, extensions: &str) -> Fallible<TcpStream> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let offer = match extensions {
        "" => String::new(),
        value => format!("Sec-WebSocket-Extensions: {value}\r\n"),
    };
    let request = format!(
        "GET / HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\
         {offer}\r\n"
    );
    stream.write_all(request.as_bytes())?;
    let mut response = Vec::new();
    let mut buffer = [0; 1024];
    while !response.ends_with(b"\r\n\r\n") {
        let length = stream.read(&mut buffer)?;
        if length == 0 {
            return Err("the server closed the connection in the handshake".into());
        }
        response.extend_from_slice(&buffer[..length]);
    }
    let response = String::from_utf8(response)?;
    if !response.starts_with("HTTP/1.1 101") || !response.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") {
        return Err(format!("expected a 101 with its accept value, found {response}").into());
    }
    if !extensions.is_empty() && !response.contains("permessage-deflate") {
        return Err(format!("expected permessage-deflate, found {response}").into());
    }
    Ok(stream)
}

/// The response to a request; `None` until the request is complete. `extensions` is as in
/// [`open`].
pub(crate) fn response(request: &[u8], extensions: &str) -> Option<String> {
    if !request.ends_with(b"\r\n\r\n") {
        return None;
    }
    let request = std::str::from_utf8(request).ok()?;
    let key = request
        .lines()
        .find_map(|line| line.strip_prefix("Sec-WebSocket-Key: "))?;
    let negotiated = match extensions {
        "" => String::new(),
        value => format!("Sec-WebSocket-Extensions: {value}\r\n"),
    };
    Some(format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {}\r\n{negotiated}\r\n",
        accept_value(key.as_bytes())
    ))
}
