//! When a client closes its connection. The time is an argument, so that tests set the clock.

use std::time::Duration;

use tokio::time::Instant;

/// What ends a conversation. The first rule that holds does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndRules {
    /// How long the peer may send nothing after the input has ended; None for no limit.
    pub wait: Option<Duration>,
    /// The number of messages that are expected.
    pub expect: Option<u64>,
    /// The text that a message is expected to contain.
    pub until: Option<String>,
    /// How long the conversation may take.
    pub timeout: Option<Duration>,
}

/// Decides when a conversation ends, and whether what was expected has come.
#[derive(Debug)]
pub(super) struct EndCondition {
    rules: EndRules,
    started: Instant,
    /// When the input ended.
    input_ended: Option<Instant>,
    /// When something last came.
    last_received: Instant,
    /// The number of messages received.
    messages: u64,
    /// When what was expected had come.
    met: Option<Instant>,
}

impl EndCondition {
    /// The condition of a conversation that starts at `now`.
    pub(super) fn new(rules: EndRules, now: Instant) -> Self {
        let is_met = rules.expect == Some(0);
        Self {
            rules,
            started: now,
            input_ended: None,
            last_received: now,
            messages: 0,
            met: is_met.then_some(now),
        }
    }

    /// Nothing more is sent.
    pub(super) fn input_ended(&mut self, now: Instant) {
        self.input_ended.get_or_insert(now);
    }

    /// Something last came at this time.
    pub(super) const fn received(&mut self, at: Instant) {
        self.last_received = at;
    }

    /// A message with this payload is complete.
    pub(super) fn message(&mut self, payload: &[u8], now: Instant) {
        self.messages += 1;
        let EndRules { expect, until, .. } = &self.rules;
        let is_met = *expect == Some(self.messages)
            || until
                .as_ref()
                .is_some_and(|text| contains(payload, text.as_bytes()));
        if is_met {
            self.met.get_or_insert(now);
        }
    }

    /// When the conversation ends if nothing more happens; None for never. A time that is over
    /// means now.
    pub(super) fn end(&self) -> Option<Instant> {
        let EndRules { wait, timeout, .. } = self.rules;
        let waited = self.input_ended.zip(wait);
        let waited = waited.map(|(ended, wait)| ended.max(self.last_received) + wait);
        let timed_out = timeout.map(|timeout| self.started + timeout);
        [self.met, waited, timed_out].into_iter().flatten().min()
    }

    /// Whether something was expected that has not come.
    pub(super) const fn is_unmet(&self) -> bool {
        let EndRules { expect, until, .. } = &self.rules;
        (expect.is_some() || until.is_some()) && self.met.is_none()
    }

    /// The number of messages received.
    pub(super) const fn messages(&self) -> u64 {
        self.messages
    }
}

fn contains(payload: &[u8], text: &[u8]) -> bool {
    text.is_empty() || payload.windows(text.len()).any(|window| window == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn started(rules: EndRules) -> (EndCondition, Instant) {
        let start = Instant::now();
        (EndCondition::new(rules, start), start)
    }

    fn waiting() -> EndRules {
        EndRules {
            wait: Some(SECOND),
            ..EndRules::default()
        }
    }

    #[test]
    fn the_wait_counts_from_the_end_of_the_input_and_from_what_came_last() {
        let (mut condition, start) = started(waiting());
        assert_eq!(condition.end(), None, "the input has not ended");
        condition.received(start + SECOND);
        condition.input_ended(start + 5 * SECOND);
        assert_eq!(condition.end(), Some(start + 6 * SECOND));
        condition.received(start + 5 * SECOND + SECOND / 2);
        assert_eq!(condition.end(), Some(start + 6 * SECOND + SECOND / 2));
        condition.input_ended(start + 9 * SECOND);
        assert_eq!(condition.end(), Some(start + 6 * SECOND + SECOND / 2));
        assert!(!condition.is_unmet(), "nothing was expected");
    }

    #[test]
    fn without_rules_it_never_ends() {
        let (mut condition, start) = started(EndRules::default());
        condition.input_ended(start);
        condition.message(b"", start);
        assert_eq!(condition.end(), None);
    }

    #[test]
    fn so_many_messages_end_it_at_once() {
        let (mut condition, start) = started(EndRules {
            expect: Some(2),
            ..waiting()
        });
        condition.message(b"a", start + SECOND);
        assert_eq!(condition.end(), None);
        assert!(condition.is_unmet());
        condition.message(b"b", start + 2 * SECOND);
        condition.message(b"c", start + 3 * SECOND);
        assert_eq!(condition.end(), Some(start + 2 * SECOND));
        assert!(!condition.is_unmet());
        let (condition, start) = started(EndRules {
            expect: Some(0),
            ..waiting()
        });
        assert_eq!(condition.end(), Some(start));
    }

    #[test]
    fn a_text_in_a_message_ends_it_at_once() {
        let rules = EndRules {
            until: Some("ready".to_owned()),
            ..waiting()
        };
        let (mut condition, start) = started(rules);
        for payload in [&b""[..], b"read", b"rea\xffdy"] {
            condition.message(payload, start);
            assert_eq!(condition.end(), None, "{payload:?}");
        }
        condition.message(b"{\"state\":\"ready\"}\xff", start + SECOND);
        assert_eq!(condition.end(), Some(start + SECOND));
    }

    #[test]
    fn of_all_rules_the_first_that_holds_ends_it() {
        let all = EndRules {
            wait: Some(SECOND),
            expect: Some(2),
            until: Some("x".to_owned()),
            timeout: Some(10 * SECOND),
        };
        let (mut condition, start) = started(all);
        assert_eq!(condition.end(), Some(start + 10 * SECOND));
        condition.input_ended(start + 2 * SECOND);
        assert_eq!(condition.end(), Some(start + 3 * SECOND));
        assert!(condition.is_unmet());
        condition.message(b"x", start + 2 * SECOND);
        assert_eq!(condition.end(), Some(start + 2 * SECOND));
        assert!(!condition.is_unmet());
        condition.input_ended(start + 2 * SECOND);
    }
}
