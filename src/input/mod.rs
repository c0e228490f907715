//! Where octets come from: arguments, a file, standard input; raw, or in a notation.
//!
//! Raw octets stream through one buffer. A text is taken whole, since its notation can
//! only be told from all of it. This room knows neither WebSocket nor the command line.

mod error;

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

pub use error::{InputError, cause};

use crate::notation::{Mark, Notation, Paste, Run};

/// Where to read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Words of the command line, which are joined with a space between them.
    Arguments(Vec<OsString>),
    /// A file.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

impl Source {
    /// The source that words of a command line name: standard input for `-` and for no
    /// words at all, else the words themselves.
    pub fn of_words(words: Vec<OsString>) -> Self {
        match words.as_slice() {
            [] => Self::Stdin,
            [word] if word == "-" => Self::Stdin,
            _ => Self::Arguments(words),
        }
    }

    /// The source that the name of a file stands for: standard input for `-`.
    pub fn of_path(path: PathBuf) -> Self {
        if path.as_os_str() == "-" {
            Self::Stdin
        } else {
            Self::File(path)
        }
    }

    /// All octets of this source, as they are.
    ///
    /// # Errors
    ///
    /// [`InputError`] if it cannot be read.
    pub fn read_all(&self) -> Result<Vec<u8>, InputError> {
        let mut octets = Vec::new();
        let mut reader = self.open()?;
        reader
            .read_to_end(&mut octets)
            .map_err(|error| self.unreadable(error))?;
        Ok(octets)
    }

    const fn is_arguments(&self) -> bool {
        matches!(self, Self::Arguments(_))
    }

    fn open(&self) -> Result<Box<dyn Read>, InputError> {
        Ok(match self {
            Self::Arguments(words) => {
                let text = words.join(" ".as_ref());
                Box::new(io::Cursor::new(text.into_encoded_bytes()))
            }
            Self::File(path) => Box::new(File::open(path).map_err(|error| self.unreadable(error))?),
            Self::Stdin => Box::new(io::stdin()),
        })
    }

    fn unreadable(&self, error: io::Error) -> InputError {
        InputError::Unreadable {
            source: self.to_string(),
            error,
        }
    }
}

/// The name of the source, for a sentence about it.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arguments(_) => f.write_str("the arguments"),
            Self::File(path) => path.display().fmt(f),
            Self::Stdin => f.write_str("standard input"),
        }
    }
}

/// Octets, piece by piece.
pub struct Input {
    source: Source,
    notation: Notation,
    octets: Octets,
    given: bool,
    alternative: Option<&'static str>,
    left_out: u64,
}

/// A piece of what was read.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    /// The octets.
    pub octets: &'a [u8],
    /// Whether it is known that none follow that went the same way. A pipe whose other end is open may always
    /// have more.
    pub is_last: bool,
    /// Which way the octets went, where their lines are marked.
    pub mark: Option<Mark>,
}

enum Octets {
    /// Raw octets: a first piece, read while looking what they are, then the rest.
    Raw {
        reader: Box<dyn Read>,
        buffer: Vec<u8>,
        first: usize,
    },
    /// The octets that a text stood for, and what is wrong with the text behind them.
    Read {
        /// Those not given yet.
        runs: VecDeque<Run>,
        /// Those given last.
        given: Vec<u8>,
        fault: Option<InputError>,
    },
}

impl Input {
    /// Opens a source, and finds out in which notation it is unless that is said. Words
    /// of a command line are never taken for raw octets by themselves.
    ///
    /// # Errors
    ///
    /// [`InputError`] if the source cannot be read.
    pub fn open(source: Source, notation: Option<Notation>) -> Result<Self, InputError> {
        let mut reader = source.open()?;
        let mut start = Vec::new();
        let is_text = match notation {
            Some(Notation::Raw) => Ok(false),
            Some(_) => reader.read_to_end(&mut start).map(|_| true),
            None if source.is_arguments() => reader.read_to_end(&mut start).map(|_| true),
            None => read_text(&mut reader, &mut start),
        };
        if is_text.map_err(|error| source.unreadable(error))? {
            return Ok(Self::of_text(source, notation, &start));
        }
        let first = start.len();
        start.resize(first.max(PIECE), 0);
        let octets = Octets::Raw {
            reader,
            buffer: start,
            first,
        };
        Ok(Self {
            source,
            notation: Notation::Raw,
            octets,
            given: false,
            alternative: None,
            left_out: 0,
        })
    }

