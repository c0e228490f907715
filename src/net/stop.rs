//! The signal that the process stops.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Poll, Waker};

use tokio::sync::Notify;

/// Sends the signal, when it is dropped at the latest.
#[derive(Debug)]
pub(super) struct StopSender(Arc<StopState>);

/// Receives the signal; the tasks that wait for it share it.
#[derive(Clone, Debug)]
pub(super) struct StopSignal(Arc<StopState>);

#[derive(Debug, Default)]
struct StopState {
    is_stopping: AtomicBool,
    sent: Notify,
}

/// Makes both ends.
pub(super) fn channel() -> (StopSender, StopSignal) {
    let state = Arc::<StopState>::default();
    (StopSender(Arc::clone(&state)), StopSignal(state))
}

impl StopSender {
    /// Sends the signal.
    pub(super) fn stop(&self) {
        self.0.is_stopping.store(true, Ordering::Release);
        self.0.sent.notify_waiters();
    }
}

impl Drop for StopSender {
    fn drop(&mut self) {
        self.stop();
    }
}

impl StopSignal {
    /// Completes when the process stops.
    ///
    /// A connection waits for it beside each read. So a task that waits already only looks at the
    /// flag when it is polled again.
    pub(super) async fn stopped(&self) {
        let state = &*self.0;
        let mut sent = pin!(state.sent.notified());
        let mut waiting: Option<Waker> = None;
        poll_fn(|task| {
            let waker = task.waker();
            if !waiting.as_ref().is_some_and(|it| it.will_wake(waker)) {
                // It waits before it looks at the flag, so that no signal is missed.
                let _ = sent.as_mut().poll(task);
                waiting = Some(waker.clone());
            }
            if state.is_stopping.load(Ordering::Acquire) {
                return Poll::Ready(());
            }
            Poll::Pending
        })
        .await;
    }
}
