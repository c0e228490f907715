//! Where what happens is written down.

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::time::{Duration, SystemTime};

use tokio::sync::{Notify, watch};
use tokio::time::sleep;

use super::journal::{ConnectionLog, EventLog, LogBuffers};
use super::note::{Notice, NoticeScope};
use super::printer::WriterThread;
use crate::ws::session::ConnectionEvent;

/// Takes the journal of all connections, and hands its pages to the printers: full ones at
/// once, others after a moment, in which more is written on them. So a line costs neither a
/// buffer nor a waking of its own.
pub(super) struct LogWriter {
    /// None if nobody wants to know.
    journal: Option<Box<dyn EventLog>>,
    /// What was written and not yet handed over.
    pages: RefCell<LogBuffers>,
    /// When what is being written happened: what comes of one read has one time.
    moment: Cell<Option<SystemTime>>,
    /// Something was.
    written: Notify,
    log: WriterThread,
    /// Who prints the record beside the log, if there is one.
    record: Option<WriterThread>,
    stopping: watch::Receiver<bool>,
}

/// How many bytes fill a page.
const FULL: usize = 64 << 10;

/// How long a page is written on.
const BATCH_DELAY: Duration = Duration::from_millis(1);

impl LogWriter {
    pub(super) fn new(
        journal: Option<Box<dyn EventLog>>,
        log: WriterThread,
        record: Option<WriterThread>,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        Self {
            journal,
            pages: RefCell::default(),
            moment: Cell::new(None),
            written: Notify::new(),
            log,
            record,
            stopping,
        }
    }

    /// Begins the record of a connection, by its number; None if nobody wants to know.
    pub(super) fn begin(&self, connection: u64) -> Option<Box<dyn ConnectionLog>> {
        Some(self.journal.as_ref()?.begin(connection))
    }

    /// Writes down what happened on a connection.
    pub(super) fn record(&self, chapter: &mut dyn ConnectionLog, happening: &ConnectionEvent<'_>) {
        let mut pages = self.pages.borrow_mut();
        chapter.record(self.moment(), happening, &mut pages);
    }

    /// Writes a note.
    pub(super) fn note(&self, about: NoticeScope, note: &Notice<'_>) {
        if let Some(journal) = &self.journal {
            let mut pages = self.pages.borrow_mut();
            journal.note(self.moment(), about, note, &mut pages);
        }
    }

    /// Now, until what was written is let go to be printed.
    fn moment(&self) -> SystemTime {
        let moment = self.moment.get().unwrap_or_else(SystemTime::now);
        self.moment.set(Some(moment));
        moment
    }

    /// Sees to it that what was written is printed. If the printers are behind, that may
    /// take its time.
    pub(super) async fn print(&self) {
        self.moment.set(None);
        let size = {
            let pages = self.pages.borrow();
            pages.log.len() + pages.record.len()
        };
        if size >= FULL {
            Box::pin(self.hand_over()).await;
        } else if size > 0 {
            self.written.notify_one();
        }
    }

    /// Hands over pages that are not full, for ever.
    pub(super) async fn keep_printing(&self) {
        loop {
            self.written.notified().await;
            sleep(BATCH_DELAY).await;
            self.hand_over().await;
        }
    }

    /// Ends the record with these words.
    pub(super) fn end_record(&self, last_words: &[u8]) {
        if let Some(printer) = &self.record {
            end(printer, &mut self.pages.borrow_mut().record, last_words);
        }
    }

    /// Ends the log with these words.
    pub(super) fn end_log(&self, last_words: &[u8]) {
        end(&self.log, &mut self.pages.borrow_mut().log, last_words);
    }

    /// Hands over what was written, as soon as there is room for it. The last words of a
    /// server that stops must not wait for a reader that has.
    async fn hand_over(&self) {
        const PATIENCE: Duration = Duration::from_millis(50);
        let hurry = async {
            stopped(&self.stopping).await;
            sleep(PATIENCE).await;
        };
        tokio::select! {
            biased;
            () = self.room() => {}
            () = hurry => {}
        }
    }

    /// Done when everything was handed over.
    async fn room(&self) {
        loop {
            let log = self.log.room();
            let record = self.record.as_ref().map(WriterThread::room);
            if self.try_hand_over() {
                return;
            }
            let record = async {
                match record {
                    Some(room) => room.await,
                    None => pending().await,
                }
            };
            tokio::select! {
                () = log => {}
                () = record => {}
            }
        }
    }

    /// Hands over what there is room for; whether that was all.
    fn try_hand_over(&self) -> bool {
        let LogBuffers { log, record } = &mut *self.pages.borrow_mut();
        let printer = self.record.as_ref();
        let is_taken = printer.is_none_or(|printer| printer.try_print(record));
        self.log.try_print(log) && is_taken
    }
}

fn end(printer: &WriterThread, page: &mut Vec<u8>, last_words: &[u8]) {
    printer.send(page);
    page.clear();
    printer.send(last_words);
    printer.finish();
}

/// Done when the server stops.
pub(super) async fn stopped(stopping: &watch::Receiver<bool>) {
    let mut stopping = stopping.clone();
    // If who would say so is gone, the server has stopped.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}
