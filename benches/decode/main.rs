//! How fast `wsctl decode` and its start are: against `cat`, which reads and writes and
//! does nothing else; against the least that a decoder must do; and against small
//! programs made with other Rust libraries.
//!
//! ```console
//! $ cargo bench --bench decode
//! $ cargo bench --bench decode -- --rounds 3 ascii cat bare wsctl
//! ```
//!
//! Every program is a process of its own, which reads a file and writes to /dev/null; it
//! is timed as a whole. Once before, its output is looked at: what prints the payloads
//! must print the same as the bare loop. Names of rows and of programs choose what is
//! measured. `WSCTL` in the environment is another program to take for wsctl.
#![allow(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark prints, and may panic"
)]

mod bare;
mod inputs;
mod peers;
mod process;
mod reader;
mod rows;
mod start;

#[path = "../common/bare.rs"]
mod frame;
#[path = "../common/frames.rs"]
mod frames;
#[path = "../common/options.rs"]
mod options;
#[path = "../common/program.rs"]
mod program;
#[path = "../common/rounds.rs"]
mod rounds;
#[path = "../common/table.rs"]
mod table;

use std::env;
use std::error::Error;
use std::path::Path;
use std::time::Duration;

use options::Options;
use process::Output;
use rows::{Row, Tool};
use table::Table;

/// What may fail, and with what message is all that matters.
type Fallible<T> = Result<T, Box<dyn Error>>;

fn main() -> Fallible<()> {
    let mut arguments = env::args().skip(1).peekable();
    if arguments.next_if(|word| word == "peer").is_some() {
        return peers::run(&arguments.collect::<Vec<_>>());
    }
    let Some(options) = Options::read(arguments, false)? else {
        return Ok(());
    };
    let known = Row::ALL.iter().map(|row| row.name.to_owned());
    let known = known.chain(Tool::ALL.iter().map(|tool| tool.name().to_owned()));
    let known = known.chain([start::NAME.to_owned()]);
    options.check_names(&known.collect::<Vec<_>>())?;

    let rows = options.select(&Row::ALL, |row| vec![row.name.to_owned()]);
    let starts = options.names.iter().any(|name| name == start::NAME);
    let decodes = !starts || rows.len() < Row::ALL.len();
    let mut table = Table::new(
        &[
            "row", "program", "ms", "of cat", "MB/s", "Mlines/s", "peak MiB",
        ],
        options.markdown,
    );
    for row in rows.iter().filter(|_| decodes) {
        eprintln!("{} …", row.name);
        let file = inputs::write(row.input)?;
        let added = decode(row, &file, &options, &mut table);
        std::fs::remove_file(&file)?;
        added?;
    }
    if !table.is_empty() {
        print!("{table}");
    }
    if starts || rows.len() == Row::ALL.len() {
        print!("{}", start::measure(&options)?);
    }
    Ok(())
}

/// Adds the lines of a row.
fn decode(row: &Row, file: &Path, options: &Options, table: &mut Table) -> Fallible<()> {
    let tools = options.select(row.tools, |tool| vec![tool.name().to_owned()]);
    let size = std::fs::metadata(file)?.len();
    let outputs = tools
        .iter()
        .map(|tool| process::look(tool.command(row, file)?))
        .collect::<Fallible<Vec<Output>>>()?;
    compare(row, &tools, &outputs)?;
    let times = rounds::interleave(options.rounds, &tools, |tool| {
        process::time(tool.command(row, file)?)
    })?;
    let times: Vec<Duration> = times
        .into_iter()
        .filter_map(|times| rounds::median(times, Duration::as_secs_f64))
        .collect();
    let cat = tools.iter().position(|&tool| tool == Tool::Cat);
    let cat = cat.and_then(|place| times.get(place));
    for ((tool, output), time) in tools.iter().zip(&outputs).zip(&times) {
        let seconds = time.as_secs_f64();
        let per_second = |count: u64| millions(count) / seconds;
        let is_cat = *tool == Tool::Cat;
        table.push(vec![
            row.name.to_owned(),
            tool.name().to_owned(),
            format!("{:.1}", seconds * 1e3),
            cat.map_or("-".to_owned(), |cat| {
                format!("{:.2}", seconds / cat.as_secs_f64())
            }),
            table::thousands(per_second(size)),
            if is_cat {
                "-".to_owned()
            } else {
                format!("{:.2}", per_second(output.lines))
            },
            output
                .peak
                .map_or("-".to_owned(), |peak| format!("{peak:.1}")),
        ]);
    }
    Ok(())
}

/// Compares what prints the payloads with what the bare loop printed.
fn compare(row: &Row, tools: &[Tool], outputs: &[Output]) -> Fallible<()> {
    let mut payloads = tools
        .iter()
        .zip(outputs)
        .filter(|(tool, _)| row.is_text() && **tool != Tool::Cat);
    if let Some((first, expected)) = payloads.next() {
        for (tool, output) in payloads {
            if output.hash != expected.hash {
                return Err(format!(
                    "{}: {} and {} print different texts",
                    row.name,
                    first.name(),
                    tool.name()
                )
                .into());
            }
        }
    }
    Ok(())
}

/// So many millions.
fn millions(count: u64) -> f64 {
    // Exact below 2^32 thousands, which is far above what is counted here.
    f64::from(u32::try_from(count / 1000).unwrap_or(u32::MAX)) / 1e3
}
