//! Words of base64, and `data:` URLs.

use super::literal::{Certainty, LiteralMatch, literal};
use crate::notation::Notation;

/// `data:application/octet-stream;base64,gQVIZWxsbw==`
pub(super) fn data_url(text: &str, at: usize) -> Option<LiteralMatch> {
    const MARK: &str = ";base64,";
    const LONGEST_TYPE: usize = 256;
    let rest = text.get(at..)?;
    let first = rest
        .as_bytes()
        .get(..LONGEST_TYPE)
        .unwrap_or(rest.as_bytes());
    let comma = memchr::memmem::find(first, MARK.as_bytes())? + MARK.len();
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

/// Counts the offsets in a word from which it was read as base64. A word with many slashes, such as a
/// path, is read from a few of them only.
#[derive(Debug, Default)]
pub(super) struct Base64Tries {
    /// The offset where the word ends.
    end: usize,
    count: usize,
}

impl Base64Tries {
    /// A word of base64, of eight digits or more.
    pub(super) fn base64(&mut self, text: &str, at: usize) -> Option<LiteralMatch> {
        const MOST: usize = 64;
        if at >= self.end {
            let word = text.get(at..).map_or(0, base64_length);
            (self.end, self.count) = (at + word, 0);
        }
        self.count += 1;
        (self.count <= MOST).then(|| base64(text, at)).flatten()
    }
}

fn base64(text: &str, at: usize) -> Option<LiteralMatch> {
    let rest = text.get(at..)?;
    let size = base64_length(rest);
    let word = rest.get(..size).filter(|word| !begins_with_name(word))?;
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

/// Whether a word is a name and its value: `payload=8105`. `payload=` alone is base64, too.
fn begins_with_name(word: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-');
    word.split_once('=').is_some_and(|(name, value)| {
        name.bytes().all(is_part) && !value.is_empty() && !value.starts_with('=')
    })
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
