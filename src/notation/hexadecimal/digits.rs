//! Converts hexadecimal digits to bytes, many at once. `items` calls it.

use super::{is_separator, without_prefix};

/// Writes the bytes of the pairs of digits at the start of a text, as many as there is room for.
/// Returns how many.
pub(super) fn run(text: &[u8], bytes: &mut [u8]) -> usize {
    let count = blocks(text, bytes);
    let rest = text.get(2 * count..).unwrap_or_default();
    count + pairs(rest, bytes.get_mut(count..).unwrap_or_default())
}

/// The same, pair by pair.
fn pairs(text: &[u8], bytes: &mut [u8]) -> usize {
    let (pairs, _) = text.as_chunks::<2>();
    let mut count = 0;
    for ([high, low], byte) in pairs.iter().zip(bytes) {
        let (high, low) = (meaning(*high), meaning(*low));
        if high | low > LAST_DIGIT {
            break;
        }
        *byte = high << 4 | low;
        count += 1;
    }
    count
}

/// The kind of the last item that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// No item was read.
    Nothing,
    /// A pair of digits.
    Pair,
    /// A separator.
    Separator(u8),
}

/// Writes the bytes of the items at the start of a text, as far as they have the usual forms.
/// Returns how many bytes of the text were read, how many were written, and the last item.
pub(super) fn items(text: &[u8], bytes: &mut [u8]) -> (usize, usize, Before) {
    let count = separated(text, bytes);
    let last = (3 * count).checked_sub(1).and_then(|last| text.get(last));
    match last {
        Some(separator) => (3 * count, count, Before::Separator(*separator)),
        None => short_runs(text, bytes),
    }
}

/// The same for runs of at most eight digits, with or without a prefix, each followed by a separator
/// and at most one space.
#[inline(never)]
fn short_runs(text: &[u8], bytes: &mut [u8]) -> (usize, usize, Before) {
    const SHORT: usize = 4;
    let mut items = Before::Nothing;
    let mut rest = text;
    let mut count = 0;
    loop {
        let mut digits = without_prefix(rest);
        let places = bytes.iter_mut().skip(count).take(SHORT);
        let before = count;
        for place in places {
            let Some((byte, after)) = pair(digits) else {
                break;
            };
            *place = byte;
            digits = after;
            count += 1;
        }
        if count == before {
            break;
        }
        (rest, items) = match digits {
            [separator, space, after @ ..]
                if is_separator(*separator) && space.is_ascii_whitespace() =>
            {
                (after, Before::Separator(*separator))
            }
            [separator, after @ ..] if is_separator(*separator) => {
                (after, Before::Separator(*separator))
            }
            _ => {
                (rest, items) = (digits, Before::Pair);
                break;
            }
        };
    }
    (text.len() - rest.len(), count, items)
}

/// The byte of the pair of digits at the start of a text, and the text after it.
fn pair(text: &[u8]) -> Option<(u8, &[u8])> {
    let [high, low, rest @ ..] = text else {
        return None;
    };
    let (high, low) = (meaning(*high), meaning(*low));
    (high | low <= LAST_DIGIT).then_some((high << 4 | low, rest))
}

/// The same for pairs with one separator after each. Returns how many.
#[inline(never)]
fn separated(text: &[u8], bytes: &mut [u8]) -> usize {
    let (items, _) = text.as_chunks::<3>();
    let mut count = 0;
    for ([high, low, separator], byte) in items.iter().zip(bytes) {
        let (high, low) = (meaning(*high), meaning(*low));
        if high | low | (meaning(*separator) ^ SEPARATOR) > LAST_DIGIT {
            break;
        }
        *byte = high << 4 | low;
        count += 1;
    }
    count
}

/// The same for whole blocks of digits. A block has no branches, so that it is compiled to SIMD
/// instructions.
fn blocks(text: &[u8], bytes: &mut [u8]) -> usize {
    const PAIRS: usize = 16;
    let (blocks, _) = text.as_chunks::<{ 2 * PAIRS }>();
    let (places, _) = bytes.as_chunks_mut::<PAIRS>();
    let mut count = 0;
    for (block, place) in blocks.iter().zip(places) {
        let values = block.map(value);
        if values.iter().fold(0, |all, value| all | value) > LAST_DIGIT {
            break;
        }
        let (pairs, _) = values.as_chunks::<2>();
        for (byte, [high, low]) in place.iter_mut().zip(pairs) {
            *byte = high << 4 | low;
        }
        count += PAIRS;
    }
    count
}

/// The value of a digit, at most 15, or [`NOTHING`]. Values that are combined with `|` are greater
/// than 15 if one of them is.
const fn value(byte: u8) -> u8 {
    let figure = byte.wrapping_sub(b'0');
    let letter = (byte | 0x20).wrapping_sub(b'a');
    if figure < 10 {
        figure
    } else if letter < 6 {
        letter + 10
    } else {
        NOTHING
    }
}

const LAST_DIGIT: u8 = 15;
const SEPARATOR: u8 = 0x40;
const NOTHING: u8 = 0x80;

/// The value of a digit, [`SEPARATOR`], or [`NOTHING`] for other bytes.
fn meaning(byte: u8) -> u8 {
    static MEANINGS: [u8; 256] = {
        let mut meanings = [NOTHING; 256];
        let mut rest: &mut [u8] = &mut meanings;
        let mut byte = 0_u8;
        while let [meaning, others @ ..] = rest {
            *meaning = if is_separator(byte) {
                SEPARATOR
            } else {
                value(byte)
            };
            rest = others;
            byte = byte.wrapping_add(1);
        }
        meanings
    };
    let meaning = MEANINGS.get(usize::from(byte));
    meaning.copied().unwrap_or(NOTHING)
}
