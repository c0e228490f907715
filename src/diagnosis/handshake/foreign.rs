//! What stands where a head belongs.

use crate::diagnosis::catalogue::{self, RulePage};
use crate::diagnosis::{Finding, Location, LocationScope, Severity, Snippet};
use crate::ws::Role;
use crate::ws::handshake::{Handshake, LineEnds, OtherProtocol};

/// The finding for bytes without a head, sent by that end, or by the one that says such
/// things; None if they say nothing.
pub fn judge_foreign(bytes: &[u8], sender: Option<Role>) -> Option<Finding> {
    let foreign = OtherProtocol::of(bytes)?;
    let sender = sender.or_else(|| match &foreign {
        // Any text could be meant as something else.
        OtherProtocol::Text(_) => None,
        other => Some(other.sender().unwrap_or(Role::Client)),
    })?;
    Some(finding(&foreign, sender, bytes))
}

/// The finding for what stands in front of the first head.
pub(super) fn judge_lead(handshake: &Handshake) -> Option<Finding> {
    let foreign = OtherProtocol::of(&handshake.lead)?;
    let sender = if handshake.request.is_some() {
        Role::Client
    } else {
        Role::Server
    };
    let is_pasted = handshake.ends == LineEnds::AsPasted;
    match (&foreign, sender) {
        // An editor writes it, or a person wrote about the paste.
        (OtherProtocol::Text(_), _) if is_pasted => None,
        (OtherProtocol::ByteOrderMark, Role::Client) => None,
        (OtherProtocol::ByteOrderMark, Role::Server) if is_pasted => {
            let mut finding = finding(&foreign, sender, &handshake.lead);
            finding.severity = Severity::Suspicious;
            Some(finding.possible_cause("the editor's, if the response was pasted into one"))
        }
        _ => Some(finding(&foreign, sender, &handshake.lead)),
    }
}

fn finding(foreign: &OtherProtocol, sender: Role, bytes: &[u8]) -> Finding {
    let (whose, scope) = match sender {
        Role::Client => ("request", LocationScope::Request),
        Role::Server => ("response", LocationScope::Response),
    };
    let message = format!("{foreign} stands where the {whose} belongs");
    let finding = Finding::new(entry_of(foreign, sender), message);
    let finding = finding.at(location(scope, bytes));
    let finding = match sender {
        Role::Client => finding.label("`GET … HTTP/1.1` is needed"),
        Role::Server => finding.label("`HTTP/1.1 101 …` is needed"),
    };
    explained(finding, foreign)
}

const fn entry_of(foreign: &OtherProtocol, sender: Role) -> &'static RulePage {
    match (foreign, sender) {
        (_, Role::Server) => &catalogue::RESP_NOT_HTTP,
        (OtherProtocol::TlsHandshake(_), Role::Client) => &catalogue::REQ_TLS_TO_PLAIN,
        (OtherProtocol::Http2Preface, Role::Client) => &catalogue::REQ_H2_PREFACE,
        (_, Role::Client) => &catalogue::REQ_NOT_HTTP,
    }
}

/// The finding with the cause that these bytes show.
fn explained(finding: Finding, foreign: &OtherProtocol) -> Finding {
    match foreign {
        OtherProtocol::Proxy(_) => finding
            .certain_cause("a load balancer announces the client in the PROXY protocol")
            .fixed_by("turn `send-proxy` off there, or the PROXY protocol on in the server"),
        OtherProtocol::TlsAlert => finding
            .certain_cause("the server speaks TLS, and was spoken to without it")
            .fixed_by("connect to `wss://` instead of `ws://`"),
        OtherProtocol::Frame(Role::Client) => finding
            .certain_cause(
                "the client sends frames without a handshake, or after one that is not here",
            )
            .fixed_by("send the request first, and frames only after the 101"),
        OtherProtocol::Frame(Role::Server) => finding
            .certain_cause("the server sends frames without an answer to the request")
            .fixed_by("answer the request with the 101 first"),
        OtherProtocol::ByteOrderMark => finding
            .certain_cause(
                "a file of the server begins with a byte-order mark, which is sent first",
            )
            .fixed_by("save it as UTF-8 without one"),
        OtherProtocol::Http2Settings => finding
            .certain_cause("the server speaks HTTP/2, as was agreed in ALPN or assumed")
            .fixed_by("offer `http/1.1` alone in ALPN"),
        _ => finding,
    }
}

/// The first line, where it is text, else the first bytes.
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
