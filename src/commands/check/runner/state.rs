//! Whether the peer still answers after a case that may have hurt it.

use std::time::Duration;

use super::connection::CannotRun;
use crate::check::{Case, CaseStep, Need, Observation, Verdict};

/// Whether a case may have hurt the server: it said nothing, or was not let to say anything.
pub(super) fn may_hurt(case: &Case, observed: &Result<Observation, CannotRun>) -> bool {
    let Ok(observation) = observed else {
        return true;
    };
    observation.is_silent
        || case.needs.contains(&Need::Limits)
        || case
            .steps
            .iter()
            .any(|step| matches!(step, CaseStep::Reset))
}

/// How a server answers the sanity case after a case that may have hurt it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PeerState {
    /// As always.
    Answers,
    /// Only after a while: it or the machine is busy.
    Slow,
    /// Not at all.
    Dead,
}

impl PeerState {
    /// `own_wait` is the time that the sanity case itself waits.
    pub(super) fn of(sanity: Result<Observation, CannotRun>, own_wait: Duration) -> Self {
        const SLOW: Duration = Duration::from_millis(200);
        match sanity {
            Ok(observation) if observation.verdict == Verdict::Passed => {
                if observation.duration > SLOW + own_wait {
                    Self::Slow
                } else {
                    Self::Answers
                }
            }
            _ => Self::Dead,
        }
    }
}
