//! What is to be told of how an input was read.

use std::fmt;

use super::Direction;
use crate::notation::{Notation, UNKNOWN_COUNT};

/// Something that the user may want to know, in the order of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputNotice {
    /// The notation of the first bytes.
    ReadAs {
        /// What it is: `hexadecimal`, `decimal numbers`.
        notation: &'static str,
        /// What else it could be, with other bytes, if nothing decides.
        other: Option<&'static str>,
    },
    /// A text says that it leaves out bytes.
    Omitted {
        /// What it is: `a Buffer of Node`.
        notation: &'static str,
        /// How many bytes are missing.
        count: u64,
    },
    /// A line says that more bytes follow than it has.
    CountDiffers {
        /// The line, counted from 1.
        line: usize,
        /// How many bytes it says.
        count: u64,
        /// How many bytes it has.
        size: usize,
    },
    /// The words of a log and the MASK bit, or the head, disagree about the sender.
    SenderDiffers {
        /// The direction that the words tell.
        words: Direction,
        /// Whether the words are believed, because they agree with a head or with other frames.
        follows_words: bool,
    },
    /// A request head or a response head is too large to be kept.
    HeadTooLarge {
        /// How many KiB are kept.
        limit: usize,
    },
    /// A head is header lines alone.
    FirstLineMissing {
        /// The line that stands for the first one.
        first_line: &'static str,
    },
    /// A dump has words in the byte order of the machine.
    WordsSwapped {
        /// How many bytes a word has.
        size: usize,
    },
    /// The lines of a text end in CR alone.
    LinesEndInCr,
    /// Bytes that the text shows as characters only are left out.
    Characters {
        /// How many bytes that are.
        count: u64,
    },
    /// Text that is no bytes was skipped.
    Skipped {
        /// In how many lines.
        lines: usize,
    },
}

impl InputNotice {
    /// The notation of the first bytes, where nothing else is possible.
    pub(super) const fn read_as(notation: Notation) -> Self {
        Self::ReadAs {
            notation: notation.description(),
            other: None,
        }
    }

    /// Whether only a user who asks for details wants to know it.
    pub const fn is_detail(&self) -> bool {
        matches!(
            self,
            Self::ReadAs { other: None, .. } | Self::Skipped { .. }
        )
    }
}

impl fmt::Display for InputNotice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReadAs {
                notation,
                other: None,
            } => write!(f, "read as {notation}"),
            Self::ReadAs {
                notation,
                other: Some(other),
            } => write!(f, "read as {notation}, which could also be {other}"),
            Self::Omitted {
                notation,
                count: UNKNOWN_COUNT,
            } => write!(f, "{notation} that is cut short: more bytes are missing"),
            Self::Omitted { notation, count } => {
                write!(
                    f,
                    "{notation} that is cut short: {count} more bytes are missing"
                )
            }
            Self::CountDiffers { line, count, size } => {
                write!(f, "line {line} says {count} bytes, and {size} follow")
            }
            Self::SenderDiffers {
                words,
                follows_words,
            } => {
                let (words, found) = match words {
                    Direction::Outgoing => ("client", "server"),
                    Direction::Incoming => ("server", "client"),
                };
                let decision = if *follows_words {
                    "; the log is right elsewhere, and is believed"
                } else {
                    ", and are taken as such"
                };
                write!(
                    f,
                    "the log says that the {words} sent these bytes, but they are like those of a \
                     {found}{decision}"
                )
            }
            Self::HeadTooLarge { limit } => write!(
                f,
                "a request or response head is larger than {limit} KiB; the rest of it is left out"
            ),
            Self::FirstLineMissing { first_line } => write!(
                f,
                "these are header lines without a first line, which is taken to be `{first_line}`"
            ),
            Self::WordsSwapped { size } => write!(
                f,
                "the dump has little-endian words of {size} bytes: the bytes of each are swapped"
            ),
            Self::LinesEndInCr => f.write_str(
                "the lines end in CR alone, and are read as lines; on the connection each needs CR LF",
            ),
            Self::Characters { count } => write!(
                f,
                "{count} bytes are shown as characters, which do not tell all of them: they are left out"
            ),
            Self::Skipped { lines: 1 } => f.write_str("text in 1 line is no bytes, and is skipped"),
            Self::Skipped { lines } => {
                write!(f, "text in {lines} lines is no bytes, and is skipped")
            }
        }
    }
}
