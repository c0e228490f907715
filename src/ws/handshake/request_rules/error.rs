//! What a server refuses a request for: the sentence, the status and the section of each error.

use std::fmt;

use crate::ws::Reference;
use crate::ws::extension::ExtensionError;
use crate::ws::handshake::{HeadError, KeyError, shortened};

/// Why a request does not open a WebSocket connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestError {
    /// The bytes are not a request of HTTP/1.1.
    Malformed(HeadError),
    /// The head is larger than this limit, in bytes.
    HeadTooLarge(usize),
    /// The head was not complete in time.
    HeadTooSlow,
    /// The client ended the stream inside the head.
    HeadCut,
    /// TLS on a port without TLS.
    Tls,
    /// No TLS on a port that requires it.
    NotTls,
    /// The request is HTTP/1.0.
    HttpVersion,
    /// `Upgrade` does not list `websocket`. The value, if there is one.
    NotUpgrade(Option<String>),
    /// The method is this one instead of GET.
    Method(String),
    /// The request target is neither a path nor an absolute HTTP URI.
    Target(String),
    /// The request target has a fragment.
    TargetFragment(String),
    /// The number of `Host` headers is this one instead of 1.
    Host(usize),
    /// The value of `Host` is empty.
    HostEmpty,
    /// This value of `Host` has white space in it, or more than a host and a port.
    HostValue(String),
    /// There are this many `Origin` headers.
    OriginCount(usize),
    /// `Connection` does not list `Upgrade`. The value, if there is one.
    Connection(Option<String>),
    /// The number of `Sec-WebSocket-Key` headers is this one instead of 1.
    KeyCount(usize),
    /// The `Sec-WebSocket-Key` is not base64 of 16 bytes.
    Key(KeyError),
    /// The `Sec-WebSocket-Version` is not 13. The value, if there is one.
    WebSocketVersion(Option<String>),
    /// There are this many `Sec-WebSocket-Version` headers.
    WebSocketVersionCount(usize),
    /// The subprotocols or extensions do not match their grammar.
    Offer(OfferError),
    /// The head announces a body, where frames would begin.
    Body,
}

/// An offer that does not match the grammar of its header. A server must refuse the request
/// (RFC 6455 sections 4.2.1 and 9.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfferError {
    /// `Sec-WebSocket-Protocol` names no subprotocol.
    SubprotocolNone,
    /// This subprotocol is not a token.
    SubprotocolNotToken(String),
    /// `Sec-WebSocket-Extensions` is not a list of extensions.
    ExtensionList(ExtensionError),
}

impl RequestError {
    /// The HTTP status of the refusal.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Malformed(HeadError::Version) | Self::HttpVersion => 505,
            Self::Malformed(HeadError::TooManyHeaders) | Self::HeadTooLarge(_) => 431,
            Self::HeadTooSlow => 408,
            Self::Method(_) => 405,
            Self::NotUpgrade(_) | Self::Connection(_) | Self::WebSocketVersion(_) => 426,
            Self::Malformed(_)
            | Self::HeadCut
            | Self::Tls
            | Self::NotTls
            | Self::Target(_)
            | Self::TargetFragment(_)
            | Self::Host(_)
            | Self::HostEmpty
            | Self::HostValue(_)
            | Self::OriginCount(_)
            | Self::KeyCount(_)
            | Self::Key(_)
            | Self::WebSocketVersionCount(_)
            | Self::Offer(_)
            | Self::Body => 400,
        }
    }

    /// Whether the request does not say for which server or from which page it is. A page is not
    /// sent then either.
    pub const fn leaves_site_open(&self) -> bool {
        matches!(
            self,
            Self::Host(_) | Self::HostEmpty | Self::HostValue(_) | Self::OriginCount(_)
        )
    }

    /// The errors of a request that a server's log reports. A plain HTTP request, without
    /// `Upgrade` and without a key, is one error; the other headers of the handshake that it
    /// lacks are not reported one by one.
    pub fn reported(errors: &[Self]) -> impl Iterator<Item = &Self> {
        let is_plain =
            errors.contains(&Self::NotUpgrade(None)) && errors.contains(&Self::KeyCount(0));
        let follows = |error: &&Self| {
            matches!(
                error,
                Self::Connection(_)
                    | Self::KeyCount(0)
                    | Self::WebSocketVersion(None)
                    | Self::Method(_)
            )
        };
        errors
            .iter()
            .filter(move |error| !(is_plain && follows(error)))
    }

    /// The section of the rule.
    pub const fn reference(&self) -> Reference {
        let (rfc, section) = match self {
            Self::Malformed(HeadError::HeaderLine) => (9112, "5"),
            Self::Malformed(HeadError::RequestLine) => (9112, "3"),
            Self::Malformed(HeadError::StatusLine) => (9112, "4"),
            Self::Malformed(HeadError::TooManyHeaders) | Self::HeadTooLarge(_) => (6585, "5"),
            Self::Target(_) | Self::TargetFragment(_) | Self::HostEmpty | Self::HostValue(_) => {
                (9112, "3.2")
            }
            Self::OriginCount(_) => (6454, "7.3"),
            Self::HeadTooSlow => (9110, "15.5.9"),
            Self::HeadCut => (9112, "2.1"),
            Self::Tls => (6455, "4.1"),
            Self::NotTls => (6455, "3"),
            Self::Body => (9110, "7.8"),
            Self::WebSocketVersionCount(_) => (6455, "11.3.5"),
            Self::Offer(error) => return error.reference(),
            _ => (6455, "4.2.1"),
        };
        Reference { rfc, section }
    }
}

