//! The closing handshake, its codes, and the end of the TCP connection (RFC 6455 sections 5.5.1,
//! 7.1 and 7.4).

use crate::check::case::{Case, CaseStep, Grade, Need};
use crate::check::expectation::{CloseAnswer, Expect, FrameRule};
use crate::check::frame::{CaseFrame, close, close_with, ping, text};
use crate::diagnosis::catalogue::{self, RulePage};
use crate::ws::Opcode;

const ANSWERED: Expect = Expect::CloseAnswered(CloseAnswer::Accepted(1000));
const REFUSED: Expect = Expect::CloseRefused(&[1002]);

pub(super) fn cases() -> Vec<Case> {
    let mut cases = payloads();
    cases.extend(valid_answers());
    cases.extend(good_codes());
    cases.extend(bad_codes());
    cases.extend(after_close());
    cases.extend(ends());
    cases
}

fn payloads() -> Vec<Case> {
    let page = &catalogue::CLOSE_NOT_COMPLETED;
    let completed = |name, sends, frame: CaseFrame| {
        case(&format!("5.5.1/close-{name}"), Grade::Must, page, sends)
            .send([frame])
            .expect(ANSWERED)
            .expect(Expect::TcpEnd)
    };
    vec![
        completed("empty", "a close frame without payload", close_with("")),
        completed("code", "a close frame with 1000", close(1000, "")),
        completed(
            "reason",
            "a close frame with 1000 and a reason",
            close(1000, "done"),
        ),
        completed(
            "reason-of-123",
            "a close frame with a reason of 123 bytes",
            close(1000, [b'r'; 123]),
        ),
        case(
            "5.5.1/echo-of-code",
            Grade::Should,
            page,
            "a close frame with 3000",
        )
        .send([close(3000, "")])
        .expect(Expect::CloseAnswered(CloseAnswer::SameCode(3000))),
        case(
            "5.5.1/echo-of-empty",
            Grade::Info,
            page,
            "a close frame without payload",
        )
        .send([close_with("")])
        .expect(Expect::CloseAnswered(CloseAnswer::Reported)),
        case(
            "5.5.1/close-1-byte",
            Grade::Consensus,
            &catalogue::CLOSE_1_BYTE,
            "a close frame of 1 byte",
        )
        .send([close_with([0x03])])
        .expect(REFUSED),
    ]
}

/// The close frame in answer obeys the rules: its code may be sent, and it is not too long.
fn valid_answers() -> [Case; 2] {
    let answered = |name, sends, frame: CaseFrame| {
        let id = format!("5.5.1/answers-valid-{name}");
        case(&id, Grade::Must, &catalogue::CLOSE_RESERVED_CODE, sends)
            .send([frame])
            .expect(Expect::PeerCloses)
            .expect(Expect::Frames(FrameRule::Valid(Opcode::CLOSE)))
    };
    [
        answered(
            "close",
            "a close frame with a reason of 123 bytes",
            close(1000, [b'v'; 123]),
        ),
        answered(
            "close-to-empty",
            "a close frame without payload",
            close_with(""),
        ),
    ]
}

fn good_codes() -> Vec<Case> {
    let code = |grade| {
        move |code: u16| {
            case(
                &format!("7.4/code-{code}"),
                grade,
                &catalogue::CLOSE_RESERVED_CODE,
                &format!("a close frame with {code}, which may be sent"),
            )
            .send([close(code, "")])
            .expect(Expect::CloseAnswered(CloseAnswer::Accepted(code)))
        }
    };
    let defined = [1000, 1001, 1003, 1007, 1011].map(code(Grade::Must));
    let registered = [1012, 1013, 1014].map(code(Grade::Should));
    let free = [3000, 3999, 4000, 4999].map(code(Grade::Must));
    defined.into_iter().chain(registered).chain(free).collect()
}

fn bad_codes() -> Vec<Case> {
    let page = &catalogue::CLOSE_RESERVED_CODE;
    let code = |section: &'static str, grade| {
        move |code: u16| {
            let id = format!("{section}/code-{code}");
            case(
                &id,
                grade,
                page,
                &format!("a close frame with {code}, which must not be sent"),
            )
            .send([close(code, "")])
            .expect(REFUSED)
        }
    };
    let reported = [1005, 1006, 1015].map(code("7.4.1", Grade::Consensus));
    let reserved = [0, 999, 1004, 1016, 2999, 5000, 65535].map(code("7.4.2", Grade::Should));
    let reason = case(
        "8.1/reason-bad-utf8",
        Grade::Consensus,
        &catalogue::CLOSE_REASON_UTF8,
        "a close frame whose reason is not UTF-8",
    )
    .send([close(1000, b"ab\xffcd")])
    .expect(Expect::CloseRefused(&[1007, 1002]));
    reported
        .into_iter()
        .chain(reserved)
        .chain([reason])
        .collect()
}

fn after_close() -> Vec<Case> {
    let page = &catalogue::DATA_AFTER_CLOSE;
    let sent_after = |name, grade, sends, frame: CaseFrame| {
        let payload = frame.payload.clone();
        case(&format!("5.5.1/{name}-after-close"), grade, page, sends)
            .send([close(1000, ""), frame])
            .expect(Expect::NothingAfterClose(payload))
    };
    let text_after = sent_after(
        "text",
        Grade::Must,
        "a close frame, then a text frame",
        text("after close"),
    )
    .needs(Need::EchoText);
    vec![
        text_after,
        sent_after(
            "ping",
            Grade::Should,
            "a close frame, then a ping",
            ping("after close"),
        ),
        sent_after(
            "close",
            Grade::Should,
            "two close frames",
            close(1000, "after close"),
        ),
    ]
}

fn ends() -> Vec<Case> {
    let page = &catalogue::CLOSE_NOT_COMPLETED;
    vec![
        case(
            "7.1.1/server-ends-tcp",
            Grade::Must,
            page,
            "a close frame with 1001",
        )
        .send([close(1001, "")])
        .expect(Expect::PeerCloses)
        .expect(Expect::TcpEnd),
        case(
            "7.1.5/fin-without-close",
            Grade::Must,
            page,
            "FIN without a close frame",
        )
        .step(CaseStep::Fin)
        .expect(Expect::LetsGo),
        case(
            "7.1.5/rst-without-close",
            Grade::Must,
            page,
            "RST without a close frame",
        )
        .step(CaseStep::Reset),
        case(
            "5.5.1/answer-to-own-close",
            Grade::Must,
            page,
            "the text at which the server closes, and then the answer to its close frame",
        )
        .needs(Need::ServerCloses)
        .step(CaseStep::ServerCloses)
        .expect(Expect::PeerCloses)
        .send([close(1000, "")])
        .expect(Expect::NothingAfterClose(b"answer".to_vec())),
    ]
}

fn case(id: &str, grade: Grade, page: &'static RulePage, sends: &str) -> Case {
    Case::new(&format!("6455/{id}"), grade, page, sends)
}
