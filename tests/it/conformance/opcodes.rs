//! Reserved opcodes (RFC 6455 section 5.2).

use super::script::head;
use super::{Case, PING, PONG, TEXT, check_cases};

#[test]
fn reserved_opcodes_are_refused() {
    let mut cases = Vec::new();
    for opcode in (3..=7).chain(11..=15) {
        let name = |what: &str| format!("opcode {opcode}, {what}");
        let first = 0x80 | opcode;
        cases.push(Case::new(name("empty")).frame(first, b"").fails(1002));
        cases.push(
            Case::new(name("with a payload"))
                .frame(first, b"reserved")
                .fails(1002),
        );
        cases.push(
            Case::new(name("not final"))
                .frame(opcode, b"reserved")
                .fails(1002),
        );
        let after_others = || Case::new(name("after a text and a ping")).echoed(TEXT, b"first");
        let after_others = || {
            after_others()
                .frame(PING, b"2")
                .receives(PONG, b"2")
                .frame(first, b"third")
        };
        cases.push(after_others().fails(1002));
        cases.push(
            after_others()
                .frame(TEXT, b"fourth")
                .in_pieces_of(1)
                .fails(1002),
        );
        let inside = Case::new(name("inside a message")).frame(0x01, b"begun");
        cases.push(inside.frame(first, b"").fails(1002));
        let announced = Case::new(name("only its header")).bytes(&head(first, 100));
        cases.push(announced.bytes(b"\0\0\0\0").fails(1002));
    }
    check_cases(&[], &cases, 70);
}
