//! The end of a run of numbers, and the places of its numbers.

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
pub(super) fn prefix(rest: &[u8]) -> usize {
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
