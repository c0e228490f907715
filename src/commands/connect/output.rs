//! The outputs of `connect`. When standard output fails, the client stops.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// Why the client stops, besides a signal: an output that cannot be written, an input that cannot
/// be read, or Ctrl-C in the line editor.
#[derive(Clone, Default)]
pub(super) struct StopReason(Arc<Shared>);

#[derive(Default)]
struct Shared {
    error: Mutex<Option<StopError>>,
    stopped: Notify,
}

/// An error that stops the client.
pub(super) enum StopError {
    /// Of standard output.
    Output(io::Error),
    /// Of the input.
    Input(crate::Error),
}

impl From<StopError> for crate::Error {
    fn from(error: StopError) -> Self {
        match error {
            StopError::Output(error) => Self::Output(error),
            StopError::Input(error) => error,
        }
    }
}

impl StopReason {
    /// Completes when the client has to stop.
    pub(super) async fn stopped(&self) {
        self.0.stopped.notified().await;
    }

    /// Stops the client.
    pub(super) fn stop(&self) {
        self.0.stopped.notify_one();
    }

    /// Stops the client because of an error. The first one counts.
    pub(super) fn fail(&self, error: StopError) {
        self.lock().get_or_insert(error);
        self.stop();
    }

    /// The first error.
    pub(super) fn take(&self) -> Option<StopError> {
        self.lock().take()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<StopError>> {
        self.0.error.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Standard output, whose first error stops the client.
pub(super) struct MessageOutput(pub(super) StopReason);

impl MessageOutput {
    fn failed(&self, error: io::Error) -> io::Error {
        let kind = error.kind();
        if kind != io::ErrorKind::Interrupted {
            self.0.fail(StopError::Output(error));
        }
        kind.into()
    }
}

impl Write for MessageOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = io::stdout().write(bytes);
        written.map_err(|error| self.failed(error))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stdout().flush().map_err(|error| self.failed(error))
    }
}
