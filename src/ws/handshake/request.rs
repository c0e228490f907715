//! A server's judgement of the opening request (RFC 6455 §4.2.1).

use std::fmt;

use super::accept::{KeyError, accept_value, check_key};
use super::head::{HeadError, Header, RequestHead};
use super::offers::{OfferError, judge_offers};
use crate::ws::Reference;

/// What a client's first bytes came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind<'a> {
    /// A request.
    Request(&'a RequestHead),
    /// No request, or only the beginning of one.
    OtherBytes(&'a [u8]),
}

impl<'a> RequestKind<'a> {
    /// The headers, if there are any.
    pub fn headers(self) -> &'a [Header] {
        match self {
            Self::Request(head) => &head.headers,
            Self::OtherBytes(_) => &[],
        }
    }
}

/// What a right request leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upgrade {
    /// The client's key.
    pub key: String,
    /// The value that answers it.
    pub accept: String,
}

/// Something that keeps a request from opening a WebSocket connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestError {
    /// It is no request of HTTP/1.1.
    Malformed(HeadError),
    /// The head is larger than this many bytes.
    HeadTooLarge(usize),
    /// The head was not complete in time.
    HeadTooSlow,
    /// The client ended the stream inside its head.
    HeadCut,
    /// TLS, where the server speaks none.
    Tls,
    /// No TLS, where the server speaks it.
    NotTls,
    /// HTTP/1.0.
    HttpVersion,
    /// No `Upgrade` header with `websocket` in it; what is there instead.
    NotUpgrade(Option<String>),
    /// Another method than GET.
    Method(String),
    /// No `Host` header, or several: how many.
    Host(usize),
    /// No `Connection` header with `Upgrade` in it; what is there instead.
    Connection(Option<String>),
    /// No `Sec-WebSocket-Key`, or several: how many.
    KeyCount(usize),
    /// A `Sec-WebSocket-Key` that is none.
    Key(KeyError),
    /// A `Sec-WebSocket-Version` other than 13, or none.
    WebSocketVersion(Option<String>),
    /// Several `Sec-WebSocket-Version` headers: how many.
    WebSocketVersionCount(usize),
    /// An offer of subprotocols or extensions that cannot be read.
    Offer(OfferError),
    /// A body behind the head, where frames would begin.
    Body,
}

/// Judges a request as RFC 6455 §4.2.1 asks.
///
/// # Errors
///
/// Every [`RequestError`] it has, the one to answer first.
pub fn judge(head: &RequestHead) -> Result<Upgrade, Vec<RequestError>> {
    let mut faults = Vec::new();
    if head.minor_version < 1 {
        faults.push(RequestError::HttpVersion);
    }
    if !head.lists("Upgrade", "websocket") {
        faults.push(RequestError::NotUpgrade(joined(head.values("Upgrade"))));
    }
    if head.method != "GET" {
        faults.push(RequestError::Method(shortened(&head.method)));
    }
    match head.values("Host").count() {
        1 => {}
        count => faults.push(RequestError::Host(count)),
    }
    if !head.lists("Connection", "Upgrade") {
        faults.push(RequestError::Connection(joined(head.values("Connection"))));
    }
    let key = judge_key(head).map_err(|fault| faults.push(fault));
    faults.extend(judge_version(head));
    faults.extend(judge_offers(head).into_iter().map(RequestError::Offer));
    if has_body(head) {
        faults.push(RequestError::Body);
    }
    match key {
        Ok(key) if faults.is_empty() => {
            let accept = accept_value(key.as_bytes());
            Ok(Upgrade { key, accept })
        }
        _ => Err(faults),
    }
}

fn judge_key(head: &RequestHead) -> Result<String, RequestError> {
    let mut keys = head.values("Sec-WebSocket-Key");
    match (keys.next(), keys.count()) {
        (None, _) => Err(RequestError::KeyCount(0)),
        (Some(key), 0) => match check_key(key.as_bytes()) {
            Ok(()) => Ok(key),
            Err(fault) => Err(RequestError::Key(fault)),
        },
        (Some(_), others) => Err(RequestError::KeyCount(1 + others)),
    }
}

fn judge_version(head: &RequestHead) -> Option<RequestError> {
    let name = "Sec-WebSocket-Version";
    match head.values(name).count() {
        0 | 1 if head.values(name).eq(["13"]) => None,
        0 | 1 => Some(RequestError::WebSocketVersion(joined(head.values(name)))),
        count => Some(RequestError::WebSocketVersionCount(count)),
    }
}

