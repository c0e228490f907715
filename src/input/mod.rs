//! Reads the input of a command: from arguments, a file or standard input; as raw bytes or as text.
//!
//! [`Input::open`] decides what a source is. Raw bytes and long hexadecimal stream through one
//! buffer. Any other text is read by the reader of pastes (`paste`), which finds literals, dumps,
//! traces and heads in its lines. [`InputChunk`]s come out, for `decode`, `handshake` and `accept`.
//!
//! If a text has several readings, an [`EvidenceFn`] of the command decides which one fits: this module
//! knows neither WebSocket nor the command line.

mod application_message;
mod chunk;
mod direction;
mod error;
mod hexadecimal;
mod input_kind;
mod message;
mod notice;
mod paste;
mod pasted_text;
mod raw;
mod source;

use std::fmt;
use std::io::{self, Read};
use std::path::Path;

pub use chunk::InputChunk;
pub use direction::Direction;
pub use error::{InputError, cause};
pub use message::{Message, MessageKind};
pub use notice::InputNotice;
pub use paste::{Chunk, Content, Evidence, EvidenceFn, Fit, Head, HeadKind, MOST_HEAD};
pub use source::Source;

use crate::notation::Notation;
use hexadecimal::HexStream;
use input_kind::InputKind;
use paste::{PasteError, without_mark};
use pasted_text::{NextPart, PastedText};
use raw::RawBytes;

/// The bytes of a source, chunk by chunk.
pub struct Input {
    source: Source,
    bytes: ByteSource,
    /// The size of the last chunk.
    size: usize,
    has_given: bool,
    notices: Vec<InputNotice>,
}

/// The reader of a source, by its kind.
enum ByteSource {
    Raw(RawBytes),
    Hexadecimal(HexStream),
    Pasted(Box<PastedText>),
}

/// The reason why there are no more bytes.
enum StreamError {
    Unreadable(io::Error),
    Notation(PasteError),
}

impl From<io::Error> for StreamError {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error)
    }
}

impl Input {
    /// Opens a source, and decides whether it is text. Words of a command line are raw bytes only if
    /// they are JSON or a packet of Socket.IO, without bytes in a notation. If a text has several
    /// readings, `evidence_of` decides which one fits.
    ///
    /// # Errors
    ///
    /// [`InputError`] if the source cannot be read.
    pub fn open(
        source: Source,
        named: Option<Notation>,
        evidence_of: EvidenceFn,
    ) -> Result<Self, InputError> {
        let reader = source.open()?;
        let is_file = source.is_file();
        Self::read(source, reader, is_file, named, evidence_of)
    }

    /// The same for a caller that answers after the end of the source: a pipe is read like a file, and
    /// the lines of a text are returned, too, before the chunks in them.
    ///
    /// # Errors
    ///
    /// [`InputError`] if the source cannot be read.
    pub fn open_with_lines(source: Source, evidence_of: EvidenceFn) -> Result<Self, InputError> {
        let reader = source.open()?;
        let mut input = Self::read(source, reader, true, None, evidence_of)?;
        if let ByteSource::Pasted(text) = &mut input.bytes {
            text.give_lines();
        }
        Ok(input)
    }

    /// The same as [`Self::open`] for bytes in memory.
    ///
    /// # Errors
    ///
    /// None: memory can always be read. The return type is that of [`Self::open`].
    pub fn of_bytes(
        source: Source,
        bytes: &[u8],
        evidence_of: EvidenceFn,
    ) -> Result<Self, InputError> {
        let reader = Box::new(io::Cursor::new(bytes.to_vec()));
        Self::read(source, reader, true, None, evidence_of)
    }

    fn read(
        source: Source,
        reader: Box<dyn Read>,
        is_file: bool,
        named: Option<Notation>,
        evidence_of: EvidenceFn,
    ) -> Result<Self, InputError> {
        let mut notices = Vec::new();
        let bytes = ByteSource::of(&source, reader, is_file, named, evidence_of, &mut notices);
        let bytes = bytes.map_err(|error| source.unreadable(error))?;
        Ok(Self::new(source, bytes, notices))
    }

    const fn new(source: Source, bytes: ByteSource, notices: Vec<InputNotice>) -> Self {
        Self {
            source,
            bytes,
            size: 0,
            has_given: false,
            notices,
        }
    }

    /// Reads the next chunk. Returns whether there is one.
    ///
    /// # Errors
    ///
    /// [`InputError`] if reading fails or a notation is wrong; all bytes before that were returned.
    /// Also if the source has no bytes.
    pub fn advance(&mut self) -> Result<bool, InputError> {
        let mut next = self.read_next();
        if !self.has_given
            && !matches!(next, Ok(1..))
            && let Some(message) = self.message_in_arguments()
        {
            self.take_as_raw(message);
            next = self.read_next();
        }
        self.size = next.map_err(|stop| self.error(stop))?;
        let chunk = self.chunk();
        let has_chunk = self.size > 0 || chunk.message.is_some() || chunk.lines.is_some();
        if !has_chunk && !self.has_given {
            return Err(InputError::Empty {
                source: self.source.to_string(),
                found: self.found_instead(),
            });
        }
        self.has_given = true;
        Ok(has_chunk)
    }

