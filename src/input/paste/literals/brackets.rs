//! Lists of numbers between brackets or angles: `[129, 5]`, `{0x81, 5}`, `<Buffer 81 05>`.

use std::borrow::Cow;

use super::literal::{Certainty, Literal, LiteralMatch, literal};
use crate::input::paste::timestamp;
use crate::notation::{Notation, array, digits};

/// `<Buffer 81 05>`, `<81 05>`, `<<129, 5>>`.
pub(super) fn angles(text: &str, at: usize) -> Option<LiteralMatch> {
    let rest = text.get(at..)?;
    let is_buffer = rest.starts_with("<Buffer");
    let close = if rest.starts_with("<<") { ">>" } else { ">" };
    let mut in_string = false;
    let inside = rest.get(close.len()..)?;
    for (offset, char) in inside.char_indices() {
        match char {
            '"' if close == ">>" => in_string = !in_string,
            // Another angle opens before this one closes: it is no list. No text is searched twice then.
            '<' if !in_string => return None,
            '>' if inside.get(offset..)?.starts_with(close) => {
                return delimited(text, at, at + offset + 2 * close.len());
            }
            _ => {}
        }
    }
    (is_buffer || rest.starts_with("<<1") || rest.starts_with("<<\"")).then_some(LiteralMatch::Open)
}

