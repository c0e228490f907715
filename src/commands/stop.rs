//! The signals that stop `serve` and `connect`.

use std::io;

/// Completes when a signal arrives that ends a program: SIGINT, SIGTERM, SIGQUIT, SIGUSR1, or
/// SIGHUP, which a terminal sends that closes. The signals are handled from this call on. SIGHUP
/// stays ignored if it is, as under `nohup`.
#[cfg(unix)]
pub(super) fn signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut quit = signal(SignalKind::quit())?;
    let mut user = signal(SignalKind::user_defined1())?;
    let hangup = (!ignores_hangup()).then(|| signal(SignalKind::hangup()));
    let mut hangup = hangup.transpose()?;
    let hangup = async move {
        match &mut hangup {
            Some(hangup) => hangup.recv().await,
            None => std::future::pending().await,
        }
    };
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = quit.recv() => {}
            _ = user.recv() => {}
            _ = hangup => {}
        }
    })
}

/// Whether the process was started with SIGHUP ignored. Only Linux tells.
#[cfg(unix)]
fn ignores_hangup() -> bool {
    /// SIGHUP is signal 1, the lowest bit.
    const HANGUP: u64 = 1;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask & HANGUP != 0)
}

/// Completes at Ctrl-C.
#[cfg(not(unix))]
pub(super) fn signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
