//! The head of an HTTP/1.1 request.

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

/// One header line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The name in the case it came in.
    pub name: String,
    /// The value without the white space around it; any octets.
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

    /// The value as text, octets that are not UTF-8 replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.value).into_owned()
    }
}

impl RequestHead {
    /// Reads a head from the start of `octets`; the number is how many it took. None if
    /// it goes on beyond them.
    ///
    /// # Errors
    ///
    /// [`HeadFault`] if these octets cannot begin a head.
    pub fn parse(octets: &[u8]) -> Result<Option<(Self, usize)>, HeadFault> {
        let mut lines = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut request = httparse::Request::new(&mut lines);
        let size = match request.parse(octets) {
            Ok(httparse::Status::Complete(size)) => size,
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(error) => return Err(HeadFault::of(error, octets)),
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
        let named = self
            .headers
            .iter()
            .filter(move |header| header.name.eq_ignore_ascii_case(name));
        named.map(Header::text)
    }

    /// Whether a header that is a comma-separated list, over several lines perhaps,
    /// includes this token, whatever its case (RFC 9110 §5.6.1).
    pub fn lists(&self, name: &str, token: &str) -> bool {
        self.values(name).any(|value| {
            value
                .split(',')
                .any(|item| item.trim().eq_ignore_ascii_case(token))
        })
    }
}

/// As many header lines as a head may have.
const MAX_HEADERS: usize = 128;

/// Why octets are not the head of an HTTP/1.1 request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadFault {
    /// Another version of HTTP.
    Version,
    /// More header lines than anybody sends.
    TooManyHeaders,
    /// A header line that is none.
    HeaderLine,
    /// No request line at the start.
    RequestLine,
}

impl HeadFault {
    fn of(error: httparse::Error, octets: &[u8]) -> Self {
        match error {
            httparse::Error::Version if names_http(octets) => Self::Version,
            httparse::Error::Version => Self::RequestLine,
            httparse::Error::TooManyHeaders => Self::TooManyHeaders,
            httparse::Error::HeaderName | httparse::Error::HeaderValue => Self::HeaderLine,
            httparse::Error::NewLine | httparse::Error::Status | httparse::Error::Token => {
                Self::RequestLine
            }
        }
    }
}

/// Whether the third word of the first line is a version of HTTP.
fn names_http(octets: &[u8]) -> bool {
    let line = octets
        .split(|octet| *octet == b'\n')
        .next()
        .unwrap_or_default();
    let version = line.split(|octet| *octet == b' ').nth(2);
    version.is_some_and(|version| version.starts_with(b"HTTP/"))
}

impl fmt::Display for HeadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version => f.write_str("the request is of a version of HTTP other than 1.1"),
            Self::TooManyHeaders => {
                write!(f, "the request has more than {MAX_HEADERS} header lines")
            }
            Self::HeaderLine => f.write_str("a header line of the request is malformed"),
            Self::RequestLine => f.write_str("this is not an HTTP request"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_ends_where_its_blank_line_ends() {
        let octets =
            b"GET /chat HTTP/1.1\r\nHost: a\r\nconnection: keep-alive, Upgrade\r\n\r\n\x81\x85";
        let (head, size) = RequestHead::parse(octets).unwrap().unwrap();
        assert_eq!(&octets[size..], b"\x81\x85");
        assert_eq!(
            (head.method.as_str(), head.target.as_str()),
            ("GET", "/chat")
        );
        assert!(head.lists("Connection", "upgrade"));
        assert!(!head.lists("Connection", "close"));
        for cut in 0..size {
            assert_eq!(RequestHead::parse(&octets[..cut]), Ok(None), "{cut}");
        }
    }

    #[test]
    fn what_is_no_head_says_why() {
        let fault = |octets: &[u8]| RequestHead::parse(octets).unwrap_err();
        assert_eq!(fault(b"\x16\x03\x01\x02\x00"), HeadFault::RequestLine);
        assert_eq!(fault(b"PRI * HTTP/2.0\r\n\r\n"), HeadFault::Version);
        assert_eq!(
            fault(b"hello world this is nothing"),
            HeadFault::RequestLine
        );
        assert_eq!(
            fault(b"GET / HTTP/1.1\r\nno colon\r\n\r\n"),
            HeadFault::HeaderLine
        );
        let many = format!(
            "GET / HTTP/1.1\r\n{}\r\n",
            "a: b\r\n".repeat(MAX_HEADERS + 1)
        );
        assert_eq!(fault(many.as_bytes()), HeadFault::TooManyHeaders);
    }
}
