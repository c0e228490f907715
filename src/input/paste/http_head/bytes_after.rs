//! Whether bytes follow a head, on its line or on the next one.
//!
//! The readers of heads use it, so that a line of bytes directly after the headers is not read as a
//! header.

use super::header_line::{header_name, is_plausible};
use super::start_line::FoundStartLine;
use crate::input::paste::envelope::Envelope;
use crate::input::paste::literals::{self, Certainty, Literal};

/// Whether a part of a line has a literal of bytes, or another head.
pub(super) fn has_bytes(text: &str) -> bool {
    FoundStartLine::find(text).is_some() || literals::find_in_line(text).iter().any(may_be_bytes)
}

/// Whether the rest of the line after a head of this size is searched. A long line with many heads is
/// not, because each of them would search all the rest.
pub(super) fn is_near(rest: &str, size: usize) -> bool {
    const SHORT: usize = 16 << 10;
    const MOST_TIMES: usize = 256;
    rest.len() <= SHORT || rest.len() / MOST_TIMES <= size || FoundStartLine::find(rest).is_none()
}

/// Whether a line after the headers is bytes, and not a header with an error.
pub(super) fn is_line_of_bytes(line: &str) -> bool {
    let line = line.trim();
    let envelope = Envelope::of(line);
    let names_data = envelope.names_data();
    if header_name(line).is_some_and(|name| is_plausible(name) || !names_data) {
        return false;
    }
    let start = if names_data { envelope.length } else { 0 };
    let literals = literals::find_in_line(line);
    let is_row = |first: &Literal| {
        let is_number = first.numbers.is_some() || names_data;
        first.start <= start && first.end >= start && is_number && may_be_bytes(first)
    };
    literals.first().is_some_and(is_row) || literals.iter().any(is_certain)
}

/// Whether one of the readings of a literal has two or more bytes.
fn may_be_bytes(literal: &Literal) -> bool {
    literal
        .readings
        .iter()
        .any(|reading| reading.bytes.len() > 1)
}

fn is_certain(literal: &Literal) -> bool {
    literal.certainty > Certainty::Possible && may_be_bytes(literal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_bytes_are_no_headers() {
        for line in [
            r"\x81\x05Hello",
            r#""\x81\x05Hello""#,
            r"b'\x81\x05Hello'",
            "socket.write(Buffer.from([0x81, 0x05, 0x48]));",
            "recv: <Buffer 81 05 48 65 6c 6c 6f>",
            "data: 81 05 48 65 6c 6c 6f",
            "81 05 48 65 6c 6c 6f",
            "00000000  81 05 48 65 6c 6c 6f  |..Hello|",
            "frame = 81 05 48 65 6c 6c 6f",
            "recv: gQVIZWxsbw==",
            "  [129, 5, 72, 101, 108, 108, 111]",
        ] {
            assert!(is_line_of_bytes(line), "{line}");
        }
    }

    #[test]
    fn headers_right_or_wrong_are_no_lines_of_bytes() {
        for line in [
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
            "ETag: \"33a64df551425fcc\"",
            "X-Request-Id: 8105486565656c6f",
            "Date: Thu, 26 Nov 2026 10:49:21 GMT",
            "Cookie: a=[129, 5, 72]",
            "Upgrade websocket",
            "BsZSBub25jZQ==",
            "GET /a HTTP/1.1",
            "",
        ] {
            assert!(!is_line_of_bytes(line), "{line}");
        }
    }
}
