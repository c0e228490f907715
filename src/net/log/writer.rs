//! Collects the output of all connections and hands it to the writer threads.

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::time::{Duration, SystemTime};

use tokio::sync::Notify;
use tokio::time::sleep;

use super::thread::WriterThread;
use super::{ConnectionObserver, EventLog, LogBuffers, Notice, NoticeScope};
use crate::net::stop::StopSignal;
use crate::ws::session::ConnectionEvent;

/// Formats events into two buffers and hands these to the writer threads: full buffers at once,
/// others after a delay in which more is appended. So a line costs neither a buffer nor a wake-up
/// of its own.
pub(in crate::net) struct LogWriter {
    /// None if neither a log nor a record is wanted.
    events: Option<Box<dyn EventLog>>,
    /// What was formatted and not yet handed over.
    buffers: RefCell<LogBuffers>,
    /// The time of what is being formatted: all events of one read have one time.
    time: Cell<Option<SystemTime>>,
    /// Something was formatted.
    formatted: Notify,
    threads: LogThreads,
    stop: StopSignal,
}

/// The threads that write the outputs.
pub(in crate::net) struct LogThreads {
    pub(in crate::net) log: WriterThread,
    /// If there is a record.
    pub(in crate::net) record: Option<WriterThread>,
    /// If messages have an output of their own.
    pub(in crate::net) messages: Option<WriterThread>,
}

/// How many bytes fill a buffer.
const FULL: usize = 64 << 10;

/// How long more is appended to a buffer that is not full.
const BATCH_DELAY: Duration = Duration::from_millis(1);

impl LogWriter {
    pub(in crate::net) fn new(
        events: Option<Box<dyn EventLog>>,
        threads: LogThreads,
        stop: StopSignal,
    ) -> Self {
        Self {
            events,
            buffers: RefCell::default(),
            time: Cell::new(None),
            formatted: Notify::new(),
            threads,
            stop,
        }
    }

    /// The observer of a connection; None if no events are wanted.
    pub(super) fn observe(&self, connection: u64) -> Option<Box<dyn ConnectionObserver>> {
        Some(self.events.as_ref()?.observe(connection))
    }

    /// Formats an event.
    pub(super) fn event(&self, observer: &mut dyn ConnectionObserver, event: &ConnectionEvent<'_>) {
        let mut buffers = self.buffers.borrow_mut();
        observer.event(self.time(), event, &mut buffers);
    }

    /// Formats a notice.
    pub(in crate::net) fn notice(&self, scope: NoticeScope, notice: &Notice<'_>) {
        if let Some(events) = &self.events {
            let mut buffers = self.buffers.borrow_mut();
            events.notice(self.time(), scope, notice, &mut buffers);
        }
    }

    /// The current time, the same until [`flush`](Self::flush).
    fn time(&self) -> SystemTime {
        let time = self.time.get().unwrap_or_else(SystemTime::now);
        self.time.set(Some(time));
        time
    }

    /// Lets what was formatted be written. If the outputs are slow, this waits.
    pub(in crate::net) async fn flush(&self) {
        self.time.set(None);
        let size = {
            let buffers = self.buffers.borrow();
            buffers.log.len() + buffers.record.len() + buffers.messages.len()
        };
        if size >= FULL {
            Box::pin(self.hand_over()).await;
        } else if size > 0 {
            self.formatted.notify_one();
        }
    }

    /// Hands over buffers that are not full, without end.
    pub(in crate::net) async fn run(&self) {
        loop {
            self.formatted.notified().await;
            sleep(BATCH_DELAY).await;
            self.hand_over().await;
        }
    }

    /// Ends the record with these bytes.
    pub(in crate::net) fn end_record(&self, last: &[u8]) {
        if let Some(thread) = &self.threads.record {
            end(thread, &mut self.buffers.borrow_mut().record, last);
        }
    }

    /// Ends the output of the messages.
    pub(in crate::net) fn end_messages(&self) {
        if let Some(thread) = &self.threads.messages {
            end(thread, &mut self.buffers.borrow_mut().messages, &[]);
        }
    }

    /// Ends the log with these bytes.
    pub(in crate::net) fn end_log(&self, last: &[u8]) {
        end(&self.threads.log, &mut self.buffers.borrow_mut().log, last);
    }

    /// Hands over the buffers as soon as there is room for them. A process that stops does not
    /// wait for an output that is not read.
    async fn hand_over(&self) {
        const STOP_TIMEOUT: Duration = Duration::from_millis(50);
        let too_long = async {
            self.stop.stopped().await;
            sleep(STOP_TIMEOUT).await;
        };
        tokio::select! {
            biased;
            () = self.hand_over_all() => {}
            () = too_long => {}
        }
    }

    /// Completes when all buffers are handed over.
    async fn hand_over_all(&self) {
        let LogThreads {
            log,
            record,
            messages,
        } = &self.threads;
        loop {
            let log = log.room();
            let record = room(record.as_ref());
            let messages = room(messages.as_ref());
            if self.try_hand_over() {
                return;
            }
            tokio::select! {
                () = log => {}
                () = record => {}
                () = messages => {}
            }
        }
    }

    /// Hands over what there is room for; whether that was all.
    fn try_hand_over(&self) -> bool {
        let buffers = &mut *self.buffers.borrow_mut();
        let LogThreads {
            log,
            record,
            messages,
        } = &self.threads;
        let write = |thread: &Option<WriterThread>, buffer: &mut Vec<u8>| {
            thread.as_ref().is_none_or(|it| it.try_write(buffer))
        };
        let is_recorded = write(record, &mut buffers.record);
        let has_messages = write(messages, &mut buffers.messages);
        log.try_write(&mut buffers.log) && is_recorded && has_messages
    }
}

/// Completes when a thread may have room, counted from this call; never without a thread.
fn room(thread: Option<&WriterThread>) -> impl Future<Output = ()> {
    let room = thread.map(WriterThread::room);
    async {
        match room {
            Some(room) => room.await,
            None => pending().await,
        }
    }
}

fn end(thread: &WriterThread, buffer: &mut Vec<u8>, last: &[u8]) {
    thread.write_unbounded(buffer);
    buffer.clear();
    thread.write_unbounded(last);
    thread.finish();
}
