//! Lists of numbers: `{0x81, 0x5}`, `[]byte{0x81}`, `[129, 5]`, `Uint8Array(2) [ 129, 5 ]`.
//! `Notation` uses it.

use super::error::NotationError;

/// Whether a text can only be a list: numbers in brackets, or decimal numbers with commas between
/// them, one of which has three digits.
pub(super) fn looks_like(text: &[u8]) -> bool {
    if let Some(open) = text.iter().position(|byte| matches!(byte, b'{' | b'[')) {
        let before = text.get(..open).unwrap_or_default();
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"_ *&:!().<>".contains(byte);
        let mut reader = ListReader { text, at: 0 };
        return !before.first().is_some_and(u8::is_ascii_digit)
            && before.iter().all(is_word)
            && reader.open()
            && begins_with_number(reader.rest().trim_ascii_start());
    }
    let mut items = text.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    let is_number = |item: &[u8]| item.iter().all(u8::is_ascii_digit);
    items.clone().count() > 1 && items.clone().all(is_number) && items.any(|item| item.len() == 3)
}

/// Whether a text is only numbers with commas between them.
pub(super) fn could_be_bare(text: &[u8]) -> bool {
    let mut items = text.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    !text.is_empty() && items.all(begins_with_number)
}

/// Whether the text after an opening bracket begins with a number, a comment, or the closing bracket.
fn begins_with_number(inside: &[u8]) -> bool {
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'-';
    let size = inside.iter().take_while(is_part).count();
    let (word, after) = inside.split_at(size);
    let is_number = word
        .first()
        .is_none_or(|byte| byte.is_ascii_digit() || *byte == b'-')
        || word.iter().all(u8::is_ascii_hexdigit);
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b",]}/.".contains(byte);
    is_number && after.first().is_none_or(ends)
}

/// Reads the numbers of a list: hexadecimal with `0x`, else decimal, also signed as in Java. If all
/// numbers have two digits, they are hexadecimal without `0x`. Returns how many more numbers
/// there were, which Node did not print.
pub(super) fn read(text: &[u8], start: usize, bytes: &mut Vec<u8>) -> Result<u64, NotationError> {
    let mut reader = ListReader { text, at: start };
    let is_open = reader.open();
    let base = if reader.has_only_pairs() {
        Base::Sixteen
    } else {
        Base::Ten
    };
    let closing = reader.closing();
    let mut omitted_bytes = 0;
    loop {
        reader.skip(|byte| byte.is_ascii_whitespace())?;
        match reader.peek() {
            None if is_open => return Err(reader.error("`,`, `]` or `}`")),
            None => return Ok(omitted_bytes),
            Some(byte) if is_open && closing == Some(byte) => break,
            Some(b'.') => omitted_bytes = reader.omitted_bytes()?,
            Some(_) => {
                bytes.push(reader.number(base)?);
                reader.skip(|byte| byte.is_ascii_whitespace())?;
                reader.at += usize::from(reader.peek() == Some(b','));
            }
        }
    }
    reader.close(bytes.len())?;
    Ok(omitted_bytes)
}

/// Writes `{0x81, 0x05}`: on one line, or on lines of twelve bytes.
pub(super) fn write(bytes: &[u8]) -> String {
    let line = |bytes: &[u8]| {
        let items: Vec<String> = bytes.iter().map(|byte| format!("0x{byte:02x}")).collect();
        items.join(", ")
    };
    if bytes.len() <= BYTES_A_LINE {
        return format!("{{{}}}", line(bytes));
    }
    let lines: Vec<String> = bytes.chunks(BYTES_A_LINE).map(line).collect();
    format!("{{\n  {}\n}}", lines.join(",\n  "))
}

/// Whether a list that is read as hexadecimal could be decimal: each of its numbers is two decimal
/// digits without a leading zero.
pub(super) fn could_be_decimal(text: &[u8], start: usize) -> bool {
    let mut reader = ListReader { text, at: start };
    reader.open();
    let mut items = reader.items().filter(|item| !item.is_empty()).peekable();
    items.peek().is_some()
        && items.all(|item| matches!(item, [b'1'..=b'9', digit] if digit.is_ascii_digit()))
}

/// Whether a list that is read as decimal could be hexadecimal without `0x`: each of its numbers
/// has one or two digits.
pub(super) fn could_be_hexadecimal(text: &[u8], start: usize) -> bool {
    let mut reader = ListReader { text, at: start };
    let is_short = |item: &[u8]| matches!(item.len(), 1 | 2) && item.iter().all(u8::is_ascii_digit);
    reader.open();
    let mut items = reader.items().filter(|item| !item.is_empty());
    !reader.has_only_pairs() && items.clone().any(|item| item.len() == 2) && items.all(is_short)
}

