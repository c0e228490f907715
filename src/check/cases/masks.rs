//! Masks: a server accepts only masked frames and sends none (RFC 6455 sections 5.1 and 5.3).

use super::{CLOSED_EITHER_WAY, PROTOCOL_ERROR};
use crate::check::case::{Case, Grade};
use crate::check::expectation::{Expect, FrameRule, text_message};
use crate::check::frame::{CaseFrame, close, continuation, ping, text};
use crate::diagnosis::catalogue::{self, RulePage};
use crate::ws::Opcode;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = unmasked();
    cases.extend(keys());
    cases.extend(answers());
    cases
}

fn unmasked() -> Vec<Case> {
    let one = |name, sends, frame: CaseFrame| {
        must(
            &format!("5.1/unmasked-{name}"),
            &catalogue::CLIENT_UNMASKED,
            sends,
        )
        .send([frame.wrongly_masked()])
        .expect(PROTOCOL_ERROR)
    };
    vec![
        one("text", "an unmasked text frame", text("unmasked")),
        one(
            "empty-text",
            "an unmasked text frame without payload",
            text(""),
        ),
        one("ping", "an unmasked ping", ping("unmasked")),
        must(
            "5.1/unmasked-close",
            &catalogue::CLIENT_UNMASKED,
            "an unmasked close frame",
        )
        .grade(Grade::Should)
        .note(CLOSED_EITHER_WAY)
        .send([close(1000, "").wrongly_masked()])
        .expect(Expect::CloseRefused(&[1002])),
        must(
            "5.1/unmasked-continuation",
            &catalogue::CLIENT_UNMASKED,
            "a masked text frame without FIN, then an unmasked continuation",
        )
        .send([text("a").not_final(), continuation("b").wrongly_masked()])
        .expect(PROTOCOL_ERROR),
        must(
            "5.1/unmasked-after-good",
            &catalogue::CLIENT_UNMASKED,
            "a masked text frame, then an unmasked one",
        )
        .send([text("masked"), text("unmasked").wrongly_masked()])
        .expect(PROTOCOL_ERROR),
    ]
}

fn keys() -> Vec<Case> {
    let key = |name, sends, keys: [[u8; 4]; 2]| {
        must(&format!("5.3/key-{name}"), &catalogue::UNMASK_OFFSET, sends)
            .send([text("first").key(keys[0]), text("second").key(keys[1])])
            .expect(Expect::Taken)
    };
    vec![
        key("zero", "text frames masked with 00000000", [[0; 4]; 2]),
        key(
            "same-twice",
            "two text frames masked with the same key",
            [[0x37, 0xfa, 0x21, 0x3d]; 2],
        ),
        key("ff", "text frames masked with ffffffff", [[0xff; 4]; 2]),
    ]
}

/// "A server MUST NOT mask any frames that it sends to the client" (section 5.1).
fn answers() -> Vec<Case> {
    let answer = |name, sends, frame: CaseFrame| {
        must(
            &format!("5.1/answers-unmasked-{name}"),
            &catalogue::SERVER_MASKS,
            sends,
        )
        .send([frame])
    };
    let rule = |opcode| Expect::Frames(FrameRule::MaskedByRole(opcode));
    vec![
        answer("echo", "a text frame", text("echo"))
            .echo(vec![text_message("echo")])
            .expect(rule(Opcode::TEXT)),
        answer("pong", "a ping", ping("pong"))
            .expect(Expect::Pong(b"pong".to_vec()))
            .expect(rule(Opcode::PONG)),
        answer("close", "a close frame", close(1000, ""))
            .expect(Expect::PeerCloses)
            .expect(rule(Opcode::CLOSE)),
    ]
}

fn must(id: &str, page: &'static RulePage, sends: &str) -> Case {
    Case::new(&format!("6455/{id}"), Grade::Must, page, sends)
}
