//! What the test harness of a client asks for: the request targets of Autobahn's fuzzing server,
//! so that each harness for it also runs against `wsctl check --listen`.
//!
//! `commands::check` reads a target with [`HarnessRequest::parse`], and answers with the case that
//! the harness asks for or with a [`harness_message`].

use super::case::{Case, Grade};
use super::expectation::Expect;
use super::frame::{close, text};
use super::result::ResultKind;
use crate::diagnosis::catalogue;

/// What a harness asks for. `case` is the place of a case in the list, from 0; `agent` is the name
/// that the client gives itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HarnessRequest {
    /// `/getCaseCount`: how many cases there are.
    CaseCount,
    /// `/getCaseInfo?case=1`: the id of a case and what is sent.
    CaseInfo {
        /// The case.
        case: usize,
    },
    /// `/getCaseStatus?case=1&agent=A`: the result of a case.
    CaseStatus {
        /// The case.
        case: usize,
        /// The client.
        agent: String,
    },
    /// `/runCase?case=1&agent=A`: the case itself.
    RunCase {
        /// The case.
        case: usize,
        /// The client.
        agent: String,
    },
    /// `/updateReports?agent=A`: the report.
    UpdateReports {
        /// The client.
        agent: String,
        /// `shutdownOnComplete=true`: no further client will come.
        is_last: bool,
    },
}

impl HarnessRequest {
    /// Reads a request target. `count` is the number of cases.
    ///
    /// # Errors
    ///
    /// The status of the refusal, and a phrase that says what is wrong.
    pub fn parse(target: &str, count: usize) -> Result<Self, (u16, String)> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let query = UrlQuery(query);
        Ok(match path {
            "/getCaseCount" => Self::CaseCount,
            "/getCaseInfo" => Self::CaseInfo {
                case: query.case(count)?,
            },
            "/getCaseStatus" => Self::CaseStatus {
                case: query.case(count)?,
                agent: query.agent()?,
            },
            "/runCase" => Self::RunCase {
                case: query.case(count)?,
                agent: query.agent()?,
            },
            "/updateReports" => Self::UpdateReports {
                agent: query.agent()?,
                is_last: query.value("shutdownOnComplete").as_deref() == Some("true"),
            },
            _ => {
                let why = "the paths are /getCaseCount, /getCaseInfo, /getCaseStatus, /runCase \
                           and /updateReports";
                return Err((404, why.to_owned()));
            }
        })
    }
}

/// `case=1&agent=A`.
struct UrlQuery<'a>(&'a str);

impl UrlQuery<'_> {
    /// The first value of this name, decoded.
    fn value(&self, name: &str) -> Option<String> {
        let mut pairs = self.0.split('&').filter_map(|pair| pair.split_once('='));
        pairs
            .find(|(found, _)| *found == name)
            .map(|(_, value)| percent_decoded(value))
    }

    fn case(&self, count: usize) -> Result<usize, (u16, String)> {
        let value = self.value("case").unwrap_or_default();
        let number = value.parse::<usize>().ok();
        let found = number.filter(|number| (1..=count).contains(number));
        found.map(|number| number - 1).ok_or_else(|| {
            let why = format!("case={value} is not a number from 1 to {count}");
            (400, why)
        })
    }

    fn agent(&self) -> Result<String, (u16, String)> {
        let agent = self.value("agent").filter(|agent| !agent.is_empty());
        agent.ok_or_else(|| (400, "agent=NAME is missing".to_owned()))
    }
}

/// Text without percent-encoding (RFC 3986 section 2.1), with `+` for a space as in forms.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        let digits = after.get(..2).and_then(|it| std::str::from_utf8(it).ok());
        let byte = digits.and_then(|it| u8::from_str_radix(it, 16).ok());
        match (first, byte) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            (b'+', _) => bytes.push(b' '),
            (other, _) => bytes.push(*other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The connection on which a harness gets an answer: a text message, if there is one, and a close
/// frame.
pub fn harness_message(message: Option<&str>) -> Case {
    let frames = message.map(text).into_iter().chain([close(1000, "")]);
    Case::new(
        "6455/5.5.1/harness",
        Grade::Info,
        &catalogue::CLOSE_NOT_COMPLETED,
        "an answer to the test harness",
    )
    .send(frames)
    .expect(Expect::PeerCloses)
}

/// What Autobahn calls a result.
pub const fn autobahn_behavior(kind: ResultKind) -> &'static str {
    match kind {
        ResultKind::Passed => "OK",
        ResultKind::Failed | ResultKind::Flaky | ResultKind::ExpectedFailure => "FAILED",
        ResultKind::Warning => "NON-STRICT",
        ResultKind::Info => "INFORMATIONAL",
        ResultKind::Skipped => "UNIMPLEMENTED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read() {
        let agent = || "ws 8/ä".to_owned();
        let parse = |target: &str| HarnessRequest::parse(target, 9);
        assert_eq!(parse("/getCaseCount"), Ok(HarnessRequest::CaseCount));
        assert_eq!(
            parse("/getCaseInfo?case=1"),
            Ok(HarnessRequest::CaseInfo { case: 0 })
        );
        for target in [
            "/runCase?case=9&agent=ws%208/%C3%A4",
            "/runCase?agent=ws+8%2f%c3%a4&case=9&casetuple=x",
        ] {
            assert_eq!(
                parse(target),
                Ok(HarnessRequest::RunCase {
                    case: 8,
                    agent: agent()
                })
            );
        }
        assert_eq!(
            parse("/getCaseStatus?case=2&agent=a%"),
            Ok(HarnessRequest::CaseStatus {
                case: 1,
                agent: "a%".to_owned()
            })
        );
        assert_eq!(
            parse("/updateReports?agent=%2&shutdownOnComplete=true"),
            Ok(HarnessRequest::UpdateReports {
                agent: "%2".to_owned(),
                is_last: true
            })
        );
    }

    #[test]
    fn wrong_targets_are_refused() {
        let refused = |target: &str| HarnessRequest::parse(target, 9).unwrap_err();
        assert_eq!(refused("/").0, 404);
        assert_eq!(refused("/runCases?case=1&agent=a").0, 404);
        for value in ["0", "10", "-1", "x", ""] {
            assert_eq!(
                refused(&format!("/runCase?case={value}&agent=a")),
                (400, format!("case={value} is not a number from 1 to 9"))
            );
        }
        let missing = (400, "agent=NAME is missing".to_owned());
        assert_eq!(refused("/updateReports"), missing);
        assert_eq!(refused("/runCase?case=1&agent="), missing);
    }
}
