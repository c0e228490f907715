//! A chunk of input: bytes, with what the source says about them. `Input` returns chunks to commands.

use super::Direction;
use super::Head;
use super::message::Message;

/// A piece of the input. A field is None if the source does not say it: raw bytes have no direction,
/// the lines of a log may have one.
#[derive(Clone, Copy, Debug)]
pub struct InputChunk<'a> {
    /// The bytes of the connection. Empty if the chunk only has lines, or an empty message.
    pub bytes: &'a [u8],
    /// The lines of the text in UTF-8, before the chunks that are found in them. Set only after
    /// [`Input::open_with_lines`](super::Input::open_with_lines).
    pub lines: Option<&'a [u8]>,
    /// The request head or response head whose bytes these are, as the text shows it.
    pub head: Option<&'a Head>,
    /// The message whose payload the bytes are, if the source shows no frame.
    pub message: Option<&'a Message>,
    /// The direction, if the source says it.
    pub direction: Option<Direction>,
    /// The time in the log, as the source writes it.
    pub time: Option<&'a str>,
    /// The number of the connection, counted from 1, if the source has several. The chunks of a
    /// connection come one after another.
    pub connection: Option<u32>,
    /// Whether the source leaves out the bytes after these.
    pub is_cut: bool,
    /// Whether certainly no more bytes follow in this direction. False for a pipe that is open.
    pub is_last: bool,
}

impl<'a> InputChunk<'a> {
    /// A chunk of bytes, without other facts.
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
