//! A client's judgement of the answer (RFC 6455 §4.1, "Once the client's opening
//! handshake has been sent").

#[cfg(test)]
mod tests;

use std::fmt;

use super::accept::{accept_value, decode_base64};
use super::agreement::judge_extensions;
use super::head::{Header, RequestHead, ResponseHead};
use super::offers::{is_token_word, offered_subprotocols};
use super::request::{joined, shortened};
use crate::ws::Reference;
use crate::ws::extension::{ExtensionError, ParameterError};

/// Something in a response that keeps a client from using the connection, or should make
/// its server's author think.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponseError {
    /// Another status than 101.
    Status(u16),
    /// HTTP/1.0.
    HttpVersion,
    /// No `Upgrade: websocket`; what is there instead.
    Upgrade(Option<String>),
    /// Several `Upgrade` headers: how many.
    UpgradeCount(usize),
    /// No `Connection` header with `Upgrade` in it; what is there instead.
    Connection(Option<String>),
    /// No `Sec-WebSocket-Accept`, or several: how many.
    AcceptCount(usize),
    /// A `Sec-WebSocket-Accept` that does not answer the key.
    Accept {
        /// The value.
        given: String,
        /// The key that the client sent.
        key: String,
    },
    /// A `Sec-WebSocket-Accept` that answers no key at all.
    AcceptForm(String),
    /// An empty `Sec-WebSocket-Protocol`.
    SubprotocolEmpty,
    /// Several subprotocols where one must be chosen, as one list.
    SubprotocolSeveral(String),
    /// A subprotocol that is no token.
    SubprotocolNotToken(String),
    /// A subprotocol that the client did not offer.
    SubprotocolNotOffered {
        /// What the server chose.
        chosen: String,
        /// What it could choose from.
        offered: Vec<String>,
    },
    /// Subprotocols were offered and none was chosen, which is allowed.
    SubprotocolUnanswered(Vec<String>),
    /// A `Sec-WebSocket-Extensions` that is no list of extensions.
    ExtensionList(ExtensionError),
    /// An extension that the client did not offer; its name.
    ExtensionNotOffered(String),
    /// An extension that is chosen twice; its name.
    ExtensionTwice(String),
    /// permessage-deflate in a way that answers no offer.
    DeflateParameters(ParameterError),
    /// A `Content-Length` in a 101; its value.
    ContentLength(String),
    /// A `Transfer-Encoding` in a 101; its value.
    TransferEncoding(String),
    /// A header of a draft; its name as it came.
    DraftHeader(String),
}

/// Judges a response as RFC 6455 §4.1 asks, against the request if that is known: every
/// fault it has.
///
/// Of a response that is no 101 only the status is judged: it opens nothing.
pub fn judge_response(head: &ResponseHead, asked: Option<&RequestHead>) -> Vec<ResponseError> {
    if head.status != 101 {
        return vec![ResponseError::Status(head.status)];
    }
    let mut faults = Vec::new();
    if head.minor_version < 1 {
        faults.push(ResponseError::HttpVersion);
    }
    faults.extend(judge_upgrade(head));
    if !head.lists("Connection", "Upgrade") {
        let found = joined(head.values("Connection"));
        faults.push(ResponseError::Connection(found));
    }
    faults.extend(judge_accept(head, asked));
    faults.extend(judge_subprotocol(head, asked));
    faults.extend(judge_extensions(head, asked));
    faults.extend(judge_framing(head));
    let drafts = head.headers.iter().filter(|header| is_of_a_draft(header));
    faults.extend(drafts.map(|header| ResponseError::DraftHeader(header.name.clone())));
    faults
}

/// "If the response lacks an |Upgrade| header field or the |Upgrade| header field
/// contains a value that is not an ASCII case-insensitive match for the value
/// 'websocket', the client MUST _Fail the WebSocket Connection_" (§4.1, 2).
fn judge_upgrade(head: &ResponseHead) -> Option<ResponseError> {
    let values: Vec<String> = head.values("Upgrade").collect();
    match values.as_slice() {
        [value] if value.eq_ignore_ascii_case("websocket") => None,
        [] | [_] => Some(ResponseError::Upgrade(joined(values.into_iter()))),
        several => Some(ResponseError::UpgradeCount(several.len())),
    }
}

