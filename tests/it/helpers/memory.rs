//! The memory that the program needs for an input.
#![cfg(target_os = "linux")]

use std::io::{self, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::thread;

use super::run::{memory, program};

pub(crate) const MIB: usize = 1 << 20;

/// Runs the program with pieces on standard input. Returns how many bytes it printed, and the peak of
/// its memory in KiB, without the pages of the program's own file, which depend on the build.
pub(crate) fn run_with_input(
    arguments: &[&str],
    pieces: impl Iterator<Item = Vec<u8>> + Send + 'static,
) -> (u64, u64) {
    let (mut child, mut stdin, mut stdout) = spawn(arguments);
    let reader = thread::spawn(move || {
        let mut buffer = vec![0; MIB];
        let mut printed = 0;
        loop {
            match stdout.read(&mut buffer).unwrap() {
                0 => return printed,
                size => printed += size as u64,
            }
        }
    });
    for piece in pieces {
        stdin.write_all(&piece).unwrap();
    }
    // The program has read all but what is in the pipe, and waits for more.
    let peak = peak_without_file(&child);
    drop(stdin);
    let printed = reader.join().unwrap();
    child.wait().unwrap();
    (printed, peak)
}

/// Runs the program with pieces on standard input, and its end. Returns the peak of its memory in KiB
/// when it begins to print, without the pages of its own file. It must print more than a pipe holds,
/// and wait there.
pub(crate) fn peak_before_output(
    arguments: &[&str],
    pieces: impl Iterator<Item = Vec<u8>> + Send + 'static,
) -> u64 {
    let (mut child, mut stdin, mut stdout) = spawn(arguments);
    let writer = thread::spawn(move || {
        for piece in pieces {
            stdin.write_all(&piece).unwrap();
        }
    });
    stdout.read_exact(&mut [0]).unwrap();
    writer.join().unwrap();
    let peak = peak_without_file(&child);
    io::copy(&mut stdout, &mut io::sink()).unwrap();
    child.wait().unwrap();
    peak
}

/// The program, its standard input and its standard output.
fn spawn(arguments: &[&str]) -> (Child, ChildStdin, ChildStdout) {
    let mut child = program()
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let stdin = child.stdin.take().unwrap();
    let stdout = child.stdout.take().unwrap();
    (child, stdin, stdout)
}

/// The peak of a program's memory in KiB, without the pages of its own file, which depend on the build.
fn peak_without_file(child: &Child) -> u64 {
    memory(child.id(), "VmHWM") - memory(child.id(), "RssFile")
}
