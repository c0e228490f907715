//! The items of an array, as programming languages write and print them.
//!
//! `129, 5, 'H'`, `0x81.toByte(), 5`, `16#81,"Hello"`, `[0] => 129`, `#x81 #x05`, `'81', '05'`: numbers
//! with their prefixes and suffixes, characters, strings, and keys that count. The literals of a paste
//! find the brackets around such a text, and call [`readings`] with what is between them.

use super::Notation;
use super::digits::Reading;
use super::escapes;

/// The bytes of the text between the brackets of an array, one [`Reading`] for each base; empty if
/// the text is no array of bytes. Numbers without a sign of their base may be decimal or
/// hexadecimal. The usual base comes first.
///
/// `may_have_text`: a string may be among the numbers, as in Erlang's `<<129,5,"Hello">>`.
pub fn readings(inside: &str, may_have_text: bool) -> Vec<Reading> {
    let items = Items { rest: skip(inside) };
    let has_digits = inside.contains(|char: char| char.is_ascii_digit());
    if !has_digits || items.clone().next().is_none() {
        return Vec::new();
    }
    let mut are_pairs = true;
    for item in items.clone() {
        match item {
            None => return Vec::new(),
            Some(ArrayItem::Text(_)) if !may_have_text => return Vec::new(),
            Some(ArrayItem::Number(digits)) => are_pairs &= digits.len() == 2,
            Some(ArrayItem::Text(_) | ArrayItem::Byte(_)) => are_pairs = false,
        }
    }
    let decimal = bytes(items.clone(), 10).map(|bytes| (bytes, "an array of numbers"));
    let hexadecimal = bytes(items, 16).map(|bytes| (bytes, "an array of hexadecimal numbers"));
    let mut all: Vec<_> = if are_pairs {
        hexadecimal.into_iter().chain(decimal).collect()
    } else {
        decimal.into_iter().chain(hexadecimal).collect()
    };
    all.dedup_by(|one, other| one.0 == other.0);
    let reading = |(bytes, description)| Reading {
        bytes,
        notation: Notation::C,
        description,
        has_leading_zeros: None,
    };
    all.into_iter().map(reading).collect()
}

/// An item of an array.
enum ArrayItem<'t> {
    /// A number with a sign of its base, or a character.
    Byte(u8),
    /// A number without a sign of its base.
    Number(&'t str),
    /// A string among the numbers.
    Text(Vec<u8>),
}

/// The items of an array one by one; None where the text is no item.
#[derive(Clone)]
struct Items<'t> {
    rest: &'t str,
}

impl<'t> Iterator for Items<'t> {
    type Item = Option<ArrayItem<'t>>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(after) = key(self.rest).or_else(|| cast(self.rest)) {
            self.rest = skip(after);
        }
        if self.rest.is_empty() {
            return None;
        }
        let Some((item, after)) = quoted(self.rest).or_else(|| number(self.rest)) else {
            self.rest = "";
            return Some(None);
        };
        self.rest = skip(without_character(&item, after).unwrap_or(after));
        Some(Some(item))
    }
}

fn bytes(items: Items<'_>, base: u32) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for item in items {
        match item? {
            ArrayItem::Byte(byte) => bytes.push(byte),
            ArrayItem::Number(digits) if base == 10 => bytes.push(decimal(digits)?),
            ArrayItem::Number(digits) if digits.len() <= 2 => {
                bytes.push(u8::from_str_radix(digits, base).ok()?);
            }
            ArrayItem::Number(_) => return None,
            ArrayItem::Text(text) => bytes.extend(text),
        }
    }
    Some(bytes)
}

/// The byte of a decimal number from 0 to 255, or of a signed one from -128 to -1.
fn decimal(digits: &str) -> Option<u8> {
    let value: i16 = digits.parse().ok()?;
    match value {
        0..=255 => u8::try_from(value).ok(),
        -128..=-1 => u8::try_from(value + 256).ok(),
        _ => None,
    }
}

/// The text after the character that gdb prints after a byte: `129 '\201'`.
fn without_character<'t>(item: &ArrayItem<'_>, after: &'t str) -> Option<&'t str> {
    let (ArrayItem::Number(digits), quote) = (item, after.trim_start_matches(' ')) else {
        return None;
    };
    let (ArrayItem::Byte(byte), after) = quoted(quote)? else {
        return None;
    };
    (decimal(digits) == Some(byte)).then_some(after)
}

