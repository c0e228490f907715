//! The two kinds of heads, and how large a head may be.

/// Which head it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadKind {
    /// A request.
    Request,
    /// A response.
    Response,
}

/// How many bytes of a head are kept; of a larger one the rest is left out, and that is told.
pub const MOST_HEAD: usize = 64 << 10;
