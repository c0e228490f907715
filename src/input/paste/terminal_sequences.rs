//! Sequences that control a terminal (ECMA-48), such as colours, in logs and coloured dumps.
//!
//! `Input` removes them from the lines of a text. It also asks whether all control characters of a
//! source belong to such sequences.

use std::borrow::Cow;

const ESCAPE: u8 = 0x1b;

/// What ends a colour, without the escape character.
const COLOUR_ENDS: [&[u8]; 3] = [b"[0m", b"[m", b"[39m"];

/// A text without the sequences in it. An incomplete sequence stays.
pub(in crate::input) fn strip(text: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(ESCAPE, text).is_some() {
        return Cow::Owned(strip_all(text, sequence));
    }
    let has_end = |end: &&[u8]| memchr::memmem::find(text, end).is_some();
    if COLOUR_ENDS.iter().any(has_end) && begins_colour(text) {
        return Cow::Owned(strip_all(text, colour_without_escape));
    }
    Cow::Borrowed(text)
}

/// The same for the start of a text, which may end inside a sequence.
pub(in crate::input) fn strip_beginning(text: &[u8]) -> Cow<'_, [u8]> {
    let Some(last) = memchr::memrchr(ESCAPE, text) else {
        return Cow::Borrowed(text);
    };
    let is_cut = is_beginning(text.get(last + 1..).unwrap_or_default());
    strip(
        text.get(..if is_cut { last } else { text.len() })
            .unwrap_or_default(),
    )
}

/// Removes what `find` finds at or after an offset: the start and the end of each sequence.
fn strip_all(text: &[u8], find: impl Fn(&[u8], usize) -> Option<(usize, usize)>) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some((start, end)) = find(text, at) {
        plain.extend_from_slice(text.get(at..start).unwrap_or_default());
        at = end;
    }
    plain.extend_from_slice(text.get(at..).unwrap_or_default());
    plain
}

/// The start and the end of the next sequence.
fn sequence(text: &[u8], from: usize) -> Option<(usize, usize)> {
    let rest = text.get(from..)?;
    memchr::memchr_iter(ESCAPE, rest).find_map(|at| {
        let start = from + at;
        let size = size_after_escape(text.get(start + 1..)?)?;
        Some((start, start + 1 + size))
    })
}

/// The size of a sequence after its escape character.
fn size_after_escape(text: &[u8]) -> Option<usize> {
    match *text {
        [b'[', ref rest @ ..] => {
            let size = parameters(rest);
            let is_final = rest
                .get(size)
                .is_some_and(|byte| (b'@'..=b'~').contains(byte));
            is_final.then_some(size + 2)
        }
        [b']', ref rest @ ..] => {
            let rest = rest.get(..LONGEST_STRING).unwrap_or(rest);
            let end = memchr::memchr3(0x07, ESCAPE, b'\n', rest)?;
            match rest.get(end..)? {
                [0x07, ..] => Some(end + 2),
                [ESCAPE, b'\\', ..] => Some(end + 3),
                _ => None,
            }
        }
        [b'(' | b')', b'0' | b'A' | b'B', ..] => Some(2),
        [b'=' | b'>' | b'7' | b'8', ..] => Some(1),
        _ => None,
    }
}

/// Longer than the address of a link or the title of a window.
const LONGEST_STRING: usize = 4096;

/// The number of parameter bytes, up to the most that a sequence has.
fn parameters(text: &[u8]) -> usize {
    const MOST: usize = 64;
    let is_parameter = |byte: &&u8| (b' '..=b'?').contains(*byte);
    text.iter().take(MOST).take_while(is_parameter).count()
}

/// Whether the rest of a text after an escape character is an incomplete sequence.
fn is_beginning(rest: &[u8]) -> bool {
    match *rest {
        [] | [b'(' | b')'] => true,
        [b'[', ref rest @ ..] => parameters(rest) == rest.len(),
        [b']', ref rest @ ..] => rest.len() < LONGEST_STRING && !rest.contains(&b'\n'),
        _ => false,
    }
}

/// Whether a text has a colour without its escape character that does not only end another one.
/// `[m` alone may be payload: `b'\x82\x03[m\x00'`.
fn begins_colour(text: &[u8]) -> bool {
    let mut from = 0;
    while let Some((start, end)) = colour_without_escape(text, from) {
        let sequence = text.get(start..end).unwrap_or_default();
        if !COLOUR_ENDS.iter().any(|end| sequence.ends_with(end)) {
            return true;
        }
        from = end;
    }
    false
}

/// The next colour whose escape character is lost, or written as `^[`: `[32m`, `^[[0m`. After a
/// written escape (`\x1b[32m`) or after the dot of a dump it is text.
fn colour_without_escape(text: &[u8], from: usize) -> Option<(usize, usize)> {
    let rest = text.get(from..)?;
    memchr::memchr_iter(b'[', rest).find_map(|at| {
        let start = from + at;
        let after = text.get(start + 1..)?;
        let is_digit = |byte: &&u8| byte.is_ascii_digit() || **byte == b';';
        let size = after.iter().take(12).take_while(is_digit).count();
        let before = text.get(..start)?;
        let written = [
            &b"x1b"[..],
            b"x1B",
            b"033",
            b"\\e",
            b"001b",
            b"001B",
            b"u{1b}",
            b"\\E",
            b".",
        ];
        let is_text = written.iter().any(|end| before.ends_with(end)) || !before.is_ascii();
        let is_colour = after.get(size) == Some(&b'm') && !is_text;
        let caret = if before.ends_with(b"^[") { 2 } else { 0 };
        is_colour.then(|| ((start - caret).max(from), start + size + 2))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_colour_alone_is_payload() {
        for text in [&b"b'\\x82\\x03[m\\x00'"[..], b"b'\\x81\\x04a[0m'"] {
            assert_eq!(strip(text), text);
        }
        assert_eq!(strip(b"[32m81 05[0m 48[m"), &b"81 05 48"[..]);
    }

    #[track_caller]
    fn check(text: &str, plain: &str) {
        assert_eq!(String::from_utf8_lossy(&strip(text.as_bytes())), plain);
    }

    #[test]
    fn sequences_are_left_out() {
        check("\x1b[32mDEBUG\x1b[0m recv", "DEBUG recv");
        check("\x1b[1;31m81\x1b[0m\x1b[38;5;242m05\x1b[m", "8105");
        check("\x1b[?2004h$ ls\x1b[K\x1b(B", "$ ls");
        check("\x1b]8;;http://a/\x1b\\link\x1b]8;;\x1b\\", "link");
        check("\x1b]0;title\x07$", "$");
        check("[32mDEBUG[0m recv [129, 5]", "DEBUG recv [129, 5]");
        check("^[[32mDEBUG^[[0m recv", "DEBUG recv");
    }

    #[test]
    fn other_text_stays() {
        for text in [
            "81 05",
            "[129, 5]",
            r"b'\x81\x09\x1b[32mHello\x1b[0m'",
            "00000000  81 09 1b 5b 30 6d |...[0mab|",
            "a\x1bb",
            "a\x1b[",
            "\x1b]0;no end\n81 05",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn a_sequence_may_go_on() {
        for cut in ["\x1b", "\x1b[", "\x1b[38;5", "\x1b(", "\x1b]8;;http"] {
            let text = format!("a{cut}");
            assert_eq!(&*strip_beginning(text.as_bytes()), b"a", "{cut:?}");
        }
        assert_eq!(&*strip_beginning(b"a\x1b\x81"), b"a\x1b\x81");
    }
}
