//! Escapes text, so that nothing a peer sent can control the terminal it is shown on.

use std::io::Write as _;

use super::words::{hex_digits, push_hex};

/// Appends a text for a terminal: control characters as escapes, bytes that are not UTF-8
/// as `\xff`, everything else unchanged.
pub fn push_text(out: &mut Vec<u8>, bytes: &[u8]) {
    push(out, bytes, find_unsafe);
}

/// Appends a text in quotes. Quotes and backslashes in it are escaped too, so that the
/// result is unambiguous.
pub fn push_quoted(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'"');
    push_in_quotes(out, bytes);
    out.push(b'"');
}

/// Appends a text that is in quotes, without these.
pub(super) fn push_in_quotes(out: &mut Vec<u8>, bytes: &[u8]) {
    push(out, bytes, find_in_quotes);
}

/// Appends the characters of a JSON string, without its quotes.
pub(super) fn push_json(out: &mut Vec<u8>, text: &str) {
    if are_plain(text.as_bytes()) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    let mut plain = text;
    while let Some((at, char)) = find_in_quotes(plain) {
        let (before, rest) = plain.split_at(at);
        out.extend_from_slice(before.as_bytes());
        push_json_escape(out, char);
        plain = rest.get(char.len_utf8()..).unwrap_or_default();
    }
    out.extend_from_slice(plain.as_bytes());
}

