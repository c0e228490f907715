//! The process of the program: how it is started and ended.

use std::io;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::time::timeout;

/// How long the process may take to exit after its input has ended, and again after a signal.
pub(in crate::net) const EXIT_TIMEOUT: Duration = Duration::from_millis(300);

/// Starts a command line with the shell of the system.
pub(in crate::net) fn start(command_line: &str) -> io::Result<Child> {
    let (shell, option) = if cfg!(windows) {
        ("cmd", "/C")
    } else {
        ("sh", "-c")
    };
    let mut command = Command::new(shell);
    command
        .args([option, command_line])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    // A Ctrl-C at the terminal goes to the server alone, which then ends the program.
    #[cfg(unix)]
    command.process_group(0);
    command.spawn()
}

/// Ends the process when the server stops: most exit when their input ends, the others get
/// signals. Whether signals were needed.
pub(super) async fn end(child: &mut Child) -> bool {
    if timeout(EXIT_TIMEOUT, child.wait()).await.is_ok() {
        return false;
    }
    terminate(child);
    if timeout(EXIT_TIMEOUT, child.wait()).await.is_err() {
        kill(child);
        let _ = child.wait().await;
    }
    true
}

/// Signals the process and its process group.
#[cfg(unix)]
fn signal(child: &Child, signal: rustix::process::Signal) {
    let id = child.id().and_then(|id| i32::try_from(id).ok());
    if let Some(group) = id.and_then(rustix::process::Pid::from_raw) {
        // It may just have exited.
        let _ = rustix::process::kill_process_group(group, signal);
    }
}

#[cfg(unix)]
fn terminate(child: &Child) {
    signal(child, rustix::process::Signal::TERM);
}

#[cfg(unix)]
fn kill(child: &Child) {
    signal(child, rustix::process::Signal::KILL);
}

#[cfg(not(unix))]
const fn terminate(_: &Child) {}

#[cfg(not(unix))]
fn kill(child: &mut Child) {
    // It may just have exited.
    let _ = child.start_kill();
}
