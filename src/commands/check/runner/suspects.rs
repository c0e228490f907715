//! Which case stopped the peer. Cases run at the same time, and a peer that ends while it handles
//! one of them ends the connections of the others too.

use super::connection::CannotRun;
use crate::check::{Case, Observation};
use crate::ws::Role;

/// The cases that ended since the peer was last seen to answer a new connection.
#[derive(Debug, Default)]
pub(super) struct Suspects {
    recent: Vec<RecentCase>,
    /// How many cases have ended.
    ended: usize,
}

/// A case that ended, and what it shows.
#[derive(Debug)]
struct RecentCase {
    index: usize,
    id: String,
    /// How many cases had ended before it.
    place: usize,
    trace: Trace,
}

/// What the connection of a case shows about a peer that does not answer any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trace {
    /// The peer answered to the end.
    Answered,
    /// The connection ended, or went silent, without a word of the peer: this case may have
    /// stopped it.
    Cut,
    /// The peer did not take the connection, or did not answer a valid request: it had stopped
    /// before.
    Refused,
}

impl Suspects {
    /// How many cases have ended. It is the time at which a case begins.
    pub(super) const fn now(&self) -> usize {
        self.ended
    }

    /// Takes a case that ended. `began` is the time at which it began.
    pub(super) fn add(
        &mut self,
        (index, case): (usize, &Case),
        observed: &Result<Observation, CannotRun>,
        began: usize,
        peer: Role,
    ) {
        if peer == Role::Client {
            // Each case has a process of its own.
            self.recent.clear();
        } else if observed.as_ref().is_ok_and(is_answered) {
            self.recent.retain(|it| it.place >= began);
        }
        self.recent.push(RecentCase {
            index,
            id: case.id.clone(),
            place: self.ended,
            trace: Trace::of(case, observed),
        });
        self.ended += 1;
    }

    /// The first case that may have stopped the peer, or the first that found it stopped.
    pub(super) fn first(&self) -> Option<usize> {
        let first = |trace| self.recent.iter().find(|it| it.trace == trace);
        let first = first(Trace::Cut).or_else(|| first(Trace::Refused));
        first.map(|it| it.index)
    }

    /// The ids of the cases that may have stopped the peer, in the order of their ends.
    pub(super) fn ids(&self) -> Vec<&str> {
        let cut = self.recent.iter().filter(|it| it.trace == Trace::Cut);
        cut.map(|it| it.id.as_str()).collect()
    }

    /// Why the first case fails.
    pub(super) fn cause(&self) -> String {
        match self.ids()[..] {
            [] => "the peer takes no more connections".to_owned(),
            [_] => "after this case the peer does not answer any more".to_owned(),
            ref ids => format!(
                "the peer does not answer any more after one of {} cases that ran at the same time, \
                 and --jobs 1 tells which: {}",
                ids.len(),
                ids.join(", ")
            ),
        }
    }

    /// Whether a case ended as it did because the peer had stopped, or stopped it.
    pub(super) fn is_affected(&self, index: usize) -> bool {
        let mut recent = self.recent.iter();
        recent.any(|it| it.index == index && it.trace != Trace::Answered)
    }
}

/// Whether the peer answered the request of this connection.
fn is_answered(observation: &Observation) -> bool {
    let mut names = observation.observed.iter().map(|it| it.name.as_str());
    names.any(|name| name.starts_with("HTTP ") && !is_unavailable(name))
}

/// Whether a response says that the server is about to stop.
fn is_unavailable(name: &str) -> bool {
    name.starts_with("HTTP 5")
}

