//! Where octets come from: arguments, a file, standard input; raw, or in a notation.
//!
//! Raw octets stream through one buffer, and so does long hexadecimal. Any other text is
//! taken whole, since its notation can only be told from all of it. This room knows neither WebSocket nor the command line.

mod chunk;
mod error;
mod hexadecimal;
mod message;
mod paste;
mod source;
mod start;

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::io::Read;
use std::path::Path;

pub use chunk::{Direction, InputChunk};
pub use error::{InputError, cause};
pub use message::{Message, MessageKind};
pub use paste::{
    Chunk, Content, Evidence, Fit, Head, HeadKind, Judge, MOST_HEAD, Paste as FoundInText,
};
pub use source::Source;

use crate::notation::{Mark, Notation, Paste, Run};
use hexadecimal::{Stop, Stream};
use paste::{in_utf8, without_mark};
use source::{fill, read};
use start::Start;

/// Octets, piece by piece.
pub struct Input {
    source: Source,
    notation: Notation,
    octets: Octets,
    given: bool,
    alternative: Option<&'static str>,
    left_out: u64,
    characters: u64,
}

enum Octets {
    /// Raw octets: a first piece, read while looking what they are, then the rest.
    Raw {
        reader: Box<dyn Read>,
        buffer: Vec<u8>,
        first: usize,
    },
    /// A long text of hexadecimal, and the hint at what is wrong with it.
    Hex {
        stream: Stream,
        hint: Option<String>,
    },
    /// The octets that a text stood for, and what is wrong with the text behind them.
    Read {
        /// Those not given yet.
        runs: VecDeque<ConnectionRun>,
        /// Those given last.
        given: Vec<u8>,
        /// The connection that those belong to.
        connection: Option<u32>,
        /// The message that those are the payload of.
        message: Option<Message>,
        /// Bytes after those are left out.
        is_cut: bool,
        fault: Option<InputError>,
    },
}

/// Bytes that go the same way, and the number of their connection.
struct ConnectionRun {
    run: Run,
    connection: Option<u32>,
    message: Option<Message>,
    /// Bytes after these are left out.
    is_cut: bool,
}

impl ConnectionRun {
    const fn alone(run: Run) -> Self {
        Self {
            run,
            connection: None,
            message: None,
            is_cut: false,
        }
    }
}

impl Octets {
    /// Reads the next ones: how many there are, whether it is known that none follow that go
    /// the same way, and which way that is.
    fn next(
        &mut self,
        source: &Source,
        notation: Notation,
    ) -> Result<(usize, bool, Option<Mark>), InputError> {
        match self {
            Self::Raw {
                reader,
                buffer,
                first,
            } => {
                let first = std::mem::take(first);
                let is_file = source.is_file();
                let read = match first {
                    // A file never keeps anybody waiting.
                    _ if is_file => fill(reader, buffer, first),
                    0 => read(reader, buffer),
                    _ => Ok(first),
                };
                let size = read.map_err(|error| source.unreadable(error))?;
                Ok((size, is_file && size < buffer.len(), None))
            }
            Self::Hex { stream, hint } => {
                let (size, is_last) = stream.next().map_err(|stop| match stop {
                    Stop::Unreadable(error) => source.unreadable(error),
                    Stop::Fault(error) => InputError::Notation {
                        source: source.to_string(),
                        notation,
                        error: Box::new(error),
                        hint: hint.take(),
                    },
                })?;
                Ok((size, is_last, None))
            }
            Self::Read {
                runs,
                given,
                connection,
                message,
                is_cut,
                fault,
            } => {
                let mut next = next_run(runs);
                *connection = next.as_ref().and_then(|next| next.connection);
                *is_cut = next.as_ref().is_some_and(|next| next.is_cut);
                *message = next.as_mut().and_then(|next| next.message.take());
                let mark = next.as_ref().and_then(|next| next.run.mark);
                *given = next.map(|next| next.run.octets).unwrap_or_default();
                if given.is_empty()
                    && let Some(fault) = fault.take()
                {
                    return Err(fault);
                }
                let goes_on =
                    |next: &ConnectionRun| next.run.mark == mark && next.connection == *connection;
                let is_last = fault.is_none() && !runs.iter().any(goes_on);
                Ok((given.len(), is_last, mark))
            }
        }
    }

