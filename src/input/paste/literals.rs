//! Literals in a text: where each begins and ends, its notation, and its bytes.
//!
//! A literal is what a programming language or a tool writes for bytes: `b'\x81\x05'`,
//! `<Buffer 81 05>`, `[129, 5]`, `81 05`. [`find`] gives those of a line, or of several lines if a
//! literal goes on. Which of them are bytes of a connection is for the caller to decide.

use super::timestamp;
use crate::notation::{Notation, digits};

/// A literal, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Literal {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The ways to read it, the most usual first; never none.
    pub(super) readings: Vec<digits::Reading>,
    pub(super) certainty: Certainty,
    /// How many bytes it says that it leaves out.
    pub(super) omitted: u64,
    /// For a run of numbers, where each begins and ends.
    pub(super) numbers: Vec<(usize, usize)>,
}

impl Literal {
    /// Leaves out the numbers of a run that stand in front of this place, if others follow.
    pub(super) fn leave_out_numbers_before(&mut self, text: &str, place: usize) {
        let before = |(start, _): &(usize, usize)| *start < place;
        let count = self
            .numbers
            .iter()
            .take_while(|number| before(number))
            .count();
        if count == 0 || count == self.numbers.len() {
            return;
        }
        self.numbers.drain(..count);
        self.start = self.numbers.first().map_or(self.start, |(start, _)| *start);
        self.readings = digits::readings(text, &self.numbers);
    }
}

/// How sure it is that a literal is bytes, whatever stands around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Certainty {
    /// It may be a word, a number or an identifier.
    Possible,
    /// It is text between quotes that could be bytes.
    Quoted,
    /// It can only be bytes.
    Sure,
}

/// What is found at a place.
enum Found {
    Literal(Literal),
    /// A literal begins here and does not end in this text.
    Open,
}

/// The literals of a text, in their order; or None if one goes on after the end of the text.
pub(super) fn find(text: &str) -> Option<Vec<Literal>> {
    let mut literals = Vec::new();
    let mut at = 0;
    let mut before = ' ';
    while let Some(char) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let found = at_place(text, at, before);
        match found {
            Some(Found::Open) => return None,
            Some(Found::Literal(literal)) => {
                at = literal.end.max(at + 1);
                while !text.is_char_boundary(at) {
                    at += 1;
                }
                literals.push(literal);
                before = '\'';
            }
            None => {
                at += char.len_utf8();
                before = char;
            }
        }
    }
    Some(literals)
}

/// The literal that begins at a place; `before` is the character in front of it.
fn at_place(text: &str, at: usize, before: char) -> Option<Found> {
    let rest = text.get(at..)?;
    let is_in_word = before.is_ascii_alphanumeric() || before == '_';
    match *rest.as_bytes().first()? {
        b'b' | b'B' | b'r' | b'c' | b'n' | b'X' | b'x' | b'd' | b'$' if !is_in_word => {
            prefixed(text, at).or_else(|| run(text, at))
        }
        b'\'' | b'"' | b'`' if !before.is_alphanumeric() || before == '=' => quoted(text, at, at),
        b'\\' => escapes(text, at),
        b'<' => angles(text, at),
        b'[' | b'{' | b'(' => brackets(text, at),
        b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' | b'%' | b'#' | b'-'
            if !is_in_word && before != '.' && before != '/' =>
        {
            run(text, at).or_else(|| base64(text, at))
        }
        b'A'..=b'Z' | b'a'..=b'z' if !is_in_word => base64(text, at),
        _ => None,
    }
}

fn literal(
    start: usize,
    end: usize,
    notation: Notation,
    bytes: Vec<u8>,
    certainty: Certainty,
) -> Literal {
    let reading = digits::Reading {
        bytes,
        notation,
        description: notation.description(),
    };
    Literal {
        start,
        end,
        readings: vec![reading],
        certainty,
        omitted: 0,
        numbers: Vec::new(),
    }
}

