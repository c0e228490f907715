//! Fragmented messages, and control frames between the fragments (RFC 6455 section 5.4).

use super::script::{noise, text};
use super::{BINARY, CLOSE, Case, FIN, PING, PONG, TEXT, check_cases};

/// The first bytes of fragments without FIN.
const TEXT_STARTS: u8 = 0x01;
const BINARY_STARTS: u8 = 0x02;
const CONTINUES: u8 = 0x00;

#[test]
fn fragments_of_each_size_are_joined() {
    let mut cases = Vec::new();
    let whole = text(100);
    for size in [1, 2, 3, 50, 99, 100] {
        for (kind, begins, first) in [
            ("text", TEXT_STARTS, TEXT),
            ("binary", BINARY_STARTS, BINARY),
        ] {
            for piece in [usize::MAX, 1] {
                let name = format!("{kind} in fragments of {size}, pieces of {piece}");
                let mut case = Case::new(name);
                for (number, fragment) in whole.chunks(size).enumerate() {
                    let opcode = if number == 0 { begins } else { CONTINUES };
                    case = case.frame(opcode, fragment);
                }
                case = case.frame(FIN, b"").receives(first, &whole);
                cases.push(case.closed_normally().in_pieces_of(piece));
            }
        }
    }
    let empty = |count: usize| {
        let mut case = Case::new(format!("{count} empty fragments")).frame(TEXT_STARTS, b"");
        for _ in 0..count {
            case = case.frame(CONTINUES, b"");
        }
        case
    };
    cases.push(
        empty(0)
            .frame(FIN, b"")
            .receives(TEXT, b"")
            .closed_normally(),
    );
    cases.push(
        empty(1)
            .frame(FIN, b"")
            .receives(TEXT, b"")
            .closed_normally(),
    );
    cases.push(
        empty(1000)
            .frame(FIN, b"end")
            .receives(TEXT, b"end")
            .closed_normally(),
    );
    cases.push(
        empty(2)
            .frame(CONTINUES, b"in")
            .frame(CONTINUES, b"")
            .frame(FIN, b"")
            .receives(TEXT, b"in")
            .closed_normally(),
    );
    let two = Case::new("two fragmented messages")
        .frame(TEXT_STARTS, b"a")
        .frame(FIN, b"b");
    let two = two
        .receives(TEXT, b"ab")
        .frame(BINARY_STARTS, b"c")
        .frame(FIN, b"d");
    cases.push(
        two.receives(BINARY, b"cd")
            .echoed(TEXT, b"e")
            .closed_normally(),
    );
    check_cases(&[], &cases, 29);
}

#[test]
fn control_frames_may_stand_between_fragments() {
    let mut cases = Vec::new();
    for (name, payload) in [("empty", Vec::new()), ("of 125", noise(125))] {
        for piece in [usize::MAX, 1] {
            let name = |what| format!("{what} {name}, pieces of {piece}");
            let begun = |what| Case::new(name(what)).frame(TEXT_STARTS, b"fragment 1, ");
            let ping = |case: Case| case.frame(PING, &payload).receives(PONG, &payload);
            let case = ping(begun("a ping"));
            let case = case
                .frame(FIN, b"fragment 2")
                .receives(TEXT, b"fragment 1, fragment 2");
            cases.push(case.closed_normally().in_pieces_of(piece));
            let case = ping(ping(begun("two pings")));
            let case = ping(case.frame(CONTINUES, b"2, ")).frame(FIN, b"3");
            cases.push(
                case.receives(TEXT, b"fragment 1, 2, 3")
                    .closed_normally()
                    .in_pieces_of(piece),
            );
            let case = begun("a pong").frame(PONG, &payload).frame(FIN, b"2");
            cases.push(
                case.receives(TEXT, b"fragment 1, 2")
                    .closed_normally()
                    .in_pieces_of(piece),
            );
        }
    }
    // A character may be split around it.
    let case = Case::new("a ping inside a character").frame(TEXT_STARTS, b"\xe4\xbd");
    let case = case.frame(PING, b"\xff").receives(PONG, b"\xff");
    cases.push(
        case.frame(FIN, b"\xa0")
            .receives(TEXT, "你".as_bytes())
            .closed_normally(),
    );
    // A close frame may end the connection inside a message.
    let case = Case::new("a close inside a message").frame(TEXT_STARTS, b"begun");
    cases.push(case.close_echoed(b"\x03\xe8bye"));
    let case = Case::new("a close inside a character").frame(TEXT_STARTS, b"\xe4\xbd");
    cases.push(case.close_echoed(b""));
    check_cases(&[], &cases, 15);
}

#[test]
fn invalid_orders_of_fragments_are_refused() {
    let mut cases = Vec::new();
    let mut refused = |name: &str, frames: &[(u8, &[u8])]| {
        for piece in [usize::MAX, 1] {
            let mut case = Case::new(format!("{name}, pieces of {piece}")).in_pieces_of(piece);
            for (first, payload) in frames {
                case = case.frame(*first, payload);
            }
            cases.push(case.fails(1002));
        }
    };
    refused("a last continuation of nothing", &[(FIN, b"orphan")]);
    refused("an empty one", &[(FIN, b"")]);
    refused("a continuation of nothing", &[(CONTINUES, b"orphan")]);
    refused("a text in a text", &[(TEXT_STARTS, b"a"), (TEXT, b"b")]);
    refused(
        "a text begun in a text",
        &[(TEXT_STARTS, b"a"), (TEXT_STARTS, b"b")],
    );
    refused("a binary in a text", &[(TEXT_STARTS, b"a"), (BINARY, b"b")]);
    refused("a text in a binary", &[(BINARY_STARTS, b"a"), (TEXT, b"b")]);
    refused(
        "a text after two fragments",
        &[(TEXT_STARTS, b"a"), (CONTINUES, b"b"), (TEXT, b"c")],
    );
    refused("a fragmented ping", &[(0x09, b"a"), (FIN, b"b")]);
    refused("a fragmented pong", &[(0x0a, b"a"), (FIN, b"b")]);
    refused("a fragmented close", &[(0x08, b"\x03\xe8")]);
    refused("an empty fragmented ping", &[(0x09, b"")]);
    refused(
        "a fragmented ping in a text",
        &[(TEXT_STARTS, b"a"), (0x09, b"b")],
    );
    let done = |name: &str| {
        let case = Case::new(name).frame(TEXT_STARTS, b"a").frame(FIN, b"b");
        case.receives(TEXT, b"ab")
    };
    cases.push(done("a continuation too many").frame(FIN, b"c").fails(1002));
    cases.push(
        done("a continuation too many, not final")
            .frame(CONTINUES, b"c")
            .frame(CLOSE, b"")
            .fails(1002),
    );
    let case = Case::new("a continuation of a whole text").echoed(TEXT, b"a");
    cases.push(case.frame(FIN, b"b").fails(1002));
    check_cases(&[], &cases, 29);
}
