//! Measures echo servers: `wsctl serve`, servers made with other Rust libraries, and a bare loop
//! that does the least work possible.
//!
//! ```console
//! $ cargo bench --bench echo
//! $ cargo bench --bench echo -- --rounds 3 --seconds 0.5 64x16x20 bare wsctl
//! ```
//!
//! A scenario is called `CONNECTIONSxMESSAGES_IN_FLIGHTxBYTES`, with the workload before it unless
//! that is a plain echo. Names of scenarios, workloads and servers choose what is measured. Each
//! server is a process of its own. The variable `WSCTL` names another wsctl to measure.
#![allow(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark prints, and may panic"
)]

mod bare_loop;
mod client;
#[path = "../common/mod.rs"]
mod common;
mod handshake;
mod idle;
mod libraries;
mod load;
mod log_lines;
mod messages;
mod programs;
mod scenarios;
mod server;

use std::env;
use std::time::Duration;

use common::options::Options;
use common::table::{Table, thousands};
use common::{Fallible, rounds};
use programs::{ServerProgram, Workload};
use scenarios::Scenario;
use server::Server;

fn main() -> Fallible<()> {
    let mut arguments = env::args().skip(1).peekable();
    if arguments.next_if(|word| word == "peer").is_some() {
        return libraries::run(&arguments.collect::<Vec<_>>());
    }
    let Some(options) = Options::read(arguments, true)? else {
        return Ok(());
    };
    let known = Scenario::all()
        .into_iter()
        .flat_map(|scenario| scenario.names());
    let known = known.chain(
        ServerProgram::ALL
            .iter()
            .map(|program| program.name().to_owned()),
    );
    options.check_names(&known.collect::<Vec<_>>())?;
    server::raise_open_file_limit();

    let mut echo_table = Table::new(
        &[
            "scenario",
            "server",
            "messages/s",
            "of bare",
            "p50 µs",
            "p99 µs",
        ],
        options.is_markdown,
    );
    let mut idle_table = Table::new(
        &[
            "scenario",
            "server",
            "KiB each, no message",
            "KiB each, after one",
        ],
        options.is_markdown,
    );
    for scenario in options.select(&Scenario::all(), Scenario::names) {
        let supporting = ServerProgram::supporting(scenario.workload);
        let mut programs = options.select(&ServerProgram::ALL, |program| {
            vec![program.name().to_owned()]
        });
        programs.retain(|program| supporting.contains(program));
        eprintln!("{} …", scenario.name());
        if scenario.workload == Workload::Idle {
            measure_memory(&scenario, &programs, &mut idle_table)?;
        } else {
            measure_echo(&scenario, &programs, &options, &mut echo_table)?;
        }
    }
    for table in [echo_table, idle_table] {
        if !table.is_empty() {
            print!("{table}");
        }
    }
    Ok(())
}

/// Adds the rows of a scenario in which messages are echoed.
fn measure_echo(
    scenario: &Scenario,
    programs: &[ServerProgram],
    options: &Options,
    table: &mut Table,
) -> Fallible<()> {
    let time = options.time.unwrap_or(Duration::from_secs(1));
    let measurements = rounds::measure_in_rounds(options.rounds, programs, |&program| {
        let server = Server::start(program, scenario.workload)?;
        load::run(&server, scenario, time)
            .map_err(|error| format!("{} {}: {error}", scenario.name(), program.name()).into())
    })?;
    let medians = measurements
        .into_iter()
        .filter_map(|of_program| rounds::median(of_program, |load| load.messages_per_second));
    let medians: Vec<_> = programs.iter().zip(medians).collect();
    let bare = medians
        .iter()
        .find(|(program, _)| **program == ServerProgram::Bare);
    let bare_rate = bare.map(|(_, load)| load.messages_per_second);
    for (program, load) in medians {
        let rate = load.messages_per_second;
        table.push(vec![
            scenario.name(),
            program.name().to_owned(),
            thousands(rate),
            bare_rate.map_or("-".to_owned(), |bare_rate| {
                format!("{:.2}", rate / bare_rate)
            }),
            format!("{:.0}", load.p50.as_secs_f64() * 1e6),
            format!("{:.0}", load.p99.as_secs_f64() * 1e6),
        ]);
    }
    Ok(())
}

/// Adds the rows of a scenario with idle connections.
fn measure_memory(
    scenario: &Scenario,
    programs: &[ServerProgram],
    table: &mut Table,
) -> Fallible<()> {
    for &program in programs {
        let server = Server::start(program, scenario.workload)?;
        let memory = idle::measure(&server, scenario.connections)?;
        table.push(vec![
            scenario.name(),
            program.name().to_owned(),
            format!("{:.2}", memory.after_handshake),
            format!("{:.2}", memory.after_message),
        ]);
    }
    Ok(())
}