/// Item 4. Where the key is not known, the value's form alone can be wrong.
fn judge_accept(head: &ResponseHead, asked: Option<&RequestHead>) -> Option<ResponseError> {
    let values: Vec<String> = head.values("Sec-WebSocket-Accept").collect();
    let [given] = values.as_slice() else {
        return Some(ResponseError::AcceptCount(values.len()));
    };
    let given = given.clone();
    let mut keys = asked
        .into_iter()
        .flat_map(|head| head.values("Sec-WebSocket-Key"));
    match (keys.next(), keys.next()) {
        (Some(key), None) if accept_value(key.as_bytes()) == given => None,
        (Some(key), None) => Some(ResponseError::Accept { given, key }),
        _ if decode_base64(given.as_bytes()).is_some_and(|bytes| bytes.len() == 20) => None,
        _ => Some(ResponseError::AcceptForm(given)),
    }
}

/// "If the response includes a |Sec-WebSocket-Protocol| header field and this header field
/// indicates the use of a subprotocol that was not present in the client's handshake …,
/// the client MUST _Fail the WebSocket Connection_" (§4.1, 6); and it "MUST NOT appear
/// more than once in an HTTP response" (§11.3.4).
fn judge_subprotocol(head: &ResponseHead, asked: Option<&RequestHead>) -> Option<ResponseError> {
    let values: Vec<String> = head.values("Sec-WebSocket-Protocol").collect();
    let offered = asked.map(offered_subprotocols);
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
        // Subprotocols are compared as they are (RFC 6455 §4.1, 6; §11.5).
        let offered = offered.filter(|offered| !offered.contains(&chosen))?;
        Some(ResponseError::SubprotocolNotOffered { chosen, offered })
    }
}

/// "A server MUST NOT send a Content-Length header field in any response with a status
/// code of 1xx" (RFC 9110 §8.6), nor a Transfer-Encoding (RFC 9112 §6.1).
fn judge_framing(head: &ResponseHead) -> Vec<ResponseError> {
    let length = joined(head.values("Content-Length")).map(ResponseError::ContentLength);
    let coding = joined(head.values("Transfer-Encoding")).map(ResponseError::TransferEncoding);
    length.into_iter().chain(coding).collect()
}

/// Whether a header is of a draft before RFC 6455.
fn is_of_a_draft(header: &Header) -> bool {
    const NAMES: [&str; 5] = [
        "WebSocket-Location",
        "WebSocket-Origin",
        "WebSocket-Protocol",
        "Sec-WebSocket-Location",
        "Sec-WebSocket-Origin",
    ];
    NAMES
        .iter()
        .any(|name| header.name.eq_ignore_ascii_case(name))
}

impl ResponseError {
    /// Where the rule is written down.
    pub const fn reference(&self) -> Reference {
        let (rfc, section) = match self {
            Self::SubprotocolSeveral(_) => (6455, "11.3.4"),
            Self::SubprotocolUnanswered(_) => (6455, "4.2.2"),
            Self::ExtensionList(_) => (6455, "9.1"),
            Self::DeflateParameters(_) | Self::ExtensionTwice(_) => (7692, "7.1"),
            Self::ContentLength(_) => (9110, "8.6"),
            Self::TransferEncoding(_) => (9112, "6.1"),
            _ => (6455, "4.1"),
        };
        Reference { rfc, section }
    }

