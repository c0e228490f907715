//! Clients of `wsctl serve`: tungstenite, and the bytes that raw clients send.

use std::net::TcpStream;

use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Message, WebSocket};

pub(crate) type Client = WebSocket<MaybeTlsStream<TcpStream>>;

pub(crate) const REQUEST: &str = "GET /ws/alice HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\
    Connection: keep-alive, Upgrade\r\nSec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\r\n\
    Sec-WebSocket-Version: 13\r\n\r\n";

pub(crate) const RESPONSE: &str = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\
    Connection: Upgrade\r\nSec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\r\n\r\n";

/// A masked frame; `first` holds FIN, RSV and the opcode. The masking key depends on the content.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let length = payload.len();
    let mut bytes = match length {
        0..=125 => vec![first, 0x80 | u8::try_from(length).unwrap()],
        126..=65535 => [
            vec![first, 0xfe],
            u16::try_from(length).unwrap().to_be_bytes().to_vec(),
        ]
        .concat(),
        _ => [vec![first, 0xff], (length as u64).to_be_bytes().to_vec()].concat(),
    };
    let sum = payload
        .iter()
        .fold(first, |sum, byte| sum.wrapping_add(*byte));
    let key = [0x3c, sum, sum.rotate_left(3), 0xa5];
    bytes.extend(key);
    bytes.extend(payload.iter().zip(key.iter().cycle()).map(|(a, b)| a ^ b));
    bytes
}

pub(crate) fn send_text(client: &mut Client, text: &str) {
    client.send(Message::text(text)).unwrap();
}

pub(crate) fn receive_text(client: &mut Client) -> String {
    client.read().unwrap().into_text().unwrap().to_string()
}

/// Checks that nothing was sent to a client: the next frame is the pong to its ping.
pub(crate) fn assert_nothing_received(client: &mut Client) {
    client.send(Message::Ping("now?".into())).unwrap();
    assert_eq!(client.read().unwrap(), Message::Pong("now?".into()));
}
