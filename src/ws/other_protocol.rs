//! Other protocols, known by their first bytes.
//!
//! The one table of such bytes. In: the bytes that stand where a request, a response or a frame
//! belongs. Out: what protocol they belong to. The analysis of a stream and that of a handshake
//! both use it, and add what only one of them can meet there.

use std::fmt;

use super::Role;

/// Bytes of another protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherProtocol {
    /// A TLS record (RFC 8446 section 5.1).
    Tls(TlsRecord),
    /// The connection preface of an HTTP/2 client (RFC 9113 section 3.4).
    Http2Preface,
    /// A SETTINGS frame, the first frame of an HTTP/2 server (RFC 9113 section 3.4).
    Http2Settings,
    /// The header of the PROXY protocol, and its version: 1 or 2.
    Proxy(u8),
    /// The identification string of SSH (RFC 4253 section 4.2).
    Ssh,
    /// A gzip member (RFC 1952).
    Gzip,
    /// A zlib stream (RFC 1950).
    Zlib,
}

/// The kinds of TLS records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsRecord {
    /// A change of cipher spec.
    ChangeCipherSpec,
    /// An alert.
    Alert,
    /// A handshake message that begins a connection, from this end: `ClientHello` or
    /// `ServerHello`.
    Hello(Role),
    /// Any other handshake message, or the first bytes of one.
    Handshake,
    /// Encrypted data.
    ApplicationData,
}

impl OtherProtocol {
    /// The protocol that these bytes begin; None if they may be HTTP/1.1 or frames.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        Some(match bytes {
            [kind @ 0x14..=0x17, 3, 0..=4, ..] => Self::Tls(TlsRecord::of(*kind, bytes)),
            // The length (a multiple of 6), type 4, flags 0 or ACK, stream 0.
            [0, 0, length, 4, rest @ ..] if length % 6 == 0 && begins_settings(rest) => {
                Self::Http2Settings
            }
            [0x1f, 0x8b, 0x08, ..] => Self::Gzip,
            [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] => Self::Zlib,
            _ if bytes.starts_with(b"PRI * HTTP/2") => Self::Http2Preface,
            _ if bytes.starts_with(b"PROXY ") => Self::Proxy(1),
            _ if bytes.starts_with(b"\r\n\r\n\0\r\nQ") => Self::Proxy(2),
            _ if bytes.starts_with(b"SSH-") => Self::Ssh,
            _ => return None,
        })
    }

    /// The end of a connection that sends such bytes first, where the protocol tells.
    pub const fn sender(self) -> Option<Role> {
        match self {
            Self::Tls(TlsRecord::Hello(role)) => Some(role),
            Self::Tls(TlsRecord::Alert) | Self::Http2Settings => Some(Role::Server),
            Self::Http2Preface | Self::Proxy(_) => Some(Role::Client),
            Self::Tls(_) | Self::Ssh | Self::Gzip | Self::Zlib => None,
        }
    }
}

/// Whether the bytes after the length and the type of an HTTP/2 frame are those of SETTINGS:
/// the flags and the stream identifier, as far as they are there.
fn begins_settings(bytes: &[u8]) -> bool {
    let known = bytes.get(..5).unwrap_or(bytes);
    match known {
        [] => true,
        [flags, stream @ ..] => *flags <= 1 && stream.iter().all(|byte| *byte == 0),
    }
}

impl TlsRecord {
    fn of(content_type: u8, bytes: &[u8]) -> Self {
        match (content_type, bytes.get(5)) {
            (0x14, _) => Self::ChangeCipherSpec,
            (0x15, _) => Self::Alert,
            (0x16, Some(1)) => Self::Hello(Role::Client),
            (0x16, Some(2)) => Self::Hello(Role::Server),
            (0x16, _) => Self::Handshake,
            _ => Self::ApplicationData,
        }
    }
}

