//! A `Sec-WebSocket-Accept` that was computed with a wrong GUID: which one.

use super::Mistake;
use crate::diagnosis::catalogue;
use crate::ws::handshake::{Digest, GUID};

/// The digest of the key with a wrong GUID.
pub(super) fn find(key: &[u8], given: &str) -> Option<Mistake> {
    let is_it = |guid: &str| given == Digest::of(&[key, guid.as_bytes()]).base64();
    let (guid, how) = candidates().find(|(guid, _)| is_it(guid))?;
    let message = format!("the value was computed with {how}: {guid}");
    let fix = "the GUID is 258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    Some(Mistake::new(&catalogue::ACCEPT_WRONG_GUID, message, fix))
}

/// Wrong GUIDs, with what is wrong with each. Some wrong last groups are frequent; otherwise one
/// character is missing, added or changed, or two are swapped.
fn candidates() -> impl Iterator<Item = (String, &'static str)> {
    let endings = [
        "5AB0DC85B11F",
        "5AB9DC11B5AB",
        "C5AB9DC11B5AB",
        "5AB53ADF711E",
    ];
    let wrong_endings = endings.map(|ending| format!("258EAFA5-E914-47DA-95CA-{ending}"));
    let lower = GUID.to_ascii_lowercase();
    let decorated = [
        (format!("{{{GUID}}}"), "the GUID in braces"),
        (format!("{{{lower}}}"), "the GUID in braces, in lower case"),
        (format!("\"{GUID}\""), "the GUID in quotes"),
        (GUID.replace('-', ""), "the GUID without its hyphens"),
        (
            lower.replace('-', ""),
            "the GUID without its hyphens, in lower case",
        ),
        (lower, "the GUID in lower case"),
    ];
    let wrong_end = |guid| (guid, "a GUID whose last group is wrong");
    let wrong_character = |guid| (guid, "a GUID in which one character is wrong");
    let known = decorated
        .into_iter()
        .chain(wrong_endings.into_iter().map(wrong_end));
    known.chain(mistyped().map(wrong_character))
}

/// The GUID with each mistake in a single character, or two swapped ones.
fn mistyped() -> impl Iterator<Item = String> {
    let with = |at: usize, cut: usize, put: &str| {
        let (before, rest) = GUID.split_at(at);
        [before, put, rest.get(cut..).unwrap_or_default()].concat()
    };
    let places = 0..GUID.len();
    let digits = || {
        "0123456789ABCDEF-"
            .split("")
            .filter(|digit| !digit.is_empty())
    };
    let missing = places.clone().map(move |at| with(at, 1, ""));
    let swapped = GUID.char_indices().zip(GUID.chars().skip(1));
    let swapped = swapped.map(move |((at, one), two)| with(at, 2, &format!("{two}{one}")));
    let other = places
        .clone()
        .flat_map(move |at| digits().map(move |digit| with(at, 1, digit)));
    let added = (0..=places.end).flat_map(move |at| digits().map(move |digit| with(at, 0, digit)));
    missing.chain(swapped).chain(other).chain(added)
}
