//! The results of the clients that run the cases by themselves, each known by the name that it
//! gives: its *agent*, as Autobahn calls it.

use std::time::{Duration, Instant};

use crate::check::{Case, CaseResult, CheckedCase, ExpectedFailures, Report, ResultKind};
use crate::ws::Role;

/// The most clients of a run: each needs memory.
const MOST_AGENTS: usize = 64;

/// The clients, in the order in which they came.
#[derive(Default)]
pub(super) struct Agents(Vec<Agent>);

/// A client.
struct Agent {
    name: String,
    /// The last result of each case that it ran.
    results: Vec<Option<CaseResult>>,
    /// The cases that run now, one for each connection.
    running: Vec<usize>,
    round_trip: Duration,
    began_at: Instant,
    ended_at: Instant,
    /// Whether a case ended after the last report.
    is_new: bool,
}

/// The results of a client, for a report.
pub(super) struct AgentResults {
    name: String,
    checked: Vec<CheckedCase>,
    fixed: Vec<String>,
    duration: Duration,
}

impl Agents {
    /// A client begins a case. Returns the longest round trip that was seen with it; None if there
    /// are too many clients.
    pub(super) fn begin(&mut self, name: &str, case: usize, count: usize) -> Option<Duration> {
        let known = self.0.iter().position(|agent| agent.name == name);
        let agent = match known {
            Some(index) => self.0.get_mut(index)?,
            None if self.0.len() < MOST_AGENTS => {
                self.0.push(Agent::new(name, count));
                self.0.last_mut()?
            }
            None => return None,
        };
        agent.running.push(case);
        Some(agent.round_trip)
    }

    /// The case of a client has ended.
    pub(super) fn end(
        &mut self,
        name: &str,
        case: usize,
        round_trip: Option<Duration>,
        result: CaseResult,
    ) {
        let Some(agent) = self.0.iter_mut().find(|agent| agent.name == name) else {
            return;
        };
        if let Some(at) = agent.running.iter().position(|running| *running == case) {
            agent.running.swap_remove(at);
        }
        agent.round_trip = agent.round_trip.max(round_trip.unwrap_or_default());
        agent.ended_at = Instant::now();
        agent.is_new = true;
        if let Some(place) = agent.results.get_mut(case) {
            *place = Some(result);
        }
    }

    /// How many cases of a client have ended, and how many of them failed.
    pub(super) fn counts(&self, name: &str) -> (usize, usize) {
        let results = self.find(name).map(|agent| agent.results.iter().flatten());
        let kinds: Vec<ResultKind> = results.into_iter().flatten().map(|it| it.kind).collect();
        let failed = kinds.iter().filter(|kind| kind.fails_run()).count();
        (kinds.len(), failed)
    }

    /// Whether a client runs a case now: this one, or any.
    pub(super) fn is_running(&self, name: &str, case: Option<usize>) -> bool {
        let is_meant = |running: &usize| case.is_none_or(|case| case == *running);
        self.find(name)
            .is_some_and(|agent| agent.running.iter().any(is_meant))
    }

    /// Whether a client runs a case now.
    pub(super) fn is_any_running(&self) -> bool {
        self.0.iter().any(|agent| !agent.running.is_empty())
    }

    /// The result of a case; None if the client did not run it.
    pub(super) fn result(&self, name: &str, case: usize) -> Option<ResultKind> {
        let result = self.find(name)?.results.get(case)?.as_ref()?;
        Some(result.kind)
    }

    /// The results of the clients that `is_chosen` names and that ended cases after their last
    /// report. They count as reported.
    pub(super) fn take_results(
        &mut self,
        cases: &[Case],
        expected: &ExpectedFailures,
        is_chosen: impl Fn(&str) -> bool,
    ) -> Vec<AgentResults> {
        let chosen = self
            .0
            .iter_mut()
            .filter(|agent| agent.is_new && is_chosen(&agent.name));
        let results = chosen.map(|agent| {
            agent.is_new = false;
            agent.results(cases, expected)
        });
        results.collect()
    }

    /// The results of all clients that ran a case.
    pub(super) fn all_results(
        &self,
        cases: &[Case],
        expected: &ExpectedFailures,
    ) -> Vec<AgentResults> {
        let with_results = self.0.iter().filter(|agent| agent.has_results());
        with_results
            .map(|agent| agent.results(cases, expected))
            .collect()
    }

    /// Whether a client ran a case.
    pub(super) fn has_results(&self) -> bool {
        self.0.iter().any(Agent::has_results)
    }

    fn find(&self, name: &str) -> Option<&Agent> {
        self.0.iter().find(|agent| agent.name == name)
    }
}

impl Agent {
    fn new(name: &str, count: usize) -> Self {
        let now = Instant::now();
        let mut results = Vec::new();
        results.resize_with(count, || None);
        Self {
            name: name.to_owned(),
            results,
            running: Vec::new(),
            round_trip: Duration::ZERO,
            began_at: now,
            ended_at: now,
            is_new: false,
        }
    }

    fn has_results(&self) -> bool {
        self.results.iter().any(Option::is_some)
    }

    fn results(&self, cases: &[Case], expected: &ExpectedFailures) -> AgentResults {
        let not_run = || CaseResult {
            kind: ResultKind::Skipped,
            observation: None,
            why: Some("the client did not run it".to_owned()),
        };
        let both = cases.iter().zip(&self.results);
        let mut checked: Vec<CheckedCase> = both
            .map(|(case, result)| CheckedCase {
                case: case.clone(),
                result: result.clone().unwrap_or_else(not_run),
            })
            .collect();
        AgentResults {
            name: self.name.clone(),
            fixed: expected.apply(&mut checked),
            checked,
            duration: self.ended_at.saturating_duration_since(self.began_at),
        }
    }
}

impl AgentResults {
    /// The report of the client.
    pub(super) fn report(&self) -> Report<'_> {
        Report {
            peer: Role::Client,
            target: &self.name,
            agent: Some(&self.name),
            options: "",
            checked: &self.checked,
            fixed: &self.fixed,
            duration: self.duration,
        }
    }
}
