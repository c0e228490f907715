//! Whether the response is as the case expects.

use super::{
    CaseFailure, ExpectResult, Negotiated, Observed, Probe, RequestHead, ResponseHead, Role,
};
use crate::check::expectation::Answer;
use crate::check::request::{EXTENSIONS, PROTOCOL};
use crate::ws::extension::DeflateParameters;
use crate::ws::handshake::{ResponseError, validate_response};

impl Probe<'_> {
    /// Reads the response and compares it with the case. None while it may still come.
    pub(super) fn judge_opening(&mut self, is_timeout: bool) -> Option<ExpectResult> {
        let parsed = ResponseHead::parse(&self.head);
        let is_complete = !matches!(parsed, Ok(None));
        if !is_complete && !is_timeout && self.received.end.is_none() {
            return None;
        }
        let Ok(Some((response, size))) = parsed else {
            return Some(self.judge_without_response());
        };
        let status = Observed::new(format!("HTTP {}", response.status));
        self.observation.observed.push(status);
        if !opens(&response) {
            let found = self.judge_refusal(&response);
            self.response = Some(response);
            return Some(found);
        }
        let request = RequestHead::parse(&self.request)
            .ok()
            .flatten()
            .map(|it| it.0);
        let found = self.judge_acceptance(&response, request.as_ref());
        self.negotiated = Negotiated::of(request.as_ref(), &response).unwrap_or_default();
        self.observation.negotiated_deflate = self.negotiated.deflate.is_some();
        if let Some(deflate) = self.negotiated.deflate {
            self.received.inflate_with(deflate.of(Role::Server));
        }
        let mut rest = self.head.split_off(size);
        self.response = Some(response);
        self.received.push(&mut rest);
        Some(found)
    }

    /// No response came, or something that is no response.
    fn judge_without_response(&mut self) -> ExpectResult {
        if !self.head.is_empty() {
            let count = self.head.len();
            let bytes = Observed::new(format!("{count} bytes that are no HTTP response"));
            self.observation.observed.push(bytes);
        }
        match self.case.opening.answer {
            Answer::Refused | Answer::NoSubprotocol | Answer::DeflateDeclined | Answer::Any => {
                self.observation.is_silent |= self.received.end.is_none();
                ExpectResult::Finished
            }
            Answer::ClosedInTime if self.received.end.is_some() => ExpectResult::Finished,
            Answer::ClosedInTime => ExpectResult::Failed(CaseFailure::Silent),
            Answer::RefusedWithVersions => ExpectResult::Failed(CaseFailure::NoVersions),
            _ => ExpectResult::Failed(CaseFailure::NoResponse),
        }
    }

    fn judge_refusal(&self, response: &ResponseHead) -> ExpectResult {
        match self.case.opening.answer {
            Answer::Refused
            | Answer::NoSubprotocol
            | Answer::DeflateDeclined
            | Answer::Any
            | Answer::ClosedInTime => ExpectResult::Finished,
            Answer::RefusedWithVersions => {
                if response.headers.lists("Sec-WebSocket-Version", "13") {
                    ExpectResult::Finished
                } else {
                    ExpectResult::Failed(CaseFailure::NoVersions)
                }
            }
            _ => ExpectResult::Failed(CaseFailure::NotOpened(response.status)),
        }
    }

    fn judge_acceptance(
        &self,
        response: &ResponseHead,
        request: Option<&RequestHead>,
    ) -> ExpectResult {
        let has_deflate = response
            .headers
            .elements(EXTENSIONS)
            .any(|element| is_deflate(&element));
        match self.case.opening.answer {
            Answer::Valid(names) => judge_headers(response, request, names),
            Answer::HttpVersion if response.minor_version == 0 => wrong("the response is HTTP/1.0"),
            Answer::LineEnds if !has_line_ends(&self.head) => {
                wrong("a line of the response ends with LF alone")
            }
            Answer::Refused | Answer::RefusedWithVersions | Answer::ClosedInTime => {
                ExpectResult::Failed(CaseFailure::NotRefused)
            }
            Answer::NoSubprotocol if response.headers.count(PROTOCOL) == 0 => ExpectResult::Met,
            Answer::NoSubprotocol => {
                ExpectResult::Failed(CaseFailure::WrongResponse(vec![format!(
                    "the response has `Sec-WebSocket-Protocol: {}`",
                    response.headers.joined(PROTOCOL).unwrap_or_default()
                )]))
            }
            Answer::Subprotocol => {
                let wanted = self.options.base.subprotocols.first();
                if response.headers.only(PROTOCOL).as_ref() == wanted {
                    ExpectResult::Met
                } else {
                    ExpectResult::Failed(CaseFailure::WrongResponse(vec![format!(
                        "the response has `Sec-WebSocket-Protocol: {}`",
                        response.headers.joined(PROTOCOL).unwrap_or_default()
                    )]))
                }
            }
            Answer::NoExtension => match response.headers.joined(EXTENSIONS) {
                None => ExpectResult::Met,
                Some(value) => ExpectResult::Failed(CaseFailure::WrongResponse(vec![format!(
                    "the response has `{EXTENSIONS}: {value}`"
                )])),
            },
            Answer::DeflateDeclined if has_deflate => {
                ExpectResult::Failed(CaseFailure::NotDeclined)
            }
            Answer::Deflate | Answer::DeflateValid if !has_deflate => ExpectResult::Skipped(
                "the server declines the offer of permessage-deflate".to_owned(),
            ),
            Answer::DeflateValid => judge_headers(response, request, &[EXTENSIONS]),
            Answer::HttpVersion
            | Answer::LineEnds
            | Answer::Request(_)
            | Answer::Accepted
            | Answer::Any
            | Answer::DeflateDeclined
            | Answer::Deflate => ExpectResult::Met,
        }
    }
}

