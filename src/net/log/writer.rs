//! Collects the output of all connections and hands it to the writer threads.

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::time::{Duration, SystemTime};

use tokio::sync::Notify;
use tokio::time::sleep;

use super::buffer::{LogBuffer, OutputToken};
use super::thread::WriterThread;
use super::{ConnectionObserver, EventLog, LogBuffers, Notice, NoticeScope};
use crate::ws::session::ConnectionEvent;

/// Formats events into two buffers and hands these to the writer threads: full buffers at once,
/// others after a delay in which more is appended. So a line costs neither a buffer nor a wake-up
/// of its own.
///
/// Nothing waits here. The bytes of an output that is not read stay in memory. Up to [`HIGH`] bytes
/// have no effect; then [`is_full`](Self::is_full) tells the connections and the program to cause
/// no more events, until [`LOW`] is reached. What happens nevertheless, as new connections and
/// time-outs, is logged up to [`MOST`] bytes, and then counted and dropped.
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
    /// Since when the outputs are too slow, if they are.
    full_since: Cell<Option<SystemTime>>,
    /// How many events were dropped since then.
    dropped: Cell<u64>,
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

/// How many bytes of an output may wait before the connections are slowed down.
const HIGH: usize = 16 << 20;

/// How many bytes may still wait when they continue.
const LOW: usize = 8 << 20;

/// How many bytes of an output wait at most, but for one event.
const MOST: usize = 24 << 20;

impl LogWriter {
    pub(in crate::net) fn new(events: Option<Box<dyn EventLog>>, threads: LogThreads) -> Self {
        Self {
            events,
            buffers: RefCell::default(),
            time: Cell::new(None),
            formatted: Notify::new(),
            threads,
            full_since: Cell::new(None),
            dropped: Cell::new(0),
        }
    }

    /// The observer of a connection; None if no events are wanted.
    pub(super) fn observe(&self, connection: u64) -> Option<Box<dyn ConnectionObserver>> {
        Some(self.events.as_ref()?.observe(connection))
    }

    /// Formats an event. What the threads make of it themselves is marked with `token`.
    pub(super) fn event(
        &self,
        observer: &mut dyn ConnectionObserver,
        event: &ConnectionEvent<'_>,
        token: &mut Option<OutputToken>,
    ) {
        if self.is_overfull() {
            return;
        }
        let mut buffers = self.buffers.borrow_mut();
        observer.event(self.time(), event, &mut buffers);
        for buffer in buffers.all() {
            buffer.mark(token);
        }
    }

    /// Formats a notice.
    pub(in crate::net) fn notice(&self, scope: NoticeScope, notice: &Notice<'_>) {
        if let Some(events) = &self.events {
            if self.is_overfull() {
                return;
            }
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

    /// Lets what was formatted be written.
    pub(in crate::net) fn flush(&self) {
        self.time.set(None);
        let (size, has_deferred) = {
            let mut buffers = self.buffers.borrow_mut();
            let all = buffers.all();
            let size: usize = all.iter().map(|buffer| buffer.bytes.len()).sum();
            (size, all.iter().any(|buffer| buffer.has_deferred()))
        };
        if size >= FULL || has_deferred {
            self.hand_over();
        } else if size > 0 {
            self.formatted.notify_one();
        }
    }

    /// Hands over buffers that are not full, without end.
    pub(in crate::net) async fn run(&self) {
        loop {
            self.formatted.notified().await;
            sleep(BATCH_DELAY).await;
            self.hand_over();
        }
    }

    /// Whether the outputs are so slow that no more events must be caused.
    pub(in crate::net) fn is_full(&self) -> bool {
        let unwritten = self.unwritten();
        match self.full_since.get() {
            None if unwritten <= HIGH => false,
            None => {
                self.full_since.set(Some(SystemTime::now()));
                true
            }
            Some(_) if unwritten > LOW => true,
            Some(_) => {
                self.report_wait();
                false
            }
        }
    }

    /// Completes when the outputs are not too slow, or are no longer.
    pub(in crate::net) async fn wait_for_room(&self) {
        self.wait_while(|| self.is_full()).await;
    }

    /// Completes when this is false. It is asked again each time an output was written.
    pub(super) async fn wait_while(&self, is_waiting: impl Fn() -> bool) {
        let LogThreads {
            log,
            record,
            messages,
        } = &self.threads;
        loop {
            let log = log.written();
            let record = written(record.as_ref());
            let messages = written(messages.as_ref());
            if !is_waiting() {
                return;
            }
            tokio::select! {
                () = log => {}
                () = record => {}
                () = messages => {}
            }
        }
    }

    /// The process ends: payloads that are not written yet are cut.
    pub(in crate::net) fn hurry(&self) {
        let LogThreads {
            log,
            record,
            messages,
        } = &self.threads;
        log.hurry();
        for thread in [record, messages].into_iter().flatten() {
            thread.hurry();
        }
    }

    /// Ends the record with these bytes.
    pub(in crate::net) fn end_record(&self, last: &[u8]) {
        self.report_wait();
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
        self.report_wait();
        end(&self.threads.log, &mut self.buffers.borrow_mut().log, last);
    }

    /// How many bytes of the slowest output are not written.
    fn unwritten(&self) -> usize {
        let LogThreads {
            log,
            record,
            messages,
        } = &self.threads;
        let others = [record, messages].into_iter().flatten();
        let others = others.map(WriterThread::unwritten).max();
        log.unwritten().max(others.unwrap_or(0))
    }

    /// Whether no more can be kept. Counts the event that is dropped then.
    fn is_overfull(&self) -> bool {
        let is_overfull = self.unwritten() > MOST;
        if is_overfull {
            self.dropped.update(|dropped| dropped + 1);
        }
        is_overfull
    }

    /// Reports how long the outputs were too slow, if they were.
    fn report_wait(&self) {
        let Some(since) = self.full_since.take() else {
            return;
        };
        let waited = SystemTime::now().duration_since(since).unwrap_or_default();
        let notice = Notice::LogUnread(waited, self.dropped.take());
        if let Some(events) = &self.events {
            let mut buffers = self.buffers.borrow_mut();
            events.notice(self.time(), NoticeScope::Server, &notice, &mut buffers);
        }
        self.formatted.notify_one();
    }

    /// Hands over what was formatted.
    fn hand_over(&self) {
        let buffers = &mut *self.buffers.borrow_mut();
        let LogThreads {
            log,
            record,
            messages,
        } = &self.threads;
        log.write(&mut buffers.log);
        if let Some(thread) = record {
            thread.write(&mut buffers.record);
        }
        if let Some(thread) = messages {
            thread.write(&mut buffers.messages);
        }
    }
}

/// Completes when a thread has written something after this call; never without a thread.
fn written(thread: Option<&WriterThread>) -> impl Future<Output = ()> {
    let written = thread.map(WriterThread::written);
    async {
        match written {
            Some(written) => written.await,
            None => pending().await,
        }
    }
}

fn end(thread: &WriterThread, buffer: &mut LogBuffer, last: &[u8]) {
    buffer.bytes.extend_from_slice(last);
    thread.write(buffer);
    thread.finish();
}
