//! What the command that reads frames says of bytes: `input` knows no WebSocket itself.

use crate::input::Direction;

/// How well bytes fit as frames or as a head.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// How well they fit.
    pub fit: Fit,
    /// How many bytes the last frame lacks.
    pub missing: u64,
    /// Which way they went, by the MASK bit of the first frame or by the head.
    pub sender: Option<Direction>,
}

/// How well bytes fit, in rising order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// Not at all, or with an error.
    #[default]
    None,
    /// They begin a frame, and nothing is wrong so far.
    Begins,
    /// They are whole frames or a head, and nothing is wrong.
    Whole,
}

/// A function that says what the bytes of one reading of a text prove.
pub type EvidenceFn = fn(&[u8]) -> Evidence;