const BYTES_A_LINE: usize = 12;

/// The base of numbers without a prefix.
#[derive(Clone, Copy)]
enum Base {
    Ten,
    Sixteen,
}

struct ListReader<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> ListReader<'a> {
    fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    fn error(&self, expected: &'static str) -> NotationError {
        NotationError::new(self.text, self.at, expected)
    }

    /// Moves past the bracket that opens the list, which is the last one before the first number:
    /// `new Uint8Array([`, `[]byte{`. Returns whether there is one.
    fn open(&mut self) -> bool {
        let mut open = None;
        for (at, byte) in self.rest().iter().enumerate() {
            match byte {
                b'{' | b'[' => open = Some(at),
                b']' | b'}' | b')' if open.is_some_and(|open| self.is_empty_since(open, at)) => {
                    open = None;
                }
                b',' | b']' | b'}' => break,
                _ => {}
            }
        }
        self.at += open.map_or(0, |open| open + 1);
        open.is_some()
    }

    /// The bracket that closes the list. Its opening bracket is directly before the current place.
    fn closing(&self) -> Option<u8> {
        match self.text.get(self.at.checked_sub(1)?)? {
            b'{' => Some(b'}'),
            b'[' => Some(b']'),
            _ => None,
        }
    }

    /// Whether two brackets contain nothing, or only the number of bytes, as in `byte[]` and
    /// `[7]byte{`. Another bracket must follow.
    fn is_empty_since(&self, open: usize, close: usize) -> bool {
        let rest = self.rest();
        let inside = rest.get(open + 1..close).unwrap_or_default();
        let after = rest.get(close + 1..).unwrap_or_default();
        if !inside.iter().all(u8::is_ascii_digit) {
            return false;
        }
        let is_next = |byte: &&u8| matches!(**byte, b'{' | b'[' | b',' | b'\n');
        matches!(after.iter().find(is_next), Some(b'{' | b'['))
    }

    /// The texts between the commas of the list.
    fn items(&self) -> impl Iterator<Item = &'a [u8]> + Clone + use<'a> {
        let rest = self.rest();
        let end = rest.iter().position(|byte| matches!(byte, b']' | b'}'));
        let list = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        list.split(|byte| *byte == b',').map(<[u8]>::trim_ascii)
    }

    fn has_only_pairs(&self) -> bool {
        let mut items = self.items().filter(|item| !item.is_empty()).peekable();
        let is_pair = |item: &[u8]| item.len() == 2 && item.iter().all(u8::is_ascii_hexdigit);
        items.peek().is_some() && items.all(is_pair)
    }

    /// Skips bytes for which `is_nothing` is true, and comments of C.
    fn skip(&mut self, is_nothing: impl Fn(u8) -> bool) -> Result<(), NotationError> {
        loop {
            let rest = self.rest();
            let end = match rest {
                [b'/', b'/', ..] => rest.iter().position(|byte| *byte == b'\n'),
                [b'/', b'*', ..] => {
                    let end = rest.windows(2).position(|pair| pair == b"*/");
                    Some(end.ok_or_else(|| self.error("a comment that ends with */"))? + 2)
                }
                [byte, ..] if is_nothing(*byte) => Some(1),
                _ => return Ok(()),
            };
            self.at += end.unwrap_or(rest.len());
        }
    }

    /// A character literal of C and its relatives: `'H'`, `'\\n'`, `'\\''`, `'\\x81'`, `'\\0'`.
    fn character(&mut self) -> Result<u8, NotationError> {
        const EXPECTED: &str = "a character of one byte in quotes, such as 'H' or '\\n'";
        let inside = self.rest().get(1..).unwrap_or_default();
        let escaped = usize::from(inside.first() == Some(&b'\\'));
        let after_first = inside.get(escaped + 1..).unwrap_or_default();
        let more = after_first.iter().position(|byte| *byte == b'\'');
        let size = escaped + 1 + more.ok_or_else(|| self.error(EXPECTED))?;
        let value = match inside.get(..size).unwrap_or_default() {
            [byte] if *byte != b'\\' => Some(*byte),
            [b'\\', b'x', digits @ ..] => hexadecimal_number(digits),
            [b'\\', octal @ b'0'..=b'7', more @ ..] => octal_number(*octal, more),
            [b'\\', b'n'] => Some(b'\n'),
            [b'\\', b'r'] => Some(b'\r'),
            [b'\\', b't'] => Some(b'\t'),
            [b'\\', byte @ (b'\\' | b'\'' | b'"')] => Some(*byte),
            _ => None,
        };
        let value = value.ok_or_else(|| self.error(EXPECTED))?;
        self.at += size + 2;
        Ok(value)
    }

    fn number(&mut self, base: Base) -> Result<u8, NotationError> {
        if self.peek() == Some(b'\'') {
            return self.character();
        }
        let start = self.at;
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'-';
        let size = self.rest().iter().take_while(is_part).count();
        let word = self.rest().get(..size).unwrap_or_default();
        let digits = word.strip_suffix(b"u8").unwrap_or(word);
        let value = match (digits, base) {
            ([b'0', b'x' | b'X', digits @ ..], _) | (digits, Base::Sixteen) => {
                hexadecimal_number(digits)
            }
            (digits, Base::Ten) => decimal_number(digits),
        };
        let value = value.ok_or_else(|| {
            NotationError::new(
                self.text,
                start,
                "a number from 0 to 255, or 0x and two digits",
            )
        })?;
        self.at += size;
        match self.peek() {
            None | Some(b',' | b']' | b'}' | b'/') => Ok(value),
            Some(byte) if byte.is_ascii_whitespace() => Ok(value),
            Some(_) => Err(self.error("`,`, `]` or `}`")),
        }
    }

    /// Reads the number of `... 37 more items`, which is before the closing bracket.
    fn omitted_bytes(&mut self) -> Result<u64, NotationError> {
        let rest = self.rest();
        let end = rest
            .iter()
            .position(|byte| matches!(byte, b']' | b'}'))
            .unwrap_or(rest.len());
        let words = std::str::from_utf8(rest.get(..end).unwrap_or_default()).unwrap_or_default();
        let count = words.trim_end().strip_prefix("... ").and_then(|words| {
            words
                .strip_suffix(" more items")
                .or_else(|| words.strip_suffix(" more item"))
        });
        let count = count.and_then(|count| count.parse().ok());
        let count = count.ok_or_else(|| self.error("... and how many more items"))?;
        self.at += end;
        Ok(count)
    }

    /// Reads the end of the text: closing brackets, a semicolon, and the length as `xxd -i` prints it.
    fn close(&mut self, count: usize) -> Result<(), NotationError> {
        let is_closing = |byte: u8| byte.is_ascii_whitespace() || b"]})>;,".contains(&byte);
        self.skip(is_closing)?;
        let rest = self.rest();
        if rest.is_empty() {
            return Ok(());
        }
        let length = format!("_len = {count};");
        let is_length = rest.starts_with(b"unsigned int ")
            && rest.trim_ascii_end().ends_with(length.as_bytes());
        if is_length {
            Ok(())
        } else {
            Err(self.error("the end of the list"))
        }
    }
}

