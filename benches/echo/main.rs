//! How fast servers echo: `wsctl serve`, other Rust servers, and a bare loop that does
//! nothing that it need not do.
//!
//! ```console
//! $ cargo bench --bench echo
//! $ cargo bench --bench echo -- --rounds 3 --seconds 0.5 64x16x20 bare wsctl
//! ```
//!
//! A row is connections x messages in flight x bytes, a prefix what else is asked of the
//! server. Names of rows and of servers choose what is measured. Each server is a process
//! of its own. `WSCTL` in the environment is another program to take for wsctl.
#![allow(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark prints, and may panic"
)]

mod bare;
mod client;
mod idle;
mod load;
mod opening;
mod peers;
mod rows;
mod script;
mod server;

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
use std::time::Duration;

use options::Options;
use rows::{Duty, Row};
use server::{Kind, Server};
use table::{Table, thousands};

/// What may fail, and with what message is all that matters.
type Fallible<T> = Result<T, Box<dyn Error>>;

fn main() -> Fallible<()> {
    let mut arguments = env::args().skip(1).peekable();
    if arguments.next_if(|word| word == "peer").is_some() {
        return peers::run(&arguments.collect::<Vec<_>>());
    }
    let Some(options) = Options::read(arguments, true)? else {
        return Ok(());
    };
    let known = Row::all().into_iter().flat_map(|row| row.names());
    let known = known.chain(Kind::ALL.iter().map(|kind| kind.name().to_owned()));
    options.check_names(&known.collect::<Vec<_>>())?;
    server::allow_many_files();

    let mut table = Table::new(
        &["row", "server", "messages/s", "of bare", "p50 µs", "p99 µs"],
        options.markdown,
    );
    let mut idle = Table::new(
        &["row", "server", "KiB each, silent", "KiB each, spoke once"],
        options.markdown,
    );
    for row in options.select(&Row::all(), Row::names) {
        let kinds = options.select(row.duty.servers(), |kind| vec![kind.name().to_owned()]);
        let kinds: Vec<Kind> = kinds
            .into_iter()
            .filter(|kind| row.duty.servers().contains(kind))
            .collect();
        eprintln!("{} …", row.name());
        if row.duty == Duty::Idle {
            hold(&row, &kinds, &mut idle)?;
        } else {
            echo(&row, &kinds, &options, &mut table)?;
        }
    }
    for table in [table, idle].iter().filter(|table| !table.is_empty()) {
        print!("{table}");
    }
    Ok(())
}

/// Adds the lines of a row in which messages are echoed.
fn echo(row: &Row, kinds: &[Kind], options: &Options, table: &mut Table) -> Fallible<()> {
    let time = options.time.unwrap_or(Duration::from_secs(1));
    let measurements = rounds::interleave(options.rounds, kinds, |&kind| {
        let server = Server::start(kind, row.duty)?;
        load::run(&server, row, time)
            .map_err(|error| format!("{} {}: {error}", row.name(), kind.name()).into())
    })?;
    let medians = measurements
        .into_iter()
        .filter_map(|taken| rounds::median(taken, |load| load.rate));
    let medians: Vec<_> = kinds.iter().zip(medians).collect();
    let limit = medians.iter().find(|(kind, _)| **kind == Kind::Bare);
    let limit = limit.map(|(_, load)| load.rate);
    for (kind, load) in medians {
        table.push(vec![
            row.name(),
            kind.name().to_owned(),
            thousands(load.rate),
            limit.map_or("-".to_owned(), |limit| format!("{:.2}", load.rate / limit)),
            format!("{:.0}", load.middle.as_secs_f64() * 1e6),
            format!("{:.0}", load.worst_of_100.as_secs_f64() * 1e6),
        ]);
    }
    Ok(())
}

/// Adds the lines of a row in which connections are merely held.
fn hold(row: &Row, kinds: &[Kind], table: &mut Table) -> Fallible<()> {
    for &kind in kinds {
        let server = Server::start(kind, row.duty)?;
        let memory = idle::measure(&server, row.connections)?;
        table.push(vec![
            row.name(),
            kind.name().to_owned(),
            format!("{:.2}", memory.silent),
            format!("{:.2}", memory.spoke),
        ]);
    }
    Ok(())
}
