//! The result of a case: what was observed on its connection, the verdict, and the cause and the
//! fix of a failure. `probe` makes it, `commands` and `render` report it.

use std::time::Duration;

use super::case::{Case, CaseStep, Grade, Need};
use super::expectation::{Expect, FrameRule};
use super::observed::Observed;
use crate::diagnosis::{Finding, catalogue};
use crate::ws::{Role, Violation};

/// What was observed on the connection of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observation {
    /// The request that was sent.
    pub request: Vec<u8>,
    /// The key of a client, if that was checked.
    pub key: Option<String>,
    /// The response that was sent to a client.
    pub reply: Vec<u8>,
    /// What was sent on the open connection, without the pings that end the waiting.
    pub sent: Vec<u8>,
    /// What came: the status of the response, frames, messages, the end of the stream.
    pub observed: Vec<Observed>,
    /// The verdict.
    pub verdict: Verdict,
    /// Whether the peer sent nothing in time.
    pub is_silent: bool,
    /// Whether permessage-deflate was agreed on.
    pub negotiated_deflate: bool,
    /// How long it took.
    pub duration: Duration,
    /// How long the first ping took to be answered.
    pub round_trip: Option<Duration>,
    /// A close code other than the expected one.
    pub(super) other_code: Option<CaseFailure>,
}

/// The verdict on a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// What was expected was observed.
    #[default]
    Passed,
    /// It was not.
    Failed(CaseFailure),
    /// It was, but for something that an RFC recommends only: the close code, the largest size.
    Warning(CaseFailure),
    /// Not carried out; why.
    Skipped(String),
    /// What was observed is only reported.
    Info,
}

/// Why a case failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseFailure {
    /// The request was accepted.
    NotRefused,
    /// The response has this status, where 101 was expected.
    NotOpened(u16),
    /// No response came.
    NoResponse,
    /// No response lists the versions that the server knows.
    NoVersions,
    /// Rules that the response breaks.
    WrongResponse(Vec<String>),
    /// The offer of permessage-deflate was accepted.
    NotDeclined,
    /// The request of the client breaks these rules.
    WrongRequest(Vec<String>),
    /// A response that must be rejected was accepted.
    ResponseAccepted,
    /// Nothing came in time.
    Silent,
    /// The connection was closed.
    Closed,
    /// The connection was not failed.
    NotFailed,
    /// It was failed with this code.
    OtherCode(Option<u16>),
    /// Another message came back.
    WrongEcho,
    /// No pong came.
    NoPong,
    /// A pong was answered.
    Answered,
    /// The pong came after the message.
    PongAfterMessage,
    /// The wrong close frame was answered as a right one.
    CloseAccepted,
    /// The close frame in answer has another code.
    CodeNotEchoed,
    /// The message did not come back, and the connection went on.
    NoEcho,
    /// The right close frame was answered as a wrong one.
    CloseRejected,
    /// The close frame was not answered.
    CloseUnanswered,
    /// The TCP connection was not ended.
    TcpOpen,
    /// Something came after the close frame.
    AfterClose,
    /// A frame breaks this rule.
    FrameRule(FrameRule),
    /// A frame breaks a rule of frames.
    InvalidFrame(Violation),
}

/// The result of a case in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseResult {
    /// The kind of result.
    pub kind: ResultKind,
    /// What was observed. None if the case was not carried out.
    pub observation: Option<Observation>,
    /// Why a case was skipped or failed for another reason than its verdict.
    pub why: Option<String>,
}

/// The kinds of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ResultKind {
    /// What was expected was observed.
    Passed,
    /// It was not.
    Failed,
    /// It was not, and then it was.
    Flaky,
    /// Not carried out.
    Skipped,
    /// A failure of something that is only recommended.
    Warning,
    /// Only reported.
    Info,
    /// A failure that the user expects.
    ExpectedFailure,
}

impl ResultKind {
    /// All kinds, in the order of a summary.
    pub const ALL: [Self; 7] = [
        Self::Passed,
        Self::Failed,
        Self::Flaky,
        Self::Warning,
        Self::Info,
        Self::ExpectedFailure,
        Self::Skipped,
    ];

    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Flaky => "flaky",
            Self::Skipped => "skipped",
            Self::Warning => "warning",
            Self::Info => "info",
            Self::ExpectedFailure => "expected-failure",
        }
    }

    /// Whether it fails the run.
    pub const fn fails_run(self) -> bool {
        matches!(self, Self::Failed | Self::Flaky)
    }
}