impl OfferError {
    /// The section of the rule.
    pub const fn reference(&self) -> Reference {
        let section = match self {
            Self::SubprotocolNone | Self::SubprotocolNotToken(_) => "4.1",
            Self::ExtensionList(_) => "9.1",
        };
        Reference { rfc: 6455, section }
    }
}

/// The sentence, without a full stop.
impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => error.fmt(f),
            Self::Offer(error) => error.fmt(f),
            Self::HeadTooLarge(limit) => {
                write!(f, "the head of the request is larger than {limit} bytes")
            }
            Self::HeadTooSlow => f.write_str("the head of the request was not complete in time"),
            Self::HeadCut => f.write_str("the head of the request ends before its empty line"),
            Self::Tls => f.write_str("expected a request, found a TLS ClientHello"),
            Self::NotTls => f.write_str(
                "the request is not encrypted, and this port requires TLS: use `wss://`",
            ),
            Self::HttpVersion => f.write_str("the request is HTTP/1.0 instead of HTTP/1.1"),
            Self::WebSocketVersionCount(count) => {
                write!(f, "the request has {count} `Sec-WebSocket-Version` headers")
            }
            Self::Body => f.write_str("the request has a body, where frames would begin"),
            Self::NotUpgrade(None) => f.write_str("the request has no `Upgrade: websocket` header"),
            Self::NotUpgrade(Some(found)) => {
                write!(
                    f,
                    "the `Upgrade` header must include `websocket`, and is `{found}`"
                )
            }
            Self::Method(method) => write!(f, "the method must be GET, and is `{method}`"),
            Self::Target(target) if target.is_empty() => {
                f.write_str("the request target is missing, and must be a path such as `/`")
            }
            Self::Target(target) => {
                write!(f, "the request target must be a path, and is `{target}`")
            }
            Self::TargetFragment(target) => {
                write!(f, "the request target `{target}` has a fragment")
            }
            Self::HostEmpty => f.write_str("the `Host` header is empty"),
            Self::HostValue(host) => {
                write!(
                    f,
                    "the `Host` header must be a host and a port, and is `{host}`"
                )
            }
            Self::Host(0) => f.write_str("the request has no `Host` header"),
            Self::Host(count) => write!(f, "the request has {count} `Host` headers"),
            Self::OriginCount(count) => write!(f, "the request has {count} `Origin` headers"),
            Self::Connection(None) => {
                f.write_str("the request has no `Connection: Upgrade` header")
            }
            Self::Connection(Some(found)) => {
                write!(
                    f,
                    "the `Connection` header must include `Upgrade`, and is `{found}`"
                )
            }
            Self::KeyCount(0) => f.write_str("the request has no `Sec-WebSocket-Key` header"),
            Self::KeyCount(count) => {
                write!(f, "the request has {count} `Sec-WebSocket-Key` headers")
            }
            Self::Key(error) => write!(f, "the `Sec-WebSocket-Key` is invalid: {error}"),
            Self::WebSocketVersion(None) => {
                f.write_str("the request has no `Sec-WebSocket-Version: 13` header")
            }
            Self::WebSocketVersion(Some(found)) => {
                write!(
                    f,
                    "the `Sec-WebSocket-Version` must be 13, and is `{found}`"
                )
            }
        }
    }
}

/// The sentence, without a full stop.
impl fmt::Display for OfferError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SubprotocolNone => {
                f.write_str("the `Sec-WebSocket-Protocol` header names no subprotocol")
            }
            Self::SubprotocolNotToken(word) => write!(
                f,
                "the subprotocol `{}` in `Sec-WebSocket-Protocol` is not a token",
                shortened(word)
            ),
            Self::ExtensionList(error) => {
                write!(
                    f,
                    "the `Sec-WebSocket-Extensions` header is malformed: {error}"
                )
            }
        }
    }
}
