//! What is wrong with a response: the sentence, the header and the section of each error.

use std::fmt;

use crate::ws::Reference;
use crate::ws::extension::{ExtensionError, ParameterError};
use crate::ws::handshake::shortened;

/// Something wrong with a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponseError {
    /// The status is this one instead of 101.
    Status(u16),
    /// The response is HTTP/1.0.
    HttpVersion,
    /// `Upgrade` is not `websocket`. The value, if there is one.
    Upgrade(Option<String>),
    /// There are this many `Upgrade` headers.
    UpgradeCount(usize),
    /// `Connection` does not list `Upgrade`. The value, if there is one.
    Connection(Option<String>),
    /// The number of `Sec-WebSocket-Accept` headers is this one instead of 1.
    AcceptCount(usize),
    /// The `Sec-WebSocket-Accept` is not that of the key.
    Accept {
        /// The value in the response.
        given: String,
        /// The key in the request.
        key: String,
    },
    /// This `Sec-WebSocket-Accept` is not that of any key.
    AcceptForm(String),
    /// `Sec-WebSocket-Protocol` is empty.
    SubprotocolEmpty,
    /// Several subprotocols are chosen, as one list.
    SubprotocolSeveral(String),
    /// This subprotocol is not a token.
    SubprotocolNotToken(String),
    /// The subprotocol was not offered.
    SubprotocolNotOffered {
        /// The subprotocol in the response.
        chosen: String,
        /// The subprotocols in the request.
        offered: Vec<String>,
    },
    /// None of these offered subprotocols is chosen, which RFC 6455 allows.
    SubprotocolUnanswered(Vec<String>),
    /// `Sec-WebSocket-Extensions` is not a list of extensions.
    ExtensionList(ExtensionError),
    /// This extension was not offered.
    ExtensionNotOffered(String),
    /// This extension is chosen twice.
    ExtensionTwice(String),
    /// The parameters of permessage-deflate answer no offer.
    DeflateParameters(ParameterError),
    /// The 101 has a `Content-Length` with this value.
    ContentLength(String),
    /// The 101 has a `Transfer-Encoding` with this value.
    TransferEncoding(String),
    /// This header belongs to a draft before RFC 6455.
    DraftHeader(String),
}

impl ResponseError {
    /// The section of the rule.
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

    /// Whether a client must fail the connection (RFC 6455 section 4.1, RFC 7692 section 7.1).
    /// A client may accept a response with the other errors.
    pub const fn is_fatal(&self) -> bool {
        !matches!(
            self,
            Self::SubprotocolUnanswered(_)
                | Self::ContentLength(_)
                | Self::TransferEncoding(_)
                | Self::DraftHeader(_)
        )
    }

    /// The name of the header. None for the status line.
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

/// The sentence, without a full stop.
impl fmt::Display for ResponseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "the status is {status} instead of 101"),
            Self::HttpVersion => f.write_str("the response is HTTP/1.0 instead of HTTP/1.1"),
            Self::Upgrade(None) => f.write_str("the response has no `Upgrade: websocket` header"),
            Self::Upgrade(Some(found)) => {
                write!(
                    f,
                    "the `Upgrade` header must be `websocket`, and is `{found}`"
                )
            }
            Self::UpgradeCount(count) => write!(f, "the response has {count} `Upgrade` headers"),
            Self::Connection(None) => {
                f.write_str("the response has no `Connection: Upgrade` header")
            }
            Self::Connection(Some(found)) => write!(
                f,
                "the `Connection` header must include `Upgrade`, and is `{found}`"
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
                    "the accept value `{given}` is not that of the key `{key}`"
                )
            }
            Self::AcceptForm(given) => {
                write!(f, "`{}` is not base64 of 20 bytes", shortened(given))
            }
            Self::SubprotocolEmpty => f.write_str("the subprotocol chosen is empty"),
            Self::SubprotocolSeveral(list) => {
                write!(f, "several subprotocols are chosen: `{}`", shortened(list))
            }
            Self::SubprotocolNotToken(word) => {
                write!(f, "the subprotocol `{}` is not a token", shortened(word))
            }
            Self::SubprotocolNotOffered { chosen, offered } => {
                let chosen = shortened(chosen);
                if offered.is_empty() {
                    return write!(
                        f,
                        "the subprotocol `{chosen}` is chosen, but none was offered"
                    );
                }
                let offered = shortened(&offered.join(", "));
                write!(
                    f,
                    "the subprotocol `{chosen}` is chosen, but only `{offered}` was offered"
                )
            }
            Self::SubprotocolUnanswered(offered) => write!(
                f,
                "none of the subprotocols offered is chosen: `{}`",
                shortened(&offered.join(", "))
            ),
            Self::ExtensionList(error) => {
                write!(f, "the list of extensions is malformed: {error}")
            }
            Self::ExtensionNotOffered(name) => write!(
                f,
                "the extension `{}` is chosen but was not offered",
                shortened(name)
            ),
            Self::ExtensionTwice(name) => {
                write!(f, "the extension `{}` is chosen twice", shortened(name))
            }
            Self::DeflateParameters(error) => error.fmt(f),
            Self::ContentLength(value) => {
                write!(
                    f,
                    "a 101 must not have a `Content-Length`, and has `{value}`"
                )
            }
            Self::TransferEncoding(value) => {
                write!(
                    f,
                    "a 101 must not have a `Transfer-Encoding`, and has `{value}`"
                )
            }
            Self::DraftHeader(name) => {
                write!(
                    f,
                    "`{}` belongs to a draft before RFC 6455",
                    shortened(name)
                )
            }
        }
    }
}
