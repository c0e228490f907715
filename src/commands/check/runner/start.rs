//! The beginning of a run: the sanity case, and what the peer is seen to provide.

use std::rc::Rc;
use std::time::Duration;

use super::connection::answers_beside;
use super::support::PeerSupport;
use super::suspects::Suspects;
use super::{CannotRun, Peer, Runner, Settings};
use crate::check::{
    Case, CaseFailure, CaseResult, CheckedCase, ResultKind, Timing, Verdict,
    sanity_case_without_ping,
};

impl Runner {
    /// Carries out the sanity case, and finds out what the peer provides.
    pub(in crate::commands::check) async fn begin(
        settings: Settings,
        sanity: &Case,
        support_cases: &[Case; 3],
    ) -> Result<(Self, CheckedCase), CannotRun> {
        let (case_timeout, slow_head) = (
            settings.case_timeout,
            settings.slow_head.unwrap_or_default(),
        );
        let mut runner = Self {
            timing: Timing::new(case_timeout, slow_head, Duration::ZERO),
            settings: Rc::new(settings),
            support: PeerSupport::default(),
            sanity: sanity.clone(),
            suspects: Suspects::default(),
            has_stopped: false,
        };
        let first = runner.task(sanity.clone(), true).await.1?;
        let round_trip = first.round_trip.unwrap_or_default();
        let checked = CheckedCase {
            case: sanity.clone(),
            result: CaseResult::of(sanity, first, true),
        };
        if checked.result.kind != ResultKind::Passed
            && !runner.goes_on_without_pings(&checked).await
        {
            return Err(CannotRun::SanityFailed(Box::new(checked)));
        }
        runner.timing = Timing::new(case_timeout, slow_head, round_trip).after_start();
        runner.limit_jobs().await?;
        runner.support = runner.find_support(support_cases).await;
        Ok((runner, checked))
    }

    /// Carries out one case at a time if the server handles one connection at a time.
    async fn limit_jobs(&mut self) -> Result<(), CannotRun> {
        let settings = &self.settings;
        if settings.jobs > 1
            && matches!(settings.peer, Peer::Server(_))
            && !answers_beside(settings, self.timing, &self.sanity).await?
        {
            Rc::make_mut(&mut self.settings).jobs = 1;
        }
        Ok(())
    }

    async fn find_support(&self, support_cases: &[Case; 3]) -> PeerSupport {
        let mut found = [false; 3];
        for (case, place) in support_cases.iter().zip(&mut found) {
            let observed = self.task(case.clone(), true).await.1;
            *place = observed.is_ok_and(|it| it.verdict == Verdict::Passed);
        }
        let [echo_text, echo_binary, deflate] = found;
        PeerSupport {
            echo_text,
            echo_binary,
            deflate,
        }
    }

    /// Whether the peer fails the sanity case only because it does not answer pings. Then the
    /// cases wait for a close instead of a pong.
    async fn goes_on_without_pings(&mut self, first: &CheckedCase) -> bool {
        let failure = first.result.failure();
        if !matches!(failure, Some(CaseFailure::NoPong | CaseFailure::Closed)) {
            return false;
        }
        self.sanity = sanity_case_without_ping(&first.case);
        Rc::make_mut(&mut self.settings).answers_pings = false;
        let observed = self.task(self.sanity.clone(), true).await.1;
        observed.is_ok_and(|it| it.verdict == Verdict::Passed)
    }
}
