//! `wsctl check`: chooses the cases, runs them against a server or a client program, and reports
//! the results.

mod address;
mod runner;

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::time::Instant;
use std::{fs, io};

use tokio::runtime;

use self::runner::{CannotRun, Peer, Runner, Settings};
use super::console::Console;

use super::dial::{Dialling, OpenError, findings, open};
use crate::check::{
    Case, CheckedCase, ExpectedFailures, Report, RequestBase, ResultKind, client_cases,
    client_sanity_cases, client_support_cases, matches, sanity_cases, server_cases, support_cases,
};
use crate::cli::{CheckArgs, CheckFormat};
use crate::net::dial::DialError;
use crate::render::check as report;
use crate::ws::Role;
use crate::{Error, Outcome};

/// The columns of the report.
const WIDTH: usize = 80;

pub(super) fn run(args: &CheckArgs, console: &mut Console) -> Result<Outcome, Error> {
    let suite = Suite::new(args);
    let expected = expected_failures(args, &suite.cases)?;
    let chosen = suite.cases.iter().filter(|case| is_chosen(args, case));
    let chosen: Vec<Case> = chosen.cloned().collect();
    if chosen.is_empty() {
        let why = "no case matches; `wsctl check --list` lists all";
        return Err(Error::Usage(why.to_owned()));
    }
    if args.list {
        return list(args, &chosen, suite.peer, console);
    }
    if args.dial.deflate.is_some() {
        let why = "check offers permessage-deflate where a case needs it; leave --deflate out";
        return Err(Error::Usage(why.to_owned()));
    }
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build_local(runtime::LocalOptions::default())
        .map_err(|error| Error::System("start".to_owned(), error))?;
    let started = Instant::now();
    let mut checked = match &args.exec {
        Some(command) => runtime.block_on(check_client(args, command, &suite, chosen, console)),
        None => runtime.block_on(check_server(args, &suite, chosen, console)),
    }?;
    let fixed = expected.apply(&mut checked.cases);
    let report = Report {
        peer: suite.peer,
        target: &checked.target,
        options: &checked.options,
        checked: &checked.cases,
        fixed: &fixed,
        duration: started.elapsed(),
    };
    print(args, &report, console)?;
    Ok(Outcome::problem_if(report.has_failed()))
}

/// The cases of a kind of peer.
struct Suite {
    peer: Role,
    cases: Vec<Case>,
    /// The first and the last case.
    sanity: [Case; 2],
    /// The cases that find out what the peer provides.
    support_cases: [Case; 3],
}

impl Suite {
    fn new(args: &CheckArgs) -> Self {
        if args.exec.is_some() || args.clients {
            Self {
                peer: Role::Client,
                cases: client_cases(),
                sanity: client_sanity_cases(),
                support_cases: client_support_cases(),
            }
        } else {
            Self {
                peer: Role::Server,
                cases: server_cases(),
                sanity: sanity_cases(),
                support_cases: support_cases(),
            }
        }
    }
}

/// The results of a run, and what a report says of the peer.
struct Checked {
    cases: Vec<CheckedCase>,
    target: String,
    options: String,
}

async fn check_server(
    args: &CheckArgs,
    suite: &Suite,
    chosen: Vec<Case>,
    console: &mut Console,
) -> Result<Checked, Error> {
    let dialling = Dialling::new(args.url.as_deref().unwrap_or_default(), &args.dial)?;
    let dialling = redirected(args, dialling, console).await?;
    if !args.yes {
        address::refuse_public(&dialling).await?;
    }
    let base = RequestBase {
        target: dialling.target.path.clone(),
        host: dialling.target.authority(),
        extra: dialling.headers.clone(),
        subprotocols: args.dial.subprotocol.clone(),
    };
    let server = (dialling.target.clone(), dialling.options.clone());
    let settings = settings(args, Peer::Server(Box::new(server)), base);
    let checked = check(settings, suite, chosen, console).await;
    let mut cases = checked.map_err(|why| match why {
        CannotRun::Dial(error) => no_connection(&error, &dialling, console),
        other => cannot_run(other, suite.peer),
    })?;
    if !args.dial.show_secrets {
        hide_secrets(&mut cases, &dialling);
    }
    Ok(Checked {
        cases,
        target: dialling.target.to_string(),
        options: connect_options(args, &dialling),
    })
}

