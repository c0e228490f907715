//! How a connection came to its end.

use crate::ws::Role;

/// How a connection ended, seen from the server (RFC 6455 §7.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// By the closing handshake; whose close frame was first.
    Handshake(Role),
    /// The server failed it: the client broke a rule, or sent too much.
    Failed,
    /// The client ended the stream without a close frame.
    Fin,
    /// The client reset the connection.
    Reset,
    /// The client left before its request was whole.
    NoRequest,
    /// The client did not read what was sent to it.
    PeerDoesNotRead,
    /// The client did not answer the server's close frame in time.
    Unanswered,
    /// The server ended it on purpose, without a close frame: by a reset, or by the end of
    /// the stream.
    EndedOnPurpose {
        /// Whether by a reset.
        reset: bool,
    },
    /// The system reports another error.
    IoError(String),
}

impl EndReason {
    /// Its name, for a program.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Handshake(_) => "close",
            Self::Failed => "failed",
            Self::Fin => "fin",
            Self::Reset => "reset",
            Self::NoRequest => "no request",
            Self::PeerDoesNotRead => "unread",
            Self::Unanswered => "unanswered",
            Self::EndedOnPurpose { .. } => "dropped",
            Self::IoError(_) => "error",
        }
    }

    /// Who ended it, for a program: `client`, `server` or `network`.
    pub const fn by(&self) -> &'static str {
        match self {
            Self::Handshake(role) => role.name(),
            Self::Failed
            | Self::PeerDoesNotRead
            | Self::Unanswered
            | Self::EndedOnPurpose { .. } => Role::Server.name(),
            Self::Fin | Self::Reset | Self::NoRequest => Role::Client.name(),
            Self::IoError(_) => "network",
        }
    }
}
