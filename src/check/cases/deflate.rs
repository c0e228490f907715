//! Compressed messages (RFC 7692 sections 6 and 7.2).

use super::{CLOSED_EITHER_WAY, NOT_UTF8, PROTOCOL_ERROR, echo_of_repeats, repeats};
use crate::check::case::{Case, CaseStep, Grade, Need};
use crate::check::deflate::{bomb, deflated, deflated_after, with_reference};
use crate::check::expectation::{
    Answer, EchoedMessage, Expect, FrameRule, binary_message, text_message,
};
use crate::check::frame::{CaseFrame, binary, close, continuation, ping, pong, text};
use crate::check::request::{Delivery, extensions};
use crate::diagnosis::catalogue::{self, RulePage};
use crate::ws::Opcode;
use crate::ws::deflate::TAIL;

const CANNOT_INFLATE: Expect = Expect::Failed(&[1002, 1003, 1007]);

pub(super) fn cases() -> Vec<Case> {
    let mut cases = examples();
    cases.extend(lengths());
    cases.extend(forms());
    cases.extend(wrong_bits());
    cases.extend(answers());
    cases.extend(contexts());
    cases.extend(windows());
    cases.extend(damaged());
    cases.extend(bombs());
    cases
}

/// The examples of RFC 7692 section 7.2.3.
fn examples() -> Vec<Case> {
    const HELLO: &[u8] = b"\xf2\x48\xcd\xc9\xc9\x07\x00";
    let example =
        |number: u8, sends: &str, frames: Vec<CaseFrame>, messages: Vec<EchoedMessage>| {
            must(
                &format!("7.2.3.{number}/example"),
                &catalogue::PMD_TAIL,
                sends,
            )
            .send(frames)
            .echo(messages)
        };
    let hello = || text_message("Hello");
    let one = |payload: &[u8]| vec![compressed(payload)];
    vec![
        example(
            1,
            "`Hello` in one compressed block",
            one(HELLO),
            vec![hello()],
        ),
        example(
            2,
            "`Hello` twice, the second time as a reference to the first",
            vec![
                compressed(HELLO),
                compressed(b"\xf2\x00\x11\x00\x00").or_without_context(HELLO),
            ],
            vec![hello(), hello()],
        ),
        example(
            3,
            "`Hello` in a stored block",
            one(b"\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"),
            vec![hello()],
        ),
        example(
            4,
            "`Hello` in a block with BFINAL",
            one(b"\xf3\x48\xcd\xc9\xc9\x07\x00\x00"),
            vec![hello()],
        ),
        example(
            5,
            "`Hello` in two blocks",
            one(b"\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"),
            vec![hello()],
        ),
        example(
            6,
            "`Hello` with a flush, and a last fragment without data: the byte 00",
            vec![
                compressed(&[HELLO, &TAIL].concat()).not_final(),
                continuation([0x00]),
            ],
            vec![hello()],
        ),
    ]
}

fn lengths() -> Vec<Case> {
    let case = |length: usize| {
        let payload = repeats_of(length);
        must(
            &format!("6.2/{length}"),
            &catalogue::PMD_TAIL,
            &format!("a compressed text of {length} bytes"),
        )
        .send([compressed(&deflated(payload.as_bytes()))])
        .echo(vec![text_message(payload)])
    };
    [0, 1, 125, 126, 65536].map(case).to_vec()
}

fn forms() -> Vec<Case> {
    let sentence = b"compressed in several fragments, compressed in several fragments";
    let payload = deflated(sentence);
    let pieces = |size: usize, between: Option<CaseFrame>| {
        let last = payload.chunks(size).count() - 1;
        let mut frames = Vec::new();
        for (index, piece) in payload.chunks(size).enumerate() {
            let frame = if index == 0 {
                compressed(piece)
            } else {
                continuation(piece)
            };
            frames.push(if index == last {
                frame
            } else {
                frame.not_final()
            });
            if index == 0 {
                frames.extend(between.clone());
            }
        }
        frames
    };
    let fragmented = |name, sends, frames: Vec<CaseFrame>| {
        must(
            &format!("6.1/fragmented-{name}"),
            &catalogue::PMD_RSV1_NOT_FIRST,
            sends,
        )
        .send(frames)
        .echo(vec![text_message(*sentence)])
    };
    let half = payload.len().div_ceil(2);
    vec![
        must(
            "6/uncompressed",
            &catalogue::PMD_FLAG_MISMATCH,
            "an uncompressed text although permessage-deflate was agreed on",
        )
        .send([text("uncompressed")])
        .echo(vec![text_message("uncompressed")]),
        fragmented(
            "2",
            "a compressed text in two fragments",
            pieces(half, None),
        ),
        fragmented(
            "each-byte",
            "a compressed text in fragments of a byte",
            pieces(1, None),
        ),
        fragmented(
            "ping-between",
            "a compressed text in two fragments with a ping between them",
            pieces(half, Some(ping("between"))),
        ),
    ]
}

