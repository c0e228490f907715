//! The kinds of heads, and the size limit.

/// The kind of a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadKind {
    /// A request.
    Request,
    /// A response.
    Response,
}

/// How many bytes of a head are kept. The rest of a larger one is left out, with a notice.
pub const MOST_HEAD: usize = 64 << 10;
