//! Runs cases: several connections at a time, failed cases once more, and the sanity case
//! first, last and after each silence. `run` gives the cases and takes the results.

mod connection;
mod results;
mod start;
mod state;
mod support;
mod suspects;

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use tokio::task::JoinSet;

pub(super) use connection::{CannotRun, Peer, Settings};

use connection::{CaseConnectionInfo, connect};
use results::Results;
use state::{PeerState, may_hurt};
use support::PeerSupport;
use suspects::Suspects;

use crate::check::{
    Case, CaseFailure, CaseResult, CheckedCase, Need, Observation, ResultKind, Timing, Verdict,
};

/// A run of cases against a peer.
pub(super) struct Runner {
    settings: Rc<Settings>,
    timing: Timing,
    support: PeerSupport,
    /// The case that is repeated to see whether the peer still answers.
    sanity: Case,
    suspects: Suspects,
    /// Whether the peer does not answer any more.
    has_stopped: bool,
}

/// How long failed cases may take that are repeated alone. A few of them are; of a peer that
/// fails a hundred cases by silence, that would take minutes.
const TIME_ALONE: Duration = Duration::from_secs(3);

/// A case that ended.
struct EndedCase {
    /// Its place among the cases.
    index: usize,
    case: Case,
    observed: Result<Observation, CannotRun>,
    /// The state of the peer after it.
    state: PeerState,
    /// When it began.
    began: usize,
}

impl Runner {
    /// How many cases are carried out at a time.
    pub(super) fn jobs(&self) -> usize {
        self.settings.jobs
    }

    /// Carries out the cases, and calls `on_result` with the number of results so far and of
    /// failures among them.
    pub(super) async fn run(
        &mut self,
        cases: Vec<Case>,
        mut on_result: impl FnMut(usize, usize),
    ) -> Vec<CheckedCase> {
        let mut results = Results::new(cases.len());
        let all = cases.into_iter().enumerate();
        // What costs the peer much must not delay the other cases.
        let (costly, others): (Vec<_>, Vec<_>) =
            all.partition(|(_, case)| case.needs.contains(&Need::Limits));
        let jobs = self.settings.jobs;
        self.run_together(others, jobs, &mut results, &mut on_result)
            .await;
        for (index, case) in costly {
            let result = match self.reason_to_skip(&case) {
                Some(result) => result,
                None => self.result_alone(index, &case).await,
            };
            results.put(index, case, result);
            on_result(results.done, results.failures);
        }
        self.see_whether_stopped().await;
        if self.has_stopped {
            let first = self.suspects.first();
            let is_left_out = |index| Some(index) != first && self.suspects.is_affected(index);
            results.leave_out(is_left_out, &not_carried_out());
        }
        let long = if self.settings.answers_pings {
            results.failed_beyond(TIME_ALONE)
        } else {
            // Each of them only waits.
            results.failed_beyond(Duration::ZERO)
        };
        if self.settings.jobs > 1 {
            self.repeat_together(long, &mut results).await;
        } else {
            // They were alone.
            results.keep(&long);
        }
        self.repeat_alone(&mut results).await;
        self.see_whether_stopped().await;
        if self.has_stopped
            && let Some(first) = self.suspects.first()
        {
            results.fail(first, &self.suspects.cause());
        }
        results.checked.into_iter().flatten().collect()
    }

    /// Sees whether the last cases have stopped the peer. A connection that ends without a word is
    /// what some of them demand.
    async fn see_whether_stopped(&mut self) {
        if !self.has_stopped && !self.suspects.ids().is_empty() {
            self.has_stopped = self.sanity_after().await == PeerState::Dead;
        }
    }

    /// Carries out cases, at most `jobs` at a time.
    async fn run_together(
        &mut self,
        cases: Vec<(usize, Case)>,
        jobs: usize,
        results: &mut Results,
        on_result: &mut impl FnMut(usize, usize),
    ) {
        let mut waiting = VecDeque::from(cases);
        let mut tasks = JoinSet::new();
        loop {
            while tasks.len() < jobs
                && let Some((index, case)) = waiting.pop_front()
            {
                match self.reason_to_skip(&case) {
                    Some(result) => results.put(index, case, result),
                    None => drop(tasks.spawn_local(self.case_and_state(index, case, false))),
                }
            }
            let Some(finished) = tasks.join_next().await else {
                return;
            };
            let Ok(ended) = finished else {
                continue;
            };
            let (index, state) = (ended.index, ended.state);
            let (case, result) = self.result_after(ended);
            if state == PeerState::Slow && result.kind.fails_run() {
                results.failed_slow.push(index);
            }
            results.put(index, case, result);
            on_result(results.done, results.failures);
        }
    }

