//! Text that cannot drive a terminal.

use std::io::Write as _;

/// Appends a text for a terminal: controls as escapes, octets that are not UTF-8 as
/// `\xff`, everything else as it is.
pub fn push_text(out: &mut Vec<u8>, octets: &[u8]) {
    push(out, octets, is_unsafe);
}

/// Appends a text between quotes, so that it can be told from what stands around it:
/// quotes and backslashes are escaped too.
pub fn push_quoted(out: &mut Vec<u8>, octets: &[u8]) {
    out.push(b'"');
    push(out, octets, |char| {
        matches!(char, '"' | '\\') || is_unsafe(char)
    });
    out.push(b'"');
}

/// A text of ours with words of others in it, for a terminal.
pub fn text(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    push_text(&mut out, text.as_bytes());
    String::from_utf8_lossy(&out).into_owned()
}

/// Whether a character could do something to a terminal instead of standing on it: C0,
/// DEL, C1, and the controls that turn the direction of what follows.
pub fn is_unsafe(char: char) -> bool {
    char.is_control()
        || matches!(
            char,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

fn push(out: &mut Vec<u8>, octets: &[u8], is_escaped: impl Fn(char) -> bool) {
    for chunk in octets.utf8_chunks() {
        let mut plain = chunk.valid();
        while let Some((at, char)) = plain.char_indices().find(|(_, char)| is_escaped(*char)) {
            let (before, rest) = plain.split_at(at);
            out.extend_from_slice(before.as_bytes());
            push_escape(out, char);
            plain = rest.get(char.len_utf8()..).unwrap_or_default();
        }
        out.extend_from_slice(plain.as_bytes());
        for octet in chunk.invalid() {
            write!(out, "\\x{octet:02x}").expect("a Vec takes all that is written");
        }
    }
}

/// The usual escape of a character: `\n`, `\x1b` below 128, `\u{9b}` above, so that it
/// cannot be taken for an octet.
fn push_escape(out: &mut Vec<u8>, char: char) {
    let written = match char {
        '\n' => write!(out, "\\n"),
        '\r' => write!(out, "\\r"),
        '\t' => write!(out, "\\t"),
        '"' | '\\' => write!(out, "\\{char}"),
        _ if char.is_ascii() => write!(out, "\\x{:02x}", u32::from(char)),
        _ => write!(out, "\\u{{{:x}}}", u32::from(char)),
    };
    written.expect("a Vec takes all that is written");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn for_terminal(octets: &[u8]) -> String {
        let mut out = Vec::new();
        push_text(&mut out, octets);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_could_drive_a_terminal_is_escaped() {
        assert_eq!(for_terminal(b"\x1b[2J\x07\x7f\n\t"), r"\x1b[2J\x07\x7f\n\t");
        assert_eq!(
            for_terminal("\u{9b}2J \u{202e}abc\u{2066}".as_bytes()),
            r"\u{9b}2J \u{202e}abc\u{2066}"
        );
        assert_eq!(for_terminal(b"\xff\x9b2J"), r"\xff\x9b2J");
    }

    #[test]
    fn what_is_text_stays() {
        assert_eq!(
            for_terminal("今天 \"C:\\new\" 😀 é".as_bytes()),
            "今天 \"C:\\new\" 😀 é"
        );
    }

    #[test]
    fn between_quotes_nothing_is_ambiguous() {
        let mut out = Vec::new();
        push_quoted(&mut out, b"say \"\\x41\"\xe9");
        assert_eq!(out, br#""say \"\\x41\"\xe9""#);
    }

    #[test]
    fn no_octet_of_any_text_drives_the_terminal() {
        for char in (0..=0x0010_ffff).filter_map(char::from_u32) {
            let shown = for_terminal(char.to_string().as_bytes());
            assert!(!shown.chars().any(is_unsafe), "{char:?}");
        }
    }
}
