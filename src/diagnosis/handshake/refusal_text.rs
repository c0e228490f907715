//! Reads what a refusal says in words: its reason phrase and its body.

use crate::diagnosis::Finding;
use crate::ws::handshake::{Handshake, ParsedHead, ResponseHead, offered_subprotocols};

/// The words of a refusal: the reason phrase and the first line of a text body, as far as they
/// say more than the status. None if they do not.
pub(super) fn of(response: &ParsedHead<ResponseHead>) -> Option<String> {
    let reason = response.head.reason.trim();
    let reason = Some(reason).filter(|reason| !is_usual(reason));
    let body = first_line(&response.rest).filter(|body| !is_usual(body));
    match (reason, body) {
        (Some(reason), Some(body)) if body.contains(reason) => Some(quoted(&body)),
        (Some(reason), Some(body)) => Some(format!("{}, {}", quoted(reason), quoted(&body))),
        (Some(reason), None) => Some(quoted(reason)),
        (None, body) => body.map(|body| quoted(&body)),
    }
}

fn quoted(text: &str) -> String {
    const LIMIT: usize = 160;
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("`{}…`", text.get(..end).unwrap_or_default()),
        None => format!("`{text}`"),
    }
}

/// Whether a text is a phrase that HTTP libraries use for a status.
fn is_usual(text: &str) -> bool {
    const PHRASES: [&str; 25] = [
        "",
        "OK",
        "Moved",
        "Moved Permanently",
        "Found",
        "See Other",
        "Temporary Redirect",
        "Permanent Redirect",
        "Bad Request",
        "Unauthorized",
        "Forbidden",
        "Not Found",
        "Method Not Allowed",
        "Request Timeout",
        "Gone",
        "Upgrade Required",
        "Too Many Requests",
        "Request Header Fields Too Large",
        "Internal Server Error",
        "Not Implemented",
        "Bad Gateway",
        "Service Unavailable",
        "Gateway Timeout",
        "HTTP Version Not Supported",
        "Payload Too Large",
    ];
    let text = text.trim_end_matches(['.', '%', '!']);
    let text = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
    PHRASES
        .iter()
        .any(|phrase| phrase.eq_ignore_ascii_case(text))
        || text.len() < 4
}

/// The first line of a body that is plain text or JSON.
fn first_line(body: &[u8]) -> Option<String> {
    let mut lines = body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let line = str::from_utf8(lines.find(|line| !line.is_empty())?).ok()?;
    let is_text = !line.starts_with('<') && !line.contains(char::is_control);
    is_text.then(|| line.to_owned())
}

/// Adds the cause that the words of a refusal prove.
///
/// # Errors
///
/// The unchanged finding if they prove none.
pub(super) fn explain(
    finding: Finding,
    text: Option<&str>,
    handshake: &Handshake,
) -> Result<Finding, Box<Finding>> {
    let Some(text) = text else {
        return Err(Box::new(finding));
    };
    let lower = text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    Ok(
        if says(&["subprotocol", "sub-protocol", "sec-websocket-protocol"]) {
            about_subprotocols(finding, handshake)
        } else if says(&["sec-websocket-version", "websocket version"]) {
            finding
                .certain_cause("the server refuses the `Sec-WebSocket-Version` of the request")
                .fixed_by("send `Sec-WebSocket-Version: 13`")
        } else if says(&["sec-websocket-key"]) {
            finding
                .certain_cause("the server refuses the `Sec-WebSocket-Key` of the request")
                .fixed_by("send a `Sec-WebSocket-Key` of 16 random bytes in base64, once")
        } else if says(&["origin"]) {
            finding
                .certain_cause("the server refuses the `Origin` of the request")
                .fixed_by("add this origin to the allowed origins of the server")
        } else if says(&[
            "invalid host",
            "host header",
            "allowed_hosts",
            "disallowedhost",
        ]) {
            finding
                .certain_cause("the server refuses the `Host` of the request")
                .fixed_by(
                    "add this host to the allowed hosts of the server, or pass the original one on",
                )
        } else if says(&["upgrade"]) {
            finding
            .certain_cause("the server did not receive `Upgrade: websocket`")
            .fixed_by("send `Upgrade: websocket` and `Connection: Upgrade`, and let proxies pass them on")
        } else {
            return Err(Box::new(finding));
        },
    )
}

fn about_subprotocols(finding: Finding, handshake: &Handshake) -> Finding {
    let offered = handshake.request_head().map(offered_subprotocols);
    let offered = offered.unwrap_or_default();
    let finding = finding.note("see also: wsctl explain resp-subprotocol-missing");
    if offered.is_empty() {
        return finding
            .certain_cause("the server requires a subprotocol that the request does not offer")
            .fixed_by("offer a subprotocol that the server supports in `Sec-WebSocket-Protocol`");
    }
    finding
        .certain_cause(format!(
            "the server supports none of the offered subprotocols: `{}`",
            offered.join("`, `")
        ))
        .fixed_by(
            "offer a subprotocol that the server supports, or leave out `Sec-WebSocket-Protocol`",
        )
}
