//! Literals between quotes, with a prefix or a call before them or without one.

use std::borrow::Cow;

use super::base64_words::{base64_bytes, data_url};
use super::escapes::escapes;
use super::literal::{Certainty, Literal, LiteralMatch, literal};
use crate::notation::{Notation, digits};

/// `b'…'`, `rb"…"`, `c"…"`, `X'…'`, `$'…'`, `data:…;base64,…`.
pub(super) fn prefixed(text: &str, line: &str, at: usize) -> Option<LiteralMatch> {
    let rest = text.get(at..)?;
    if rest.starts_with("data:") {
        return data_url(text, at);
    }
    if rest.starts_with("b\\x") {
        return escapes(line, at);
    }
    let size = rest
        .bytes()
        .take_while(|byte| b"bBrRcxXn$".contains(byte))
        .count();
    let quote = *rest.as_bytes().get(size)?;
    if !matches!(quote, b'\'' | b'"') || size > 2 || size == 0 {
        return None;
    }
    quoted(text, at, at + size)
}

/// The literal between quotes that open at `quote`. With a prefix it begins at `start`.
pub(super) fn quoted(text: &str, start: usize, quote: usize) -> Option<LiteralMatch> {
    let rest = text.get(quote..)?;
    let mark = *rest.as_bytes().first()?;
    let is_triple = rest.len() > 2
        && rest.bytes().take(3).all(|byte| byte == mark)
        && !rest.starts_with("'''''");
    let open = if is_triple { 3 } else { 1 };
    let prefix = text.get(start..quote)?;
    let close = closing_quote(rest.as_bytes(), open, mark);
    let is_bytes_literal = prefix.contains(['b', 'B']) || prefix == "$";
    let Some(close) = close else {
        // An apostrophe opens nothing.
        let begins_bytes = is_bytes_literal || rest.get(open..)?.starts_with("\\x");
        return begins_bytes.then_some(LiteralMatch::Open);
    };
    let end = quote + close + open;
    let inside = text.get(quote + open..quote + close)?;
    if prefix.eq_ignore_ascii_case("x") {
        return words(start, end, inside, Certainty::Sure);
    }
    let has_escapes = has_byte_escapes(inside);
    let (before, after) = (text.get(..start)?.trim_end(), text.get(end..)?);
    if let Some(notation) = notation_of_call(before, after) {
        let mut bytes = Vec::new();
        notation.read(inside.as_bytes(), &mut bytes).ok()?;
        let found = literal(start, end, notation, bytes, Certainty::Sure);
        return Some(LiteralMatch::Literal(found));
    }
    if has_escapes && is_separator(before, inside) {
        return None;
    }
    if !is_bytes_literal && !has_escapes {
        return words(start, end, inside, Certainty::Quoted);
    }
    let body = if is_triple || prefix == "$" {
        Cow::Owned(format!("b\"{}\"", inside.replace('"', "\\\"")))
    } else {
        Cow::Borrowed(text.get(start..end)?)
    };
    let mut found = string(&body, start, end, is_bytes_literal, has_escapes);
    if !is_bytes_literal {
        found.add_decimal_escapes(inside);
    }
    (!found.readings.is_empty()).then_some(LiteralMatch::Literal(found))
}

/// The literal of a string with its quotes. It has no readings if the string is wrong.
fn string(
    body: &str,
    start: usize,
    end: usize,
    is_bytes_literal: bool,
    has_escapes: bool,
) -> Literal {
    let notation = if is_bytes_literal {
        Notation::Python
    } else {
        Notation::Escaped
    };
    let body = body
        .strip_prefix('r')
        .or(body.strip_prefix('R'))
        .unwrap_or(body);
    let mut bytes = Vec::new();
    let is_read = notation.read(body.as_bytes(), &mut bytes).is_ok();
    let certainty = if has_escapes {
        Certainty::Sure
    } else {
        Certainty::Quoted
    };
    let mut found = literal(start, end, notation, bytes, certainty);
    if !is_read {
        found.readings.clear();
    }
    found
}

