//! Warns about heads that are valid and that some peers refuse. Each finding names such peers,
//! from their public reports.

use super::locate::HeaderLocator;
use crate::diagnosis::catalogue::{self, RulePage};
use crate::diagnosis::{Finding, Location};
use crate::ws::Reference;
use crate::ws::handshake::{Handshake, Header, Headers, RequestHead, ResponseHead, accept_value};

/// The warnings about a request.
pub(super) fn diagnose_request(
    head: &RequestHead,
    locate: &HeaderLocator<'_>,
    handshake: &Handshake,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    // A response with the right accept value proves that the server found the key.
    if handshake.has_exact_names && !is_answered(handshake) {
        let peers = "SprayWebSockets before 2014, nekudo/php-websocket";
        let finding = name_case(&head.headers, "Sec-WebSocket-Key", locate);
        findings.extend(finding.map(|finding| finding.note(format!("refused by: {peers}"))));
    }
    for (name, peers) in [
        (
            "Connection",
            "servers that read only the first `Connection`",
        ),
        ("Upgrade", "ws: Invalid Upgrade header (status 400)"),
    ] {
        findings.extend(repeated(&head.headers, name, peers, locate));
    }
    findings
}

/// The warnings about a 101.
pub(super) fn diagnose_response(
    head: &ResponseHead,
    locate: &HeaderLocator<'_>,
    handshake: &Handshake,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(reason_phrase(&head.reason, locate));
    if handshake.has_exact_names {
        let peers = "android-websockets, websocketpp before 2013, Defold before 2020";
        let finding = name_case(&head.headers, "Sec-WebSocket-Accept", locate);
        findings.extend(finding.map(|finding| finding.note(format!("refused by: {peers}"))));
    }
    let peers = "clients that read only one `Connection`";
    findings.extend(repeated(&head.headers, "Connection", peers, locate));
    findings.extend(connection_list(head, locate));
    findings
}

/// Whether the response has the accept value of the request's key.
fn is_answered(handshake: &Handshake) -> bool {
    let accept = handshake
        .response_head()
        .and_then(|head| head.headers.first("Sec-WebSocket-Accept"));
    let expected = handshake.key().map(|key| accept_value(key.as_bytes()));
    accept.is_some() && accept == expected
}

/// A 101 with another reason phrase than `Switching Protocols`, or none.
fn reason_phrase(reason: &str, locate: &HeaderLocator<'_>) -> Option<Finding> {
    if reason.eq_ignore_ascii_case("Switching Protocols") {
        return None;
    }
    let page = &catalogue::RESP_REASON_PHRASE;
    if reason.is_empty() {
        let message = "the status line has no reason phrase";
        let finding = warning(page, message, locate.first_line(), (9112, "4"));
        return Some(
            finding
                .label("`Switching Protocols` is usual")
                .possible_cause(
                    "an HTTP library or a proxy that ends the status line after `101`, as Tomcat \
                     8 and later do",
                )
                .note(
                    "refused by: Java-WebSocket, websocket-client before 0.48 (2018), websockets \
                     before 3.3 (2017), OCaml websocket",
                ),
        );
    }
    let message = format!("the reason phrase is `{reason}` instead of `Switching Protocols`");
    let finding = warning(page, message, locate.first_line_at(reason), (9112, "4"));
    let finding = finding
        .label("`Switching Protocols` is usual")
        .note("refused by: Telegraph before March 2019, ti-websocket-client");
    let is_nothing = ["null", "(null)", "undefined", "none", "nil"]
        .iter()
        .any(|word| reason.eq_ignore_ascii_case(word));
    Some(if is_nothing {
        finding.certain_cause(format!(
            "the server's library has no phrase for 101, and wrote `{reason}`"
        ))
    } else {
        finding
    })
}

/// A header name in another case than the RFC writes it.
fn name_case(headers: &Headers, name: &str, locate: &HeaderLocator<'_>) -> Option<Finding> {
    let header = headers.iter().find(|header| header.is_named(name))?;
    if header.name == name {
        return None;
    }
    let message = format!("`{}` is not in the usual case, `{name}`", header.name);
    let page = &catalogue::HEADER_NAME_CASE;
    let finding = warning(page, message, locate.name(name), (9110, "5.1"));
    Some(
        finding
            .label("valid, but some peers compare with case")
            .possible_cause("a proxy or an HTTP library that writes all names in its own case")
            .fixed_by(format!("send `{name}`, or make the peer ignore case")),
    )
}

/// A header that occurs more than once, and whose values together are valid.
fn repeated(
    headers: &Headers,
    name: &str,
    peers: &str,
    locate: &HeaderLocator<'_>,
) -> Option<Finding> {
    let count = headers.count(name);
    if count < 2 {
        return None;
    }
    let values = headers.joined(name).unwrap_or_default();
    let message = format!("there are {count} `{name}` headers, which mean `{name}: {values}`");
    let page = &catalogue::HEADER_REPEATED;
    let finding = warning(page, message, locate.value(name, 1), (9110, "5.3"));
    Some(
        finding
            .label("the second one")
            .note(format!("refused by: {peers}"))
            .fixed_by(format!("send `{name}` once")),
    )
}

/// A 101 with a list in one `Connection` header.
fn connection_list(head: &ResponseHead, locate: &HeaderLocator<'_>) -> Option<Finding> {
    let is_list = |header: &&Header| header.is_named("Connection") && header.value.contains(&b',');
    let header = head.headers.iter().find(is_list)?;
    let message = format!("the response has the list `Connection: {}`", header.text());
    let page = &catalogue::CONNECTION_LIST_REFUSED;
    let location = locate.value("Connection", 0);
    Some(
        warning(page, message, location, (6455, "4.1"))
            .label("a list, which is allowed")
            .possible_cause("a server or a proxy that adds `keep-alive`")
            .fixed_by("send `Connection: Upgrade` alone")
            .note("refused by: aiohttp, websocket-client before August 2020"),
    )
}

fn warning(
    page: &'static RulePage,
    message: impl Into<String>,
    location: Option<Location>,
    (rfc, section): (u16, &'static str),
) -> Finding {
    let mut finding = Finding::new(page, message).reference(Reference { rfc, section });
    finding.location = location;
    finding
}
