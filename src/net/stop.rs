//! The signal that the process stops.

use tokio::sync::watch;

/// Sends the signal.
#[derive(Debug)]
pub(super) struct StopSender(watch::Sender<bool>);

/// Receives the signal; the tasks that wait for it share it.
#[derive(Clone, Debug)]
pub(super) struct StopSignal(watch::Receiver<bool>);

/// Makes both ends.
pub(super) fn channel() -> (StopSender, StopSignal) {
    let (sender, receiver) = watch::channel(false);
    (StopSender(sender), StopSignal(receiver))
}

impl StopSender {
    /// Sends the signal.
    pub(super) fn stop(&self) {
        let _ = self.0.send(true);
    }
}

impl StopSignal {
    /// Completes when the process stops.
    pub(super) async fn stopped(&self) {
        let mut receiver = self.0.clone();
        // Without a sender the process has stopped.
        let _ = receiver.wait_for(|is_stopping| *is_stopping).await;
    }
}
