//! The source of the input: the command line, a file, or standard input. The commands make it.

use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use super::InputError;

/// A source of bytes.
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
    /// The source for the words of a command line: standard input for `-` or no words, else the
    /// words.
    pub fn of_words(words: Vec<OsString>) -> Self {
        match words.as_slice() {
            [] => Self::Stdin,
            [word] if word == "-" => Self::Stdin,
            _ => Self::Arguments(words),
        }
    }

    /// The source for a file name: standard input for `-`, else the file.
    pub fn of_path(path: PathBuf) -> Self {
        if path.as_os_str() == "-" {
            Self::Stdin
        } else {
            Self::File(path)
        }
    }

    /// All bytes of the source, without decoding a notation.
    ///
    /// # Errors
    ///
    /// [`InputError`] if it cannot be read.
    pub fn read_all(&self) -> Result<Vec<u8>, InputError> {
        let mut bytes = Vec::new();
        let mut reader = self.open()?;
        reader
            .read_to_end(&mut bytes)
            .map_err(|error| self.unreadable(error))?;
        Ok(bytes)
    }

    pub(super) const fn is_file(&self) -> bool {
        matches!(self, Self::File(_))
    }

    pub(super) const fn is_arguments(&self) -> bool {
        matches!(self, Self::Arguments(_))
    }

    pub(super) fn open(&self) -> Result<Box<dyn Read>, InputError> {
        Ok(match self {
            Self::Arguments(words) => {
                let text = words.join(" ".as_ref());
                Box::new(io::Cursor::new(text.into_encoded_bytes()))
            }
            Self::File(path) => Box::new(File::open(path).map_err(|error| self.unreadable(error))?),
            Self::Stdin => Box::new(io::stdin()),
        })
    }

    pub(super) fn unreadable(&self, error: io::Error) -> InputError {
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

/// Reads until the buffer is full or the source is at its end. The buffer already has `size` bytes.
/// Returns how many it has then.
pub(super) fn fill(reader: &mut dyn Read, buffer: &mut [u8], mut size: usize) -> io::Result<usize> {
    while let Some(room @ [_, ..]) = buffer.get_mut(size..) {
        match read(reader, room)? {
            0 => break,
            more => size += more,
        }
    }
    Ok(size)
}

/// Reads the bytes that are available. Returns how many; 0 at the end.
pub(super) fn read(reader: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
