//! Escapes that are not those of C, with plain characters between them: `%81%05Hello`.
//!
//! URLs, quoted-printable text, HTML, Pascal, `cat -v`, and viewers that print `<81>` or `[81]` write
//! bytes so. [`read`] gives the bytes of such a line. The literals of a paste use it.

use super::Notation;
use super::digits::Reading;

/// The bytes of a line that begins with such an escape, and the length of the text that was read:
/// up to a character that is not printable ASCII. None if the line begins with no escape, or has
/// only one.
pub fn read(line: &str) -> Option<(Reading, usize)> {
    let line = line.trim_end();
    STYLES.iter().find_map(|style| {
        let (bytes, size) = style.read(line)?;
        let reading = Reading {
            description: style.description,
            ..Reading::of(Notation::Escaped, bytes)
        };
        Some((reading, size))
    })
}

/// A way to escape bytes.
struct EscapeStyle {
    /// What it is, for a sentence.
    description: &'static str,
    /// The byte of the escape at the start of a text, and the length of the escape; None if there is none.
    escape: fn(&str) -> Option<(u8, usize)>,
    /// Whether characters between escapes are in apostrophes.
    is_quoted: bool,
}

const STYLES: &[EscapeStyle] = &[
    EscapeStyle {
        description: "text with percent escapes",
        escape: |text| hexadecimal(text, "%", ""),
        is_quoted: false,
    },
    EscapeStyle {
        description: "quoted-printable text",
        escape: |text| hexadecimal(text, "=", ""),
        is_quoted: false,
    },
    EscapeStyle {
        description: "text with escapes of HTML",
        escape: html,
        is_quoted: false,
    },
    EscapeStyle {
        description: "a string of Pascal",
        escape: pascal,
        is_quoted: true,
    },
    EscapeStyle {
        description: "text with bytes in angle brackets",
        escape: |text| hexadecimal(text, "<", ">"),
        is_quoted: false,
    },
    EscapeStyle {
        description: "text with bytes in brackets",
        escape: |text| hexadecimal(text, "[", "]"),
        is_quoted: false,
    },
    EscapeStyle {
        description: "the output of cat -v",
        escape: caret,
        is_quoted: false,
    },
];

impl EscapeStyle {
    fn read(&self, line: &str) -> Option<(Vec<u8>, usize)> {
        let mut bytes = Vec::new();
        let mut escapes = 0;
        let mut rest = line;
        while let Some(first) = rest.bytes().next() {
            if let Some((byte, size)) = (self.escape)(rest) {
                bytes.push(byte);
                escapes += 1;
                rest = rest.get(size..)?;
            } else if escapes == 0 {
                return None;
            } else if self.is_quoted {
                let Some(after) = quoted(rest, &mut bytes) else {
                    break;
                };
                rest = after;
            } else if is_plain(first) {
                bytes.push(first);
                rest = rest.get(1..)?;
            } else {
                break;
            }
        }
        (escapes > 1).then_some((bytes, line.len() - rest.len()))
    }
}

const fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}

/// Two hexadecimal digits between an opening and a closing sign.
fn hexadecimal(text: &str, open: &str, close: &str) -> Option<(u8, usize)> {
    let digits = text.strip_prefix(open)?.get(..2)?;
    let size = open.len() + 2;
    let ends = text.get(size..)?.starts_with(close);
    let is_byte = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let byte = u8::from_str_radix(digits, 16).ok()?;
    (ends && is_byte).then_some((byte, size + close.len()))
}

/// `&#129;`, `&#x81;`.
fn html(text: &str) -> Option<(u8, usize)> {
    const LONGEST: usize = 8;
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let digits = text.get(..end)?.strip_prefix("&#")?;
    let byte = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u8::from_str_radix(digits, 16),
        None => digits.parse(),
    };
    Some((byte.ok()?, end + 1))
}

/// `#129`, `#$81`, with or without a `+` in front.
fn pascal(text: &str) -> Option<(u8, usize)> {
    let start = text.trim_start_matches([' ', '+']);
    let digits = start.strip_prefix('#')?;
    let (digits, base) = match digits.strip_prefix('$') {
        Some(digits) => (digits, 16),
        None => (digits, 10),
    };
    let is_digit = |char: char| char.is_digit(base);
    let size = digits.find(|char| !is_digit(char)).unwrap_or(digits.len());
    let byte = u8::from_str_radix(digits.get(..size)?, base).ok()?;
    Some((byte, text.len() - digits.len() + size))
}

/// Reads a string of Pascal between apostrophes. Returns the text after it.
fn quoted<'t>(text: &'t str, bytes: &mut Vec<u8>) -> Option<&'t str> {
    let start = text.trim_start_matches([' ', '+']);
    let (inside, after) = start.strip_prefix('\'')?.split_once('\'')?;
    bytes.extend_from_slice(inside.as_bytes());
    Some(after)
}

/// `M-^A` for 81, `^E` for 05, `M-a` for e1, `^?` for 7f.
fn caret(text: &str) -> Option<(u8, usize)> {
    let (high, rest) = match text.strip_prefix("M-") {
        Some(rest) => (0x80, rest),
        None => (0, text),
    };
    let (control, rest) = match rest.strip_prefix('^') {
        Some(rest) => (0x40, rest),
        None => (0, rest),
    };
    if high == 0 && control == 0 {
        return None;
    }
    let byte = rest.bytes().next().filter(|byte| is_plain(*byte))?;
    let is_control = matches!(byte, b'?'..=b'_');
    if control > 0 && !is_control {
        return None;
    }
    let size = text.len() - rest.len() + 1;
    Some((high | (byte ^ control), size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_style_of_escapes_is_read() {
        for text in [
            "%81%05Hello",
            "%81%05Hel%6Co",
            "=81=05Hello",
            "&#129;&#5;Hello",
            "&#x81;&#x5;Hello",
            "#129#5'Hello'",
            "#$81#$05'Hel' + #$6C'o';",
            "<81><05>Hello",
            "<81><05><48><65><6c><6c><6f>",
            "[81][05]Hello",
            "M-^A^EHello",
        ] {
            let bytes = read(text).map(|(reading, _)| reading.bytes);
            assert_eq!(bytes.as_deref(), Some(&b"\x81\x05Hello"[..]), "{text}");
        }
    }

    #[test]
    fn cat_shows_each_byte_in_its_own_way() {
        let bytes = read("M-^@^@M-^?^?M-aa").map(|(reading, _)| reading.bytes);
        assert_eq!(
            bytes.as_deref(),
            Some(&[0x80, 0, 0xff, 0x7f, 0xe1, b'a'][..])
        );
    }

    #[test]
    fn a_line_ends_where_no_printable_character_is() {
        let size = |text: &str| read(text).map(|(_, size)| size);
        assert_eq!(size("%81%05H\u{e9}llo"), Some(7));
        assert_eq!(size("#129#5'Hi'; // five"), Some(10));
    }

    #[test]
    fn a_line_with_one_escape_is_none() {
        for text in ["%81", "Hello%81%05", "100% of 5%", "M-", "[81] [zz]", ""] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
