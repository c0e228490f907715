//! The outcome of a command, and the errors that keep it from one. `main` turns both into the
//! exit status.

use std::error;
use std::fmt;
use std::io;
use std::process::ExitCode;

use crate::input::{InputError, cause};
use crate::notation::NotationError;

/// The outcome of a command that was carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing is wrong.
    Clean,
    /// Something breaks the RFC, is cut short, or is not as expected.
    ProblemFound,
    /// The connection could not be opened, as findings have told.
    NotConnected,
    /// A signal stopped it before it began, as for other programs of a shell.
    Interrupted,
}

impl Outcome {
    /// [`Self::ProblemFound`] if this is true.
    pub const fn problem_if(has_problem: bool) -> Self {
        if has_problem {
            Self::ProblemFound
        } else {
            Self::Clean
        }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Clean => Self::SUCCESS,
            Outcome::ProblemFound => Self::from(1),
            Outcome::NotConnected => Self::from(2),
            Outcome::Interrupted => Self::from(128 + 2),
        }
    }
}

/// Why a command could not be carried out.
#[derive(Debug)]
pub enum Error {
    /// The input could not be read.
    Input(InputError),
    /// The output could not be written.
    Output(io::Error),
    /// The value of an option is not in its notation: the option and the notation, and why.
    Notation(String, Box<NotationError>),
    /// The arguments cannot be used together, or not here: a sentence.
    Usage(String),
    /// The system refuses something: what wsctl tried to do, and why.
    System(String, io::Error),
}

impl Error {
    /// The text that could not be read, and a line with a caret below the place.
    pub fn caret_lines(&self) -> Option<[String; 2]> {
        match self {
            Self::Input(error) => error.caret_lines(),
            Self::Notation(_, error) => Some(error.caret_lines()),
            Self::Output(_) | Self::Usage(_) | Self::System(..) => None,
        }
    }

    /// What the user may have meant.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Input(error) => error.hint(),
            _ => None,
        }
    }

    /// Whether the reader of the output has closed it, as `head` does. That is not a failure.
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
