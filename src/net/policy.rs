//! Whom a server lets in, right as the request may be.

use std::fmt;

use crate::ws::handshake::RequestHead;

/// Why a right request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdmissionError {
    /// It comes from another origin than those that are allowed, or does not say from which.
    Origin(Option<String>),
    /// So many connections are open, and no more are taken.
    Full(usize),
}

impl AdmissionError {
    /// The status that says so: "If the server does not wish to accept this connection, it
    /// MUST return an appropriate HTTP error code (e.g., 403 Forbidden)" (RFC 6455 §4.2.2).
    pub(super) const fn status(&self) -> u16 {
        match self {
            Self::Origin(_) => 403,
            Self::Full(_) => 503,
        }
    }
}

impl fmt::Display for AdmissionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Origin(Some(origin)) => {
                write!(f, "the origin `{origin}` is not one that is let in")
            }
            Self::Origin(None) => {
                f.write_str("the request has no `Origin` header, and only some origins are let in")
            }
            Self::Full(1) => f.write_str("1 connection is open, and no more are taken"),
            Self::Full(most) => write!(f, "{most} connections are open, and no more are taken"),
        }
    }
}

/// Whether the request comes from one of these origins; from any if there are none. An
/// origin is compared as browsers write it, which is in lower case (RFC 6454 §6.2).
pub(super) fn check_origin(origins: &[String], head: &RequestHead) -> Result<(), AdmissionError> {
    if origins.is_empty() {
        return Ok(());
    }
    let given = head.values("Origin").next();
    match given {
        Some(given) if origins.iter().any(|it| it.eq_ignore_ascii_case(&given)) => Ok(()),
        given => Err(AdmissionError::Origin(given)),
    }
}
