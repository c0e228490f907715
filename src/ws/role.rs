//! The two ends of a connection, and the two ways that bytes go between them.

use std::fmt;

/// An end of a connection (RFC 6455 §1.2). Only clients mask their frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// The end that sent the request of the opening handshake.
    Client,
    /// The end that sent the response.
    Server,
}

impl Role {
    /// The other end.
    #[must_use]
    pub const fn peer(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }

    /// The name in RFC 6455: `client` or `server`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The way that bytes went, seen from wsctl, or from the client of a recorded connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// They were received.
    Incoming,
    /// They were sent.
    Outgoing,
}