/// `[129, 5]`, `{0x81, 5}`, `(129, 5)`, with the words of a language before them.
pub(super) fn brackets(text: &str, at: usize) -> Option<LiteralMatch> {
    let rest = text.get(at..)?;
    if rest.starts_with("{length = ") {
        return data_of_swift(text, at);
    }
    if rest.starts_with("[|") {
        return array_of_fsharp(text, at);
    }
    let inside = rest.get(1..)?;
    let named = inside.trim_start();
    let is_number = begins_list(inside)
        || named.starts_with("\"type\":\"Buffer\"")
        || named.starts_with("type: 'Buffer'")
        || named.starts_with("\"0\":");
    if !is_number || rest.starts_with('(') && is_other_call(text.get(..at)?) || is_call(named) {
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
            // No list is nested as deep, and a text of brackets is not searched again for each.
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
    (is_list && !is_tuple).then_some(LiteralMatch::Open)
}

/// Whether a text begins with a call whose argument is the literal: `bytes.fromhex('81 05')`.
fn is_call(text: &str) -> bool {
    let is_name = |char: char| char.is_alphanumeric() || matches!(char, '_' | '.');
    let after = text.trim_start_matches(is_name);
    let first = text.chars().next();
    first.is_some_and(char::is_alphabetic) && after.starts_with('(')
}

/// Whether a text ends with a call that may take bytes: `write(`, `console.log(`.
pub(in crate::input::paste) fn ends_with_call(before: &str) -> bool {
    let name = before.strip_suffix('(').unwrap_or_default();
    name.ends_with(char::is_alphanumeric) && !is_other_call(name)
}

/// Whether a text ends with a word whose arguments are no bytes: `rgb`, `Point`, `id IN `.
fn is_other_call(before: &str) -> bool {
    const BYTES: &[&str] = &[
        "byte", "array", "list", "of", "buf", "vec", "pack", "data", "frame", "send", "write",
        "recv", "read", "print", "chr", "code", "char", "string", "hex", "u8", "uint8", "log",
    ];
    if before.ends_with(" IN ") || before.ends_with(" in ") || before.ends_with("VALUES ") {
        return true;
    }
    let is_name = |char: &char| char.is_alphanumeric() || *char == '_';
    let name: String = before.chars().rev().take_while(is_name).collect();
    let name: String = name.chars().rev().collect::<String>().to_lowercase();
    !name.is_empty() && !BYTES.iter().any(|word| name.contains(word))
}

/// Whether the text after a bracket begins a list of numbers, with or without comments before it.
pub(in crate::input::paste) fn begins_list(inside: &str) -> bool {
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

/// The deepest nesting of brackets in a list.
const MOST_DEPTH: usize = 8;

/// The literal between brackets or angles; None if no notation has it.
fn delimited(text: &str, start: usize, end: usize) -> Option<LiteralMatch> {
    let body = text.get(start..end)?.as_bytes();
    let inside = text.get(start + 1..end - 1)?.trim();
    let is_run = digits::run(inside).is_some_and(|run| run.end == inside.len());
    if !is_run && let Some(array) = array(text, start, end) {
        return Some(LiteralMatch::Literal(array));
    }
    let notation = Notation::guess(body);
    let is_known = matches!(notation, Notation::C | Notation::Buffer | Notation::Hex);
    let mut bytes = Vec::new();
    if !is_known || notation.read(body, &mut bytes).is_err() || bytes.is_empty() {
        return array(text, start, end)
            .or_else(|| run(text, start, end))
            .map(LiteralMatch::Literal);
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
    Some(LiteralMatch::Literal(found))
}

/// An array of items that only `notation::array` reads.
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
    let start = start_of_name(text, start);
    Some(Literal::new(start, end, readings, certainty))
}

/// Numbers in brackets in a form that is no language's: `{8'h81, 8'h05}`.
fn run(text: &str, start: usize, end: usize) -> Option<Literal> {
    let inside = text.get(start + 1..end - 1)?;
    let at = start + 1 + inside.len() - inside.trim_start().len();
    let run = digits::run(inside.trim()).filter(|_| inside.contains("8'h"))?;
    Some(Literal::new(
        start,
        end,
        digits::readings(run.after(at).words(text)),
        Certainty::Quoted,
    ))
}

/// `[|129uy; 5uy|]`, on one line or on several.
fn array_of_fsharp(text: &str, at: usize) -> Option<LiteralMatch> {
    let inside = text.get(at + 2..)?;
    let is_in_list = |char: char| {
        char.is_ascii_alphanumeric()
            || char.is_whitespace()
            || matches!(char, ';' | ',' | '-' | '\'')
    };
    let Some(size) = inside.find(|char| !is_in_list(char)) else {
        let inside = inside.trim_start();
        let begins = inside.is_empty() || inside.starts_with(|char: char| char.is_ascii_digit());
        return begins.then_some(LiteralMatch::Open);
    };
    let list = inside.get(..size)?;
    if !inside.get(size..)?.starts_with("|]") {
        return None;
    }
    let readings = array::readings(list, false);
    (!readings.is_empty()).then(|| {
        LiteralMatch::Literal(Literal::new(at, at + size + 4, readings, Certainty::Quoted))
    })
}

/// The bytes of `NSData`, which prints only the first sixteen and the last eight of many:
/// `{length = 7, bytes = 0x81054865 6c6c6f}`.
fn data_of_swift(text: &str, at: usize) -> Option<LiteralMatch> {
    let rest = text.get(at..)?;
    let end = 1 + rest.get(1..)?.find(['{', '}'])?;
    let (length, digits) = rest
        .get(..end)?
        .strip_prefix("{length = ")?
        .split_once(", bytes = 0x")?;
    let size: u64 = length.parse().ok()?;
    let shown = digits.split("...").next()?.trim();
    let mut bytes = Vec::new();
    Notation::Hex.read(shown.as_bytes(), &mut bytes).ok()?;
    let mut found = literal(at, at + end + 1, Notation::Hex, bytes, Certainty::Sure);
    let read = found
        .readings
        .first()
        .map_or(0, |reading| reading.bytes.len() as u64);
    found.omitted = size.checked_sub(read)?;
    Some(LiteralMatch::Literal(found))
}

/// The offset of the sign of Lisp before a bracket: `#(`, `#u8(`, `#vu8(`.
fn start_of_name(text: &str, bracket: usize) -> usize {
    let before = text.get(..bracket).unwrap_or_default();
    let sign = ["#vu8", "#u8", "#"]
        .into_iter()
        .find(|sign| before.ends_with(sign));
    bracket - sign.map_or(0, str::len)
}

/// Adds the other readings of the numbers in a list.
fn add_readings(literal: &mut Literal, inside: &str) {
    let numbers = if inside.contains('\n') {
        Cow::Owned(inside.replace('\n', " "))
    } else {
        Cow::Borrowed(inside)
    };
    let trimmed = numbers.trim();
    let Some(run) = digits::run(trimmed).filter(|run| run.end == trimmed.len()) else {
        return;
    };
    let of_list = literal
        .readings
        .first()
        .map(|reading| reading.bytes.clone());
    for mut reading in digits::readings(run.words(trimmed)) {
        reading.description = match reading.description {
            "decimal numbers" => "an array of decimal numbers",
            _ => "an array of hexadecimal numbers",
        };
        if of_list.as_ref() != Some(&reading.bytes) {
            literal.readings.push(reading);
        }
    }
}
