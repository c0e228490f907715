//! A handshake as far as it is known: the request, the response, or both.

use super::head::{RequestHead, ResponseHead};
use super::lines::{HeadLines, LineEnds};

/// A handshake as it was recorded or pasted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handshake {
    /// What stands in front of the first head.
    pub lead: Vec<u8>,
    /// The request.
    pub request: Option<ParsedHead<RequestHead>>,
    /// The response.
    pub response: Option<ParsedHead<ResponseHead>>,
    /// What its line ends prove.
    pub ends: LineEnds,
}

/// A head with its lines, and what came behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedHead<H> {
    /// What it says.
    pub head: H,
    /// How it was written.
    pub lines: HeadLines,
    /// The bytes behind its blank line.
    pub rest: Vec<u8>,
}

impl Handshake {
    /// Reads the heads at the start of these bytes; one that is none is left out.
    pub fn read(request: Option<&[u8]>, response: Option<&[u8]>, ends: LineEnds) -> Self {
        Self {
            lead: Vec::new(),
            request: request.and_then(|bytes| ParsedHead::read(bytes, HeadLines::request)),
            response: response.and_then(|bytes| ParsedHead::read(bytes, HeadLines::response)),
            ends,
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

    /// The key, if there is one and only one.
    pub fn key(&self) -> Option<String> {
        let mut keys = self.request_head()?.values("Sec-WebSocket-Key");
        keys.next().filter(|_| keys.next().is_none())
    }
}

impl<H> ParsedHead<H> {
    fn read(bytes: &[u8], head: impl Fn(&HeadLines) -> Option<H>) -> Option<Self> {
        let lines = HeadLines::read(bytes);
        let rest = bytes.get(lines.size()..).unwrap_or_default().to_vec();
        let head = head(&lines)?;
        Some(Self { head, lines, rest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_and_what_follows_them() {
        let request = b"GET / HTTP/1.1\r\nSec-WebSocket-Key: k\r\n\r\n\x81\x80";
        let handshake = Handshake::read(Some(request), Some(b"hello"), LineEnds::OnTheWire);
        assert_eq!(handshake.key().as_deref(), Some("k"));
        assert_eq!(handshake.request.unwrap().rest, b"\x81\x80");
        assert_eq!(handshake.response, None);
    }
}
