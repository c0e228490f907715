//! What can be wrong with a compressed message.

use std::fmt;

/// Why a message does not inflate, or not to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InflateError {
    /// How many bytes of the message's compressed payload were read when it showed.
    pub offset: u64,
    /// What it is.
    pub kind: InflateErrorKind,
}

/// What is wrong with a compressed message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InflateErrorKind {
    /// It repeats bytes from before the beginning of what is known.
    TooFarBack {
        /// How many bytes of earlier messages were known when it began; 0 for the first
        /// message, and for each one without context takeover.
        context: usize,
    },
    /// It is no DEFLATE.
    Damaged(Damage),
    /// It ends inside a block: some of it is missing.
    Cut,
    /// One more byte 00 would make it whole. That may be all it lacks; but some cuts look like
    /// that as well, in a block with fixed codes one of fourteen, for 00 ends such a block.
    EndMissing,
    /// It ends behind a final block, where an empty block should follow: a block whose BFINAL
    /// is set ends the stream, and the bytes 00 00 ff ff that the receiver appends begin
    /// another one (RFC 7692 §7.2.3.4).
    FinalBlock,
    /// It ends with the bytes 00 00 ff ff, which the sender should have left out.
    TailKept,
}

/// Where bytes leave the format of RFC 1951.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// BTYPE is 3 (§3.2.3).
    BlockType,
    /// LEN and NLEN of a block without compression do not agree (§3.2.4).
    StoredLength,
    /// The lengths of a block's Huffman codes make no codes (§3.2.7).
    CodeLengths,
    /// A code that stands for nothing (§3.2.5).
    Symbol,
}

impl InflateError {
    /// Whether the message is readable as far as it goes, and lacks its end or has too much
    /// of it.
    pub const fn is_at_the_end(&self) -> bool {
        use InflateErrorKind::{Cut, EndMissing, FinalBlock, TailKept};
        matches!(self.kind, Cut | EndMissing | FinalBlock | TailKept)
    }
}

/// The sentence, without its full stop.
impl fmt::Display for InflateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            InflateErrorKind::TooFarBack { context: 0 } => {
                f.write_str("the message refers to data before its beginning, and there is none")
            }
            InflateErrorKind::TooFarBack { context } => write!(
                f,
                "the message refers to data before the {context} bytes that are known"
            ),
            InflateErrorKind::Damaged(damage) => {
                write!(f, "the message cannot be inflated: {damage}")
            }
            InflateErrorKind::Cut => f.write_str("the compressed message ends inside a block"),
            InflateErrorKind::EndMissing => {
                f.write_str("the compressed message lacks a byte 00 at its end, or more")
            }
            InflateErrorKind::FinalBlock => f.write_str(
                "the compressed message ends in a final block, without an empty one behind it",
            ),
            InflateErrorKind::TailKept => {
                f.write_str("the compressed message still ends with 00 00 ff ff")
            }
        }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BlockType => "there is no block of type 3",
            Self::StoredLength => "the two lengths of a stored block do not agree",
            Self::CodeLengths => "the code lengths of a block make no Huffman codes",
            Self::Symbol => "a code stands for nothing",
        })
    }
}
