//! What is wrong with a response.

use std::mem::discriminant;

use super::heading::HeaderLocator;
use super::kinds::first_of_each;
use super::request::place_of_parameter;
use super::{behind, lines, proxy, status};
use crate::diagnosis::catalogue::{self, RulePage};
use crate::diagnosis::{Finding, Location, accept::judge_accept};
use crate::ws::extension::{DeflateParameters, ParameterError};
use crate::ws::handshake::{
    Handshake, HeaderLineError, ParsedHead, ResponseError, ResponseHead, accept_value,
    decode_base64, judge_response as judge_head, offered_subprotocols,
};

/// Every finding about the response.
pub(super) fn judge(
    response: &ParsedHead<ResponseHead>,
    heading: &HeaderLocator<'_>,
    handshake: &Handshake,
) -> Vec<Finding> {
    let newline = behind::newline_of_base64(response);
    let is_explained = |breach: &HeaderLineError| match breach {
        HeaderLineError::BareLf { .. } => newline.is_some(),
        HeaderLineError::Version => {
            response.head.status != 101 && lines::later_version(&response.lines).is_some()
        }
        _ => false,
    };
    let mut findings = lines::judge(&response.lines, heading, handshake.ends, is_explained);
    let faults = judge_head(&response.head, handshake.request_head());
    let told = faults.iter().filter(|fault| {
        let name = fault.header().unwrap_or_default();
        newline.is_none() || !behind::has_header(response, name)
    });
    let kind_of = |fault: &ResponseError| discriminant(fault);
    findings.extend(first_of_each(told, kind_of, |fault| {
        of_fault(fault, response, heading, handshake)
    }));
    findings.extend(newline.map(|finding| Finding {
        location: heading.value("Sec-WebSocket-Accept", 0),
        ..finding
    }));
    findings
}

fn of_fault(
    fault: &ResponseError,
    response: &ParsedHead<ResponseHead>,
    heading: &HeaderLocator<'_>,
    handshake: &Handshake,
) -> Finding {
    match fault {
        ResponseError::Status(_) => return status::judge(response, heading, handshake),
        ResponseError::Accept { given, key } => {
            if let Some(finding) = judge_accept(key.as_bytes(), given) {
                return of_accept(finding, key, heading);
            }
        }
        _ => {}
    }
    let mut finding = Finding::new(entry_of(fault), fault.to_string()).reference(fault.reference());
    let (location, label) = place_and_label(fault, response, heading);
    finding.location = location;
    finding.label = Some(label);
    explained(finding, fault, response, handshake)
}

/// A wrong accept value, the mistake behind it known or not.
fn of_accept(finding: Finding, key: &str, heading: &HeaderLocator<'_>) -> Finding {
    let expected = accept_value(key.as_bytes());
    let mut finding = finding.label(format!("{expected} is needed"));
    finding.location = heading.value("Sec-WebSocket-Accept", 0);
    finding.message = format!("the accept value is wrong: {}", finding.message);
    if finding.page == &catalogue::ACCEPT_KEY_MANGLED {
        // There are many ways to it, and only one is what was done here.
        return finding
            .certain_cause("the same mistake made again with this key gives the same value");
    }
    finding
}

impl Finding {
    /// What is wrong with an answer that a server is about to give, and what the client that
    /// most people have makes of it.
    pub fn of_answer(fault: &ResponseError) -> Self {
        let entry = entry_of(fault);
        let chrome = entry
            .peer_messages
            .iter()
            .find(|(peer, _)| *peer == "Chrome");
        let message = chrome.map_or_else(
            || fault.to_string(),
            |(peer, text)| format!("{fault}; {peer} fails the connection: {text}"),
        );
        Self::new(entry, message).reference(fault.reference())
    }
}

