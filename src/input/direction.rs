//! The two directions of a connection.

/// A direction of a connection, seen from the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the client to the server.
    Outgoing,
    /// From the server to the client.
    Incoming,
}
