//! Calls and brackets around hexadecimal or base64: `bytes.fromhex('81 05')`, `<81 05>`.

use super::{SourceLiteral, beginning, blank, position};
use crate::notation::Notation;

/// Functions that take a string, and the notation of that string. For `from` an argument after
/// the string names the notation.
const CALLS: &[(&[u8], Option<Notation>)] = &[
    (b"fromhex", Some(Notation::Hex)),
    (b"unhexlify", Some(Notation::Hex)),
    (b"hex.DecodeString", Some(Notation::Hex)),
    (b"parseHexBinary", Some(Notation::Hex)),
    (b"parseHex", Some(Notation::Hex)),
    (b"b64decode", Some(Notation::Base64)),
    (b"atob", Some(Notation::Base64)),
    (b"Encoding.DecodeString", Some(Notation::Base64)),
    (b"Buffer.from", None),
];

/// The digits of a call or of brackets, for the reader of their notation.
pub(super) fn find(text: &[u8], start: usize) -> Option<SourceLiteral> {
    let rest = text.get(start..)?;
    match rest {
        [b'<', digit, ..] if digit.is_ascii_hexdigit() => angles(text, start),
        [b'X' | b'x', b'\'', ..] => quoted(text, start + 1, Some(Notation::Hex)),
        [b'[', ..] => pairs(text, start),
        _ if rest.starts_with(b"{length = ") => data(text, start),
        _ => array_buffer(text).or_else(|| call(text)),
    }
}

/// `bytes.fromhex('81 05')` and similar calls, also inside another call.
fn call(text: &[u8]) -> Option<SourceLiteral> {
    let start = beginning(text);
    let is_quote = |byte: &u8| matches!(byte, b'\'' | b'"');
    let quote = start.iter().position(is_quote)?;
    let before = start.get(..quote)?;
    let before = before.strip_suffix(b"b").unwrap_or(before).trim_ascii_end();
    let name = before.strip_suffix(b"(")?;
    let (_, notation) = CALLS.iter().find(|(call, _)| name.ends_with(call))?;
    quoted(text, quote, *notation)
}

/// The text between the quotes that open at `quote`.
fn quoted(text: &[u8], quote: usize, notation: Option<Notation>) -> Option<SourceLiteral> {
    let (opening, inside) = text.get(quote..)?.split_first()?;
    let length = inside.iter().position(|byte| byte == opening);
    let close = quote + 1 + length?;
    let after = text.get(close + 1..)?;
    let (said, size) = encoding(after);
    let notation = notation.or(said)?;
    let end = closers(after, size);
    let mut plain = text.to_vec();
    blank(&mut plain, 0, quote + 1);
    blank(&mut plain, close, close + 1 + end);
    Some(SourceLiteral::new(notation, plain))
}

/// The notation that `, 'hex'` after a string names, and the length of this argument.
fn encoding(after: &[u8]) -> (Option<Notation>, usize) {
    let encodings = [("hex", Notation::Hex), ("base64", Notation::Base64)];
    for (name, notation) in encodings {
        for quote in ['\'', '"'] {
            let words = format!(", {quote}{name}{quote}");
            if after.starts_with(words.as_bytes()) {
                return (Some(notation), words.len());
            }
        }
    }
    (None, 0)
}

/// The offset after the brackets and semicolons that close calls and statements.
fn closers(after: &[u8], from: usize) -> usize {
    let closes = |byte: &&u8| byte.is_ascii_whitespace() || b")]};,".contains(byte);
    let rest = after.get(from..).unwrap_or_default();
    from + rest.iter().take_while(closes).count()
}

/// `<81 05 48>` of Ruby, Node and Foundation.
fn angles(text: &[u8], start: usize) -> Option<SourceLiteral> {
    let inside = text.get(start + 1..)?;
    let is_part = |byte: &&u8| byte.is_ascii_hexdigit() || byte.is_ascii_whitespace();
    let length = inside.iter().take_while(is_part).count();
    let after = inside.get(length..)?.strip_prefix(b">")?;
    let mut plain = text.to_vec();
    blank(&mut plain, 0, start + 1);
    let close = start + 1 + length;
    blank(&mut plain, close, close + 1 + closers(after, 0));
    Some(SourceLiteral::new(Notation::Hex, plain))
}

/// `[81 05 48]`, if not all of its pairs can be decimal.
fn pairs(text: &[u8], start: usize) -> Option<SourceLiteral> {
    let inside = text.get(start + 1..)?;
    let length = inside.iter().position(|byte| *byte == b']')?;
    let mut words = inside.get(..length)?.split(u8::is_ascii_whitespace);
    let is_pair = |word: &[u8]| word.len() == 2 && word.iter().all(u8::is_ascii_hexdigit);
    let is_decimal = |word: &[u8]| word.iter().all(u8::is_ascii_digit) && !word.starts_with(b"0");
    if words.clone().all(is_decimal) || !words.all(is_pair) {
        return None;
    }
    let mut plain = text.to_vec();
    blank(&mut plain, 0, start + 1);
    let close = start + 1 + length;
    let end = closers(text.get(close + 1..)?, 0);
    blank(&mut plain, close, close + 1 + end);
    Some(SourceLiteral::new(Notation::Hex, plain))
}

/// `{length = 7, bytes = 0x81054865 6c6c6f}` of Foundation.
fn data(text: &[u8], start: usize) -> Option<SourceLiteral> {
    const BYTES: &[u8] = b"bytes = 0x";
    let open = start + position(beginning(text.get(start..)?), BYTES)? + BYTES.len();
    let length = text.get(open..)?.iter().position(|byte| *byte == b'}')?;
    let mut plain = text.to_vec();
    blank(&mut plain, 0, open);
    let close = open + length;
    let end = closers(text.get(close + 1..)?, 0);
    blank(&mut plain, close, close + 1 + end);
    Some(SourceLiteral::new(Notation::Hex, plain))
}

/// `ArrayBuffer { [Uint8Contents]: <81 05>, byteLength: 2 }` of Node: a Buffer with another name.
fn array_buffer(text: &[u8]) -> Option<SourceLiteral> {
    const CONTENTS: &[u8] = b"[Uint8Contents]: <";
    const BUFFER: &[u8] = b"<Buffer";
    let open = position(beginning(text), CONTENTS)? + CONTENTS.len();
    let length = text.get(open..)?.iter().position(|byte| *byte == b'>')?;
    let close = open + length;
    let mut plain = text.to_vec();
    blank(&mut plain, 0, open);
    plain
        .get_mut(open - BUFFER.len()..open)?
        .copy_from_slice(BUFFER);
    let after = text.get(close + 1..)?;
    if let Some(count) = after.strip_prefix(b", byteLength: ") {
        let digits = count
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let end = closers(after, after.len() - count.len() + digits);
        blank(&mut plain, close + 1, close + 1 + end);
    }
    Some(SourceLiteral::new(Notation::Buffer, plain))
}
