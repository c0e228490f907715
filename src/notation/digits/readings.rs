//! The bytes that a run of numbers can stand for.

use super::run::prefix;
use crate::notation::Notation;

/// One way to read a run of numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The notation that the bytes are in.
    pub notation: Notation,
    /// What the numbers are, for a sentence: `hexadecimal`, `decimal numbers`.
    pub description: &'static str,
    /// Whether the numbers have leading zeros; None if the digits do not show it.
    pub has_leading_zeros: Option<bool>,
}

impl Reading {
    /// The bytes of a literal in a notation.
    pub const fn of(notation: Notation, bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            notation,
            description: notation.description(),
            has_leading_zeros: None,
        }
    }
}

/// The description of the [`Reading`] of two-byte words in little-endian order.
pub const SWAPPED_WORDS: &str = "little-endian words of two bytes";

/// The ways to read a run, the most usual first: binary digits, hexadecimal in pairs, hexadecimal
/// number by number, decimal numbers, swapped words. Readings with equal bytes are given once.
pub fn readings<'t>(words: impl Iterator<Item = &'t str> + Clone) -> Vec<Reading> {
    let is_padded = has_leading_zero(words.clone()).then_some(true);
    let reading = |bytes: Option<Vec<u8>>, notation, description| {
        bytes.map(|bytes| Reading {
            bytes,
            notation,
            description,
            has_leading_zeros: is_padded,
        })
    };
    let all = [
        reading(bits(words.clone()), Notation::C, "groups of binary digits"),
        reading(pairs(words.clone()), Notation::Hex, "hexadecimal"),
        reading(
            signed_pairs(words.clone()),
            Notation::Hex,
            "hexadecimal of signed bytes",
        ),
        reading(
            each(words.clone(), hexadecimal).filter(|_| is_padded.is_none()),
            Notation::Hex,
            "hexadecimal without leading zeros",
        )
        .map(|reading| Reading {
            has_leading_zeros: Some(false),
            ..reading
        }),
        reading(each(words.clone(), decimal), Notation::C, "decimal numbers"),
        reading(swapped(words), Notation::Hex, SWAPPED_WORDS),
    ];
    let mut readings: Vec<Reading> = Vec::new();
    for reading in all.into_iter().flatten() {
        if readings.iter().all(|other| other.bytes != reading.bytes) {
            readings.push(reading);
        }
    }
    readings
}

/// The hexadecimal digits of a number, without prefix and suffix. `0b` may be a byte, and is no
/// prefix here.
fn bare(word: &str) -> Option<&str> {
    let prefix = if word.starts_with("0b") {
        0
    } else {
        prefix(word.as_bytes())
    };
    let bare = word.get(prefix..)?;
    let is_negative = word.starts_with('-');
    let bare = bare.strip_suffix("u8").unwrap_or(bare);
    let bare = bare.strip_suffix('t').unwrap_or(bare);
    let plain = bare.trim_end_matches(['h', 'H', '%']);
    // An assembler wants a digit in front of a letter: `0FFh`.
    let is_assembler = plain.len() < bare.len() && plain.len() == 3;
    let bare = plain
        .strip_prefix('0')
        .filter(|_| is_assembler)
        .unwrap_or(plain);
    (!is_negative).then_some(bare)
}

/// Reads pairs of digits, in words of any even length.
fn pairs<'t>(words: impl Iterator<Item = &'t str>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for word in words {
        let digits = bare(word)?;
        // In `%7B00` two zeros follow an escape.
        let is_escape_and_text = word.starts_with('%') && digits.len() > 2;
        if digits.len() % 2 == 1 || is_escape_and_text {
            return None;
        }
        // A byte that C sign-extended, among others that it did not.
        let is_extended = digits.len() == 8 && digits.get(..6)?.eq_ignore_ascii_case("ffffff");
        let digits = if is_extended {
            digits.get(6..)?
        } else {
            digits
        };
        bytes.extend(hex::decode(digits).ok()?);
    }
    Some(bytes)
}

