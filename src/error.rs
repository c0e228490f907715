//! Why something could not be done, and how it went if it could.

use std::error;
use std::fmt;
use std::io;
use std::process::ExitCode;

use crate::input::{InputError, cause};
use crate::notation::NotationError;

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing is wrong.
    Clean,
    /// Something breaks the RFC, or is cut short.
    Faulty,
}

impl Outcome {
    /// Faulty if this is.
    pub const fn faulty_if(faulty: bool) -> Self {
        if faulty { Self::Faulty } else { Self::Clean }
    }
}

impl From<Outcome> for ExitCode {
    fn from(verdict: Outcome) -> Self {
        match verdict {
            Outcome::Clean => Self::SUCCESS,
            Outcome::Faulty => Self::from(1),
        }
    }
}

/// Why it could not be done.
#[derive(Debug)]
pub enum Error {
    /// Bytes could not be had.
    Input(InputError),
    /// Bytes could not be written.
    Output(io::Error),
    /// The value of an option is not in its notation: which option as which, and why.
    Notation(String, Box<NotationError>),
    /// What was asked for makes no sense.
    Usage(String),
    /// The system refuses something: what, and why.
    System(String, io::Error),
}

impl Error {
    /// A text that could not be read, with a caret below the place.
    pub fn picture(&self) -> Option<[String; 2]> {
        match self {
            Self::Input(error) => error.picture(),
            Self::Notation(_, error) => Some(error.picture()),
            Self::Output(_) | Self::Usage(_) | Self::System(..) => None,
        }
    }

    /// What the user may have meant instead.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Input(error) => error.hint(),
            _ => None,
        }
    }

    /// Whether the reader of the output has gone away, which is its right.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(error) => error.fmt(f),
            Self::Output(error) => write!(f, "cannot write the output: {}", cause(error)),
            Self::Notation(what, error) => write!(f, "{what}, {error}"),
            Self::Usage(sentence) => f.write_str(sentence),
            Self::System(what, error) => write!(f, "cannot {what}: {}", cause(error)),
        }
    }
}

impl error::Error for Error {}

impl From<InputError> for Error {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}
