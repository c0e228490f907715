//! Clients of `wsctl serve`: tungstenite, and raw sockets that send these bytes.

use std::net::TcpStream;

use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Message, WebSocket};

pub(crate) type Client = WebSocket<MaybeTlsStream<TcpStream>>;

pub(crate) const REQUEST: &str = "GET /ws/alice HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\
    Connection: keep-alive, Upgrade\r\nSec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\r\n\
    Sec-WebSocket-Version: 13\r\n\r\n";

pub(crate) const RESPONSE: &str = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\
    Connection: Upgrade\r\nSec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\r\n\r\n";

/// A masked frame, with a key of its own.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let length = payload.len();
    let mut octets = match length {
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
        .fold(first, |sum, octet| sum.wrapping_add(*octet));
    let key = [0x3c, sum, sum.rotate_left(3), 0xa5];
    octets.extend(key);
    octets.extend(payload.iter().zip(key.iter().cycle()).map(|(a, b)| a ^ b));
    octets
}

pub(crate) fn say(client: &mut Client, text: &str) {
    client.send(Message::text(text)).unwrap();
}

pub(crate) fn hear(client: &mut Client) -> String {
    client.read().unwrap().into_text().unwrap().to_string()
}

/// What a client has been sent when the server has answered its ping: nothing else comes
/// before that.
pub(crate) fn assert_hears_nothing(client: &mut Client) {
    client.send(Message::Ping("now?".into())).unwrap();
    assert_eq!(client.read().unwrap(), Message::Pong("now?".into()));
}
