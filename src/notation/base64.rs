//! Base64, as in Wireshark, HAR files and JSON. `Notation` uses it.

use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, STANDARD, URL_SAFE, URL_SAFE_NO_PAD};

use super::error::NotationError;

/// Whether a text that is not hexadecimal is base64. A text of one word of letters is not, without
/// padding. Hexadecimal with a wrong digit is not: more than a third of it is hexadecimal digits.
pub(super) fn looks_like(text: &[u8]) -> bool {
    let has = |is_one: fn(&u8) -> bool| text.iter().any(is_one);
    let has_figures = has(u8::is_ascii_uppercase) || has(u8::is_ascii_digit);
    let is_long = text.len() >= 8 && has(u8::is_ascii_lowercase) && has_figures;
    let digits = text.iter().filter(|byte| byte.is_ascii_hexdigit()).count();
    let begins_with_digit = text.first().is_some_and(u8::is_ascii_hexdigit);
    let lines = || text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    (is_long || text.ends_with(b"="))
        && !(begins_with_digit && digits * 4 > text.len() * 3)
        && !lines().any(|line| line.contains(&b' '))
        && !is_left_of_escapes(text)
        && read(text, 0, &mut Vec::new()).is_ok()
}

/// Reads base64 in either alphabet, which may be wrapped into lines. Its padding must be right.
pub(super) fn read(text: &[u8], start: usize, bytes: &mut Vec<u8>) -> Result<(), NotationError> {
    let body = text.get(start..).unwrap_or_default();
    let is_known = |byte: &u8| is_digit(*byte) || is_blank(*byte);
    let size = body.iter().take_while(|byte| is_known(byte)).count();
    let before = bytes.len();
    let mut at = start + size;
    if size == body.len() {
        if read_items(body, bytes).is_some() {
            return Ok(());
        }
        bytes.truncate(before);
        at = text.trim_ascii_end().len();
    }
    // The bytes of the complete groups of four digits are kept.
    let digits = body.get(..size).unwrap_or_default();
    let mut digits = digits.iter().copied().filter(|byte| is_digit(*byte));
    while let (Some(a), Some(b), Some(c), Some(d)) =
        (digits.next(), digits.next(), digits.next(), digits.next())
        && Alphabet::Any.decode(&[a, b, c, d], bytes).is_some()
    {}
    Err(NotationError::new(
        text,
        at,
        "base64 digits in groups of four",
    ))
}

/// Reads one item after the other, each of which may end in padding. A long text is decoded in
/// pieces, so that no copy of all its digits is made.
fn read_items(text: &[u8], bytes: &mut Vec<u8>) -> Option<()> {
    const PIECE: usize = 4 << 10;
    let mut piece = Vec::with_capacity(PIECE);
    let mut alphabet = Alphabet::Any;
    for byte in text.iter().copied().filter(|byte| !is_blank(*byte)) {
        let is_next_item = piece.last() == Some(&b'=') && byte != b'=';
        if is_next_item || piece.len() == PIECE && byte != b'=' {
            alphabet.decode(&piece, bytes)?;
            piece.clear();
        }
        if is_next_item {
            alphabet = Alphabet::Any;
        }
        alphabet = alphabet.with(byte)?;
        piece.push(byte);
    }
    alphabet.decode(&piece, bytes)
}

/// The alphabet of an item, as far as the digits so far tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Alphabet {
    Any,
    Usual,
    /// The one for URLs.
    Url,
}

impl Alphabet {
    /// The alphabet after one more digit; None if neither alphabet has all of them.
    fn with(self, digit: u8) -> Option<Self> {
        let own = match digit {
            b'+' | b'/' => Self::Usual,
            b'-' | b'_' => Self::Url,
            _ => return Some(self),
        };
        (self == Self::Any || self == own).then_some(own)
    }

    /// Appends the bytes of digits. The alphabet for URLs is often written without padding.
    fn decode(self, digits: &[u8], bytes: &mut Vec<u8>) -> Option<()> {
        let engines: &[GeneralPurpose] = match self {
            Self::Any => &[STANDARD, URL_SAFE, URL_SAFE_NO_PAD],
            Self::Usual => &[STANDARD],
            Self::Url => &[URL_SAFE, URL_SAFE_NO_PAD],
        };
        let before = bytes.len();
        engines.iter().find_map(|engine| {
            bytes.truncate(before);
            engine.decode_vec(digits, bytes).ok()
        })
    }
}

const fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=')
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Whether a text is `\x81\x05Hello` without its backslashes, which a shell removes.
fn is_left_of_escapes(text: &[u8]) -> bool {
    match text {
        [b'x', high, low, ..] | [b'b', b'x', high, low, ..] => {
            high.is_ascii_hexdigit() && low.is_ascii_hexdigit()
        }
        _ => false,
    }
}

/// Whether a text that is neither base64 nor hexadecimal is more like base64.
pub(super) fn begins(text: &[u8]) -> bool {
    let is_digit = |byte: &&u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte);
    let begins_otherwise = text.first().is_some_and(|byte| !byte.is_ascii_hexdigit());
    let has_digits = text.iter().any(u8::is_ascii_digit);
    let is_long = text.iter().take_while(is_digit).count() >= 6;
    let is_broken = || read(text, 0, &mut Vec::new()).is_err();
    begins_otherwise && has_digits && is_long && !text.contains(&b' ') && is_broken()
}

/// Writes bytes with padding, in the standard alphabet.
pub(super) fn write(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::testing::{DecodeResult, outcome};

    fn bytes(text: &str) -> DecodeResult {
        outcome(read, text)
    }

    #[test]
    fn both_alphabets_and_wrapped_lines() {
        assert_eq!(bytes("gQVIZWxsbw=="), Ok(b"\x81\x05Hello".to_vec()));
        assert_eq!(bytes("gQVI\n  ZWxs\r\nbw=="), Ok(b"\x81\x05Hello".to_vec()));
        assert_eq!(bytes("gf_-"), Ok(b"\x81\xff\xfe".to_vec()));
        assert_eq!(bytes("gf/+"), Ok(b"\x81\xff\xfe".to_vec()));
        assert_eq!(bytes("gQVIZWxsbw"), Ok(b"\x81\x05Hello".to_vec()));
        assert_eq!(bytes("gQE=\ngQFh"), Ok(b"\x81\x01\x81\x01a".to_vec()));
        assert_eq!(write(b"\x81\x05Hello"), "gQVIZWxsbw==");
    }

    #[test]
    fn what_is_whole_is_kept() {
        let expected = "expected base64 digits in groups of four, found";
        let (kept, message) = bytes("gQVIZWxsb").unwrap_err();
        assert_eq!(
            (kept, message),
            (
                b"\x81\x05Hell".to_vec(),
                format!("column 10: {expected} the end")
            )
        );
        let (kept, message) = bytes("gQVI!").unwrap_err();
        assert_eq!(
            (kept, message),
            (b"\x81\x05H".to_vec(), format!("column 5: {expected} `!`"))
        );
    }

    #[test]
    fn a_word_is_no_base64() {
        for text in [
            "password",
            "test",
            "Hello",
            "81 05",
            "8105486zz",
            "8102 6869 81zz",
            "Send Help now 1A=",
            "x81x05Hello",
            "bx81x05Hello1",
        ] {
            assert!(!looks_like(text.as_bytes()), "{text}");
        }
        assert!(looks_like(b"gYcOw/PNO/bG+Dv2xg=="));
        assert!(looks_like(b"gQVIZWxsbw8h"));
    }
}
