//! The server's side of the opening handshake: reads the request of a client, and answers it as
//! the case says.

use std::time::Instant;

use super::answer::has_line_ends;
use super::{
    CaseFailure, ExpectResult, Negotiated, Observed, Probe, RequestHead, ResponseHead, Role,
};
use crate::check::expectation::{Answer, RequestRule};
use crate::check::reply::{ReplyBase, encode_reply};
use crate::ws::extension::DeflateParameters;
use crate::ws::handshake::{
    RequestError, RequestWarning, offered_extensions, offered_subprotocols, request_warnings,
    validate_request,
};

impl Probe<'_> {
    /// Reads the request, compares it with the case, and sends the response. None while it may
    /// still come.
    pub(super) fn judge_request(&mut self, now: Instant, is_timeout: bool) -> Option<ExpectResult> {
        let parsed = RequestHead::parse(&self.head);
        let is_complete = !matches!(parsed, Ok(None));
        if !is_complete && !is_timeout && self.received.end.is_none() {
            return None;
        }
        let Ok(Some((request, size))) = parsed else {
            return Some(ExpectResult::Failed(CaseFailure::NoResponse));
        };
        let line = Observed::new(format!("{} {}", request.method, request.target));
        self.observation.observed.push(line);
        self.request = self.head.clone();
        self.request.truncate(size);
        let offers = offered_extensions(&request)
            .ok()
            .flatten()
            .unwrap_or_default();
        let offers_deflate = offers
            .iter()
            .any(|it| it.name == DeflateParameters::EXTENSION);
        self.observation.key = request.headers.first("Sec-WebSocket-Key");
        let found = match self.case.opening.answer {
            Answer::Request(RequestRule::LineEnds) if !has_line_ends(&self.request) => {
                broken(vec!["a line of the request ends with LF alone".to_owned()])
            }
            Answer::Request(rule) => judge_rule(&request, rule, self.options.keys_before),
            Answer::Deflate if !offers_deflate => {
                ExpectResult::Skipped("the client does not offer permessage-deflate".to_owned())
            }
            _ => ExpectResult::Met,
        };
        if matches!(found, ExpectResult::Met) || self.options.closes {
            self.reply(&request, offers_deflate, now);
        }
        let mut rest = self.head.split_off(size);
        self.received.push(&mut rest);
        Some(found)
    }

    fn reply(&mut self, request: &RequestHead, offers_deflate: bool, now: Instant) {
        let subprotocols = offered_subprotocols(request);
        let key = request
            .headers
            .first("Sec-WebSocket-Key")
            .unwrap_or_default();
        let base = ReplyBase {
            key: &key,
            protocol: subprotocols.first().map(String::as_str),
            offers_deflate,
        };
        let reply = encode_reply(base, &self.case.opening.reply);
        if let Ok(Some((response, _))) = ResponseHead::parse(&reply) {
            self.negotiated = Negotiated::of(Some(request), &response).unwrap_or_default();
            self.response = Some(response);
        }
        self.observation.negotiated_deflate = self.negotiated.deflate.is_some();
        if let Some(deflate) = self.negotiated.deflate {
            self.received.inflate_with(deflate.of(Role::Client));
        }
        self.write(&reply, self.case.opening.delivery, now);
        self.observation.reply = reply;
    }
}

/// Whether a request obeys a rule. `keys_before` are those of the connections before.
fn judge_rule(request: &RequestHead, rule: RequestRule, keys_before: &[String]) -> ExpectResult {
    let errors = match rule {
        RequestRule::FreshKey => {
            let key = request.headers.first("Sec-WebSocket-Key");
            let again = key.filter(|key| keys_before.contains(key));
            let error = again.map(|key| format!("the key `{key}` is sent again"));
            error.into_iter().collect()
        }
        RequestRule::DeflateOffer => {
            let warnings = request_warnings(request);
            let errors = warnings.iter().filter_map(|warning| match warning {
                RequestWarning::DeflateOffer(error) => Some(error.to_string()),
                _ => None,
            });
            errors.collect()
        }
        _ => {
            let errors = validate_request(request).err().unwrap_or_default();
            let about = errors.iter().filter(|error| is_about(error, rule));
            about.map(ToString::to_string).collect()
        }
    };
    broken(errors)
}

/// The failure because of these errors; met if there are none.
fn broken(errors: Vec<String>) -> ExpectResult {
    if errors.is_empty() {
        ExpectResult::Met
    } else {
        ExpectResult::Failed(CaseFailure::WrongRequest(errors))
    }
}

const fn is_about(error: &RequestError, rule: RequestRule) -> bool {
    match rule {
        RequestRule::Method => matches!(error, RequestError::Method(_)),
        RequestRule::HttpVersion => matches!(error, RequestError::HttpVersion),
        RequestRule::Host => matches!(
            error,
            RequestError::Host(_) | RequestError::HostEmpty | RequestError::HostValue(_)
        ),
        RequestRule::Upgrade => matches!(error, RequestError::NotUpgrade(_)),
        RequestRule::Connection => matches!(error, RequestError::Connection(_)),
        RequestRule::Key => matches!(error, RequestError::KeyCount(_) | RequestError::Key(_)),
        RequestRule::Version => matches!(
            error,
            RequestError::WebSocketVersion(_) | RequestError::WebSocketVersionCount(_)
        ),
        RequestRule::Offers => matches!(error, RequestError::Offer(_)),
        RequestRule::FreshKey | RequestRule::DeflateOffer | RequestRule::LineEnds => false,
    }
}