fn wrong_bits() -> Vec<Case> {
    let payload = deflated(b"Hello");
    let (head, tail) = payload.split_at(payload.len() / 2);
    let case = |name, sends, frames: Vec<CaseFrame>, expect| {
        must(
            &format!("6.1/rsv1-on-{name}"),
            &catalogue::PMD_RSV1_NOT_FIRST,
            sends,
        )
        .send(frames)
        .expect(expect)
    };
    vec![
        case(
            "continuation",
            "a compressed text in two fragments, both with RSV1",
            vec![
                compressed(head).not_final(),
                continuation(tail).compressed(),
            ],
            PROTOCOL_ERROR,
        ),
        case(
            "ping",
            "a ping with RSV1",
            vec![ping("rsv1").compressed()],
            PROTOCOL_ERROR,
        ),
        case(
            "pong",
            "a pong with RSV1",
            vec![pong("rsv1").compressed()],
            PROTOCOL_ERROR,
        ),
        case(
            "close",
            "a close frame with RSV1",
            vec![close(1000, "").compressed()],
            Expect::CloseRefused(&[1002]),
        )
        .grade(Grade::Should)
        .note(CLOSED_EITHER_WAY),
    ]
}

/// The bits of what the peer sends.
fn answers() -> [Case; 2] {
    let page = &catalogue::PMD_RSV1_NOT_FIRST;
    let valid = |opcode| Expect::Frames(FrameRule::Valid(opcode));
    [
        must("6.1/answers-valid-echo", page, "a compressed text")
            .send([compressed(&deflated(b"valid"))])
            .echo(vec![text_message("valid")])
            .expect(valid(Opcode::TEXT)),
        must("6.1/answers-valid-pong", page, "a ping")
            .send([ping("valid")])
            .expect(Expect::Pong(b"valid".to_vec()))
            .expect(valid(Opcode::PONG)),
    ]
}

fn contexts() -> Vec<Case> {
    let page = &catalogue::PMD_CONTEXT;
    let sentence = b"a sentence that is sent twice";
    let fresh = || compressed(&deflated(sentence));
    let both = || vec![text_message(*sentence), text_message(*sentence)];
    vec![
        must(
            "7.2.2/context-kept",
            page,
            "two compressed texts; the second refers to the first if it may",
        )
        .send([
            fresh(),
            compressed(&deflated_after(sentence, sentence)).or_without_context(deflated(sentence)),
        ])
        .echo(both()),
        must(
            "7.2.2/context-fresh",
            page,
            "two compressed texts; the second does not refer to the first",
        )
        .send([fresh(), fresh()])
        .echo(both()),
        offer(
            "7.2.2/context-no-takeover",
            page,
            "two compressed texts, each with a context of its own, as agreed on",
            "permessage-deflate; client_no_context_takeover",
        )
        .send([fresh(), fresh()])
        .echo(both()),
        // The parameter binds the server, and the client keeps its context.
        offer(
            "7.2.2/context-of-the-other-side",
            page,
            "two compressed texts; the second refers to the first, although the server keeps no context",
            "permessage-deflate; server_no_context_takeover",
        )
        .send([
            fresh(),
            compressed(&deflated_after(sentence, sentence)).or_without_context(deflated(sentence)),
        ])
        .echo(both()),
    ]
}

fn windows() -> Vec<Case> {
    let page = &catalogue::PMD_WINDOW;
    let case = |name: &str, bits: u8, value: &str| {
        let distance = 1_u16 << bits;
        let literals = noise(distance.into());
        let mut message = literals.clone();
        message.extend_from_slice(literals.get(..3).unwrap_or_default());
        offer(
            &format!("7.2.2/window-{name}"),
            page,
            &format!("a compressed message that refers {distance} bytes back"),
            &format!("permessage-deflate{value}"),
        )
        .send([binary(with_reference(&literals, 3, distance)).compressed()])
        .echo(vec![binary_message(message)])
    };
    vec![
        case("8", 8, "; client_max_window_bits=8"),
        case("9", 9, "; client_max_window_bits=9"),
        case("15", 15, ""),
        // The parameter binds the server, and the window of the client is the largest.
        case("15-of-the-other-side", 15, "; server_max_window_bits=9"),
        offer(
            "7.2.1/echo-within-window",
            page,
            "a text of 64 KiB that repeats itself after more than 512 bytes",
            "permessage-deflate; server_max_window_bits=9",
        )
        .send([text(&repeats(9).repeat(52))])
        .echo(vec![text_message(echo_of_repeats(9).payload.repeat(52))])
        .expect(Expect::Frames(FrameRule::Window(9))),
    ]
}

