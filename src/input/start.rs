//! What the beginning of a source says of all of it.

use std::io::{self, Read};

use super::PIECE;
use super::paste::{BYTE_ORDER_MARK, is_utf16, without_mark};
use super::source::read;
use crate::notation::{HexReader, Notation};

/// What a source is, as far as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// Raw octets, with more behind them.
    Raw,
    /// A text, and this is all of it.
    Text,
    /// A long text of hexadecimal, with more behind it.
    Hex,
}

/// How long a text is, in octets, of which the rest is not waited for: longer than what
/// people paste.
const LONG: usize = 64 << 10;

impl Start {
    /// Reads until it is clear what a source is: as long as it is text, to its end, but
    /// for a long one of hexadecimal. If the notation is said, any octets are text.
    pub(super) fn read(
        reader: &mut dyn Read,
        said: Option<Notation>,
        text: &mut Vec<u8>,
    ) -> io::Result<Self> {
        let mut piece = vec![0; PIECE];
        let mut checked = 0;
        let mut is_open = matches!(said, None | Some(Notation::Hex));
        loop {
            let size = read(reader, &mut piece)?;
            text.extend_from_slice(piece.get(..size).unwrap_or_default());
            if size == 0 {
                let is_text = said.is_some() || checked == text.len();
                return Ok(if is_text { Self::Text } else { Self::Raw });
            }
            if is_utf16(text) {
                reader.read_to_end(text)?;
                return Ok(Self::Text);
            }
            if said.is_none() {
                match text_at_start(text.get(checked..).unwrap_or_default()) {
                    Some(size) if checked > 0 || begins_like_text(text) => checked += size,
                    _ => return Ok(Self::Raw),
                }
            }
            if let Some(beginning) = without_mark(text).get(..LONG)
                && std::mem::take(&mut is_open)
                && HexReader::is_sure_of(beginning, said.is_some())
            {
                return Ok(Self::Hex);
            }
        }
    }
}

/// How many octets are text for sure, if what is behind them could become text: UTF-8
/// without controls, a character at the end perhaps cut.
fn text_at_start(octets: &[u8]) -> Option<usize> {
    let text = match std::str::from_utf8(octets) {
        Ok(text) => text,
        Err(error) if error.error_len().is_some() => return None,
        Err(error) => std::str::from_utf8(octets.get(..error.valid_up_to())?).ok()?,
    };
    let is_text = |char: char| !char.is_control() || matches!(char, '\t' | '\n' | '\r');
    text.chars().all(is_text).then_some(text.len())
}

/// Every notation begins with a printable character, and hardly ever a frame: FIN is the
/// highest bit of its first octet, and a first fragment begins with 01 or 02.
fn begins_like_text(text: &[u8]) -> bool {
    let is_first = |octet: &u8| matches!(octet, b' '..=b'~' | b'\t' | b'\n' | b'\r');
    // A letter of three bytes, as in Chinese: a frame that began so would have RSV1 and RSV2 set.
    let is_letter = |byte: &u8| (0xe3..=0xed).contains(byte);
    text.first()
        .is_some_and(|first| is_first(first) || is_letter(first))
        || text.starts_with(BYTE_ORDER_MARK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(octets: &[u8], expected: Start) {
        let start = Start::read(&mut &octets[..], None, &mut Vec::new());
        assert_eq!(start.unwrap(), expected);
    }

    #[test]
    fn what_could_be_text_is_text() {
        check(b"8105 48\r\n\t65", Start::Text);
        check(b"\xef\xbb\xbf8105", Start::Text);
        check("Hello wörld".as_bytes(), Start::Text);
        check(b"\x81\x05Hello", Start::Raw);
        // A compressed frame, not U+0085.
        check(b"\xc2\x85Hello", Start::Raw);
        check(b"GET / HTTP/1.1\r\n\r\n\x81\x05Hello", Start::Raw);
        check(b"cut \xc3", Start::Raw);
    }
}
