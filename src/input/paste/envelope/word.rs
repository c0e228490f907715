//! Single words of a log: levels, words for bytes, addresses.

use super::data_words::names_data;
use super::part::EnvelopePart;
use crate::input::paste::timestamp;

/// A single word of a log: a level, a word for data or a direction, an address.
pub(super) fn word(text: &str) -> Option<(EnvelopePart<'_>, usize)> {
    let size = text
        .find(|char: char| {
            char.is_whitespace() || matches!(char, '\'' | '"' | '\\' | '[' | '{' | '<' | '(')
        })
        .unwrap_or(text.len());
    let word = text.get(..size)?;
    let piped = word
        .split('|')
        .next()
        .filter(|piped| piped.len() < word.len());
    let is_letter = |char: char| char.is_alphabetic() && !char.is_ascii_hexdigit();
    if let Some(piped) = piped.filter(|piped| piped.contains(is_letter)) {
        return Some((EnvelopePart::Word(piped), piped.len() + 1));
    }
    if is_level_before_time(text) {
        return Some((EnvelopePart::Word(word), size));
    }
    let name = word.trim_end_matches([':', ',', ';', '|', '.']);
    let level = name.split('/').next().unwrap_or_default();
    let is_level = LEVELS.iter().any(|known| level.eq_ignore_ascii_case(known))
        || (word.len() == 2
            && word.ends_with(':')
            && level.chars().all(|char| char.is_ascii_uppercase()))
        || (level.len() == 1 && name.len() > 2 && name.contains('/'));
    let is_followed = size < text.len();
    if is_level && is_followed {
        return Some((EnvelopePart::Word(word), size));
    }
    if is_host(name) && is_followed {
        let size = size + port_column(text.get(size..)?);
        return Some((EnvelopePart::Word(text.get(..size)?), size));
    }
    let is_word = !name.is_empty()
        && name
            .chars()
            .all(|char| char.is_alphabetic() || matches!(char, '_' | '-'));
    let is_glue = || GLUE.iter().any(|known| name.eq_ignore_ascii_case(known));
    (is_word && is_followed && (is_glue() || names_data(name)))
        .then_some((EnvelopePart::Data(word), size))
}

/// Words between others before bytes.
const GLUE: &[&str] = &[
    "from", "to", "of", "with", "on", "the", "a", "as", "by", "for",
];

/// The length of the column of a port after that of an address, as `tshark -T fields` prints them.
fn port_column(text: &str) -> usize {
    const MOST_DIGITS: usize = 5;
    let digits = text.strip_prefix('\t').unwrap_or_default();
    let size = digits.bytes().take_while(u8::is_ascii_digit).count();
    let is_column = digits
        .get(size..)
        .is_some_and(|after| after.starts_with('\t'));
    if is_column && (1..=MOST_DIGITS).contains(&size) {
        size + 1
    } else {
        0
    }
}

/// A letter before a timestamp: `D 11-26 14:24:08.123`.
fn is_level_before_time(text: &str) -> bool {
    let time = text
        .strip_prefix(|char: char| char.is_ascii_uppercase())
        .and_then(|rest| rest.strip_prefix([' ', ',']));
    time.is_some_and(|time| timestamp::length(time.trim_start()).is_some())
}

const LEVELS: &[&str] = &[
    "trace", "debug", "info", "notice", "warn", "warning", "error", "err", "fatal", "critical",
    "verbose", "dbg", "inf", "wrn", "crit", "finest", "finer", "fine", "severe", "silly",
];

/// `127.0.0.1:51034`, `localhost:9527`.
fn is_host(word: &str) -> bool {
    let (host, port) = word.rsplit_once(':').unwrap_or((word, "0"));
    let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let is_ip =
        host.split('.').count() == 4 && host.split('.').all(|part| part.parse::<u8>().is_ok());
    let is_name = host == "localhost" && port != "0";
    is_port && (is_ip || is_name)
}