impl CaseResult {
    /// A case that was not carried out because of a need.
    pub fn skipped(need: Need) -> Self {
        Self {
            kind: ResultKind::Skipped,
            observation: None,
            why: Some(need.to_string()),
        }
    }

    /// The result of an observation of this case.
    pub fn of(case: &Case, observation: Observation, strict: bool) -> Self {
        let failed = |grade: Grade| {
            if grade.is_required(strict) {
                ResultKind::Failed
            } else {
                ResultKind::Warning
            }
        };
        let (kind, why) = match &observation.verdict {
            Verdict::Passed => (ResultKind::Passed, None),
            Verdict::Info => (ResultKind::Info, None),
            Verdict::Skipped(why) => (ResultKind::Skipped, Some(why.clone())),
            Verdict::Failed(_) => (failed(case.grade), None),
            Verdict::Warning(_) => (failed(case.grade.max(Grade::Should)), None),
        };
        Self {
            kind,
            observation: Some(observation),
            why,
        }
    }

    /// The failure, whether it fails the run or not.
    pub fn failure(&self) -> Option<&CaseFailure> {
        match &self.observation.as_ref()?.verdict {
            Verdict::Failed(failure) | Verdict::Warning(failure) => Some(failure),
            _ => None,
        }
    }
}

impl CaseFailure {
    /// What is wrong with the peer, as a sentence without a full stop.
    pub fn cause(&self, case: &Case, peer: Role) -> String {
        let (peer, own) = (peer.name(), peer.peer().name());
        match self {
            Self::NotRefused => {
                format!("the {peer} does not check this in the request, and answers 101")
            }
            Self::NotOpened(status) => {
                format!("the {peer} answers {status} to a request that is valid")
            }
            Self::NoResponse if peer == Role::Client.name() => {
                "the client sends no request".to_owned()
            }
            Self::NoResponse => format!("the {peer} does not answer a request that is valid"),
            Self::NoVersions => "the server does not list the versions that it knows".to_owned(),
            Self::WrongResponse(errors) | Self::WrongRequest(errors) => errors.join("; "),
            Self::ResponseAccepted => {
                format!("the {peer} does not check this in the response, and uses the connection")
            }
            Self::NotDeclined => "the server accepts an offer that it must decline".to_owned(),
            Self::Silent if wanted_codes(case).is_none() => {
                format!("the {peer} does not answer, and keeps the connection open")
            }
            Self::Closed if has_body(case) => {
                format!("the {peer} takes the body of the request for frames")
            }
            Self::Closed => format!("the {peer} fails the connection although this is valid"),
            Self::NotFailed | Self::Silent => {
                format!("the {peer} does not check this in the frames of the {own}")
            }
            Self::OtherCode(Some(code)) => {
                format!("the {peer} checks this, and closes with {code}")
            }
            Self::OtherCode(None) => {
                format!("the {peer} checks this, and closes without a code")
            }
            Self::NoEcho => {
                format!("the {peer} does not send the message back, and goes on")
            }
            Self::CodeNotEchoed => format!("the {peer} answers with another code"),
            Self::WrongEcho => "another message comes back than the one that was sent".to_owned(),
            Self::NoPong => format!("the {peer} does not answer the ping with its payload"),
            Self::Answered => format!("the {peer} answers a pong"),
            Self::PongAfterMessage => {
                "the ping is answered after the message that it interrupts".to_owned()
            }
            Self::CloseAccepted => {
                format!("the {peer} answers this close frame as it answers a valid one")
            }
            Self::CloseRejected => {
                format!("the {peer} does not know this code, and fails the connection")
            }
            Self::CloseUnanswered => {
                format!("the {peer} does not send a close frame in answer")
            }
            Self::TcpOpen => format!("the {peer} keeps the TCP connection open"),
            Self::AfterClose => {
                format!("the {peer} handles what comes after the close frame")
            }
            Self::FrameRule(_) => format!("perhaps {}", case.page.cause),
            Self::InvalidFrame(violation) => format!("the {peer} sends this: {violation}"),
        }
    }