/// The value of one to three octal digits.
fn octal_number(first: u8, more: &[u8]) -> Option<u8> {
    let digits = [&[first], more].concat();
    let digits = str::from_utf8(&digits)
        .ok()
        .filter(|digits| digits.len() <= 3)?;
    u8::from_str_radix(digits, 8).ok()
}

/// The value of one or two hexadecimal digits.
fn hexadecimal_number(digits: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(digits).ok()?;
    let is_short = matches!(digits.len(), 1 | 2) && !digits.starts_with('+');
    u8::from_str_radix(digits, 16).ok().filter(|_| is_short)
}

/// The byte of a decimal number from 0 to 255 or from -128 to -1, without leading zeros.
fn decimal_number(digits: &[u8]) -> Option<u8> {
    let text = std::str::from_utf8(digits).ok()?;
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let is_plain = unsigned == "0" || unsigned.starts_with(|digit| matches!(digit, '1'..='9'));
    let value: i16 = text.parse().ok().filter(|_| is_plain)?;
    match value {
        0..=255 => u8::try_from(value).ok(),
        -128..=-1 => u8::try_from(value + 256).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::testing::{DecodeResult, outcome};

    fn bytes(text: &str) -> DecodeResult {
        outcome(read, text)
    }

    #[test]
    fn lists_of_many_languages() {
        for text in [
            "{0x81, 0x5, 0x48}",
            "unsigned char bytes[] = {0x81, 0x05, 0x48};",
            "static const unsigned char pkt1[3] = {\n0x81, 0x05, /* .. */\n0x48 // H\n};",
            "unsigned char f_bin[] = {\n  0x81, 0x05, 0x48\n};\nunsigned int f_bin_len = 3;\n",
            "[]byte{0x81, 0x5, 0x48}",
            "[3]byte{0x81, 0x5, 0x48}",
            "&[0x81, 5, 72]",
            "vec![0x81u8, 5, 72]",
            "[129, 5, 72]",
            "129, 5, 72",
            "[-127, 5, 72]",
            "new byte[] { (129) }"
                .replace("(129)", "-127, 5, 72")
                .as_str(),
            "Uint8Array(3) [ 129, 5, 72 ]",
            "new Uint8Array([129, 5, 72])",
            "bytes([129, 5, 72])",
            "Buffer.from([\n  129,\n  5,\n  72,\n]);",
            "[81, 05, 48]",
        ] {
            assert_eq!(bytes(text), Ok(vec![0x81, 5, 0x48]), "{text}");
            assert!(looks_like(text.as_bytes()), "{text}");
        }
        assert_eq!(bytes("{}"), Ok(vec![]));
        let cut = b"Uint8Array(103) [\n  129, 5, 72,\n  ... 100 more items\n]";
        assert_eq!(read(cut, 0, &mut Vec::new()), Ok(100));
    }

    #[test]
    fn a_list_may_contain_characters() {
        assert_eq!(
            bytes(r"{ 0x81, 0x8, 'H', ',', '}', '\n', '\'', '\\', '\0', '\101', '\xff' };"),
            Ok(b"\x81\x08H,}\n'\\\0A\xff".to_vec())
        );
        for wrong in [
            "{ 0x81, 'ab' }",
            "{ 0x81, '' }",
            "{ 0x81, '\\q' }",
            "{ 0x81, '\\0101' }",
            "{ 129, 00 }",
            "{ 0x81, 'H",
        ] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_no_list() {
        let number = "a number from 0 to 255, or 0x and two digits";
        let fault = |kept: &[u8], message: String| Err((kept.to_vec(), message));
        assert_eq!(
            bytes("[129, 256]"),
            fault(&[129], format!("column 7: expected {number}, found `2`"))
        );
        assert_eq!(
            bytes("[129, 0x123]"),
            fault(&[129], format!("column 7: expected {number}, found `0`"))
        );
        assert_eq!(
            bytes("[129, 07]"),
            fault(&[129], format!("column 7: expected {number}, found `0`"))
        );
        assert_eq!(
            bytes("[129, x]"),
            fault(&[129], format!("column 7: expected {number}, found `x`"))
        );
        assert_eq!(
            bytes("[129, 5"),
            fault(
                &[129, 5],
                "column 8: expected `,`, `]` or `}`, found the end".into()
            )
        );
        assert_eq!(
            bytes("[129; 5]"),
            fault(&[], "column 5: expected `,`, `]` or `}`, found `;`".into())
        );
        assert_eq!(
            bytes("[129] + 5"),
            fault(
                &[129],
                "column 7: expected the end of the list, found `+`".into()
            )
        );
        assert_eq!(
            bytes("{0x81};\nunsigned int a_len = 2;").unwrap_err().0,
            vec![0x81]
        );
    }

    #[test]
    fn a_c_array_wraps_after_twelve() {
        assert_eq!(write(b""), "{}");
        assert_eq!(write(b"\x81\x05H"), "{0x81, 0x05, 0x48}");
        assert_eq!(
            write(b"\x81\x0bHello world"),
            "{\n  0x81, 0x0b, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x20, 0x77, 0x6f, 0x72, 0x6c,\n  0x64\n}"
        );
    }

    #[test]
    fn prose_in_brackets_is_no_list() {
        for text in ["[client] 81 05 48", "[12:00:00] 8105", "see [above]"] {
            assert!(!looks_like(text.as_bytes()), "{text}");
        }
        assert!(bytes("{0x81]").is_err());
        assert!(bytes("{129,,5}").is_err());
        assert!(could_be_hexadecimal(b"[82, 5, 66]", 0));
        assert!(!could_be_hexadecimal(b"[82, 05, 66]", 0));
    }

    #[test]
    fn many_brackets_take_no_square_of_their_time() {
        let text = [&b"["[..], &vec![b')'; 300_000]].concat();
        assert!(read(&text, 0, &mut Vec::new()).is_err());
    }

    #[test]
    fn two_digits_each_could_be_decimal() {
        assert!(could_be_decimal(b"[81, 15, 48]", 0));
        assert!(!could_be_decimal(b"[81, 05, 48]", 0));
        assert!(!could_be_decimal(b"[81, 0x05]", 0));
    }
}
