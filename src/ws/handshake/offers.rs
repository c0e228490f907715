//! The subprotocols and extensions that heads name. The rules of both heads and the
//! negotiation use it.

use super::head::RequestHead;
use super::headers::Headers;
use crate::ws::extension::{self, Extension, ExtensionError};

/// The subprotocols that a request offers, in the client's order of preference.
pub fn offered_subprotocols(head: &RequestHead) -> Vec<String> {
    let words = head.headers.elements("Sec-WebSocket-Protocol");
    words.filter(|word| !word.is_empty()).collect()
}

/// The extensions that a request offers. None if it has no such header.
///
/// # Errors
///
/// [`ExtensionError`] if the list does not match its grammar.
pub fn offered_extensions(head: &RequestHead) -> Result<Option<Vec<Extension>>, ExtensionError> {
    extensions(&head.headers)
}

/// The extensions that a head names. Several headers are one list (RFC 6455 section 9.1).
pub(super) fn extensions(headers: &Headers) -> Result<Option<Vec<Extension>>, ExtensionError> {
    let value = headers.joined("Sec-WebSocket-Extensions");
    value.map(|value| extension::parse(&value)).transpose()
}
