//! Runs cases: several connections at a time, failed cases once more alone, and the sanity case
//! first, last and after each silence. `mod.rs` chooses the cases and reports the results.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use tokio::process::Child;
use tokio::task::JoinSet;

use crate::Error;
use crate::check::{
    Case, CaseResult, CheckedCase, Failure, Need, Observation, Probe, ProbeOptions, RequestBase,
    ResultKind, Step, Timing, Verdict,
};
use crate::net::dial::{DialError, DialOptions, Target, dial};
use crate::net::{NotConnected, Transport, run_probe, start_client};
use crate::ws::Role;

/// What all connections of a run share.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) peer: Peer,
    pub(super) base: RequestBase,
    pub(super) server_closes: Option<String>,
    pub(super) case_timeout: Duration,
    pub(super) slow_head: Option<Duration>,
    pub(super) limits: bool,
    pub(super) strict: bool,
    pub(super) jobs: usize,
}

/// What is checked.
#[derive(Clone, Debug)]
pub(super) enum Peer {
    /// A server, which is dialled.
    Server(Box<(Target, DialOptions)>),
    /// A client: the command that runs it.
    Client(String),
}

impl Peer {
    const fn role(&self) -> Role {
        match self {
            Self::Server(_) => Role::Server,
            Self::Client(_) => Role::Client,
        }
    }
}

/// What a server was seen to provide.
#[derive(Clone, Copy, Debug, Default)]
struct PeerSupport {
    echo_text: bool,
    echo_binary: bool,
    deflate: bool,
}

/// A run of cases against a server.
pub(super) struct Runner {
    settings: Rc<Settings>,
    timing: Timing,
    support: PeerSupport,
    /// The first case after which the server did not answer any more.
    killer: Option<String>,
}

/// Why a run could not begin.
pub(super) enum CannotRun {
    /// No connection.
    Dial(DialError),
    /// No connection of the client program; why.
    Program(String),
    /// The sanity case failed.
    Insane(Box<CheckedCase>),
    /// The system.
    Other(Error),
}

impl Runner {
    /// Carries out the sanity case, and finds out what the server provides.
    pub(super) async fn begin(
        settings: Settings,
        sanity: &Case,
        support_cases: &[Case; 3],
    ) -> Result<(Self, CheckedCase), CannotRun> {
        let slow_head = settings.slow_head.unwrap_or_default();
        let settings = Rc::new(settings);
        let mut runner = Self {
            timing: Timing::new(settings.case_timeout, slow_head, Duration::ZERO),
            settings,
            support: PeerSupport::default(),
            killer: None,
        };
        let first = runner.observe(sanity, true).await?;
        let round_trip = first.round_trip.unwrap_or_default();
        let result = CaseResult::of(sanity, first, true);
        let case = sanity.clone();
        let checked = CheckedCase { case, result };
        if checked.result.kind != ResultKind::Passed {
            return Err(CannotRun::Insane(Box::new(checked)));
        }
        runner.timing = Timing::new(runner.settings.case_timeout, slow_head, round_trip);
        let mut found = [false; 3];
        let mut tasks = JoinSet::new();
        for (index, case) in support_cases.iter().enumerate() {
            let task = runner.task(case.clone(), true);
            tasks.spawn_local(async move { (index, task.await) });
        }
        while let Some(finished) = tasks.join_next().await {
            if let Ok((index, (_, Ok(observation)))) = finished
                && let Some(place) = found.get_mut(index)
            {
                *place = observation.verdict == Verdict::Passed;
            }
        }
        let [echo_text, echo_binary, deflate] = found;
        runner.support = PeerSupport {
            echo_text,
            echo_binary,
            deflate,
        };
        Ok((runner, checked))
    }