/// `b'…'`, `rb"…"`, `c"…"`, `X'…'`, `$'…'`, `data:…;base64,…`.
fn prefixed(text: &str, at: usize) -> Option<Found> {
    let rest = text.get(at..)?;
    if rest.starts_with("data:") {
        return data_url(text, at);
    }
    if rest.starts_with("b\\x") {
        return escapes(text, at);
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

/// What stands between quotes, which open at `quote`.
fn quoted(text: &str, start: usize, quote: usize) -> Option<Found> {
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
        return begins_bytes.then_some(Found::Open);
    };
    let end = quote + close + open;
    let inside = text.get(quote + open..quote + close)?;
    if prefix.eq_ignore_ascii_case("x") {
        return words(start, end, inside, Certainty::Sure);
    }
    let has_escapes = has_byte_escapes(inside);
    if !is_bytes_literal && !has_escapes {
        return words(start, end, inside, Certainty::Quoted);
    }
    let mut bytes = Vec::new();
    let body = if is_triple || prefix == "$" {
        format!("b\"{}\"", inside.replace('"', "\\\""))
    } else {
        text.get(start..end)?.to_owned()
    };
    let notation = if is_bytes_literal {
        Notation::Python
    } else {
        Notation::Escaped
    };
    let body = body
        .strip_prefix('r')
        .or(body.strip_prefix('R'))
        .unwrap_or(&body);
    let is_read = notation.read(body.as_bytes(), &mut bytes).is_ok();
    let certainty = if has_escapes {
        Certainty::Sure
    } else {
        Certainty::Quoted
    };
    is_read.then(|| Found::Literal(literal(start, end, notation, bytes, certainty)))
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
                | [b'0'..=b'7', ..]
                | [b'u', b'0', b'0', ..]
                | [b'r', b'\\', b'n', ..]
        )
    })
}

/// Hexadecimal, base64 or numbers between quotes.
fn words(start: usize, end: usize, inside: &str, certainty: Certainty) -> Option<Found> {
    let trimmed = inside.trim();
    if let Some(run) = digits::run(trimmed)
        && run.end == trimmed.len()
    {
        let readings = digits::readings(trimmed, &run.numbers);
        if readings.is_empty() {
            return None;
        }
        let certainty = if certainty == Certainty::Quoted {
            Certainty::Possible
        } else {
            certainty
        };
        return Some(Found::Literal(Literal {
            start,
            end,
            readings,
            certainty,
            omitted: 0,
            numbers: Vec::new(),
        }));
    }
    let bytes = base64_bytes(trimmed)?;
    Some(Found::Literal(literal(
        start,
        end,
        Notation::Base64,
        bytes,
        Certainty::Possible,
    )))
}

