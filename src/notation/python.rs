//! Python's bytes literals: `b'\x81\x05Hello'`. `Notation` uses it.

use super::error::NotationError;
use super::escapes::{EscapeReader, escaped};

/// Whether a text can only be a bytes literal: with its quotes, inside `bytes(…)` or
/// `bytearray(…)`, or `b\x81…` without the quotes, which a shell removes.
pub(super) fn looks_like(text: &[u8]) -> bool {
    let text = call(text).map_or(text, |(_, inside)| inside);
    matches!(text, [b'b' | b'B', b'\'' | b'"' | b'\\', ..])
}

/// Reads one literal, or several in a row, which Python and C join. Brackets, commas and a call
/// around them are skipped.
pub(super) fn read(text: &[u8], start: usize, bytes: &mut Vec<u8>) -> Result<(), NotationError> {
    let mut reader = EscapeReader::new(text, start);
    if matches!(reader.rest(), [b'b' | b'B', b'\\', ..]) {
        reader.at += 1;
        return reader.read_rest(bytes);
    }
    loop {
        item(&mut reader, bytes)?;
        skip(&mut reader, |byte| {
            byte.is_ascii_whitespace() || b",;)]}".contains(&byte)
        });
        if reader.peek().is_none() {
            return Ok(());
        }
    }
}

/// Writes bytes exactly as Python's `repr` does.
pub(super) fn write(bytes: &[u8]) -> String {
    let has_single = bytes.contains(&b'\'');
    let quote = if has_single && !bytes.contains(&b'"') {
        '"'
    } else {
        '\''
    };
    let mut text = String::with_capacity(bytes.len() * 2 + 3);
    text.push('b');
    text.push(quote);
    for byte in bytes {
        match byte {
            b'\t' => text.push_str("\\t"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\\' => text.push_str("\\\\"),
            b' '..=b'~' => {
                let char = char::from(*byte);
                if char == quote {
                    text.push('\\');
                }
                text.push(char);
            }
            _ => text.push_str(&escaped(*byte)),
        }
    }
    text.push(quote);
    text
}

/// A literal, or `bytes(…)` around one.
fn item(reader: &mut EscapeReader<'_>, bytes: &mut Vec<u8>) -> Result<(), NotationError> {
    let Some((name, _)) = call(reader.rest()) else {
        return literal(reader, bytes);
    };
    reader.at += name;
    skip(reader, |byte| byte.is_ascii_whitespace());
    literal(reader, bytes)?;
    skip(reader, |byte| byte.is_ascii_whitespace());
    expect(reader, b')', "`)`")
}

fn literal(reader: &mut EscapeReader<'_>, bytes: &mut Vec<u8>) -> Result<(), NotationError> {
    let has_prefix = matches!(reader.peek(), Some(b'b' | b'B'));
    reader.at += usize::from(has_prefix);
    let Some(quote @ (b'\'' | b'"')) = reader.peek() else {
        return Err(reader.error("a bytes literal, b'…'"));
    };
    let closing = if quote == b'"' {
        "the closing `\"`"
    } else {
        "the closing `'`"
    };
    reader.at += 1;
    reader.has_short_nul = has_prefix && quote == b'"' && is_of_rust(reader.rest());
    while reader.peek().is_some_and(|byte| byte != quote) {
        reader.byte(bytes)?;
    }
    expect(reader, quote, closing)
}

/// The length of `bytes(` or `bytearray(`, and what follows it.
fn call(text: &[u8]) -> Option<(usize, &[u8])> {
    let names: [&[u8]; 2] = [b"bytearray(", b"bytes("];
    let name = names.into_iter().find(|name| text.starts_with(name))?;
    let inside = text.get(name.len()..)?;
    Some((name.len(), inside.trim_ascii_start()))
}

fn expect(
    reader: &mut EscapeReader<'_>,
    byte: u8,
    expected: &'static str,
) -> Result<(), NotationError> {
    if reader.peek() != Some(byte) {
        return Err(reader.error(expected));
    }
    reader.at += 1;
    Ok(())
}

/// Whether a literal in double quotes with a prefix is Rust's, in which `\0` is one byte and
/// there are no other octal escapes. Python prints double quotes only around an apostrophe.
fn is_of_rust(literal: &[u8]) -> bool {
    let mut bytes = literal.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => break,
            b'\\' if matches!(bytes.next(), Some(b'1'..=b'7')) => return false,
            _ => {}
        }
    }
    true
}

