//! What happens on connections, for whoever keeps a record of it.

use std::time::SystemTime;

use super::note::{Notice, NoticeScope};
use crate::ws::session::ConnectionEvent;

/// Keeps a record of what happens at a server.
pub trait EventLog {
    /// Begins the record of a connection, by its number.
    fn begin(&self, connection: u64) -> Box<dyn ConnectionLog>;

    /// Appends a note.
    fn note(
        &self,
        moment: SystemTime,
        about: NoticeScope,
        note: &Notice<'_>,
        pages: &mut LogBuffers,
    );
}

/// Keeps the record of one connection.
pub trait ConnectionLog {
    /// Appends what is to be recorded.
    fn record(
        &mut self,
        moment: SystemTime,
        happening: &ConnectionEvent<'_>,
        pages: &mut LogBuffers,
    );

    /// Takes note of bytes behind the handshake as they came, before anything else happens
    /// because of them.
    fn hear(&mut self, bytes: &[u8]);
}

/// What was recorded and is not yet printed.
#[derive(Debug, Default)]
pub struct LogBuffers {
    /// The log, which somebody watches.
    pub log: Vec<u8>,
    /// The record beside it, which goes to a file.
    pub record: Vec<u8>,
}
