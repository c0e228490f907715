//! The rules that a client applies to the response (RFC 6455 section 4.1).
//!
//! A client uses [`validate_response`] through [`Negotiated`](super::Negotiated), `diagnosis`
//! reports the errors.

mod error;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use super::accept::{accept_value, decode_base64};
use super::head::{RequestHead, ResponseHead};
use super::headers::Header;
use super::offers::{extensions, offered_extensions, offered_subprotocols};
use super::shortened_if_any;
use super::token::is_token_word;
use crate::ws::extension::{DeflateOffer, DeflateParameters, Extension};
pub use error::ResponseError;

/// Validates a response, against the request if that is known. Returns all errors.
///
/// Of a response with another status than 101 the status is the only error.
pub fn validate_response(head: &ResponseHead, request: Option<&RequestHead>) -> Vec<ResponseError> {
    if head.status != 101 {
        return vec![ResponseError::Status(head.status)];
    }
    let mut errors = Vec::new();
    if head.minor_version < 1 {
        errors.push(ResponseError::HttpVersion);
    }
    errors.extend(validate_upgrade(head));
    if !head.headers.lists("Connection", "Upgrade") {
        let found = shortened_if_any(head.headers.joined("Connection"));
        errors.push(ResponseError::Connection(found));
    }
    errors.extend(validate_accept(head, request));
    errors.extend(validate_subprotocol(head, request));
    errors.extend(validate_extensions(head, request));
    errors.extend(validate_framing(head));
    let drafts = head.headers.iter().filter(|header| is_of_a_draft(header));
    errors.extend(drafts.map(|header| ResponseError::DraftHeader(header.name.clone())));
    errors
}

/// "If the response lacks an |Upgrade| header field or the |Upgrade| header field
/// contains a value that is not an ASCII case-insensitive match for the value
/// 'websocket', the client MUST _Fail the WebSocket Connection_" (section 4.1, item 2).
fn validate_upgrade(head: &ResponseHead) -> Option<ResponseError> {
    let values: Vec<String> = head.headers.values("Upgrade").collect();
    match values.as_slice() {
        [value] if value.eq_ignore_ascii_case("websocket") => None,
        [] | [_] => {
            let found = values.into_iter().next();
            Some(ResponseError::Upgrade(shortened_if_any(found)))
        }
        several => Some(ResponseError::UpgradeCount(several.len())),
    }
}

/// Section 4.1, item 4. Without the key only the form of the value can be checked.
fn validate_accept(head: &ResponseHead, request: Option<&RequestHead>) -> Option<ResponseError> {
    let name = "Sec-WebSocket-Accept";
    let Some(given) = head.headers.only(name) else {
        return Some(ResponseError::AcceptCount(head.headers.count(name)));
    };
    match request.and_then(|request| request.headers.only("Sec-WebSocket-Key")) {
        Some(key) if accept_value(key.as_bytes()) == given => None,
        Some(key) => Some(ResponseError::Accept { given, key }),
        None if decode_base64(given.as_bytes()).is_some_and(|bytes| bytes.len() == 20) => None,
        None => Some(ResponseError::AcceptForm(given)),
    }
}

