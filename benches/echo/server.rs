//! A server in a process of its own.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::common::{Fallible, paths};
use super::programs::{ServerProgram, Workload};

/// A running server. It is killed when this is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    output: PathBuf,
}

impl Server {
    /// Starts a server. Its standard output goes to a temporary file.
    pub(crate) fn start(program: ServerProgram, workload: Workload) -> Fallible<Self> {
        let name = program.name();
        let file = format!("echo-{}-{name}.log", std::process::id());
        let output = paths::temporary_folder().join(file);
        let log = File::create(&output)?;
        let mut command = program.command(workload)?;
        let child = command.stdin(Stdio::null()).stdout(log).spawn();
        let mut child = child.map_err(|error| format!("{name}: {error}"))?;
        match wait_for_address(&output) {
            Ok(address) => Ok(Self {
                child,
                address,
                output,
            }),
            Err(error) => {
                child.kill()?;
                child.wait()?;
                Err(format!("{name}: {error}").into())
            }
        }
    }

    /// Its resident memory in KiB; `None` where there is no `/proc`.
    pub(crate) fn resident_memory(&self) -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().strip_suffix(" kB")?.parse().ok()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The process may have ended, and the file may be gone.
        self.child.kill().ok();
        self.child.wait().ok();
        fs::remove_file(&self.output).ok();
    }
}

/// Waits until the server has written its first line, `listening on ws://127.0.0.1:9527/`, and
/// returns the address in it.
fn wait_for_address(output: &Path) -> Fallible<SocketAddr> {
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        let text = fs::read_to_string(output)?;
        if let Some((line, _)) = text.split_once('\n') {
            let address = line.split('/').nth(2).unwrap_or_default();
            return Ok(address
                .parse()
                .map_err(|error| format!("{line}: {error}"))?);
        }
        thread::sleep(Duration::from_millis(2));
    }
    Err("it did not print its address within 10 seconds".into())
}

/// Raises the limit of open files for this process and the servers to the highest allowed value.
pub(crate) fn raise_open_file_limit() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        eprintln!("cannot raise the limit of open files: {error}");
    }
}
