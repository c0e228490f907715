//! What an endpoint receives: frames, messages, and reasons to fail the connection.

use std::fmt;

use crate::ws::deflate::CompressedMessageError;
use crate::ws::{CloseCode, FrameHeader, Message, Opcode, SharedBytes, Violation};

/// What was received.
#[derive(Debug)]
pub enum EndpointEvent<'a> {
    /// A frame, whole unless a failure follows.
    Frame(ReceivedFrame<'a>),
    /// A reason to fail the connection. The first one decides the close code; all are reported.
    Failure(Failure),
}

/// A frame as it was received.
#[derive(Debug)]
pub struct ReceivedFrame<'a> {
    /// Its header.
    pub header: FrameHeader,
    /// Its payload, unmasked; of a refused frame what is there.
    pub payload: &'a [u8],
    /// What that inflates to, as far as it does, if it belongs to a compressed message.
    pub inflated: Option<&'a [u8]>,
    /// Whether it belongs to a text message.
    pub is_text: bool,
    /// False if a failure follows that this frame is the reason of.
    pub accepted: bool,
    /// The message that this frame completes.
    pub message: Option<Message<'a>>,
    /// The buffer that the payload is in, or what it inflates to; None if it is in the caller's
    /// bytes.
    pub buffer: Option<&'a SharedBytes>,
}

impl<'a> ReceivedFrame<'a> {
    /// A frame that is right, and a message of its own.
    pub(super) const fn message(header: FrameHeader, payload: &'a [u8]) -> Self {
        let length = payload.len() as u64;
        let opcode = header.opcode;
        Self {
            header,
            payload,
            inflated: None,
            is_text: matches!(opcode, Opcode::TEXT),
            accepted: true,
            message: Some(Message {
                opcode,
                payload,
                length,
                frames: 1,
                buffer: None,
            }),
            buffer: None,
        }
    }
}

/// A reason to fail the connection (RFC 6455 §7.1.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The peer broke a rule.
    Violation(Violation),
    /// A message is larger than this end takes.
    TooBig {
        /// Its length in bytes, as far as it was announced.
        length: u64,
        /// The limit.
        limit: usize,
    },
    /// A compressed message is wrong, or too large, once it is inflated.
    Compressed(CompressedFailure),
    /// The messages of all connections together take more than this many bytes.
    TooMuchInAll(usize),
}

/// What is wrong with a compressed message, and the frame that shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompressedFailure {
    /// What is wrong.
    pub error: CompressedMessageError,
    /// The number of the frame, counted from 1.
    pub frame: u64,
    /// The stream offset of its payload.
    pub offset: u64,
    /// The length of its payload in bytes.
    pub length: u64,
}

impl Failure {
    /// The close code that says so (RFC 6455 §7.4.1).
    pub const fn close_code(&self) -> CloseCode {
        match self {
            Self::Violation(violation) => violation.rule.close_code(),
            Self::TooBig { .. } | Self::TooMuchInAll(_) => CloseCode::MESSAGE_TOO_BIG,
            Self::Compressed(failure) => failure.error.close_code(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Violation(violation) => violation.fmt(f),
            Self::TooBig { length, limit } => {
                write!(f, "a message of {length} bytes, at most {limit} are taken")
            }
            Self::Compressed(failure) => failure.error.fmt(f),
            Self::TooMuchInAll(limit) => write!(
                f,
                "the messages of all clients together take more than {limit} bytes"
            ),
        }
    }
}
