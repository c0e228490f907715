//! Writes the report and its files, and the line that shows the progress.

use std::fs::{self, OpenOptions};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;

use crate::Error;
use crate::check::{ExpectedFailures, Report};
use crate::cli::{CheckArgs, CheckFormat};
use crate::commands::console::Console;
use crate::render::check as report;

/// The columns of the report.
pub(super) const WIDTH: usize = 80;

/// Prints a report; `all` prints each case.
pub(super) fn print(
    args: &CheckArgs,
    report: &Report<'_>,
    all: bool,
    console: &mut Console,
) -> Result<(), Error> {
    let mut out = Vec::new();
    match args.format {
        CheckFormat::Json => report::push_json(&mut out, report),
        CheckFormat::Text => report::push_text(&mut out, console.style(), report, all, WIDTH),
    }
    console.print(&mut out)
}

/// Checks before a run that the files that were asked for can be written. Their content stays as
/// it is until the run has ended.
///
/// # Errors
///
/// [`Error`] if one of them cannot.
pub(super) fn check_files(args: &CheckArgs) -> Result<(), Error> {
    let paths = [&args.junit, &args.markdown, &args.write_expected];
    for path in paths.into_iter().flatten() {
        check_file(path).map_err(|error| cannot_write(path, error))?;
    }
    Ok(())
}

fn check_file(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        // The reader of a pipe must see nothing before the report, and a device takes all.
        Ok(metadata) if !metadata.is_file() && !metadata.is_dir() => Ok(()),
        Ok(_) => OpenOptions::new().append(true).open(path).map(drop),
        // What a link names is created when the report is written.
        Err(_) if path.is_symlink() => Ok(()),
        Err(_) => {
            OpenOptions::new()
                .append(true)
                .create_new(true)
                .open(path)?;
            fs::remove_file(path)
        }
    }
}

/// Writes the files that were asked for.
pub(super) fn write_files(args: &CheckArgs, reports: &[Report<'_>]) -> Result<(), Error> {
    if let Some(path) = &args.junit {
        write(path, report::junit(reports).as_bytes())?;
    }
    if let Some(path) = &args.markdown {
        write(path, report::markdown(reports).as_bytes())?;
    }
    if let Some(path) = &args.write_expected {
        let checked = reports.iter().flat_map(|report| report.checked);
        write(path, ExpectedFailures::of(checked).as_bytes())?;
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    fs::write(path, bytes).map_err(|error| cannot_write(path, error))
}

fn cannot_write(path: &Path, error: io::Error) -> Error {
    Error::System(format!("write {}", path.display()), error)
}

/// A line on a terminal that says how many cases are done.
pub(super) struct ProgressLine {
    total: usize,
    is_shown: bool,
}

impl ProgressLine {
    pub(super) fn new(total: usize, console: &Console) -> Self {
        let is_shown = io::stderr().is_terminal() && !console.is_quiet();
        Self { total, is_shown }
    }

    pub(super) fn show(&self, done: usize, failed: usize) {
        if self.is_shown {
            let line = format!("\r{done} of {} cases, {failed} failed ", self.total);
            // An error on standard error cannot be reported anywhere.
            let _ = io::stderr().write_all(line.as_bytes());
        }
    }

    pub(super) fn clear(&self) {
        if self.is_shown {
            let _ = io::stderr().write_all(b"\r\x1b[K");
        }
    }
}
