//! Which clients are admitted: by the site that they come from, and by the number of open
//! connections.

use std::rc::Rc;

use super::ServerState;
use crate::ws::handshake::{AdmissionError, ForeignSite, RequestHead};

/// The right to be one of the `max_connections` open connections. Dropping it allows another one.
pub(super) struct ConnectionPermit(Rc<ServerState>);

/// Admits the client of a valid request, or returns why not. The foreign site, if there is one, is
/// to be reported.
pub(super) fn admit(
    state: &Rc<ServerState>,
    head: &RequestHead,
) -> Result<(ConnectionPermit, Option<ForeignSite>), AdmissionError> {
    let checked = state.config.admission.check(head);
    let foreign = checked.map_err(AdmissionError::Foreign)?;
    let taken = state.permits.get();
    match state.config.max_connections {
        Some(limit) if taken >= limit => Err(AdmissionError::Full(limit)),
        _ => {
            state.permits.set(taken + 1);
            Ok((ConnectionPermit(Rc::clone(state)), foreign))
        }
    }
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        self.0.permits.update(|taken| taken - 1);
    }
}
