//! Lists of numbers of languages other than C: `<<129,5>>`, `(129, 5)`, `(byte)0x81`, `0b10000001`, a
//! Buffer in JSON, decimal numbers without brackets.

use super::{SourceLiteral, beginning, blank, position};
use crate::notation::{Notation, list};

/// The list as C writes it; None if the text is no list of these languages.
pub(super) fn find(text: &[u8], start: usize) -> Option<SourceLiteral> {
    let rest = text.get(start..)?;
    if is_bits(rest) {
        let mut plain = text.to_vec();
        bits(&mut plain, start);
        return Some(SourceLiteral {
            other_reading: Some("hexadecimal: 0b is a byte too"),
            ..SourceLiteral::new(Notation::C, plain)
        });
    }
    if is_decimals(rest) {
        return Some(SourceLiteral::new(Notation::C, text.to_vec()));
    }
    // Most texts are no lists, and some are long: this test is fast.
    let has_brackets = beginning(rest).iter().any(|byte| b"<([{".contains(byte));
    if !has_brackets || rest.first().is_some_and(u8::is_ascii_digit) || is_plain(rest) {
        return None;
    }
    let mut plain = text.to_vec();
    let is_changed = [
        casts,
        erlang,
        tuple,
        array,
        json,
        indexed,
        typed_array,
        bits,
    ]
    .into_iter()
    .fold(false, |is_changed, change| {
        change(&mut plain, start) | is_changed
    });
    let words = plain.get(start..)?.trim_ascii();
    let is_list = list::looks_like(words) || list::could_be_bare(words);
    (is_changed && is_list).then(|| SourceLiteral::new(Notation::C, plain))
}

/// Whether a text has none of the signs of these lists. Then it is not copied.
fn is_plain(text: &[u8]) -> bool {
    let begins_word = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        !before.is_some_and(u8::is_ascii_alphanumeric)
    };
    memchr::memchr3(b'(', b'<', b'"', text).is_none()
        && !memchr::memmem::find_iter(text, b"0b").any(begins_word)
}

/// The words of a list without brackets, separated by spaces, commas and line ends.
fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> + Clone {
    let separates = |byte: &u8| byte.is_ascii_whitespace() || *byte == b',';
    text.split(separates).filter(|word| !word.is_empty())
}

/// Whether all words are `0b` and eight bits.
fn is_bits(text: &[u8]) -> bool {
    let is_byte = |word: &[u8]| {
        let bits = word.strip_prefix(b"0b").unwrap_or_default();
        bits.len() == 8 && bits.iter().all(|bit| matches!(bit, b'0' | b'1'))
    };
    words(text).next().is_some() && words(text).all(is_byte)
}

/// Whether all words are decimal, without commas, and some have three digits, so that they are not
/// hexadecimal.
fn is_decimals(text: &[u8]) -> bool {
    let is_byte = |word: &[u8]| {
        let is_plain = word == b"0" || matches!(word.first(), Some(b'1'..=b'9'));
        let number = std::str::from_utf8(word).ok();
        is_plain && number.is_some_and(|number| number.parse::<u8>().is_ok())
    };
    let mut words = text.trim_ascii().split(u8::is_ascii_whitespace);
    words.clone().filter(|word| !word.is_empty()).all(is_byte)
        && words.clone().count() > 1
        && words.any(|word| word.len() == 3)
}

/// Blanks the casts of `(byte)0x81`, which Java, C# and C write.
fn casts(text: &mut [u8], start: usize) -> bool {
    const CASTS: [&[u8]; 5] = [
        b"(byte)",
        b"(sbyte)",
        b"(char)",
        b"(unsigned char)",
        b"(uint8_t)",
    ];
    let rest = text.get(start..).unwrap_or_default();
    let is_there = |cast: &&&[u8]| position(beginning(rest), cast).is_some();
    let Some(cast) = CASTS.iter().find(is_there) else {
        return false;
    };
    let mut from = start;
    while let Some(at) = position(text.get(from..).unwrap_or_default(), cast) {
        blank(text, from + at, from + at + cast.len());
        from += at + cast.len();
    }
    true
}

/// Rewrites `<<129,5>>` and `<<16#81>>` of Erlang and Elixir.
fn erlang(text: &mut [u8], start: usize) -> bool {
    let Some([b'<', b'<', inside @ ..]) = text.get(start..) else {
        return false;
    };
    let Some(length) = position(inside, b">>") else {
        return false;
    };
    let close = start + 2 + length;
    put(text, start, b" [");
    put(text, close, b"] ");
    let after = text.get(close + 2..).unwrap_or_default();
    if after.trim_ascii_end() == b"." {
        blank(text, close + 2, close + 3);
    }
    let mut from = start;
    while let Some(at) = position(text.get(from..close).unwrap_or_default(), b"16#") {
        put(text, from + at, b" 0x");
        from += at + 3;
    }
    true
}

