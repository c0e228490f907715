//! The kinds of faults.

use crate::ws::{CloseCode, MaskingKey, Opcode};

/// What a fault does, with its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InjectedFaultKind {
    /// Refuse the request with this status.
    Reject(u16),
    /// Send a wrong `Sec-WebSocket-Accept`.
    BadAccept,
    /// Send no `Sec-WebSocket-Accept`.
    NoAccept,
    /// Send a frame in the same write as the 101.
    Glue,
    /// Delay each write by this many milliseconds.
    Delay(u64),
    /// Write at most this many bytes at once.
    Split(usize),
    /// Send messages in fragments of this many bytes.
    Fragment(usize),
    /// Mask frames.
    Mask,
    /// Set RSV1 on messages.
    Rsv1,
    /// Send messages with this opcode.
    Opcode(Opcode),
    /// Replace a byte of a text message by ff.
    BadUtf8,
    /// Write lengths in the 64-bit form.
    LongLength,
    /// Send an HTTP response instead of a message.
    Http,
    /// Answer no ping.
    NoPong,
    /// Answer pings with another payload.
    WrongPong,
    /// Close after this many messages, with this code.
    CloseAfter(u64, CloseCode),
    /// Send close frames with this code.
    CloseCode(CloseCode),
    /// Send no close frame.
    NoClose,
    /// End the stream (FIN) after this many messages.
    DropAfter(u64),
    /// Reset the connection (RST) after this many messages.
    ResetAfter(u64),
    /// Send half of a message, then end the stream (FIN).
    Truncate,
    /// Send half of a message, then nothing.
    Stall,
    /// Ask for this version of the protocol.
    WrongVersion(u8),
    /// Send a `Sec-WebSocket-Key` of 8 bytes.
    ShortKey,
    /// Send a message before the response was received.
    EarlyFrames,
    /// Send frames without a mask.
    NoMask,
    /// Mask all frames with this key.
    ConstantKey(MaskingKey),
}