    /// Carries out a case, and sees whether the peer still answers if the case may have hurt it.
    fn case_and_state(
        &self,
        index: usize,
        case: Case,
        is_alone: bool,
    ) -> impl Future<Output = EndedCase> + 'static {
        let (task, sanity) = (self.task(case, is_alone), self.sanity_after());
        let began = self.suspects.now();
        async move {
            let (case, observed) = task.await;
            let state = if may_hurt(&case, &observed) {
                sanity.await
            } else {
                PeerState::Answers
            };
            EndedCase {
                index,
                case,
                observed,
                state,
                began,
            }
        }
    }

    /// Repeats each failed case alone that was not repeated.
    async fn repeat_alone(&mut self, results: &mut Results) {
        for (index, case) in results.failed() {
            if self.has_stopped {
                return;
            }
            let again = self.result_alone(index, &case).await;
            if !self.has_stopped {
                results.put_again(index, again);
            }
        }
    }

    /// Repeats failed cases, eight at a time, or as many as in the first run if the peer answers no
    /// pings. Those after which the peer was slow are left to be repeated alone.
    async fn repeat_together(&mut self, failed: Vec<(usize, Case)>, results: &mut Results) {
        if self.has_stopped {
            return;
        }
        let jobs = if self.settings.answers_pings {
            self.settings.jobs.min(8)
        } else {
            self.settings.jobs
        };
        let mut again = Results::new(results.checked.len());
        self.run_together(failed, jobs, &mut again, &mut |_, _| {})
            .await;
        if self.has_stopped {
            return;
        }
        for (index, checked) in again.checked.into_iter().enumerate() {
            if let Some(checked) = checked
                && !again.failed_slow.contains(&index)
            {
                results.put_again(index, checked.result);
            }
        }
    }

    async fn result_alone(&mut self, index: usize, case: &Case) -> CaseResult {
        let ended = self.case_and_state(index, case.clone(), true).await;
        self.result_after(ended).1
    }

    /// The result of a case that ended.
    fn result_after(&mut self, ended: EndedCase) -> (Case, CaseResult) {
        let place = (ended.index, &ended.case);
        let peer = self.settings.peer.role();
        self.suspects.add(place, &ended.observed, ended.began, peer);
        self.has_stopped |= ended.state == PeerState::Dead;
        let result = self.result(&ended.case, ended.observed);
        (ended.case, result)
    }

    /// The last sanity case. A peer that does not answer pings has failed the first one with it.
    pub(super) async fn end(&self, last: &Case) -> CheckedCase {
        if self.has_stopped {
            return CheckedCase {
                case: last.clone(),
                result: not_carried_out(),
            };
        }
        let sanity = if self.settings.answers_pings {
            last
        } else {
            &self.sanity
        };
        let observed = self.task(sanity.clone(), true).await.1;
        let mut result = self.result(sanity, observed);
        if !self.settings.answers_pings && result.kind == ResultKind::Passed {
            result.kind = ResultKind::Skipped;
            result.why = Some("the peer does not answer pings".to_owned());
        }
        CheckedCase {
            case: last.clone(),
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
                    CannotRun::SanityFailed(_) => {
                        CaseFailure::NoResponse.cause(case, self.settings.peer.role())
                    }
                    CannotRun::Other(error) => error.to_string(),
                }),
            },
        }
    }

    /// The result of a case that is not carried out.
    fn reason_to_skip(&self, case: &Case) -> Option<CaseResult> {
        if self.has_stopped {
            return Some(not_carried_out());
        }
        self.support.skipped(case, &self.settings)
    }

    /// Whether the peer still answers.
    fn sanity_after(&self) -> impl Future<Output = PeerState> + 'static {
        let (case, settings) = (self.sanity.clone(), Rc::clone(&self.settings));
        let timing = self.timing.patient();
        async move {
            let observed = connect(&settings, timing, &case, CaseConnectionInfo::default()).await;
            let own_wait = if settings.answers_pings {
                Duration::ZERO
            } else {
                timing.unanswered
            };
            PeerState::of(observed, own_wait)
        }
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
                let place = CaseConnectionInfo {
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

/// The result of a case of a peer that has stopped.
fn not_carried_out() -> CaseResult {
    CaseResult {
        kind: ResultKind::Skipped,
        observation: None,
        why: Some("the peer does not answer any more".to_owned()),
    }
}