    /// Carries out the cases, and calls `on_result` with the number of results so far and of
    /// failures among them.
    pub(super) async fn run(
        &mut self,
        cases: Vec<Case>,
        sanity: &Case,
        mut on_result: impl FnMut(usize, usize),
    ) -> Vec<CheckedCase> {
        let mut results: Vec<Option<CheckedCase>> = Vec::new();
        results.resize_with(cases.len(), || None);
        let all = cases.into_iter().enumerate();
        // What costs the server much must not delay the other cases.
        let (costly, waiting): (Vec<_>, Vec<_>) =
            all.partition(|(_, case)| case.needs.contains(&Need::Limits));
        let mut waiting = VecDeque::from(waiting);
        let mut tasks = JoinSet::new();
        let (mut done, mut failures) = (0, 0);
        // The cases that failed while the server was slow.
        let mut slow = Vec::new();
        loop {
            while tasks.len() < self.settings.jobs
                && let Some((index, case)) = waiting.pop_front()
            {
                if let Some(why) = self.reason_to_skip(&case) {
                    put(&mut results, index, CheckedCase { case, result: why });
                    done += 1;
                    continue;
                }
                let (task, sanity) = (self.task(case, false), self.sanity_after(sanity));
                tasks.spawn_local(async move {
                    let (case, observed) = task.await;
                    let state = if may_hurt(&case, &observed) {
                        sanity.await
                    } else {
                        ServerState::Answers
                    };
                    (index, case, observed, state)
                });
            }
            let Some(finished) = tasks.join_next().await else {
                break;
            };
            let Ok((index, case, observed, state)) = finished else {
                continue;
            };
            let result = self.result_after(&case, observed, state);
            if state == ServerState::Slow && result.kind.fails_run() {
                slow.push(index);
            }
            done += 1;
            failures += usize::from(result.kind.fails_run());
            on_result(done, failures);
            put(&mut results, index, CheckedCase { case, result });
        }
        for (index, case) in costly {
            let result = match self.reason_to_skip(&case) {
                Some(result) => result,
                None => self.result_alone(&case, sanity).await,
            };
            put(&mut results, index, CheckedCase { case, result });
        }
        for (index, checked) in results.iter_mut().enumerate() {
            if let Some(checked) = checked {
                self.repeat(checked, sanity, slow.contains(&index)).await;
            }
        }
        results.into_iter().flatten().collect()
    }

    /// Repeats a failed case alone. A different result is flaky, unless the server was slow.
    async fn repeat(&mut self, it: &mut CheckedCase, sanity: &Case, was_slow: bool) {
        let is_repeated = it.result.kind == ResultKind::Failed;
        if !is_repeated || self.killer.is_some() {
            return;
        }
        let again = self.result_alone(&it.case, sanity).await;
        let differs = again.kind != ResultKind::Failed;
        if differs && !was_slow {
            it.result.kind = ResultKind::Flaky;
            it.result.why = Some(format!("alone it is {}", again.kind.name()));
        } else {
            it.result = again;
        }
    }

    async fn result_alone(&mut self, case: &Case, sanity: &Case) -> CaseResult {
        let observed = self.task(case.clone(), true).await.1;
        let state = if may_hurt(case, &observed) {
            self.sanity_after(sanity).await
        } else {
            ServerState::Answers
        };
        self.result_after(case, observed, state)
    }

    /// The result of a case after which the server was in this state.
    fn result_after(
        &mut self,
        case: &Case,
        observed: Result<Observation, CannotRun>,
        state: ServerState,
    ) -> CaseResult {
        let mut result = self.result(case, observed);
        if state == ServerState::Dead {
            self.killer.get_or_insert_with(|| case.id.clone());
            result.kind = ResultKind::Failed;
            result.why = Some("after this case the peer does not answer any more".to_owned());
        }
        result
    }

    /// The last sanity case.
    pub(super) async fn end(&self, sanity: &Case) -> CheckedCase {
        let observed = self.task(sanity.clone(), true).await.1;
        let result = self.result(sanity, observed);
        CheckedCase {
            case: sanity.clone(),
            result,
        }
    }

    fn result(&self, case: &Case, observed: Result<Observation, CannotRun>) -> CaseResult {
        match observed {
            Ok(observation) => CaseResult::of(case, observation, self.settings.strict),
            Err(error) => CaseResult {
                kind: ResultKind::Failed,
                observation: None,
                why: Some(match error {
                    CannotRun::Dial(error) => error.to_string(),
                    CannotRun::Program(why) => why,
                    CannotRun::Insane(_) => {
                        Failure::NoResponse.cause(case, self.settings.peer.role())
                    }
                    CannotRun::Other(error) => error.to_string(),
                }),
            },
        }
    }

    /// Why a case is not carried out.
    fn reason_to_skip(&self, case: &Case) -> Option<CaseResult> {
        if let Some(killer) = &self.killer {
            return Some(CaseResult {
                kind: ResultKind::Skipped,
                observation: None,
                why: Some(format!("the peer does not answer any more after {killer}")),
            });
        }
        let lacks = |need: &&Need| match need {
            Need::EchoText => !self.support.echo_text,
            Need::EchoBinary => !self.support.echo_binary,
            Need::Deflate => !self.support.deflate,
            Need::Subprotocol => self.settings.base.subprotocols.is_empty(),
            Need::ServerCloses => self.settings.server_closes.is_none(),
            Need::Limits => !self.settings.limits,
            Need::SlowHead => self.settings.slow_head.is_none(),
        };
        case.needs
            .iter()
            .find(lacks)
            .map(|need| CaseResult::skipped(*need))
    }

