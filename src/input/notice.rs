//! Notices about how an input was read. `decode`, `handshake` and `accept` print them.

use std::fmt;

use super::Direction;
use crate::notation::{Notation, UNKNOWN_COUNT};

/// A fact about the reading of the input that the user should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputNotice {
    /// The notation of the first bytes.
    ReadAs {
        /// The name of the notation: `hexadecimal`, `decimal numbers`.
        notation: &'static str,
        /// Another notation that fits as well, and gives other bytes.
        other: Option<&'static str>,
    },
    /// The text says that it leaves out bytes.
    Omitted {
        /// The name of the notation: `a Buffer of Node`.
        notation: &'static str,
        /// How many bytes are missing.
        count: u64,
    },
    /// A line says that it has more bytes than it has.
    CountDiffers {
        /// The number of the line, counted from 1.
        line: usize,
        /// The number of bytes that the line says.
        count: u64,
        /// The number of bytes that the line has.
        size: usize,
    },
    /// The words of a log name another sender than the MASK bit or the head.
    SenderDiffers {
        /// The direction that the words say.
        words: Direction,
        /// Whether the words decide, because a head or other frames agree with them.
        follows_words: bool,
    },
    /// A request head or response head is too large. Its end is left out.
    HeadTooLarge {
        /// The limit in KiB.
        limit: usize,
    },
    /// A head has header lines only.
    FirstLineMissing {
        /// The first line that is used for it.
        first_line: &'static str,
    },
    /// A dump has words in little-endian order.
    WordsSwapped {
        /// The size of a word in bytes.
        size: usize,
    },
    /// The lines of the text end in CR without LF.
    LinesEndInCr,
    /// Bytes are left out, because the text shows them as characters only.
    Characters {
        /// The number of these bytes.
        count: u64,
    },
    /// Text without bytes was skipped.
    Skipped {
        /// The number of lines with such text.
        lines: usize,
    },
}

impl InputNotice {
    /// The notation of the first bytes, if no other notation fits.
    pub(super) const fn read_as(notation: Notation) -> Self {
        Self::ReadAs {
            notation: notation.description(),
            other: None,
        }
    }

    /// Whether it is printed only with `-v`.
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
