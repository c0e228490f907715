//! What comes out of every source of input: bytes, with what is known about them.

use super::Direction;
use super::Head;
use super::message::Message;

/// A piece of the input. Sources fill in what they know: raw bytes have no direction, a log may.
#[derive(Clone, Copy, Debug)]
pub struct InputChunk<'a> {
    /// The bytes as they are on the wire; none only for lines, and perhaps for a message.
    pub bytes: &'a [u8],
    /// Lines of a text in UTF-8, as they stand in the source, before what is found in them; only if
    /// [`Input::open_with_lines`](super::Input::open_with_lines) asks for them.
    pub lines: Option<&'a [u8]>,
    /// The request or response head that these bytes are, as a text shows it.
    pub head: Option<&'a Head>,
    /// The message that the bytes are the payload of, if the source tells it without its frame.
    pub message: Option<&'a Message>,
    /// Which way they went, where the source says it.
    pub direction: Option<Direction>,
    /// When they were logged, as the source writes it.
    pub time: Option<&'a str>,
    /// The number of the connection, counted from 1, where the source has several. The chunks of a
    /// connection come one after another.
    pub connection: Option<u32>,
    /// The source leaves out bytes after these.
    pub is_cut: bool,
    /// Whether it is known that no more bytes follow in this direction. A pipe whose other end is
    /// open may always have more.
    pub is_last: bool,
}

impl<'a> InputChunk<'a> {
    /// Bytes of which nothing else is known.
    pub(super) const fn new(bytes: &'a [u8], is_last: bool) -> Self {
        Self {
            bytes,
            lines: None,
            head: None,
            message: None,
            is_cut: false,
            direction: None,
            time: None,
            connection: None,
            is_last,
        }
    }
}
