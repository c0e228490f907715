//! Why a source gives no bytes.

use std::error::Error;
use std::fmt;
use std::io;

use crate::notation::{Notation, NotationError};

/// Why a source gives no bytes, or no more of them.
#[derive(Debug)]
pub enum InputError {
    /// The system cannot read it: no such file, no permission, a broken disk.
    Unreadable {
        /// The name of the source.
        source: String,
        /// What the system says.
        error: io::Error,
    },
    /// The text is not in its notation.
    Notation {
        /// The name of the source.
        source: String,
        /// The notation that was named, or that the text begins like.
        notation: Notation,
        /// Where, and what was expected.
        error: Box<NotationError>,
        /// What the user may have meant.
        hint: Option<String>,
    },
    /// There is not one byte.
    Empty {
        /// The name of the source.
        source: String,
        /// What the source is instead, for a sentence: `a UUID`.
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
    /// What the user may have meant instead.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Notation { hint, .. } => hint.as_deref(),
            Self::Unreadable { .. } | Self::Empty { .. } => None,
        }
    }

    /// The line of a text where it stops being in its notation, with a caret below.
    pub fn caret_lines(&self) -> Option<[String; 2]> {
        match self {
            Self::Notation { error, .. } => Some(error.caret_lines()),
            Self::Unreadable { .. } | Self::Empty { .. } => None,
        }
    }
}

impl Error for InputError {}

/// What the system says of an error, without its number.
pub fn cause(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((cause, _)) => cause.to_owned(),
        None => text,
    }
}
