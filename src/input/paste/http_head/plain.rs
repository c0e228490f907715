//! A head that is spelled as on the connection, without other text on its lines.
//!
//! [`find`] is fast. It returns None if another reader could read the head in another way.

use super::header_line::{header_name, is_plausible};
use super::kind::{HeadKind, MOST_HEAD};
use super::start_line::METHODS;
use super::{FoundHead, found};

/// The plain head at the start of a text, up to its empty line.
pub(super) fn find(text: &str) -> Option<FoundHead<'_>> {
    let mut size = 0;
    let mut lines = text.split_inclusive('\n').map(|line| {
        size += line.len();
        let line = line.strip_suffix('\n').filter(|_| size <= MOST_HEAD)?;
        Some(line.strip_suffix('\r').unwrap_or(line))
    });
    let kind = start_line(lines.next()??)?;
    header(lines.next()??)?;
    loop {
        let line = lines.next()??;
        if line.is_empty() {
            break;
        }
        header(line)?;
    }
    let mut found = found(kind, text.get(..size)?.into(), false, size);
    found.head.is_alone = true;
    Some(found)
}

/// `GET /chat HTTP/1.1` or `HTTP/1.1 101 Switching Protocols`.
fn start_line(line: &str) -> Option<HeadKind> {
    if let Some(status) = line.strip_prefix("HTTP/1.1 ") {
        let (code, reason) = status.split_at_checked(3)?;
        let is_code = code.bytes().all(|byte| byte.is_ascii_digit());
        let mut words = reason.strip_prefix(' ')?.split(' ');
        let is_word =
            |word: &str| !word.is_empty() && word.bytes().all(|it| it.is_ascii_alphabetic());
        return (is_code && words.all(is_word)).then_some(HeadKind::Response);
    }
    let (method, target) = line.strip_suffix(" HTTP/1.1")?.split_once(' ')?;
    let is_target = target.starts_with('/') && !target.contains("HTTP/");
    let is_plain = target.bytes().all(|byte| byte.is_ascii_graphic());
    (METHODS.contains(&method) && is_target && is_plain).then_some(HeadKind::Request)
}

/// Whether a line is a header without a sign of a quotation, a table, source code or another head.
fn header(line: &str) -> Option<()> {
    let name = header_name(line).filter(|name| is_plausible(name))?;
    let is_name = name
        .bytes()
        .all(|it| it.is_ascii_alphanumeric() || it == b'-');
    let is_plain = |byte: u8| {
        (b' '..=b'~').contains(&byte) && !matches!(byte, b'\\' | b'"' | b'\'' | b'|' | b'<' | b'^')
    };
    let is_header = is_name
        && name.starts_with(|char: char| char.is_ascii_alphabetic())
        && line.bytes().all(is_plain)
        && !line.contains("HTTP/");
    is_header.then_some(())
}

#[cfg(test)]
mod tests {
    use super::super::first_line;
    use super::super::start_line::FoundStartLine;
    use super::*;

    const RESPONSE: &str = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\
        Connection: Upgrade\r\nServer:\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

    #[test]
    fn a_plain_head_is_read_as_by_the_reader_of_all_forms() {
        let cookie = format!("Cookie: a=b; c={}", "d".repeat(100));
        let after = "\u{81}\u{5}Hello";
        for text in [
            RESPONSE.to_owned(),
            RESPONSE.replace('\r', "") + after,
            format!("{RESPONSE}{RESPONSE}"),
            "GET / HTTP/1.1\nHost: a\n\n\n".into(),
            "GET /a,b?c=d; HTTP/1.1\r\nHost: a:80 \nOrigin: http://a, b.\n\r\nX: y\n".into(),
            format!("POST /chat HTTP/1.1\r\nHost: a\r\n{cookie}\r\nAccept: */*\r\n\r\n{{}}\n"),
        ] {
            let start = FoundStartLine::find(first_line(&text).0).unwrap();
            let (found, expected) = (find(&text).unwrap(), start.read(&text).unwrap());
            assert_eq!(found.head, expected.head, "{text}");
            assert_eq!(found.size, expected.size, "{text}");
            assert_eq!((found.sent, found.time), (expected.sent, expected.time));
        }
    }

    #[test]
    fn any_other_head_is_none() {
        let long = format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", "a".repeat(MOST_HEAD));
        for text in [
            "",
            "GET / HTTP/1.1",
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n\r",
            "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
            "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nname: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nVia: HTTP/1.1 a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a<CR>\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: \"a\"\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\\r\r\n\r\n",
            "HTTP/1.1 101\r\nUpgrade: websocket\r\n\r\n",
            "HTTP/1.1 101 Host: a\r\nUpgrade: websocket\r\n\r\n",
            "> GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            &long,
        ] {
            assert!(find(text).is_none(), "{text}");
        }
    }
}