    /// What was missing, where many cases can fail for want of the same: a phrase for the summary.
    pub fn lack(&self, case: &Case, peer: Role) -> Option<String> {
        let peer = peer.name();
        Some(match self {
            Self::NoPong => "no pong came with the payload of the ping".to_owned(),
            Self::CloseUnanswered => "the close frame was not answered with one".to_owned(),
            Self::NoEcho => "the message did not come back".to_owned(),
            Self::TcpOpen => format!("the {peer} kept the TCP connection open"),
            Self::Silent if wanted_codes(case).is_none() => return None,
            Self::NotFailed | Self::Silent => {
                format!("the {peer} did not fail the connection after an invalid frame")
            }
            Self::NotRefused => format!("the {peer} did not refuse an invalid request"),
            Self::ResponseAccepted => format!("the {peer} did not reject an invalid response"),
            _ => return None,
        })
    }

    /// What to change, as a phrase that begins with a verb.
    pub fn fix(&self, case: &Case) -> String {
        match self {
            Self::NotRefused => {
                "answer with 400, or with the status that the section names".to_owned()
            }
            Self::NoVersions => "answer 426 with `Sec-WebSocket-Version: 13`".to_owned(),
            Self::NotOpened(_) | Self::NoResponse => "accept the request with a 101".to_owned(),
            Self::NotDeclined => {
                "leave permessage-deflate out of the response, or take the next offer".to_owned()
            }
            Self::NotFailed | Self::CloseAccepted | Self::OtherCode(_) => {
                match wanted_codes(case) {
                    Some(codes) => format!("close the connection with {codes}"),
                    None => "close the connection with 1009".to_owned(),
                }
            }
            Self::CodeNotEchoed => "send back the code that was received".to_owned(),
            Self::NoEcho => "handle it as any other message".to_owned(),
            Self::Closed if has_body(case) => {
                "read the body before the frames, or refuse the request".to_owned()
            }
            Self::Closed | Self::WrongEcho | Self::CloseRejected => "accept it".to_owned(),
            Self::Silent => match wanted_codes(case) {
                Some(codes) => format!("close the connection with {codes}"),
                None => "accept it, and go on reading".to_owned(),
            },
            Self::NoPong => "send a pong with the payload of the ping".to_owned(),
            Self::Answered => "ignore a pong that answers no ping".to_owned(),
            Self::PongAfterMessage => {
                "handle control frames as soon as they come, between fragments too".to_owned()
            }
            Self::CloseUnanswered => "send a close frame in answer to one".to_owned(),
            Self::TcpOpen => "close the socket after both close frames, or after FIN".to_owned(),
            Self::AfterClose => "ignore what comes after a close frame".to_owned(),
            Self::ResponseAccepted => "close the TCP connection without sending a frame".to_owned(),
            Self::InvalidFrame(violation) => Finding::from(violation).page.fix.to_owned(),
            Self::WrongResponse(_) | Self::WrongRequest(_) | Self::FrameRule(_) => {
                case.page.fix.to_owned()
            }
        }
    }
}

/// Whether the request of a case has a body.
fn has_body(case: &Case) -> bool {
    case.page.id == catalogue::REQ_BODY.id
}

/// The close codes that a case wants, in words.
fn wanted_codes(case: &Case) -> Option<String> {
    let codes = case.steps.iter().rev().find_map(|step| match step {
        CaseStep::Expect(Expect::Failed(codes) | Expect::CloseRefused(codes)) => Some(codes),
        _ => None,
    })?;
    let codes: Vec<String> = codes.iter().map(u16::to_string).collect();
    Some(codes.join(" or "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::cases::server_cases;

    #[test]
    fn a_body_that_is_taken_for_frames_is_the_cause() {
        let causes = ["6455/4.2.1/body", "6455/5.2/125-text"].map(|id| {
            let case = server_cases().into_iter().find(|case| case.id == id);
            CaseFailure::Closed.cause(&case.unwrap(), Role::Server)
        });
        assert_eq!(
            causes,
            [
                "the server takes the body of the request for frames",
                "the server fails the connection although this is valid"
            ]
        );
    }
}