    /// The connection of those that were read last.
    const fn connection(&self) -> Option<u32> {
        match self {
            Self::Read { connection, .. } => *connection,
            Self::Raw { .. } | Self::Hex { .. } => None,
        }
    }

    /// The message that those are the payload of, which were read last.
    const fn message(&self) -> Option<&Message> {
        match self {
            Self::Read { message, .. } => message.as_ref(),
            Self::Raw { .. } | Self::Hex { .. } => None,
        }
    }

    /// Whether bytes after those are left out, which were read last.
    const fn is_cut(&self) -> bool {
        matches!(self, Self::Read { is_cut: true, .. })
    }

    /// Those that were read last.
    fn given(&self, size: usize) -> &[u8] {
        match self {
            Self::Raw { buffer, .. } => buffer.get(..size).unwrap_or_default(),
            Self::Hex { stream, .. } => stream.octets(size),
            Self::Read { given, .. } => given,
        }
    }
}

impl Input {
    /// Opens a source, and finds out in which notation it is unless that is said. Words
    /// of a command line are never taken for raw octets by themselves. Where a text has several
    /// readings, the judge is asked which of them fits.
    ///
    /// # Errors
    ///
    /// [`InputError`] if the source cannot be read.
    pub fn open(
        source: Source,
        notation: Option<Notation>,
        judge: Judge,
    ) -> Result<Self, InputError> {
        let reader = source.open()?;
        Self::read(source, reader, notation, judge)
    }

    fn read(
        source: Source,
        mut reader: Box<dyn Read>,
        said: Option<Notation>,
        judge: Judge,
    ) -> Result<Self, InputError> {
        let mut start = Vec::new();
        let kind = match said {
            Some(Notation::Raw) => Ok(Start::Raw),
            _ if source.is_arguments() => reader.read_to_end(&mut start).map(|_| Start::Text),
            _ => Start::read(&mut reader, said, &mut start),
        };
        let (notation, octets) = match kind.map_err(|error| source.unreadable(error))? {
            Start::Text => return Ok(Self::of_text(source, said, &start, judge)),
            Start::Raw => {
                let first = start.len();
                start.resize(first.max(PIECE), 0);
                let octets = Octets::Raw {
                    reader,
                    buffer: start,
                    first,
                };
                (Notation::Raw, octets)
            }
            Start::Hex => {
                let hint = hint(&source, said, &start);
                start.drain(..start.len() - without_mark(&start).len());
                let stream = Stream::new(reader, source.is_file(), start, PIECE);
                (Notation::Hex, Octets::Hex { stream, hint })
            }
        };
        Ok(Self {
            source,
            notation,
            octets,
            given: false,
            alternative: None,
            left_out: 0,
            characters: 0,
        })
    }

    fn of_text(source: Source, said: Option<Notation>, text: &[u8], judge: Judge) -> Self {
        let text = &*in_utf8(text);
        let mut paste = Paste::read(text, said);
        if said.is_none()
            && let Some(runs) = in_lines(&paste, text, judge)
        {
            return Self::of_lines(source, runs);
        }
        if said.is_none()
            && matches!(paste.fault, Some((Notation::Hex | Notation::Escaped, _)))
            && std::str::from_utf8(text).is_ok_and(|text| !has_slip(&paste, text))
        {
            // The digits of a time or a number in front of words are no bytes.
            let is_bytes = |run: &Run| {
                run.octets.len() > MOST_IN_PREFIX || judge(&run.octets).fit == Fit::Whole
            };
            paste.runs.retain(is_bytes);
        }
        let fault = paste.fault.map(|(notation, error)| InputError::Notation {
            source: source.to_string(),
            notation,
            error: Box::new(error),
            hint: hint(&source, said, text),
        });
        let notation = paste.notation.unwrap_or(Notation::Raw);
        // What else a text could be is only asked of one that is nothing but octets.
        let is_plain = matches!(paste.runs.as_slice(), [Run { mark: None, .. }]);
        let alternative = notation
            .alternative(text)
            .filter(|_| said.is_none() && is_plain);
        let left_out = notation.left_out(text);
        let octets = Octets::Read {
            runs: paste.runs.into_iter().map(ConnectionRun::alone).collect(),
            given: Vec::new(),
            connection: None,
            message: None,
            is_cut: false,
            fault,
        };
        Self {
            source,
            notation,
            octets,
            given: false,
            alternative,
            left_out,
            characters: 0,
        }
    }

