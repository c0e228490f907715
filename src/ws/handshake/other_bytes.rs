//! Recognises bytes that are not a head, where a head is expected. `diagnosis` makes findings of
//! them.

use std::fmt;

use super::shortened;
use super::start_line::StartLine;
use crate::ws::Role;
use crate::ws::other_protocol::OtherProtocol;

/// What the bytes are instead of a head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OtherBytes {
    /// Another protocol.
    Protocol(OtherProtocol),
    /// A byte-order mark.
    ByteOrderMark,
    /// A WebSocket frame of this sender.
    Frame(Role),
    /// JSON.
    Json,
    /// Other text; the first line.
    Text(String),
}

impl OtherBytes {
    /// Classifies bytes. None if they may begin a head, or are not recognised. A byte-order mark
    /// is recognised whatever follows it.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if let Some(protocol) = OtherProtocol::of(bytes) {
            return Some(Self::Protocol(protocol));
        }
        match bytes {
            [0x81 | 0x82 | 0x88 | 0x89 | 0x8a, second, ..] if second & 0x80 != 0 => {
                Some(Self::Frame(Role::Client))
            }
            [0x81 | 0x82 | 0x88 | 0x89 | 0x8a, _, ..] => Some(Self::Frame(Role::Server)),
            _ if bytes.starts_with(b"\xef\xbb\xbf") => Some(Self::ByteOrderMark),
            _ => Self::of_text(bytes.trim_ascii_start()),
        }
    }

    fn of_text(text: &[u8]) -> Option<Self> {
        if matches!(
            text,
            [b'{', b'"' | b'}', ..] | [b'[', b'{' | b'"' | b'[', ..]
        ) {
            return Some(Self::Json);
        }
        let line = text.split(|byte| *byte == b'\n').next()?.trim_ascii_end();
        let is_head = StartLine::parse(line).is_some() || line.starts_with(b"HTTP/");
        let line = std::str::from_utf8(line).ok()?;
        if line.is_empty() || line.contains(char::is_control) || is_head {
            return None;
        }
        Some(Self::Text(line.to_owned()))
    }

    /// The endpoint that sends such bytes first. None if either may.
    pub const fn sender(&self) -> Option<Role> {
        match self {
            Self::Protocol(protocol) => protocol.sender(),
            Self::Frame(role) => Some(*role),
            Self::ByteOrderMark => Some(Role::Server),
            Self::Json | Self::Text(_) => None,
        }
    }
}

/// `a TLS ClientHello`.
impl fmt::Display for OtherBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Protocol(protocol) => protocol.fmt(f),
            Self::ByteOrderMark => f.write_str("a byte-order mark"),
            Self::Frame(_) => f.write_str("a WebSocket frame"),
            Self::Json => f.write_str("JSON"),
            Self::Text(line) => write!(f, "the text `{}`", shortened(line)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: &str, sender: Option<Role>) {
        let found = OtherBytes::of(bytes).unwrap();
        assert_eq!(
            (found.to_string().as_str(), found.sender()),
            (expected, sender)
        );
    }

    #[test]
    fn bytes_instead_of_a_head_are_classified() {
        let (client, server) = (Some(Role::Client), Some(Role::Server));
        check(b"\x15\x03\x03\x00\x02\x02\x28", "a TLS alert", server);
        check(b"\xef\xbb\xbfHTTP/1.1 101 x", "a byte-order mark", server);
        check(b"\x81\x85\x37\xfa\x21\x3d", "a WebSocket frame", client);
        check(b"\x81\x05Hello", "a WebSocket frame", server);
        check(b"{\"type\":\"hello\"}\n", "JSON", None);
        check(b"NOTICE * :*** hi\r\n", "the text `NOTICE * :*** hi`", None);
    }

    #[test]
    fn bytes_that_may_begin_a_head_are_not_classified() {
        assert_eq!(OtherBytes::of(b"GET / HTTP/1.1\r\n"), None);
        assert_eq!(OtherBytes::of(b"\r\nHTTP/1.1 101\n"), None);
        assert_eq!(OtherBytes::of(b"HTTP/1.1 OK"), None);
        assert_eq!(OtherBytes::of(b""), None);
        assert_eq!(OtherBytes::of(b"\x00\x01\x02"), None);
    }
}