impl Trace {
    fn of(case: &Case, observed: &Result<Observation, CannotRun>) -> Self {
        let Ok(observation) = observed else {
            return Self::Refused;
        };
        let names = || observation.observed.iter().map(|it| it.name.as_str());
        let is_valid = case.opening.changes.is_empty();
        let is_unanswered = is_valid && !names().any(|name| name.starts_with("HTTP "));
        if is_unanswered || names().any(is_unavailable) {
            return Self::Refused;
        }
        let is_refusal = |name: &str| name.starts_with("HTTP ") && name != "HTTP 101";
        if names().any(|name| is_refusal(name) || name.starts_with("close")) {
            return Self::Answered;
        }
        match names().next_back() {
            None | Some("FIN" | "RST") => Self::Cut,
            Some(_) if observation.is_silent => Self::Cut,
            Some(_) => Self::Answered,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use crate::check::{Observed, server_cases};

    /// What was observed: these names, and whether the peer was silent then.
    fn observed(names: &[&str], is_silent: bool) -> Observation {
        let mut observation = Observation::default();
        observation.observed = names.iter().map(|name| Observed::new(*name)).collect();
        observation.is_silent = is_silent;
        observation
    }

    /// The suspects after cases that began at these times and ended like this; None: without a
    /// connection.
    fn suspects(ended: Vec<(usize, Option<Observation>)>) -> Suspects {
        let mut suspects = Suspects::default();
        for (index, ((began, observed), case)) in ended.into_iter().zip(server_cases()).enumerate()
        {
            let no_connection = || CannotRun::Other(Error::Usage(String::new()));
            let observed = observed.ok_or_else(no_connection);
            suspects.add((index, &case), &observed, began, Role::Server);
        }
        suspects
    }

    fn indexes(suspects: &Suspects) -> Vec<usize> {
        let cases = server_cases();
        let index = |id: &&str| cases.iter().position(|case| case.id == *id).unwrap();
        suspects.ids().iter().map(index).collect()
    }

    #[test]
    fn the_case_before_the_first_that_finds_no_server_stopped_it() {
        let found = suspects(vec![
            (0, Some(observed(&["HTTP 101", "pong"], false))),
            (1, Some(observed(&["HTTP 101", "RST"], false))),
            (2, None),
        ]);
        assert_eq!((found.first(), indexes(&found)), (Some(1), vec![1]));
        let affected: Vec<bool> = (0..3).map(|index| found.is_affected(index)).collect();
        assert_eq!(affected, [false, true, true]);
    }

    #[test]
    fn a_case_is_no_suspect_if_the_server_answers_a_case_that_began_after_it() {
        let found = suspects(vec![
            (0, Some(observed(&["HTTP 101", "FIN"], false))),
            (0, Some(observed(&["HTTP 101"], true))),
            (1, Some(observed(&["HTTP 101", "FIN"], false))),
            (3, None),
        ]);
        assert_eq!(indexes(&found), [1, 2]);
    }

    #[test]
    fn a_server_that_refuses_or_closes_in_words_was_not_stopped() {
        let found = suspects(vec![
            (0, Some(observed(&["HTTP 400", "FIN"], false))),
            (0, Some(observed(&["HTTP 101", "close 1002", "FIN"], false))),
            (0, Some(observed(&["HTTP 101", "text"], false))),
            (0, Some(observed(&["HTTP 503", "FIN"], false))),
            (0, Some(observed(&["HTTP 101", "text"], true))),
            (0, Some(observed(&[], true))),
        ]);
        assert_eq!(indexes(&found), [4, 5]);
        let affected: Vec<bool> = (0..6).map(|index| found.is_affected(index)).collect();
        assert_eq!(affected, [false, false, false, true, true, true]);
        let found = suspects(vec![(0, Some(observed(&["HTTP 503"], false))), (1, None)]);
        assert_eq!((found.first(), found.ids().len()), (Some(0), 0));
    }

    #[test]
    fn each_case_of_a_client_has_a_process_of_its_own() {
        let mut found = Suspects::default();
        for (index, case) in server_cases().iter().take(3).enumerate() {
            found.add(
                (index, case),
                &Ok(observed(&["FIN"], false)),
                0,
                Role::Client,
            );
        }
        assert_eq!(indexes(&found), [2]);
    }
}
