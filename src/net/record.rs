//! A record of everything, beside the log.

use std::io::{self, Write};
use std::rc::{Rc, Weak};

use tokio::sync::oneshot;
use tokio::task::{spawn_local, yield_now};

use super::note::{About, Note, in_words};
use super::printer::{Printer, PrinterEnd};
use super::server::{PRINT_PATIENCE, Shared};

/// Where the journal's record goes, and what stands around it.
pub struct Record {
    /// Where to.
    pub output: Box<dyn Write + Send>,
    /// What comes first.
    pub first: Vec<u8>,
    /// What comes last, given how many connections were open when the server stopped.
    pub last: Box<dyn FnOnce(usize) -> Vec<u8> + Send>,
}

/// What writes the record.
pub(super) struct Tape {
    printer: Printer,
    end: PrinterEnd,
    failure: oneshot::Receiver<io::Error>,
    last: Box<dyn FnOnce(usize) -> Vec<u8> + Send>,
}

impl Tape {
    /// Begins to write.
    pub(super) fn start(record: Record) -> Self {
        let Record {
            output,
            first,
            last,
        } = record;
        let (failed, failure) = oneshot::channel();
        let (printer, end) = Printer::start(output, |error| {
            let _ = failed.send(error);
        });
        printer.send(first);
        Self {
            printer,
            end,
            failure,
            last,
        }
    }

    /// Who takes what is to be written.
    pub(super) fn printer(&self) -> Printer {
        self.printer.clone()
    }

    /// Tells in the log when the record can no longer be written.
    pub(super) fn watched_by(self, shared: &Rc<Shared>) -> TapeEnd {
        let Self {
            printer,
            end,
            failure,
            last,
        } = self;
        drop(printer);
        let shared = Rc::downgrade(shared);
        spawn_local(tell_failure(failure, shared));
        TapeEnd { end, last }
    }
}

async fn tell_failure(failure: oneshot::Receiver<io::Error>, shared: Weak<Shared>) {
    if let Ok(error) = failure.await
        && let Some(shared) = shared.upgrade()
    {
        let note = Note::RecordFailed(in_words(&error));
        shared.tell(About::Server, &note).await;
    }
}

/// What is still to be written of the record when the server stops.
pub(super) struct TapeEnd {
    end: PrinterEnd,
    last: Box<dyn FnOnce(usize) -> Vec<u8> + Send>,
}

impl TapeEnd {
    /// Writes the last words, and waits until all is written.
    pub(super) async fn finish(self, shared: &Shared, connections: usize) {
        let recorder = shared.recorder.borrow_mut().take();
        if let Some(recorder) = recorder {
            recorder.send((self.last)(connections));
            drop(recorder);
        }
        self.end.wait(PRINT_PATIENCE).await;
        // What there is to tell about its end is told now.
        yield_now().await;
    }
}