    /// The words of the command line, if they contain no bytes in a notation and are JSON or Socket.IO.
    fn message_in_arguments(&self) -> Option<Vec<u8>> {
        let Source::Arguments(words) = &self.source else {
            return None;
        };
        let is_named = matches!(&self.bytes, ByteSource::Pasted(text) if text.is_named());
        let text = words.join(" ".as_ref()).into_encoded_bytes();
        (!is_named && application_message::is_message(&text)).then_some(text)
    }

    fn take_as_raw(&mut self, bytes: Vec<u8>) {
        self.notices.push(InputNotice::read_as(Notation::Raw));
        self.bytes = ByteSource::Raw(RawBytes::new(Box::new(io::empty()), true, bytes));
    }

    /// The chunk that was read last.
    pub fn chunk(&self) -> InputChunk<'_> {
        match &self.bytes {
            ByteSource::Raw(raw) => InputChunk::new(raw.bytes(self.size), raw.is_at_end()),
            ByteSource::Hexadecimal(stream) => {
                InputChunk::new(stream.bytes(self.size), stream.is_at_end())
            }
            ByteSource::Pasted(text) => text.chunk(),
        }
    }

    fn read_next(&mut self) -> Result<usize, StreamError> {
        if let ByteSource::Pasted(text) = &mut self.bytes
            && let NextPart::Hexadecimal(stream) = text.read()?
        {
            self.bytes = ByteSource::Hexadecimal(*stream);
        }
        match &mut self.bytes {
            ByteSource::Raw(raw) => Ok(raw.read()?),
            ByteSource::Hexadecimal(stream) => stream.read(),
            ByteSource::Pasted(text) => Ok(text.size()),
        }
    }

    /// The notices about the chunks so far that were not returned yet.
    pub fn notices(&mut self) -> Vec<InputNotice> {
        if let ByteSource::Pasted(text) = &mut self.bytes {
            self.notices.append(&mut text.notices());
        }
        std::mem::take(&mut self.notices)
    }

    /// Whether the source is raw bytes, without a notation.
    pub const fn is_raw(&self) -> bool {
        matches!(self.bytes, ByteSource::Raw(_))
    }

    fn error(&self, stop: StreamError) -> InputError {
        match stop {
            StreamError::Unreadable(error) => self.source.unreadable(error),
            StreamError::Notation(PasteError { notation, error }) => InputError::Notation {
                source: self.source.to_string(),
                notation,
                error: Box::new(error),
                hint: self.hint(),
            },
        }
    }

    /// What the source contains instead of bytes.
    const fn found_instead(&self) -> Option<&'static str> {
        match &self.bytes {
            ByteSource::Pasted(text) => text.found_instead(),
            ByteSource::Raw(_) | ByteSource::Hexadecimal(_) => None,
        }
    }

    /// What the user probably meant by a text with a wrong notation.
    fn hint(&self) -> Option<String> {
        match (&self.source, &self.bytes) {
            (_, ByteSource::Pasted(text)) if text.is_named() => None,
            (_, ByteSource::Hexadecimal(stream)) if stream.is_named() => None,
            (Source::File(_) | Source::Stdin, _) => {
                Some("--input raw takes these bytes as they are".into())
            }
            (Source::Arguments(words), _) => hint_at_words(words),
        }
    }
}

impl ByteSource {
    fn of(
        source: &Source,
        mut reader: Box<dyn Read>,
        is_file: bool,
        named: Option<Notation>,
        evidence_of: EvidenceFn,
        notices: &mut Vec<InputNotice>,
    ) -> io::Result<Self> {
        let mut start = Vec::new();
        let kind = match named {
            Some(Notation::Raw) => InputKind::Raw,
            _ if source.is_arguments() => {
                reader.read_to_end(&mut start)?;
                InputKind::Text { is_all: true }
            }
            _ => InputKind::read(&mut reader, is_file, named, &mut start)?,
        };
        let mut read_as = |notation| notices.push(InputNotice::read_as(notation));
        Ok(match (kind, named) {
            (InputKind::Raw, _) => {
                read_as(Notation::Raw);
                Self::Raw(RawBytes::new(reader, is_file, start))
            }
            (InputKind::Hexadecimal, _) => {
                read_as(Notation::Hex);
                start.drain(..start.len() - without_mark(&start).len());
                let stream = HexStream::new(reader, is_file, start, 0);
                Self::Hexadecimal(stream.named(named.is_some()))
            }
            (InputKind::Text { .. }, Some(notation)) => Self::Pasted(Box::new(
                PastedText::of_named(&start, notation, evidence_of),
            )),
            (InputKind::Text { is_all }, None) => {
                let reader = (!is_all).then_some(reader);
                let text = PastedText::new(reader, is_file, start, evidence_of);
                Self::Pasted(Box::new(text))
            }
        })
    }
}

/// What the user probably meant by words of the command line that are no bytes.
fn hint_at_words(words: &[std::ffi::OsString]) -> Option<String> {
    let [word] = words else {
        return None;
    };
    let is_shell = matches!(
        word.as_encoded_bytes(),
        [b'x', _, _, b'x', ..] | [b'b', b'x', _, _, ..]
    );
    if Path::new(word).is_file() {
        Some(format!("--file {} reads the file", word.display()))
    } else if is_shell {
        Some("quote the bytes: the shell took the backslashes away".into())
    } else {
        None
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input")
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

/// How many bytes are read at once.
const PIECE: usize = 256 * 1024;

#[cfg(test)]
mod tests;
