//! What was read of a handshake: the request, the response, or both, with their lines.
//!
//! `wsctl handshake`, the analysis of streams and the log of `serve` make a [`Handshake`];
//! `diagnosis` reports on it and `render` shows it.

use super::head::{RequestHead, ResponseHead};
use super::headers::Header;
use super::lines::{HeadLines, LineEnds};

/// A handshake, as it was recorded or pasted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handshake {
    /// The bytes before the first head.
    pub prefix: Vec<u8>,
    /// The request.
    pub request: Option<ParsedHead<RequestHead>>,
    /// The response.
    pub response: Option<ParsedHead<ResponseHead>>,
    /// How the bytes were obtained.
    pub ends: LineEnds,
    /// Whether the names of the headers are spelled as they were sent. A list in a browser's
    /// developer tools, for example, may have changed their case.
    pub has_exact_names: bool,
}

/// A head, its lines, and the bytes after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedHead<H> {
    /// What the lines say.
    pub head: H,
    /// The lines.
    pub lines: HeadLines,
    /// The bytes after the empty line, or the first of them.
    pub rest: Vec<u8>,
    /// How many bytes follow the empty line.
    pub rest_size: usize,
}

impl Handshake {
    /// Reads a request at the start of one byte string and a response at the start of
    /// another. Bytes that begin with no such head give None.
    pub fn read(request: Option<&[u8]>, response: Option<&[u8]>, ends: LineEnds) -> Self {
        Self {
            prefix: Vec::new(),
            request: request.and_then(|bytes| ParsedHead::read(bytes, HeadLines::request)),
            response: response.and_then(|bytes| ParsedHead::read(bytes, HeadLines::response)),
            ends,
            has_exact_names: true,
        }
    }

    /// The head of the request.
    pub fn request_head(&self) -> Option<&RequestHead> {
        self.request.as_ref().map(|request| &request.head)
    }

    /// The head of the response.
    pub fn response_head(&self) -> Option<&ResponseHead> {
        self.response.as_ref().map(|response| &response.head)
    }

    /// The client's key. None if there are several.
    pub fn key(&self) -> Option<String> {
        self.request_head()?.headers.only("Sec-WebSocket-Key")
    }
}

impl<H> ParsedHead<H> {
    fn read(bytes: &[u8], head: impl Fn(&HeadLines) -> Option<H>) -> Option<Self> {
        let lines = HeadLines::read(bytes);
        let rest = bytes.get(lines.size()..).unwrap_or_default().to_vec();
        let head = head(&lines)?;
        Some(Self {
            head,
            lines,
            rest_size: rest.len(),
            rest,
        })
    }
}

/// What the first bytes from a client are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind<'a> {
    /// The head of a request.
    Request(&'a RequestHead),
    /// No request, or only the beginning of one.
    OtherBytes(&'a [u8]),
}

impl<'a> RequestKind<'a> {
    /// The headers of the request; none for other bytes.
    pub fn headers(self) -> &'a [Header] {
        match self {
            Self::Request(head) => &head.headers,
            Self::OtherBytes(_) => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_with_the_bytes_after_it() {
        let request = b"GET / HTTP/1.1\r\nSec-WebSocket-Key: k\r\n\r\n\x81\x80";
        let handshake = Handshake::read(Some(request), Some(b"hello"), LineEnds::OnTheWire);
        assert_eq!(handshake.key().as_deref(), Some("k"));
        assert_eq!(handshake.request.unwrap().rest, b"\x81\x80");
        assert_eq!(handshake.response, None);
    }
}
