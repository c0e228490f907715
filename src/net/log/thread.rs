//! A thread that owns an output, so that lines never mix and a slow output blocks no connection.

use std::io::{self, Write};
use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use tokio::sync::{Notify, oneshot};

/// Hands bytes to the thread that writes them. What waits is bounded: when there is no room, the
/// caller keeps its bytes and waits.
///
/// Two buffers are swapped: the thread writes one while the other is filled.
#[derive(Debug)]
pub(in crate::net) struct WriterThread {
    handoff: Arc<Handoff>,
}

/// Where bytes wait for the thread.
#[derive(Debug, Default)]
struct Handoff {
    pending: Mutex<PendingOutput>,
    /// Wakes the thread: there are bytes.
    filled: Condvar,
    /// Wakes the callers: there is room.
    emptied: Notify,
}

#[derive(Debug, Default)]
struct PendingOutput {
    bytes: Vec<u8>,
    /// Nothing more comes.
    is_last: bool,
}

/// Tells when the thread has written everything.
#[derive(Debug)]
pub(in crate::net) struct WriterDone(oneshot::Receiver<()>);

/// How many bytes may wait. A larger buffer waits until it is alone.
const ROOM: usize = 1 << 20;

impl WriterThread {
    /// Starts the thread. `failed` is called once with the reason why nothing more can be written.
    pub(in crate::net) fn start(
        output: impl Write + Send + 'static,
        failed: impl FnOnce(io::Error) + Send + 'static,
    ) -> (Self, WriterDone) {
        let handoff = Arc::new(Handoff::default());
        let (done, end) = oneshot::channel();
        let writer = Self {
            handoff: Arc::clone(&handoff),
        };
        thread::spawn(move || {
            write_all(&handoff, output, failed);
            let _ = done.send(());
        });
        (writer, WriterDone(end))
    }

    /// Hands bytes over, if there is room for them, and leaves an empty buffer in their place;
    /// whether it did. After [`finish`](Self::finish) bytes are dropped.
    pub(super) fn try_write(&self, bytes: &mut Vec<u8>) -> bool {
        if bytes.is_empty() {
            return true;
        }
        let mut pending = self.handoff.lock();
        if pending.is_last {
            bytes.clear();
        } else if pending.bytes.is_empty() {
            mem::swap(&mut pending.bytes, bytes);
        } else if pending.bytes.len() + bytes.len() <= ROOM {
            pending.bytes.append(bytes);
        } else {
            return false;
        }
        self.handoff.filled.notify_one();
        true
    }

    /// Completes when there may be room, counted from this call.
    pub(super) fn room(&self) -> impl Future<Output = ()> {
        self.handoff.emptied.notified()
    }

    /// Hands over the first or the last bytes, which are few and do not wait for room.
    pub(super) fn write_unbounded(&self, bytes: &[u8]) {
        self.handoff.lock().bytes.extend_from_slice(bytes);
        self.handoff.filled.notify_one();
    }

    /// Nothing more comes.
    pub(super) fn finish(&self) {
        self.handoff.lock().is_last = true;
        self.handoff.filled.notify_one();
    }
}

impl Handoff {
    /// The bytes that wait. No code panics while it holds the lock.
    fn lock(&self) -> MutexGuard<'_, PendingOutput> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for bytes and swaps them with an empty buffer; false when nothing more comes.
    fn take(&self, bytes: &mut Vec<u8>) -> bool {
        let pending = self.lock();
        let is_waiting = |pending: &mut PendingOutput| pending.bytes.is_empty() && !pending.is_last;
        let pending = self.filled.wait_while(pending, is_waiting);
        let mut pending = pending.unwrap_or_else(PoisonError::into_inner);
        mem::swap(&mut pending.bytes, bytes);
        !bytes.is_empty()
    }
}

impl WriterDone {
    /// Waits until everything is written, which it is after [`WriterThread::finish`].
    pub(in crate::net) async fn wait(self) {
        let _ = self.0.await;
    }
}

/// Writes what comes, with one write for all that has come meanwhile. After an error the rest is
/// dropped.
fn write_all(handoff: &Handoff, mut output: impl Write, failed: impl FnOnce(io::Error)) {
    let mut failed = Some(failed);
    let mut bytes = Vec::new();
    while handoff.take(&mut bytes) {
        handoff.emptied.notify_waiters();
        if failed.is_some()
            && let Err(error) = output.write_all(&bytes).and_then(|()| output.flush())
            && let Some(failed) = failed.take()
        {
            failed(error);
        }
        bytes.clear();
        bytes.shrink_to(ROOM);
    }
}