/// `\x81\x05Hello` without quotes, up to the end of its line or to a quote that closes.
fn escapes(text: &str, at: usize) -> Option<Found> {
    let rest = text.get(at..)?;
    let line = rest.split(['\n', '\r']).next()?;
    let body = line.strip_prefix('b').unwrap_or(line);
    let begins = matches!(
        body.as_bytes(),
        [b'\\', b'x', b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' | b'{', ..]
            | [b'\\', b'2' | b'3', b'0'..=b'7', b'0'..=b'7', ..]
            | [b'\\', b'u', b'0', b'0', ..]
    );
    if !begins {
        return None;
    }
    let mut bytes = Vec::new();
    if let Err(error) = Notation::Escaped.read(body.as_bytes(), &mut bytes) {
        let end = error.offset();
        bytes.clear();
        Notation::Escaped
            .read(body.as_bytes().get(..end)?, &mut bytes)
            .ok()?;
        let end = at + line.len() - body.len() + end;
        return Some(Found::Literal(literal(
            at,
            end,
            Notation::Escaped,
            bytes,
            Certainty::Sure,
        )));
    }
    let mut found = literal(
        at,
        at + line.len(),
        Notation::Escaped,
        bytes,
        Certainty::Sure,
    );
    // `\x81 \x05 \x48` is a list of bytes, and its blanks are none.
    let mut list = Vec::new();
    if Notation::guess(body.trim().as_bytes()) == Notation::Hex
        && Notation::Hex
            .read(body.trim().as_bytes(), &mut list)
            .is_ok()
    {
        let reading = digits::Reading {
            bytes: list,
            notation: Notation::Hex,
            description: Notation::Hex.description(),
        };
        found.readings.insert(0, reading);
    }
    Some(Found::Literal(found))
}

/// `<Buffer 81 05>`, `<81 05>`, `<<129, 5>>`.
fn angles(text: &str, at: usize) -> Option<Found> {
    let rest = text.get(at..)?;
    let is_buffer = rest.starts_with("<Buffer");
    let close = if rest.starts_with("<<") { ">>" } else { ">" };
    let Some(end) = rest.find(close) else {
        return (is_buffer || rest.starts_with("<<1") || rest.starts_with("<<\""))
            .then_some(Found::Open);
    };
    delimited(text, at, at + end + close.len())
}

/// `[129, 5]`, `{0x81, 5}`, `(129, 5)`, with what a language writes in front of them.
fn brackets(text: &str, at: usize) -> Option<Found> {
    let rest = text.get(at..)?;
    let inside = rest.get(1..)?.trim_start();
    let is_number = inside
        .starts_with(|char: char| char.is_ascii_hexdigit() || char == '-' || char == '(')
        || inside.starts_with("\"type\":\"Buffer\"")
        || inside.starts_with("type: 'Buffer'")
        || inside.starts_with("\"0\":");
    if !is_number {
        return None;
    }
    let (open, close) = match *rest.as_bytes().first()? {
        b'[' => ('[', ']'),
        b'{' => ('{', '}'),
        _ => ('(', ')'),
    };
    let mut depth = 0_usize;
    let mut in_comment = false;
    for (offset, char) in rest.char_indices() {
        let tail = rest.get(offset..)?;
        in_comment = (in_comment || tail.starts_with("//")) && char != '\n';
        if in_comment {
            continue;
        }
        if char == open {
            depth += 1;
            // No list is as deep, and a text of brackets is not searched again for each.
            if depth > MOST_DEPTH {
                return None;
            }
        } else if char == close {
            depth -= 1;
            if depth == 0 {
                return delimited(text, at, at + offset + 1);
            }
        }
    }
    // A bracket that opens a list of numbers, at the end of a line.
    let first = rest.lines().next()?.trim_end();
    let is_list = first.ends_with(',') || first.ends_with(open);
    (is_list && open != '(').then_some(Found::Open)
}

/// How many brackets stand inside one another in a list.
const MOST_DEPTH: usize = 8;

/// Something between brackets or angles, if its reader knows it.
fn delimited(text: &str, start: usize, end: usize) -> Option<Found> {
    let body = text.get(start..end)?.as_bytes();
    let notation = Notation::guess(body);
    let is_known = matches!(notation, Notation::C | Notation::Buffer | Notation::Hex);
    let mut bytes = Vec::new();
    if !is_known || notation.read(body, &mut bytes).is_err() || bytes.is_empty() {
        return None;
    }
    let inside = text.get(start + 1..end)?;
    if bytes.len() == 1 && notation != Notation::Buffer || timestamp::length(inside).is_some() {
        return None;
    }
    let certainty = match notation {
        Notation::Buffer => Certainty::Sure,
        Notation::C => Certainty::Quoted,
        _ => Certainty::Possible,
    };
    let mut found = literal(start, end, notation, bytes, certainty);
    found.omitted = notation.left_out(body);
    Some(Found::Literal(found))
}

/// A run of numbers.
fn run(text: &str, at: usize) -> Option<Found> {
    let rest = text.get(at..)?;
    let run = digits::run(rest)?;
    let readings = digits::readings(rest, &run.numbers);
    let numbers = run
        .numbers
        .iter()
        .map(|(start, end)| (at + start, at + end));
    Some(Found::Literal(Literal {
        start: at,
        end: at + run.end,
        readings,
        certainty: Certainty::Possible,
        omitted: 0,
        numbers: numbers.collect(),
    }))
}

/// `data:application/octet-stream;base64,gQVIZWxsbw==`
fn data_url(text: &str, at: usize) -> Option<Found> {
    let rest = text.get(at..)?;
    let comma = rest.find(";base64,")? + ";base64,".len();
    let digits = rest.get(comma..)?;
    let size = base64_length(digits);
    let bytes = base64_bytes(digits.get(..size)?)?;
    Some(Found::Literal(literal(
        at,
        at + comma + size,
        Notation::Base64,
        bytes,
        Certainty::Sure,
    )))
}

/// A word of base64, of eight digits or more.
fn base64(text: &str, at: usize) -> Option<Found> {
    let rest = text.get(at..)?;
    let size = base64_length(rest);
    let word = rest.get(..size)?;
    let ends = !rest
        .get(size..)?
        .starts_with(|char: char| char.is_alphanumeric() || matches!(char, '.' | '@' | '(' | ':'));
    let bytes = base64_bytes(word).filter(|_| ends)?;
    Some(Found::Literal(literal(
        at,
        at + size,
        Notation::Base64,
        bytes,
        Certainty::Possible,
    )))
}

fn base64_length(text: &str) -> usize {
    text.bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || b"+/-_=".contains(byte))
        .count()
}

fn base64_bytes(word: &str) -> Option<Vec<u8>> {
    let is_long = word.len() >= 8 || (word.len() == 4 && word.starts_with(['g', 'i']));
    if !is_long || word.len() % 4 == 1 {
        return None;
    }
    let mut bytes = Vec::new();
    Notation::Base64.read(word.as_bytes(), &mut bytes).ok()?;
    Some(bytes)
}
