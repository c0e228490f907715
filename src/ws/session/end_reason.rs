//! How a connection ended.

use std::time::Duration;

use crate::ws::{CloseBody, CloseCode, Role};

/// One of the two ends of a connection, seen from this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// This end.
    Local,
    /// The other end.
    Peer,
}

/// How a connection ended (RFC 6455 section 7.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// The closing handshake is complete; the side that sent the first close frame.
    ClosingHandshake(Side),
    /// This end failed the connection: the peer broke a rule, or sent too large a message.
    Failed,
    /// This end failed the connection after it had sent a close frame. It sends no second one: this
    /// is the code that it would have.
    FailedAfterClose(CloseCode),
    /// The peer ended the stream (FIN) without a close frame.
    Fin,
    /// The peer reset the connection (RST).
    Reset,
    /// The client disconnected without sending a request.
    NoRequest,
    /// The peer does not read what this end sends.
    PeerDoesNotRead,
    /// The peer did not answer this end's close frame in time.
    CloseUnanswered,
    /// An injected fault withheld this end's close frame, and the peer did not end the connection
    /// in time.
    CloseWithheld,
    /// An injected fault ended the connection, without a close frame.
    EndedOnPurpose {
        /// True for RST, false for FIN.
        reset: bool,
    },
    /// The operating system, or TLS, reports another error.
    IoError(String),
}

/// How the peer disconnected, as a read or a write shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disconnect {
    /// It ended the stream (FIN).
    Fin,
    /// It reset the connection (RST).
    Reset,
    /// It reads nothing.
    DoesNotRead,
    /// Another error of the operating system, or of TLS.
    IoError(String),
}

/// The end of a connection, and what passed before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionEnd {
    /// The role of this end.
    pub local: Role,
    /// How it ended.
    pub reason: EndReason,
    /// The payload of the first close frame; empty if there was none.
    pub close: Vec<u8>,
    /// The payload of the close frame with which the peer answered that of this end; empty if
    /// there was none.
    pub answer: Vec<u8>,
    /// From the first byte of the connection to its end.
    pub duration: Duration,
    /// From the last frame before the connection began to end, in either direction, to the first
    /// close frame, or to the end if there was none.
    pub silence: Duration,
    /// The number of frames received.
    pub frames_in: u64,
    /// The number of frames sent.
    pub frames_out: u64,
}

impl Side {
    /// The role of this side, where this end has the role `local`.
    pub const fn role(self, local: Role) -> Role {
        match self {
            Self::Local => local,
            Self::Peer => local.peer(),
        }
    }
}

impl From<Disconnect> for EndReason {
    fn from(disconnect: Disconnect) -> Self {
        match disconnect {
            Disconnect::Fin => Self::Fin,
            Disconnect::Reset => Self::Reset,
            Disconnect::DoesNotRead => Self::PeerDoesNotRead,
            Disconnect::IoError(error) => Self::IoError(error),
        }
    }
}

impl EndReason {
    /// The value of `how` in JSON.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ClosingHandshake(_) => "close",
            Self::Failed | Self::FailedAfterClose(_) => "failed",
            Self::Fin => "fin",
            Self::Reset => "reset",
            Self::NoRequest => "no request",
            Self::PeerDoesNotRead => "unread",
            Self::CloseUnanswered => "unanswered",
            Self::CloseWithheld => "withheld",
            Self::EndedOnPurpose { .. } => "dropped",
            Self::IoError(_) => "error",
        }
    }

    /// The side that ended the connection; None if the network did.
    pub const fn side(&self) -> Option<Side> {
        match self {
            Self::ClosingHandshake(side) => Some(*side),
            Self::Failed
            | Self::FailedAfterClose(_)
            | Self::PeerDoesNotRead
            | Self::CloseUnanswered
            | Self::CloseWithheld
            | Self::EndedOnPurpose { .. } => Some(Side::Local),
            Self::Fin | Self::Reset | Self::NoRequest => Some(Side::Peer),
            Self::IoError(_) => None,
        }
    }
}

impl SessionEnd {
    /// The end of a connection before its first frame.
    pub const fn before_frames(local: Role, reason: EndReason, duration: Duration) -> Self {
        Self {
            local,
            reason,
            close: Vec::new(),
            answer: Vec::new(),
            duration,
            silence: Duration::ZERO,
            frames_in: 0,
            frames_out: 0,
        }
    }

    /// The code with which the peer answered the close frame of this end, if it is another one.
    pub fn other_answer(&self) -> Option<CloseCode> {
        let code = |payload: &[u8]| match CloseBody::parse(payload) {
            CloseBody::Code(code, _) => Some(code),
            CloseBody::Empty | CloseBody::OneByte(_) => None,
        };
        code(&self.answer).filter(|answer| Some(*answer) != code(&self.close))
    }

    /// Whether the first close frame has the code 1001.
    pub fn is_going_away(&self) -> bool {
        matches!(
            CloseBody::parse(&self.close),
            CloseBody::Code(CloseCode::GOING_AWAY, _)
        )
    }

    /// The value of `by` in JSON: `client`, `server` or `network`.
    pub fn ended_by(&self) -> &'static str {
        match self.reason.side() {
            Some(side) => side.role(self.local).name(),
            None => "network",
        }
    }
}
