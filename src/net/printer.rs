//! One thread that owns the output, so that no two lines ever mix.

use std::io::{self, Write};
use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::{Notify, oneshot};
use tokio::time::timeout;

/// Hands text to the thread that prints it. A slow reader of the output makes whoever
/// prints wait: nothing is lost, and what waits is bounded in bytes.
///
/// Two buffers go to and fro: one is printed while the other is filled.
#[derive(Debug)]
pub(super) struct WriterThread {
    tray: Arc<Handoff>,
}

/// Where text waits to be printed.
#[derive(Debug, Default)]
struct Handoff {
    content: Mutex<PendingOutput>,
    /// Something was laid into it, for the thread.
    filled: Condvar,
    /// It was emptied, for those who wait to fill it.
    emptied: Notify,
}

#[derive(Debug, Default)]
struct PendingOutput {
    text: Vec<u8>,
    /// Nothing more will come.
    is_last: bool,
}

/// Tells when the printer's thread has printed all.
#[derive(Debug)]
pub(super) struct WriterDone(oneshot::Receiver<()>);

/// How many bytes may wait to be printed. A larger text waits until it is alone.
const ROOM: usize = 1 << 20;

impl WriterThread {
    /// Starts the thread; `failed` is told why nothing more can be printed.
    pub(super) fn start(
        output: impl Write + Send + 'static,
        failed: impl FnOnce(io::Error) + Send + 'static,
    ) -> (Self, WriterDone) {
        let tray = Arc::new(Handoff::default());
        let (done, end) = oneshot::channel();
        let printer = Self {
            tray: Arc::clone(&tray),
        };
        thread::spawn(move || {
            print_all(&tray, output, failed);
            let _ = done.send(());
        });
        (printer, WriterDone(end))
    }

    /// Hands over a text, if there is room for it, and leaves an empty buffer in its place;
    /// whether it did. What comes behind the last words goes nowhere.
    pub(super) fn try_print(&self, text: &mut Vec<u8>) -> bool {
        if text.is_empty() {
            return true;
        }
        let mut content = self.tray.lock();
        if content.is_last {
            text.clear();
        } else if content.text.is_empty() {
            mem::swap(&mut content.text, text);
        } else if content.text.len() + text.len() <= ROOM {
            content.text.append(text);
        } else {
            return false;
        }
        self.tray.filled.notify_one();
        true
    }

    /// Done when there may be room, from this moment on.
    pub(super) fn room(&self) -> impl Future<Output = ()> {
        self.tray.emptied.notified()
    }

    /// Hands over first or last words, which are few and do not wait for room.
    pub(super) fn send(&self, text: &[u8]) {
        self.tray.lock().text.extend_from_slice(text);
        self.tray.filled.notify_one();
    }

    /// Nothing more will come.
    pub(super) fn finish(&self) {
        self.tray.lock().is_last = true;
        self.tray.filled.notify_one();
    }
}

impl Handoff {
    /// What is in it. Nobody panics who has it in hand.
    fn lock(&self) -> MutexGuard<'_, PendingOutput> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what is in it, once there is something, for an empty buffer; false when
    /// nothing more will come.
    fn take(&self, text: &mut Vec<u8>) -> bool {
        let content = self.lock();
        let is_waiting = |content: &mut PendingOutput| content.text.is_empty() && !content.is_last;
        let content = self.filled.wait_while(content, is_waiting);
        let mut content = content.unwrap_or_else(PoisonError::into_inner);
        mem::swap(&mut content.text, text);
        !text.is_empty()
    }
}

impl WriterDone {
    /// Waits until all is printed, which it is once the [`WriterThread`] is finished, but not
    /// longer than `patience`: the reader of the output may have stopped reading.
    pub(super) async fn wait(self, patience: Duration) {
        let _ = timeout(patience, self.0).await;
    }
}

/// Prints what comes, in one write whatever has come meanwhile. When the reader is gone,
/// what comes is let go.
fn print_all(tray: &Handoff, mut output: impl Write, failed: impl FnOnce(io::Error)) {
    let mut failed = Some(failed);
    let mut text = Vec::new();
    while tray.take(&mut text) {
        tray.emptied.notify_waiters();
        if failed.is_some()
            && let Err(error) = output.write_all(&text).and_then(|()| output.flush())
            && let Some(failed) = failed.take()
        {
            failed(error);
        }
        text.clear();
        text.shrink_to(ROOM);
    }
}