/// Whether a body follows, which would have to be read before a frame can come
/// (RFC 9110 §7.8, RFC 9112 §6).
fn has_body(head: &RequestHead) -> bool {
    let is_empty = |length: String| length == "0";
    head.values("Transfer-Encoding").next().is_some()
        || !head.values("Content-Length").all(is_empty)
}

/// All values of a header, as one list.
pub(super) fn joined(values: impl Iterator<Item = String>) -> Option<String> {
    let values: Vec<String> = values.collect();
    (!values.is_empty()).then(|| shortened(&values.join(", ")))
}

/// A peer's words, cut to what a sentence can hold.
pub(super) fn shortened(words: &str) -> String {
    const MOST: usize = 60;
    match words.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
        None => words.to_owned(),
    }
}

impl RequestError {
    /// The HTTP status that answers it.
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
            | Self::Host(_)
            | Self::KeyCount(_)
            | Self::Key(_)
            | Self::WebSocketVersionCount(_)
            | Self::Offer(_)
            | Self::Body => 400,
        }
    }

    /// Where the rule is written down.
    pub const fn reference(&self) -> Reference {
        let (rfc, section) = match self {
            Self::Malformed(HeadError::HeaderLine) => (9112, "5"),
            Self::Malformed(HeadError::RequestLine) => (9112, "3"),
            Self::Malformed(HeadError::StatusLine) => (9112, "4"),
            Self::Malformed(HeadError::TooManyHeaders) | Self::HeadTooLarge(_) => (6585, "5"),
            Self::HeadTooSlow => (9110, "15.5.9"),
            Self::HeadCut => (9112, "2.1"),
            Self::Tls => (6455, "4.1"),
            Self::NotTls => (6455, "3"),
            Self::Body => (9110, "7.8"),
            Self::WebSocketVersionCount(_) => (6455, "11.3.5"),
            Self::Offer(fault) => return fault.reference(),
            _ => (6455, "4.2.1"),
        };
        Reference { rfc, section }
    }
}

