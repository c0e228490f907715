//! The signals that stop `serve` and `connect`.

#[cfg(unix)]
use std::future::poll_fn;
use std::io;
#[cfg(unix)]
use std::task::Poll;

/// Completes when a signal arrives that ends a program: SIGINT, SIGTERM, SIGQUIT, SIGUSR1, or
/// SIGHUP, which a terminal sends that closes. The signals are handled from this call on.
///
/// A signal that is ignored already stays so: SIGHUP under `nohup`, SIGINT and SIGQUIT in a command
/// that a shell script runs in the background. Only Linux tells.
#[cfg(unix)]
pub(super) fn signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let ignored = ignored_signals();
    let is_ignored = |kind: &SignalKind| ignored >> (kind.as_raw_value() - 1) & 1 == 1;
    let mut signals = [
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::quit(),
        SignalKind::user_defined1(),
        SignalKind::hangup(),
    ]
    .into_iter()
    .filter(|kind| !is_ignored(kind))
    .map(signal)
    .collect::<io::Result<Vec<_>>>()?;
    Ok(poll_fn(move |task| {
        let mut polls = signals.iter_mut().map(|signal| signal.poll_recv(task));
        if polls.any(|poll| poll.is_ready()) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }))
}

/// The signals that the process ignores: signal 1 is the lowest bit.
#[cfg(unix)]
fn ignored_signals() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.unwrap_or_default()
}

/// Completes at Ctrl-C.
#[cfg(not(unix))]
pub(super) fn signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
