//! Measures `wsctl decode` and the start of wsctl. It is compared with `cat`, with a bare loop that
//! does the least work possible, and with programs made with other Rust libraries.
//!
//! ```console
//! $ cargo bench --bench decode
//! $ cargo bench --bench decode -- --rounds 3 ascii cat bare wsctl
//! ```
//!
//! Every program is a process of its own that reads a file and writes to /dev/null. The whole
//! process is timed. Before that, each program runs once to compare its output: all that print
//! payloads must print the same. Names of scenarios and programs choose what is measured. The
//! variable `WSCTL` names another wsctl to measure.
#![allow(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark prints, and may panic"
)]

mod bare_loop;
#[path = "../common/mod.rs"]
mod common;
mod file_stream;
mod inputs;
mod libraries;
mod process;
mod scenarios;
mod startup;

use std::env;
use std::fs;
use std::path::Path;
use std::time::Duration;

use common::options::Options;
use common::table::{Table, thousands};
use common::{Fallible, rounds};
use process::OutputSummary;
use scenarios::{Decoder, Scenario};

fn main() -> Fallible<()> {
    let mut arguments = env::args().skip(1).peekable();
    if arguments.next_if(|word| word == "peer").is_some() {
        return libraries::run(&arguments.collect::<Vec<_>>());
    }
    let Some(options) = Options::read(arguments, false)? else {
        return Ok(());
    };
    let known = Scenario::ALL.iter().map(|scenario| scenario.name);
    let known = known.chain(Decoder::ALL.iter().map(|decoder| decoder.name()));
    let known = known.chain([startup::NAME]).map(str::to_owned);
    options.check_names(&known.collect::<Vec<_>>())?;

    let scenarios = options.select(&Scenario::ALL, |scenario| vec![scenario.name.to_owned()]);
    let is_all = scenarios.len() == Scenario::ALL.len();
    let names_startup = options.names.iter().any(|name| name == startup::NAME);
    let mut table = Table::new(
        &[
            "scenario", "program", "ms", "of cat", "MB/s", "Mlines/s", "peak MiB",
        ],
        options.is_markdown,
    );
    if !(is_all && names_startup) {
        for scenario in &scenarios {
            eprintln!("{} …", scenario.name);
            let file = inputs::write(scenario.input)?;
            let result = measure_decode(scenario, &file, &options, &mut table);
            fs::remove_file(&file)?;
            result?;
        }
    }
    if !table.is_empty() {
        print!("{table}");
    }
    if is_all || names_startup {
        print!("{}", startup::measure(&options)?);
    }
    Ok(())
}

/// Adds the rows of a scenario.
fn measure_decode(
    scenario: &Scenario,
    file: &Path,
    options: &Options,
    table: &mut Table,
) -> Fallible<()> {
    let decoders = options.select(scenario.decoders, |decoder| vec![decoder.name().to_owned()]);
    let size = fs::metadata(file)?.len();
    let outputs = decoders
        .iter()
        .map(|decoder| process::read_output(decoder.command(scenario, file)?))
        .collect::<Fallible<Vec<OutputSummary>>>()?;
    compare_outputs(scenario, &decoders, &outputs)?;
    let times = rounds::measure_in_rounds(options.rounds, &decoders, |decoder| {
        process::time(decoder.command(scenario, file)?)
    })?;
    let times: Vec<Duration> = times
        .into_iter()
        .filter_map(|times| rounds::median(times, Duration::as_secs_f64))
        .collect();
    let cat = decoders.iter().position(|&decoder| decoder == Decoder::Cat);
    let cat_time = cat.and_then(|index| times.get(index));
    for ((decoder, output), time) in decoders.iter().zip(&outputs).zip(&times) {
        let seconds = time.as_secs_f64();
        let lines = match decoder {
            Decoder::Cat => None,
            _ => Some(millions(output.lines) / seconds),
        };
        let optional = |value: Option<f64>, decimals| {
            value.map_or("-".to_owned(), |it| format!("{it:.decimals$}"))
        };
        table.push(vec![
            scenario.name.to_owned(),
            decoder.name().to_owned(),
            format!("{:.1}", seconds * 1e3),
            optional(cat_time.map(|cat_time| seconds / cat_time.as_secs_f64()), 2),
            thousands(millions(size) / seconds),
            optional(lines, 2),
            optional(output.peak_memory, 1),
        ]);
    }
    Ok(())
}

/// Checks that all programs that print payloads print the same.
fn compare_outputs(
    scenario: &Scenario,
    decoders: &[Decoder],
    outputs: &[OutputSummary],
) -> Fallible<()> {
    let mut texts = decoders
        .iter()
        .zip(outputs)
        .filter(|(decoder, _)| scenario.is_text() && **decoder != Decoder::Cat);
    if let Some((first, expected)) = texts.next()
        && let Some((other, _)) = texts.find(|(_, output)| output.hash != expected.hash)
    {
        let (name, first, other) = (scenario.name, first.name(), other.name());
        return Err(format!("{name}: {first} and {other} print different texts").into());
    }
    Ok(())
}

/// A count in millions. The count must be below 4 294 967 296 000.
fn millions(count: u64) -> f64 {
    f64::from(u32::try_from(count / 1000).unwrap_or(u32::MAX)) / 1e3
}
