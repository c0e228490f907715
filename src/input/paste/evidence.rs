//! How well bytes fit as frames. The command decides it: `input` knows no WebSocket.

use crate::input::Direction;

/// The result of an [`EvidenceFn`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// How well they fit.
    pub fit: Fit,
    /// How many bytes of the last frame are missing.
    pub missing: u64,
    /// The direction, by the MASK bit of the first frame or by the head.
    pub sender: Option<Direction>,
}

/// How well bytes fit, the worst first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// They are no frames, or frames with an error.
    #[default]
    None,
    /// They begin a frame, without an error so far.
    Begins,
    /// They are whole frames or a head, without an error.
    Whole,
}

/// A function of the command that says how well bytes fit as frames or as a head.
pub type EvidenceFn = fn(&[u8]) -> Evidence;
