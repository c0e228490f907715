//! The parts of a text that stand for bytes of a connection: bytes in a notation, the head of a
//! request or a response, or a message without the bytes of its frame.
//!
//! The readers of lines, of dumps and of traces make chunks. `Input` returns them to the commands.

use super::direction::Sent;
use super::http_head::{Head, HeadKind};
use crate::input::message::Message;
use crate::input::{Direction, InputNotice};
use crate::notation::Notation;

/// A part of a text that stands for bytes of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// The bytes, the head or the message.
    pub content: Content,
    /// Who sent it, by the words and marks around it.
    pub(super) sent: Option<Sent>,
    /// Whether `sent` comes only from a mark such as `>`, which may be a prompt.
    pub(super) is_marked: bool,
    /// The direction, seen from the client. `LogOwner` sets it.
    pub direction: Option<Direction>,
    /// The timestamp, as the text writes it.
    pub time: Option<String>,
    /// The number of the connection, if the text names several. Each reader numbers them itself.
    pub connection: Option<u32>,
}

impl Chunk {
    /// A chunk without a time and a connection.
    pub(super) const fn new(content: Content, sent: Option<Sent>) -> Self {
        Self {
            content,
            sent,
            is_marked: false,
            direction: None,
            time: None,
            connection: None,
        }
    }

    /// Bytes that the text shows completely.
    pub(super) const fn of_bytes(bytes: Vec<u8>, notation: Notation, sent: Option<Sent>) -> Self {
        let content = Content::Bytes {
            bytes,
            notation,
            omitted: 0,
        };
        Self::new(content, sent)
    }

    /// The same chunk, if the text leaves out this many bytes.
    pub(super) fn lacking(mut self, count: u64) -> Self {
        if let Content::Bytes { omitted, .. } = &mut self.content {
            *omitted = count;
        }
        self
    }

    /// Whether the client sent this; None if it is no head.
    pub(super) fn is_of_client(&self) -> Option<bool> {
        match &self.content {
            Content::Head(head) => Some(head.kind == HeadKind::Request),
            Content::Bytes { bytes, .. } if bytes.starts_with(b"HTTP/1.") => Some(false),
            Content::Bytes { bytes, .. } if bytes.starts_with(b"GET ") => Some(true),
            _ => None,
        }
    }

    /// Whether it has no bytes.
    pub(super) fn is_empty(&self) -> bool {
        matches!(&self.content, Content::Bytes { bytes, .. } if bytes.is_empty())
    }

    /// The same chunk with this timestamp.
    pub(super) fn at(mut self, time: Option<&str>) -> Self {
        self.time = time.map(str::to_owned);
        self
    }
}

/// The content of a chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// The head of a request or a response.
    Head(Head),
    /// Bytes in a notation.
    Bytes {
        /// The bytes.
        bytes: Vec<u8>,
        /// The notation that they are in.
        notation: Notation,
        /// How many bytes after these the text leaves out.
        omitted: u64,
    },
    /// A message without the bytes of its frame.
    Message(Message),
    /// This many bytes that the text shows as characters, with a dot for each one that is not printable.
    Characters(u64),
}

/// The part of a text that the reader of a format has read.
#[derive(Debug)]
pub(super) struct Taken {
    /// The chunks in it.
    pub(super) chunks: Vec<Chunk>,
    /// How many bytes of the text belong to the format, always whole lines.
    pub(super) size: usize,
    /// Whether the next line, which was not read yet, may belong to it.
    pub(super) is_open: bool,
    /// A notice about the reading.
    pub(super) notice: Option<InputNotice>,
}

impl Taken {
    /// The first `size` bytes of a text. More lines may belong to them.
    pub(super) const fn new(chunks: Vec<Chunk>, size: usize) -> Self {
        Self {
            chunks,
            size,
            is_open: true,
            notice: None,
        }
    }

    /// The same with a notice.
    pub(super) fn with_notice(mut self, notice: Option<InputNotice>) -> Self {
        self.notice = notice;
        self
    }

    /// The same, if no more lines belong to it.
    pub(super) const fn complete(mut self) -> Self {
        self.is_open = false;
        self
    }
}