async fn check_client(
    args: &CheckArgs,
    command: &str,
    suite: &Suite,
    chosen: Vec<Case>,
    console: &mut Console,
) -> Result<Checked, Error> {
    if !command.contains("{url}") {
        let why = "--exec: the command has no {url}, which is replaced by the URL to connect to";
        return Err(Error::Usage(why.to_owned()));
    }
    let client = Peer::Client(command.to_owned());
    let settings = settings(args, client, RequestBase::default());
    let checked = check(settings, suite, chosen, console).await;
    Ok(Checked {
        cases: checked.map_err(|why| cannot_run(why, suite.peer))?,
        target: command.to_owned(),
        options: String::new(),
    })
}

/// What is dialled after the redirects that `--location` follows.
async fn redirected(
    args: &CheckArgs,
    dialling: Dialling,
    console: &mut Console,
) -> Result<Dialling, Error> {
    if !args.dial.location {
        return Ok(dialling);
    }
    match open(dialling, &args.dial).await {
        Ok(answered) => Ok(answered.dialling),
        Err(OpenError::Dial(dialling, error)) => Err(no_connection(&error, &dialling, console)),
        Err(OpenError::Other(error)) => Err(error),
    }
}

/// Reports why there is no connection.
fn no_connection(error: &DialError, dialling: &Dialling, console: &mut Console) -> Error {
    for finding in findings(error, dialling) {
        console.report(&finding);
    }
    Error::Usage("no case was run, because there is no connection".to_owned())
}

/// Replaces the credentials in the requests that are shown.
fn hide_secrets(checked: &mut [CheckedCase], dialling: &Dialling) {
    let secrets = dialling.headers.iter().filter(|header| header.is_secret());
    let secrets: Vec<(String, String)> = secrets
        .map(|header| (header.text(), header.redacted()))
        .collect();
    if secrets.is_empty() {
        return;
    }
    let observations = checked
        .iter_mut()
        .filter_map(|it| it.result.observation.as_mut());
    for observation in observations {
        let mut request = String::from_utf8_lossy(&observation.request).into_owned();
        for (value, hidden) in &secrets {
            request = request.replace(value, hidden);
        }
        observation.request = request.into_bytes();
    }
}

/// The options of `wsctl connect` that make the same request.
fn connect_options(args: &CheckArgs, dialling: &Dialling) -> String {
    let mut options = String::new();
    if let Some(name) = args.dial.subprotocol.first() {
        options.extend([" -s ", name]);
    }
    for header in &dialling.headers {
        let value = if args.dial.show_secrets {
            header.text()
        } else {
            header.redacted()
        };
        options.extend([" -H '", &header.name, ": ", &value, "'"]);
    }
    options
}

/// Prints the cases.
fn list(
    args: &CheckArgs,
    cases: &[Case],
    peer: Role,
    console: &mut Console,
) -> Result<Outcome, Error> {
    let mut out = Vec::new();
    match args.format {
        CheckFormat::Text => report::push_list(&mut out, console.style(), cases),
        CheckFormat::Json => report::push_json_list(&mut out, cases, peer),
    }
    console.print(&mut out)?;
    Ok(Outcome::Clean)
}

fn is_chosen(args: &CheckArgs, case: &Case) -> bool {
    let is_one_of = |patterns: &[String]| patterns.iter().any(|it| matches(it, &case.id));
    (args.only.is_empty() || is_one_of(&args.only)) && !is_one_of(&args.skip)
}

fn expected_failures(args: &CheckArgs, all: &[Case]) -> Result<ExpectedFailures, Error> {
    let Some(path) = &args.expect_fail else {
        return Ok(ExpectedFailures::default());
    };
    let text = fs::read_to_string(path)
        .map_err(|error| Error::System(format!("read {}", path.display()), error))?;
    let expected = ExpectedFailures::parse(&text);
    match expected.unknown(all) {
        None => Ok(expected),
        Some(line) => Err(Error::Usage(format!(
            "{}: no case matches `{line}`; `wsctl check --list` lists all",
            path.display()
        ))),
    }
}