fn damaged() -> Vec<Case> {
    let case = |name, page, sends, payload: &[u8]| {
        let mut case = must(&format!("7.2.2/{name}"), page, sends)
            .send([compressed(payload)])
            .expect(CANNOT_INFLATE);
        case.grade = Grade::Consensus;
        case
    };
    let cut = deflated(b"a message that ends inside its DEFLATE stream");
    let mut reported = must(
        "7.2.2/cut",
        &catalogue::PMD_CUT,
        "a compressed text that ends inside its DEFLATE stream",
    )
    .send([compressed(cut.get(..cut.len() / 2).unwrap_or_default())])
    .expect(Expect::Report);
    reported.grade = Grade::Info;
    let mut bad_utf8 = must(
        "8.1/bad-utf8-inside",
        &catalogue::TEXT_NOT_UTF8,
        "a compressed text that is not UTF-8",
    )
    .send([compressed(&deflated(b"ab\xff\xfecd"))])
    .expect(NOT_UTF8);
    "6455/8.1/bad-utf8-inside".clone_into(&mut bad_utf8.id);
    let flags = &catalogue::PMD_FLAG_MISMATCH;
    let wrapped = &catalogue::PMD_ZLIB_GZIP;
    vec![
        case("broken-block", flags, "a compressed text with the reserved block type 11", b"\x06\x00"),
        case(
            "distance-too-far",
            &catalogue::PMD_CONTEXT,
            "a compressed text that refers to bytes before its beginning",
            &with_reference(b"abc", 3, 100),
        ),
        case(
            "gzip",
            wrapped,
            "a text compressed as gzip",
            b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xf3\x48\xcd\xc9\xc9\x07\x00\x82\x89\xd1\xf7\x05\x00\x00\x00",
        ),
        case(
            "zlib",
            wrapped,
            "a text compressed as zlib",
            b"\x78\x9c\xf3\x48\xcd\xc9\xc9\x07\x00\x05\x8c\x01\xf5",
        ),
        reported,
        bad_utf8,
    ]
}

/// A few kibibytes that inflate to much more (RFC 6455 section 10.4).
fn bombs() -> Vec<Case> {
    let case = |name: &str, mebibytes: usize| {
        let mut case = must(
            &format!("10.4/bomb-{name}"),
            &catalogue::MESSAGE_TOO_BIG,
            &format!("a binary message that inflates to {mebibytes} MiB of zeros"),
        )
        .needs(Need::Limits)
        .needs(Need::EchoBinary)
        .step(CaseStep::Send(
            vec![binary(bomb(mebibytes)).compressed()],
            Delivery::AtOnce,
        ))
        .expect(Expect::EchoOrClosed((mebibytes as u64) << 20));
        case.id = format!("6455/10.4/bomb-{name}");
        case.grade = Grade::Should;
        case
    };
    vec![case("16-mib", 16), case("1-gib", 1024)]
}

/// A compressed text frame.
fn compressed(payload: &[u8]) -> CaseFrame {
    text("").with(payload).compressed()
}

fn must(id: &str, page: &'static RulePage, sends: &str) -> Case {
    offer(id, page, sends, "permessage-deflate")
}

/// A case on a connection with this offer, which the server accepts.
fn offer(id: &str, page: &'static RulePage, sends: &str, offer: &str) -> Case {
    Case::new(&format!("7692/{id}"), Grade::Must, page, sends)
        .needs(Need::Deflate)
        .request([extensions([offer])])
        .answer(Answer::Deflate)
}

/// Text of this length that compresses.
fn repeats_of(length: usize) -> String {
    let mut text = "a text that repeats itself, ".repeat(length / 28 + 1);
    text.truncate(length);
    text
}

/// Bytes in which no three in a row come twice nearby.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_be_bytes()[0]
    };
    (0..length).map(|_| next()).collect()
}
