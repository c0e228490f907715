//! Diagnoses bytes that are not a head, where a head is expected.

use crate::diagnosis::catalogue::{self, RulePage};
use crate::diagnosis::{Finding, Location, LocationScope, Severity, Snippet};
use crate::ws::Role;
use crate::ws::handshake::{Handshake, LineEnds, OtherBytes};
use crate::ws::other_protocol::{OtherProtocol, TlsRecord};

/// Diagnoses bytes that contain no head. The sender is the given one, or the endpoint that
/// usually sends such bytes. None if the bytes are not recognised.
pub fn diagnose_other_bytes(bytes: &[u8], sender: Option<Role>) -> Option<Finding> {
    let found = OtherBytes::of(bytes)?;
    let sender = sender.or_else(|| match &found {
        // Any text may have another meaning.
        OtherBytes::Text(_) => None,
        other => Some(other.sender().unwrap_or(Role::Client)),
    })?;
    Some(finding(&found, sender, bytes))
}

/// Diagnoses the bytes before the first head.
pub(super) fn diagnose_prefix(handshake: &Handshake) -> Option<Finding> {
    let found = OtherBytes::of(&handshake.prefix)?;
    let sender = if handshake.request.is_some() {
        Role::Client
    } else {
        Role::Server
    };
    let is_pasted = handshake.ends == LineEnds::AsPasted;
    match (&found, sender) {
        // The text is a remark of the person who pasted it; the byte-order mark is an editor's.
        (OtherBytes::Text(_), _) if is_pasted => None,
        (OtherBytes::ByteOrderMark, Role::Client) => None,
        (OtherBytes::ByteOrderMark, Role::Server) if is_pasted => {
            let mut finding = finding(&found, sender, &handshake.prefix);
            finding.severity = Severity::Suspicious;
            Some(finding.possible_cause("an editor added it when the response was pasted"))
        }
        _ => Some(finding(&found, sender, &handshake.prefix)),
    }
}

fn finding(found: &OtherBytes, sender: Role, bytes: &[u8]) -> Finding {
    let (whose, scope) = match sender {
        Role::Client => ("request", LocationScope::Request),
        Role::Server => ("response", LocationScope::Response),
    };
    let message = format!("expected a {whose}, found {found}");
    let finding = Finding::new(page_of(found, sender), message);
    let finding = finding.at(location(scope, bytes));
    let finding = match sender {
        Role::Client => finding.label("`GET … HTTP/1.1` is needed"),
        Role::Server => finding.label("`HTTP/1.1 101 …` is needed"),
    };
    explained(finding, found)
}

const fn page_of(found: &OtherBytes, sender: Role) -> &'static RulePage {
    match (found, sender) {
        (_, Role::Server) => &catalogue::RESP_NOT_HTTP,
        (
            OtherBytes::Protocol(OtherProtocol::Tls(TlsRecord::Hello(_) | TlsRecord::Handshake)),
            Role::Client,
        ) => &catalogue::REQ_TLS_TO_PLAIN,
        (OtherBytes::Protocol(OtherProtocol::Http2Preface), Role::Client) => {
            &catalogue::REQ_H2_PREFACE
        }
        (_, Role::Client) => &catalogue::REQ_NOT_HTTP,
    }
}

/// Adds the cause and the fix that these bytes prove.
fn explained(finding: Finding, found: &OtherBytes) -> Finding {
    match found {
        OtherBytes::Protocol(OtherProtocol::Proxy(_)) => finding
            .certain_cause("a load balancer sends the client's address in the PROXY protocol first")
            .fixed_by("turn `send-proxy` off in the load balancer, or the PROXY protocol on in the server"),
        OtherBytes::Protocol(OtherProtocol::Tls(TlsRecord::Alert)) => finding
            .certain_cause("the server expects TLS, and the client connected without it")
            .fixed_by("connect to `wss://` instead of `ws://`"),
        OtherBytes::Frame(Role::Client) => finding
            .certain_cause("the client sends frames without a handshake, or the handshake is missing here")
            .fixed_by("send the request first, and frames only after the 101"),
        OtherBytes::Frame(Role::Server) => finding
            .certain_cause("the server sends frames without answering the request")
            .fixed_by("answer the request with a 101 first"),
        OtherBytes::ByteOrderMark => finding
            .certain_cause("a source file of the server begins with a byte-order mark, which is sent first")
            .fixed_by("save it as UTF-8 without one"),
        OtherBytes::Protocol(OtherProtocol::Http2Settings) => finding
            .certain_cause("the server speaks HTTP/2, which ALPN selected or the client assumed")
            .fixed_by("offer only `http/1.1` in ALPN"),
        _ => finding,
    }
}

/// The location of the first line if it is text, otherwise of the first bytes.
fn location(scope: LocationScope, bytes: &[u8]) -> Location {
    const MOST: usize = 16;
    let line = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let text = std::str::from_utf8(line.trim_ascii_end())
        .ok()
        .filter(|text| !text.is_empty() && !text.starts_with('\u{feff}'))
        .filter(|text| !text.contains(char::is_control));
    if let Some(text) = text {
        return Location {
            scope,
            offset: 0,
            length: text.len() as u64,
            direction: None,
            snippet: Some(Snippet::Line {
                number: 1,
                start: 0,
                text: text.to_owned(),
            }),
        };
    }
    let bytes = bytes.get(..MOST).unwrap_or(bytes).to_vec();
    Location {
        scope,
        offset: 0,
        length: bytes.len() as u64,
        direction: None,
        snippet: Some(Snippet::Bytes { start: 0, bytes }),
    }
}
