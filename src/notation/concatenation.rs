//! Strings and characters that source code joins: `"\x81\x05" "Hello"`, `Chr(129) & "Hello"`.
//!
//! C joins strings that stand side by side; other languages join with `.`, `+`, `&`, `..` or `<>`.
//! [`read`] gives the bytes of such an expression. The literals of a paste use it.

use super::{escapes, python};

/// The bytes of an expression of at least two strings or characters, and the length of its text.
/// None if the text begins with none, or if the first part has neither an escape nor a character
/// that is written as a number.
pub fn read(text: &str) -> Option<(Vec<u8>, usize)> {
    // A string without others may be long, and is not read here.
    if let Some(size) = size_of_string(text) {
        let after = text.get(size..)?;
        StringPart::parse(after.get(operator(after)..)?)?;
    }
    let mut bytes = Vec::new();
    let mut items = 0;
    let mut end = 0;
    let mut at = 0;
    while let Some(item) = text.get(at..).and_then(StringPart::parse) {
        if items == 0 && !item.has_number {
            return None;
        }
        bytes.extend_from_slice(&item.bytes);
        items += 1;
        end = at + item.size;
        at = end + operator(text.get(end..)?);
    }
    (items > 1).then_some((bytes, end))
}

/// The length of the string that a text begins with, up to its closing quote.
fn size_of_string(text: &str) -> Option<usize> {
    let all = text.as_bytes();
    let prefix = usize::from(all.starts_with(b"b"));
    let quote = all.get(prefix).filter(|byte| b"\"'".contains(byte))?;
    let mut end = prefix + 1;
    while all.get(end)? != quote {
        if all.get(end) == Some(&b'\n') {
            return None;
        }
        end += if all.get(end) == Some(&b'\\') { 2 } else { 1 };
    }
    Some(end + 1)
}

/// A string or a character.
struct StringPart {
    bytes: Vec<u8>,
    /// Whether a byte in it is written as a number.
    has_number: bool,
    size: usize,
}

impl StringPart {
    fn parse(text: &str) -> Option<Self> {
        let Some(size) = size_of_string(text) else {
            return Self::character(text);
        };
        let string = text.get(..size)?.as_bytes();
        let mut bytes = Vec::new();
        if string.starts_with(b"b") {
            python::read(string, 0, &mut bytes).ok()?;
        } else {
            escapes::read(string.get(1..size - 1)?, 0, &mut bytes).ok()?;
        }
        Some(Self {
            bytes,
            has_number: string.contains(&b'\\'),
            size,
        })
    }

    /// `Chr(129)`, `chr(0x81)`, `Chr$(129)`, `CHAR(129)`.
    fn character(text: &str) -> Option<Self> {
        const NAMES: &[&str] = &["chr", "chr$", "chrw", "char", "char$"];
        const LONGEST: usize = 12;
        let open = text.bytes().take(LONGEST).position(|byte| byte == b'(')?;
        let name = text.get(..open)?.trim_end();
        if !NAMES.iter().any(|known| name.eq_ignore_ascii_case(known)) {
            return None;
        }
        let close = open
            + text
                .get(open..)?
                .bytes()
                .take(LONGEST)
                .position(|byte| byte == b')')?;
        let digits = text.get(open + 1..close)?.trim();
        let hexadecimal = ["0x", "&H", "$"]
            .iter()
            .find_map(|sign| digits.strip_prefix(sign));
        let byte = match hexadecimal {
            Some(digits) => u8::from_str_radix(digits, 16).ok()?,
            None => digits.parse().ok()?,
        };
        Some(Self {
            bytes: vec![byte],
            has_number: true,
            size: close + 1,
        })
    }
}

/// The length of what joins two items: blanks, a line end after an operator, and one operator.
fn operator(text: &str) -> usize {
    let start = text.trim_start();
    let operators = ["..", "<>", "||", ".", "+", "&"];
    let after = operators
        .iter()
        .find_map(|operator| start.strip_prefix(operator))
        .unwrap_or(start);
    text.len() - after.trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_characters_are_joined() {
        for text in [
            r#""\x81\x05" "Hello""#,
            r#""\x81\x05""Hello""#,
            r#""\201\005" + "Hello""#,
            r#"b"\x81\x05" b"Hello""#,
            r"b'\x81' + b'\x05Hello'",
            r#"Chr(129) & Chr(5) & "Hello""#,
            r"chr(129).chr(0x05).'Hello'",
            r"Chr$(&H81) + Chr$(5) + 'Hello'",
            "CHAR(129) || CHAR(5) || 'Hello'",
            "\"\\x81\\x05\"\n  \"Hello\"",
        ] {
            let expected = Some((b"\x81\x05Hello".to_vec(), text.len()));
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_joined_string() {
        for text in [
            r#""\x81\x05Hello""#,
            r#""one" "two""#,
            "Chr(129)",
            "Chr(300) & Chr(5)",
            "chart(1) + chart(2)",
            r#""\x81" "open"#,
            "",
        ] {
            let read = read(text).map(|(bytes, _)| bytes);
            assert_eq!(read, None, "{text}");
        }
    }
}
