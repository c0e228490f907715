//! `wsctl check`: chooses the cases, runs them against a server or a client, and reports the
//! results.

mod address;
mod agents;
mod client;
mod listen;
mod output;
mod run;
mod runner;
mod server;
mod suite;

use std::time::Instant;

use tokio::runtime;

use self::suite::{Suite, chosen, expected_failures};
use super::console::Console;
use crate::check::Report;
use crate::cli::CheckArgs;
use crate::{Error, Outcome};

pub(super) fn run(args: &CheckArgs, console: &mut Console) -> Result<Outcome, Error> {
    let suite = Suite::new(args);
    let chosen = chosen(args, &suite.cases)?;
    if args.list {
        return suite::list(args, &chosen, suite.peer, console);
    }
    if args.dial.deflate.is_some() {
        let why = "check offers permessage-deflate where a case needs it; leave --deflate out";
        return Err(Error::Usage(why.to_owned()));
    }
    let expected = expected_failures(args, console)?;
    output::check_files(args)?;
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build_local(runtime::LocalOptions::default())
        .map_err(|error| Error::System("start".to_owned(), error))?;
    if let Some(port) = args.listen {
        let checked = listen::check_clients(args, port, chosen, &expected, console);
        return runtime.block_on(checked);
    }
    let started = Instant::now();
    let mut checked = match &args.exec {
        Some(command) => {
            runtime.block_on(client::check_client(args, command, &suite, chosen, console))
        }
        None => runtime.block_on(server::check_server(args, &suite, chosen, console)),
    }?;
    let fixed = expected.apply(&mut checked.cases);
    let report = Report {
        peer: suite.peer,
        target: &checked.target,
        agent: None,
        options: &checked.options,
        checked: &checked.cases,
        fixed: &fixed,
        duration: started.elapsed(),
    };
    output::print(args, &report, args.verbose, console)?;
    output::write_files(args, &[report])?;
    Ok(Outcome::problem_if(report.has_failed()))
}
