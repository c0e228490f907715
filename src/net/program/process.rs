//! The process of the program: how it begins, and how it is brought to an end.

use std::io;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::net::note::{Notice, NoticeScope};
use crate::net::server::Shared;

/// How long it may take to end when its input has ended, and how long when it was asked to.
pub(in crate::net) const END_TIMEOUT: Duration = Duration::from_millis(300);

/// Starts a command line, as the system's shell understands it.
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
    // Ctrl-C at the terminal is for the server, which then ends the program.
    #[cfg(unix)]
    command.process_group(0);
    command.spawn()
}

/// Ends it, since the server stops: its input has ended, which is enough for most; for the
/// others there are signals.
pub(super) async fn end(shared: &Shared, child: &mut Child) {
    if timeout(END_TIMEOUT, child.wait()).await.is_ok() {
        return;
    }
    ask_to_end(child);
    if timeout(END_TIMEOUT, child.wait()).await.is_err() {
        kill(child);
        let _ = child.wait().await;
    }
    shared
        .tell(NoticeScope::Program, &Notice::ProgramKilled)
        .await;
}

/// Signals the program, and whatever it has started in its group.
#[cfg(unix)]
fn signal(child: &Child, signal: rustix::process::Signal) {
    let id = child.id().and_then(|id| i32::try_from(id).ok());
    if let Some(group) = id.and_then(rustix::process::Pid::from_raw) {
        // It may have ended just now.
        let _ = rustix::process::kill_process_group(group, signal);
    }
}

#[cfg(unix)]
fn ask_to_end(child: &Child) {
    signal(child, rustix::process::Signal::TERM);
}

#[cfg(unix)]
fn kill(child: &Child) {
    signal(child, rustix::process::Signal::KILL);
}

#[cfg(not(unix))]
const fn ask_to_end(_: &Child) {}

#[cfg(not(unix))]
fn kill(child: &mut Child) {
    // It may have ended just now.
    let _ = child.start_kill();
}
