//! The response to a valid request (RFC 6455 section 4.2.2), the choice of a subprotocol, and the
//! origins that a server accepts.

use crate::check::case::{Case, Grade, Need};
use crate::check::expectation::Answer;
use crate::check::request::{Change, PROTOCOL, line, lines, without};
use crate::diagnosis::catalogue::{self, RulePage};

pub(super) fn cases() -> Vec<Case> {
    let mut accept = must(
        "4.2.2/accept",
        &catalogue::ACCEPT_WRONG,
        "20 requests, each with another key",
    )
    .answer(Answer::Valid(&["Sec-WebSocket-Accept"]));
    accept.connections = 20;
    let mut cases = vec![accept];
    cases.extend(forms());
    cases.extend(subprotocols());
    cases.extend(origins());
    cases
}

/// The form of the 101. RFC 9110 section 8.6 and RFC 9112 section 6.1 forbid the two lengths.
fn forms() -> Vec<Case> {
    let form =
        |name, page, answer| must(&format!("4.2.2/{name}"), page, "a valid request").answer(answer);
    let upgrade = &catalogue::RESP_UPGRADE_CONNECTION;
    vec![
        form("upgrade-token", upgrade, Answer::Valid(&["Upgrade"])),
        form("connection-token", upgrade, Answer::Valid(&["Connection"])),
        form(
            "no-content-length",
            &catalogue::RESP_CONTENT_LENGTH,
            Answer::Valid(&["Content-Length"]),
        ),
        form(
            "no-transfer-encoding",
            &catalogue::RESP_CHUNKED,
            Answer::Valid(&["Transfer-Encoding"]),
        ),
        form("http-version", &catalogue::HTTP_1_0, Answer::HttpVersion),
        form("line-ends", &catalogue::HTTP_BAD_LINES, Answer::LineEnds)
            .grade(Grade::Consensus)
            .note("RFC 9112 section 2.2 lets a client accept LF alone, and many clients wait for CRLF"),
    ]
}

fn subprotocols() -> Vec<Case> {
    let page = &catalogue::RESP_SUBPROTOCOL_WRONG;
    let bad_offer = &catalogue::REQ_SUBPROTOCOL_BAD;
    let chosen = |name, sends: &str, change| {
        must(&format!("4.2.2/protocol-{name}"), page, sends)
            .needs(Need::Subprotocol)
            .request([change])
            .answer(Answer::Subprotocol)
    };
    let malformed = |name, sends: &str, value| {
        case(
            &format!("4.1/protocol-{name}"),
            Grade::Should,
            bad_offer,
            sends,
        )
        .request([line(PROTOCOL, format!("{PROTOCOL}: {value}"))])
        .answer(Answer::NoSubprotocol)
    };
    vec![
        must(
            "4.2.2/no-protocol-unasked",
            page,
            "no offer of a subprotocol",
        )
        .request([without(PROTOCOL)])
        .answer(Answer::NoSubprotocol),
        must(
            "4.2.2/protocol-unknown",
            page,
            "the offer of a subprotocol that no server knows",
        )
        .request([line(PROTOCOL, format!("{PROTOCOL}: wsctl-unknown"))])
        .answer(Answer::Valid(&[PROTOCOL])),
        must(
            "4.2.2/protocol-unknown-list",
            page,
            "the offer of two subprotocols that no server knows",
        )
        .request([line(PROTOCOL, format!("{PROTOCOL}: wsctl-a, wsctl-b"))])
        .answer(Answer::Valid(&[PROTOCOL])),
        chosen(
            "order",
            "the subprotocol among unknown ones, in one header",
            line(
                PROTOCOL,
                format!("{PROTOCOL}: wsctl-unknown, {{subprotocol}}, wsctl-other"),
            ),
        ),
        chosen(
            "two-lines",
            "the subprotocol after an unknown one, in two headers",
            lines(
                PROTOCOL,
                [
                    "Sec-WebSocket-Protocol: wsctl-unknown",
                    "Sec-WebSocket-Protocol: {subprotocol}",
                ],
            ),
        ),
        malformed(
            "doubled",
            "the same unknown subprotocol twice",
            "wsctl-a, wsctl-a",
        ),
        malformed("empty", "an offer of subprotocols without a value", ""),
        malformed(
            "no-token",
            "the offer of a subprotocol that is not a token",
            "wsctl(a)",
        ),
    ]
}

/// Who may connect from a browser (RFC 6455 section 10.2): what the server answers is reported.
fn origins() -> Vec<Case> {
    let origin = |name, sends: &str, lines: Vec<String>| {
        case(&format!("10.2/{name}"), Grade::Info, &catalogue::RESP_STATUS, sends)
            .request([Change::Lines("Origin", lines)])
            .answer(Answer::Any)
            .note("a server that accepts any origin lets every page in a browser connect with its user's cookies")
    };
    let line = |value| vec![format!("Origin: {value}")];
    vec![
        origin(
            "foreign-origin",
            "the origin of another site",
            line("https://wsctl.invalid"),
        ),
        origin("origin-null", "`Origin: null`", line("null")),
        origin("no-origin", "no Origin header", Vec::new()),
    ]
}

fn case(id: &str, grade: Grade, page: &'static RulePage, sends: &str) -> Case {
    Case::new(&format!("6455/{id}"), grade, page, sends)
}

fn must(id: &str, page: &'static RulePage, sends: &str) -> Case {
    case(id, Grade::Must, page, sends)
}