/// Skips bytes for which `is_nothing` is true, and a backslash at the end of a line.
fn skip(reader: &mut EscapeReader<'_>, is_nothing: impl Fn(u8) -> bool) {
    loop {
        match reader.rest() {
            [b'\\', b'\n', ..] => reader.at += 2,
            [b'\\', b'\r', b'\n', ..] => reader.at += 3,
            [byte, ..] if is_nothing(*byte) => reader.at += 1,
            _ => return,
        }
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
    fn both_quotes_and_several_literals() {
        assert_eq!(bytes(r#"b"it's""#), Ok(b"it's".to_vec()));
        assert_eq!(bytes(r#"b'say "\'"'"#), Ok(b"say \"'\"".to_vec()));
        assert_eq!(bytes("b'\\x81' \n b\"\\x05\""), Ok(b"\x81\x05".to_vec()));
        assert_eq!(bytes("bytes( b'a' )"), Ok(b"a".to_vec()));
        assert_eq!(bytes("b'\\x81\\x05He\nllo'"), Ok(b"\x81\x05Hello".to_vec()));
    }

    #[test]
    fn a_literal_that_is_broken_keeps_what_was_readable() {
        let message = |kept: &[u8], message: &str| Err((kept.to_vec(), message.to_owned()));
        assert_eq!(
            bytes(r"b'\x81\x05He"),
            message(
                b"\x81\x05He",
                "column 13: expected the closing `'`, found the end"
            )
        );
        assert_eq!(
            bytes(r"b'\x81' + 5"),
            message(
                b"\x81",
                "column 9: expected a bytes literal, b'…', found `+`"
            )
        );
        assert_eq!(
            bytes("bytes(b'a'"),
            message(b"a", "column 11: expected `)`, found the end")
        );
    }

    #[test]
    fn in_lists_and_calls_and_over_continued_lines() {
        assert_eq!(bytes("b'a', b'b')"), Ok(b"ab".to_vec()));
        assert_eq!(
            bytes("\"\\201\\005\" \\\n  \"Hello\";"),
            Ok(b"\x81\x05Hello".to_vec())
        );
    }

    #[test]
    fn a_nul_of_rust_is_one_byte_and_octal_is_octal() {
        assert_eq!(bytes(r#"b"\x81~\0\xc8""#), Ok(b"\x81~\0\xc8".to_vec()));
        assert_eq!(bytes(r#"b"\x82\x02\012""#), Ok(b"\x82\x02\x0012".to_vec()));
        assert_eq!(
            bytes(r#"b"\x82\x05\\1\012""#),
            Ok(b"\x82\x05\\1\x0012".to_vec())
        );
        assert_eq!(
            bytes(r#"b"\x82\x04'\012""#),
            Ok(b"\x82\x04'\x0012".to_vec())
        );
        assert_eq!(bytes(r"b'\x82\x01\012'"), Ok(b"\x82\x01\n".to_vec()));
        assert_eq!(bytes(r#""\202\001\012""#), Ok(b"\x82\x01\n".to_vec()));
    }

    #[test]
    fn written_as_repr_writes_it() {
        assert_eq!(
            write(b"\x81\x87\x0e\xc3;\t\n\r\\\x00\x7f"),
            r"b'\x81\x87\x0e\xc3;\t\n\r\\\x00\x7f'"
        );
        assert_eq!(write(b"it's"), r#"b"it's""#);
        assert_eq!(write(b"'\""), r#"b'\'"'"#);
        assert_eq!(write(b"\""), r#"b'"'"#);
    }
}