/// Puts the numbers of Python's `(129, 5)` in square brackets.
fn tuple(text: &mut [u8], start: usize) -> bool {
    let Some([b'(', inside @ ..]) = text.get(start..) else {
        return false;
    };
    let end = inside.iter().position(|byte| *byte == b')');
    let inside = end.and_then(|end| inside.get(..end)).unwrap_or_default();
    let is_number = |byte: &u8| byte.is_ascii_digit() || *byte == b'-';
    if !inside.contains(&b',') || !inside.trim_ascii_start().first().is_some_and(is_number) {
        return false;
    }
    let close = start + 1 + inside.len();
    put(text, start, b"[");
    put(text, close, b"]");
    true
}

/// Blanks the name in Python's `array('B', [129, 5])`.
fn array(text: &mut [u8], start: usize) -> bool {
    let rest = text.get(start..).unwrap_or_default();
    let is_it = rest.starts_with(b"array('B', [") || rest.starts_with(b"array('b', [");
    if is_it {
        blank(text, start, start + b"array('B', ".len());
    }
    is_it
}

/// Blanks the words in `{"type":"Buffer","data":[129,5]}`, as Node writes a Buffer into JSON.
fn json(text: &mut [u8], start: usize) -> bool {
    let squeezed = |part: &[u8]| -> Vec<u8> {
        let is_ink = |byte: &u8| !byte.is_ascii_whitespace();
        part.iter().copied().filter(is_ink).collect()
    };
    let rest = text.get(start..).unwrap_or_default();
    let Some(open) = beginning(rest).iter().position(|byte| *byte == b'[') else {
        return false;
    };
    let Some(length) = rest.iter().position(|byte| *byte == b']') else {
        return false;
    };
    let before = squeezed(rest.get(..open).unwrap_or_default());
    let after = squeezed(rest.get(length + 1..).unwrap_or_default());
    let is_first = before == br#"{"type":"Buffer","data":"# && after.starts_with(b"}");
    let is_last = before == br#"{"data":"# && after == br#","type":"Buffer"}"#;
    if is_first {
        blank(text, start, start + open);
    } else if is_last {
        blank(text, start, start + open);
        blank(text, start + length + 1, text.len());
    }
    is_first || is_last
}

/// Blanks the keys of `{"0":129,"1":5}`, which is a typed array in JSON.
fn indexed(text: &mut [u8], start: usize) -> bool {
    let Some([b'{', ..]) = text.get(start..) else {
        return false;
    };
    let mut at = start + 1;
    for index in 0.. {
        let rest = text.get(at..).unwrap_or_default();
        at += rest.len() - rest.trim_ascii_start().len();
        let key = format!("\"{index}\":");
        if !text
            .get(at..)
            .is_some_and(|rest| rest.starts_with(key.as_bytes()))
        {
            break;
        }
        blank(text, at, at + key.len());
        let rest = text.get(at..).unwrap_or_default();
        at += rest
            .iter()
            .position(|byte| *byte == b',')
            .map_or(rest.len(), |comma| comma + 1);
    }
    at > start + 1 && !text.get(start..).unwrap_or_default().contains(&b'"')
}

/// Blanks what Chrome prints after the items of a typed array: `, buffer: ArrayBuffer(2), …`.
fn typed_array(text: &mut [u8], start: usize) -> bool {
    const TAIL: &[u8] = b", buffer: ArrayBuffer(";
    let rest = text.get(start..).unwrap_or_default();
    let Some(at) = beginning(rest)
        .contains(&b'[')
        .then(|| position(rest, TAIL))
        .flatten()
    else {
        return false;
    };
    let Some(close) = text.iter().rposition(|byte| *byte == b']') else {
        return false;
    };
    blank(text, start + at, close);
    true
}

/// Rewrites binary numbers such as `0b101` in hexadecimal.
fn bits(text: &mut [u8], start: usize) -> bool {
    let is_bracket = |byte: &u8| matches!(byte, b'[' | b'{');
    let is_bare = !beginning(text.get(start..).unwrap_or_default())
        .iter()
        .any(is_bracket);
    if is_bare && !is_bits(text.get(start..).unwrap_or_default()) {
        return false;
    }
    let mut is_changed = false;
    let mut at = start;
    while at < text.len() {
        let rest = text.get(at..).unwrap_or_default();
        let size = rest
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .count();
        let word = rest.get(..size).unwrap_or_default();
        let digits = word
            .strip_prefix(b"0b")
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let number = digits.and_then(|digits| u8::from_str_radix(digits, 2).ok());
        if let Some(number) = number.filter(|_| size >= 4) {
            blank(text, at, at + size);
            put(text, at + size - 4, format!("0x{number:02x}").as_bytes());
            is_changed = true;
        }
        at += size.max(1);
    }
    is_changed
}

fn put(text: &mut [u8], at: usize, words: &[u8]) {
    if let Some(part) = text.get_mut(at..at + words.len()) {
        part.copy_from_slice(words);
    }
}
