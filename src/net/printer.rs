//! One thread that owns the output, so that no two lines ever mix.

use std::io::{self, Write};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::timeout;

/// Hands text to the thread that prints it. A slow reader of the output makes whoever
/// prints wait: nothing is lost, and what waits is bounded in octets.
#[derive(Clone, Debug)]
pub(super) struct Printer {
    chunks: UnboundedSender<Chunk>,
    /// A permit for each octet that may wait.
    room: Arc<Semaphore>,
}

#[derive(Debug)]
struct Chunk {
    text: Vec<u8>,
    /// Given back when the text is printed.
    _room: Option<OwnedSemaphorePermit>,
}

/// Tells when the printer's thread has printed all.
#[derive(Debug)]
pub(super) struct PrinterEnd(oneshot::Receiver<()>);

/// How many octets may wait to be printed. A larger chunk waits until it is alone.
const ROOM: u32 = 1 << 20;

impl Printer {
    /// Starts the thread; `failed` is told why nothing more can be printed.
    pub(super) fn start(
        output: impl Write + Send + 'static,
        failed: impl FnOnce(io::Error) + Send + 'static,
    ) -> (Self, PrinterEnd) {
        let (chunks, receiver) = unbounded_channel();
        let (done, end) = oneshot::channel();
        thread::spawn(move || {
            print_all(receiver, output, failed);
            let _ = done.send(());
        });
        let room = Arc::new(Semaphore::new(ROOM as usize));
        (Self { chunks, room }, PrinterEnd(end))
    }

    /// Hands over a text, as soon as there is room for it or `hurry` is done: last words
    /// are few, and must not wait for a reader that has stopped.
    pub(super) async fn print(&self, text: Vec<u8>, hurry: impl Future<Output = ()>) {
        let size = u32::try_from(text.len()).unwrap_or(ROOM).min(ROOM);
        let room = tokio::select! {
            biased;
            room = Arc::clone(&self.room).acquire_many_owned(size) => room.ok(),
            () = hurry => None,
        };
        // The printer may be gone; the peer is still served.
        let _ = self.chunks.send(Chunk { text, _room: room });
    }

    /// Hands over first or last words, which are few, at once.
    pub(super) fn send(&self, text: Vec<u8>) {
        let _ = self.chunks.send(Chunk { text, _room: None });
    }
}

impl PrinterEnd {
    /// Waits until all is printed, which it is once every [`Printer`] is dropped, but not
    /// longer than `patience`: the reader of the output may have stopped reading.
    pub(super) async fn wait(self, patience: Duration) {
        let _ = timeout(patience, self.0).await;
    }
}

/// Prints what comes, in one write whatever has come meanwhile. When the reader is gone,
/// what comes is let go.
fn print_all(
    mut chunks: UnboundedReceiver<Chunk>,
    mut output: impl Write,
    failed: impl FnOnce(io::Error),
) {
    let mut failed = Some(failed);
    while let Some(first) = chunks.blocking_recv() {
        let mut batch = vec![first];
        batch.extend(std::iter::from_fn(|| chunks.try_recv().ok()));
        if failed.is_some() {
            let texts: Vec<&[u8]> = batch.iter().map(|chunk| chunk.text.as_slice()).collect();
            let written = output
                .write_all(&texts.concat())
                .and_then(|()| output.flush());
            if let Err(error) = written
                && let Some(failed) = failed.take()
            {
                failed(error);
            }
        }
    }
}