    fn of_text(source: Source, said: Option<Notation>, text: &[u8]) -> Self {
        let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
        let paste = Paste::read(text, said);
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
            runs: paste.runs.into(),
            given: Vec::new(),
            fault,
        };
        Self {
            source,
            notation,
            octets,
            given: false,
            alternative,
            left_out,
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

    /// The next piece, never empty; None at the end.
    ///
    /// # Errors
    ///
    /// [`InputError`] where reading stops; all octets before that were given. A source
    /// without a single octet is an error too.
    pub fn next_piece(&mut self) -> Result<Option<Piece<'_>>, InputError> {
        let (size, is_last, mark) = match &mut self.octets {
            Octets::Raw {
                reader,
                buffer,
                first,
            } => {
                let first = std::mem::take(first);
                let read = match self.source {
                    // A file never keeps anybody waiting.
                    Source::File(_) => fill(reader, buffer, first),
                    _ if first > 0 => Ok(first),
                    _ => read(reader, buffer),
                };
                let size = read.map_err(|error| self.source.unreadable(error))?;
                let is_file = matches!(self.source, Source::File(_));
                (size, is_file && size < buffer.len(), None)
            }
            Octets::Read { runs, given, fault } => {
                let run = next_run(runs);
                let mark = run.as_ref().and_then(|run| run.mark);
                *given = run.map(|run| run.octets).unwrap_or_default();
                if given.is_empty()
                    && let Some(fault) = fault.take()
                {
                    return Err(fault);
                }
                let is_last = fault.is_none() && !runs.iter().any(|run| run.mark == mark);
                (given.len(), is_last, mark)
            }
        };
        if size == 0 && !self.given {
            return Err(InputError::Empty {
                source: self.source.to_string(),
            });
        }
        self.given = true;
        let octets = match &self.octets {
            Octets::Raw { buffer, .. } => buffer.get(..size),
            Octets::Read { given, .. } => given.get(..size),
        };
        let octets = octets.filter(|octets| !octets.is_empty());
        Ok(octets.map(|octets| Piece {
            octets,
            is_last,
            mark,
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

/// The next run that has any octets.
fn next_run(runs: &mut VecDeque<Run>) -> Option<Run> {
    while let Some(run) = runs.pop_front() {
        if !run.octets.is_empty() {
            return Some(run);
        }
    }
    None
}

/// How much is read at once.
const PIECE: usize = 256 * 1024;

/// What some editors write in front of a text.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads to the end as long as all of it is text; false as soon as it is not, with what
/// was read until then.
fn read_text(reader: &mut dyn Read, text: &mut Vec<u8>) -> io::Result<bool> {
    let mut checked = 0;
    loop {
        let start = text.len();
        text.resize(start + PIECE, 0);
        let size = read(reader, text.get_mut(start..).unwrap_or_default())?;
        text.truncate(start + size);
        if size == 0 {
            return Ok(checked == text.len());
        }
        match text_at_start(text.get(checked..).unwrap_or_default()) {
            Some(size) if checked > 0 || begins_like_text(text) => checked += size,
            _ => return Ok(false),
        }
    }
}

/// How many octets are text for sure, if what is behind them could become text: UTF-8
/// without controls, a character at the end perhaps cut.
fn text_at_start(octets: &[u8]) -> Option<usize> {
    let text = match std::str::from_utf8(octets) {
        Ok(text) => text,
        Err(error) if error.error_len().is_some() => return None,
        Err(error) => std::str::from_utf8(octets.get(..error.valid_up_to())?).ok()?,
    };
    let is_text = |char: char| !char.is_control() || matches!(char, '\t' | '\n' | '\r');
    text.chars().all(is_text).then_some(text.len())
}

/// Every notation begins with a printable character, and hardly ever a frame: FIN is the
/// highest bit of its first octet, and a first fragment begins with 01 or 02.
fn begins_like_text(text: &[u8]) -> bool {
    let is_first = |octet: &u8| matches!(octet, b' '..=b'~' | b'\t' | b'\n' | b'\r');
    text.first().is_some_and(is_first) || text.starts_with(BYTE_ORDER_MARK)
}

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

/// Reads until the buffer is full or the reader has nothing more; `size` octets are there
/// already.
fn fill(reader: &mut dyn Read, buffer: &mut [u8], mut size: usize) -> io::Result<usize> {
    while let Some(room @ [_, ..]) = buffer.get_mut(size..) {
        match read(reader, room)? {
            0 => break,
            more => size += more,
        }
    }
    Ok(size)
}

fn read(reader: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All octets of the words, and the error at their end.
    fn open(words: &[&str], notation: Option<Notation>) -> (Notation, Vec<u8>, Option<String>) {
        let words = words.iter().map(OsString::from).collect();
        let mut input = Input::open(Source::Arguments(words), notation).unwrap();
        let mut octets = Vec::new();
        loop {
            match input.next_piece() {
                Ok(Some(piece)) => octets.extend_from_slice(piece.octets),
                Ok(None) => return (input.notation(), octets, None),
                Err(error) => return (input.notation(), octets, Some(error.to_string())),
            }
        }
    }

    #[test]
    fn words_are_joined() {
        let octets = vec![0x81, 2, b'h', b'i'];
        assert_eq!(
            open(&["8102", "68 69"], None),
            (Notation::Hex, octets.clone(), None)
        );
        assert_eq!(
            open(&[r"b\x81\x02hi"], None),
            (Notation::Python, octets, None)
        );
    }

    #[test]
    fn a_notation_that_is_said_is_not_guessed() {
        let octets = b"8102".to_vec();
        assert_eq!(
            open(&["8102"], Some(Notation::Escaped)),
            (Notation::Escaped, octets, None)
        );
        assert_eq!(
            open(&["81"], Some(Notation::Raw)),
            (Notation::Raw, b"81".to_vec(), None)
        );
    }

    #[test]
    fn octets_before_an_error_are_given() {
        let error = "the arguments as hex, \
                     column 3: expected a hexadecimal digit, found `z`";
        assert_eq!(
            open(&["81zz"], None),
            (Notation::Hex, vec![0x81], Some(error.into()))
        );
    }

    #[test]
    fn what_could_be_text_is_text() {
        let is_text = |octets: &[u8]| read_text(&mut &octets[..], &mut Vec::new()).unwrap();
        assert!(is_text(b"8105 48\r\n\t65"));
        assert!(is_text(b"\xef\xbb\xbf8105"));
        assert!(is_text("Hello wörld".as_bytes()));
        assert!(!is_text(b"\x81\x05Hello"));
        assert!(!is_text(b"\xc2\x85Hello"), "a compressed frame, not U+0085");
        assert!(!is_text(b"GET / HTTP/1.1\r\n\r\n\x81\x05Hello"));
        assert!(!is_text(b"cut \xc3"));
    }

    #[test]
    fn arguments_are_never_raw_by_themselves() {
        let error = "the arguments as hex, \
                     column 1: expected a hexadecimal digit, found `’`";
        assert_eq!(
            open(&["’81"], None),
            (Notation::Hex, vec![], Some(error.into()))
        );
    }

    #[test]
    fn nothing_is_an_error() {
        let error = "expected frames in the arguments, found no bytes";
        assert_eq!(
            open(&[" "], None),
            (Notation::Hex, vec![], Some(error.into()))
        );
    }

    #[test]
    fn a_large_raw_source_comes_in_pieces_and_whole() {
        let octets: Vec<u8> = (0..=255).cycle().take(PIECE * 3 + 7).collect();
        let mut file = tempfile::NamedTempFile::new().unwrap();
        io::Write::write_all(&mut file, &octets).unwrap();
        let mut input = Input::open(Source::of_path(file.path().into()), None).unwrap();
        let mut read = Vec::new();
        while let Some(piece) = input.next_piece().unwrap() {
            read.extend_from_slice(piece.octets);
        }
        assert_eq!(input.notation(), Notation::Raw);
        assert!(read == octets);
    }
}
