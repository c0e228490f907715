//! The heads of HTTP/1.1: the request's and the response's (RFC 9112 section 2.1).
//!
//! The parsers here are those of an endpoint: they read a head from the start of the bytes
//! received so far, and stop at the first malformed line. [`HeadLines`](super::HeadLines)
//! reads any head, for reports.

use std::fmt;

use super::headers::{Header, Headers};
use super::start_line::StartLine;

/// The head of a request: its request line and its headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestHead {
    /// The method, as `GET`.
    pub method: String,
    /// The request target, as `/chat?room=1`.
    pub target: String,
    /// The minor version of HTTP/1: 1 for HTTP/1.1.
    pub minor_version: u8,
    /// The headers.
    pub headers: Headers,
}

/// The head of a response: its status line and its headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseHead {
    /// The minor version of HTTP/1: 1 for HTTP/1.1.
    pub minor_version: u8,
    /// The status code.
    pub status: u16,
    /// The reason phrase, which may be empty.
    pub reason: String,
    /// The headers.
    pub headers: Headers,
}

impl RequestHead {
    /// Parses a head at the start of `bytes`, and returns it with its length in bytes. None
    /// if more bytes are needed.
    ///
    /// # Errors
    ///
    /// [`HeadError`] if these bytes cannot begin the head of a request.
    pub fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>, HeadError> {
        let mut lines = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut request = httparse::Request::new(&mut lines);
        let size = match request.parse(bytes) {
            Ok(httparse::Status::Complete(size)) => size,
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(error) => return Err(HeadError::of_request(error, bytes)),
        };
        let head = Self {
            method: request.method.unwrap_or_default().to_owned(),
            target: request.path.unwrap_or_default().to_owned(),
            minor_version: request.version.unwrap_or_default(),
            headers: headers_of(request.headers),
        };
        Ok(Some((head, size)))
    }

    /// The bytes of the head, as they are sent.
    pub fn encode(&self) -> Vec<u8> {
        let (method, target, minor) = (&self.method, &self.target, self.minor_version);
        let mut bytes = format!("{method} {target} HTTP/1.{minor}\r\n").into_bytes();
        self.headers.encode_onto(&mut bytes);
        bytes
    }
}

impl ResponseHead {
    /// Parses a head at the start of `bytes`, and returns it with its length in bytes. None
    /// if more bytes are needed.
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
        let head = Self {
            minor_version: response.version.unwrap_or_default(),
            status: response.code.unwrap_or_default(),
            reason: response.reason.unwrap_or_default().to_owned(),
            headers: headers_of(response.headers),
        };
        Ok(Some((head, size)))
    }

    /// The bytes of the head, as they are sent.
    pub fn encode(&self) -> Vec<u8> {
        let (minor, status, reason) = (self.minor_version, self.status, &self.reason);
        let mut bytes = format!("HTTP/1.{minor} {status} {reason}\r\n").into_bytes();
        self.headers.encode_onto(&mut bytes);
        bytes
    }
}

fn headers_of(lines: &[httparse::Header<'_>]) -> Headers {
    let header = |line: &httparse::Header<'_>| Header::new(line.name, line.value);
    lines.iter().map(header).collect()
}

/// The largest number of headers in a head.
const MAX_HEADERS: usize = 128;

/// Why bytes are not a head of HTTP/1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadError {
    /// Another version of HTTP.
    Version,
    /// More headers than the parser takes.
    TooManyHeaders,
    /// A malformed header line.
    HeaderLine,
    /// No request line at the start.
    RequestLine,
    /// No status line at the start.
    StatusLine,
}

impl HeadError {
    fn of_request(error: httparse::Error, bytes: &[u8]) -> Self {
        match error {
            httparse::Error::TooManyHeaders => Self::TooManyHeaders,
            httparse::Error::HeaderName | httparse::Error::HeaderValue => Self::HeaderLine,
            httparse::Error::Version
            | httparse::Error::NewLine
            | httparse::Error::Status
            | httparse::Error::Token => {
                if has_other_version(bytes) {
                    Self::Version
                } else {
                    Self::RequestLine
                }
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

/// Whether the first line is a request line of a version of HTTP that the parser does not take.
fn has_other_version(bytes: &[u8]) -> bool {
    let line = bytes.split(|byte| *byte == b'\n').next();
    match line.and_then(StartLine::parse) {
        Some(StartLine::Request { version, .. }) => !matches!(version, b"HTTP/1.0" | b"HTTP/1.1"),
        _ => false,
    }
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
    fn a_request_head_ends_with_its_empty_line() {
        let bytes =
            b"GET /chat HTTP/1.1\r\nHost: a\r\nconnection: keep-alive, Upgrade\r\n\r\n\x81\x85";
        let (head, size) = RequestHead::parse(bytes).unwrap().unwrap();
        assert_eq!(&bytes[size..], b"\x81\x85");
        assert_eq!(
            (head.method.as_str(), head.target.as_str()),
            ("GET", "/chat")
        );
        assert_eq!(head.encode(), &bytes[..size]);
        for end in 0..size {
            assert_eq!(RequestHead::parse(&bytes[..end]), Ok(None), "{end}");
        }
    }

    #[test]
    fn a_response_head_ends_with_its_empty_line() {
        let bytes = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x00";
        let (head, size) = ResponseHead::parse(bytes).unwrap().unwrap();
        assert_eq!(&bytes[size..], b"\x81\x00");
        assert_eq!((head.status, head.minor_version), (101, 1));
        assert_eq!(head.reason, "Switching Protocols");
        for end in 0..size {
            assert_eq!(ResponseHead::parse(&bytes[..end]), Ok(None), "{end}");
        }
        let error = |bytes: &[u8]| ResponseHead::parse(bytes).unwrap_err();
        assert_eq!(error(b"NOTICE * :hello\r\n"), HeadError::StatusLine);
        assert_eq!(error(b"HTTP/2 200\r\n\r\n"), HeadError::StatusLine);
    }

    #[test]
    fn other_bytes_have_an_error_for_each_reason() {
        let error = |bytes: &[u8]| RequestHead::parse(bytes).unwrap_err();
        assert_eq!(error(b"\x16\x03\x01\x02\x00"), HeadError::RequestLine);
        assert_eq!(error(b"PRI * HTTP/2.0\r\n\r\n"), HeadError::Version);
        for line in [
            "GET / HTTP/0.9",
            "GET / HTTP/1.1x",
            "GET / http/1.1",
            "GET /",
        ] {
            let head = format!("{line}\r\nHost: a\r\n\r\n");
            assert_eq!(error(head.as_bytes()), HeadError::Version, "{line}");
        }
        assert_eq!(error(b"GET / HTTP/1.1 \r\n\r\n"), HeadError::RequestLine);
        assert_eq!(
            error(b"hello world this is nothing"),
            HeadError::RequestLine
        );
        assert_eq!(
            error(b"GET / HTTP/1.1\r\nno colon\r\n\r\n"),
            HeadError::HeaderLine
        );
        let many = format!(
            "GET / HTTP/1.1\r\n{}\r\n",
            "a: b\r\n".repeat(MAX_HEADERS + 1)
        );
        assert_eq!(error(many.as_bytes()), HeadError::TooManyHeaders);
    }
}
