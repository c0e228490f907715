//! Words of base64, and `data:` URLs.

use super::literal::{Certainty, LiteralMatch, literal};
use crate::notation::Notation;

/// `data:application/octet-stream;base64,gQVIZWxsbw==`
pub(super) fn data_url(text: &str, at: usize) -> Option<LiteralMatch> {
    let rest = text.get(at..)?;
    let comma = rest.find(";base64,")? + ";base64,".len();
    let digits = rest.get(comma..)?;
    let size = base64_length(digits);
    let bytes = base64_bytes(digits.get(..size)?)?;
    Some(LiteralMatch::Literal(literal(
        at,
        at + comma + size,
        Notation::Base64,
        bytes,
        Certainty::Sure,
    )))
}

/// A word of base64, of eight digits or more.
pub(super) fn base64(text: &str, at: usize) -> Option<LiteralMatch> {
    let rest = text.get(at..)?;
    let size = base64_length(rest);
    let word = rest.get(..size)?;
    let ends = !rest
        .get(size..)?
        .starts_with(|char: char| char.is_alphanumeric() || matches!(char, '.' | '@' | '(' | ':'));
    let bytes = base64_bytes(word).filter(|_| ends)?;
    Some(LiteralMatch::Literal(literal(
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

pub(super) fn base64_bytes(word: &str) -> Option<Vec<u8>> {
    let is_long = word.len() >= 8 || (word.len() == 4 && word.starts_with(['g', 'i']));
    if !is_long || word.len() % 4 == 1 {
        return None;
    }
    let mut bytes = Vec::new();
    Notation::Base64.read(word.as_bytes(), &mut bytes).ok()?;
    Some(bytes)
}
