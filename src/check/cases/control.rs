//! Control frames: pings are answered, pongs are not, none is long or fragmented (RFC 6455
//! sections 5.4 and 5.5).

use super::PROTOCOL_ERROR;
use crate::check::case::{Case, Grade};
use crate::check::expectation::{Expect, FrameRule, text_message};
use crate::check::frame::{CaseFrame, close_with, continuation, ping, pong, text};
use crate::diagnosis::catalogue::{self, RulePage};
use crate::ws::Opcode;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = pings();
    cases.extend(pongs());
    cases.extend(wrong());
    cases.extend(between_fragments());
    cases
}

fn pings() -> Vec<Case> {
    let case = |name, sends, payload: Vec<u8>| {
        must(
            &format!("5.5.2/ping-{name}"),
            &catalogue::PONG_WRONG_PAYLOAD,
            sends,
        )
        .send([ping(payload.clone())])
        .expect(Expect::Pong(payload))
    };
    let ten = (0..10).map(|number| ping(format!("ping {number}")));
    vec![
        case("0", "a ping without payload", Vec::new()),
        case("1", "a ping of 1 byte", b"1".to_vec()),
        case("125", "a ping of 125 bytes", vec![b'p'; 125]),
        case(
            "not-utf8",
            "a ping that is not UTF-8",
            vec![0x00, 0xff, 0xfe, 0xfd, 0xc0, 0x80],
        ),
        must(
            "5.5.2/ping-10",
            &catalogue::PING_WITHOUT_PONG,
            "ten pings in one segment",
        )
        .send(ten)
        .expect(Expect::Pong(b"ping 9".to_vec())),
        must(
            "5.5/answers-valid-pong",
            &catalogue::CONTROL_TOO_LONG,
            "a ping of 125 bytes",
        )
        .send([ping([b'v'; 125])])
        .expect(Expect::Pong(vec![b'v'; 125]))
        .expect(Expect::Frames(FrameRule::Valid(Opcode::PONG))),
    ]
}

fn pongs() -> Vec<Case> {
    let case = |length: usize| {
        must(
            &format!("5.5.3/pong-{length}"),
            &catalogue::PONG_WRONG_PAYLOAD,
            &format!("a pong of {length} bytes that answers no ping"),
        )
        .send([pong(vec![b'q'; length])])
        .expect(Expect::NoPong(vec![b'q'; length]))
    };
    vec![case(0), case(125)]
}

fn wrong() -> Vec<Case> {
    let case = |id: &str, page, sends: &str, frame: CaseFrame| {
        let expect = if id.starts_with("close") {
            Expect::CloseRefused(&[1002])
        } else {
            PROTOCOL_ERROR
        };
        Case::new(&format!("6455/5.5/{id}"), Grade::Consensus, page, sends)
            .send([frame])
            .expect(expect)
    };
    let long = &catalogue::CONTROL_TOO_LONG;
    let fragmented = &catalogue::CONTROL_FRAGMENTED;
    let goodbye = |length: usize| [&1000_u16.to_be_bytes()[..], &vec![b'x'; length]].concat();
    vec![
        case(
            "ping-126",
            long,
            "a ping of 126 bytes",
            ping(vec![b'p'; 126]),
        ),
        case(
            "pong-126",
            long,
            "a pong of 126 bytes",
            pong(vec![b'p'; 126]),
        ),
        case(
            "close-126",
            long,
            "a close frame of 126 bytes",
            close_with(goodbye(124)),
        ),
        case(
            "ping-fragmented",
            fragmented,
            "a ping without FIN",
            ping("a").not_final(),
        ),
        case(
            "pong-fragmented",
            fragmented,
            "a pong without FIN",
            pong("a").not_final(),
        ),
        case(
            "close-fragmented",
            fragmented,
            "a close frame without FIN",
            close_with(goodbye(0)).not_final(),
        ),
    ]
}

/// "Control frames MAY be injected in the middle of a fragmented message" (section 5.4).
fn between_fragments() -> Vec<Case> {
    let frames = || [text("Hel").not_final(), ping("between"), continuation("lo")];
    let page = &catalogue::FRAGMENTS_IGNORED_BY_RECEIVER;
    let sends = "a ping between the two fragments of a message";
    vec![
        must("5.4/ping-in-message", page, sends)
            .send(frames())
            .expect(Expect::Pong(b"between".to_vec()))
            .echo(vec![text_message("Hello")]),
        Case::new(
            "6455/5.5.2/ping-in-message-before-echo",
            Grade::Should,
            page,
            sends,
        )
        .send(frames())
        .expect(Expect::PongFirst(b"between".to_vec())),
        must(
            "5.5.2/pong-before-more",
            &catalogue::PING_WITHOUT_PONG,
            "a ping inside a message, and nothing after it",
        )
        .send([text("Hel").not_final(), ping("waiting")])
        .expect(Expect::Pong(b"waiting".to_vec())),
    ]
}

fn must(id: &str, page: &'static RulePage, sends: &str) -> Case {
    Case::new(&format!("6455/{id}"), Grade::Must, page, sends)
}
