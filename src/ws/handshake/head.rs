//! The heads of HTTP/1.1: a request's and a response's.

use std::fmt;

/// The head of a request: its first line and its headers (RFC 9112 §2.1), as received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestHead {
    /// The method, as `GET`.
    pub method: String,
    /// The request target, as `/chat?room=1`.
    pub target: String,
    /// The minor version: 1 for HTTP/1.1.
    pub minor_version: u8,
    /// The headers in their order.
    pub headers: Vec<Header>,
}

/// The head of a response: its status line and its headers (RFC 9112 §2.1), as received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseHead {
    /// The minor version: 1 for HTTP/1.1.
    pub minor_version: u8,
    /// The status code.
    pub status: u16,
    /// The phrase behind it, which may be empty.
    pub reason: String,
    /// The headers in their order.
    pub headers: Vec<Header>,
}

/// One header line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The name in the case it came in.
    pub name: String,
    /// The value without the white space around it; any bytes.
    pub value: Vec<u8>,
}

impl Header {
    /// A header of ours.
    pub fn new(name: &str, value: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.to_owned(),
            value: value.into(),
        }
    }

    /// The value as text, bytes that are not UTF-8 replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.value).into_owned()
    }
}

impl RequestHead {
    /// Reads a head from the start of `bytes`; the number is how many it took. None if
    /// it goes on beyond them.
    ///
    /// # Errors
    ///
    /// [`HeadError`] if these bytes cannot begin a head.
    pub fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>, HeadError> {
        let mut lines = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut request = httparse::Request::new(&mut lines);
        let size = match request.parse(bytes) {
            Ok(httparse::Status::Complete(size)) => size,
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(error) => return Err(HeadError::of(error, bytes)),
        };
        let header = |line: &httparse::Header<'_>| Header::new(line.name, line.value);
        let head = Self {
            method: request.method.unwrap_or_default().to_owned(),
            target: request.path.unwrap_or_default().to_owned(),
            minor_version: request.version.unwrap_or_default(),
            headers: request.headers.iter().map(header).collect(),
        };
        Ok(Some((head, size)))
    }

    /// The values of all headers of this name, whatever its case (RFC 9110 §5.1).
    pub fn values(&self, name: &str) -> impl Iterator<Item = String> {
        values(&self.headers, name)
    }

    /// Whether a header that is a comma-separated list, over several lines perhaps,
    /// includes this token, whatever its case (RFC 9110 §5.6.1).
    pub fn lists(&self, name: &str, token: &str) -> bool {
        lists(&self.headers, name, token)
    }
}

impl ResponseHead {
    /// Reads a head from the start of `bytes`; the number is how many it took. None if
    /// it goes on beyond them.
    ///
    /// # Errors
    ///
    /// [`HeadError`] if these bytes cannot begin the head of a response.
    pub fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>, HeadError> {
        let mut lines = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut response = httparse::Response::new(&mut lines);
        let size = match response.parse(bytes) {
            Ok(httparse::Status::Complete(size)) => size,
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(error) => return Err(HeadError::of_response(error)),
        };
        let header = |line: &httparse::Header<'_>| Header::new(line.name, line.value);
        let head = Self {
            minor_version: response.version.unwrap_or_default(),
            status: response.code.unwrap_or_default(),
            reason: response.reason.unwrap_or_default().to_owned(),
            headers: response.headers.iter().map(header).collect(),
        };
        Ok(Some((head, size)))
    }

    /// The values of all headers of this name, whatever its case.
    pub fn values(&self, name: &str) -> impl Iterator<Item = String> {
        values(&self.headers, name)
    }

    /// Whether a header that is a comma-separated list includes this token, whatever its
    /// case.
    pub fn lists(&self, name: &str, token: &str) -> bool {
        lists(&self.headers, name, token)
    }
}

fn values(headers: &[Header], name: &str) -> impl Iterator<Item = String> {
    let named = headers
        .iter()
        .filter(move |header| header.name.eq_ignore_ascii_case(name));
    named.map(Header::text)
}

fn lists(headers: &[Header], name: &str, token: &str) -> bool {
    values(headers, name).any(|value| {
        value
            .split(',')
            .any(|item| item.trim().eq_ignore_ascii_case(token))
    })
}

/// As many header lines as a head may have.
const MAX_HEADERS: usize = 128;