const fn entry_of(fault: &ResponseError) -> &'static RulePage {
    match fault {
        ResponseError::Status(_) => &catalogue::RESP_STATUS,
        ResponseError::HttpVersion => &catalogue::HTTP_1_0,
        ResponseError::Upgrade(_)
        | ResponseError::UpgradeCount(_)
        | ResponseError::Connection(_) => &catalogue::RESP_UPGRADE_CONNECTION,
        ResponseError::AcceptCount(0) => &catalogue::ACCEPT_MISSING,
        ResponseError::AcceptCount(_)
        | ResponseError::Accept { .. }
        | ResponseError::AcceptForm(_) => &catalogue::ACCEPT_WRONG,
        ResponseError::SubprotocolEmpty
        | ResponseError::SubprotocolSeveral(_)
        | ResponseError::SubprotocolNotToken(_)
        | ResponseError::SubprotocolNotOffered { .. } => &catalogue::RESP_SUBPROTOCOL_WRONG,
        ResponseError::SubprotocolUnanswered(_) => &catalogue::RESP_SUBPROTOCOL_MISSING,
        ResponseError::ExtensionNotOffered(_) => &catalogue::RESP_EXTENSION_UNREQUESTED,
        ResponseError::ExtensionList(_)
        | ResponseError::ExtensionTwice(_)
        | ResponseError::DeflateParameters(_) => &catalogue::RESP_EXTENSION_PARAMS,
        ResponseError::ContentLength(_) => &catalogue::RESP_CONTENT_LENGTH,
        ResponseError::TransferEncoding(_) => &catalogue::RESP_CHUNKED,
        ResponseError::DraftHeader(_) => &catalogue::RESP_DRAFT_HEADERS,
    }
}

fn place_and_label(
    fault: &ResponseError,
    response: &ParsedHead<ResponseHead>,
    heading: &HeaderLocator<'_>,
) -> (Option<Location>, String) {
    let name = fault.header().unwrap_or_default();
    let missing = |what: &str| (heading.first_line(), format!("no `{what}` follows"));
    let value = |label: &str| (heading.value_or_first_line(name), label.to_owned());
    let second = || (heading.value(name, 1), "the second one".to_owned());
    match fault {
        ResponseError::Status(_) => (heading.first_line(), "101 is needed".to_owned()),
        ResponseError::HttpVersion => {
            let version = format!("HTTP/1.{}", response.head.minor_version);
            let location = heading.first_line_at(&version);
            (location, "HTTP/1.1 is needed".to_owned())
        }
        ResponseError::Upgrade(None) => missing("Upgrade: websocket"),
        ResponseError::Upgrade(Some(_)) => value("`websocket` is needed"),
        ResponseError::UpgradeCount(_) | ResponseError::AcceptCount(1..) => second(),
        ResponseError::Connection(None) => missing("Connection: Upgrade"),
        ResponseError::Connection(Some(_)) => value("`Upgrade` is needed"),
        ResponseError::AcceptCount(0) => missing("Sec-WebSocket-Accept"),
        ResponseError::Accept { .. } | ResponseError::AcceptForm(_) => {
            value("28 characters are needed")
        }
        ResponseError::SubprotocolEmpty => value("no name"),
        ResponseError::SubprotocolSeveral(_) => value("one is needed"),
        ResponseError::SubprotocolNotToken(_) => value("not a token"),
        ResponseError::SubprotocolNotOffered { .. } => value("not offered"),
        ResponseError::SubprotocolUnanswered(_) => missing("Sec-WebSocket-Protocol"),
        ResponseError::ExtensionList(fault) => {
            (heading.from(name, fault.offset), "here".to_owned())
        }
        ResponseError::ExtensionNotOffered(extension)
        | ResponseError::ExtensionTwice(extension) => {
            let label = match fault {
                ResponseError::ExtensionTwice(_) => "twice",
                _ => "not offered",
            };
            (heading.words(name, extension), label.to_owned())
        }
        ResponseError::DeflateParameters(fault) => {
            (place_of_parameter(fault, heading), label_of(fault))
        }
        ResponseError::ContentLength(_) | ResponseError::TransferEncoding(_) => {
            value("not in a 101")
        }
        ResponseError::DraftHeader(_) => (heading.name(name), "not in RFC 6455".to_owned()),
    }
}

fn label_of(fault: &ParameterError) -> String {
    match fault {
        ParameterError::NotOffered(_) => "not offered".to_owned(),
        ParameterError::NotAnswered(parameter) => format!("no `{parameter}` follows"),
        ParameterError::ValueMissing(_) => "a value from 8 to 15 is needed".to_owned(),
        ParameterError::WindowBits(..) => "8 to 15 is needed".to_owned(),
        ParameterError::LargerThanOffered { offered, .. } => format!("at most {offered}"),
        ParameterError::Unknown(_) => "not in RFC 7692".to_owned(),
        ParameterError::Twice(_) => "twice".to_owned(),
        ParameterError::ValueNotAllowed(..) => "no value here".to_owned(),
        ParameterError::OtherExtension(_) => "another extension".to_owned(),
    }
}

