//! Masks: a client must refuse masked frames, and mask its own with fresh keys (RFC 6455 sections
//! 5.1 and 5.3).

use crate::check::case::{Case, Grade};
use crate::check::cases::{CLOSED_EITHER_WAY, PROTOCOL_ERROR};
use crate::check::expectation::{Expect, FrameRule, text_message};
use crate::check::frame::{CaseFrame, close, continuation, ping, text};
use crate::diagnosis::catalogue;
use crate::ws::Opcode;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = masked_frames();
    cases.extend(masked_answers());
    cases.extend(masking_keys());
    cases
}

/// Frames that a server must not mask, and the client must refuse.
fn masked_frames() -> Vec<Case> {
    let masked = |name: &str, sends: &str, frames: Vec<CaseFrame>, expect| {
        Case::new(
            &format!("6455/5.1/masked-{name}"),
            Grade::Must,
            &catalogue::SERVER_MASKS,
            sends,
        )
        .send(frames)
        .expect(expect)
    };
    vec![
        masked(
            "text",
            "a masked text frame",
            vec![text("masked").wrongly_masked()],
            PROTOCOL_ERROR,
        ),
        masked(
            "empty-text",
            "a masked text frame without payload",
            vec![text("").wrongly_masked()],
            PROTOCOL_ERROR,
        ),
        masked(
            "ping",
            "a masked ping",
            vec![ping("masked").wrongly_masked()],
            PROTOCOL_ERROR,
        ),
        masked(
            "close",
            "a masked close frame",
            vec![close(1000, "").wrongly_masked()],
            Expect::CloseRefused(&[1002]),
        )
        .grade(Grade::Should)
        .note(CLOSED_EITHER_WAY),
        masked(
            "continuation",
            "a text frame without FIN, then a masked continuation",
            vec![text("a").not_final(), continuation("b").wrongly_masked()],
            PROTOCOL_ERROR,
        ),
    ]
}

/// Frames that the client must mask.
fn masked_answers() -> Vec<Case> {
    let answers = |name: &str, sends: &str, frame: CaseFrame| {
        Case::new(
            &format!("6455/5.1/answers-masked-{name}"),
            Grade::Must,
            &catalogue::CLIENT_UNMASKED,
            sends,
        )
        .send([frame])
    };
    let rule = |opcode| Expect::Frames(FrameRule::MaskedByRole(opcode));
    vec![
        answers("echo", "a text frame", text("echo"))
            .echo(vec![text_message("echo")])
            .expect(rule(Opcode::TEXT)),
        answers("pong", "a ping", ping("pong"))
            .expect(Expect::Pong(b"pong".to_vec()))
            .expect(rule(Opcode::PONG)),
        answers("empty-pong", "a ping without payload", ping(""))
            .expect(Expect::Pong(Vec::new()))
            .expect(rule(Opcode::PONG)),
        answers("close", "a close frame", close(1000, ""))
            .expect(Expect::PeerCloses)
            .expect(rule(Opcode::CLOSE)),
    ]
}

/// The masking keys of the client.
fn masking_keys() -> Vec<Case> {
    let key = |name: &str, grade, rule| {
        Case::new(
            &format!("6455/5.3/{name}"),
            grade,
            &catalogue::MASK_KEY_WEAK,
            "three pings",
        )
        .send([ping("1"), ping("2"), ping("3")])
        .expect(Expect::Pong(b"3".to_vec()))
        .expect(Expect::Frames(rule))
    };
    vec![
        key("keys-fresh", Grade::Must, FrameRule::FreshKeys),
        key("keys-not-zero", Grade::Must, FrameRule::KeysNotZero),
    ]
}
