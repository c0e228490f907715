//! Fragmented messages, and control frames between the fragments (RFC 6455 section 5.4).

use super::script::{noise, text};
use super::{BINARY, CLOSE, Case, FIN, PING, PONG, TEXT, check_cases};

/// The first bytes of fragments without FIN.
const TEXT_BEGINS: u8 = 0x01;
const BINARY_BEGINS: u8 = 0x02;
const GOES_ON: u8 = 0x00;

#[test]
fn fragments_of_each_size_are_joined() {
    let mut cases = Vec::new();
    let whole = text(100);
    for size in [1, 2, 3, 50, 99, 100] {
        for (kind, begins, first) in [
            ("text", TEXT_BEGINS, TEXT),
            ("binary", BINARY_BEGINS, BINARY),
        ] {
            for piece in [usize::MAX, 1] {
                let name = format!("{kind} in fragments of {size}, pieces of {piece}");
                let mut case = Case::new(name);
                for (number, fragment) in whole.chunks(size).enumerate() {
                    let opcode = if number == 0 { begins } else { GOES_ON };
                    case = case.frame(opcode, fragment);
                }
                case = case.frame(FIN, b"").hear(first, &whole);
                cases.push(case.fine().chopped(piece));
            }
        }
    }
    let empty = |count: usize| {
        let mut case = Case::new(format!("{count} empty fragments")).frame(TEXT_BEGINS, b"");
        for _ in 0..count {
            case = case.frame(GOES_ON, b"");
        }
        case
    };
    cases.push(empty(0).frame(FIN, b"").hear(TEXT, b"").fine());
    cases.push(empty(1).frame(FIN, b"").hear(TEXT, b"").fine());
    cases.push(empty(1000).frame(FIN, b"end").hear(TEXT, b"end").fine());
    cases.push(
        empty(2)
            .frame(GOES_ON, b"in")
            .frame(GOES_ON, b"")
            .frame(FIN, b"")
            .hear(TEXT, b"in")
            .fine(),
    );
    let two = Case::new("two fragmented messages")
        .frame(TEXT_BEGINS, b"a")
        .frame(FIN, b"b");
    let two = two
        .hear(TEXT, b"ab")
        .frame(BINARY_BEGINS, b"c")
        .frame(FIN, b"d");
    cases.push(two.hear(BINARY, b"cd").echoed(TEXT, b"e").fine());
    check_cases(&[], &cases, 29);
}

#[test]
fn control_frames_may_stand_between_fragments() {
    let mut cases = Vec::new();
    for (name, payload) in [("empty", Vec::new()), ("of 125", noise(125))] {
        for piece in [usize::MAX, 1] {
            let name = |what| format!("{what} {name}, pieces of {piece}");
            let begun = |what| Case::new(name(what)).frame(TEXT_BEGINS, b"fragment 1, ");
            let ping = |case: Case| case.frame(PING, &payload).hear(PONG, &payload);
            let case = ping(begun("a ping"));
            let case = case
                .frame(FIN, b"fragment 2")
                .hear(TEXT, b"fragment 1, fragment 2");
            cases.push(case.fine().chopped(piece));
            let case = ping(ping(begun("two pings")));
            let case = ping(case.frame(GOES_ON, b"2, ")).frame(FIN, b"3");
            cases.push(case.hear(TEXT, b"fragment 1, 2, 3").fine().chopped(piece));
            let case = begun("a pong").frame(PONG, &payload).frame(FIN, b"2");
            cases.push(case.hear(TEXT, b"fragment 1, 2").fine().chopped(piece));
        }
    }
    // A character may be split around it.
    let case = Case::new("a ping inside a character").frame(TEXT_BEGINS, b"\xe4\xbd");
    let case = case.frame(PING, b"\xff").hear(PONG, b"\xff");
    cases.push(case.frame(FIN, b"\xa0").hear(TEXT, "你".as_bytes()).fine());
    // Nobody finishes a message when the connection is closed.
    let case = Case::new("a close inside a message").frame(TEXT_BEGINS, b"begun");
    cases.push(case.closed_alike(b"\x03\xe8bye"));
    let case = Case::new("a close inside a character").frame(TEXT_BEGINS, b"\xe4\xbd");
    cases.push(case.closed_alike(b""));
    check_cases(&[], &cases, 15);
}

#[test]
fn invalid_orders_of_fragments_are_refused() {
    let mut cases = Vec::new();
    let mut refused = |name: &str, frames: &[(u8, &[u8])]| {
        for piece in [usize::MAX, 1] {
            let mut case = Case::new(format!("{name}, pieces of {piece}")).chopped(piece);
            for (first, payload) in frames {
                case = case.frame(*first, payload);
            }
            cases.push(case.fails(1002));
        }
    };
    refused("a last continuation of nothing", &[(FIN, b"orphan")]);
    refused("an empty one", &[(FIN, b"")]);
    refused("a continuation of nothing", &[(GOES_ON, b"orphan")]);
    refused("a text in a text", &[(TEXT_BEGINS, b"a"), (TEXT, b"b")]);
    refused(
        "a text begun in a text",
        &[(TEXT_BEGINS, b"a"), (TEXT_BEGINS, b"b")],
    );
    refused("a binary in a text", &[(TEXT_BEGINS, b"a"), (BINARY, b"b")]);
    refused("a text in a binary", &[(BINARY_BEGINS, b"a"), (TEXT, b"b")]);
    refused(
        "a text behind two fragments",
        &[(TEXT_BEGINS, b"a"), (GOES_ON, b"b"), (TEXT, b"c")],
    );
    refused("a ping that goes on", &[(0x09, b"a"), (FIN, b"b")]);
    refused("a pong that goes on", &[(0x0a, b"a"), (FIN, b"b")]);
    refused("a close that goes on", &[(0x08, b"\x03\xe8")]);
    refused("an empty ping that goes on", &[(0x09, b"")]);
    refused(
        "a ping that goes on in a text",
        &[(TEXT_BEGINS, b"a"), (0x09, b"b")],
    );
    let done = |name: &str| {
        let case = Case::new(name).frame(TEXT_BEGINS, b"a").frame(FIN, b"b");
        case.hear(TEXT, b"ab")
    };
    cases.push(done("a continuation too many").frame(FIN, b"c").fails(1002));
    cases.push(
        done("and one that goes on")
            .frame(GOES_ON, b"c")
            .frame(CLOSE, b"")
            .fails(1002),
    );
    let case = Case::new("a continuation of a whole text").echoed(TEXT, b"a");
    cases.push(case.frame(FIN, b"b").fails(1002));
    check_cases(&[], &cases, 29);
}