/// Where the quote that opened closes: the place of the first closing quote.
fn closing_quote(rest: &[u8], open: usize, mark: u8) -> Option<usize> {
    let mut at = open;
    loop {
        match *rest.get(at)? {
            b'\\' => at += 2,
            byte if byte == mark && rest.get(at..at + open)?.iter().all(|next| *next == mark) => {
                return Some(at);
            }
            _ => at += 1,
        }
    }
}

/// Whether a text has escapes of bytes, not only of quotes and line ends.
fn has_byte_escapes(inside: &str) -> bool {
    let bytes = inside.as_bytes();
    memchr::memchr_iter(b'\\', bytes).any(|at| {
        matches!(
            bytes.get(at + 1..).unwrap_or_default(),
            [b'x', b'{' | b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F', ..]
                | [b'0'..=b'9', ..]
                | [b'u', b'0', b'0', ..]
                | [b'r', b'\\', b'n', ..]
        )
    })
}

/// Functions that read hexadecimal in quotes.
const HEX_CALLS: &[&str] = &[
    "fromhex(",
    "unhexlify(",
    "hex.DecodeString(",
    "parseHexBinary(",
    "parseHex(",
    "hex2bin(",
    "FromHexString(",
];

/// Functions that read base64 in quotes.
const BASE64_CALLS: &[&str] = &[
    "b64decode(",
    "atob(",
    "base64_decode(",
    "Encoding.DecodeString(",
    "FromBase64String(",
];

/// The notation that a call around quotes says: `bytes.fromhex('81')`, `Buffer.from('81', 'hex')`.
fn notation_of_call(before: &str, after: &str) -> Option<Notation> {
    let ends = |calls: &[&str]| calls.iter().any(|call| before.ends_with(call));
    let names = |name: &str| {
        let argument = || after.trim_start_matches([',', ' ', '"', '\'']);
        before.ends_with("Buffer.from(") && argument().starts_with(name)
    };
    if ends(HEX_CALLS) || names("hex") {
        Some(Notation::Hex)
    } else if ends(BASE64_CALLS) || names("base64") {
        Some(Notation::Base64)
    } else {
        None
    }
}

/// Whether a line end between quotes is what a call joins or splits lines with: `.join('\r\n')`.
fn is_separator(before: &str, inside: &str) -> bool {
    const CALLS: &[&str] = &[
        "join(",
        "split(",
        "explode(",
        "implode(",
        "splitlines(",
        "Join(",
        "Split(",
    ];
    let is_line_end = || inside.replace("\\r", "").replace("\\n", "").is_empty();
    CALLS.iter().any(|call| before.ends_with(call)) && is_line_end()
}

/// Hexadecimal, base64 or numbers between quotes.
fn words(start: usize, end: usize, inside: &str, certainty: Certainty) -> Option<LiteralMatch> {
    let trimmed = inside.trim();
    if let Some(run) = digits::run(trimmed)
        && run.end == trimmed.len()
    {
        let readings = digits::readings(run.words(trimmed));
        if readings.is_empty() {
            return None;
        }
        let certainty = if certainty == Certainty::Quoted {
            Certainty::Possible
        } else {
            certainty
        };
        return Some(LiteralMatch::Literal(Literal::new(
            start, end, readings, certainty,
        )));
    }
    let bytes = base64_bytes(trimmed)?;
    Some(LiteralMatch::Literal(literal(
        start,
        end,
        Notation::Base64,
        bytes,
        Certainty::Possible,
    )))
}

/// A bytes literal that the end of its line cuts: the bytes up to there.
pub(super) fn cut(text: &str, start: usize) -> Option<Literal> {
    let rest = text.get(start..)?;
    let quote = rest.find(['\'', '"'])?;
    let body = rest.get(quote + 1..)?.lines().next()?;
    let mut bytes = Vec::new();
    let result = Notation::Escaped.read(body.as_bytes(), &mut bytes);
    let size = result.map_or_else(|error| error.offset(), |()| body.len());
    let end = start + quote + 1 + size;
    (!bytes.is_empty()).then(|| literal(start, end, Notation::Escaped, bytes, Certainty::Sure))
}
