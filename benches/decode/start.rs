//! How long the program takes to start, do next to nothing, and end; and its size.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::Fallible;
use super::options::Options;
use super::process;
use super::program;
use super::rounds;
use super::table::Table;

/// What the row is called.
pub(crate) const NAME: &str = "accept";

/// How often each is started in a round.
const STARTS: usize = 40;

/// Compares `wsctl accept KEY` with a Rust program that does nothing.
///
/// # Errors
///
/// One of them cannot be built or run.
pub(crate) fn measure(options: &Options) -> Fallible<Table> {
    let empty = empty()?;
    let programs = [empty.clone(), program::wsctl()];
    let times = rounds::interleave(options.rounds * STARTS, &programs, |program| {
        let mut command = Command::new(program);
        command.args([NAME, "dGhlIHNhbXBsZSBub25jZQ=="]);
        process::time(command)
    })?;
    let mut table = Table::new(
        &["row", "program", "µs", "of empty", "MiB"],
        options.markdown,
    );
    let times: Vec<Duration> = times
        .into_iter()
        .filter_map(|times| rounds::median(times, Duration::as_secs_f64))
        .collect();
    let least = times.first().copied().unwrap_or_default().as_secs_f64();
    for ((name, path), time) in ["empty", "wsctl"].iter().zip(&programs).zip(&times) {
        let seconds = time.as_secs_f64();
        table.push(vec![
            NAME.to_owned(),
            (*name).to_owned(),
            format!("{:.0}", seconds * 1e6),
            format!("{:.2}", seconds / least),
            mebibytes(path)?,
        ]);
    }
    fs::remove_file(empty)?;
    Ok(table)
}

/// Builds the program that does nothing, as a release is built.
fn empty() -> Fallible<PathBuf> {
    let source = program::folder().join("empty.rs");
    let built = program::folder().join("empty");
    fs::write(&source, "fn main() {}\n")?;
    let rustc = env::var_os("RUSTC").unwrap_or("rustc".into());
    let mut command = Command::new(rustc);
    command
        .args([
            "--edition",
            "2024",
            "-C",
            "opt-level=3",
            "-C",
            "strip=symbols",
        ])
        .arg("-o")
        .args([&built, &source]);
    let status = command
        .status()
        .map_err(|error| format!("{command:?}: {error}"))?;
    fs::remove_file(source)?;
    if status.success() {
        Ok(built)
    } else {
        Err(format!("{command:?}: {status}").into())
    }
}

fn mebibytes(path: &Path) -> Fallible<String> {
    let kib = u32::try_from(fs::metadata(path)?.len() >> 10)?;
    Ok(format!("{:.2}", f64::from(kib) / 1024.0))
}
