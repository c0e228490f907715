//! What stands where a head belongs.

use crate::diagnosis::catalogue::{self, RulePage};
use crate::diagnosis::{Extract, Finding, Place, Severity, Within};
use crate::ws::Role;
use crate::ws::handshake::{Foreign, Handshake, LineEnds};

/// The finding for octets without a head, sent by that end, or by the one that says such
/// things; None if they say nothing.
pub fn judge_foreign(octets: &[u8], sender: Option<Role>) -> Option<Finding> {
    let foreign = Foreign::of(octets)?;
    let sender = sender.or_else(|| match &foreign {
        // Any text could be meant as something else.
        Foreign::Text(_) => None,
        other => Some(other.sender().unwrap_or(Role::Client)),
    })?;
    Some(finding(&foreign, sender, octets))
}

/// The finding for what stands in front of the first head.
pub(super) fn judge_lead(handshake: &Handshake) -> Option<Finding> {
    let foreign = Foreign::of(&handshake.lead)?;
    let sender = if handshake.request.is_some() {
        Role::Client
    } else {
        Role::Server
    };
    let is_pasted = handshake.ends == LineEnds::AsPasted;
    match (&foreign, sender) {
        // An editor writes it, or a person wrote about the paste.
        (Foreign::Text(_), _) if is_pasted => None,
        (Foreign::ByteOrderMark, Role::Client) => None,
        (Foreign::ByteOrderMark, Role::Server) if is_pasted => {
            let mut finding = finding(&foreign, sender, &handshake.lead);
            finding.severity = Severity::Suspicious;
            Some(finding.perhaps("the editor's, if the response was pasted into one"))
        }
        _ => Some(finding(&foreign, sender, &handshake.lead)),
    }
}

fn finding(foreign: &Foreign, sender: Role, octets: &[u8]) -> Finding {
    let (whose, within) = match sender {
        Role::Client => ("request", Within::Request),
        Role::Server => ("response", Within::Response),
    };
    let message = format!("{foreign} stands where the {whose} belongs");
    let finding = Finding::new(entry_of(foreign, sender), message);
    let finding = finding.at(place(within, octets));
    let finding = match sender {
        Role::Client => finding.label("`GET … HTTP/1.1` is needed"),
        Role::Server => finding.label("`HTTP/1.1 101 …` is needed"),
    };
    explained(finding, foreign)
}

const fn entry_of(foreign: &Foreign, sender: Role) -> &'static RulePage {
    match (foreign, sender) {
        (_, Role::Server) => &catalogue::RESP_NOT_HTTP,
        (Foreign::TlsHandshake(_), Role::Client) => &catalogue::REQ_TLS_TO_PLAIN,
        (Foreign::Http2Preface, Role::Client) => &catalogue::REQ_H2_PREFACE,
        (_, Role::Client) => &catalogue::REQ_NOT_HTTP,
    }
}

/// The finding with the cause that these octets show.
fn explained(finding: Finding, foreign: &Foreign) -> Finding {
    match foreign {
        Foreign::Proxy(_) => finding
            .because("a load balancer announces the client in the PROXY protocol")
            .fixed_by("turn `send-proxy` off there, or the PROXY protocol on in the server"),
        Foreign::TlsAlert => finding
            .because("the server speaks TLS, and was spoken to without it")
            .fixed_by("connect to `wss://` instead of `ws://`"),
        Foreign::Frame(Role::Client) => finding
            .because("the client sends frames without a handshake, or after one that is not here")
            .fixed_by("send the request first, and frames only after the 101"),
        Foreign::Frame(Role::Server) => finding
            .because("the server sends frames without an answer to the request")
            .fixed_by("answer the request with the 101 first"),
        Foreign::ByteOrderMark => finding
            .because("a file of the server begins with a byte-order mark, which is sent first")
            .fixed_by("save it as UTF-8 without one"),
        Foreign::Http2Settings => finding
            .because("the server speaks HTTP/2, as was agreed in ALPN or assumed")
            .fixed_by("offer `http/1.1` alone in ALPN"),
        _ => finding,
    }
}

/// The first line, where it is text, else the first octets.
fn place(within: Within, octets: &[u8]) -> Place {
    const MOST: usize = 16;
    let line = octets
        .split(|octet| *octet == b'\n')
        .next()
        .unwrap_or_default();
    let text = std::str::from_utf8(line.trim_ascii_end())
        .ok()
        .filter(|text| !text.is_empty() && !text.starts_with('\u{feff}'))
        .filter(|text| !text.contains(char::is_control));
    if let Some(text) = text {
        return Place {
            within,
            offset: 0,
            length: text.len() as u64,
            direction: None,
            extract: Some(Extract::Line {
                number: 1,
                start: 0,
                text: text.to_owned(),
            }),
        };
    }
    let octets = octets.get(..MOST).unwrap_or(octets).to_vec();
    Place {
        within,
        offset: 0,
        length: octets.len() as u64,
        direction: None,
        extract: Some(Extract::Octets { start: 0, octets }),
    }
}
