//! The words in front of bytes that were copied with them: a prompt, a name, the start of a log
//! line. `Notation` skips them.

use super::hexdump;

/// The number of bytes at the start of a text that are not part of the notation: white space,
/// `>>> `, `data = `, `received: `, and the words of a log in front of a bytes literal.
pub(super) fn length(text: &[u8]) -> usize {
    let mut at = skip_space(text, 0);
    at = skip_space(text, at + prompt(text.get(at..).unwrap_or_default()));
    let rest = text.get(at..).unwrap_or_default();
    at + name(rest).or_else(|| before_literal(rest)).unwrap_or(0)
}

fn skip_space(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + (rest.len() - rest.trim_ascii_start().len())
}

/// The length of an interpreter's or a shell's prompt.
fn prompt(text: &[u8]) -> usize {
    let prompts: [&[u8]; 4] = [b">>> ", b"... ", b"$ ", b"> "];
    let fixed = prompts.into_iter().find(|prompt| text.starts_with(prompt));
    fixed.map_or_else(|| numbered_prompt(text).unwrap_or(0), <[u8]>::len)
}

/// `In [3]: ` and `Out[3]: `, as Python's notebooks write them.
fn numbered_prompt(text: &[u8]) -> Option<usize> {
    let inside = text
        .strip_prefix(b"In [")
        .or_else(|| text.strip_prefix(b"Out["))?;
    let digits = inside
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    inside
        .get(digits..)?
        .starts_with(b"]: ")
        .then_some(4 + digits + 3)
}

/// The length of a declaration up to its `=`, or of a label up to its `:`, with the space
/// after it. None if nothing follows.
fn name(text: &[u8]) -> Option<usize> {
    let line = text.split(|byte| *byte == b'\n').next()?;
    let is_end = |byte: &u8| matches!(byte, b'=' | b'\'' | b'"' | b'\\' | b'{');
    let end = line
        .iter()
        .position(is_end)
        .filter(|end| line.get(*end) == Some(&b'='));
    let Some(end) = end else { return label(line) };
    let (before, after) = (line.get(..end)?, text.get(end + 1..)?);
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"_ \t*&:<>[].,;-".contains(byte);
    let is_same_line = !line.get(end + 1..)?.trim_ascii().is_empty();
    let opens = matches!(after.trim_ascii(), [b'{' | b'[' | b'"' | b'\'' | b'b', ..]);
    let is_declaration = before.first().is_some_and(u8::is_ascii_alphabetic)
        && before.iter().all(is_word)
        && is_no_bytes(before)
        && (is_same_line || opens)
        && !after.starts_with(b"=");
    if is_declaration {
        Some(skip_space(text, end + 1))
    } else {
        label(line)
    }
}

/// The length of `received: `; None if nothing follows it.
fn label(line: &[u8]) -> Option<usize> {
    let end = line.iter().position(|byte| *byte == b':')?;
    let (name, after) = (line.get(..end)?, line.get(end + 1..)?);
    let is_name = name.first().is_some_and(u8::is_ascii_alphabetic)
        && name
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_ -.".contains(byte))
        && is_no_bytes(name)
        && after.starts_with(b" ");
    is_name.then(|| skip_space(line, end + 1))
}

/// Whether words contain no bytes, which must not be skipped: they have a letter that is not a
/// hexadecimal digit.
fn is_no_bytes(words: &[u8]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic() && !byte.is_ascii_hexdigit();
    count_of_bytes(words) < 2 && words.iter().any(is_letter)
}

/// How many of the words are two hexadecimal digits.
fn count_of_bytes(words: &[u8]) -> usize {
    let is_byte = |word: &&[u8]| word.len() == 2 && word.iter().all(u8::is_ascii_hexdigit);
    words.split(u8::is_ascii_whitespace).filter(is_byte).count()
}

/// The length of the words of a log before its first bytes literal. None for a dump: its column of
/// characters may look like a literal.
fn before_literal(text: &[u8]) -> Option<usize> {
    if hexdump::begins_with_row(text) {
        return None;
    }
    let before = memchr::memchr2_iter(b'\'', b'"', text)
        .find_map(|quote| text.get(..quote)?.strip_suffix(b"b"))?;
    let call = [&b"bytearray("[..], b"bytes("]
        .into_iter()
        .find(|call| before.ends_with(call));
    let before = before.get(..before.len() - call.map_or(0, <[u8]>::len))?;
    let is_foreign = |byte: &u8| !matches!(byte, b'\'' | b'"' | b'\\' | b'\n');
    let ends_a_word = before
        .last()
        .is_none_or(|byte| !byte.is_ascii_alphanumeric());
    let is_skipped = count_of_bytes(before) < 3;
    (before.iter().all(is_foreign) && ends_a_word && is_skipped).then_some(before.len())
}

#[cfg(test)]
mod tests {
    use super::length;

    #[track_caller]
    fn check(prefix: &str, rest: &str) {
        let text = format!("{prefix}{rest}");
        assert_eq!(length(text.as_bytes()), prefix.len(), "{text}");
    }

    #[test]
    fn prompts_and_names() {
        for prefix in [
            "",
            "  \n\t",
            ">>> ",
            "$ ",
            "In [12]: ",
            "Out[3]: ",
            "data = ",
            ">>> data=",
            "let bytes: &[u8] = ",
            "received: ",
            "frame.payload: ",
        ] {
            check(prefix, r"b'\x81\x05Hello'");
            check(prefix, "81 05 48 65 = ".trim_end_matches(" = "));
        }
        check("unsigned char bytes[] = ", "{0x81, 0x05}");
        check("2026-11-21 10:02:12 INFO got ", r"b'\x81' from 127.0.0.1");
        check("print(", r"b'\x81')");
        check("x = ", r"bytearray(b'\x81')");
        check("got ", r"bytes(b'\x81')");
    }

    #[test]
    fn bytes_are_no_name() {
        for text in [
            "81:87:0e",
            "ab: 81",
            "00000000: 8187 0ec3  ....",
            "0x0000:  8187",
            "gQVIZWxsbw==",
            "gQVIZWxsbw8=",
            "gQVIZWxsbyE=\ngQVIZWxsbw==",
            "recv frame 81 05 48: 81 01 41",
            "82 03 62 27 41  ..b'A'",
            "abcdef=8105",
            r"b\x81=b'",
            r"\x81 b'a'",
            "00000000  81 02 62 22  |..b\"|",
            "{0x81}",
        ] {
            check("", text);
        }
    }
}
