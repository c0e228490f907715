//! A head whose first line has no version of HTTP, or one that is misspelled: `GET /chat`,
//! `http/1.1 101 Switching Protocols`. Only the header lines after it tell that it is one.

use super::kind::HeadKind;
use super::start_line::METHODS;
use super::{FoundHead, first_line, without_start_line};

/// The head at the start of a text: such a line, and the header lines of a handshake.
pub(super) fn find(text: &str) -> Option<FoundHead<'_>> {
    let (line, size) = first_line(text);
    let kind = start_line(line.trim_ascii_end())?;
    let mut found = without_start_line::find(text.get(size..)?)?;
    if found.head.kind != kind {
        return None;
    }
    found.head.text = [line.as_bytes(), b"\n", &found.head.text].concat();
    found.head.has_no_first_line = false;
    found.size += size;
    Some(found)
}

fn start_line(line: &str) -> Option<HeadKind> {
    let mut words = line.split(' ');
    let (first, second, third) = (words.next()?, words.next()?, words.next());
    if is_version(first) {
        let is_code = second.len() == 3 && second.bytes().all(|it| it.is_ascii_digit());
        return is_code.then_some(HeadKind::Response);
    }
    let is_end = third.is_none_or(is_version) && words.next().is_none();
    let is_request = METHODS.contains(&first) && second.starts_with('/') && is_end;
    is_request.then_some(HeadKind::Request)
}

/// Whether a word begins as a version of HTTP does, in any case.
fn is_version(word: &str) -> bool {
    let name = word.split('/').next().unwrap_or_default();
    name.eq_ignore_ascii_case("HTTP")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_lines_show_that_a_line_is_the_first_of_a_head() {
        let request =
            "Host: a\r\nUpgrade: websocket\r\nSec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\r\n\r\n";
        let response =
            "Upgrade: websocket\r\nSec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\r\n\r\n";
        for (line, headers, kind) in [
            ("GET /chat", request, HeadKind::Request),
            ("GET / http/1.1", request, HeadKind::Request),
            ("http/1.1 101 x", response, HeadKind::Response),
            ("HTTP/1.1x 101 x", response, HeadKind::Response),
            ("HTTP 101", response, HeadKind::Response),
        ] {
            let text = format!("{line}\r\n{headers}\x01");
            let found = find(&text).unwrap();
            assert_eq!(found.head.kind, kind, "{line}");
            assert!(found.head.text.starts_with(format!("{line}\n").as_bytes()));
            assert!(!found.head.has_no_first_line);
            assert_eq!(found.size, text.len() - 1, "{line}");
        }
        for (line, headers) in [
            ("GET /chat", response),
            ("GET /a b", request),
            ("Get /chat", request),
            ("HTTP 1010", response),
            ("GET /chat", "no header\r\n"),
        ] {
            assert!(find(&format!("{line}\r\n{headers}")).is_none(), "{line}");
        }
    }
}