    /// Whether the server still answers.
    fn sanity_after(&self, sanity: &Case) -> impl Future<Output = ServerState> + 'static {
        let (case, settings) = (sanity.clone(), Rc::clone(&self.settings));
        let timing = self.timing.patient();
        async move { ServerState::of(connect(&settings, timing, &case, Place::default()).await) }
    }

    async fn observe(&self, case: &Case, is_alone: bool) -> Result<Observation, CannotRun> {
        self.task(case.clone(), is_alone).await.1
    }

    /// Carries out a case on as many connections as it wants, until one fails.
    fn task(
        &self,
        case: Case,
        is_alone: bool,
    ) -> impl Future<Output = (Case, Result<Observation, CannotRun>)> + 'static {
        let (settings, timing) = (Rc::clone(&self.settings), self.timing);
        async move {
            let mut observed = Ok(Observation::default());
            let mut keys = Vec::new();
            for number in 0..case.connections {
                let place = Place {
                    number,
                    is_alone,
                    keys: &keys,
                };
                observed = connect(&settings, timing, &case, place).await;
                keys.extend(observed.as_ref().ok().and_then(|it| it.key.clone()));
                if !matches!(&observed, Ok(it) if it.verdict == Verdict::Passed) {
                    break;
                }
            }
            (case, observed)
        }
    }
}

/// One of the connections of a case.
#[derive(Clone, Copy, Debug, Default)]
struct Place<'a> {
    number: usize,
    /// Whether no other connection is open.
    is_alone: bool,
    /// The keys of the connections before, of a client.
    keys: &'a [String],
}

/// Opens a connection. The program of a client is killed when it is dropped.
async fn open(peer: &Peer) -> Result<(Transport, Option<Child>), CannotRun> {
    match peer {
        Peer::Server(server) => {
            let dialed = dial(&server.0, &server.1).await.map_err(CannotRun::Dial)?;
            Ok((dialed.transport, None))
        }
        Peer::Client(command) => match start_client(command).await {
            Ok((transport, program)) => Ok((transport, Some(program))),
            Err(NotConnected::Program(why)) => Err(CannotRun::Program(why)),
            Err(NotConnected::System(what, error)) => {
                Err(CannotRun::Other(Error::System(what.to_owned(), error)))
            }
        },
    }
}

async fn connect(
    settings: &Settings,
    timing: Timing,
    case: &Case,
    place: Place<'_>,
) -> Result<Observation, CannotRun> {
    let mut nonce = [0; 16];
    getrandom::fill(&mut nonce).map_err(|error| {
        CannotRun::Other(Error::Usage(format!("cannot make a random key: {error}")))
    })?;
    // The last two bits decide how the base64 of the key ends: each of the four ways comes.
    if let Some(last) = nonce.last_mut() {
        *last = *last & !3 | u8::try_from(place.number % 4).unwrap_or_default();
    }
    let (transport, _program) = open(&settings.peer).await?;
    let options = ProbeOptions {
        own: settings.peer.role().peer(),
        base: &settings.base,
        keys_before: place.keys,
        timing,
        server_closes: settings.server_closes.as_deref(),
        nonce,
        is_alone: place.is_alone,
    };
    let probe = Probe::new(case, options, std::time::Instant::now());
    Ok(run_probe(transport, probe).await)
}

/// Whether a case may have hurt the server: it said nothing, or was not let to say anything.
fn may_hurt(case: &Case, observed: &Result<Observation, CannotRun>) -> bool {
    let Ok(observation) = observed else {
        return true;
    };
    observation.is_silent
        || case.needs.contains(&Need::Limits)
        || case.steps.iter().any(|step| matches!(step, Step::Reset))
}

/// How a server answers the sanity case after a case that may have hurt it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ServerState {
    /// As always.
    Answers,
    /// Only after a while: it or the machine is busy.
    Slow,
    /// Not at all.
    Dead,
}

impl ServerState {
    fn of(sanity: Result<Observation, CannotRun>) -> Self {
        const SLOW: Duration = Duration::from_millis(200);
        match sanity {
            Ok(observation) if observation.verdict == Verdict::Passed => {
                if observation.duration > SLOW {
                    Self::Slow
                } else {
                    Self::Answers
                }
            }
            _ => Self::Dead,
        }
    }
}

fn put(results: &mut [Option<CheckedCase>], index: usize, checked: CheckedCase) {
    if let Some(place) = results.get_mut(index) {
        *place = Some(checked);
    }
}
