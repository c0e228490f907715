//! A record of everything, beside the log.

use std::io::{self, Write};
use std::rc::{Rc, Weak};

use tokio::sync::oneshot;
use tokio::task::{spawn_local, yield_now};

use super::journal::Journal;
use super::printer::{Printer, PrinterEnd};
use super::remark::{Remark, in_words};
use super::server::{PRINT_PATIENCE, Shared};

/// Where everything is recorded, and how.
pub struct Record {
    /// What is written.
    pub journal: Box<dyn Journal + Send>,
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
    pub(super) fn start(record: Record) -> (Box<dyn Journal + Send>, Self) {
        let Record {
            journal,
            output,
            first,
            last,
        } = record;
        let (failed, failure) = oneshot::channel();
        let (printer, end) = Printer::start(output, |error| {
            let _ = failed.send(error);
        });
        printer.send(first);
        let tape = Self {
            printer,
            end,
            failure,
            last,
        };
        (journal, tape)
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
        shared.remark(&Remark::RecordFailed(in_words(&error))).await;
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