/// "If the response includes a |Sec-WebSocket-Protocol| header field and this header field
/// indicates the use of a subprotocol that was not present in the client's handshake …,
/// the client MUST _Fail the WebSocket Connection_" (section 4.1, item 6). The header "MUST
/// NOT appear more than once in an HTTP response" (section 11.3.4).
fn validate_subprotocol(
    head: &ResponseHead,
    request: Option<&RequestHead>,
) -> Option<ResponseError> {
    let values: Vec<String> = head.headers.values("Sec-WebSocket-Protocol").collect();
    let offered = request.map(offered_subprotocols);
    let [chosen] = values.as_slice() else {
        return match offered.filter(|offered| !offered.is_empty()) {
            Some(offered) if values.is_empty() => {
                Some(ResponseError::SubprotocolUnanswered(offered))
            }
            _ if values.is_empty() => None,
            _ => Some(ResponseError::SubprotocolSeveral(values.join(", "))),
        };
    };
    let chosen = chosen.clone();
    if chosen.is_empty() {
        Some(ResponseError::SubprotocolEmpty)
    } else if chosen.contains(',') {
        Some(ResponseError::SubprotocolSeveral(chosen))
    } else if !is_token_word(&chosen) {
        Some(ResponseError::SubprotocolNotToken(chosen))
    } else {
        // Subprotocols are compared with case (RFC 6455 section 4.1, item 6; section 11.5).
        let offered = offered.filter(|offered| !offered.contains(&chosen))?;
        Some(ResponseError::SubprotocolNotOffered { chosen, offered })
    }
}

/// "If the response includes a |Sec-WebSocket-Extensions| header field and this header
/// field indicates the use of an extension that was not present in the client's handshake
/// …, the client MUST _Fail the WebSocket Connection_" (section 4.1, item 5).
fn validate_extensions(head: &ResponseHead, request: Option<&RequestHead>) -> Vec<ResponseError> {
    let chosen = match extensions(&head.headers) {
        Ok(chosen) => chosen.unwrap_or_default(),
        Err(error) => return vec![ResponseError::ExtensionList(error)],
    };
    // A malformed offer does not say what was offered.
    let offered =
        request.and_then(|request| Some(offered_extensions(request).ok()?.unwrap_or_default()));
    let names = offered.as_deref().map(|offered| {
        let names = offered.iter().map(|extension| extension.name.as_str());
        names.collect::<HashSet<_>>()
    });
    let mut seen = HashSet::new();
    let mut errors = Vec::new();
    for extension in &chosen {
        let name = extension.name.as_str();
        if !seen.insert(name) {
            errors.push(ResponseError::ExtensionTwice(extension.name.clone()));
        } else if names.as_ref().is_some_and(|names| !names.contains(name)) {
            errors.push(ResponseError::ExtensionNotOffered(extension.name.clone()));
        } else if extension.name == DeflateParameters::EXTENSION {
            errors.extend(validate_deflate(extension, offered.as_deref()));
        }
    }
    errors
}

/// Whether the parameters answer one of the offers (RFC 7692 section 7.1). Without any offer
/// they are checked alone.
fn validate_deflate(chosen: &Extension, offered: Option<&[Extension]>) -> Option<ResponseError> {
    if let Err(error) = DeflateParameters::parse(chosen) {
        return Some(ResponseError::DeflateParameters(error));
    }
    let offers = offered.unwrap_or_default().iter();
    let mut results = offers
        .filter_map(|offer| DeflateOffer::parse(offer).ok())
        .map(|offer| offer.answered_by(chosen));
    let first = results.next()?;
    if results.any(|result| result.is_ok()) {
        return None;
    }
    first.err().map(ResponseError::DeflateParameters)
}

/// "A server MUST NOT send a Content-Length header field in any response with a status
/// code of 1xx" (RFC 9110 section 8.6), nor a Transfer-Encoding (RFC 9112 section 6.1).
fn validate_framing(head: &ResponseHead) -> Vec<ResponseError> {
    let value = |name| shortened_if_any(head.headers.joined(name));
    let length = value("Content-Length").map(ResponseError::ContentLength);
    let coding = value("Transfer-Encoding").map(ResponseError::TransferEncoding);
    length.into_iter().chain(coding).collect()
}

/// Whether a header belongs to a draft before RFC 6455.
fn is_of_a_draft(header: &Header) -> bool {
    const NAMES: [&str; 5] = [
        "WebSocket-Location",
        "WebSocket-Origin",
        "WebSocket-Protocol",
        "Sec-WebSocket-Location",
        "Sec-WebSocket-Origin",
    ];
    NAMES.iter().any(|name| header.is_named(name))
}
