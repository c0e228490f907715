//! The rule that a case is about, or the one that its failure breaks. `render` prints it.

use super::case::{Case, CaseStep};
use super::report::CheckedCase;
use super::result::{CaseFailure, Observation};
use crate::diagnosis::Finding;
use crate::diagnosis::catalogue::{self, RulePage};
use crate::ws::Opcode;

impl CheckedCase {
    /// The page of the catalogue with the rule: that of the case, unless its failure breaks
    /// another one. None if the catalogue has no page for this failure.
    pub fn rule(&self) -> Option<&'static RulePage> {
        let case = &self.case;
        let (Some(failure), Some(observation)) =
            (self.result.failure(), self.result.observation.as_ref())
        else {
            return Some(case.page);
        };
        match failure {
            CaseFailure::NoPong => Some(rule_of_pong(case, observation)),
            CaseFailure::InvalidFrame(violation) => Some(Finding::from(violation).page),
            CaseFailure::CloseUnanswered => Some(&catalogue::CLOSE_NOT_COMPLETED),
            // An offer that the grammar allows was refused, and no extension was answered.
            CaseFailure::NotOpened(_) if is_about(case, &catalogue::RESP_EXTENSION_UNREQUESTED) => {
                Some(&catalogue::RESP_STATUS)
            }
            // The length was read right, and the message was dropped.
            CaseFailure::NoEcho
                if is_about(case, &catalogue::LEN_BEYOND_DATA)
                    || is_about(case, &catalogue::LEN_LITTLE_ENDIAN)
                    || is_about(case, &catalogue::LEN_FIELD_WIDTH) =>
            {
                None
            }
            // Such a length is not greater than the data, unless the peer waits for more.
            CaseFailure::WrongEcho | CaseFailure::Closed
                if is_about(case, &catalogue::LEN_BEYOND_DATA) =>
            {
                None
            }
            _ => Some(case.page),
        }
    }
}

/// The rule that is broken if the pong that a case wants has not come: none came, or it has
/// another payload.
fn rule_of_pong(case: &Case, observation: &Observation) -> &'static RulePage {
    // The others are about what can keep a peer from reading the ping.
    const ABOUT_PONGS: [&RulePage; 5] = [
        &catalogue::PONG_WRONG_PAYLOAD,
        &catalogue::PING_WITHOUT_PONG,
        &catalogue::SERVER_MASKS,
        &catalogue::CLIENT_UNMASKED,
        &catalogue::MASK_KEY_WEAK,
    ];
    let has_pong = observation.observed.iter().any(|it| it.name == "pong");
    if has_pong && pings(case) == 1 {
        &catalogue::PONG_WRONG_PAYLOAD
    } else if !has_pong && ABOUT_PONGS.iter().any(|page| is_about(case, page)) {
        &catalogue::PING_WITHOUT_PONG
    } else {
        case.page
    }
}

fn is_about(case: &Case, page: &RulePage) -> bool {
    case.page.id == page.id
}

/// How many pings a case sends.
fn pings(case: &Case) -> usize {
    let frames = case.steps.iter().flat_map(|step| match step {
        CaseStep::Send(frames, _) => frames.as_slice(),
        _ => &[],
    });
    frames.filter(|it| it.opcode == Opcode::PING).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Observed;
    use crate::check::cases::{sanity_cases, server_cases};
    use crate::check::result::{CaseResult, Verdict};
    use crate::ws::{Rule, Violation};

    fn rule(id: &str, failure: CaseFailure, observed: &str) -> Option<&'static str> {
        let cases = server_cases().into_iter().chain(sanity_cases());
        let case = cases.into_iter().find(|case| case.id == id).unwrap();
        let observation = Observation {
            observed: vec![Observed::new("HTTP 101"), Observed::new(observed)],
            verdict: Verdict::Failed(failure),
            ..Observation::default()
        };
        let result = CaseResult::of(&case, observation, true);
        CheckedCase { case, result }.rule().map(|page| page.id)
    }

    #[test]
    fn the_rule_is_the_one_that_the_failure_breaks() {
        let no_pong = || CaseFailure::NoPong;
        for (id, failure, observed, expected) in [
            ("6455/5.5.2/ping-1", no_pong(), "text", "ping-without-pong"),
            ("6455/5.5.2/ping-1", no_pong(), "pong", "pong-wrong-payload"),
            (
                "6455/5.5.2/sanity-first",
                no_pong(),
                "FIN",
                "ping-without-pong",
            ),
            (
                "6455/5.5.2/sanity-first",
                no_pong(),
                "pong",
                "pong-wrong-payload",
            ),
            ("6455/5.5.2/ping-10", no_pong(), "pong", "ping-without-pong"),
            (
                "6455/5.1/answers-unmasked-pong",
                no_pong(),
                "pong",
                "pong-wrong-payload",
            ),
            (
                "6455/5.1/answers-unmasked-pong",
                no_pong(),
                "FIN",
                "ping-without-pong",
            ),
            (
                "6455/5.2/byte-by-byte-ping",
                no_pong(),
                "FIN",
                "read-is-not-frame",
            ),
            (
                "6455/5.5/answers-valid-pong",
                CaseFailure::InvalidFrame(Violation {
                    rule: Rule::ControlFragmented(Opcode::PONG),
                    frame: 1,
                    offset: 0,
                    length: 1,
                }),
                "pong",
                "control-fragmented",
            ),
            (
                "6455/7.4/code-3000",
                CaseFailure::CloseUnanswered,
                "RST",
                "close-not-completed",
            ),
            (
                "6455/9.1/syntax-spaces",
                CaseFailure::NotOpened(400),
                "FIN",
                "resp-status",
            ),
            (
                "6455/9.1/syntax-spaces",
                CaseFailure::WrongResponse(Vec::new()),
                "FIN",
                "resp-extension-unrequested",
            ),
            (
                "6455/5.2/0-text",
                CaseFailure::Silent,
                "FIN",
                "len-beyond-data",
            ),
        ] {
            assert_eq!(
                rule(id, failure, observed),
                Some(expected),
                "{id} {observed}"
            );
        }
        assert_eq!(rule("6455/5.2/0-text", CaseFailure::NoEcho, "pong"), None);
        assert_eq!(rule("6455/5.2/125-text", CaseFailure::Closed, "FIN"), None);
    }
}
