//! Digits into octets, many at once.

use super::is_separator;

/// Writes the octets of the pairs of digits that a text begins with, as many as there is
/// room for, and says how many.
pub(super) fn run(text: &[u8], octets: &mut [u8]) -> usize {
    // Most runs that people write are short: those are nothing for blocks.
    const FEW: usize = 4;
    let few = octets.len().min(FEW);
    let count = pairs(text, octets.get_mut(..few).unwrap_or_default());
    if count < FEW {
        return count;
    }
    let count = count + behind(count, text, octets, blocks);
    count + behind(count, text, octets, pairs)
}

/// Goes on behind so many pairs.
fn behind(
    count: usize,
    text: &[u8],
    octets: &mut [u8],
    read: impl Fn(&[u8], &mut [u8]) -> usize,
) -> usize {
    let text = text.get(2 * count..).unwrap_or_default();
    read(text, octets.get_mut(count..).unwrap_or_default())
}

/// Pairs one by one.
fn pairs(text: &[u8], octets: &mut [u8]) -> usize {
    let (pairs, _) = text.as_chunks::<2>();
    let mut count = 0;
    for ([high, low], octet) in pairs.iter().zip(octets) {
        let (high, low) = (meaning(*high), meaning(*low));
        if high | low > LAST_DIGIT {
            break;
        }
        *octet = high << 4 | low;
        count += 1;
    }
    count
}

/// The same for pairs that have one separator behind each.
pub(super) fn separated(text: &[u8], octets: &mut [u8]) -> usize {
    let (items, _) = text.as_chunks::<3>();
    let mut count = 0;
    for ([high, low, separator], octet) in items.iter().zip(octets) {
        let (high, low) = (meaning(*high), meaning(*low));
        if high | low | (meaning(*separator) ^ SEPARATOR) > LAST_DIGIT {
            break;
        }
        *octet = high << 4 | low;
        count += 1;
    }
    count
}

/// The same for whole blocks of digits. Nothing in a block branches, so that it becomes a
/// few instructions on many octets.
fn blocks(text: &[u8], octets: &mut [u8]) -> usize {
    const PAIRS: usize = 16;
    let (blocks, _) = text.as_chunks::<{ 2 * PAIRS }>();
    let (places, _) = octets.as_chunks_mut::<PAIRS>();
    let mut count = 0;
    for (block, place) in blocks.iter().zip(places) {
        let values = block.map(value);
        if values.iter().fold(0, |all, value| all | value) > LAST_DIGIT {
            break;
        }
        let (pairs, _) = values.as_chunks::<2>();
        for (octet, [high, low]) in place.iter_mut().zip(pairs) {
            *octet = high << 4 | low;
        }
        count += PAIRS;
    }
    count
}

/// The value of a digit, which is 15 at most; of anything else, and of several values
/// joined bit by bit of which one is no digit's, more.
const fn value(octet: u8) -> u8 {
    let figure = octet.wrapping_sub(b'0');
    let letter = (octet | 0x20).wrapping_sub(b'a');
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

/// The value of a digit, or what else an octet is here.
fn meaning(octet: u8) -> u8 {
    static MEANINGS: [u8; 256] = {
        let mut meanings = [NOTHING; 256];
        let mut octet = 0;
        loop {
            meanings[octet as usize] = if is_separator(octet) {
                SEPARATOR
            } else {
                value(octet)
            };
            if octet == u8::MAX {
                break meanings;
            }
            octet += 1;
        }
    };
    let meaning = MEANINGS.get(usize::from(octet));
    meaning.copied().unwrap_or(NOTHING)
}
