//! Errors of a compressed message.

use std::fmt;

/// Why a message cannot be inflated, or ends wrongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InflateError {
    /// How many bytes of the compressed payload were read before the error.
    pub offset: u64,
    /// The kind of error.
    pub kind: InflateErrorKind,
}

/// The kind of an [`InflateError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InflateErrorKind {
    /// A back-reference goes beyond the known bytes.
    TooFarBack {
        /// How many bytes of earlier messages were known when the message began; 0 for the first
        /// message, and for every message without context takeover.
        context: usize,
    },
    /// The bytes are not valid DEFLATE.
    Damaged(Damage),
    /// The message ends inside a block: bytes are missing.
    Cut,
    /// One more byte 00 would complete the message. That may be all that is missing; but some
    /// cuts look the same, in a block with fixed codes one of fourteen, since 00 ends such a
    /// block.
    EndMissing,
    /// The message ends after a block with BFINAL set, and no empty block follows. Such a block
    /// ends the DEFLATE stream; the bytes 00 00 ff ff that the receiver appends begin another
    /// one (RFC 7692 §7.2.3.4).
    FinalBlock,
    /// The message ends with 00 00 ff ff, which the sender must remove.
    TailKept,
}

/// How bytes break the format of RFC 1951.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// BTYPE is 3 (§3.2.3).
    BlockType,
    /// LEN and NLEN of a block without compression do not agree (§3.2.4).
    StoredLength,
    /// The code lengths of a block do not define Huffman codes (§3.2.7).
    CodeLengths,
    /// A code without a meaning (§3.2.5).
    Symbol,
}

impl InflateError {
    /// Whether only the end of the message is wrong: all bytes before it were inflated.
    pub const fn is_at_the_end(&self) -> bool {
        use InflateErrorKind::{Cut, EndMissing, FinalBlock, TailKept};
        matches!(self.kind, Cut | EndMissing | FinalBlock | TailKept)
    }
}

/// The sentence, without a full stop.
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
                "the compressed message ends in a final block, without an empty one after it",
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