    /// The header it is about; none for the status line.
    pub fn header(&self) -> Option<&str> {
        match self {
            Self::Status(_) | Self::HttpVersion => None,
            Self::Upgrade(_) | Self::UpgradeCount(_) => Some("Upgrade"),
            Self::Connection(_) => Some("Connection"),
            Self::AcceptCount(_) | Self::Accept { .. } | Self::AcceptForm(_) => {
                Some("Sec-WebSocket-Accept")
            }
            Self::SubprotocolEmpty
            | Self::SubprotocolSeveral(_)
            | Self::SubprotocolNotToken(_)
            | Self::SubprotocolNotOffered { .. }
            | Self::SubprotocolUnanswered(_) => Some("Sec-WebSocket-Protocol"),
            Self::ExtensionList(_)
            | Self::ExtensionNotOffered(_)
            | Self::ExtensionTwice(_)
            | Self::DeflateParameters(_) => Some("Sec-WebSocket-Extensions"),
            Self::ContentLength(_) => Some("Content-Length"),
            Self::TransferEncoding(_) => Some("Transfer-Encoding"),
            Self::DraftHeader(name) => Some(name),
        }
    }
}

/// The sentence, without its full stop.
impl fmt::Display for ResponseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "the status is {status}, which opens no WebSocket"),
            Self::HttpVersion => f.write_str("the response is HTTP/1.0, and 1.1 is needed"),
            Self::Upgrade(None) => f.write_str("the response has no `Upgrade: websocket` header"),
            Self::Upgrade(Some(found)) => {
                write!(
                    f,
                    "the `Upgrade` header must be `websocket`, it is `{found}`"
                )
            }
            Self::UpgradeCount(count) => write!(f, "the response has {count} `Upgrade` headers"),
            Self::Connection(None) => {
                f.write_str("the response has no `Connection: Upgrade` header")
            }
            Self::Connection(Some(found)) => write!(
                f,
                "the `Connection` header must include `Upgrade`, it is `{found}`"
            ),
            Self::AcceptCount(0) => {
                f.write_str("the response has no `Sec-WebSocket-Accept` header")
            }
            Self::AcceptCount(count) => {
                write!(f, "the response has {count} `Sec-WebSocket-Accept` headers")
            }
            Self::Accept { given, key } => {
                let (given, key) = (shortened(given), shortened(key));
                write!(
                    f,
                    "the accept value `{given}` does not answer the key `{key}`"
                )
            }
            Self::AcceptForm(given) => write!(
                f,
                "`{}` answers no key: it is not base64 of 20 bytes",
                shortened(given)
            ),
            Self::SubprotocolEmpty => f.write_str("the subprotocol chosen is empty"),
            Self::SubprotocolSeveral(list) => {
                write!(f, "several subprotocols are chosen: `{}`", shortened(list))
            }
            Self::SubprotocolNotToken(word) => {
                write!(f, "the subprotocol `{}` is no token", shortened(word))
            }
            Self::SubprotocolNotOffered { chosen, offered } => {
                let chosen = shortened(chosen);
                if offered.is_empty() {
                    return write!(
                        f,
                        "the subprotocol `{chosen}` is chosen, and none was offered"
                    );
                }
                let offered = shortened(&offered.join(", "));
                write!(
                    f,
                    "the subprotocol `{chosen}` is chosen, and only `{offered}` was offered"
                )
            }
            Self::SubprotocolUnanswered(offered) => write!(
                f,
                "none of the subprotocols offered is chosen: `{}`",
                shortened(&offered.join(", "))
            ),
            Self::ExtensionList(fault) => {
                write!(f, "the list of extensions is malformed: {fault}")
            }
            Self::ExtensionNotOffered(name) => write!(
                f,
                "the extension `{}` is chosen, and it was not offered",
                shortened(name)
            ),
            Self::ExtensionTwice(name) => {
                write!(f, "the extension `{}` is chosen twice", shortened(name))
            }
            Self::DeflateParameters(fault) => fault.fmt(f),
            Self::ContentLength(value) => {
                write!(f, "a 101 must not have a `Content-Length`, it is `{value}`")
            }
            Self::TransferEncoding(value) => {
                write!(
                    f,
                    "a 101 must not have a `Transfer-Encoding`, it is `{value}`"
                )
            }
            Self::DraftHeader(name) => {
                write!(f, "`{}` is of a draft before RFC 6455", shortened(name))
            }
        }
    }
}
