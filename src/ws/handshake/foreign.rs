//! What stands where the head of a handshake belongs, and is none.

use std::fmt;

use crate::ws::Role;

/// Bytes of another protocol, or of a later part of this one, at the very beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OtherProtocol {
    /// A TLS record with a handshake message (RFC 8446 §5.1): a `ClientHello` or the answer.
    TlsHandshake(Role),
    /// A TLS record with an alert.
    TlsAlert,
    /// The connection preface of HTTP/2 (RFC 9113 §3.4).
    Http2Preface,
    /// A SETTINGS frame, the first thing a server says in HTTP/2 (RFC 9113 §3.4).
    Http2Settings,
    /// A header of the PROXY protocol, of this version.
    Proxy(u8),
    /// A byte-order mark.
    ByteOrderMark,
    /// A WebSocket frame, and who would send such a one.
    Frame(Role),
    /// JSON.
    Json,
    /// Text that is none of these; its first line.
    Text(String),
}

impl OtherProtocol {
    /// What these bytes are; None if they may begin a head, or say nothing. A byte-order
    /// mark in front of a head is one.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        Some(match bytes {
            [0x16, 0x03, 0..=4, _, _, 0x02, ..] => Self::TlsHandshake(Role::Server),
            [0x16, 0x03, 0..=4, ..] => Self::TlsHandshake(Role::Client),
            [0x15, 0x03, 0..=4, ..] => Self::TlsAlert,
            [0, 0, _, 4, 0 | 1, 0, 0, 0, 0, ..] => Self::Http2Settings,
            [0x81 | 0x82 | 0x88 | 0x89 | 0x8a, second, ..] if second & 0x80 != 0 => {
                Self::Frame(Role::Client)
            }
            [0x81 | 0x82 | 0x88 | 0x89 | 0x8a, _, ..] => Self::Frame(Role::Server),
            _ if bytes.starts_with(b"PRI * HTTP/2.0") => Self::Http2Preface,
            _ if bytes.starts_with(b"PROXY ") => Self::Proxy(1),
            _ if bytes.starts_with(b"\r\n\r\n\0\r\nQUIT\n") => Self::Proxy(2),
            _ if bytes.starts_with(b"\xef\xbb\xbf") => Self::ByteOrderMark,
            _ => return Self::of_text(bytes),
        })
    }

    fn of_text(bytes: &[u8]) -> Option<Self> {
        let text = bytes.trim_ascii_start();
        if matches!(
            text,
            [b'{', b'"' | b'}', ..] | [b'[', b'{' | b'"' | b'[', ..]
        ) {
            return Some(Self::Json);
        }
        let line = text.split(|byte| *byte == b'\n').next()?.trim_ascii_end();
        let line = std::str::from_utf8(line).ok()?;
        if line.is_empty() || line.contains(char::is_control) || names_http(line) {
            return None;
        }
        Some(Self::Text(line.to_owned()))
    }

    /// Which end of a connection says such a thing, where that is plain.
    pub const fn sender(&self) -> Option<Role> {
        match self {
            Self::TlsHandshake(role) | Self::Frame(role) => Some(*role),
            Self::Http2Preface | Self::Proxy(_) => Some(Role::Client),
            Self::TlsAlert | Self::Http2Settings | Self::ByteOrderMark => Some(Role::Server),
            Self::Json | Self::Text(_) => None,
        }
    }
}

/// Whether a line is the first of a request or a response.
fn names_http(line: &str) -> bool {
    line.starts_with("HTTP/")
        || line
            .rsplit(' ')
            .next()
            .is_some_and(|word| word.starts_with("HTTP/"))
}

/// `a TLS ClientHello`.
impl fmt::Display for OtherProtocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TlsHandshake(Role::Client) => "a TLS ClientHello",
            Self::TlsHandshake(Role::Server) => "a TLS ServerHello",
            Self::TlsAlert => "a TLS alert",
            Self::Http2Preface => "the preface of HTTP/2",
            Self::Http2Settings => "the SETTINGS of HTTP/2",
            Self::Proxy(2) => "a header of the PROXY protocol, version 2",
            Self::Proxy(_) => "a header of the PROXY protocol, version 1",
            Self::ByteOrderMark => "a byte-order mark",
            Self::Frame(_) => "a WebSocket frame",
            Self::Json => "JSON",
            Self::Text(line) => {
                return write!(f, "the text `{}`", super::request::shortened(line));
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: &str, sender: Option<Role>) {
        let foreign = OtherProtocol::of(bytes).unwrap();
        assert_eq!(
            (foreign.to_string().as_str(), foreign.sender()),
            (expected, sender)
        );
    }

    #[test]
    fn what_is_met_where_a_head_belongs() {
        let (client, server) = (Some(Role::Client), Some(Role::Server));
        let hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
        check(hello, "a TLS ClientHello", client);
        check(b"\x15\x03\x03\x00\x02\x02\x28", "a TLS alert", server);
        check(b"PRI * HTTP/2.0\r\n\r\nSM", "the preface of HTTP/2", client);
        let settings = b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00";
        check(settings, "the SETTINGS of HTTP/2", server);
        let first = "a header of the PROXY protocol, version 1";
        check(b"PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\nGET /", first, client);
        let second = "a header of the PROXY protocol, version 2";
        check(b"\r\n\r\n\0\r\nQUIT\n\x21\x11", second, client);
        check(b"\xef\xbb\xbfHTTP/1.1 101 x", "a byte-order mark", server);
        check(b"\x81\x85\x37\xfa\x21\x3d", "a WebSocket frame", client);
        check(b"\x81\x05Hello", "a WebSocket frame", server);
        check(b"{\"type\":\"hello\"}\n", "JSON", None);
        check(b"NOTICE * :*** hi\r\n", "the text `NOTICE * :*** hi`", None);
    }

    #[test]
    fn what_may_begin_a_head_is_nothing_foreign() {
        assert_eq!(OtherProtocol::of(b"GET / HTTP/1.1\r\n"), None);
        assert_eq!(OtherProtocol::of(b"\r\nHTTP/1.1 101\n"), None);
        assert_eq!(OtherProtocol::of(b""), None);
        assert_eq!(OtherProtocol::of(b"\x00\x01\x02"), None);
    }
}
