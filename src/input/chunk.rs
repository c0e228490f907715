//! What comes out of every source of input: bytes, with what is known about them.

use super::message::Message;

/// Which way bytes went, seen from the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the client to the server.
    Outgoing,
    /// From the server to the client.
    Incoming,
}

/// A piece of the input. Sources fill in what they know: raw bytes have no direction, a log may.
#[derive(Clone, Copy, Debug)]
pub struct InputChunk<'a> {
    /// The bytes, never none but in a message.
    pub bytes: &'a [u8],
    /// The message that the bytes are the payload of, if the source tells it without its frame.
    pub message: Option<&'a Message>,
    /// Which way they went, where the source says it.
    pub direction: Option<Direction>,
    /// The number of the connection, counted from 1, where the source has several. The chunks of a
    /// connection come one after another.
    pub connection: Option<u32>,
    /// The source leaves out bytes after these.
    pub is_cut: bool,
    /// Whether it is known that no more bytes follow in this direction. A pipe whose other end is
    /// open may always have more.
    pub is_last: bool,
}