/// Reads pairs of digits without separators, some of which C sign-extended:
/// `ffffff8105ffffffe4`. None if the first byte is not sign-extended.
fn signed_pairs<'t>(words: impl Iterator<Item = &'t str>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for word in words {
        let mut digits = bare(word)?;
        while !digits.is_empty() {
            let signed = digits.get(6..8).filter(|low| {
                let high = digits.get(..6).unwrap_or_default();
                high.eq_ignore_ascii_case("ffffff") && low.as_bytes().first() > Some(&b'7')
            });
            let pair = signed.or_else(|| digits.get(..2))?;
            bytes.extend(hex::decode(pair).ok()?);
            // The first byte of a frame has FIN set.
            if bytes.len() == 1 && signed.is_none() {
                return None;
            }
            let size = if signed.is_some() { 8 } else { 2 };
            digits = digits.get(size..)?;
        }
    }
    (!bytes.is_empty()).then_some(bytes)
}

/// Reads words of four digits, and swaps the two bytes of each, as `od -An -x` prints them. The
/// last word may have a zero byte of padding.
fn swapped<'t>(words: impl Iterator<Item = &'t str>) -> Option<Vec<u8>> {
    const FEWEST: usize = 2;
    let mut bytes = Vec::new();
    let mut is_half = false;
    for word in words {
        let word: [u8; 4] = word.as_bytes().try_into().ok()?;
        let mut pair = [0; 2];
        hex::decode_to_slice(word, &mut pair).ok()?;
        bytes.extend(pair.iter().rev());
        is_half = pair[0] == 0;
    }
    if bytes.len() < 2 * FEWEST {
        return None;
    }
    if is_half {
        bytes.pop();
    }
    Some(bytes)
}

fn each<'t>(words: impl Iterator<Item = &'t str>, read: fn(&str) -> Option<u8>) -> Option<Vec<u8>> {
    words.map(read).collect()
}

/// Whether a number has a leading zero, so that all numbers have two digits.
fn has_leading_zero<'t>(words: impl Iterator<Item = &'t str>) -> bool {
    let mut digits = words.filter_map(bare);
    digits.any(|digits| digits.len() == 2 && digits.starts_with('0'))
}

/// Reads one or two digits, or two that C sign-extended: `ffffff81`.
fn hexadecimal(word: &str) -> Option<u8> {
    let digits = bare(word)?;
    let digits = match digits.len() {
        8 if digits.get(..6)?.eq_ignore_ascii_case("ffffff") => digits.get(6..)?,
        1 | 2 => digits,
        _ => return None,
    };
    u8::from_str_radix(digits, 16).ok()
}

/// Reads groups of eight binary digits, or groups of four in an even number of words.
fn bits<'t>(words: impl Iterator<Item = &'t str> + Clone) -> Option<Vec<u8>> {
    let is_half =
        |word: &str| word.len() == 4 && word.bytes().all(|bit| matches!(bit, b'0' | b'1'));
    if words.clone().all(is_half) && words.clone().count().is_multiple_of(2) {
        let joined: String = words.collect();
        return whole_bits(std::iter::once(&*joined));
    }
    whole_bits(words)
}

/// Reads groups of eight binary digits, one or more in each word.
fn whole_bits<'t>(words: impl Iterator<Item = &'t str>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for word in words {
        let is_bit = |bit: u8| matches!(bit, b'0' | b'1');
        let digits = word.strip_prefix("0b").unwrap_or(word);
        if digits.len() < word.len() && digits.len() < 8 && digits.bytes().all(is_bit) {
            bytes.push(u8::from_str_radix(digits, 2).ok()?);
            continue;
        }
        let (groups, rest) = digits.as_bytes().as_chunks::<8>();
        if groups.is_empty() || !rest.is_empty() {
            return None;
        }
        for group in groups {
            if !group.iter().copied().all(is_bit) {
                return None;
            }
            bytes.push(group.iter().fold(0, |byte, bit| byte << 1 | (bit - b'0')));
        }
    }
    Some(bytes)
}

/// Reads 0 to 255, or -128 to -1, as Java prints bytes.
fn decimal(word: &str) -> Option<u8> {
    let digits = word.strip_prefix('-').unwrap_or(word);
    let is_plain = digits.len() <= 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let value: i16 = word.parse().ok().filter(|_| is_plain)?;
    match value {
        0..=255 => u8::try_from(value).ok(),
        -128..=-1 => u8::try_from(value + 256).ok(),
        _ => None,
    }
}
