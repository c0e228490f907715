//! The encoding of a text: UTF-8 or UTF-16, with or without a byte-order mark. `PastedText` uses it.

use std::borrow::Cow;

/// The byte-order mark of UTF-8, which some editors write.
pub(in crate::input) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A text without its byte-order mark, if it has one.
pub(in crate::input) fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

/// The byte order of UTF-16.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Little,
    Big,
}

/// Whether a text begins like UTF-16: with a byte-order mark and ASCII, or with ASCII in which every
/// second byte is zero. `PowerShell` writes such files.
pub(in crate::input) fn is_utf16(start: &[u8]) -> bool {
    order(start).is_some()
}

fn order(start: &[u8]) -> Option<Order> {
    let is_ascii = |unit: &[u8; 2], order: Order| match (unit, order) {
        ([low, 0], Order::Little) | ([0, low], Order::Big) => {
            matches!(low, b' '..=b'~' | b'\t' | b'\r' | b'\n' | 0x1b)
        }
        _ => false,
    };
    let (order, rest) = match start {
        [0xff, 0xfe, rest @ ..] => (Order::Little, rest),
        [0xfe, 0xff, rest @ ..] => (Order::Big, rest),
        [_, 0, _, 0, ..] => (Order::Little, start),
        [0, _, 0, _, ..] => (Order::Big, start),
        _ => return None,
    };
    let (units, _) = rest.as_chunks::<2>();
    let looked_at = units.get(..32).unwrap_or(units);
    let is_text = !looked_at.is_empty() && looked_at.iter().all(|unit| is_ascii(unit, order));
    is_text.then_some(order)
}

/// The text in UTF-8, without a byte-order mark.
pub(in crate::input) fn in_utf8(text: &[u8]) -> Cow<'_, [u8]> {
    let Some(order) = order(text) else {
        return Cow::Borrowed(without_mark(text));
    };
    let (units, _) = text.as_chunks::<2>();
    let units = units.iter().map(|unit| match order {
        Order::Little => u16::from_le_bytes(*unit),
        Order::Big => u16::from_be_bytes(*unit),
    });
    let chars = char::decode_utf16(units).map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER));
    let text: String = chars.filter(|char| *char != '\u{feff}').collect();
    Cow::Owned(text.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, mark: bool, is_big: bool) -> Vec<u8> {
        let mark = mark.then_some(0xfeff);
        let units = mark.into_iter().chain(text.encode_utf16());
        units
            .flat_map(|unit| {
                if is_big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect()
    }

    #[test]
    fn utf_16_of_both_orders_is_text() {
        for (mark, is_big) in [(true, false), (true, true), (false, false), (false, true)] {
            let text = utf16("81 05 48\r\n", mark, is_big);
            assert!(is_utf16(&text));
            assert_eq!(&*in_utf8(&text), b"81 05 48\r\n");
        }
    }

    #[test]
    fn frames_are_no_utf_16() {
        for bytes in [
            &b"\x81\x00\x82\x00"[..],
            b"\xff\xfe",
            b"\x02\0\x80\0",
            b"\x81\x05Hello",
        ] {
            assert!(!is_utf16(bytes), "{bytes:?}");
        }
        assert_eq!(&*in_utf8(b"\xef\xbb\xbf81"), b"81");
    }
}
