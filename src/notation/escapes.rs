//! Escapes between printable characters: `\x81\x05Hello`. `Notation` and `python` use it.

use super::error::NotationError;
use super::hexadecimal::is_separator;

/// Reads a whole text of escapes. Blanks at its end are bytes: a payload may end with one.
pub(super) fn read(text: &[u8], start: usize, bytes: &mut Vec<u8>) -> Result<(), NotationError> {
    EscapeReader::new(text, start).read_rest(bytes)
}

/// Reads a whole text of escapes in which `\129` is a decimal number, and `\ENQ` the name of a
/// control character: strings of Lua and Haskell.
///
/// # Errors
///
/// [`NotationError`] at the first character that does not belong.
pub fn read_decimal(text: &[u8], bytes: &mut Vec<u8>) -> Result<(), NotationError> {
    let mut reader = EscapeReader::new(text, 0);
    reader.is_decimal = true;
    reader.read_rest(bytes)
}

/// Writes bytes so that [`read`] and a shell's `printf` give them back.
///
/// The first byte is always escaped, as a sign of the notation. A separator between escapes is
/// escaped, because the text would be read as a list of hexadecimal numbers. A space at the end is
/// escaped, because it is easily lost.
pub(super) fn write(bytes: &[u8]) -> String {
    let has_words = bytes
        .iter()
        .any(|byte| is_plain(*byte) && !is_separator(*byte));
    let last = bytes.len().saturating_sub(1);
    let mut text = String::with_capacity(bytes.len() * 2);
    for (at, byte) in bytes.iter().enumerate() {
        let at_an_end = at == 0 || (at == last && *byte == b' ');
        if is_plain(*byte) && !at_an_end && (has_words || !is_separator(*byte)) {
            text.push(char::from(*byte));
        } else {
            text.push_str(&escaped(*byte));
        }
    }
    text
}

/// The two-digit escape of a byte.
pub(super) fn escaped(byte: u8) -> String {
    format!("\\x{byte:02x}")
}

const fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b'\\'
}

/// Reads escapes one by one.
pub(super) struct EscapeReader<'a> {
    text: &'a [u8],
    /// The offset in the text of the next byte to read.
    pub(super) at: usize,
    /// Whether `\0` is one byte whatever digits follow it, as in Rust.
    pub(super) has_short_nul: bool,
    /// Whether digits after a backslash are decimal.
    is_decimal: bool,
}

impl<'a> EscapeReader<'a> {
    pub(super) const fn new(text: &'a [u8], at: usize) -> Self {
        Self {
            text,
            at,
            has_short_nul: false,
            is_decimal: false,
        }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// The text that is not read yet.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn error(&self, expected: &'static str) -> NotationError {
        NotationError::new(self.text, self.at, expected)
    }

    /// Reads the rest of the text.
    pub(super) fn read_rest(&mut self, bytes: &mut Vec<u8>) -> Result<(), NotationError> {
        while self.peek().is_some() {
            self.byte(bytes)?;
        }
        Ok(())
    }

    /// Reads an escape or a plain character. A line break is skipped: it comes from wrapping.
    pub(super) fn byte(&mut self, bytes: &mut Vec<u8>) -> Result<(), NotationError> {
        match self.peek() {
            Some(b'\\') => self.escape(bytes),
            Some(b'\r' | b'\n') => {
                self.at += 1;
                Ok(())
            }
            Some(byte @ (b' '..=b'~' | b'\t')) => {
                bytes.push(byte);
                self.at += 1;
                Ok(())
            }
            _ => Err(self.error("a printable ASCII character or an escape")),
        }
    }

