//! Base64, as Wireshark, HAR files and JSON carry octets.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

use super::error::NotationError;

/// Whether a text that is not hexadecimal is base64: no word, but capitals, digits and
/// small letters, or padding; and no hexadecimal with a slip in it, which begins with a
/// hexadecimal digit and has far more of them than a third.
pub(super) fn looks_like(text: &[u8]) -> bool {
    let has = |is_one: fn(&u8) -> bool| text.iter().any(is_one);
    let has_figures = has(u8::is_ascii_uppercase) || has(u8::is_ascii_digit);
    let is_long = text.len() >= 8 && has(u8::is_ascii_lowercase) && has_figures;
    let digits = text
        .iter()
        .filter(|octet| octet.is_ascii_hexdigit())
        .count();
    let begins_with_digit = text.first().is_some_and(u8::is_ascii_hexdigit);
    let lines = || text.split(|octet| *octet == b'\n').map(<[u8]>::trim_ascii);
    (is_long || text.ends_with(b"="))
        && !(begins_with_digit && digits * 4 > text.len() * 3)
        && !lines().any(|line| line.contains(&b' '))
        && read(text, 0, &mut Vec::new()).is_ok()
}

/// Reads base64 in either alphabet, wrapped into lines perhaps; padding must be right.
pub(super) fn read(text: &[u8], start: usize, octets: &mut Vec<u8>) -> Result<(), NotationError> {
    let mut digits = Vec::with_capacity(text.len());
    for (at, octet) in text.iter().enumerate().skip(start) {
        match octet {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'-' | b'_' | b'=' => {
                digits.push(*octet);
            }
            b' ' | b'\t' | b'\r' | b'\n' => {}
            _ => return Err(cut(text, at, &digits, octets)),
        }
    }
    let whole = STANDARD
        .decode(&digits)
        .or_else(|_| URL_SAFE.decode(&digits));
    match whole {
        Ok(read) => {
            octets.extend(read);
            Ok(())
        }
        Err(_) => Err(cut(text, text.trim_ascii_end().len(), &digits, octets)),
    }
}

/// Padded, in the usual alphabet.
pub(super) fn write(octets: &[u8]) -> String {
    STANDARD.encode(octets)
}

/// Keeps the octets of the groups of four that are whole; the error behind them.
fn cut(text: &[u8], at: usize, digits: &[u8], octets: &mut Vec<u8>) -> NotationError {
    let (groups, _) = digits.as_chunks::<4>();
    let whole = groups.iter().map_while(|group| STANDARD.decode(group).ok());
    octets.extend(whole.flatten());
    NotationError::new(text, at, "base64 digits in groups of four")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn octets(text: &str) -> Result<Vec<u8>, (Vec<u8>, String)> {
        let mut octets = Vec::new();
        match read(text.as_bytes(), 0, &mut octets) {
            Ok(()) => Ok(octets),
            Err(error) => Err((octets, error.to_string())),
        }
    }

    #[test]
    fn both_alphabets_and_wrapped_lines() {
        assert_eq!(octets("gQVIZWxsbw=="), Ok(b"\x81\x05Hello".to_vec()));
        assert_eq!(
            octets("gQVI\n  ZWxs\r\nbw=="),
            Ok(b"\x81\x05Hello".to_vec())
        );
        assert_eq!(octets("gf_-"), Ok(b"\x81\xff\xfe".to_vec()));
        assert_eq!(octets("gf/+"), Ok(b"\x81\xff\xfe".to_vec()));
        assert_eq!(write(b"\x81\x05Hello"), "gQVIZWxsbw==");
    }

    #[test]
    fn what_is_whole_is_kept() {
        let expected = "expected base64 digits in groups of four, found";
        assert_eq!(
            octets("gQVIZWxsbw"),
            Err((
                b"\x81\x05Hell".to_vec(),
                format!("column 11: {expected} the end")
            ))
        );
        assert_eq!(
            octets("gQVI!"),
            Err((b"\x81\x05H".to_vec(), format!("column 5: {expected} `!`")))
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
        ] {
            assert!(!looks_like(text.as_bytes()), "{text}");
        }
        assert!(looks_like(b"gYcOw/PNO/bG+Dv2xg=="));
        assert!(looks_like(b"gQVIZWxsbw8h"));
    }
}