fn wrong(what: &str) -> ExpectResult {
    ExpectResult::Failed(CaseFailure::WrongResponse(vec![what.to_owned()]))
}

/// Whether a response opens a WebSocket. The 101 to `Upgrade: h2c` may be one to h2c; one without
/// the header is taken for one to websocket.
fn opens(response: &ResponseHead) -> bool {
    let headers = &response.headers;
    response.status == 101
        && (headers.count("Upgrade") == 0 || headers.lists("Upgrade", "websocket"))
}

fn is_deflate(element: &str) -> bool {
    let name = element.split(';').next().unwrap_or_default();
    name.trim() == DeflateParameters::EXTENSION
}

/// The rules that the headers with these names break.
fn judge_headers(
    response: &ResponseHead,
    request: Option<&RequestHead>,
    names: &[&str],
) -> ExpectResult {
    let errors = validate_response(response, request);
    let errors: Vec<String> = errors
        .iter()
        .filter(|error| !matches!(error, ResponseError::SubprotocolUnanswered(_)))
        .filter(|error| error.header().is_some_and(|header| names.contains(&header)))
        .map(ToString::to_string)
        .collect();
    if errors.is_empty() {
        ExpectResult::Met
    } else {
        ExpectResult::Failed(CaseFailure::WrongResponse(errors))
    }
}

/// Whether each line of a head ends with CRLF.
pub(super) fn has_line_ends(bytes: &[u8]) -> bool {
    let end = bytes.windows(4).position(|it| it == b"\r\n\r\n");
    let head = end.and_then(|at| bytes.get(..at)).unwrap_or(bytes);
    let mut lines = head.split_inclusive(|byte| *byte == b'\n');
    lines.all(|line| !line.ends_with(b"\n") || line.ends_with(b"\r\n"))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use crate::check::{
        CaseFailure, PeerEnd, Probe, ProbeOptions, RequestBase, Timing, Verdict, server_cases,
    };
    use crate::ws::Role;

    /// The verdict of a case if the server closes the connection without a response.
    fn verdict_without_response(id: &str) -> Verdict {
        let cases = server_cases();
        let case = cases.iter().find(|case| case.id == id).unwrap();
        let now = Instant::now();
        let options = ProbeOptions {
            own: Role::Client,
            base: &RequestBase::default(),
            keys_before: &[],
            timing: Timing::new(Duration::from_secs(2), Duration::ZERO, Duration::ZERO),
            server_closes: None,
            number: 0,
            answers_pings: true,
            is_alone: true,
            closes: false,
        };
        let mut probe = Probe::new(case, options, now);
        probe.handle_end(now, PeerEnd::Fin);
        probe.finish(now).verdict
    }

    #[test]
    fn a_closed_connection_is_a_refusal_without_versions() {
        let of = verdict_without_response;
        assert_eq!(of("6455/4.2.1/version-none"), Verdict::Passed);
        assert_eq!(
            of("6455/4.2.2/version-0"),
            Verdict::Failed(CaseFailure::NoVersions)
        );
        assert_eq!(
            of("6455/4.2.1/valid"),
            Verdict::Failed(CaseFailure::NoResponse)
        );
    }
}