    /// The bytes that were found line by line.
    fn of_lines(source: Source, found: FoundInText) -> Self {
        let mut notation = Notation::Raw;
        let (mut left_out, mut characters) = (0, 0);
        let mut runs = VecDeque::new();
        for (chunk, connection) in by_connection(found.chunks) {
            let mark = chunk.direction.map(|direction| match direction {
                Direction::Outgoing => Mark::Out,
                Direction::Incoming => Mark::In,
            });
            let mut message = None;
            let mut is_cut = false;
            let octets = match chunk.content {
                Content::Characters(count) => {
                    characters += count;
                    continue;
                }
                Content::Message(told) => message.insert(told).payload.clone(),
                Content::Head(head) => head.wire(),
                Content::Bytes {
                    bytes,
                    notation: read,
                    omitted,
                } => {
                    notation = read;
                    left_out += omitted;
                    is_cut = omitted > 0;
                    bytes
                }
            };
            let run = Run { mark, octets };
            runs.push_back(ConnectionRun {
                run,
                connection,
                message,
                is_cut,
            });
        }
        let octets = Octets::Read {
            runs,
            given: Vec::new(),
            connection: None,
            message: None,
            is_cut: false,
            fault: None,
        };
        Self {
            source,
            notation,
            octets,
            given: false,
            alternative: None,
            left_out,
            characters,
        }
    }

    /// The notation that was said, or found out.
    pub const fn notation(&self) -> Notation {
        self.notation
    }

    /// What else the text could have been, with other octets.
    pub const fn alternative(&self) -> Option<&'static str> {
        self.alternative
    }

    /// How many octets the text says that it left out at its end.
    pub const fn left_out(&self) -> u64 {
        self.left_out
    }

    /// How many bytes the text shows as characters only, which do not tell them.
    pub const fn characters(&self) -> u64 {
        self.characters
    }

    /// The next piece, never empty; None at the end.
    ///
    /// # Errors
    ///
    /// [`InputError`] where reading stops; all octets before that were given. A source
    /// without a single octet is an error too.
    pub fn next_chunk(&mut self) -> Result<Option<InputChunk<'_>>, InputError> {
        let (size, is_last, mark) = self.octets.next(&self.source, self.notation)?;
        let is_message = self.octets.message().is_some();
        if size == 0 && !self.given && !is_message {
            return Err(InputError::Empty {
                source: self.source.to_string(),
            });
        }
        self.given = true;
        let bytes = self.octets.given(size);
        let direction = mark.map(|mark| match mark {
            Mark::Out => Direction::Outgoing,
            Mark::In => Direction::Incoming,
        });
        Ok((!bytes.is_empty() || is_message).then_some(InputChunk {
            bytes,
            message: self.octets.message(),
            is_cut: self.octets.is_cut(),
            direction,
            connection: self.octets.connection(),
            is_last,
        }))
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input")
            .field("source", &self.source)
            .field("notation", &self.notation)
            .finish_non_exhaustive()
    }
}

/// What is found in a text line by line, if that fits better than the text as a whole.
fn in_lines(whole: &Paste, text: &[u8], judge: Judge) -> Option<FoundInText> {
    let text = std::str::from_utf8(text).ok()?;
    let found = FoundInText::read(text, judge);
    if found.is_trace {
        return Some(found);
    }
    let is_read = whole.fault.is_none() && whole.runs.iter().any(|run| !run.octets.is_empty());
    let fits = |fit: Fit| {
        let fits = |run: &Run| judge(&run.octets).fit >= fit;
        is_read && whole.runs.iter().all(fits)
    };
    if fits(Fit::Whole) {
        return None;
    }
    if has_slip(whole, text) && !has_a_byte_per_word(&found, text) {
        return None;
    }
    let is_better = !is_read || found.fit == Fit::Whole;
    let is_found = !found.chunks.is_empty() && !is_chance(&found.chunks, judge);
    (is_found && is_better).then_some(found)
}

