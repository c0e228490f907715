//! Reserved bits and opcodes: a receiver fails the connection (RFC 6455 section 5.2).

use crate::check::case::{Case, Grade};
use crate::check::expectation::{Expect, FrameRule, text_message};
use crate::check::frame::{CaseFrame, continuation, ping, text};
use crate::diagnosis::catalogue;
use crate::ws::Opcode;

/// The code of a connection that is failed because of the protocol (RFC 6455 section 7.4.1).
const PROTOCOL_ERROR: Expect = Expect::Failed(&[1002]);

pub(super) fn cases() -> Vec<Case> {
    let text_bits = (1..=7).map(|bits| {
        let page = if bits == 4 {
            &catalogue::RSV1_NOT_NEGOTIATED
        } else {
            &catalogue::RSV23_OR_OPCODE
        };
        must(
            &format!("6455/5.2/rsv-{bits}"),
            format!("a text frame with RSV {bits} of 7, which nothing negotiated"),
        )
        .page(page)
        .send([text("rsv").rsv(bits)])
        .expect(PROTOCOL_ERROR)
    });
    let ping_bits = [1, 2, 4].map(|bits| {
        must(
            &format!("6455/5.2/rsv-{bits}-ping"),
            format!("a ping with RSV {bits} of 7"),
        )
        .send([ping("rsv").rsv(bits)])
        .expect(PROTOCOL_ERROR)
    });
    let continuation_bits = [1, 2, 4].map(|bits| {
        must(
            &format!("6455/5.2/rsv-{bits}-continuation"),
            format!("a text frame without FIN, then a continuation with RSV {bits} of 7"),
        )
        .send([text("a").not_final(), continuation("b").rsv(bits)])
        .expect(PROTOCOL_ERROR)
    });
    let opcodes = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map(|value| {
        let opcode = Opcode::of_first_byte(value);
        must(
            &format!("6455/5.2/opcode-{value:x}"),
            format!("a frame with the reserved opcode {value}"),
        )
        .send([CaseFrame::new(opcode, "op")])
        .expect(PROTOCOL_ERROR)
    });
    text_bits
        .chain(ping_bits)
        .chain(continuation_bits)
        .chain(opcodes)
        .chain(answers())
        .collect()
}

/// What the peer sends obeys the rules, too.
fn answers() -> [Case; 2] {
    let valid = |opcode| Expect::Frames(FrameRule::Valid(opcode));
    [
        must("6455/5.2/answers-valid-echo", "a text frame".to_owned())
            .send([text("valid")])
            .echo(vec![text_message("valid")])
            .expect(valid(Opcode::TEXT)),
        must(
            "6455/5.2/answers-valid-failure",
            "a frame with the reserved opcode 3".to_owned(),
        )
        .send([CaseFrame::new(Opcode::of_first_byte(3), "valid")])
        .expect(PROTOCOL_ERROR)
        .expect(valid(Opcode::CLOSE)),
    ]
}

fn must(id: &str, sends: String) -> Case {
    Case::new(id, Grade::Must, &catalogue::RSV23_OR_OPCODE, sends)
}