/// The finding with what this handshake shows of the cause, and the fix that fits it.
fn explained(
    finding: Finding,
    fault: &ResponseError,
    response: &ParsedHead<ResponseHead>,
    handshake: &Handshake,
) -> Finding {
    let headers = &response.head.headers;
    match fault {
        ResponseError::Upgrade(None) | ResponseError::Connection(_) => {
            match proxy::trace_of(headers) {
                Some(trace) => finding.certain_cause(format!(
                    "a proxy passed the response on (`{trace}`), and did not keep what is for one \
                 hop only"
                )),
                None => match proxy::server_that_is_a_proxy(headers) {
                    Some(server) => finding
                        .possible_cause(format!(
                            "`{server}` in front of the server, which is not set up to pass \
                         `Upgrade` and `Connection` on"
                        ))
                        .fixed_by(proxy::set_up(&server)),
                    None => finding,
                },
            }
        }
        ResponseError::AcceptCount(0) => match handshake.key() {
            Some(key) => finding.fixed_by(format!(
                "send `Sec-WebSocket-Accept: {}`",
                accept_value(key.as_bytes())
            )),
            None => finding,
        },
        ResponseError::AcceptCount(_) | ResponseError::UpgradeCount(_) => finding
            .possible_cause("a framework or a proxy adds the header that the program sends already")
            .fixed_by("send it once"),
        ResponseError::AcceptForm(given) => explained_by_form(finding, given),
        ResponseError::SubprotocolSeveral(list) => explained_by_echo(finding, list, handshake),
        ResponseError::SubprotocolNotOffered { offered, .. } if offered.is_empty() => {
            finding.fixed_by("leave `Sec-WebSocket-Protocol` out: the client offered none")
        }
        ResponseError::SubprotocolNotOffered { offered, chosen } => {
            let finding = finding.fixed_by(format!(
                "choose one of `{}`, as it is spelled, or leave the header out",
                offered.join("`, `")
            ));
            let same = offered
                .iter()
                .find(|name| name.eq_ignore_ascii_case(chosen));
            match same {
                Some(name) => finding.certain_cause(format!(
                    "it is `{name}` in another case, and case counts in these names"
                )),
                None => finding,
            }
        }
        ResponseError::ExtensionNotOffered(_) => {
            finding.fixed_by("leave `Sec-WebSocket-Extensions` out unless the client offers it")
        }
        ResponseError::DeflateParameters(parameter) => {
            explained_by_copy(finding, parameter, response, handshake)
        }
        _ => finding,
    }
}

/// Without the key the value's form still tells the digest's way to be written.
fn explained_by_form(mut finding: Finding, given: &str) -> Finding {
    let is_digest = |text: &[u8]| text.len() == 40 && text.iter().all(u8::is_ascii_hexdigit);
    let decoded = decode_base64(given.as_bytes()).unwrap_or_default();
    let what = if is_digest(given.as_bytes()) {
        "it is a digest in hexadecimal, not in base64"
    } else if is_digest(&decoded) {
        "it is base64 of a digest in hexadecimal, not of its 20 bytes"
    } else {
        return finding;
    };
    finding.page = &catalogue::ACCEPT_HEXDIGEST;
    finding.certain_cause(what)
}

/// A whole list that comes back as it went out.
fn explained_by_echo(finding: Finding, list: &str, handshake: &Handshake) -> Finding {
    let offered = handshake.request_head().map(offered_subprotocols);
    let chosen = list.split(',').map(str::trim);
    match offered {
        Some(offered) if chosen.eq(offered.iter().map(String::as_str)) => {
            let first = offered.first().cloned().unwrap_or_default();
            finding
                .certain_cause("the client's list was sent back as it came")
                .fixed_by(format!("send the one that is spoken, `{first}` perhaps"))
        }
        _ => finding,
    }
}

/// An offer that comes back as an answer.
fn explained_by_copy(
    finding: Finding,
    fault: &ParameterError,
    response: &ParsedHead<ResponseHead>,
    handshake: &Handshake,
) -> Finding {
    let name = "Sec-WebSocket-Extensions";
    let of_request = handshake
        .request_head()
        .and_then(|head| head.values(name).next());
    let extension = DeflateParameters::EXTENSION;
    if of_request.is_some() && of_request == response.head.values(name).next() {
        return finding
            .certain_cause("the client's offer was sent back as the answer")
            .fixed_by(format!(
                "answer `{extension}` if messages are compressed, nothing if not"
            ));
    }
    match fault {
        ParameterError::NotAnswered(parameter) => finding.fixed_by(format!(
            "answer with `{parameter}` too, or decline the offer"
        )),
        ParameterError::NotOffered(parameter) => {
            finding.fixed_by(format!("answer `{extension}` without `{parameter}`"))
        }
        _ => finding,
    }
}
