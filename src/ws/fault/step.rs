//! What is done instead of what should be, step by step.

use crate::ws::{CloseCode, FrameHeader};

/// A fault has acted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultEvent {
    /// The fault, as it was asked for.
    pub fault: String,
    /// What it did.
    pub what: String,
}

/// One step of what is to be done instead of sending a frame as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendStep {
    /// Tell that a fault acts.
    Tell(FaultEvent),
    /// Send this frame.
    Frame(FrameHeader, Vec<u8>),
    /// Send the first half of this frame.
    Half(FrameHeader, Vec<u8>),
    /// Send these bytes, which are no frame.
    Bytes(Vec<u8>),
    /// The close frame stays unsent; the connection stays open for all that.
    WithholdClose,
    /// Begin the closing handshake.
    Close(CloseCode),
    /// End it all.
    Abort(AbortMode),
}

/// How a connection is ended on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AbortMode {
    /// The stream ends (FIN).
    Fin,
    /// The connection is reset (RST).
    Reset,
    /// Nothing is sent any more.
    Silence,
}

/// How bytes are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WritePacing {
    /// How many milliseconds to wait first.
    pub delay: u64,
    /// How many bytes to write at a time; None for all.
    pub split: Option<usize>,
}

impl FaultEvent {
    pub(super) fn new(fault: String, what: impl Into<String>) -> Self {
        let what = what.into();
        Self { fault, what }
    }
}