/// Why bytes are not a head of HTTP/1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadError {
    /// Another version of HTTP.
    Version,
    /// More header lines than anybody sends.
    TooManyHeaders,
    /// A header line that is none.
    HeaderLine,
    /// No request line at the start.
    RequestLine,
    /// No status line at the start.
    StatusLine,
}

impl HeadError {
    fn of(error: httparse::Error, bytes: &[u8]) -> Self {
        match error {
            httparse::Error::Version if names_http(bytes) => Self::Version,
            httparse::Error::Version => Self::RequestLine,
            httparse::Error::TooManyHeaders => Self::TooManyHeaders,
            httparse::Error::HeaderName | httparse::Error::HeaderValue => Self::HeaderLine,
            httparse::Error::NewLine | httparse::Error::Status | httparse::Error::Token => {
                Self::RequestLine
            }
        }
    }

    fn of_response(error: httparse::Error) -> Self {
        match error {
            httparse::Error::TooManyHeaders => Self::TooManyHeaders,
            httparse::Error::HeaderName | httparse::Error::HeaderValue => Self::HeaderLine,
            httparse::Error::Version
            | httparse::Error::NewLine
            | httparse::Error::Status
            | httparse::Error::Token => Self::StatusLine,
        }
    }
}

/// Whether the third word of the first line is a version of HTTP.
fn names_http(bytes: &[u8]) -> bool {
    let line = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let version = line.split(|byte| *byte == b' ').nth(2);
    version.is_some_and(|version| version.starts_with(b"HTTP/"))
}

impl fmt::Display for HeadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version => f.write_str("the request is of a version of HTTP other than 1.1"),
            Self::TooManyHeaders => {
                write!(f, "the request has more than {MAX_HEADERS} header lines")
            }
            Self::HeaderLine => f.write_str("a header line of the request is malformed"),
            Self::RequestLine => f.write_str("this is not an HTTP request"),
            Self::StatusLine => f.write_str("this is not an HTTP/1.1 response"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_ends_where_its_blank_line_ends() {
        let bytes =
            b"GET /chat HTTP/1.1\r\nHost: a\r\nconnection: keep-alive, Upgrade\r\n\r\n\x81\x85";
        let (head, size) = RequestHead::parse(bytes).unwrap().unwrap();
        assert_eq!(&bytes[size..], b"\x81\x85");
        assert_eq!(
            (head.method.as_str(), head.target.as_str()),
            ("GET", "/chat")
        );
        assert!(head.lists("Connection", "upgrade"));
        assert!(!head.lists("Connection", "close"));
        for cut in 0..size {
            assert_eq!(RequestHead::parse(&bytes[..cut]), Ok(None), "{cut}");
        }
    }

    #[test]
    fn a_response_has_a_status_and_what_follows_is_not_taken() {
        let bytes = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x00";
        let (head, size) = ResponseHead::parse(bytes).unwrap().unwrap();
        assert_eq!(&bytes[size..], b"\x81\x00");
        assert_eq!((head.status, head.minor_version), (101, 1));
        assert_eq!(head.reason, "Switching Protocols");
        assert!(head.lists("upgrade", "WebSocket"));
        for cut in 0..size {
            assert_eq!(ResponseHead::parse(&bytes[..cut]), Ok(None), "{cut}");
        }
        let fault = |bytes: &[u8]| ResponseHead::parse(bytes).unwrap_err();
        assert_eq!(fault(b"NOTICE * :hello\r\n"), HeadError::StatusLine);
        assert_eq!(fault(b"HTTP/2 200\r\n\r\n"), HeadError::StatusLine);
    }

    #[test]
    fn what_is_no_head_says_why() {
        let fault = |bytes: &[u8]| RequestHead::parse(bytes).unwrap_err();
        assert_eq!(fault(b"\x16\x03\x01\x02\x00"), HeadError::RequestLine);
        assert_eq!(fault(b"PRI * HTTP/2.0\r\n\r\n"), HeadError::Version);
        assert_eq!(
            fault(b"hello world this is nothing"),
            HeadError::RequestLine
        );
        assert_eq!(
            fault(b"GET / HTTP/1.1\r\nno colon\r\n\r\n"),
            HeadError::HeaderLine
        );
        let many = format!(
            "GET / HTTP/1.1\r\n{}\r\n",
            "a: b\r\n".repeat(MAX_HEADERS + 1)
        );
        assert_eq!(fault(many.as_bytes()), HeadError::TooManyHeaders);
    }
}
