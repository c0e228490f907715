//! The first line of a request or a response (RFC 9112 sections 3 and 4).
//!
//! This is the only place that recognises such a line. The lines of a head, the analysis of
//! streams and the reading of pastes ask it which head a line begins.

use crate::ws::Role;

/// A start line, split into its parts. Any version of HTTP and any target is accepted, so that a
/// wrong one can be reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartLine<'a> {
    /// `GET /chat HTTP/1.1`.
    Request {
        /// The method.
        method: &'a [u8],
        /// All that stands between the method and the version, without the spaces around it.
        target: &'a [u8],
        /// The version, as `HTTP/1.1`; empty if there is none.
        version: &'a [u8],
    },
    /// `HTTP/1.1 101 Switching Protocols`.
    Status {
        /// The version, as `HTTP/1.1`.
        version: &'a [u8],
        /// The status code.
        status: u16,
        /// The reason phrase, which may be empty.
        reason: &'a [u8],
    },
}

impl<'a> StartLine<'a> {
    /// Splits a line, given with or without its end. None if it begins no head. The version may be
    /// in lower case, have no number, and be missing in a request: then it is empty.
    pub fn parse(line: &'a [u8]) -> Option<Self> {
        let line = line.trim_ascii();
        if let Some((version, rest)) = split_at_space(line)
            && is_version(version)
        {
            let (status, reason) = split_at_space(rest).unwrap_or((rest, b""));
            return Some(Self::Status {
                version,
                status: status_code(status)?,
                reason,
            });
        }
        let start = line.iter().rposition(|byte| *byte == b' ')? + 1;
        let (rest, version) = line.split_at_checked(start)?;
        if !is_version(version) {
            return Self::without_version(line);
        }
        let (method, target) = split_at_space(rest.strip_suffix(b" ")?)?;
        let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_');
        let is_plain = version.contains(&b'/') || target.starts_with(b"/");
        let is_request = method.iter().all(is_letter) && is_plain;
        is_request.then_some(Self::Request {
            method,
            target,
            version,
        })
    }

    /// `GET /chat`, as a request line of HTTP/0.9.
    fn without_version(line: &'a [u8]) -> Option<Self> {
        let (method, target) = split_at_space(line)?;
        let is_request = method.len() > 2
            && method.iter().all(u8::is_ascii_uppercase)
            && target.starts_with(b"/")
            && target.iter().all(u8::is_ascii_graphic);
        is_request.then_some(Self::Request {
            method,
            target,
            version: b"",
        })
    }

    /// Which endpoint sends a head that begins with this line.
    pub const fn sender(&self) -> Role {
        match self {
            Self::Request { .. } => Role::Client,
            Self::Status { .. } => Role::Server,
        }
    }

    /// The version, as `HTTP/1.1`.
    pub const fn version(&self) -> &'a [u8] {
        match self {
            Self::Request { version, .. } | Self::Status { version, .. } => version,
        }
    }
}

/// What stands before the first space, and what stands after it.
fn split_at_space(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = line.iter().position(|byte| *byte == b' ')?;
    Some((line.get(..at)?, line.get(at..)?.trim_ascii()))
}

/// Whether a word is a version of HTTP, right or not: `HTTP/1.1`, `http/1.1`, `HTTP`.
fn is_version(word: &[u8]) -> bool {
    let name = word.split(|byte| *byte == b'/').next();
    name.is_some_and(|name| name.eq_ignore_ascii_case(b"HTTP"))
}

/// A number below 1000.
fn status_code(digits: &[u8]) -> Option<u16> {
    let is_number = (1..=3).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    let digits = str::from_utf8(digits).ok().filter(|_| is_number)?;
    digits.parse().ok()
}

/// The minor version of HTTP/1: 1 for `HTTP/1.1`. None for another version.
pub(super) fn minor_version(version: &[u8]) -> Option<u8> {
    match version.strip_prefix(b"HTTP/1.")? {
        [digit @ b'0'..=b'9'] => Some(digit - b'0'),
        _ => None,
    }
}

/// Whether this is the version of HTTP/2 or HTTP/3: `HTTP/2`, `HTTP/2.0`.
pub(super) fn is_http_2_or_3(version: &[u8]) -> bool {
    version.starts_with(b"HTTP/2") || version.starts_with(b"HTTP/3")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_line_and_a_status_line_are_split() {
        let request = StartLine::parse(b"GET /chat HTTP/1.1\r\n").unwrap();
        let (method, target, version): (&[u8], &[u8], &[u8]) = (b"GET", b"/chat", b"HTTP/1.1");
        assert_eq!(
            request,
            StartLine::Request {
                method,
                target,
                version
            }
        );
        assert_eq!(
            (request.sender(), request.version()),
            (Role::Client, version)
        );
        let status = StartLine::parse(b"HTTP/1.1 101 Switching Protocols").unwrap();
        let reason: &[u8] = b"Switching Protocols";
        assert_eq!(
            status,
            StartLine::Status {
                version,
                status: 101,
                reason
            }
        );
        assert_eq!(status.sender(), Role::Server);
    }

    #[test]
    fn wrong_parts_are_kept() {
        let target = |line: &'static [u8]| match StartLine::parse(line) {
            Some(StartLine::Request { target, .. }) => target,
            other => panic!("{other:?}"),
        };
        assert_eq!(target(b"GET  / HTTP/1.1"), b"/");
        assert_eq!(target(b"GET /a b HTTP/1.1"), b"/a b");
        assert_eq!(target(b"GET  HTTP/1.1"), b"");
        let version = |line: &'static [u8]| StartLine::parse(line).unwrap().version();
        assert_eq!(version(b"GET / HTTP/2"), b"HTTP/2");
        assert_eq!(version(b"HTTP/2 400"), b"HTTP/2");
        assert_eq!(version(b"GET / http/1.1"), b"http/1.1");
        assert_eq!(version(b"GET / HTTP"), b"HTTP");
        assert_eq!(version(b"GET /"), b"");
        assert_eq!(version(b"http/1.1 101 x"), b"http/1.1");
        assert_eq!(version(b"HTTP 101 x"), b"HTTP");
        assert_eq!(minor_version(b"HTTP/1.0"), Some(0));
        assert_eq!(minor_version(b"http/1.1"), None);
        assert_eq!(minor_version(b"HTTP/1.1x"), None);
        assert_eq!(minor_version(b"HTTP/1.10"), None);
        assert_eq!(minor_version(b"HTTP/2"), None);
    }

    #[test]
    fn other_lines_are_not_start_lines() {
        let lines: [&[u8]; 11] = [
            b"",
            b"GET",
            b"and /or",
            b"GET /a b",
            b"words over HTTP",
            b"Host: a HTTP/1.1",
            b"HTTP/1.1",
            b"HTTP/1.1 OK",
            b"HTTP/1.1 1010 x",
            b"NOTICE * :hello",
            b"\x81\x05Hello HTTP/1.1",
        ];
        for line in lines {
            assert_eq!(StartLine::parse(line), None, "{line:?}");
        }
    }
}