/// Whether the digits that were found in a text are there by chance: hardly any of several pieces
/// is named as bytes, or begins as a frame does.
fn is_chance(chunks: &[Chunk], judge: Judge) -> bool {
    const FEW: usize = 4;
    /// An arrow in front of so few digits is that of another program (`--> main.rs:6:35`).
    const SHORT: usize = 4;
    let has_a_reason = |chunk: &&Chunk| match &chunk.content {
        Content::Bytes {
            bytes,
            notation: Notation::Hex | Notation::C,
            ..
        } => {
            let is_named = chunk.is_named() && bytes.len() > SHORT;
            is_named || judge(bytes).fit > Fit::None
        }
        Content::Bytes { .. } | Content::Head(_) | Content::Message(_) | Content::Characters(_) => {
            true
        }
    };
    chunks.len() >= FEW && chunks.iter().filter(has_a_reason).count() * FEW < chunks.len()
}

/// Whether a text is hexadecimal up to a short word with a digit too few or a wrong one.
fn has_slip(whole: &Paste, text: &str) -> bool {
    const LONGEST_SLIP: usize = 4;
    let Some((Notation::Hex, error)) = &whole.fault else {
        return false;
    };
    let has_bytes = whole.runs.iter().any(|run| !run.octets.is_empty());
    let before = text.get(..error.offset()).unwrap_or(text);
    let start = before
        .rfind(char::is_whitespace)
        .map_or(0, |space| space + 1);
    let word = text.get(start..).unwrap_or_default();
    let word = word.split_whitespace().next().unwrap_or_default();
    let is_digit = |char: char| char.is_ascii_hexdigit();
    has_bytes && word.len() <= LONGEST_SLIP && (word.is_empty() || word.starts_with(is_digit))
}

/// Whether each word of a text is one byte, and the bytes fit: `81 5 48`.
fn has_a_byte_per_word(found: &FoundInText, text: &str) -> bool {
    match found.chunks.as_slice() {
        [chunk] => match &chunk.content {
            Content::Bytes { bytes, .. } => {
                found.fit == Fit::Whole && text.split_whitespace().count() == bytes.len()
            }
            Content::Head(_) | Content::Message(_) | Content::Characters(_) => false,
        },
        _ => false,
    }
}

/// Chunks in the order of their connections, each with the number of its connection if there are
/// several. One that names no connection goes with the one before.
fn by_connection(chunks: Vec<Chunk>) -> Vec<(Chunk, Option<u32>)> {
    let mut names = HashMap::new();
    let (mut count, mut last) = (0, 0);
    let mut has_response = false;
    let mut numbered: Vec<(Chunk, Option<u32>)> = Vec::with_capacity(chunks.len());
    for chunk in chunks {
        let is_request =
            matches!(&chunk.content, Content::Head(head) if head.kind == HeadKind::Request);
        // A log goes on with the next connection without a word.
        let begins = last == 0 || is_request && has_response;
        let mut next = || {
            has_response = false;
            count += 1;
            count
        };
        last = match chunk.connection {
            Some(name) => *names.entry(name).or_insert_with(next),
            None if begins => next(),
            None => last,
        };
        has_response |= !is_request;
        numbered.push((chunk, Some(last)));
    }
    if count > 1 {
        numbered.sort_by_key(|(_, number)| *number);
    } else {
        for (_, number) in &mut numbered {
            *number = None;
        }
    }
    numbered
}

/// The next run that has any octets.
fn next_run(runs: &mut VecDeque<ConnectionRun>) -> Option<ConnectionRun> {
    while let Some(next) = runs.pop_front() {
        if !next.run.octets.is_empty() || next.message.is_some() {
            return Some(next);
        }
    }
    None
}

/// More bytes than the numbers in front of the words of a log come to.
const MOST_IN_PREFIX: usize = 32;

/// How much is read at once.
const PIECE: usize = 256 * 1024;

/// What the user may have meant by a text that is not in its notation.
fn hint(source: &Source, said: Option<Notation>, text: &[u8]) -> Option<String> {
    match source {
        _ if said.is_some() => None,
        Source::File(_) | Source::Stdin => Some("--input raw takes these bytes as they are".into()),
        Source::Arguments(words) => match words.as_slice() {
            [word] if Path::new(word).is_file() => {
                Some(format!("--file {} reads the file", word.display()))
            }
            _ if matches!(text, [b'x', _, _, b'x', ..] | [b'b', b'x', _, _, ..]) => {
                Some("quote the bytes: the shell took the backslashes away".into())
            }
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests;
