//! Python's bytes literals: `b'\x81\x05Hello'`.

use super::error::NotationError;
use super::escapes::{Reader, escaped};

/// Whether a text can only be a bytes literal: with its quotes, inside `bytes(…)` or
/// `bytearray(…)`, or `b\x81…` after a shell has taken the quotes away.
pub(super) fn looks_like(text: &[u8]) -> bool {
    let text = call(text).map_or(text, |(_, inside)| inside);
    matches!(
        text,
        [b'b' | b'B', b'\'' | b'"' | b'\\', ..] | [b'\'' | b'"', ..]
    )
}

/// Reads one literal, or several one after the other, which Python joins too.
pub(super) fn read(text: &[u8], octets: &mut Vec<u8>) -> Result<(), NotationError> {
    let mut reader = Reader::new(text, 0);
    skip_space(&mut reader);
    if matches!(reader.rest(), [b'b' | b'B', b'\\', ..]) {
        reader.at += 1;
        return reader.read_rest(octets);
    }
    loop {
        item(&mut reader, octets)?;
        skip_space(&mut reader);
        if reader.peek().is_none() {
            return Ok(());
        }
    }
}

/// Writes octets exactly as Python's `repr` does.
pub(super) fn write(octets: &[u8]) -> String {
    let has_single = octets.contains(&b'\'');
    let quote = if has_single && !octets.contains(&b'"') {
        '"'
    } else {
        '\''
    };
    let mut text = String::with_capacity(octets.len() * 2 + 3);
    text.push('b');
    text.push(quote);
    for octet in octets {
        match octet {
            b'\t' => text.push_str("\\t"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\\' => text.push_str("\\\\"),
            b' '..=b'~' => {
                let char = char::from(*octet);
                if char == quote {
                    text.push('\\');
                }
                text.push(char);
            }
            _ => text.push_str(&escaped(*octet)),
        }
    }
    text.push(quote);
    text
}

/// A literal, or `bytes(…)` around one.
fn item(reader: &mut Reader<'_>, octets: &mut Vec<u8>) -> Result<(), NotationError> {
    let Some((name, _)) = call(reader.rest()) else {
        return literal(reader, octets);
    };
    reader.at += name;
    skip_space(reader);
    literal(reader, octets)?;
    skip_space(reader);
    expect(reader, b')', "`)`")
}

fn literal(reader: &mut Reader<'_>, octets: &mut Vec<u8>) -> Result<(), NotationError> {
    if let Some(b'b' | b'B') = reader.peek() {
        reader.at += 1;
    }
    let Some(quote @ (b'\'' | b'"')) = reader.peek() else {
        return Err(reader.error("a bytes literal, b'…'"));
    };
    let closing = if quote == b'"' {
        "the closing `\"`"
    } else {
        "the closing `'`"
    };
    reader.at += 1;
    while reader.peek().is_some_and(|octet| octet != quote) {
        reader.octet(octets)?;
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

fn expect(reader: &mut Reader<'_>, octet: u8, expected: &'static str) -> Result<(), NotationError> {
    if reader.peek() != Some(octet) {
        return Err(reader.error(expected));
    }
    reader.at += 1;
    Ok(())
}

fn skip_space(reader: &mut Reader<'_>) {
    while reader
        .peek()
        .is_some_and(|octet| octet.is_ascii_whitespace())
    {
        reader.at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn octets(text: &str) -> Result<Vec<u8>, (Vec<u8>, String)> {
        let mut octets = Vec::new();
        match read(text.as_bytes(), &mut octets) {
            Ok(()) => Ok(octets),
            Err(error) => Err((octets, error.to_string())),
        }
    }

    #[test]
    fn both_quotes_and_several_literals() {
        assert_eq!(octets(r#"b"it's""#), Ok(b"it's".to_vec()));
        assert_eq!(octets(r#"b'say "\'"'"#), Ok(b"say \"'\"".to_vec()));
        assert_eq!(octets("b'\\x81' \n b\"\\x05\""), Ok(b"\x81\x05".to_vec()));
        assert_eq!(octets("bytes( b'a' )"), Ok(b"a".to_vec()));
        assert_eq!(
            octets("b'\\x81\\x05He\nllo'"),
            Ok(b"\x81\x05Hello".to_vec())
        );
    }

    #[test]
    fn a_literal_that_is_broken_keeps_what_was_readable() {
        let message = |kept: &[u8], message: &str| Err((kept.to_vec(), message.to_owned()));
        assert_eq!(
            octets(r"b'\x81\x05He"),
            message(
                b"\x81\x05He",
                "column 13: expected the closing `'`, found the end"
            )
        );
        assert_eq!(
            octets(r"b'\x81' + 5"),
            message(
                b"\x81",
                "column 9: expected a bytes literal, b'…', found `+`"
            )
        );
        assert_eq!(
            octets("bytes(b'a'"),
            message(b"a", "column 11: expected `)`, found the end")
        );
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