/// Carries out the chosen cases.
async fn check(
    settings: Settings,
    suite: &Suite,
    chosen: Vec<Case>,
    console: &Console,
) -> Result<Vec<CheckedCase>, CannotRun> {
    let [first, last] = &suite.sanity;
    let (mut runner, first_result) = Runner::begin(settings, first, &suite.support_cases).await?;
    let wants = |case: &Case| chosen.iter().any(|it| it.id == case.id);
    let (wants_first, wants_last) = (wants(first), wants(last));
    let is_sanity = |case: &Case| case.id == first.id || case.id == last.id;
    let cases: Vec<Case> = chosen.into_iter().filter(|it| !is_sanity(it)).collect();
    let mut progress = Progress::new(cases.len(), console);
    let mut checked = runner
        .run(cases, first, |done, failed| progress.show(done, failed))
        .await;
    progress.clear();
    let last_result = runner.end(last).await;
    if wants_first {
        checked.push(first_result);
    }
    if wants_last || last_result.result.kind != ResultKind::Passed {
        checked.push(last_result);
    }
    Ok(checked)
}

fn settings(args: &CheckArgs, peer: Peer, base: RequestBase) -> Settings {
    // A client is a process, which costs more than a connection.
    let most = match peer {
        Peer::Server(_) => args.jobs,
        Peer::Client(_) => args.jobs.min(8),
    };
    Settings {
        peer,
        base,
        server_closes: args.server_closes.clone(),
        case_timeout: args.case_timeout,
        slow_head: args.slow_head,
        limits: args.limits,
        strict: args.strict,
        jobs: most,
    }
}

fn cannot_run(why: CannotRun, peer: Role) -> Error {
    match why {
        CannotRun::Dial(error) => Error::Usage(error.to_string()),
        CannotRun::Program(why) => Error::Usage(format!("no case was run: {why}")),
        CannotRun::Insane(checked) => {
            let observed = checked.result.observation.map(|it| it.observed.join(", "));
            Error::Usage(format!(
                "the {} does not pass the first case, a valid request and a ping; it sent: {}",
                peer.name(),
                observed.unwrap_or_default()
            ))
        }
        CannotRun::Other(error) => error,
    }
}

/// Writes the report, and the files that were asked for.
fn print(args: &CheckArgs, report: &Report<'_>, console: &mut Console) -> Result<(), Error> {
    let mut out = Vec::new();
    match args.format {
        CheckFormat::Json => report::push_json(&mut out, report),
        CheckFormat::Text => {
            report::push_text(&mut out, console.style(), report, args.verbose, WIDTH);
        }
    }
    if let Some(path) = &args.junit {
        write(path, report::junit(report).as_bytes())?;
    }
    if let Some(path) = &args.markdown {
        write(path, report::markdown(report).as_bytes())?;
    }
    if let Some(path) = &args.write_expected {
        write(path, ExpectedFailures::of(report.checked).as_bytes())?;
    }
    console.print(&mut out)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    fs::write(path, bytes)
        .map_err(|error| Error::System(format!("write {}", path.display()), error))
}

/// A line on a terminal that says how many cases are done.
struct Progress {
    total: usize,
    is_shown: bool,
}

impl Progress {
    fn new(total: usize, console: &Console) -> Self {
        let is_shown = io::stderr().is_terminal() && !console.is_quiet();
        Self { total, is_shown }
    }

    fn show(&mut self, done: usize, failed: usize) {
        if self.is_shown {
            let line = format!("\r{done} of {} cases, {failed} failed ", self.total);
            // An error on standard error cannot be reported anywhere.
            let _ = io::stderr().write_all(line.as_bytes());
        }
    }

    fn clear(&mut self) {
        if self.is_shown {
            let _ = io::stderr().write_all(b"\r\x1b[K");
        }
    }
}
