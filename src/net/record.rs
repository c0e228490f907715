//! A record of everything, beside the log.

use std::io::{self, Write};
use std::rc::{Rc, Weak};

use tokio::sync::oneshot;
use tokio::task::{spawn_local, yield_now};

use super::note::{Notice, NoticeScope, in_words};
use super::printer::{WriterDone, WriterThread};
use super::server::{PRINT_TIMEOUT, Shared};

/// Where the journal's record goes, and what stands around it.
pub struct RecordOutput {
    /// Where to.
    pub output: Box<dyn Write + Send>,
    /// What comes first.
    pub first: Vec<u8>,
    /// What comes last, given how many connections were open when the server stopped.
    pub last: Box<dyn FnOnce(usize) -> Vec<u8> + Send>,
}

/// What writes the record.
pub(super) struct RecordWriter {
    end: WriterDone,
    failure: oneshot::Receiver<io::Error>,
    last: Box<dyn FnOnce(usize) -> Vec<u8> + Send>,
}

impl RecordWriter {
    /// Begins to write; who takes what is to be written.
    pub(super) fn start(record: RecordOutput) -> (WriterThread, Self) {
        let RecordOutput {
            output,
            first,
            last,
        } = record;
        let (failed, failure) = oneshot::channel();
        let (printer, end) = WriterThread::start(output, |error| {
            let _ = failed.send(error);
        });
        printer.send(&first);
        let tape = Self { end, failure, last };
        (printer, tape)
    }

    /// Tells in the log when the record can no longer be written.
    pub(super) fn watched_by(self, shared: &Rc<Shared>) -> RecordDone {
        let Self { end, failure, last } = self;
        let shared = Rc::downgrade(shared);
        spawn_local(tell_failure(failure, shared));
        RecordDone { end, last }
    }
}

async fn tell_failure(failure: oneshot::Receiver<io::Error>, shared: Weak<Shared>) {
    if let Ok(error) = failure.await
        && let Some(shared) = shared.upgrade()
    {
        let note = Notice::RecordFailed(in_words(&error));
        shared.tell(NoticeScope::Server, &note).await;
    }
}

/// What is still to be written of the record when the server stops.
pub(super) struct RecordDone {
    end: WriterDone,
    last: Box<dyn FnOnce(usize) -> Vec<u8> + Send>,
}

impl RecordDone {
    /// Writes the last words, and waits until all is written.
    pub(super) async fn finish(self, shared: &Shared, connections: usize) {
        shared.desk.end_record(&(self.last)(connections));
        self.end.wait(PRINT_TIMEOUT).await;
        // What there is to tell about its end is told now.
        yield_now().await;
    }
}
