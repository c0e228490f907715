//! Digits into bytes, many at once.

use super::{is_separator, without_prefix};

/// Writes the bytes of the pairs of digits that a text begins with, as many as there is
/// room for, and says how many.
pub(super) fn run(text: &[u8], bytes: &mut [u8]) -> usize {
    let count = blocks(text, bytes);
    let rest = text.get(2 * count..).unwrap_or_default();
    count + pairs(rest, bytes.get_mut(count..).unwrap_or_default())
}

/// Pairs one by one.
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

/// What precedes the place up to which items were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// Nothing.
    Nothing,
    /// A pair of digits.
    Pair,
    /// A separator.
    Separator(u8),
}

/// Writes the bytes of the items that a text begins with, as far as they are of the usual forms:
/// how much of the text that is, how many bytes, and what the last of it is.
pub(super) fn items(text: &[u8], bytes: &mut [u8]) -> (usize, usize, Before) {
    let count = separated(text, bytes);
    let last = (3 * count).checked_sub(1).and_then(|last| text.get(last));
    match last {
        Some(separator) => (3 * count, count, Before::Separator(*separator)),
        None => short_runs(text, bytes),
    }
}

/// Runs of a few digits, with a prefix perhaps, and one separator after each, which white
/// space may follow.
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

/// The byte of the pair of digits that a text begins with, and what is after it.
fn pair(text: &[u8]) -> Option<(u8, &[u8])> {
    let [high, low, rest @ ..] = text else {
        return None;
    };
    let (high, low) = (meaning(*high), meaning(*low));
    (high | low <= LAST_DIGIT).then_some((high << 4 | low, rest))
}

/// Pairs that have one separator after each.
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

/// Whole blocks of digits. In a block nothing branches, so that it becomes a
/// few instructions on many bytes.
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

/// The value of a digit, which is 15 at most; of anything else, and of several values
/// joined bit by bit of which one is no digit's, more.
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

/// The value of a digit, or what else a byte is here.
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
