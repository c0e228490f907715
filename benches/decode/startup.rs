//! The time that wsctl needs to start and end, and the size of its executable.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::common::options::Options;
use super::common::table::Table;
use super::common::{Fallible, paths, rounds};
use super::process;

/// The name of the scenario.
pub(crate) const NAME: &str = "accept";

/// How often each program is started per round.
const STARTS: usize = 40;

/// Compares `wsctl accept KEY` with a Rust program that does nothing.
///
/// # Errors
///
/// A program that cannot be built or run.
pub(crate) fn measure(options: &Options) -> Fallible<Table> {
    let empty = build_empty_program()?;
    let programs = [empty.clone(), paths::wsctl()];
    let times = rounds::measure_in_rounds(options.rounds * STARTS, &programs, |program| {
        let mut command = Command::new(program);
        command.args([NAME, "dGhlIHNhbXBsZSBub25jZQ=="]);
        process::time(command)
    })?;
    let mut table = Table::new(
        &["scenario", "program", "µs", "of empty", "MiB"],
        options.is_markdown,
    );
    let times: Vec<Duration> = times
        .into_iter()
        .filter_map(|times| rounds::median(times, Duration::as_secs_f64))
        .collect();
    let empty_time = times.first().copied().unwrap_or_default().as_secs_f64();
    for ((name, path), time) in ["empty", "wsctl"].iter().zip(&programs).zip(&times) {
        let seconds = time.as_secs_f64();
        table.push(vec![
            NAME.to_owned(),
            (*name).to_owned(),
            format!("{:.0}", seconds * 1e6),
            format!("{:.2}", seconds / empty_time),
            size_in_mebibytes(path)?,
        ]);
    }
    fs::remove_file(empty)?;
    Ok(table)
}

/// Builds a program that does nothing, optimized and stripped.
fn build_empty_program() -> Fallible<PathBuf> {
    let source = paths::temporary_folder().join("empty.rs");
    let built = paths::temporary_folder().join("empty");
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

/// The size of a file in MiB.
fn size_in_mebibytes(path: &Path) -> Fallible<String> {
    let kib = u32::try_from(fs::metadata(path)?.len() >> 10)?;
    Ok(format!("{:.2}", f64::from(kib) / 1024.0))
}