/// The text after blanks, separators and comments.
fn skip(text: &str) -> &str {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n', ',', ';']);
        let after = if rest.starts_with("//") || rest.starts_with("--") {
            rest.find('\n').map(|end| end + 1)
        } else if rest.starts_with("/*") {
            rest.find("*/").map(|end| end + 2)
        } else {
            return rest;
        };
        rest = after
            .and_then(|after| rest.get(after..))
            .unwrap_or_default();
    }
}

/// The text after a key that counts: `[0] =>`, `0 =>`, `"0":`, `[0]=`.
fn key(text: &str) -> Option<&str> {
    let bare = text.trim_start_matches(['[', '"', '\'']);
    let size = bare.bytes().take_while(u8::is_ascii_digit).count();
    let after = bare.get(size..).filter(|_| size > 0)?;
    let after = after.trim_start_matches([']', '"', '\'', ' ']);
    ["=>", ":", "="]
        .iter()
        .find_map(|sign| after.strip_prefix(sign))
}

/// The text after a cast: `(byte)`, `(char) `.
fn cast(text: &str) -> Option<&str> {
    let (name, after) = text.strip_prefix('(')?.split_once(')')?;
    let is_name = |char: char| char.is_ascii_alphanumeric() || char == '_' || char == ' ';
    (name.starts_with(|char: char| char.is_ascii_alphabetic()) && name.chars().all(is_name))
        .then(|| after.trim_start())
}

/// A character, a string, or a number in quotes.
fn quoted(text: &str) -> Option<(ArrayItem<'_>, &str)> {
    let quote = text
        .chars()
        .next()
        .filter(|char| matches!(char, '\'' | '"'))?;
    let bytes = text.as_bytes();
    let mut end = 1;
    while bytes.get(end).is_some_and(|byte| *byte != quote as u8) {
        end += if bytes.get(end) == Some(&b'\\') { 2 } else { 1 };
    }
    let (inside, after) = (text.get(1..end)?, text.get(end + 1..)?);
    if inside.len() > 1
        && let Some((item, "")) = number(inside)
    {
        return Some((item, after));
    }
    let mut unescaped = Vec::new();
    escapes::read(inside.as_bytes(), 0, &mut unescaped).ok()?;
    let item = match unescaped.as_slice() {
        [byte] => ArrayItem::Byte(*byte),
        _ if quote == '"' => ArrayItem::Text(unescaped),
        _ => return None,
    };
    Some((item, after))
}

/// A number with its prefix and its suffix.
fn number(text: &str) -> Option<(ArrayItem<'_>, &str)> {
    const PREFIXES: &[(&str, u32)] = &[
        ("0x", 16),
        ("0X", 16),
        ("#x", 16),
        ("#X", 16),
        ("16#", 16),
        ("$", 16),
        ("&H", 16),
        ("0b", 2),
        ("2#", 2),
        ("#b", 2),
        ("int(", 10),
    ];
    let prefix = PREFIXES
        .iter()
        .find_map(|(prefix, base)| Some((text.strip_prefix(prefix)?, *base)));
    // An assembler's `0b0h` is hexadecimal.
    let prefix = prefix.filter(|(rest, base)| {
        let after = rest.trim_start_matches(|char: char| char.is_ascii_hexdigit());
        *base != 2 || !after.starts_with(['h', 'H'])
    });
    let (digits, base) = prefix.map_or((text, None), |(rest, base)| (rest, Some(base)));
    let sign = usize::from(digits.starts_with('-'));
    let is_digit = |byte: &u8| match base {
        Some(16) | None => byte.is_ascii_hexdigit(),
        _ => byte.is_ascii_digit(),
    };
    let size = sign + digits.bytes().skip(sign).take_while(is_digit).count();
    let (word, after) = (digits.get(..size)?, digits.get(size..)?);
    // An assembler's `81h`.
    let is_assembler = base.is_none() && sign == 0 && after.starts_with(['h', 'H']);
    let (base, after) = if is_assembler {
        (Some(16), after.get(1..)?)
    } else {
        (base, after)
    };
    let after = suffix(after);
    let ends = after.starts_with([',', ' ', '\t', '\r', '\n', ';', '/']) || after.is_empty();
    if size == sign || !ends {
        return None;
    }
    let item = match base {
        Some(10) => ArrayItem::Byte(decimal(word)?),
        Some(base) => ArrayItem::Byte(extended(word, base)?),
        None if word.len() == 8 && word.bytes().all(|byte| matches!(byte, b'0' | b'1')) => {
            ArrayItem::Byte(u8::from_str_radix(word, 2).ok()?)
        }
        None => ArrayItem::Number(word),
    };
    Some((item, after))
}

