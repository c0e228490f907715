//! A program, run once: to look at what it prints, or to time it.

use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::Fallible;

/// What a program printed.
pub(crate) struct Output {
    pub(crate) lines: u64,
    pub(crate) hash: u64,
    /// The most memory it held at once, in MiB, where the system tells.
    pub(crate) peak: Option<f64>,
}

/// How much may come before the memory is looked at again.
const STEP: usize = 4 << 20;

/// Runs a program and reads what it prints.
///
/// # Errors
///
/// It cannot be run, or it fails.
pub(crate) fn look(mut command: Command) -> Fallible<Output> {
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command
        .spawn()
        .map_err(|error| format!("{command:?}: {error}"))?;
    let mut hasher = DefaultHasher::new();
    let mut output = Output {
        lines: 0,
        hash: 0,
        peak: None,
    };
    let mut buffer = vec![0; 1 << 16];
    let mut since = STEP;
    if let Some(mut stdout) = child.stdout.take() {
        loop {
            let length = stdout.read(&mut buffer)?;
            let Some(bytes @ [_, ..]) = buffer.get(..length) else {
                break;
            };
            let lines = bytes.split(|&byte| byte == b'\n').count() - 1;
            output.lines += lines as u64;
            hasher.write(bytes);
            since += length;
            if since >= STEP {
                // It waits to write, mostly, so that it is there to be looked at.
                output.peak = peak(child.id()).or(output.peak);
                since = 0;
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

/// How long a program takes, from its start to its end, its output thrown away.
///
/// # Errors
///
/// It cannot be run, or it fails.
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

/// The most memory that a process held at once so far, in MiB.
fn peak(id: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib / 1024.0)
}
