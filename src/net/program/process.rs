//! The process of the program: how it is started and ended.

use std::io;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

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
/// signals, and so do the processes that they have left. Whether the process needed a signal.
pub(super) async fn end(child: &mut Child) -> bool {
    let group = ProcessGroup::of(child);
    let has_exited = timeout(EXIT_TIMEOUT, child.wait()).await.is_ok();
    group.terminate();
    let ended = async {
        let _ = child.wait().await;
        group.emptied().await;
    };
    if timeout(EXIT_TIMEOUT, ended).await.is_err() {
        group.kill();
        // Where there are no process groups.
        let _ = child.start_kill();
        let _ = child.wait().await;
    }
    !has_exited
}

/// The process group of the program.
#[cfg(unix)]
struct ProcessGroup(Option<rustix::process::Pid>);

#[cfg(unix)]
impl ProcessGroup {
    fn of(child: &Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self(id.and_then(rustix::process::Pid::from_raw))
    }

    fn terminate(&self) {
        self.signal(rustix::process::Signal::TERM);
    }

    fn kill(&self) {
        self.signal(rustix::process::Signal::KILL);
    }

    /// Completes when all its processes have exited. No event tells of processes that are not the
    /// server's own children.
    async fn emptied(&self) {
        const INTERVAL: Duration = Duration::from_millis(10);
        while let Some(group) = self.0
            && rustix::process::test_kill_process_group(group).is_ok()
        {
            sleep(INTERVAL).await;
        }
    }

    fn signal(&self, signal: rustix::process::Signal) {
        if let Some(group) = self.0 {
            // All its processes may have exited.
            let _ = rustix::process::kill_process_group(group, signal);
        }
    }
}

/// There are no process groups.
#[cfg(not(unix))]
struct ProcessGroup;

#[cfg(not(unix))]
impl ProcessGroup {
    const fn of(_: &Child) -> Self {
        Self
    }

    const fn terminate(&self) {}

    const fn kill(&self) {}

    async fn emptied(&self) {}
}
