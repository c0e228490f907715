//! The response, which a client must check (RFC 6455 section 4.1).

use crate::check::case::{Case, Grade};
use crate::check::expectation::{Answer, Expect, text_message};
use crate::check::reply::ReplyChange;
use crate::check::request::{Delivery, EXTENSIONS, PROTOCOL};
use crate::diagnosis::catalogue::{self, RulePage};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = accepted();
    cases.extend(status_lines());
    cases.extend(headers());
    cases.extend(accept_values());
    cases.extend(choices());
    cases
}

fn accepted() -> Vec<Case> {
    let accepted = |name: &str, page, sends: &str, change: Vec<ReplyChange>| {
        case(&format!("4.1/response-{name}"), page, sends, change).expect(Expect::Taken)
    };
    let page = &catalogue::RESP_STATUS;
    let upgrade = &catalogue::RESP_UPGRADE_CONNECTION;
    let mut chopped = accepted(
        "chopped",
        &catalogue::HEAD_LARGER_THAN_READ,
        "the valid response in segments of 5 bytes",
        vec![],
    );
    chopped.opening.delivery = Delivery::Pieces(5);
    let glued = b"\x81\x05glued".to_vec();
    vec![
        accepted("valid", page, "the valid response", vec![]),
        accepted(
            "upgrade-mixed-case",
            upgrade,
            "`Upgrade: WebSocket`",
            vec![line("Upgrade", "Upgrade: WebSocket")],
        ),
        accepted(
            "connection-mixed-case",
            upgrade,
            "`Connection: upgrade`",
            vec![line("Connection", "Connection: upgrade")],
        ),
        accepted(
            "connection-list",
            &catalogue::CONNECTION_LIST_REFUSED,
            "`Connection: keep-alive, Upgrade`",
            vec![line("Connection", "Connection: keep-alive, Upgrade")],
        ),
        accepted(
            "names-lower-case",
            &catalogue::HEADER_NAME_CASE,
            "header names in lower case",
            vec![
                line("Upgrade", "upgrade: websocket"),
                line("Connection", "connection: Upgrade"),
                line("Sec-WebSocket-Accept", "sec-websocket-accept: {accept}"),
            ],
        ),
        accepted(
            "unknown-headers",
            page,
            "unknown headers",
            vec![ReplyChange::Add(vec![
                "X-Unknown: 1".to_owned(),
                "X-Empty:".to_owned(),
            ])],
        ),
        accepted(
            "no-reason",
            &catalogue::RESP_REASON_PHRASE,
            "no reason phrase",
            vec![ReplyChange::StatusLine("HTTP/1.1 101 ")],
        ),
        chopped,
        case(
            "4.2.2/frame-glued",
            &catalogue::RESP_FRAME_GLUED,
            "a text frame in one segment with the response",
            vec![ReplyChange::After(glued)],
        )
        .echo(vec![text_message("glued")]),
    ]
}

fn status_lines() -> Vec<Case> {
    let page = &catalogue::RESP_STATUS;
    // Without a length the body would go on until the end of the stream.
    let no_body = ReplyChange::Add(vec!["Content-Length: 0".to_owned()]);
    let status = |name: &str, status_line| {
        let id = format!("4.1/status-{name}");
        let sends = format!("`{status_line}` with the headers of a 101");
        let changes = vec![ReplyChange::StatusLine(status_line), no_body.clone()];
        case(&id, page, &sends, changes).expect(Expect::Rejected)
    };
    let mut redirect = status("302", "HTTP/1.1 302 Found");
    redirect.grade = Grade::Info;
    vec![
        status("200", "HTTP/1.1 200 OK"),
        status("400", "HTTP/1.1 400 Bad Request"),
        status("404", "HTTP/1.1 404 Not Found"),
        status("500", "HTTP/1.1 500 Internal Server Error"),
        redirect,
    ]
}

fn headers() -> Vec<Case> {
    let page = &catalogue::RESP_UPGRADE_CONNECTION;
    let wrong = |name: &str, sends: &str, change| {
        rejected(&format!("4.1/response-{name}"), page, sends, change)
    };
    let mut length = case(
        "4.1/response-content-length",
        &catalogue::RESP_CONTENT_LENGTH,
        "a 101 with `Content-Length: 0`",
        vec![ReplyChange::Add(vec!["Content-Length: 0".to_owned()])],
    )
    .expect(Expect::Report);
    length.grade = Grade::Info;
    let mut chunked = case(
        "4.1/response-chunked",
        &catalogue::RESP_CHUNKED,
        "a 101 with `Transfer-Encoding: chunked`",
        vec![ReplyChange::Add(vec![
            "Transfer-Encoding: chunked".to_owned(),
        ])],
    )
    .expect(Expect::Report);
    chunked.grade = Grade::Info;
    vec![
        wrong(
            "upgrade-none",
            "no Upgrade header",
            ReplyChange::Lines("Upgrade", vec![]),
        ),
        wrong(
            "upgrade-h2c",
            "`Upgrade: h2c`",
            line("Upgrade", "Upgrade: h2c"),
        ),
        wrong(
            "upgrade-websockets",
            "`Upgrade: websockets`",
            line("Upgrade", "Upgrade: websockets"),
        ),
        wrong(
            "connection-none",
            "no Connection header",
            ReplyChange::Lines("Connection", vec![]),
        ),
        wrong(
            "connection-close",
            "`Connection: close`",
            line("Connection", "Connection: close"),
        ),
        wrong(
            "connection-upgraded",
            "`Connection: upgraded`",
            line("Connection", "Connection: upgraded"),
        ),
        length,
        chunked,
    ]
}

