//! What a [`FaultInjector`](super::FaultInjector) returns: the steps to perform instead of
//! sending a frame, and how to write the bytes.

use crate::ws::{CloseCode, FrameHeader};

/// A fault acted. The log reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultEvent {
    /// The value of the option, as the user wrote it.
    pub fault: String,
    /// What the fault did: a sentence.
    pub what: String,
}

/// A step to perform instead of sending a frame unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendStep {
    /// Report that a fault acts.
    Report(FaultEvent),
    /// Send this frame.
    Frame(FaultyFrame),
    /// Send the first half of this frame.
    Half(FaultyFrame),
    /// Send these bytes, which are not a frame.
    Bytes(Vec<u8>),
    /// Do not send the close frame, and keep the connection open.
    WithholdClose,
    /// Begin the closing handshake with this code.
    Close(CloseCode),
    /// End the connection without a closing handshake.
    Abort(AbortMode),
}

/// A frame to send as its header describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultyFrame {
    /// The header. A client adds a masking key if it has none.
    pub header: FrameHeader,
    /// The payload, not masked yet.
    pub payload: Vec<u8>,
    /// Whether a client adds no masking key.
    pub omits_mask: bool,
}

/// How a connection ends without a closing handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AbortMode {
    /// The stream ends (FIN).
    Fin,
    /// The connection is reset (RST).
    Reset,
    /// The connection stays open, and nothing more is sent.
    Silence,
}

/// How bytes are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WritePacing {
    /// How long to wait before the write, in milliseconds.
    pub delay: u64,
    /// How many bytes to write at once; None if there is no limit.
    pub split: Option<usize>,
}

impl FaultEvent {
    pub(super) fn new(fault: String, what: impl Into<String>) -> Self {
        let what = what.into();
        Self { fault, what }
    }
}