/// Appends the escape of a character of the basic plane in JSON: the short one, if there is one
/// (RFC 8259 section 7).
fn push_json_escape(out: &mut Vec<u8>, char: char) {
    let short = match char {
        '"' => b'"',
        '\\' => b'\\',
        '\u{8}' => b'b',
        '\u{c}' => b'f',
        '\n' => b'n',
        '\r' => b'r',
        '\t' => b't',
        _ => {
            let [.., high, low] = u32::from(char).to_be_bytes();
            out.extend_from_slice(b"\\u");
            push_hex(out, &[high, low]);
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

/// A message of wsctl that quotes what a peer sent, for a terminal.
pub fn text(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    push_text(&mut out, text.as_bytes());
    String::from_utf8_lossy(&out).into_owned()
}

/// Whether a character can control a terminal: C0, DEL, C1, line and paragraph separators,
/// and the bidirectional controls, which reorder the text after them.
pub fn is_unsafe(char: char) -> bool {
    char.is_control()
        || matches!(
            char,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// The first character of a text that [`is_unsafe`], and its offset.
pub(super) fn find_unsafe(text: &str) -> Option<(usize, char)> {
    find(text, is_unsafe)
}

/// The first character that is unsafe or is escaped in quotes, and its offset.
pub(super) fn find_in_quotes(text: &str) -> Option<(usize, char)> {
    find(text, |char| matches!(char, '"' | '\\') || is_unsafe(char))
}

/// The first character to be escaped, and its offset.
fn find(text: &str, is_escaped: impl Fn(char) -> bool) -> Option<(usize, char)> {
    let mut at = 0;
    loop {
        let rest = text.as_bytes().get(at..)?;
        at += find_candidate(rest)?;
        let char = text.get(at..)?.chars().next()?;
        if is_escaped(char) {
            return Some((at, char));
        }
        at += char.len_utf8();
    }
}

/// The offset of the first byte that may begin a character to be escaped.
fn find_candidate(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| is_candidate(*byte))
}

/// Whether a character to be escaped may begin with this byte. C0, DEL, the quote and the
/// backslash are one byte; C1 begins with c2, the bidirectional controls with d8 or e2.
const fn is_candidate(byte: u8) -> bool {
    matches!(byte, 0..b' ' | 0x7f | b'"' | b'\\' | 0xc2 | 0xd8 | 0xe2)
}

fn push(out: &mut Vec<u8>, bytes: &[u8], find: impl Fn(&str) -> Option<(usize, char)>) {
    if are_plain(bytes) {
        out.extend_from_slice(bytes);
        return;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        push_valid(out, text, find);
        return;
    }
    for chunk in bytes.utf8_chunks() {
        push_valid(out, chunk.valid(), &find);
        for byte in chunk.invalid() {
            push_byte(out, *byte);
        }
    }
}

/// Whether all bytes are ASCII that is never escaped, as in most texts. The loop has no
/// branch, so that the compiler vectorises it.
fn are_plain(bytes: &[u8]) -> bool {
    let candidates = bytes.iter().map(|byte| {
        u8::from(!matches!(byte, b' '..=b'~')) | u8::from(matches!(byte, b'"' | b'\\'))
    });
    candidates.fold(0, |found, candidate| found | candidate) == 0
}

fn push_valid(out: &mut Vec<u8>, text: &str, find: impl Fn(&str) -> Option<(usize, char)>) {
    let mut plain = text;
    while let Some((at, char)) = find(plain) {
        let (before, rest) = plain.split_at(at);
        out.extend_from_slice(before.as_bytes());
        push_escape(out, char);
        plain = rest.get(char.len_utf8()..).unwrap_or_default();
    }
    out.extend_from_slice(plain.as_bytes());
}

/// Appends a byte as `\xff`.
fn push_byte(out: &mut Vec<u8>, byte: u8) {
    let [high, low] = hex_digits(byte);
    out.extend_from_slice(&[b'\\', b'x', high, low]);
}

/// Appends the escape of a character: `\n`, `\x1b` below 128, `\u{9b}` above, which cannot
/// be mistaken for a byte.
fn push_escape(out: &mut Vec<u8>, char: char) {
    match (char, u8::try_from(char)) {
        ('\n', _) => out.extend_from_slice(b"\\n"),
        ('\r', _) => out.extend_from_slice(b"\\r"),
        ('\t', _) => out.extend_from_slice(b"\\t"),
        ('"' | '\\', Ok(byte)) => out.extend_from_slice(&[b'\\', byte]),
        (_, Ok(byte @ ..0x80)) => push_byte(out, byte),
        _ => write!(out, "\\u{{{:x}}}", u32::from(char)).expect("writing to a Vec cannot fail"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn for_terminal(bytes: &[u8]) -> String {
        let mut out = Vec::new();
        push_text(&mut out, bytes);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(for_terminal(b"\x1b[2J\x07\x7f\n\t"), r"\x1b[2J\x07\x7f\n\t");
        assert_eq!(
            for_terminal("\u{9b}2J \u{202e}abc\u{2066}".as_bytes()),
            r"\u{9b}2J \u{202e}abc\u{2066}"
        );
        assert_eq!(for_terminal(b"\xff\x9b2J"), r"\xff\x9b2J");
    }

    #[test]
    fn printable_text_is_unchanged() {
        assert_eq!(
            for_terminal("今天 \"C:\\new\" 😀 é".as_bytes()),
            "今天 \"C:\\new\" 😀 é"
        );
    }

    #[test]
    fn in_quotes_the_quote_and_the_backslash_are_escaped() {
        let mut out = Vec::new();
        push_quoted(&mut out, b"say \"\\x41\"\xe9");
        assert_eq!(out, br#""say \"\\x41\"\xe9""#);
    }

    #[test]
    fn an_unsafe_character_is_found_at_any_offset() {
        let chars = (0..=0x0010_ffff).filter_map(char::from_u32);
        for char in chars.filter(|char| is_unsafe(*char)) {
            for before in 0..40 {
                let text = format!("{}{char} and more, éüж天天", "°".repeat(before));
                assert_eq!(find_unsafe(&text), Some((2 * before, char)), "{text:?}");
            }
        }
        assert_eq!(find_unsafe("°… \" \\ éüж天天😀 \u{7c2} \u{628}"), None);
    }

    #[test]
    fn no_character_is_shown_unsafe() {
        for char in (0..=0x0010_ffff).filter_map(char::from_u32) {
            let shown = for_terminal(char.to_string().as_bytes());
            assert!(!shown.chars().any(is_unsafe), "{char:?}");
        }
    }
}
