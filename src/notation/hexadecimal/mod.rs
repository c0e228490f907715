//! Hexadecimal digits in pairs: `8105`, `81 05`, `81:05`, `0x81, 0x05`, `\x81 \x05`.

mod digits;
mod items;
mod pieces;

use super::error::NotationError;
use items::Items;
pub use items::Progress;
pub use pieces::{HexFault, HexReader};

/// Reads pairs of digits, in runs of any even length, separated by white space, with one
/// comma, colon, hyphen or underscore perhaps. A run may begin with `0x`; `\x` goes before one pair.
pub(super) fn read(text: &[u8], start: usize, octets: &mut Vec<u8>) -> Result<(), NotationError> {
    let items = text.get(start..).unwrap_or_default();
    let begin = octets.len();
    octets.resize(begin + most_octets(items.len()), 0);
    let room = octets.get_mut(begin..).unwrap_or_default();
    let progress = Items::default().read(items, room, true);
    octets.truncate(begin + progress.written);
    if progress.is_fault {
        return Err(NotationError::new(text, start + progress.read, EXPECTED));
    }
    Ok(())
}

/// How many octets a text of so many can stand for at most.
const fn most_octets(length: usize) -> usize {
    length / 2
}

/// Whether a text is nothing but `\x81`, one after the other with something between them
/// each time, so that what is between separates and does not count.
pub(super) fn is_list_of_escapes(text: &[u8]) -> bool {
    let mut items = text
        .split(|octet| is_separator(*octet))
        .filter(|item| !item.is_empty());
    items.all(|item| {
        matches!(item, [b'\\', b'x', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
    })
}

/// Whether a text is one run of digits behind `\x`, as databases write octets.
pub(super) fn is_run_behind_escape(text: &[u8]) -> bool {
    text.strip_prefix(b"\\x").is_some_and(|run| {
        run.len() > 2 && run.len() % 2 == 0 && run.iter().all(u8::is_ascii_hexdigit)
    })
}

/// What may stand between two octets.
pub(super) const fn is_separator(octet: u8) -> bool {
    octet.is_ascii_whitespace() || matches!(octet, b',' | b':' | b'-' | b'_')
}

const EXPECTED: &str = "a hexadecimal digit";

#[cfg(test)]
mod tests {
    use super::*;

    /// The octets before the error, and the error.
    fn fault(text: &str) -> (Vec<u8>, String) {
        let mut octets = Vec::new();
        let error = read(text.as_bytes(), 0, &mut octets).unwrap_err();
        (octets, error.to_string())
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
}
