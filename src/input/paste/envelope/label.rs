//! Labels: words up to a colon or an equals sign.

use super::count::is_count_word;
use super::data_words::names_data;
use super::tag::LONGEST_TAG;
use crate::input::paste::start_of;

/// The length of words up to a colon or an equals sign: `RX:`, `let bytes: &[u8] =`.
pub(super) fn label(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    if !first.is_alphabetic() && first != '_' && first != '.' && first != '$' {
        return None;
    }
    let is_stop = |char: char| matches!(char, '\'' | '"' | '\\' | '{' | '\n' | '`');
    let head = start_of(text, LONGEST_TAG);
    let stop = head.find(is_stop).unwrap_or(head.len());
    let head = head.get(..stop)?;
    declaration(text, head).or_else(|| colon(text, head))
}

/// `unsigned char bytes[7] = `.
fn declaration(text: &str, head: &str) -> Option<usize> {
    let at = head.find('=')?;
    let before = head.get(..at)?;
    let after = text.get(at + 1..)?;
    let is_word = |char: char| char.is_alphanumeric() || "_ \t*&:<>[].,;-()".contains(char);
    let is_other = after.starts_with(['=', '>']) || before.ends_with(['=', '!', '<']);
    let is_right = before.chars().all(is_word) && has_no_bytes(before) && !is_other;
    is_right.then_some(at + 1)
}

fn colon(text: &str, head: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + head.get(from..)?.find([':', '：'])?;
        let width = if head.get(at..)?.starts_with('：') {
            '：'.len_utf8()
        } else {
            1
        };
        let after = text.get(at + width..)?;
        if after.starts_with(':') {
            from = at + 2;
            continue;
        }
        let before = head.get(..at)?;
        let is_word = |char: char| char.is_alphanumeric() || "_ -./:<>#@()[]$*,".contains(char);
        let is_followed = width > 1
            || after.is_empty()
            || after.starts_with([' ', '\t', '\'', '"', '[', '<', '{', '\\', 'b'])
            || is_count_word(before)
            || names_data(before);
        let is_right = before.chars().all(is_word)
            && has_no_bytes(before)
            && is_followed
            && !after.starts_with("//");
        return is_right.then_some(at + width);
    }
}

/// Whether words are words: with a letter that no hexadecimal has, and without bytes among them,
/// which must not be skipped.
fn has_no_bytes(words: &str) -> bool {
    const LONG: usize = 8;
    let is_hexadecimal = |word: &str| word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_byte = |word: &&str| {
        let word = word.trim_matches(|char: char| "[](){};$%#h".contains(char));
        let is_short = word.len() == 2 || word.len() == 3 && word.parse::<u8>().is_ok();
        is_short && is_hexadecimal(word) || word.contains("0x")
    };
    let is_run = |word: &str| word.len() >= LONG && is_hexadecimal(word);
    let is_letter = |char: char| char.is_alphabetic() && !char.is_ascii_hexdigit();
    let is_known = || names_data(words) || is_count_word(words);
    let parts = || words.split(|char: char| char.is_whitespace() || ":,-|".contains(char));
    parts().filter(is_byte).count() < 3
        && !begins_list(words)
        && !words.split_whitespace().any(is_run)
        && (words.contains(is_letter) || is_known())
}

/// Whether a list of numbers begins in words: `recv: <<130,3,0,0,0>> len`.
fn begins_list(words: &str) -> bool {
    let mut inner = words.split(['[', '<', '{']).skip(1);
    let has_character = words.contains("Chr(") || words.contains("chr(");
    has_character
        || inner.any(|inside| {
            let digits = inside.trim_start().trim_start_matches('-');
            let after = digits.trim_start_matches(|char: char| char.is_ascii_digit());
            after.len() < digits.len() && after.starts_with(',')
        })
}
