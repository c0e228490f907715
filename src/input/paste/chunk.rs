//! What is found in a text: bytes in a notation, the head of a request or a response, or a message
//! that the text tells without its frame.
//!
//! The readers of lines, of dumps and of traces make chunks; `Input` gives them to the commands.

use super::direction::Sent;
use super::http_head::{Head, HeadKind};
use crate::input::message::Message;
use crate::input::{Direction, InputNotice};
use crate::notation::Notation;

/// A part of a text that stands for bytes of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// What it is.
    pub content: Content,
    /// What the words and marks around it say of who sent it.
    pub(super) sent: Option<Sent>,
    /// Whether that is a mark alone, which may be a prompt.
    pub(super) is_marked: bool,
    /// Which way it went, seen from the client. Set when all that is known is compared.
    pub direction: Option<Direction>,
    /// The timestamp, as it is written.
    pub time: Option<String>,
    /// The connection, where a text has several and says so. The numbers are the reader's own.
    pub connection: Option<u32>,
}

impl Chunk {
    /// A chunk of which nothing else is known.
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

    /// Bytes that the text gives whole.
    pub(super) const fn of_bytes(bytes: Vec<u8>, notation: Notation, sent: Option<Sent>) -> Self {
        let content = Content::Bytes {
            bytes,
            notation,
            omitted: 0,
        };
        Self::new(content, sent)
    }

    /// The same with the number of bytes that the text leaves out.
    pub(super) fn lacking(mut self, count: u64) -> Self {
        if let Content::Bytes { omitted, .. } = &mut self.content {
            *omitted = count;
        }
        self
    }

    /// Whether the client sent this, if it is a request or a response.
    pub(super) fn is_of_client(&self) -> Option<bool> {
        match &self.content {
            Content::Head(head) => Some(head.kind == HeadKind::Request),
            Content::Bytes { bytes, .. } if bytes.starts_with(b"HTTP/1.") => Some(false),
            Content::Bytes { bytes, .. } if bytes.starts_with(b"GET ") => Some(true),
            _ => None,
        }
    }

    /// Whether there are no bytes in it.
    pub(super) fn is_empty(&self) -> bool {
        matches!(&self.content, Content::Bytes { bytes, .. } if bytes.is_empty())
    }

    /// The same with its timestamp.
    pub(super) fn at(mut self, time: Option<&str>) -> Self {
        self.time = time.map(str::to_owned);
        self
    }
}

/// What a chunk is.
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
        /// How many more bytes the text says that it leaves out.
        omitted: u64,
    },
    /// A message that the text tells without the bytes of its frame.
    Message(Message),
    /// So many bytes of which the text shows characters only, with a dot for each byte that is none.
    Characters(u64),
}

/// What a reader of a format takes of a text.
#[derive(Debug)]
pub(super) struct Taken {
    /// What was found.
    pub(super) chunks: Vec<Chunk>,
    /// How many bytes of the text belong to the format, always whole lines.
    pub(super) size: usize,
    /// Whether the next line, which is not there yet, may change this.
    pub(super) is_open: bool,
    /// What is to be told of how it was read.
    pub(super) notice: Option<InputNotice>,
}

impl Taken {
    /// What was found in the first bytes of a text. It is complete only if other lines follow it.
    pub(super) const fn new(chunks: Vec<Chunk>, size: usize) -> Self {
        Self {
            chunks,
            size,
            is_open: true,
            notice: None,
        }
    }

    /// The same with something to be told.
    pub(super) fn with_notice(mut self, notice: Option<InputNotice>) -> Self {
        self.notice = notice;
        self
    }

    /// The same, whatever follows.
    pub(super) const fn complete(mut self) -> Self {
        self.is_open = false;
        self
    }
}
