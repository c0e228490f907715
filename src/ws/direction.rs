//! Which way something went.

/// Which way bytes went, seen from the one who watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// They came in.
    Incoming,
    /// They went out.
    Outgoing,
}
