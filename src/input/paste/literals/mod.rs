//! Literals in a text: where each begins and ends, its notation, and its bytes.
//!
//! A literal is what a programming language or a tool writes for bytes: `b'\x81\x05'`,
//! `<Buffer 81 05>`, `[129, 5]`, `81 05`. [`find`] gives those of a line, or of several lines if a
//! literal continues. The caller decides which of them are bytes of a connection.

mod base64_words;
mod brackets;
mod escapes;
mod joined;
mod literal;
mod numbers;
mod quoted;

use base64_words::Base64Tries;
pub(super) use brackets::begins_list;
pub(super) use brackets::ends_with_call;
use brackets::{angles, brackets};
use escapes::{escapes, other_escapes};
use joined::{directive, joined, numbers_and_text};
use literal::LiteralMatch;
pub(super) use literal::{Certainty, Literal};
use numbers::run;
use quoted::{cut, prefixed, quoted};

use crate::notation::digits;

/// The literals of a text, in their order; or None if one continues after the end of the text.
pub(super) fn find(text: &str) -> Option<Vec<Literal>> {
    scan(text, false)
}

/// The literals of a single line. One that does not end in the line ends with it.
pub(super) fn find_in_line(line: &str) -> Vec<Literal> {
    scan(line, true).unwrap_or_default()
}

fn scan(text: &str, is_all: bool) -> Option<Vec<Literal>> {
    let mut literals = Vec::new();
    let mut at = 0;
    let mut before = ' ';
    let mut line_end = 0;
    let mut tries = Base64Tries::default();
    while let Some(char) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if line_end <= at {
            line_end = end_of_line(text, at);
        }
        let line = text.get(at..line_end).unwrap_or_default();
        let found = match at_place(text, line, at, before, &mut tries) {
            Some(LiteralMatch::Open) if !is_all => return None,
            Some(LiteralMatch::Open) => cut(text, at),
            Some(LiteralMatch::Literal(literal)) => Some(literal),
            None => None,
        };
        if let Some(literal) = found {
            at = literal.end.max(at + 1);
            while !text.is_char_boundary(at) {
                at += 1;
            }
            literals.push(literal);
            before = '\'';
        } else {
            at += char.len_utf8();
            before = char;
        }
    }
    Some(literals)
}

/// The offset of the end of the line that contains this offset.
fn end_of_line(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    memchr::memchr2(b'\n', b'\r', rest).map_or(text.len(), |size| at + size)
}

/// The literal that begins at an offset. `line` is the rest of its line, `before` the character before
/// it.
fn at_place(
    text: &str,
    line: &str,
    at: usize,
    before: char,
    tries: &mut Base64Tries,
) -> Option<LiteralMatch> {
    let rest = text.get(at..)?;
    let is_letter = before.is_alphanumeric() && !digits::is_without_blanks(before);
    let is_in_word = is_letter || before == '_';
    if !is_in_word && let Some(found) = other_notation(text, line, at) {
        return Some(found);
    }
    match *rest.as_bytes().first()? {
        b'b' | b'B' | b'r' | b'c' | b'n' | b'X' | b'x' | b'd' | b'$' if !is_in_word => {
            prefixed(text, line, at).or_else(|| run(text, at))
        }
        b'\'' | b'"' | b'`' if !before.is_alphanumeric() || before == '=' => quoted(text, at, at),
        b'\\' => escapes(line, at),
        b'<' => angles(text, at),
        b'[' | b'{' | b'(' => brackets(text, at),
        b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' | b'%' | b'#' | b'-' | b'U'
            if !is_in_word && before != '.' && before != '/' =>
        {
            run(text, at).or_else(|| tries.base64(text, at))
        }
        b'A'..=b'Z' | b'a'..=b'z' if !is_in_word => tries.base64(text, at),
        _ => None,
    }
}

/// A literal of a notation that is tried before the usual ones.
fn other_notation(text: &str, line: &str, at: usize) -> Option<LiteralMatch> {
    match text.as_bytes().get(at)? {
        b'%' | b'=' | b'&' | b'#' | b'<' | b'[' | b'M' => other_escapes(line, at),
        b'"' | b'\'' | b'b' | b'c' | b'C' => joined(text, at),
        b'd' | b'D' | b'.' => directive(line, at),
        b'0'..=b'9' => numbers_and_text(line, at),
        _ => None,
    }
}
