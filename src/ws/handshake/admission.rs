//! Whether a server admits a client whose request is valid.

use std::fmt;

use super::RequestHead;

/// Why a server refuses a valid request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdmissionError {
    /// The `Origin` is not one of the allowed ones, or is missing.
    Origin(Option<String>),
    /// The limit of open connections is reached.
    Full(usize),
}

impl AdmissionError {
    /// The status of the refusal: "If the server does not wish to accept this connection, it
    /// MUST return an appropriate HTTP error code (e.g., 403 Forbidden)" (RFC 6455 section
    /// 4.2.2).
    pub const fn status(&self) -> u16 {
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

/// Checks the `Origin` of a request against the allowed ones; an empty list allows all.
/// Origins are compared as browsers write them, in lower case (RFC 6454 section 6.2).
///
/// # Errors
///
/// [`AdmissionError::Origin`].
pub fn check_origin(origins: &[String], head: &RequestHead) -> Result<(), AdmissionError> {
    if origins.is_empty() {
        return Ok(());
    }
    let given = head.headers.first("Origin");
    match given {
        Some(given) if origins.iter().any(|it| it.eq_ignore_ascii_case(&given)) => Ok(()),
        given => Err(AdmissionError::Origin(given)),
    }
}
