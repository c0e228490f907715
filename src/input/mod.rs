//! Where octets come from: arguments, a file, standard input; raw, or in a notation.
//!
//! Raw octets stream through one buffer. A text is taken whole, since its notation can
//! only be told from all of it. This room knows neither WebSocket nor the command line.

mod error;

use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

pub use error::{InputError, cause};

use crate::notation::Notation;

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
        octets: Vec<u8>,
        fault: Option<InputError>,
    },
}

impl Input {
    /// Opens a source, and finds out in which notation it is unless that is said.
    ///
    /// # Errors
    ///
    /// [`InputError`] if the source cannot be read.
    pub fn open(source: Source, notation: Option<Notation>) -> Result<Self, InputError> {
        let mut reader = source.open()?;
        let mut start = Vec::new();
        let is_text = match notation {
            Some(Notation::Raw) => Ok(false),
            Some(_) => read_text(&mut reader, &mut start, |_| true),
            None => read_text(&mut reader, &mut start, is_text),
        };
        let is_text = is_text.map_err(|error| source.unreadable(error))?;
        if !is_text {
            let first = start.len();
            start.resize(first.max(PIECE), 0);
            let octets = Octets::Raw {
                reader,
                buffer: start,
                first,
            };
            return Ok(Self {
                source,
                notation: Notation::Raw,
                octets,
                given: false,
            });
        }
        let notation_taken = notation.unwrap_or_else(|| Notation::guess(&start));
        let mut octets = Vec::new();
        let fault = notation_taken.read(&start, &mut octets).err().map(|error| {
            let may_be_raw = notation.is_none() && !matches!(source, Source::Arguments(_));
            InputError::Notation {
                source: source.to_string(),
                notation: notation_taken,
                error,
                may_be_raw,
            }
        });
        let octets = Octets::Read { octets, fault };
        Ok(Self {
            source,
            notation: notation_taken,
            octets,
            given: false,
        })
    }

    /// The notation that was said, or found out.
    pub const fn notation(&self) -> Notation {
        self.notation
    }

    /// The next piece, never empty; None at the end.
    ///
    /// # Errors
    ///
    /// [`InputError`] where reading stops; all octets before that were given. A source
    /// without a single octet is an error too.
    pub fn next_piece(&mut self) -> Result<Option<&mut [u8]>, InputError> {
        let size = match &mut self.octets {
            Octets::Raw {
                reader,
                buffer,
                first,
            } => match std::mem::take(first) {
                0 => read(reader, buffer).map_err(|error| self.source.unreadable(error))?,
                size => size,
            },
            Octets::Read { octets, fault } => {
                if self.given {
                    octets.clear();
                }
                if octets.is_empty()
                    && let Some(fault) = fault.take()
                {
                    return Err(fault);
                }
                octets.len()
            }
        };
        if size == 0 && !self.given {
            return Err(InputError::Empty {
                source: self.source.to_string(),
            });
        }
        self.given = true;
        let piece = match &mut self.octets {
            Octets::Raw { buffer, .. } => buffer.get_mut(..size),
            Octets::Read { octets, .. } => octets.get_mut(..size),
        };
        Ok(piece.filter(|piece| !piece.is_empty()))
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

/// How much is read at once.
const PIECE: usize = 256 * 1024;

/// Reads to the end as long as all of it is text; false as soon as it is not, with what
/// was read until then.
fn read_text(
    reader: &mut dyn Read,
    text: &mut Vec<u8>,
    is_text: impl Fn(u8) -> bool,
) -> io::Result<bool> {
    loop {
        let start = text.len();
        text.resize(start + PIECE, 0);
        let piece = text.get_mut(start..).unwrap_or_default();
        let size = read(reader, piece)?;
        text.truncate(start + size);
        if size == 0 {
            return Ok(true);
        }
        let piece = text.get(start..).unwrap_or_default();
        if !piece.iter().all(|octet| is_text(*octet)) {
            return Ok(false);
        }
    }
}

/// What a notation is made of. A frame's first octet is hardly ever among it: FIN is the
/// highest bit, and a first fragment begins with 01 or 02.
const fn is_text(octet: u8) -> bool {
    matches!(octet, b' '..=b'~' | b'\t' | b'\n' | b'\r')
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
                Ok(Some(piece)) => octets.extend_from_slice(piece),
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
        let error = "cannot read the arguments as hexadecimal: \
                     column 3: expected a hexadecimal digit, found `z`";
        assert_eq!(
            open(&["81zz"], None),
            (Notation::Hex, vec![0x81], Some(error.into()))
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
            read.extend_from_slice(piece);
        }
        assert_eq!(input.notation(), Notation::Raw);
        assert!(read == octets);
    }
}
