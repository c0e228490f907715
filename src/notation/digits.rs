//! Runs of numbers, and the possible meanings of their digits.
//!
//! People print bytes as numbers in many ways: `81 5 48`, `ffffff81`, `0x81`, `81h`, `$81`, `%81`,
//! `81|05`, `#81`, `8'h81`, `10000001`, `129 5 72`, `-127 5 72`. [`run`] finds the end of such a run, and
//! [`readings`] gives the bytes of each way to read it, the most usual way first. The reader of
//! pastes chooses one of them.

use super::Notation;

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

/// The place of a run of numbers in a text. The numbers are not kept: a long run has many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberRun {
    /// The offset of its first byte in the text.
    pub start: usize,
    /// The offset after its last byte.
    pub end: usize,
    /// How many numbers it has.
    pub count: usize,
    has_dots: bool,
}

impl NumberRun {
    /// The same run if this many bytes come before the text.
    #[must_use]
    pub const fn after(self, bytes: usize) -> Self {
        Self {
            start: self.start + bytes,
            end: self.end + bytes,
            ..self
        }
    }

    /// The run without its first `count` numbers; None if it has no others.
    pub fn without_first(self, count: usize, text: &str) -> Option<Self> {
        let (start, _) = self.places(text).nth(count)?;
        Some(Self {
            start,
            count: self.count - count,
            ..self
        })
    }

    /// The start and the end of each number, in the text that contains the run.
    pub fn places<'t>(
        &self,
        text: &'t str,
    ) -> impl Iterator<Item = (usize, usize)> + Clone + use<'t> {
        let start = self.start;
        let numbers = Numbers {
            text: text.get(start..self.end).unwrap_or_default(),
            at: 0,
            has_dots: self.has_dots,
        };
        numbers.map(move |(from, to)| (start + from, start + to))
    }

    /// Its numbers, with their prefixes and suffixes.
    pub fn words<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> + Clone + use<'t> {
        self.places(text)
            .filter_map(|(start, end)| text.get(start..end))
    }
}

/// The places of the numbers that a text begins with.
#[derive(Clone, Debug)]
struct Numbers<'t> {
    text: &'t str,
    at: usize,
    has_dots: bool,
}

impl Iterator for Numbers<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        let end = start
            + if self.has_dots {
                dotted_number(self.text, start)?
            } else {
                number(self.text, start)?
            };
        let rest = self.text.as_bytes().get(end..).unwrap_or_default();
        let size = if self.has_dots {
            usize::from(matches!(rest, [b'.', next, ..] if next.is_ascii_hexdigit()))
        } else {
            separators(rest)
        };
        let is_prefix = matches!(
            rest,
            [b'%' | b'$' | b'#' | b'\\', ..] | [b'0', b'x' | b'X', ..]
        );
        let is_last = size == 0 && (self.has_dots || !is_prefix);
        self.at = if is_last { self.text.len() } else { end + size };
        Some((start, end))
    }
}

/// The run of numbers at the start of a text, on one line. None if there is none.
///
/// Between two numbers there are blanks, or one comma, colon, semicolon, bar, hyphen or underscore
/// with blanks around it. A number inside a word (`8a3x`, `12.5`, `10/11`) ends the run.
pub fn run(text: &str) -> Option<NumberRun> {
    const FEWEST_WITH_DOTS: usize = 6;
    let numbers = |has_dots| Numbers {
        text,
        at: 0,
        has_dots,
    };
    let run = |has_dots| {
        let (count, end) = numbers(has_dots).fold((0, 0), |(count, _), (_, end)| (count + 1, end));
        NumberRun {
            start: 0,
            end,
            count,
            has_dots,
        }
    };
    // An IP address or a version has fewer numbers than `129.5.72.101.108.108.111`.
    let dotted = run(true);
    let after = text.as_bytes().get(dotted.end..).unwrap_or_default();
    let is_in_word = match after {
        [b'.', next, ..] => next.is_ascii_hexdigit(),
        [next, ..] => next.is_ascii_alphanumeric() || !next.is_ascii(),
        [] => false,
    };
    if dotted.count >= FEWEST_WITH_DOTS && !is_in_word {
        return Some(dotted);
    }
    let run = run(false);
    (run.count > 0).then_some(run)
}

