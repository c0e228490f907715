//! Remarks about the server as a whole.

use std::fmt;
use std::io;

/// Something about the server that whoever watches should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// Connections wait, for the system gives no more: what it says.
    CannotAccept(String),
    /// They are accepted again.
    AcceptsAgain,
    /// The recording ends here: what the system says.
    RecordFailed(String),
}

impl Remark {
    /// Its name, for a program.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::CannotAccept(_) => "cannot-accept",
            Self::AcceptsAgain => "accepts-again",
            Self::RecordFailed(_) => "record-failed",
        }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CannotAccept(why) => write!(
                f,
                "cannot accept connections: {why}; who is connected is served, others wait"
            ),
            Self::AcceptsAgain => f.write_str("accepts connections again"),
            Self::RecordFailed(why) => {
                write!(
                    f,
                    "cannot write the record: {why}; the server goes on without it"
                )
            }
        }
    }
}

/// What the system says, without the number it has for it.
pub(super) fn in_words(error: &io::Error) -> String {
    let sentence = error.to_string();
    let end = sentence.find(" (os error ").unwrap_or(sentence.len());
    sentence.get(..end).unwrap_or_default().to_owned()
}
