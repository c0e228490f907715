//! A thread that owns an output, so that lines never mix and a slow output blocks no connection.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::mem;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use tokio::sync::{Notify, oneshot};

use super::buffer::{LogBuffer, LogPiece};

/// Hands bytes to the thread that writes them. How many bytes wait is counted; the caller decides
/// when these are too many.
#[derive(Debug)]
pub(in crate::net) struct WriterThread {
    handoff: Arc<Handoff>,
}

/// Where bytes wait for the thread.
#[derive(Debug, Default)]
struct Handoff {
    pending: Mutex<PendingOutput>,
    /// How many bytes are not written yet, those in the hands of the thread included.
    unwritten: AtomicUsize,
    /// Whether the process ends, and what is deferred must be short.
    is_urgent: AtomicBool,
    /// Wakes the thread: there are bytes.
    filled: Condvar,
    /// Wakes the callers: bytes were written.
    written: Notify,
}

#[derive(Debug, Default)]
struct PendingOutput {
    /// Pieces of about [`PIECE`] bytes. Each one is freed once it is written.
    pieces: VecDeque<LogPiece>,
    /// An empty buffer for the next piece.
    spare: Vec<u8>,
    /// Nothing more comes.
    is_last: bool,
}

/// Tells when the thread has written everything.
#[derive(Debug)]
pub(in crate::net) struct WriterDone(oneshot::Receiver<()>);

/// Up to how many bytes are written at once, unless a caller hands over more at once.
const PIECE: usize = 64 << 10;

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

    /// Hands output over, and leaves an empty buffer in its place. After
    /// [`finish`](Self::finish) output is dropped.
    pub(super) fn write(&self, buffer: &mut LogBuffer) {
        if buffer.is_empty() {
            return;
        }
        let mut pending = self.handoff.lock();
        if pending.is_last {
            *buffer = LogBuffer::default();
            return;
        }
        let unwritten = &self.handoff.unwritten;
        if buffer.has_deferred() {
            for piece in buffer.take_pieces() {
                unwritten.fetch_add(piece.size(), Ordering::Relaxed);
                pending.pieces.push_back(piece);
            }
        } else {
            let bytes = &mut buffer.bytes;
            unwritten.fetch_add(bytes.len(), Ordering::Relaxed);
            match pending.pieces.back_mut() {
                Some(LogPiece::Bytes(last)) if last.len() + bytes.len() <= PIECE => {
                    last.append(bytes);
                }
                _ => {
                    let empty = mem::take(&mut pending.spare);
                    let full = mem::replace(bytes, empty);
                    pending.pieces.push_back(LogPiece::Bytes(full));
                }
            }
        }
        self.handoff.filled.notify_one();
    }

    /// The process ends: deferred output is written in short.
    pub(super) fn hurry(&self) {
        self.handoff.is_urgent.store(true, Ordering::Relaxed);
    }

    /// How many bytes are not written yet.
    pub(super) fn unwritten(&self) -> usize {
        self.handoff.unwritten.load(Ordering::Relaxed)
    }

    /// Completes when something was written after this call.
    pub(super) fn written(&self) -> impl Future<Output = ()> {
        self.handoff.written.notified()
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

    /// Waits for a piece and takes it; None when nothing more comes.
    fn take(&self) -> Option<LogPiece> {
        let pending = self.lock();
        let is_waiting =
            |pending: &mut PendingOutput| pending.pieces.is_empty() && !pending.is_last;
        let pending = self.filled.wait_while(pending, is_waiting);
        let mut pending = pending.unwrap_or_else(PoisonError::into_inner);
        pending.pieces.pop_front()
    }

    /// Counts a piece as written, and keeps its buffer if that is small.
    fn release(&self, piece: LogPiece) {
        self.unwritten.fetch_sub(piece.size(), Ordering::Relaxed);
        match piece {
            LogPiece::Bytes(mut bytes) if bytes.capacity() <= 2 * PIECE => {
                bytes.clear();
                self.lock().spare = bytes;
            }
            piece => drop(piece),
        }
        self.written.notify_waiters();
    }
}

impl WriterDone {
    /// Waits until everything is written, which it is after [`WriterThread::finish`].
    pub(in crate::net) async fn wait(self) {
        let _ = self.0.await;
    }
}

/// Writes what comes. After an error the rest is dropped.
fn write_all(handoff: &Handoff, mut output: impl Write, failed: impl FnOnce(io::Error)) {
    let mut failed = Some(failed);
    let is_urgent = || handoff.is_urgent.load(Ordering::Relaxed);
    while let Some(piece) = handoff.take() {
        if failed.is_some()
            && let Err(error) = piece
                .write(&mut output, &is_urgent)
                .and_then(|()| output.flush())
            && let Some(failed) = failed.take()
        {
            failed(error);
        }
        handoff.release(piece);
    }
}
