//! Decides from the first bytes of a source whether it is text. `Input` uses it.

use std::io::{self, Read};

use super::PIECE;
use super::paste::{BYTE_ORDER_MARK, is_utf16, terminal_sequences, without_mark};
use super::pasted_text::{LONG, WINDOW};
use super::source::{fill, read};
use crate::notation::{HexReader, Notation};

/// The kind of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InputKind {
    /// Raw bytes. Others may follow those that were read.
    Raw,
    /// A text.
    Text {
        /// Whether the whole text was read.
        is_all: bool,
    },
    /// A long text of hexadecimal. More may follow.
    Hexadecimal,
}

impl InputKind {
    /// Reads until the kind is certain. Of a file the first [`WINDOW`] is read, of a pipe the bytes
    /// that are available, up to the end of the first line. If the user named the notation, any bytes
    /// are text, and all of it is read.
    pub(super) fn read(
        reader: &mut dyn Read,
        is_file: bool,
        named: Option<Notation>,
        text: &mut Vec<u8>,
    ) -> io::Result<Self> {
        let mut piece = vec![0; PIECE];
        let mut checked = 0;
        loop {
            let size = if is_file {
                fill(reader, &mut piece, 0)?
            } else {
                read(reader, &mut piece)?
            };
            text.extend_from_slice(piece.get(..size).unwrap_or_default());
            if size == 0 {
                let is_text = named.is_some() || checked == text.len();
                return Ok(if is_text {
                    Self::Text { is_all: true }
                } else {
                    Self::Raw
                });
            }
            if is_utf16(text) {
                reader.read_to_end(text)?;
                return Ok(Self::Text { is_all: true });
            }
            if named.is_none() {
                match text_at_start(text.get(checked..).unwrap_or_default()) {
                    Some(size) if checked > 0 || begins_like_text(text) => checked += size,
                    _ => return Ok(Self::Raw),
                }
            }
            if matches!(named, None | Some(Notation::Hex))
                && let Some(beginning) = without_mark(text).get(..LONG)
                && HexReader::is_sure_of(beginning, named.is_some())
            {
                return Ok(Self::Hexadecimal);
            }
            let is_enough = if is_file {
                text.len() >= WINDOW
            } else {
                text.contains(&b'\n') && !may_be_raw_head(text) || text.len() >= WINDOW
            };
            if is_enough && named.is_none() {
                return Ok(Self::Text { is_all: false });
            }
        }
    }
}

/// Whether raw bytes may follow: the text begins with a request or response head with the line ends
/// of HTTP. It is then the start of a capture, or of a log with such a head.
fn may_be_raw_head(text: &[u8]) -> bool {
    let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let is_start = first.starts_with(b"HTTP/1.") || first.ends_with(b" HTTP/1.1\r");
    let end = memchr::memmem::find(text, b"\r\n\r\n");
    let after = end.and_then(|end| text.get(end + 4..)).unwrap_or_default();
    is_start && first.ends_with(b"\r") && !after.contains(&b'\n')
}

/// How many bytes at the start are certainly text: UTF-8 without control characters, except
/// those of colours. None if later bytes cannot make text of the rest. A character at the end may be
/// incomplete.
fn text_at_start(bytes: &[u8]) -> Option<usize> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if error.error_len().is_some() => return None,
        Err(error) => std::str::from_utf8(bytes.get(..error.valid_up_to())?).ok()?,
    };
    let is_text = |char: char| !char.is_control() || matches!(char, '\t' | '\n' | '\r');
    let plain = terminal_sequences::strip_beginning(text.as_bytes());
    let plain = std::str::from_utf8(&plain).ok()?;
    plain.chars().all(is_text).then_some(text.len())
}

/// Whether a text begins with a character with which notations begin, and frames do not: a frame
/// begins with a byte over 7f if FIN is set, and with 01 or 02 otherwise.
fn begins_like_text(text: &[u8]) -> bool {
    let is_first = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n' | 0x1b);
    // A letter of two or three bytes. A frame that begins with such a byte has a reserved opcode, or
    // RSV1 and another reserved bit. c1 and c2 begin compressed frames.
    let is_letter = |byte: &u8| matches!(byte, 0xc3..=0xc7 | 0xcb..=0xed);
    text.first()
        .is_some_and(|first| is_first(first) || is_letter(first))
        || text.starts_with(BYTE_ORDER_MARK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: InputKind) {
        for is_file in [true, false] {
            let start = InputKind::read(&mut &bytes[..], is_file, None, &mut Vec::new());
            let start = start.map(|start| match start {
                InputKind::Text { .. } => InputKind::Text { is_all: true },
                other => other,
            });
            assert_eq!(start.unwrap(), expected);
        }
    }

    #[test]
    fn what_could_be_text_is_text() {
        let text = InputKind::Text { is_all: true };
        check(b"8105 48\r\n\t65", text);
        check(b"\xef\xbb\xbf8105", text);
        check("Hello wörld".as_bytes(), text);
        check(b"\x81\x05Hello", InputKind::Raw);
        // A compressed frame, not U+0085.
        check(b"\xc2\x85Hello", InputKind::Raw);
        check(b"GET / HTTP/1.1\r\n\r\n\x81\x05Hello", InputKind::Raw);
        check(b"cut \xc3", InputKind::Raw);
        check(b"\x1b[32mrecv\x1b[0m 81 05", text);
        check(b"recv \x1b[32", text);
        check(b"Hello\x1bHello", InputKind::Raw);
        check(b"\x1b[32m\x81\x05Hello", InputKind::Raw);
    }

    #[test]
    fn a_head_from_a_pipe_may_be_followed_by_frames() {
        let head = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        let start = |end: &'static [u8]| {
            let mut pieces = head.chain(end);
            InputKind::read(&mut pieces, false, None, &mut Vec::new()).unwrap()
        };
        assert_eq!(start(b"\x81\x05Hello"), InputKind::Raw);
        assert_eq!(
            start(b"b'\\x81\\x05Hello'\n"),
            InputKind::Text { is_all: false }
        );
    }
}
