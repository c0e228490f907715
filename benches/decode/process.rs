//! Runs a program once, to read its output or to time it.

use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::common::Fallible;

/// The output of a program, and its memory.
pub(crate) struct OutputSummary {
    pub(crate) lines: u64,
    /// A hash of all bytes.
    pub(crate) hash: u64,
    /// The peak of its resident memory in MiB; `None` where there is no `/proc`.
    pub(crate) peak_memory: Option<f64>,
}

/// After how many bytes of output the memory is read again.
const MEMORY_INTERVAL: usize = 4 << 20;

/// Runs a program and reads its output.
///
/// # Errors
///
/// The program cannot be started, or it fails.
pub(crate) fn read_output(mut command: Command) -> Fallible<OutputSummary> {
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command
        .spawn()
        .map_err(|error| format!("{command:?}: {error}"))?;
    let mut hasher = DefaultHasher::new();
    let mut output = OutputSummary {
        lines: 0,
        hash: 0,
        peak_memory: None,
    };
    let mut buffer = vec![0; 1 << 16];
    let mut since_reading = MEMORY_INTERVAL;
    if let Some(mut stdout) = child.stdout.take() {
        loop {
            let length = stdout.read(&mut buffer)?;
            let Some(bytes @ [_, ..]) = buffer.get(..length) else {
                break;
            };
            let lines = bytes.split(|&byte| byte == b'\n').count() - 1;
            output.lines += lines as u64;
            hasher.write(bytes);
            since_reading += length;
            if since_reading >= MEMORY_INTERVAL {
                output.peak_memory = peak_memory(child.id()).or(output.peak_memory);
                since_reading = 0;
            }
        }
    }
    let status = child.wait()?;
    if !status.success() {
        return Err(format!("{command:?}: {status}").into());
    }
    output.hash = hasher.finish();
    Ok(output)
}

/// Runs a program without reading its output, and returns the time from its start to its end.
///
/// # Errors
///
/// The program cannot be started, or it fails.
pub(crate) fn time(mut command: Command) -> Fallible<Duration> {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let start = Instant::now();
    let status = command
        .status()
        .map_err(|error| format!("{command:?}: {error}"))?;
    let time = start.elapsed();
    if !status.success() {
        return Err(format!("{command:?}: {status}").into());
    }
    Ok(time)
}

/// The peak of a process's resident memory so far, in MiB.
fn peak_memory(id: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib / 1024.0)
}
