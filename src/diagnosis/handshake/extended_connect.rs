//! The extended CONNECT, which opens a WebSocket on a stream of HTTP/2 or HTTP/3 (RFC 8441, RFC
//! 9220). [`request`](super::request) and [`response`](super::response) ask it.

use super::lines;
use super::locate::HeaderLocator;
use crate::diagnosis::{Finding, Severity, catalogue};
use crate::ws::Reference;
use crate::ws::handshake::{Handshake, ParsedHead, RequestHead, ResponseHead};

/// "Using Extended CONNECT to Bootstrap the WebSocket Protocol".
const EXTENDED_CONNECT: Reference = Reference {
    rfc: 8441,
    section: "5",
};

/// The note about a CONNECT of HTTP/2 or 3, or what keeps it from opening a WebSocket.
pub(super) fn diagnose_request(
    request: &ParsedHead<RequestHead>,
    locate: &HeaderLocator<'_>,
) -> Finding {
    let pseudo_header = |name: &str| request.lines.pseudo_header(name);
    // A text without any pseudo-header does not show `:protocol`, and a tunnel has no path.
    let may_have_protocol = request.head.target.starts_with('/')
        && pseudo_header(":scheme").is_none()
        && pseudo_header(":authority").is_none();
    let finding = match pseudo_header(":protocol") {
        Some(protocol) if protocol.eq_ignore_ascii_case(b"websocket") => extended_connect(),
        Some(protocol) => other_protocol(&String::from_utf8_lossy(protocol)),
        None if may_have_protocol => extended_connect(),
        None => tunnel(),
    };
    let mut finding = finding.reference(EXTENDED_CONNECT);
    finding.location = locate.in_first_line("CONNECT");
    finding
}

fn extended_connect() -> Finding {
    let message = "this is the extended CONNECT of HTTP/2 or 3";
    let mut finding = Finding::new(&catalogue::REQ_H2_PREFACE, message)
        .label("no upgrade, no key")
        .certain_cause("the client opens a WebSocket on a stream of HTTP/2 or 3")
        .fixed_by("no change is needed: the status 200 opens the WebSocket");
    finding.severity = Severity::Note;
    finding
}

fn other_protocol(protocol: &str) -> Finding {
    let message = format!(
        "`:protocol` is `{}` instead of `websocket`",
        shortened(protocol)
    );
    Finding::new(&catalogue::REQ_H2_PREFACE, message)
        .label("opens no WebSocket")
        .certain_cause("the client opens a stream of another protocol")
        .fixed_by("send `:protocol: websocket`")
}

fn tunnel() -> Finding {
    let message = "the CONNECT has no `:protocol: websocket`";
    Finding::new(&catalogue::REQ_H2_PREFACE, message)
        .label("opens a tunnel, no WebSocket")
        .certain_cause("a CONNECT without `:protocol` asks a proxy for a tunnel")
        .fixed_by("send `:protocol: websocket`, `:scheme` and `:path`")
}

fn shortened(text: &str) -> String {
    const LIMIT: usize = 40;
    text.chars().take(LIMIT).collect()
}

/// The note about a 200 that opens a WebSocket in HTTP/2 or 3: the answer to an extended
/// CONNECT, or a response with headers of the WebSocket protocol whose request is not known.
pub(super) fn diagnose_response(
    response: &ParsedHead<ResponseHead>,
    locate: &HeaderLocator<'_>,
    handshake: &Handshake,
) -> Option<Finding> {
    let head = &response.head;
    let has_name = |prefix: &str| {
        let mut names = head.headers.iter().map(|header| &header.name);
        names.any(|name| name.to_ascii_lowercase().starts_with(prefix))
    };
    let is_answer = if handshake.request.is_some() {
        is_requested(handshake)
    } else {
        let has_header = has_name("sec-websocket-protocol") || has_name("sec-websocket-extensions");
        has_header && lines::later_version(&response.lines).is_some()
    };
    if head.status != 200 || !is_answer {
        return None;
    }
    let message = "200 opens a WebSocket in HTTP/2 or 3";
    let mut finding = Finding::new(&catalogue::REQ_H2_PREFACE, message)
        .reference(EXTENDED_CONNECT)
        .label("right after an extended CONNECT")
        .certain_cause("the request is an extended CONNECT, which has no 101")
        .fixed_by("no change is needed: frames follow on the same stream");
    finding.severity = Severity::Note;
    finding.location = locate.first_line_at("200");
    Some(finding)
}

/// Whether the request is a CONNECT of HTTP/2 or 3.
pub(super) fn is_requested(handshake: &Handshake) -> bool {
    let request = handshake.request.as_ref();
    request.is_some_and(|it| it.head.method == "CONNECT" && it.lines.is_http_2_or_3())
}

/// The finding for another status than 200, which refuses an extended CONNECT.
pub(super) fn refused(finding: Finding) -> Finding {
    finding
        .certain_cause("the server refuses the extended CONNECT")
        .fixed_by(
            "check the path; a server allows an extended CONNECT by \
             SETTINGS_ENABLE_CONNECT_PROTOCOL = 1",
        )
}
