//! Literals in a text: where each begins and ends, its notation, and its bytes.
//!
//! A literal is what a programming language or a tool writes for bytes: `b'\x81\x05'`,
//! `<Buffer 81 05>`, `[129, 5]`, `81 05`. [`find`] gives those of a line, or of several lines if a
//! literal goes on. Which of them are bytes of a connection is for the caller to decide.

use super::timestamp;
use crate::notation::{self, Notation, array, digits};

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
    /// Adds the reading of a string in which digits after a backslash are decimal.
    fn add_decimal_escapes(&mut self, inside: &str) {
        let has_digits = inside
            .as_bytes()
            .windows(2)
            .any(|pair| matches!(pair, [b'\\', b'0'..=b'9']));
        let mut bytes = Vec::new();
        if has_digits && notation::read_decimal_escapes(inside.as_bytes(), &mut bytes).is_ok() {
            self.readings.push(digits::Reading {
                description: "text with decimal escapes",
                ..digits::Reading::of(Notation::Escaped, bytes)
            });
        }
    }

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
    while let Some(char) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let found = match at_place(text, at, before) {
            Some(Found::Open) if !is_all => return None,
            Some(Found::Open) => cut(text, at),
            Some(Found::Literal(literal)) => Some(literal),
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

/// A bytes literal that the end of its line cuts: the bytes up to there.
fn cut(text: &str, start: usize) -> Option<Literal> {
    let rest = text.get(start..)?;
    let quote = rest.find(['\'', '"'])?;
    let body = rest.get(quote + 1..)?.lines().next()?;
    let mut bytes = Vec::new();
    let result = Notation::Escaped.read(body.as_bytes(), &mut bytes);
    let size = result.map_or_else(|error| error.offset(), |()| body.len());
    let end = start + quote + 1 + size;
    (!bytes.is_empty()).then(|| literal(start, end, Notation::Escaped, bytes, Certainty::Sure))
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
    let reading = digits::Reading::of(notation, bytes);
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
    let (before, after) = (text.get(..start)?.trim_end(), text.get(end..)?);
    if let Some(notation) = notation_of_call(before, after) {
        let mut bytes = Vec::new();
        notation.read(inside.as_bytes(), &mut bytes).ok()?;
        let found = literal(start, end, notation, bytes, Certainty::Sure);
        return Some(Found::Literal(found));
    }
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
    let mut found = literal(start, end, notation, bytes, certainty);
    if !is_read {
        found.readings.clear();
    }
    if !is_bytes_literal {
        found.add_decimal_escapes(inside);
    }
    (!found.readings.is_empty()).then_some(Found::Literal(found))
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
        let argument = after.trim_start_matches([',', ' ', '"', '\'']);
        before.ends_with("Buffer.from(") && argument.starts_with(name)
    };
    if ends(HEX_CALLS) || names("hex") {
        Some(Notation::Hex)
    } else if ends(BASE64_CALLS) || names("base64") {
        Some(Notation::Base64)
    } else {
        None
    }
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
            | [b'\\', b'1', b'2'..=b'3', b'0'..=b'9', ..]
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
    found.add_decimal_escapes(body);
    // `\x81 \x05 \x48` is a list of bytes, and its blanks are none.
    let mut list = Vec::new();
    if Notation::guess(body.trim().as_bytes()) == Notation::Hex
        && Notation::Hex
            .read(body.trim().as_bytes(), &mut list)
            .is_ok()
    {
        let reading = digits::Reading::of(Notation::Hex, list);
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
    let inside = rest.get(1..)?;
    let named = inside.trim_start();
    let is_number = begins_list(inside)
        || named.starts_with("\"type\":\"Buffer\"")
        || named.starts_with("type: 'Buffer'")
        || named.starts_with("\"0\":");
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
    let is_tuple = open == '(' && first.trim() != "(";
    (is_list && !is_tuple).then_some(Found::Open)
}

/// Whether what follows a bracket begins a list of numbers; comments may precede them.
pub(super) fn begins_list(inside: &str) -> bool {
    let mut rest = inside.trim_start();
    while let Some(comment) = rest.strip_prefix("//") {
        rest = comment
            .split_once('\n')
            .map_or("", |(_, rest)| rest.trim_start());
    }
    let keyed = rest.trim_start_matches(['[', '"', '\'']);
    let is_key =
        keyed.len() < rest.len() && keyed.starts_with(|char: char| char.is_ascii_hexdigit());
    is_key || rest.starts_with(|char: char| char.is_ascii_hexdigit() || "-(#".contains(char))
}

/// How many brackets stand inside one another in a list.
const MOST_DEPTH: usize = 8;

/// Something between brackets or angles, if its reader knows it.
fn delimited(text: &str, start: usize, end: usize) -> Option<Found> {
    let body = text.get(start..end)?.as_bytes();
    let array = array(text, start, end);
    let inside = text.get(start + 1..end - 1)?.trim();
    let is_run = digits::run(inside).is_some_and(|run| run.end == inside.len());
    if let Some(array) = array.clone().filter(|_| !is_run) {
        return Some(Found::Literal(array));
    }
    let notation = Notation::guess(body);
    let is_known = matches!(notation, Notation::C | Notation::Buffer | Notation::Hex);
    let mut bytes = Vec::new();
    if !is_known || notation.read(body, &mut bytes).is_err() || bytes.is_empty() {
        return array.map(Found::Literal);
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
    if notation == Notation::C {
        add_readings(&mut found, text.get(start + 1..end - 1)?);
    }
    found.omitted = notation.omitted_bytes(body);
    Some(Found::Literal(found))
}

/// The items of an array between brackets, of which most readers of lists know only some.
fn array(text: &str, start: usize, end: usize) -> Option<Literal> {
    let width = if text.get(start..)?.starts_with("<<") {
        2
    } else {
        1
    };
    let inside = text.get(start + width..end - width)?;
    let readings = array::readings(inside, width == 2);
    let size = readings.first()?.bytes.len();
    if size < 2 || timestamp::length(inside).is_some() {
        return None;
    }
    let certainty = if inside.contains(',') || width == 2 {
        Certainty::Quoted
    } else {
        Certainty::Possible
    };
    Some(Literal {
        start: start_of_name(text, start),
        end,
        readings,
        certainty,
        omitted: 0,
        numbers: Vec::new(),
    })
}

/// Where the sign of a Lisp begins that stands in front of a bracket: `#(`, `#u8(`, `#vu8(`.
fn start_of_name(text: &str, bracket: usize) -> usize {
    let before = text.get(..bracket).unwrap_or_default();
    let sign = ["#vu8", "#u8", "#"]
        .into_iter()
        .find(|sign| before.ends_with(sign));
    bracket - sign.map_or(0, str::len)
}

/// Adds the other readings of the numbers in a list.
fn add_readings(literal: &mut Literal, inside: &str) {
    let numbers: String = inside
        .chars()
        .map(|char| if char == '\n' { ' ' } else { char })
        .collect();
    let trimmed = numbers.trim();
    let Some(run) = digits::run(trimmed).filter(|run| run.end == trimmed.len()) else {
        return;
    };
    let of_list = literal
        .readings
        .first()
        .map(|reading| reading.bytes.clone());
    for mut reading in digits::readings(trimmed, &run.numbers) {
        reading.description = match reading.description {
            "decimal numbers" => "an array of decimal numbers",
            _ => "an array of hexadecimal numbers",
        };
        if of_list.as_ref() != Some(&reading.bytes) {
            literal.readings.push(reading);
        }
    }
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
