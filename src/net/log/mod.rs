//! The log of a server and its record: events and notices in, bytes for two outputs out.
//!
//! An [`EventLog`] formats what happens into [`LogBuffers`]; `LogWriter` collects them and hands
//! them to a writer thread for each output, so that the lines of two connections never mix.

mod buffer;
mod connection;
mod notice;
mod record;
mod thread;
mod writer;

use std::time::SystemTime;

pub use buffer::{DeferredOutput, LogBuffer};
pub(super) use connection::ConnectionLog;
pub(super) use notice::io_error_text;
pub use notice::{Notice, NoticeScope};
pub use record::RecordOutput;
pub(super) use record::RecordWriter;
pub(super) use thread::{WriterDone, WriterThread};
pub(super) use writer::{LogThreads, LogWriter};

use crate::ws::session::ConnectionEvent;

/// Formats what happens at a server.
pub trait EventLog {
    /// The observer of the connection with this number.
    fn observe(&self, connection: u64) -> Box<dyn ConnectionObserver>;

    /// Appends a notice.
    fn notice(
        &self,
        time: SystemTime,
        scope: NoticeScope,
        notice: &Notice<'_>,
        buffers: &mut LogBuffers,
    );
}

/// Formats what happens on one connection.
pub trait ConnectionObserver {
    /// Appends an event.
    fn event(&mut self, time: SystemTime, event: &ConnectionEvent<'_>, buffers: &mut LogBuffers);

    /// Bytes were received after the handshake; they are not unmasked yet. The events that they
    /// cause follow.
    fn bytes_received(&mut self, bytes: &[u8]);
}

/// The output of the log and of the files beside it that is not written yet.
#[derive(Debug, Default)]
pub struct LogBuffers {
    /// For the log.
    pub log: LogBuffer,
    /// For the record, a file in addition to the log.
    pub record: LogBuffer,
    /// For the output of the messages, which a client may have apart from its log.
    pub messages: LogBuffer,
}

impl LogBuffers {
    const fn all(&mut self) -> [&mut LogBuffer; 3] {
        [&mut self.log, &mut self.record, &mut self.messages]
    }
}
