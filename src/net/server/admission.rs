//! Which clients are admitted: by their origin, and by the number of open connections.

use std::rc::Rc;

use super::ServerState;
use crate::ws::handshake::{AdmissionError, RequestHead, check_origin};

/// The right to be one of the `max_connections` open connections. Dropping it allows another one.
pub(super) struct ConnectionPermit(Rc<ServerState>);

/// Admits the client of a valid request, or returns why not.
pub(super) fn admit(
    state: &Rc<ServerState>,
    head: &RequestHead,
) -> Result<ConnectionPermit, AdmissionError> {
    check_origin(&state.config.origins, head)?;
    let taken = state.permits.get();
    match state.config.max_connections {
        Some(limit) if taken >= limit => Err(AdmissionError::Full(limit)),
        _ => {
            state.permits.set(taken + 1);
            Ok(ConnectionPermit(Rc::clone(state)))
        }
    }
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        self.0.permits.update(|taken| taken - 1);
    }
}
