//! Literals of several parts: joined strings, and the numbers and strings of an assembler.

use super::literal::{Certainty, Literal, LiteralMatch, literal};
use crate::notation::{Notation, array, concatenation, digits};

/// `"\x81\x05" "Hello"`, `Chr(129) & Chr(5) & "Hello"`.
pub(super) fn joined(text: &str, at: usize) -> Option<LiteralMatch> {
    let (bytes, size) = concatenation::read(text.get(at..)?)?;
    let found = literal(at, at + size, Notation::Escaped, bytes, Certainty::Quoted);
    Some(LiteralMatch::Literal(found))
}

/// The directives of assemblers before bytes.
const DIRECTIVES: &[&str] = &["db", "defb", "dc.b", ".byte", ".db", ".dc.b"];

/// `db 081h, 05h, "Hello"`, up to the end of the line.
pub(super) fn directive(line: &str, at: usize) -> Option<LiteralMatch> {
    const LONGEST: usize = 8;
    let mut first = line.bytes().take(LONGEST);
    let size = first.position(|byte| matches!(byte, b' ' | b'\t'))?;
    let name = line.get(..size)?;
    if !DIRECTIVES
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
    {
        return None;
    }
    list(line, size).map(|found| found.at(at))
}

/// `0x81 0x05 "Hello"`: numbers, then a string, up to the end of the line.
pub(super) fn numbers_and_text(line: &str, at: usize) -> Option<LiteralMatch> {
    let run = digits::run(line)?;
    let after = line.get(run.end..)?.trim_start_matches([' ', '\t', ',']);
    if !after.starts_with('"') {
        return None;
    }
    list(line, 0).map(|found| found.at(at))
}

/// The longest line of an assembler, in bytes.
const LONGEST: usize = 64 << 10;

/// The list of numbers and strings of a line, after its first `start` bytes, without a comment at its
/// end.
fn list(line: &str, start: usize) -> Option<PartOfLine> {
    let first = line.as_bytes().get(..LONGEST).unwrap_or(line.as_bytes());
    let end = memchr::memchr(b';', first);
    let end = end.or_else(|| (line.len() <= LONGEST).then_some(line.len()))?;
    let list = line.get(start..end)?.trim_end();
    let readings = array::readings(list, true);
    (!readings.is_empty()).then_some(PartOfLine {
        readings,
        end: start + list.len(),
    })
}

/// A literal at the start of a part of a line.
struct PartOfLine {
    readings: Vec<digits::Reading>,
    end: usize,
}

impl PartOfLine {
    /// The same literal, if the part begins at this offset of the text.
    fn at(self, at: usize) -> LiteralMatch {
        LiteralMatch::Literal(Literal::new(
            at,
            at + self.end,
            self.readings,
            Certainty::Quoted,
        ))
    }
}