/// A byte, also one that C sign-extended to 32 bits.
fn extended(digits: &str, base: u32) -> Option<u8> {
    let value = u32::from_str_radix(digits, base).ok()?;
    u8::try_from(value)
        .ok()
        .or_else(|| (value >= 0xffff_ff80).then(|| value.to_be_bytes()[3]))
}

/// The text after the suffix of a number.
fn suffix(text: &str) -> &str {
    const SUFFIXES: &[&str] = &[
        ".toByte()",
        ".toUByte()",
        "'u8",
        "u8",
        "_u8",
        "i8",
        "uy",
        "u",
        "U",
        "t",
        ")",
    ];
    SUFFIXES
        .iter()
        .find_map(|suffix| text.strip_prefix(suffix))
        .unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_of_many_languages() {
        for text in [
            "129, 5, 72, 101, 108, 108, 111",
            "-127 5 72 101 108 108 111",
            "0x81, 5, 'H', 'e', 'l', 'l', 'o'",
            "0x81.toByte(), 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f",
            "0x81u, 0x05u, 0x48u, 0x65u, 0x6cu, 0x6cu, 0x6fu",
            "129 '\\201', 5 '\\005', 72 'H', 101 'e', 108 'l', 108 'l', 111 'o'",
            "129'u8, 5'u8, 72'u8, 101'u8, 108'u8, 108'u8, 111'u8",
            "129,5,\"Hello\"",
            "16#81,16#05,\"Hello\"",
            "081h, 05h, \"Hello\"",
            "081h, 05h, 48h, 065h, 6Ch, 06Ch, 6Fh",
            "$81, $05, \"Hello\"",
            "0x81 0x05 \"Hello\"",
            "#x81 #x05 #x48 #x65 #x6C #x6C #x6F",
            "[0]=>\n int(129)\n [1]=>\n int(5)\n [2]=>\n int(72)\n [3]=>\n int(101)\n \
             [4]=>\n int(108)\n [5]=>\n int(108)\n [6]=>\n int(111)\n",
            "[1] => 129\n [2] => 5\n [3] => 72\n [4] => 101\n [5] => 108\n [6] => 108\n [7] => 111\n",
            "\"0\":129,\"1\":5,\"2\":72,\"3\":101,\"4\":108,\"5\":108,\"6\":111",
            "'0x81', '0x5', '0x48', '0x65', '0x6c', '0x6c', '0x6f'",
            "(byte)0x81, (byte) 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f",
            "0x81, 5, // the header\n 72, 101, /* ell */ 108, 108, 111",
            "'10000001', '00000101', 72, 101, 108, 108, 111",
            "0xffffff81, 0x5, 0x48, 0x65, 0x6c, 0x6c, 0x6f",
        ] {
            let first = readings(text, true).into_iter().next();
            let bytes = first.map(|reading| reading.bytes);
            assert_eq!(bytes.as_deref(), Some(&b"\x81\x05Hello"[..]), "{text}");
        }
    }

    #[test]
    fn pairs_of_digits_may_be_decimal() {
        let readings = readings("'81', '10', '20'", false);
        let bytes: Vec<&[u8]> = readings.iter().map(|reading| &*reading.bytes).collect();
        assert_eq!(bytes, [&b"\x81\x10\x20"[..], &[81, 10, 20]]);
    }

    #[test]
    fn what_is_no_array_of_bytes() {
        for text in [
            "",
            "a, b",
            "129, 256",
            "1.5, 2",
            "key: 5",
            "'ab', 'cd",
            "f(5)",
            "0x123",
            "\"C*\", 129",
        ] {
            assert_eq!(readings(text, false), [], "{text}");
        }
    }
}
