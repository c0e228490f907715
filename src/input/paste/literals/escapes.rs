//! Escapes of bytes without quotes around them: `\x81\x05Hello`.

use super::literal::{Certainty, Literal, LiteralMatch, literal};
use crate::notation::{Notation, digits, text_escapes};

/// `\x81\x05Hello` without quotes, up to a closing quote or the end of the line. `line` is the rest of
/// the line from the offset `at` on.
pub(super) fn escapes(line: &str, at: usize) -> Option<LiteralMatch> {
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
        let end = read_up_to(body.get(..error.offset())?, &mut bytes)?;
        let end = at + line.len() - body.len() + end;
        return Some(LiteralMatch::Literal(literal(
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
    // `\x81 \x05 \x48` is a list of bytes, and its blanks are no bytes.
    let mut list = Vec::new();
    if Notation::guess(body.trim().as_bytes()) == Notation::Hex
        && Notation::Hex
            .read(body.trim().as_bytes(), &mut list)
            .is_ok()
    {
        let reading = digits::Reading::of(Notation::Hex, list);
        found.readings.insert(0, reading);
    }
    Some(LiteralMatch::Literal(found))
}

/// `%81%05Hello`, `<81><05>Hello`, and others, up to the end of the line.
pub(super) fn other_escapes(line: &str, at: usize) -> Option<LiteralMatch> {
    let (reading, size) = text_escapes::read(line)?;
    // A list of numbers is read as a run, with its blanks and separators.
    let is_run = digits::run(line).is_some_and(|run| {
        run.end == line.trim_end().len() && !digits::readings(run.words(line)).is_empty()
    });
    (!is_run).then(|| {
        LiteralMatch::Literal(Literal::new(
            at,
            at + size,
            vec![reading],
            Certainty::Quoted,
        ))
    })
}

/// Reads escapes up to the last complete one, and returns the length of their text. None if an escape
/// before that is wrong.
fn read_up_to(text: &str, bytes: &mut Vec<u8>) -> Option<usize> {
    bytes.clear();
    if Notation::Escaped.read(text.as_bytes(), bytes).is_ok() {
        return Some(text.len());
    }
    // The text ends inside an escape.
    bytes.clear();
    let whole = text.get(..text.rfind('\\')?)?;
    Notation::Escaped.read(whole.as_bytes(), bytes).ok()?;
    Some(whole.len())
}
