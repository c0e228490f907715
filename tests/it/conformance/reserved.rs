//! Reserved bits without an extension (RFC 6455 section 5.2).

use super::script::head;
use super::{BINARY, CLOSE, Case, PING, PONG, TEXT, check_cases};

#[test]
fn reserved_bits_are_refused_on_each_frame() {
    let mut cases = Vec::new();
    for rsv in 1..=7 {
        let name = |what: &str| format!("RSV {rsv} on {what}");
        let bits = rsv << 4;
        for (what, first) in [
            ("a text", TEXT),
            ("a binary", BINARY),
            ("a ping", PING),
            ("a pong", PONG),
            ("a close", CLOSE),
            ("a fragment", 0x01),
        ] {
            cases.push(
                Case::new(name(what))
                    .frame(first | bits, b"\x03\xe8")
                    .fails(1002),
            );
        }
        let second = Case::new(name("the second text")).echoed(TEXT, b"first");
        cases.push(second.frame(TEXT | bits, b"second").fails(1002));
        let second = || Case::new(name("a text, byte by byte")).echoed(TEXT, b"first");
        cases.push(
            second()
                .frame(TEXT | bits, b"second")
                .frame(PING, b"")
                .in_pieces_of(1)
                .fails(1002),
        );
        let fragment = Case::new(name("a continuation")).frame(0x01, b"first");
        cases.push(fragment.frame(0x80 | bits, b"second").fails(1002));
        // Only the header is sent.
        let announced = Case::new(name("a text, only its header")).bytes(&head(TEXT | bits, 900));
        cases.push(announced.bytes(b"\0\0\0\0").fails(1002));
    }
    check_cases(&[], &cases, 70);
}
