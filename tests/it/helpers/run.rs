//! Runs the program and returns its output and exit status.

use std::env;
use std::ffi::OsStr;
use std::fmt;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Once;
use std::thread;

use tokio::signal::unix::SignalKind;

/// The commands of the program.
pub(crate) const COMMANDS: [&str; 9] = [
    "accept",
    "check",
    "connect",
    "decode",
    "encode",
    "serve",
    "handshake",
    "explain",
    "generate",
];

/// The output and the exit status of a run.
pub(crate) struct Outcome {
    pub(crate) status: i32,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Outcome {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            status: output.status.code().unwrap(),
            stdout: output.stdout,
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Standard output, which must be UTF-8.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).unwrap()
    }
}

/// Standard output, then standard error unless it is empty, and the exit status unless it is 0.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.stdout))?;
        if !self.stderr.is_empty() {
            write!(f, "--- stderr\n{}", self.stderr)?;
        }
        if self.status != 0 {
            writeln!(f, "--- status {}", self.status)?;
        }
        Ok(())
    }
}

/// The environment variables that name proxies, and the one that names a file for keys.
const NETWORK_VARIABLES: [&str; 8] = [
    "http_proxy",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "no_proxy",
    "NO_PROXY",
    "SSLKEYLOGFILE",
];

/// The program, without those environment variables that change its output or its connections.
pub(crate) fn program() -> Command {
    handle_ignored_signals();
    let mut command = Command::new(env!("CARGO_BIN_EXE_wsctl"));
    for name in NETWORK_VARIABLES {
        command.env_remove(name);
    }
    command
        .env_remove("NO_COLOR")
        .env("TERM", "xterm")
        .env("TZ", "UTC")
        .stdin(Stdio::null());
    command
}

/// Programs that are started from now on do not ignore SIGHUP, SIGINT and SIGQUIT, as they would if the
/// tests run under `nohup` or in the background of a script: a signal that a process handles has its
/// default effect in the programs that it starts. Only Linux tells which are ignored.
pub(crate) fn handle_ignored_signals() {
    static HANDLED: Once = Once::new();
    HANDLED.call_once(|| {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = mask.map_or(0, |mask| u64::from_str_radix(mask.trim(), 16).unwrap());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build()
            .unwrap();
        let _context = runtime.enter();
        for kind in [
            SignalKind::hangup(),
            SignalKind::interrupt(),
            SignalKind::quit(),
        ] {
            if mask & (1 << (kind.as_raw_value() - 1)) != 0 {
                // The handler stays.
                let _ = tokio::signal::unix::signal(kind).unwrap();
            }
        }
    });
}

/// Runs the program with these arguments and nothing on standard input.
pub(crate) fn wsctl(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Outcome {
    Outcome::of(program().args(arguments).output().unwrap())
}

/// Runs the program with `input` on standard input.
pub(crate) fn wsctl_reading(
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    input: &[u8],
) -> Outcome {
    let mut child = program()
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // The program may stop reading early, or write before it has read everything.
    let writer = thread::spawn(move || stdin.write_all(&input).is_ok());
    let outcome = Outcome::of(child.wait_with_output().unwrap());
    writer.join().unwrap();
    outcome
}

/// Runs a command line, split at spaces, and compares its whole output and exit status.
#[track_caller]
pub(crate) fn check(line: &str, expected: &str) {
    let outcome = wsctl(line.split(' ').filter(|word| !word.is_empty()));
    assert_eq!(outcome.to_string(), expected, "wsctl {line}");
}

/// Like [`check`], with `input` on standard input.
#[track_caller]
pub(crate) fn check_reading(line: &str, input: &[u8], expected: &str) {
    let outcome = wsctl_reading(line.split(' ').filter(|word| !word.is_empty()), input);
    assert_eq!(outcome.to_string(), expected, "wsctl {line}");
}

/// Runs a line of shell in which `wsctl` is the program. Returns both outputs in the order in which
/// they are written, and the exit status unless it is 0.
pub(crate) fn shell(command: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_wsctl"));
    let path = format!(
        "{}:{}",
        program.parent().unwrap().display(),
        env::var("PATH").unwrap()
    );
    let output = Command::new("sh")
        .args(["-c", &format!("{{ {command}\n}} 2>&1")])
        .env("PATH", path)
        .env_remove("NO_COLOR")
        .env("TZ", "UTC")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let mut shown = String::from_utf8_lossy(&output.stdout).into_owned();
    let status = output.status.code().unwrap();
    if status != 0 {
        shown.extend(["[status ", &status.to_string(), "]\n"]);
    }
    shown
}

/// A field of `/proc/ID/status` in KiB: `VmRSS` is the memory of a process now, `VmHWM` its peak.
#[cfg(target_os = "linux")]
pub(crate) fn memory(id: u32, field: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let mut lines = status.lines().filter_map(|line| line.split_once(':'));
    let (_, size) = lines.find(|(name, _)| *name == field).unwrap();
    size.trim().trim_end_matches(" kB").parse().unwrap()
}