/// The length of a number of at most three digits between dots.
fn dotted_number(text: &str, at: usize) -> Option<usize> {
    const LONGEST: usize = 3;
    let rest = text.as_bytes().get(at..)?;
    let is_digit = |byte: &&u8| byte.is_ascii_hexdigit();
    let size = rest.iter().take(LONGEST + 1).take_while(is_digit).count();
    (1..=LONGEST).contains(&size).then_some(size)
}

/// The length of blanks, one separator, and blanks.
fn separators(rest: &[u8]) -> usize {
    let blanks = |rest: &[u8]| {
        rest.iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count()
    };
    let before = blanks(rest);
    let mark = rest
        .get(before)
        .is_some_and(|byte| b",:;|_-".contains(byte));
    let is_sign = rest.get(before) == Some(&b'-')
        && before > 0
        && rest.get(before + 1).is_some_and(u8::is_ascii_digit);
    if !mark || is_sign {
        return before;
    }
    before + 1 + blanks(rest.get(before + 1..).unwrap_or_default())
}

/// The length of the number at this place, with its prefix and suffix.
fn number(text: &str, at: usize) -> Option<usize> {
    let rest = text.as_bytes().get(at..)?;
    let prefix = prefix(rest);
    let digits = rest.get(prefix..)?;
    let size = digits
        .iter()
        .take_while(|byte| byte.is_ascii_hexdigit())
        .count();
    // The zero in front of an `x` begins the next number: `0x810x05`.
    let begins_next = rest.starts_with(b"0x")
        && size > 1
        && digits.get(size - 1) == Some(&b'0')
        && matches!(digits.get(size), Some(b'x' | b'X'));
    let size = size - usize::from(begins_next);
    let after = digits.get(size..)?;
    let suffix = match after {
        [b'u', b'8', ..] if !rest.starts_with(b"%") => 2,
        [b'h' | b'H', ..] if prefix == 0 => 1,
        [b't', ..] if rest.starts_with(b"0x") => 1,
        [b'%', next, ..] if prefix > 0 && !next.is_ascii_hexdigit() => 1,
        [b'%'] if prefix > 0 => 1,
        _ => 0,
    };
    let is_ended = match after.get(suffix..)? {
        [] => true,
        _ if begins_next => true,
        [b'.', next, ..] => !next.is_ascii_alphanumeric(),
        [0x80..=0xff, ..] => is_followed_by_sign(text.get(at + prefix + size + suffix..)?),
        [next, ..] => next.is_ascii() && !next.is_ascii_alphanumeric() && !b"/@=+~".contains(next),
    };
    (size > 0 && is_ended).then_some(prefix + size + suffix)
}

/// Whether a text begins with a character that is no part of a Latin word: a sign, or a character of
/// a script without blanks between words.
fn is_followed_by_sign(text: &str) -> bool {
    let first = text.chars().next();
    first.is_some_and(|char| !char.is_alphanumeric() || is_without_blanks(char))
}

