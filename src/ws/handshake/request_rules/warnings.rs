//! What is allowed in a request, or is not the server's concern, but probably a mistake.

use std::collections::HashMap;
use std::fmt;

use crate::ws::Reference;
use crate::ws::extension::{DeflateOffer, DeflateParameters, ParameterError};
use crate::ws::handshake::{RequestHead, offered_extensions, shortened};

/// Something in a request that does not keep a server from accepting it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestWarning {
    /// This header belongs to the draft Hixie-76.
    HixieKey(String),
    /// The key is a well-known example.
    KeyConstant(String),
    /// A list of subprotocols has an empty element.
    SubprotocolEmpty,
    /// This subprotocol is offered twice.
    SubprotocolTwice(String),
    /// A subprotocol is called `null` or `undefined`.
    SubprotocolNothing(String),
    /// A server must decline this offer of permessage-deflate.
    DeflateOffer(ParameterError),
}

/// The warnings about a request, beside the errors of
/// [`validate_request`](super::validate_request).
pub fn request_warnings(head: &RequestHead) -> Vec<RequestWarning> {
    let is_hixie = |name: &&str| {
        ["Sec-WebSocket-Key1", "Sec-WebSocket-Key2"]
            .iter()
            .any(|draft| draft.eq_ignore_ascii_case(name))
    };
    let names = head.headers.iter().map(|header| header.name.as_str());
    let mut warnings: Vec<RequestWarning> = names
        .filter(is_hixie)
        .map(|name| RequestWarning::HixieKey(name.to_owned()))
        .collect();
    let keys = head.headers.values("Sec-WebSocket-Key");
    let known = keys.filter(|key| KNOWN_KEYS.contains(&key.as_str()));
    warnings.extend(known.map(RequestWarning::KeyConstant));
    warnings.extend(subprotocol_warnings(head));
    warnings.extend(extension_warnings(head));
    warnings
}

/// The key of RFC 6455 section 1.3, and another one that many pages print.
const KNOWN_KEYS: [&str; 2] = ["dGhlIHNhbXBsZSBub25jZQ==", "x3JJHMbDL1EzLkh9GBhXDw=="];

/// "The elements that comprise this value MUST be non-empty strings with characters in
/// the range U+0021 to U+007E not including separator characters as defined in \[RFC2616\]
/// and MUST all be unique strings" (RFC 6455 section 4.1, item 10).
fn subprotocol_warnings(head: &RequestHead) -> Vec<RequestWarning> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut warnings = Vec::new();
    for word in head.headers.elements("Sec-WebSocket-Protocol") {
        let before = counts.get(&word).copied().unwrap_or_default();
        // One warning of each kind for each word, however often it occurs.
        warnings.extend(match (word.as_str(), before) {
            ("", 0) => Some(RequestWarning::SubprotocolEmpty),
            ("", _) => None,
            (_, 1) => Some(RequestWarning::SubprotocolTwice(word.clone())),
            ("null" | "undefined", 0) => Some(RequestWarning::SubprotocolNothing(word.clone())),
            _ => None,
        });
        counts.insert(word, before + 1);
    }
    if counts.keys().all(String::is_empty) {
        // A list without any name is an error.
        warnings.clear();
    }
    warnings
}

fn extension_warnings(head: &RequestHead) -> Vec<RequestWarning> {
    // A list outside its grammar is an error.
    let offered = offered_extensions(head).ok().flatten().unwrap_or_default();
    let deflate = offered
        .iter()
        .filter(|extension| extension.name == DeflateParameters::EXTENSION);
    let errors = deflate.filter_map(|extension| DeflateOffer::parse(extension).err());
    errors.map(RequestWarning::DeflateOffer).collect()
}

impl RequestWarning {
    /// The section of the rule.
    pub const fn reference(&self) -> Reference {
        let (rfc, section) = match self {
            Self::HixieKey(_) => (6455, "4.2.1"),
            Self::DeflateOffer(_) => (7692, "7.1"),
            _ => (6455, "4.1"),
        };
        Reference { rfc, section }
    }

    /// The name of the header.
    pub fn header(&self) -> &str {
        match self {
            Self::HixieKey(name) => name,
            Self::KeyConstant(_) => "Sec-WebSocket-Key",
            Self::SubprotocolEmpty | Self::SubprotocolTwice(_) | Self::SubprotocolNothing(_) => {
                "Sec-WebSocket-Protocol"
            }
            Self::DeflateOffer(_) => "Sec-WebSocket-Extensions",
        }
    }
}

/// The sentence, without a full stop.
impl fmt::Display for RequestWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HixieKey(name) => write!(f, "`{name}` belongs to the draft Hixie-76 of 2010"),
            Self::KeyConstant(key) => write!(f, "the key `{key}` is a well-known example"),
            Self::SubprotocolEmpty => f.write_str("an empty subprotocol is offered"),
            Self::SubprotocolTwice(word) => {
                write!(f, "the subprotocol `{}` is offered twice", shortened(word))
            }
            Self::SubprotocolNothing(word) => {
                write!(f, "a subprotocol called `{word}` is offered")
            }
            Self::DeflateOffer(error) => error.fmt(f),
        }
    }
}
