//! What a request says beside what opens the connection: things that a server may let
//! pass, and that are wrong or doubtful all the same.

use std::collections::HashMap;
use std::fmt;

use super::agreement::{doubts_of_extensions, offered_extensions};
use super::head::RequestHead;
use super::lines::is_token;
use super::request::shortened;
use crate::ws::Reference;
use crate::ws::extension::{ExtensionError, ParameterError};

/// Something in a request that does not keep a server from answering it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestWarning {
    /// A header of the draft hixie-76; its name as it came.
    HixieKey(String),
    /// A key that everybody knows.
    KeyConstant(String),
    /// Nothing between two commas of a `Sec-WebSocket-Protocol`, which its grammar lets pass.
    SubprotocolEmpty,
    /// A subprotocol that is offered twice.
    SubprotocolTwice(String),
    /// `null` or `undefined`, which a program meant to be nothing.
    SubprotocolNothing(String),
    /// An offer of permessage-deflate that a server must decline.
    DeflateOffer(ParameterError),
}

/// An offer that leaves the grammar of its header, for which a server must refuse the request
/// (RFC 6455 §4.2.1, §9.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfferError {
    /// A `Sec-WebSocket-Protocol` that names nothing.
    SubprotocolNone,
    /// A subprotocol that is no token.
    SubprotocolNotToken(String),
    /// A `Sec-WebSocket-Extensions` that is no list of extensions.
    ExtensionList(ExtensionError),
}

/// Everything in a request that is doubtful beside what [`judge`](super::judge) finds.
pub fn doubts(head: &RequestHead) -> Vec<RequestWarning> {
    let is_hixie = |name: &&str| {
        ["Sec-WebSocket-Key1", "Sec-WebSocket-Key2"]
            .iter()
            .any(|draft| draft.eq_ignore_ascii_case(name))
    };
    let names = head.headers.iter().map(|header| header.name.as_str());
    let mut doubts: Vec<RequestWarning> = names
        .filter(is_hixie)
        .map(|name| RequestWarning::HixieKey(name.to_owned()))
        .collect();
    let keys = head.values("Sec-WebSocket-Key");
    let known = keys.filter(|key| KNOWN_KEYS.contains(&key.as_str()));
    doubts.extend(known.map(RequestWarning::KeyConstant));
    doubts.extend(doubts_of_subprotocols(head));
    doubts.extend(doubts_of_extensions(head));
    doubts
}

/// The key of RFC 6455 §1.3, and the one that is printed nearly as often.
const KNOWN_KEYS: [&str; 2] = ["dGhlIHNhbXBsZSBub25jZQ==", "x3JJHMbDL1EzLkh9GBhXDw=="];

/// "The elements that comprise this value MUST be non-empty strings with characters in
/// the range U+0021 to U+007E not including separator characters as defined in \[RFC2616\]
/// and MUST all be unique strings" (RFC 6455 §4.1, 10).
fn doubts_of_subprotocols(head: &RequestHead) -> Vec<RequestWarning> {
    let mut times: HashMap<String, usize> = HashMap::new();
    let mut doubts = Vec::new();
    for word in words(head) {
        let before = times.get(&word).copied().unwrap_or_default();
        // Each doubt once, however often the word comes.
        doubts.extend(match (word.as_str(), before) {
            ("", 0) => Some(RequestWarning::SubprotocolEmpty),
            ("", _) => None,
            (_, 1) => Some(RequestWarning::SubprotocolTwice(word.clone())),
            ("null" | "undefined", 0) => Some(RequestWarning::SubprotocolNothing(word.clone())),
            _ => None,
        });
        times.insert(word, before + 1);
    }
    if times.keys().all(String::is_empty) {
        // That it names nothing at all is a fault.
        doubts.clear();
    }
    doubts
}

/// What keeps a server from reading the offers of a request.
///
/// "If the server, while reading the handshake, finds that the client did not send a handshake
/// that matches the description …, including but not limited to any violations of the ABNF
/// grammar specified for the components of the handshake, the server MUST stop processing"
/// (RFC 6455 §4.2.1). A list has one element at least, and may have empty ones (RFC 2616
/// §2.1); that the elements are unique is no matter of the grammar.
pub(super) fn judge_offers(head: &RequestHead) -> Vec<OfferError> {
    let mut faults = Vec::new();
    let words = offered_subprotocols(head);
    if words.is_empty() && head.values("Sec-WebSocket-Protocol").next().is_some() {
        faults.push(OfferError::SubprotocolNone);
    }
    let malformed = words.into_iter().filter(|word| !is_token_word(word));
    faults.extend(malformed.map(OfferError::SubprotocolNotToken));
    let extensions = offered_extensions(head).err();
    faults.extend(extensions.map(OfferError::ExtensionList));
    faults
}

/// The subprotocols that a request offers, the one it likes best first.
pub fn offered_subprotocols(head: &RequestHead) -> Vec<String> {
    words(head).filter(|word| !word.is_empty()).collect()
}

/// The items of all `Sec-WebSocket-Protocol` headers, empty ones too.
fn words(head: &RequestHead) -> impl Iterator<Item = String> {
    head.values("Sec-WebSocket-Protocol").flat_map(|value| {
        let items = value.split(',').map(|item| item.trim().to_owned());
        items.collect::<Vec<_>>()
    })
}