/// Whether a character is of a script that writes no blanks between words: Chinese, Japanese.
pub const fn is_without_blanks(char: char) -> bool {
    matches!(char, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}

/// The length of the prefix of a number, such as `0x` or `$`.
fn prefix(rest: &[u8]) -> usize {
    match rest {
        // Verilog.
        [b'8', b'\'', b'h' | b'H', digit, ..] if digit.is_ascii_hexdigit() => 3,
        [b'0', b'x' | b'X' | b'b', digit, ..]
        | [b'\\', b'x', digit, ..]
        | [b'&', b'H', digit, ..]
            if digit.is_ascii_hexdigit() =>
        {
            2
        }
        [b'1', b'6', b'#', digit, ..] if digit.is_ascii_hexdigit() => 3,
        [b'U', b'+', b'0', b'0', digit, ..] if digit.is_ascii_hexdigit() => 4,
        [b'$' | b'%' | b'#' | b'-' | b'x', digit, ..] if digit.is_ascii_hexdigit() => 1,
        _ => 0,
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    const HELLO: &[u8] = b"\x81\x05Hello";

    fn all(text: &str) -> Vec<Reading> {
        let run = run(text).unwrap_or_else(|| panic!("{text} is no run"));
        assert_eq!(run.end, text.len(), "{text}");
        readings(run.words(text))
    }

    #[test]
    fn hexadecimal_in_many_forms() {
        for text in [
            "81 05 48 65 6c 6c 6f",
            "810548656c6c6f",
            "8105 4865 6c6c 6f",
            "81 5 48 65 6c 6c 6f",
            "ffffff81 5 48 65 6c 6c 6f",
            "0xffffff81 0x5 0x48 0x65 0x6c 0x6c 0x6f",
            "81h 05h 48h 65h 6ch 6ch 6fh",
            "81h, 05h, 48h, 65h, 6ch, 6ch, 6fh",
            "$81 $05 $48 $65 $6c $6c $6f",
            "%81%05%48%65%6c%6c%6f",
            "81|05|48|65|6c|6c|6f",
            "#81 #05 #48 #65 #6c #6c #6f",
            "81-05-48-65-6c-6c-6f",
            "81:05:48:65:6C:6C:6F",
            "81; 05; 48; 65; 6c; 6c; 6f",
            "81.05.48.65.6c.6c.6f",
            "ffffff810548656c6c6f",
            "0xffffff810x050x480x650x6c0x6c0x6f",
            "0x810x050x480x650x6c0x6c0x6f",
            "16#81, 16#05, 16#48, 16#65, 16#6c, 16#6c, 16#6f",
            "U+0081 U+0005 U+0048 U+0065 U+006C U+006C U+006F",
            "8'h81, 8'h05, 8'h48, 8'h65, 8'h6C, 8'h6C, 8'h6F",
            "8'h81,8'h5,8'h48,8'h65,8'h6c,8'h6c,8'h6f",
        ] {
            let readings = all(text);
            assert!(
                readings.iter().any(|reading| reading.bytes == HELLO),
                "{text}: {readings:?}"
            );
        }
    }

    #[test]
    fn binary_and_decimal_numbers() {
        for text in [
            "10000001 00000101 01001000 01100101 01101100 01101100 01101111",
            "0b10000001, 0b00000101, 0b01001000, 0b01100101, 0b01101100, 0b01101100, 0b01101111",
            "0b10000001,0b101,0b1001000,0b1100101,0b1101100,0b1101100,0b1101111",
            "129.5.72.101.108.108.111",
            "129 5 72 101 108 108 111",
            "129, 5, 72, 101, 108, 108, 111",
            "-127 5 72 101 108 108 111",
            "-127, 5, 72, 101, 108, 108, 111",
        ] {
            assert_eq!(
                all(text).first().map(|reading| &*reading.bytes),
                Some(HELLO),
                "{text}"
            );
        }
    }

    #[test]
    fn digits_may_allow_two_readings() {
        let readings = all("81 10 20");
        let bytes: Vec<&[u8]> = readings.iter().map(|reading| &*reading.bytes).collect();
        assert_eq!(bytes, [&b"\x81\x10\x20"[..], &[81, 10, 20]]);
    }

    #[test]
    fn a_run_ends_where_a_word_begins() {
        let end = |text: &str| run(text).map(|run| run.end);
        assert_eq!(end("81 05 from"), Some(5));
        assert_eq!(end("81 05  ..Hello"), Some(5));
        assert_eq!(end("127.0.0.1"), None);
        assert_eq!(end("1.81.5.0"), None);
        assert_eq!(end("fe.ed.be.ef.ca.fe.example"), None);
        assert_eq!(end("10/11"), None);
        assert_eq!(end("8a3x"), None);
        assert_eq!(end("81 05."), Some(5));
        assert_eq!(end("Hello"), None);
    }
}
