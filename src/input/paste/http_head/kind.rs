//! The two kinds of heads.

/// Which head it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadKind {
    /// A request.
    Request,
    /// A response.
    Response,
}
