//! Carries out the chosen cases between the first and the last sanity case. `server` and `client`
//! call it.

use super::output::ProgressLine;
use super::runner::{CannotRun, Peer, Runner, Settings};
use super::suite::Suite;
use crate::Error;
use crate::check::{Case, CheckedCase, RequestBase, ResultKind};
use crate::cli::CheckArgs;
use crate::commands::console::Console;
use crate::render::check::observed;
use crate::ws::Role;

/// The results of a run, and what a report says of the peer.
pub(super) struct Checked {
    pub(super) cases: Vec<CheckedCase>,
    pub(super) target: String,
    pub(super) options: String,
}

/// Carries out the chosen cases.
pub(super) async fn check(
    settings: Settings,
    suite: &Suite,
    chosen: Vec<Case>,
    console: &mut Console,
) -> Result<Vec<CheckedCase>, CannotRun> {
    let [first, last] = &suite.sanity;
    let jobs = settings.jobs;
    let (mut runner, first_result) = Runner::begin(settings, first, &suite.support_cases).await?;
    if runner.jobs() < jobs {
        console
            .notice("the server handles one connection at a time, so the cases run one at a time");
    }
    let wants = |case: &Case| chosen.iter().any(|it| it.id == case.id);
    let (wants_first, wants_last) = (wants(first), wants(last));
    let is_sanity = |case: &Case| case.id == first.id || case.id == last.id;
    let cases: Vec<Case> = chosen.into_iter().filter(|it| !is_sanity(it)).collect();
    let progress = ProgressLine::new(cases.len(), console);
    let mut checked = runner
        .run(cases, |done, failed| progress.show(done, failed))
        .await;
    progress.clear();
    let last_result = runner.end(last).await;
    if wants_first || first_result.result.kind != ResultKind::Passed {
        checked.push(first_result);
    }
    if wants_last || last_result.result.kind != ResultKind::Passed {
        checked.push(last_result);
    }
    Ok(checked)
}

pub(super) fn settings(args: &CheckArgs, peer: Peer, base: RequestBase) -> Settings {
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
        answers_pings: true,
        limits: args.limits,
        strict: args.strict,
        jobs: most,
    }
}

pub(super) fn cannot_run(why: CannotRun, peer: Role) -> Error {
    match why {
        CannotRun::Dial(error) => Error::Usage(error.to_string()),
        CannotRun::Program(why) => Error::Usage(format!("no case was run: {why}")),
        CannotRun::SanityFailed(checked) => Error::Usage(format!(
            "the {} does not pass the first case, a valid request and a ping; it sent: {}",
            peer.name(),
            observed(&checked.result)
        )),
        CannotRun::Other(error) => error,
    }
}