/// The sentence, without its full stop.
impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(fault) => fault.fmt(f),
            Self::Offer(fault) => fault.fmt(f),
            Self::HeadTooLarge(limit) => {
                write!(f, "the head of the request is larger than {limit} bytes")
            }
            Self::HeadTooSlow => f.write_str("the head of the request was not complete in time"),
            Self::HeadCut => f.write_str("the head of the request ends before its blank line"),
            Self::Tls => f.write_str("a TLS ClientHello stands where the request belongs"),
            Self::NotTls => {
                f.write_str("the request came without TLS, and this port needs it: use `wss://`")
            }
            Self::HttpVersion => f.write_str("the request is HTTP/1.0, and 1.1 is needed"),
            Self::WebSocketVersionCount(count) => {
                write!(f, "the request has {count} `Sec-WebSocket-Version` headers")
            }
            Self::Body => f.write_str("the request has a body, where frames would begin"),
            Self::NotUpgrade(None) => f.write_str("the request has no `Upgrade: websocket` header"),
            Self::NotUpgrade(Some(found)) => {
                write!(
                    f,
                    "the `Upgrade` header must include `websocket`, it is `{found}`"
                )
            }
            Self::Method(method) => write!(f, "the method must be GET, it is `{method}`"),
            Self::Host(0) => f.write_str("the request has no `Host` header"),
            Self::Host(count) => write!(f, "the request has {count} `Host` headers"),
            Self::Connection(None) => {
                f.write_str("the request has no `Connection: Upgrade` header")
            }
            Self::Connection(Some(found)) => {
                write!(
                    f,
                    "the `Connection` header must include `Upgrade`, it is `{found}`"
                )
            }
            Self::KeyCount(0) => f.write_str("the request has no `Sec-WebSocket-Key` header"),
            Self::KeyCount(count) => {
                write!(f, "the request has {count} `Sec-WebSocket-Key` headers")
            }
            Self::Key(fault) => write!(f, "the `Sec-WebSocket-Key` is no key: {fault}"),
            Self::WebSocketVersion(None) => {
                f.write_str("the request has no `Sec-WebSocket-Version: 13` header")
            }
            Self::WebSocketVersion(Some(found)) => {
                write!(f, "the `Sec-WebSocket-Version` must be 13, it is `{found}`")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RIGHT: [&str; 5] = [
        "Host: localhost",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
    ];

    fn judge_lines(first: &str, lines: &[&str]) -> Result<Upgrade, Vec<String>> {
        let bytes = format!("{first}\r\n{}\r\n\r\n", lines.join("\r\n"));
        let (head, _) = RequestHead::parse(bytes.as_bytes()).unwrap().unwrap();
        let sentence = |fault: &RequestError| format!("{} {fault}", fault.status());
        judge(&head).map_err(|faults| faults.iter().map(sentence).collect())
    }

    /// The verdict on a right request with one of its lines changed.
    #[track_caller]
    fn check(number: usize, line: &str, expected: &str) {
        let mut lines = RIGHT.to_vec();
        lines.splice(
            number..=number,
            line.split('\n').filter(|line| !line.is_empty()),
        );
        assert_eq!(
            judge_lines("GET / HTTP/1.1", &lines),
            Err(vec![expected.to_owned()])
        );
    }

    #[test]
    fn a_right_request_is_answered_with_its_accept_value() {
        let upgrade = judge_lines("GET /chat HTTP/1.1", &RIGHT).unwrap();
        assert_eq!(upgrade.accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn names_tokens_and_lists_are_read_whatever_their_case() {
        let lines = [
            "host: localhost",
            "UPGRADE: h2c, WebSocket",
            "connection: keep-alive",
            "Connection: upgrade",
            "sec-websocket-key:dGhlIHNhbXBsZSBub25jZQ==  ",
            "Sec-Websocket-Version: 13",
        ];
        assert!(judge_lines("GET / HTTP/1.1", &lines).is_ok());
    }

    #[test]
    fn each_line_that_is_wrong_has_its_sentence_and_status() {
        check(0, "", "400 the request has no `Host` header");
        check(
            0,
            "Host: a\nHost: b",
            "400 the request has 2 `Host` headers",
        );
        check(1, "", "426 the request has no `Upgrade: websocket` header");
        check(
            1,
            "Upgrade: websockets",
            "426 the `Upgrade` header must include `websocket`, it is `websockets`",
        );
        check(2, "", "426 the request has no `Connection: Upgrade` header");
        check(
            2,
            "Connection: close",
            "426 the `Connection` header must include `Upgrade`, it is `close`",
        );
        check(3, "", "400 the request has no `Sec-WebSocket-Key` header");
        check(
            3,
            "Sec-WebSocket-Key: YWFhYWFhYWFhYWFh",
            "400 the `Sec-WebSocket-Key` is no key: it is base64 of 12 bytes, 16 were expected",
        );
        let twice = format!("{}\n{}", RIGHT[3], RIGHT[3]);
        check(
            3,
            &twice,
            "400 the request has 2 `Sec-WebSocket-Key` headers",
        );
        check(
            4,
            "",
            "426 the request has no `Sec-WebSocket-Version: 13` header",
        );
        check(
            4,
            "Sec-WebSocket-Version: 13\nSec-WebSocket-Version: 13",
            "400 the request has 2 `Sec-WebSocket-Version` headers",
        );
        check(
            4,
            "Sec-WebSocket-Version: 8",
            "426 the `Sec-WebSocket-Version` must be 13, it is `8`",
        );
    }

    #[test]
    fn a_body_is_no_frame() {
        let with = |line| {
            let lines = [&RIGHT[..], &[line]].concat();
            judge_lines("GET / HTTP/1.1", &lines)
        };
        let body = "400 the request has a body, where frames would begin";
        assert_eq!(with("Content-Length: 5"), Err(vec![body.to_owned()]));
        assert_eq!(
            with("Transfer-Encoding: chunked"),
            Err(vec![body.to_owned()])
        );
        assert!(with("Content-Length: 0").is_ok());
    }

    #[test]
    fn a_wrong_first_line_has_its_status_too() {
        assert_eq!(
            judge_lines("POST / HTTP/1.1", &RIGHT),
            Err(vec!["405 the method must be GET, it is `POST`".to_owned()])
        );
        assert_eq!(
            judge_lines("GET / HTTP/1.0", &RIGHT),
            Err(vec![
                "505 the request is HTTP/1.0, and 1.1 is needed".to_owned()
            ])
        );
    }

    #[test]
    fn a_plain_request_hears_of_the_upgrade_first() {
        let faults = judge_lines("POST / HTTP/1.1", &["Host: localhost"]).unwrap_err();
        assert_eq!(faults.len(), 5);
        assert_eq!(
            faults[0],
            "426 the request has no `Upgrade: websocket` header"
        );
    }
}
