//! The errors of reading a source.

use std::error::Error;
use std::fmt;
use std::io;

use crate::notation::{Notation, NotationError};

/// The reason why a source has no bytes, or no more of them.
#[derive(Debug)]
pub enum InputError {
    /// The operating system cannot read it: no such file, no permission, an I/O error.
    Unreadable {
        /// The name of the source.
        source: String,
        /// The error of the operating system.
        error: io::Error,
    },
    /// The text is not in its notation.
    Notation {
        /// The name of the source.
        source: String,
        /// The notation that the user named, or that the text begins with.
        notation: Notation,
        /// The place, and what was expected there.
        error: Box<NotationError>,
        /// What the user probably meant.
        hint: Option<String>,
    },
    /// The source has no bytes.
    Empty {
        /// The name of the source.
        source: String,
        /// What the source contains instead, for a sentence: `a UUID`.
        found: Option<&'static str>,
    },
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { source, error } => {
                write!(f, "cannot read {source}: {}", cause(error))
            }
            Self::Notation {
                source,
                notation,
                error,
                ..
            } => write!(f, "{source} as {notation}, {error}"),
            Self::Empty { source, found } => {
                let found = found.unwrap_or("no bytes");
                write!(f, "expected frames in {source}, found {found}")
            }
        }
    }
}

impl InputError {
    /// What the user probably meant.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Notation { hint, .. } => hint.as_deref(),
            Self::Unreadable { .. } | Self::Empty { .. } => None,
        }
    }

    /// The line with the wrong place, and a line with a caret below it.
    pub fn caret_lines(&self) -> Option<[String; 2]> {
        match self {
            Self::Notation { error, .. } => Some(error.caret_lines()),
            Self::Unreadable { .. } | Self::Empty { .. } => None,
        }
    }
}

impl Error for InputError {}

/// The message of the operating system, without the error number.
pub fn cause(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((cause, _)) => cause.to_owned(),
        None => text,
    }
}
