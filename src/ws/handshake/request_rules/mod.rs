//! The rules that a server applies to the opening request (RFC 6455 section 4.2.1).
//!
//! [`validate_request`] lists what a request must be refused for, [`request_warnings`] what is
//! allowed or not the server's concern, but probably a mistake. `net` refuses by the first;
//! `diagnosis` reports both.

mod error;
#[cfg(test)]
mod tests;
mod warnings;

use super::accept::{accept_value, check_key};
use super::head::RequestHead;
use super::offers::{offered_extensions, offered_subprotocols};
use super::token::is_token_word;
use super::{shortened, shortened_if_any};
pub use error::{OfferError, RequestError};
pub use warnings::{RequestWarning, request_warnings};

/// What a valid request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upgrade {
    /// The client's key.
    pub key: String,
    /// The `Sec-WebSocket-Accept` for the key.
    pub accept: String,
}

/// Validates a request.
///
/// # Errors
///
/// Every [`RequestError`] of the request. The first one decides the status of the refusal.
pub fn validate_request(head: &RequestHead) -> Result<Upgrade, Vec<RequestError>> {
    let headers = &head.headers;
    let mut errors = Vec::new();
    if head.minor_version < 1 {
        errors.push(RequestError::HttpVersion);
    }
    if !headers.lists("Upgrade", "websocket") {
        let found = shortened_if_any(headers.joined("Upgrade"));
        errors.push(RequestError::NotUpgrade(found));
    }
    if head.method != "GET" {
        errors.push(RequestError::Method(shortened(&head.method)));
    }
    errors.extend(validate_target(&head.target));
    errors.extend(validate_host(head));
    let origins = headers.count("Origin");
    if origins > 1 {
        errors.push(RequestError::OriginCount(origins));
    }
    if !headers.lists("Connection", "Upgrade") {
        let found = shortened_if_any(headers.joined("Connection"));
        errors.push(RequestError::Connection(found));
    }
    let key = validate_key(head).map_err(|error| errors.push(error));
    errors.extend(validate_version(head));
    errors.extend(validate_offers(head).into_iter().map(RequestError::Offer));
    if has_body(head) {
        errors.push(RequestError::Body);
    }
    match key {
        Ok(key) if errors.is_empty() => {
            let accept = accept_value(key.as_bytes());
            Ok(Upgrade { key, accept })
        }
        _ => Err(errors),
    }
}

/// A GET has a path or an absolute HTTP URI as its target (RFC 6455 section 4.1, item 2; RFC
/// 9112 sections 3.2.1 and 3.2.2), without a fragment.
fn validate_target(target: &str) -> Option<RequestError> {
    let lower = target.to_ascii_lowercase();
    let is_absolute = ["http://", "https://"].iter().any(|scheme| {
        lower
            .strip_prefix(scheme)
            .is_some_and(|rest| !rest.is_empty())
    });
    if target.contains('#') {
        Some(RequestError::TargetFragment(shortened(target)))
    } else if target.starts_with('/') || is_absolute {
        None
    } else {
        Some(RequestError::Target(shortened(target)))
    }
}

/// "A server MUST respond with a 400 (Bad Request) status code to any HTTP/1.1 request message
/// that lacks a Host header field and to any request message that contains more than one Host
/// header field line or a Host header field with an invalid field value" (RFC 9112 section
/// 3.2).
fn validate_host(head: &RequestHead) -> Option<RequestError> {
    let Some(host) = head.headers.only("Host") else {
        return Some(RequestError::Host(head.headers.count("Host")));
    };
    let is_foreign = |c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '@' | '\\');
    if host.is_empty() {
        Some(RequestError::HostEmpty)
    } else {
        host.contains(is_foreign)
            .then(|| RequestError::HostValue(shortened(&host)))
    }
}

fn validate_key(head: &RequestHead) -> Result<String, RequestError> {
    let name = "Sec-WebSocket-Key";
    let Some(key) = head.headers.only(name) else {
        return Err(RequestError::KeyCount(head.headers.count(name)));
    };
    match check_key(key.as_bytes()) {
        Ok(()) => Ok(key),
        Err(error) => Err(RequestError::Key(error)),
    }
}

fn validate_version(head: &RequestHead) -> Option<RequestError> {
    let name = "Sec-WebSocket-Version";
    match head.headers.count(name) {
        0 | 1 => {
            let found = head.headers.first(name);
            let is_right = found.as_deref() == Some("13");
            (!is_right).then(|| RequestError::WebSocketVersion(shortened_if_any(found)))
        }
        count => Some(RequestError::WebSocketVersionCount(count)),
    }
}

/// The errors in the lists of subprotocols and extensions.
///
/// "If the server, while reading the handshake, finds that the client did not send a handshake
/// that matches the description …, including but not limited to any violations of the ABNF
/// grammar specified for the components of the handshake, the server MUST stop processing"
/// (RFC 6455 section 4.2.1). A list has at least one element, and may have empty ones (RFC 2616
/// section 2.1). The grammar does not say that elements are unique.
fn validate_offers(head: &RequestHead) -> Vec<OfferError> {
    let mut errors = Vec::new();
    let words = offered_subprotocols(head);
    if words.is_empty() && head.headers.count("Sec-WebSocket-Protocol") > 0 {
        errors.push(OfferError::SubprotocolNone);
    }
    let malformed = words.into_iter().filter(|word| !is_token_word(word));
    errors.extend(malformed.map(OfferError::SubprotocolNotToken));
    let extensions = offered_extensions(head).err();
    errors.extend(extensions.map(OfferError::ExtensionList));
    errors
}

/// Whether the head announces a body, which a server would have to read before the first frame
/// (RFC 9110 section 7.8, RFC 9112 section 6).
fn has_body(head: &RequestHead) -> bool {
    let is_empty = |length: String| length == "0";
    head.headers.count("Transfer-Encoding") > 0
        || !head.headers.values("Content-Length").all(is_empty)
}