    /// Reads one of the escapes of a Python bytes literal (Python reference, 2.4.1.1).
    fn escape(&mut self, bytes: &mut Vec<u8>) -> Result<(), NotationError> {
        self.at += 1;
        if self.is_decimal && self.decimal_or_name(bytes) {
            return Ok(());
        }
        let simple = match self.peek() {
            Some(b'x') if self.text.get(self.at + 1) == Some(&b'{') => return self.braced(bytes),
            Some(b'u') => return self.code_point(bytes),
            Some(b'x') => return self.hexadecimal(bytes),
            Some(b'0'..=b'7') => return self.octal(bytes),
            Some(b'\n') => {
                self.at += 1;
                return Ok(());
            }
            Some(byte @ (b'\\' | b'\'' | b'"')) => byte,
            Some(b'a') => 0x07,
            Some(b'b') => 0x08,
            Some(b'f') => 0x0c,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'v') => 0x0b,
            Some(b'e') => 0x1b,
            _ => {
                return Err(self.error(r#"one of x u 0-7 \ ' " a b e f n r t v after a backslash"#));
            }
        };
        bytes.push(simple);
        self.at += 1;
        Ok(())
    }

    /// `\x{81}` of Perl, and `\u{81}`: a byte in braces.
    fn braced(&mut self, bytes: &mut Vec<u8>) -> Result<(), NotationError> {
        self.at += 2;
        let mut value = 0_u32;
        while let Some(digit) = self.peek().and_then(|byte| char::from(byte).to_digit(16)) {
            value = value.saturating_mul(16).saturating_add(digit);
            self.at += 1;
        }
        let byte = u8::try_from(value).ok();
        let byte = byte.filter(|_| self.peek() == Some(b'}'));
        bytes.push(byte.ok_or_else(|| self.error("the digits of one byte, and a brace"))?);
        self.at += 1;
        Ok(())
    }

    /// `\u0081` of JavaScript and JSON, which is one byte up to `\u00ff`.
    fn code_point(&mut self, bytes: &mut Vec<u8>) -> Result<(), NotationError> {
        if self.text.get(self.at + 1) == Some(&b'{') {
            return self.braced(bytes);
        }
        if !self.rest().starts_with(b"u00") {
            return Err(self.error("u00 and two hexadecimal digits"));
        }
        self.at += 2;
        self.hexadecimal(bytes)
    }

    /// Reads up to three decimal digits, or the name of a control character. Returns whether there is
    /// one of them.
    fn decimal_or_name(&mut self, bytes: &mut Vec<u8>) -> bool {
        let rest = self.rest();
        let size = rest
            .iter()
            .take(3)
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let digits = rest
            .get(..size)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        if let Some(value) = digits.and_then(|digits| digits.parse().ok()) {
            bytes.push(value);
            self.at += size;
            return true;
        }
        // The longest name is tried first: SOH begins with SO.
        let names = CONTROLS
            .iter()
            .zip(0_u8..)
            .filter(|(name, _)| rest.starts_with(name.as_bytes()));
        let Some((name, value)) = names.max_by_key(|(name, _)| name.len()) else {
            return false;
        };
        bytes.push(value);
        self.at += name.len();
        true
    }

    /// `\x` and exactly two digits.
    fn hexadecimal(&mut self, bytes: &mut Vec<u8>) -> Result<(), NotationError> {
        let mut value = 0;
        for _ in 0..2 {
            self.at += 1;
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            value = value * 16 + digit.ok_or_else(|| self.error("a hexadecimal digit"))?;
        }
        self.at += 1;
        bytes.extend(u8::try_from(value));
        Ok(())
    }

    /// One to three octal digits, 377 at most.
    fn octal(&mut self, bytes: &mut Vec<u8>) -> Result<(), NotationError> {
        let mut value = 0_u8;
        let most = if self.has_short_nul { 1 } else { 3 };
        for _ in 0..most {
            let Some(digit @ b'0'..=b'7') = self.peek() else {
                break;
            };
            let longer = value
                .checked_mul(8)
                .and_then(|value| value.checked_add(digit - b'0'));
            value = longer.ok_or_else(|| self.error("an octal escape of at most \\377"))?;
            self.at += 1;
        }
        bytes.push(value);
        Ok(())
    }
}

/// The control characters of ASCII, as Haskell names them.
const CONTROLS: [&str; 32] = [
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR",
    "SO", "SI", "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC",
    "FS", "GS", "RS", "US",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        read(text.as_bytes(), 0, &mut bytes).map_err(|error| error.to_string())?;
        Ok(bytes)
    }

    #[test]
    fn every_escape() {
        let all = r#"\x81\0\12\377\\\'\"\a\b\f\n\r\t\v Z~"#;
        assert_eq!(
            bytes(all),
            Ok(b"\x81\0\x0a\xff\\'\"\x07\x08\x0c\n\r\t\x0b Z~".to_vec())
        );
        assert_eq!(bytes("\\x81\\\n\\x05\n"), Ok(b"\x81\x05".to_vec()));
        assert_eq!(bytes(r"\08\1234"), Ok(b"\x008S4".to_vec()));
        assert_eq!(bytes(r"\u0081\x{5}\u{48}\e"), Ok(b"\x81\x05H\x1b".to_vec()));
    }

    #[test]
    fn decimal_escapes_and_names() {
        let mut bytes = Vec::new();
        read_decimal(br"\129\5Hello\SOH\SO\ENQ\x41", &mut bytes).unwrap();
        assert_eq!(bytes, b"\x81\x05Hello\x01\x0e\x05A");
    }

    #[test]
    fn what_is_no_escape() {
        let message = |text| bytes(text).unwrap_err();
        assert_eq!(
            message(r"\x8"),
            "column 4: expected a hexadecimal digit, found the end"
        );
        assert_eq!(
            message(r"\x8g"),
            "column 4: expected a hexadecimal digit, found `g`"
        );
        assert_eq!(
            message(r"\400"),
            "column 4: expected an octal escape of at most \\377, found `0`"
        );
        assert!(message(r"\d").starts_with("column 2: expected one of x u 0-7"));
        assert!(message("\\x81é").starts_with("column 5: expected a printable ASCII"));
    }

    #[test]
    fn written_so_that_nothing_is_lost() {
        assert_eq!(write(b"\x81\x0bHello world"), r"\x81\x0bHello world");
        assert_eq!(write(b"\x81\x02\\ "), r"\x81\x02\x5c\x20");
        assert_eq!(write(b"\x81,\xff"), r"\x81\x2c\xff");
    }
}