/// Whether a word is a token (RFC 9110 §5.6.2), as the names of subprotocols are.
pub fn is_token_word(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(is_token)
}

impl RequestWarning {
    /// Where the rule is written down.
    pub const fn reference(&self) -> Reference {
        let (rfc, section) = match self {
            Self::HixieKey(_) => (6455, "4.2.1"),
            Self::DeflateOffer(_) => (7692, "7.1"),
            _ => (6455, "4.1"),
        };
        Reference { rfc, section }
    }

    /// The header it is about.
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

/// The sentence, without its full stop.
impl fmt::Display for RequestWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HixieKey(name) => write!(f, "`{name}` is of the draft hixie-76 of 2010"),
            Self::KeyConstant(key) => write!(f, "the key `{key}` is a well-known example"),
            Self::SubprotocolEmpty => f.write_str("an empty subprotocol is offered"),
            Self::SubprotocolTwice(word) => {
                write!(f, "the subprotocol `{}` is offered twice", shortened(word))
            }
            Self::SubprotocolNothing(word) => {
                write!(f, "a subprotocol called `{word}` is offered")
            }
            Self::DeflateOffer(fault) => fault.fmt(f),
        }
    }
}

impl OfferError {
    /// Where the rule is written down.
    pub const fn reference(&self) -> Reference {
        let section = match self {
            Self::SubprotocolNone | Self::SubprotocolNotToken(_) => "4.1",
            Self::ExtensionList(_) => "9.1",
        };
        Reference { rfc: 6455, section }
    }
}

/// The sentence, without its full stop.
impl fmt::Display for OfferError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SubprotocolNone => {
                f.write_str("the `Sec-WebSocket-Protocol` header names no subprotocol")
            }
            Self::SubprotocolNotToken(word) => write!(
                f,
                "the subprotocol `{}` in `Sec-WebSocket-Protocol` is no token",
                shortened(word)
            ),
            Self::ExtensionList(fault) => {
                write!(
                    f,
                    "the `Sec-WebSocket-Extensions` header is malformed: {fault}"
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences(lines: &[&str]) -> Vec<String> {
        let bytes = format!("GET / HTTP/1.1\r\n{}\r\n\r\n", lines.join("\r\n"));
        let (head, _) = RequestHead::parse(bytes.as_bytes()).unwrap().unwrap();
        doubts(&head).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_usual_request_leaves_no_doubt() {
        let lines = [
            "Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==",
            "Sec-WebSocket-Protocol: chat, superchat",
            "sec-websocket-protocol: v12.stomp",
        ];
        assert_eq!(sentences(&lines), [""; 0]);
    }

    #[test]
    fn keys_of_books_and_drafts() {
        let lines = [
            "Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5",
            "Sec-WebSocket-Key2: 12998 5 Y3 1  .P00",
            "Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==",
        ];
        let expected = [
            "`Sec-WebSocket-Key1` is of the draft hixie-76 of 2010",
            "`Sec-WebSocket-Key2` is of the draft hixie-76 of 2010",
            "the key `x3JJHMbDL1EzLkh9GBhXDw==` is a well-known example",
        ];
        assert_eq!(sentences(&lines), expected);
    }

    #[test]
    fn subprotocols_are_tokens_each_of_them_once() {
        let of = |value: &str| sentences(&[&format!("Sec-WebSocket-Protocol: {value}")]);
        assert_eq!(of("a,, b,"), ["an empty subprotocol is offered"]);
        assert_eq!(of("a, b, a"), ["the subprotocol `a` is offered twice"]);
        assert_eq!(of("null"), ["a subprotocol called `null` is offered"]);
        assert_eq!(of("a, A, nullable"), [""; 0]);
    }

    #[test]
    fn offers_that_leave_their_grammar() {
        let of = |lines: &str| {
            let bytes = format!("GET / HTTP/1.1\r\n{lines}\r\n\r\n");
            let (head, _) = RequestHead::parse(bytes.as_bytes()).unwrap().unwrap();
            assert!(!lines.contains("a,,") || !doubts(&head).is_empty());
            let faults = judge_offers(&head);
            faults.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let protocol = |value: &str| of(&format!("Sec-WebSocket-Protocol: {value}"));
        let none = "the `Sec-WebSocket-Protocol` header names no subprotocol";
        assert_eq!(protocol(""), [none]);
        assert_eq!(protocol(" , ,"), [none]);
        for word in ["foo/bar", "a b", "\"chat\"", "a=b", "ä"] {
            let expected =
                format!("the subprotocol `{word}` in `Sec-WebSocket-Protocol` is no token");
            assert_eq!(protocol(&format!("chat, {word}")), [expected]);
        }
        assert_eq!(protocol("a,, b, a"), [""; 0]);
        assert_eq!(of("Host: a"), [""; 0]);
        assert_eq!(
            of("Sec-WebSocket-Extensions: permessage-deflate;;"),
            [
                "the `Sec-WebSocket-Extensions` header is malformed: expected the name of a \
              parameter, found `;`"
            ]
        );
        assert_eq!(
            of("Sec-WebSocket-Extensions: "),
            [
                "the `Sec-WebSocket-Extensions` header is malformed: expected the name of an \
              extension, found the end"
            ]
        );
    }
}
