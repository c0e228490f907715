//! Text must be UTF-8, and fails at its first invalid byte (RFC 6455 section 8.1, RFC 3629).

use super::script::head;
use super::{Case, FIN, PING, PONG, TEXT, check_cases};

/// Texts at each boundary of RFC 3629 section 3, and a few usual ones.
const VALID: &[&[u8]] = &[
    b"\x00",
    b"\x7f",
    b"\xc2\x80",
    b"\xdf\xbf",
    b"\xe0\xa0\x80",
    b"\xe0\xbf\xbf",
    b"\xe1\x80\x80",
    b"\xec\xbf\xbf",
    b"\xed\x80\x80",
    b"\xed\x9f\xbf",
    b"\xee\x80\x80",
    b"\xef\xbb\xbf",
    b"\xef\xbf\xbd",
    b"\xef\xbf\xbe",
    b"\xef\xbf\xbf",
    b"\xf0\x90\x80\x80",
    b"\xf0\xbf\xbf\xbf",
    b"\xf1\x80\x80\x80",
    b"\xf3\xbf\xbf\xbf",
    b"\xf4\x80\x80\x80",
    b"\xf4\x8f\xbf\xbf",
    "κόσμε Grüße 你好 𝄞 👩\u{200d}👧".as_bytes(),
];

/// Invalid texts, each with the number of bytes after which it is known to be invalid. A number greater
/// than the length means that only the end of the message makes it invalid.
const INVALID: &[(&str, &[u8], usize)] = &[
    ("80, the first continuation byte, alone", b"\x80", 1),
    ("bf, the last continuation byte, alone", b"\xbf", 1),
    ("two continuation bytes after text", b"ab\x80\xbf", 3),
    ("overlong slash in two", b"\xc0\xaf", 1),
    ("overlong NUL in two", b"\xc0\x80", 1),
    ("overlong in two, the largest", b"\xc1\xbf", 1),
    ("overlong in three, the smallest", b"\xe0\x80\x80", 2),
    ("overlong in three, the largest", b"\xe0\x9f\xbf", 2),
    ("overlong in four, the smallest", b"\xf0\x80\x80\x80", 2),
    ("overlong in four, the largest", b"\xf0\x8f\xbf\xbf", 2),
    ("the first surrogate", b"\xed\xa0\x80", 2),
    ("the last high surrogate", b"\xed\xaf\xbf", 2),
    ("the first low surrogate", b"\xed\xb0\x80", 2),
    ("the last surrogate", b"\xed\xbf\xbf", 2),
    ("a pair of surrogates", b"\xed\xa0\xbd\xed\xb8\x80", 2),
    ("one beyond the last character", b"\xf4\x90\x80\x80", 2),
    ("f5", b"\xf5\x80\x80\x80", 1),
    ("f7", b"\xf7\xbf\xbf\xbf", 1),
    ("the form of five bytes", b"\xf8\x88\x80\x80\x80", 1),
    ("the form of six bytes", b"\xfc\x84\x80\x80\x80\x80", 1),
    ("fe", b"\xfe", 1),
    ("ff", b"a\xff", 2),
    ("Latin-1", b"caf\xe9!", 5),
    ("two begun, then text", b"\xc3a", 2),
    ("three begun, then text", b"\xe4\xbda", 3),
    ("four begun, then text", b"\xf0\x9d\x84a", 4),
    ("three begun twice", b"\xe4\xe4\xbd\xa0", 2),
    ("UTF-16", b"\xfe\xff\x00a", 1),
    ("two cut", b"a\xc3", 3),
    ("three cut", b"a\xe4\xbd", 4),
    ("four cut", b"a\xf0\x9d\x84", 5),
    ("four cut early", b"\xf0", 2),
];

/// Text in fragments of one byte without FIN.
fn in_fragments(mut case: Case, text: &[u8]) -> Case {
    for (number, byte) in text.iter().enumerate() {
        case = case.frame(u8::from(number == 0), &[*byte]);
    }
    case
}

#[test]
fn valid_utf8_is_echoed() {
    let mut cases = Vec::new();
    for text in VALID {
        let name = text.escape_ascii();
        let case = |how| Case::new(format!("{name} {how}"));
        cases.push(case("whole").echoed(TEXT, text).closed_normally());
        cases.push(
            case("byte by byte")
                .echoed(TEXT, text)
                .closed_normally()
                .in_pieces_of(1),
        );
        let fragments = in_fragments(case("in fragments"), text);
        cases.push(
            fragments
                .frame(FIN, b"")
                .receives(TEXT, text)
                .closed_normally(),
        );
    }
    let text = VALID.concat();
    for at in (1..text.len()).step_by(3) {
        let (left, right) = text.split_at(at);
        let case = Case::new(format!("all of them, cut at {at}")).frame(0x01, left);
        let case = case.frame(PING, b"").receives(PONG, b"").frame(FIN, right);
        cases.push(case.receives(TEXT, &text).closed_normally());
    }
    check_cases(
        &[],
        &cases,
        66 + text.len().div_ceil(3) - usize::from(text.len() % 3 == 1),
    );
}

#[test]
fn invalid_utf8_fails_at_its_first_invalid_byte() {
    let mut cases = Vec::new();
    for (name, text, needed) in INVALID {
        let case = |how| Case::new(format!("{name}, {how}")).fails(1007);
        cases.push(case("whole").frame(TEXT, text));
        cases.push(case("byte by byte").frame(TEXT, text).in_pieces_of(1));
        if let Some(enough) = text.get(..*needed) {
            // The rest of the frame or of the message is not sent.
            let begun = case("at the beginning of 1 MiB").bytes(&head(TEXT, 1 << 20));
            cases.push(begun.bytes(b"\0\0\0\0").bytes(enough));
            cases.push(in_fragments(case("in fragments, unfinished"), enough));
        } else {
            cases.push(in_fragments(case("in fragments"), text).frame(FIN, b""));
        }
    }
    check_cases(&[], &cases, 28 * 4 + 4 * 3);
}

#[test]
fn binary_messages_need_no_utf8() {
    let frames = INVALID.iter().map(|(name, bytes, _)| {
        let case = Case::new(format!("{name}, binary"));
        case.echoed(super::BINARY, bytes)
            .frame(PING, bytes)
            .receives(PONG, bytes)
            .closed_normally()
    });
    check_cases(&[], &frames.collect::<Vec<_>>(), INVALID.len());
}
