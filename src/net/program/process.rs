//! The process of the program: how it is started and ended.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

/// How long the process may take to exit after its input has ended, and again after a signal.
pub(in crate::net) const EXIT_TIMEOUT: Duration = Duration::from_millis(300);

/// The process of the program, and those that it has started. They are killed when it is dropped,
/// unless they have ended.
pub(in crate::net) struct ProgramProcess {
    pub(super) child: Child,
    group: ProcessGroup,
}

impl ProgramProcess {
    /// Starts a command line with the shell of the system.
    pub(in crate::net) fn start(command_line: &str) -> io::Result<Self> {
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
        let child = command.spawn()?;
        let group = ProcessGroup::of(&child);
        Ok(Self { child, group })
    }

    /// Completes when the program has exited by itself. Processes that it has left may still run.
    pub(super) async fn wait(&mut self) -> io::Result<ExitStatus> {
        let status = self.child.wait().await;
        if self.group.is_empty() {
            self.group.forget();
        }
        status
    }

    /// Ends the program when the server stops: most exit when their input ends, the others get
    /// signals, and so do the processes that they have left. Whether it needed a signal.
    pub(super) async fn end(mut self) -> bool {
        let has_exited = timeout(EXIT_TIMEOUT, self.child.wait()).await.is_ok();
        self.end_rest().await;
        !has_exited
    }

    /// Ends all processes that are left, with signals.
    pub(super) async fn end_rest(mut self) {
        self.group.terminate();
        let ended = async {
            let _ = self.child.wait().await;
            self.group.emptied().await;
        };
        if timeout(EXIT_TIMEOUT, ended).await.is_err() {
            self.group.kill();
            // Where there are no process groups.
            let _ = self.child.start_kill();
            let _ = self.child.wait().await;
        }
        self.group.forget();
    }
}

/// The process group of the program, which is killed when it is dropped.
#[cfg(unix)]
struct ProcessGroup(Option<rustix::process::Pid>);

#[cfg(unix)]
impl ProcessGroup {
    fn of(child: &Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self(id.and_then(rustix::process::Pid::from_raw))
    }

    /// Whether all its processes have exited. Another group may get its number then.
    fn is_empty(&self) -> bool {
        self.0
            .is_none_or(|group| rustix::process::test_kill_process_group(group).is_err())
    }

    const fn forget(&mut self) {
        self.0 = None;
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
        while !self.is_empty() {
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

#[cfg(unix)]
impl Drop for ProcessGroup {
    fn drop(&mut self) {
        self.kill();
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

    const fn is_empty(&self) -> bool {
        true
    }

    const fn forget(&mut self) {}

    const fn terminate(&self) {}

    const fn kill(&self) {}

    async fn emptied(&self) {}
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};

    /// All its processes hold the output open.
    #[tokio::test]
    async fn a_process_that_is_dropped_leaves_no_other_one() {
        let mut process = ProgramProcess::start("sleep 1000 & echo; wait").unwrap();
        let mut output = BufReader::new(process.child.stdout.take().unwrap());
        output.read_line(&mut String::new()).await.unwrap();
        drop(process);
        assert_eq!(output.read_to_end(&mut Vec::new()).await.unwrap(), 0);
    }
}
