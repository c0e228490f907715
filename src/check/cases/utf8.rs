//! UTF-8 in text messages: all of it is accepted, anything else fails the connection (RFC 6455
//! sections 5.6 and 8.1; RFC 3629).

use super::NOT_UTF8;
use crate::check::case::{Case, CaseStep, Grade};
use crate::check::expectation::{Expect, binary_message, text_message};
use crate::check::frame::{CaseFrame, binary, continuation, text};
use crate::check::request::Delivery;
use crate::diagnosis::catalogue::{self, RulePage};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = valid();
    cases.extend(invalid());
    cases.extend(split());
    cases.extend(cut());
    cases.extend(fragmented());
    cases.extend(fail_fast());
    cases.push(
        Case::new(
            "6455/8.1/binary-any",
            Grade::Must,
            &catalogue::TEXT_NOT_UTF8,
            "a binary message that is not UTF-8",
        )
        .send([binary([0xff, 0xfe, 0x00, 0xc0])])
        .echo(vec![binary_message([0xff, 0xfe, 0x00, 0xc0])]),
    );
    cases
}

fn valid() -> Vec<Case> {
    let case = |name, sends, payload: &str| {
        must(&format!("valid-{name}"), &catalogue::TEXT_NOT_UTF8, sends)
            .send([text(payload)])
            .echo(vec![text_message(payload)])
    };
    vec![
        case("1-byte", "a character of one byte", "a"),
        case("2-bytes", "a character of two bytes", "é"),
        case("3-bytes", "a character of three bytes", "€"),
        case("4-bytes", "a character of four bytes", "😀"),
        case("nul", "the character U+0000", "a\0b"),
        case("bom", "the character U+FEFF at the start", "\u{feff}text"),
        case(
            "noncharacters",
            "the noncharacters U+FFFE, U+FFFF and U+FDD0",
            "\u{fffe}\u{ffff}\u{fdd0}",
        ),
        case("10ffff", "the character U+10FFFF", "\u{10ffff}"),
        case(
            "largest",
            "the last characters of one, two and three bytes, and those around the surrogates",
            "\u{7f}\u{7ff}\u{ffff}\u{d7ff}\u{e000}",
        ),
    ]
}

fn invalid() -> Vec<Case> {
    let case = |name, sends, bytes: &[u8]| {
        let page: &'static RulePage = match name {
            "surrogate" | "surrogate-pair" => &catalogue::TEXT_SURROGATE,
            "cut" => &catalogue::TEXT_UTF8_CUT,
            _ => &catalogue::TEXT_NOT_UTF8,
        };
        let payload = [b"ab", bytes, b"cd"].concat();
        must(&format!("bad-{name}"), page, sends)
            .send([text("").with(payload)])
            .expect(NOT_UTF8)
    };
    vec![
        case("lone-continuation", "the byte 80 alone in a text", b"\x80"),
        case("lone-start", "the byte c3 before an ASCII letter", b"\xc3"),
        case(
            "overlong-2",
            "an overlong character of two bytes",
            b"\xc0\xaf",
        ),
        case(
            "overlong-3",
            "an overlong character of three bytes",
            b"\xe0\x80\xaf",
        ),
        case(
            "overlong-4",
            "an overlong character of four bytes",
            b"\xf0\x80\x80\xaf",
        ),
        case("surrogate", "the surrogate U+D800", b"\xed\xa0\x80"),
        case(
            "surrogate-pair",
            "a pair of surrogates",
            b"\xed\xa0\xbd\xed\xb8\x80",
        ),
        case(
            "beyond-10ffff",
            "a character beyond U+10FFFF",
            b"\xf4\x90\x80\x80",
        ),
        case(
            "5-bytes",
            "a character of five bytes",
            b"\xf8\x88\x80\x80\x80",
        ),
        case(
            "6-bytes",
            "a character of six bytes",
            b"\xfc\x84\x80\x80\x80\x80",
        ),
        case("fe", "the byte fe", b"\xfe"),
        case("ff", "the byte ff", b"\xff"),
        case(
            "cut",
            "the first two bytes of a character of three, before ASCII",
            b"\xe2\x82",
        ),
    ]
}

/// Characters that two fragments share, cut at each of their bytes.
fn split() -> Vec<Case> {
    let case = |length: usize, character: &str| {
        let bytes = character.as_bytes();
        let frames = (1..length).flat_map(|at| {
            let (head, tail) = bytes.split_at(at);
            [text("").with(head).not_final(), continuation(tail)]
        });
        let frames: Vec<CaseFrame> = frames.collect();
        must(
            &format!("split-{length}-bytes-at-each-byte"),
            &catalogue::TEXT_UTF8_CUT,
            &format!("texts in two fragments that share a character of {length} bytes"),
        )
        .send(frames)
        .echo(vec![text_message(character); length - 1])
    };
    vec![case(2, "é"), case(3, "€"), case(4, "😀")]
}

fn cut() -> Vec<Case> {
    let case = |length: usize, character: &str| {
        let whole = ["ab", character].concat().into_bytes();
        let payload = whole
            .split_last()
            .map_or_else(Vec::new, |(_, rest)| rest.to_vec());
        must(
            &format!("cut-at-end-{length}"),
            &catalogue::TEXT_UTF8_CUT,
            &format!("a text that ends inside a character of {length} bytes"),
        )
        .send([text("").with(payload)])
        .expect(NOT_UTF8)
    };
    vec![case(2, "é"), case(3, "€"), case(4, "😀")]
}

/// Text that only its fragments together, or the last of them, show to be wrong.
fn fragmented() -> [Case; 2] {
    let case = |name: &str, sends, first: &[u8], last: &[u8]| {
        must(&format!("bad-{name}"), &catalogue::TEXT_NOT_UTF8, sends)
            .send([
                text("").with(first).not_final(),
                continuation("").with(last),
            ])
            .expect(NOT_UTF8)
    };
    [
        case(
            "in-last-fragment",
            "a text in two fragments; the last one contains the byte ff",
            b"good ",
            b"b\xffd",
        ),
        case(
            "across-fragments",
            "a text in two fragments; the first one ends inside a character that the last one does \
             not go on with",
            b"\xe2\x82",
            b"ab",
        ),
    ]
}

/// A wrong byte in the first of two fragments: whether the connection is failed before the
/// second one.
fn fail_fast() -> Vec<Case> {
    let case = |name: &str, sends: &str, bytes: &[u8]| {
        Case::new(
            &format!("6455/8.1/fail-fast{name}"),
            Grade::Info,
            &catalogue::TEXT_NOT_UTF8,
            sends,
        )
        .step(CaseStep::Send(
            vec![text("").with(bytes).not_final()],
            Delivery::AtOnce,
        ))
        .expect(Expect::Report)
    };
    vec![
        case(
            "",
            "a text frame without FIN that contains the byte ff",
            b"ab\xffcd",
        ),
        case(
            "-surrogate",
            "a text frame without FIN that ends with half a surrogate",
            b"ab\xed\xa0",
        ),
    ]
}

fn must(name: &str, page: &'static RulePage, sends: &str) -> Case {
    Case::new(&format!("6455/8.1/{name}"), Grade::Must, page, sends)
}