/// `a TLS ClientHello`.
impl fmt::Display for OtherProtocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tls(TlsRecord::ChangeCipherSpec) => "a TLS change of cipher spec",
            Self::Tls(TlsRecord::Alert) => "a TLS alert",
            Self::Tls(TlsRecord::Hello(Role::Client)) => "a TLS ClientHello",
            Self::Tls(TlsRecord::Hello(Role::Server)) => "a TLS ServerHello",
            Self::Tls(TlsRecord::Handshake) => "a TLS handshake message",
            Self::Tls(TlsRecord::ApplicationData) => "encrypted TLS data",
            Self::Http2Preface => "the HTTP/2 connection preface",
            Self::Http2Settings => "an HTTP/2 SETTINGS frame",
            Self::Proxy(1) => "a PROXY protocol line (version 1)",
            Self::Proxy(_) => "a PROXY protocol header (version 2)",
            Self::Ssh => "an SSH identification string",
            Self::Gzip => "gzip data",
            Self::Zlib => "zlib data",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: OtherProtocol, name: &str, sender: Option<Role>) {
        let found = OtherProtocol::of(bytes).unwrap();
        assert_eq!(found, expected);
        assert_eq!((found.to_string().as_str(), found.sender()), (name, sender));
    }

    #[test]
    fn each_protocol_is_known_by_its_first_bytes() {
        use OtherProtocol::{Gzip, Http2Preface, Http2Settings, Proxy, Ssh, Tls, Zlib};
        let (client, server) = (Some(Role::Client), Some(Role::Server));
        check(
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
            Tls(TlsRecord::Hello(Role::Client)),
            "a TLS ClientHello",
            client,
        );
        check(
            b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03",
            Tls(TlsRecord::Hello(Role::Server)),
            "a TLS ServerHello",
            server,
        );
        check(
            b"\x16\x03\x01",
            Tls(TlsRecord::Handshake),
            "a TLS handshake message",
            None,
        );
        check(
            b"\x15\x03\x03\x00\x02\x02\x28",
            Tls(TlsRecord::Alert),
            "a TLS alert",
            server,
        );
        check(
            b"\x14\x03\x03\x00\x01\x01",
            Tls(TlsRecord::ChangeCipherSpec),
            "a TLS change of cipher spec",
            None,
        );
        check(
            b"\x17\x03\x03\x00\x20",
            Tls(TlsRecord::ApplicationData),
            "encrypted TLS data",
            None,
        );
        check(
            b"PRI * HTTP/2.0\r\n\r\nSM",
            Http2Preface,
            "the HTTP/2 connection preface",
            client,
        );
        let settings = "an HTTP/2 SETTINGS frame";
        check(b"\0\0\x12\x04\0\0\0\0\0\0", Http2Settings, settings, server);
        check(b"\0\0\0\x04\x01\0\0\0\0", Http2Settings, settings, server);
        check(b"\0\0\x12\x04", Http2Settings, settings, server);
        check(
            b"PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n",
            Proxy(1),
            "a PROXY protocol line (version 1)",
            client,
        );
        check(
            b"\r\n\r\n\0\r\nQUIT\n\x21\x11",
            Proxy(2),
            "a PROXY protocol header (version 2)",
            client,
        );
        check(b"SSH-2.0-x", Ssh, "an SSH identification string", None);
        check(b"\x1f\x8b\x08\0", Gzip, "gzip data", None);
        check(b"\x78\x9c\x03", Zlib, "zlib data", None);
    }

    #[test]
    fn heads_and_frames_are_not_another_protocol() {
        for bytes in [
            &b"GET / HTTP/1.1\r\n"[..],
            b"HTTP/1.1 101 x\r\n",
            b"\r\n\r\n\0",
            b"\x81\x05Hello",
            b"\0\x85Hello",
            // A continuation without a payload, then an empty frame of opcode 0x12.
            b"\0\0\x12\0",
            b"\0\0\x13\x04",
            b"\x16\x04\x01",
            b"",
        ] {
            assert_eq!(OtherProtocol::of(bytes), None, "{bytes:?}");
        }
    }
}
