//! Pings and pongs (RFC 6455 sections 5.5.2 and 5.5.3).

use super::script::{head, noise};
use super::{BINARY, Case, PING, PONG, TEXT, check_cases};

#[test]
fn a_ping_is_answered_with_its_payload() {
    let mut cases = Vec::new();
    for size in [0, 1, 2, 64, 124, 125] {
        let payload = noise(size);
        let case = |how| {
            let case = Case::new(format!("a ping of {size}, {how}"));
            case.frame(PING, &payload)
                .receives(PONG, &payload)
                .closed_normally()
        };
        cases.extend([case("at once"), case("byte by byte").in_pieces_of(1)]);
    }
    for count in [2, 10, 1000] {
        for piece in [usize::MAX, 7] {
            let mut case = Case::new(format!("{count} pings in pieces of {piece}"));
            for number in 0..count {
                let payload = format!("payload-{number}");
                case = case
                    .frame(PING, payload.as_bytes())
                    .receives(PONG, payload.as_bytes());
            }
            cases.push(case.closed_normally().in_pieces_of(piece));
        }
    }
    for (name, payload) in [
        ("text", &b"Hello"[..]),
        (
            "bytes that are not UTF-8",
            b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff",
        ),
        ("a frame", b"\x81\x85\x37\xfa\x21\x3d"),
    ] {
        let case = Case::new(format!("a ping with {name}"));
        cases.push(
            case.frame(PING, payload)
                .receives(PONG, payload)
                .closed_normally(),
        );
    }
    let case = Case::new("a ping between two messages")
        .echoed(TEXT, b"a")
        .frame(PING, b"b");
    cases.push(
        case.receives(PONG, b"b")
            .echoed(BINARY, b"c")
            .closed_normally(),
    );
    check_cases(&[], &cases, 22);
}

#[test]
fn an_unsolicited_pong_is_ignored() {
    let mut cases = Vec::new();
    for size in [0, 1, 125] {
        let pong = |how| Case::new(format!("a pong of {size}, {how}")).frame(PONG, &noise(size));
        cases.push(pong("alone").closed_normally());
        cases.push(pong("byte by byte").closed_normally().in_pieces_of(1));
        cases.push(
            pong("and a ping")
                .frame(PING, b"p")
                .receives(PONG, b"p")
                .closed_normally(),
        );
        cases.push(pong("and a text").echoed(TEXT, b"t").closed_normally());
    }
    let mut many = Case::new("a thousand pongs");
    for _ in 0..1000 {
        many = many.frame(PONG, b"again");
    }
    cases.push(many.echoed(TEXT, b"t").closed_normally());
    check_cases(&[], &cases, 13);
}

#[test]
fn a_control_frame_of_more_than_125_bytes_is_refused() {
    let mut cases = Vec::new();
    for (kind, first) in [("ping", PING), ("pong", PONG), ("close", super::CLOSE)] {
        for size in [126, 127, 65535, 65536] {
            let name = format!("a {kind} of {size}");
            let case = Case::new(format!("{name}, at once"));
            cases.push(case.frame(first, &vec![b'a'; size]).fails(1002));
            // Only the header is sent.
            let case =
                Case::new(format!("{name}, only its header")).bytes(&head(first, size as u64));
            cases.push(case.bytes(b"\0\0\0\0").fails(1002));
        }
    }
    check_cases(&[], &cases, 24);
}
