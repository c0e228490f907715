//! Whether a stream begins with a head of the opening handshake.
//!
//! The connection's analyzer asks until the first bytes of a stream are classified.

use crate::ws::Role;
use crate::ws::handshake::HeadLines;

/// What the first bytes of a stream are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StreamStart {
    /// A head that this end sent, and its size in bytes.
    Head(Role, usize),
    /// Perhaps a head: more bytes are needed.
    Unclear,
    /// No head: frames, or other bytes.
    Other,
}

/// The largest head, in bytes.
const MAX_HEAD: usize = 1 << 16;

/// Classifies the first bytes of a stream. `is_answer` says that the request was an extended
/// CONNECT (RFC 8441), which 200 answers; `is_all` says that no more bytes follow.
pub(super) fn classify(bytes: &[u8], is_answer: bool, is_all: bool) -> StreamStart {
    let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
        let is_possible = !is_all && bytes.len() < MAX_HEAD && could_begin_head(bytes);
        return if is_possible {
            StreamStart::Unclear
        } else {
            StreamStart::Other
        };
    };
    let line = bytes.get(..end).unwrap_or_default().trim_ascii_end();
    let Some(role) = sender_of(line) else {
        return StreamStart::Other;
    };
    let lines = HeadLines::read(bytes);
    if !lines.has_blank_line() && !is_all && bytes.len() < MAX_HEAD {
        return StreamStart::Unclear;
    }
    let opens_websocket = match role {
        Role::Client => asks_for_websocket(&lines),
        Role::Server => !lines.is_http_2_or_3() || is_answer || has_websocket_header(&lines),
    };
    if opens_websocket {
        StreamStart::Head(role, lines.size())
    } else {
        StreamStart::Other
    }
}

/// The sender of a head with this first line: that of a request, of a 101, or of a 200 of HTTP/2 or
/// 3. Other responses open no WebSocket connection.
fn sender_of(line: &[u8]) -> Option<Role> {
    let mut words = line.split(|byte| *byte == b' ');
    let first = words.next()?;
    if first.starts_with(b"HTTP/") {
        let is_stream = first.starts_with(b"HTTP/2") || first.starts_with(b"HTTP/3");
        let needed: &[u8] = if is_stream { b"200" } else { b"101" };
        return (words.next() == Some(needed)).then_some(Role::Server);
    }
    let is_method = !first.is_empty() && first.iter().all(u8::is_ascii_uppercase);
    let is_request = is_method && words.next_back()?.starts_with(b"HTTP/");
    is_request.then_some(Role::Client)
}

/// Whether a request has a header of the WebSocket handshake, or the pseudo-header of the extended
/// CONNECT.
fn asks_for_websocket(lines: &HeadLines) -> bool {
    lines.headers("Upgrade").next().is_some()
        || lines.pseudo_header(":protocol").is_some()
        || has_websocket_header(lines)
}

fn has_websocket_header(lines: &HeadLines) -> bool {
    let mut names = lines.lines().iter().filter_map(|line| line.name());
    names.any(|name| name.to_ascii_lowercase().starts_with(b"sec-websocket-"))
}

/// Whether bytes without a line end may be the start of a first line: `G`, `GET /chat HT`.
fn could_begin_head(bytes: &[u8]) -> bool {
    const LONGEST_METHOD: usize = 7;
    let version = b"HTTP/";
    let known = bytes.len().min(version.len());
    if bytes.get(..known) == version.get(..known) {
        return true;
    }
    let letters = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_uppercase())
        .count();
    let is_printable = |byte: &u8| matches!(byte, b' '..=b'~' | b'\r');
    (1..=LONGEST_METHOD).contains(&letters)
        && bytes.get(letters).is_none_or(|byte| *byte == b' ')
        && bytes.iter().all(is_printable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_recognised_before_frames() {
        let request = b"GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n";
        let size = request.len();
        assert_eq!(
            classify(request, false, false),
            StreamStart::Head(Role::Client, size)
        );
        let response = b"HTTP/1.1 101 x\r\n\r\n\x81\0";
        assert_eq!(
            classify(response, false, false),
            StreamStart::Head(Role::Server, 18)
        );
        for cut in 1..size {
            assert_eq!(
                classify(&request[..cut], false, false),
                StreamStart::Unclear,
                "{cut}"
            );
        }
    }

    #[test]
    fn heads_of_http_2_open_a_websocket() {
        let request = b"CONNECT /chat HTTP/2\r\n:protocol: websocket\r\n\r\n";
        let head = |role, bytes: &[u8]| StreamStart::Head(role, bytes.len());
        assert_eq!(classify(request, false, false), head(Role::Client, request));
        let response = b"HTTP/2 200\r\nserver: a\r\n\r\n";
        assert_eq!(
            classify(response, true, false),
            head(Role::Server, response)
        );
        assert_eq!(classify(response, false, false), StreamStart::Other);
        let known = b"HTTP/3 200\r\nsec-websocket-protocol: a\r\n\r\n";
        assert_eq!(classify(known, false, false), head(Role::Server, known));
        let refusal = b"HTTP/2 404\r\n\r\n";
        assert_eq!(classify(refusal, true, false), StreamStart::Other);
    }

    #[test]
    fn other_bytes_and_other_responses_are_not_heads() {
        for bytes in [
            &b"\x81\x05Hello"[..],
            b"A\x03abc",
            b"Hello",
            b"HTTP/1.1 400 Bad Request\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            b"HELLO WORLD\n",
        ] {
            assert_eq!(
                classify(bytes, false, false),
                StreamStart::Other,
                "{bytes:?}"
            );
        }
        assert_eq!(classify(b"GET / ", false, true), StreamStart::Other);
    }
}
