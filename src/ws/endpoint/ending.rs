//! How a connection came to its end.

use crate::ws::Role;

/// How a connection ended, seen from the server (RFC 6455 §7.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
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
    Unread,
    /// The client did not answer the server's close frame in time.
    Unanswered,
    /// The server ended it on purpose, without a close frame: by a reset, or by the end of
    /// the stream.
    Dropped {
        /// Whether by a reset.
        reset: bool,
    },
    /// The system reports another error.
    Broken(String),
}

impl Ending {
    /// Its name, for a program.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Handshake(_) => "close",
            Self::Failed => "failed",
            Self::Fin => "fin",
            Self::Reset => "reset",
            Self::NoRequest => "no request",
            Self::Unread => "unread",
            Self::Unanswered => "unanswered",
            Self::Dropped { .. } => "dropped",
            Self::Broken(_) => "error",
        }
    }

    /// Who ended it, for a program: `client`, `server` or `network`.
    pub const fn by(&self) -> &'static str {
        match self {
            Self::Handshake(role) => role.name(),
            Self::Failed | Self::Unread | Self::Unanswered | Self::Dropped { .. } => {
                Role::Server.name()
            }
            Self::Fin | Self::Reset | Self::NoRequest => Role::Client.name(),
            Self::Broken(_) => "network",
        }
    }
}