/// `Sec-WebSocket-Accept`, in forms that servers write by mistake.
fn accept_values() -> Vec<Case> {
    const NAME: &str = "Sec-WebSocket-Accept";
    let wrong = |name: &str, page, sends: &str, lines: Vec<String>| {
        rejected(
            &format!("4.1/accept-{name}"),
            page,
            sends,
            ReplyChange::Lines(NAME, lines),
        )
    };
    let value = |name: &'static str, page, sends: &str| {
        wrong(name, page, sends, vec![format!("{NAME}: {{{name}}}")])
    };
    let mangled = &catalogue::ACCEPT_WRONG;
    vec![
        wrong(
            "none",
            &catalogue::ACCEPT_MISSING,
            "no accept value",
            vec![],
        ),
        wrong(
            "empty",
            &catalogue::ACCEPT_MISSING,
            "an empty accept value",
            vec![format!("{NAME}:")],
        ),
        value("key", mangled, "the key as the accept value"),
        value(
            "other-key",
            &catalogue::ACCEPT_STALE,
            "the accept value of another key",
        ),
        value(
            "hexadecimal",
            &catalogue::ACCEPT_HEXDIGEST,
            "the digest in hexadecimal",
        ),
        value(
            "base64-of-hexadecimal",
            &catalogue::ACCEPT_HEXDIGEST,
            "base64 of the hexadecimal digest",
        ),
        value(
            "without-guid",
            &catalogue::ACCEPT_WRONG_GUID,
            "the digest of the key alone",
        ),
        value(
            "lower-case-guid",
            &catalogue::ACCEPT_WRONG_GUID,
            "the digest with the GUID in lower case",
        ),
        value("lower-case", mangled, "the accept value in lower case"),
        value(
            "no-padding",
            mangled,
            "the accept value without its padding",
        ),
    ]
}

/// Subprotocols and extensions that the client did not offer.
fn choices() -> Vec<Case> {
    let protocol = &catalogue::RESP_SUBPROTOCOL_WRONG;
    let extension = &catalogue::RESP_EXTENSION_UNREQUESTED;
    let parameters = &catalogue::RESP_EXTENSION_PARAMS;
    let lines = |name, values: &[&str]| {
        ReplyChange::Lines(
            name,
            values.iter().map(|it| format!("{name}: {it}")).collect(),
        )
    };
    let deflate = |name: &str, value: &str| {
        let offered = ReplyChange::Deflate(value.to_owned());
        rejected(
            &format!("7.1/{name}"),
            parameters,
            &format!(
                "permessage-deflate with `{}`",
                value.trim_start_matches("; ")
            ),
            offered,
        )
        .answer(Answer::Deflate)
        .id_of("7692")
    };
    vec![
        rejected(
            "4.1/protocol-not-offered",
            protocol,
            "a subprotocol that was not offered",
            lines(PROTOCOL, &["wsctl-unknown"]),
        ),
        rejected(
            "11.3.4/protocol-twice",
            protocol,
            "two subprotocols that were not offered",
            lines(PROTOCOL, &["wsctl-a", "wsctl-b"]),
        ),
        rejected(
            "4.1/extension-not-offered",
            extension,
            "an extension that was not offered",
            lines(EXTENSIONS, &["wsctl-unknown"]),
        ),
        deflate("unknown-parameter", "; wsctl_unknown"),
        deflate("server-bits-7", "; server_max_window_bits=7"),
        deflate("server-bits-16", "; server_max_window_bits=16"),
        deflate("server-bits-none", "; server_max_window_bits"),
        deflate("client-bits-16", "; client_max_window_bits=16"),
        deflate("client-bits-none", "; client_max_window_bits"),
        deflate(
            "no-context-takeover-with-value",
            "; server_no_context_takeover=1",
        ),
        deflate(
            "server-bits-twice",
            "; server_max_window_bits=10; server_max_window_bits=10",
        ),
    ]
}

fn line(name: &'static str, line: &str) -> ReplyChange {
    ReplyChange::Lines(name, vec![line.to_owned()])
}

fn case(id: &str, page: &'static RulePage, sends: &str, reply: Vec<ReplyChange>) -> Case {
    let mut case = Case::new(&format!("6455/{id}"), Grade::Must, page, sends);
    case.opening.reply = reply;
    case
}

/// A response for which a client must fail the connection.
fn rejected(id: &str, page: &'static RulePage, sends: &str, change: ReplyChange) -> Case {
    case(id, page, sends, vec![change]).expect(Expect::Rejected)
}
