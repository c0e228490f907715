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
    match headers.count("Host") {
        1 => {}
        count => errors.push(RequestError::Host(count)),
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
