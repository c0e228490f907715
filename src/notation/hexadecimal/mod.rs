//! Hexadecimal digits in pairs: `8105`, `81 05`, `81:05`, `0x81, 0x05`, `\x81 \x05`. `Notation` reads
//! whole texts with it, `input` long texts in pieces.

mod digits;
mod items;
mod streaming;

use super::error::NotationError;
use items::Items;
pub use items::Progress;
pub use streaming::{HexError, HexReader};

/// Reads pairs of digits, in runs of any even length. White space separates runs, and may contain
/// one comma, colon, hyphen or underscore. A run may begin with `0x`; `\x` is before one pair.
pub(super) fn read(text: &[u8], start: usize, bytes: &mut Vec<u8>) -> Result<(), NotationError> {
    /// Memory is reserved for a piece at a time: a long text may have an error near its start.
    const PIECE: usize = 64 << 10;
    let mut items = Items::default();
    let mut at = start;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let piece = rest.get(..PIECE).unwrap_or(rest);
        let is_end = piece.len() == rest.len();
        let begin = bytes.len();
        bytes.resize(begin + most_bytes(piece.len()), 0);
        let room = bytes.get_mut(begin..).unwrap_or_default();
        let progress = items.read(piece, room, is_end);
        bytes.truncate(begin + progress.written);
        at += progress.read;
        if progress.has_error {
            return Err(NotationError::new(text, at, EXPECTED));
        }
        if is_end {
            return Ok(());
        }
    }
}

/// The largest number of bytes that a text of this length can stand for.
const fn most_bytes(length: usize) -> usize {
    length / 2
}

/// Whether a text is only escapes such as `\x81` with separators between them. The separators are
/// then no bytes.
pub(super) fn is_list_of_escapes(text: &[u8]) -> bool {
    let mut items = text
        .split(|byte| is_separator(*byte))
        .filter(|item| !item.is_empty());
    items.all(|item| {
        matches!(item, [b'\\', b'x', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
    })
}

/// Whether a text is `\x` and one run of digits, as `PostgreSQL` prints bytes.
pub(super) fn is_run_after_escape(text: &[u8]) -> bool {
    text.strip_prefix(b"\\x").is_some_and(|run| {
        run.len() > 2 && run.len() % 2 == 0 && run.iter().all(u8::is_ascii_hexdigit)
    })
}

/// Whether this character may be between two bytes.
pub(super) const fn is_separator(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b',' | b':' | b'-' | b'_')
}

/// A run of digits without its prefix, if it has one.
fn without_prefix(text: &[u8]) -> &[u8] {
    match text {
        [b'0', b'x' | b'X', digits @ ..] | [b'\\', b'x', digits @ ..] => digits,
        _ => text,
    }
}

const EXPECTED: &str = "a hexadecimal digit";

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use streaming::tests::part;

    /// The bytes before the error, and the error.
    fn fault(text: &str) -> (Vec<u8>, String) {
        let mut bytes = Vec::new();
        let error = read(text.as_bytes(), 0, &mut bytes).unwrap_err();
        (bytes, error.to_string())
    }

    #[test]
    fn what_does_not_belong_is_an_error_and_what_went_before_is_kept() {
        let expected = "expected a hexadecimal digit, found";
        assert_eq!(
            fault("81zz"),
            (vec![0x81], format!("column 3: {expected} `z`"))
        );
        assert_eq!(
            fault("8105 4"),
            (vec![0x81, 5], format!("column 7: {expected} the end"))
        );
        assert_eq!(
            fault("81 054 8"),
            (vec![0x81, 5], format!("column 7: {expected} ` `"))
        );
        assert_eq!(
            fault("81\n 0x"),
            (vec![0x81], format!("line 2, column 4: {expected} the end"))
        );
        assert_eq!(
            fault("81;05"),
            (vec![0x81], format!("column 3: {expected} `;`"))
        );
        assert_eq!(
            fault("Hello"),
            (vec![], format!("column 1: {expected} `H`"))
        );
        assert_eq!(
            fault("\\81"),
            (vec![], format!("column 1: {expected} `\\\\`"))
        );
    }

    /// The grammar, a run at a time and in the plainest words: the bytes, and the place of
    /// the fault.
    fn plainly(text: &str) -> (Vec<u8>, Option<usize>) {
        let mut bytes = Vec::new();
        let mut rest = text;
        loop {
            rest = rest.trim_ascii_start();
            if rest.is_empty() {
                return (bytes, None);
            }
            let prefix = ["0x", "0X", "\\x"];
            let prefix = prefix.iter().find_map(|prefix| rest.strip_prefix(prefix));
            let digits = prefix.unwrap_or(rest);
            let after = digits.trim_start_matches(|char: char| char.is_ascii_hexdigit());
            let run = &digits[..digits.len() - after.len()];
            for pair in run.as_bytes().as_chunks::<2>().0 {
                bytes.extend(hex::decode(pair).unwrap());
            }
            let ends = |char: char| char.is_ascii_whitespace() || ",:-_\\".contains(char);
            let is_followed = after.chars().next().is_none_or(ends);
            if run.is_empty() || run.len() % 2 == 1 || !is_followed {
                return (bytes, Some(text.len() - after.len()));
            }
            let after = after.trim_ascii_start();
            rest = after.strip_prefix([',', ':', '-', '_']).unwrap_or(after);
        }
    }

    proptest! {
        #[test]
        fn read_as_it_is_in_plain_words(parts in prop::collection::vec(part(), 0..20)) {
            let text = parts.concat();
            let mut bytes = Vec::new();
            let error = read(text.as_bytes(), 0, &mut bytes).err();
            let (expected, fault) = plainly(&text);
            prop_assert_eq!(bytes, expected);
            let fault = fault.map(|at| NotationError::new(text.as_bytes(), at, EXPECTED));
            prop_assert_eq!(error, fault);
        }
    }
}
