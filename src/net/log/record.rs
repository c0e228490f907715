//! The record: all events as JSON, in a file in addition to the log.

use std::io::{self, Write};

use tokio::sync::oneshot;

use super::buffer::LogBuffer;
use super::notice::{Notice, io_error_text};
use super::thread::{WriterDone, WriterThread};

/// The output of the record, and its first and last bytes.
pub struct RecordOutput {
    /// Where the record is written.
    pub output: Box<dyn Write + Send>,
    /// The bytes before all events.
    pub first: Vec<u8>,
    /// Makes the bytes after all events from the number of connections that were open when the
    /// server stopped.
    pub last: Box<dyn FnOnce(usize) -> Vec<u8> + Send>,
}

/// The thread that writes the record has been started: tells when it fails and when it is done.
pub(in crate::net) struct RecordWriter {
    pub(in crate::net) done: WriterDone,
    pub(in crate::net) failure: RecordFailure,
    pub(in crate::net) last: Box<dyn FnOnce(usize) -> Vec<u8> + Send>,
}

/// Tells when the record cannot be written any more.
pub(in crate::net) struct RecordFailure(oneshot::Receiver<io::Error>);

impl RecordWriter {
    /// Starts to write.
    pub(in crate::net) fn start(record: RecordOutput) -> (WriterThread, Self) {
        let RecordOutput {
            output,
            first,
            last,
        } = record;
        let (failed, failure) = oneshot::channel();
        let (thread, done) = WriterThread::start(output, |error| {
            let _ = failed.send(error);
        });
        thread.write(&mut LogBuffer::of(first));
        let failure = RecordFailure(failure);
        let writer = Self {
            done,
            failure,
            last,
        };
        (thread, writer)
    }
}

impl RecordFailure {
    /// Waits for the first error; None if there was none.
    pub(in crate::net) async fn notice(self) -> Option<Notice<'static>> {
        let error = self.0.await.ok()?;
        Some(Notice::RecordFailed(io_error_text(&error)))
    }
}
