//! Diagnoses a response.

use std::mem::discriminant;

use super::locate::HeaderLocator;
use super::repeated::first_of_each;
use super::request::location_of_parameter;
use super::{after_head, extended_connect, lines, proxy, status, strict_peers};
use crate::diagnosis::catalogue::{self, RulePage};
use crate::diagnosis::{Finding, Location, diagnose_accept};
use crate::ws::extension::{DeflateParameters, ParameterError};
use crate::ws::handshake::{
    Handshake, HeaderLineError, Headers, ParsedHead, ResponseError, ResponseHead, accept_value,
    decode_base64, offered_subprotocols, validate_response,
};

/// The findings for a response, in the order of the rules.
pub(super) fn diagnose(
    response: &ParsedHead<ResponseHead>,
    locate: &HeaderLocator<'_>,
    handshake: &Handshake,
) -> Vec<Finding> {
    if let Some(finding) = extended_connect::diagnose_response(response, locate, handshake) {
        return vec![finding];
    }
    let newline = after_head::newline_of_base64(response);
    let is_explained = |kind: &HeaderLineError| match kind {
        HeaderLineError::BareLf { .. } => newline.is_some(),
        HeaderLineError::Version => {
            response.head.status != 101 && lines::later_version(&response.lines).is_some()
        }
        _ => false,
    };
    let mut findings = lines::diagnose(&response.lines, locate, handshake.ends, is_explained);
    let errors = validate_response(&response.head, handshake.request_head());
    let reported = errors.iter().filter(|error| {
        let name = error.header().unwrap_or_default();
        newline.is_none() || !after_head::has_header(response, name)
    });
    let kind_of = |error: &ResponseError| discriminant(error);
    findings.extend(first_of_each(reported, kind_of, |error| {
        error_finding(error, response, locate, handshake)
    }));
    if response.head.status == 101 {
        findings.extend(strict_peers::diagnose_response(
            &response.head,
            locate,
            handshake,
        ));
    }
    findings.extend(newline.map(|finding| Finding {
        location: locate.value("Sec-WebSocket-Accept", 0),
        ..finding
    }));
    findings
}

fn error_finding(
    error: &ResponseError,
    response: &ParsedHead<ResponseHead>,
    locate: &HeaderLocator<'_>,
    handshake: &Handshake,
) -> Finding {
    match error {
        ResponseError::Status(_) => return status::diagnose(response, locate, handshake),
        ResponseError::Accept { given, key } => {
            if let Some(finding) = diagnose_accept(key.as_bytes(), given) {
                return accept_finding(finding, key, locate);
            }
        }
        _ => {}
    }
    let mut finding = Finding::new(page_of(error), error.to_string()).reference(error.reference());
    let (location, label) = location_and_label(error, response, locate);
    finding.location = location;
    finding.label = Some(label);
    explained(finding, error, response, handshake)
}

/// Adds the location and the right value to a finding for a wrong accept value.
fn accept_finding(finding: Finding, key: &str, locate: &HeaderLocator<'_>) -> Finding {
    let expected = accept_value(key.as_bytes());
    let mut finding = finding.label(format!("{expected} is needed"));
    finding.location = locate.value("Sec-WebSocket-Accept", 0);
    finding.message = finding.message.replacen("the value", "the accept value", 1);
    if finding.page == &catalogue::ACCEPT_KEY_MANGLED {
        return finding.certain_cause("the same mistake with this key gives the same value");
    }
    finding
}

impl Finding {
    /// The finding for an error of a response that a server is about to send, with what Chrome
    /// prints for it.
    pub fn of_answer(error: &ResponseError) -> Self {
        let page = page_of(error);
        let chrome = page
            .peer_messages
            .iter()
            .find(|(peer, _)| *peer == "Chrome");
        let message = chrome.map_or_else(
            || error.to_string(),
            |(peer, text)| format!("{error}; {peer} fails the connection: {text}"),
        );
        Self::new(page, message).reference(error.reference())
    }
}

const fn page_of(error: &ResponseError) -> &'static RulePage {
    match error {
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

fn location_and_label(
    error: &ResponseError,
    response: &ParsedHead<ResponseHead>,
    locate: &HeaderLocator<'_>,
) -> (Option<Location>, String) {
    let name = error.header().unwrap_or_default();
    let missing = |what: &str| (locate.first_line(), format!("no `{what}` follows"));
    let value = |label: &str| (locate.value_or_first_line(name), label.to_owned());
    let second = || (locate.value(name, 1), "the second one".to_owned());
    match error {
        ResponseError::Status(_) => (locate.first_line(), "101 is needed".to_owned()),
        ResponseError::HttpVersion => {
            let version = format!("HTTP/1.{}", response.head.minor_version);
            let location = locate.first_line_at(&version);
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
        ResponseError::ExtensionList(error) => (locate.from(name, error.offset), "here".to_owned()),
        ResponseError::ExtensionNotOffered(extension)
        | ResponseError::ExtensionTwice(extension) => {
            let label = match error {
                ResponseError::ExtensionTwice(_) => "twice",
                _ => "not offered",
            };
            (locate.words(name, extension), label.to_owned())
        }
        ResponseError::DeflateParameters(error) => {
            (location_of_parameter(error, locate), parameter_label(error))
        }
        ResponseError::ContentLength(_) | ResponseError::TransferEncoding(_) => {
            value("not in a 101")
        }
        ResponseError::DraftHeader(_) => (locate.name(name), "not in RFC 6455".to_owned()),
    }
}

fn parameter_label(error: &ParameterError) -> String {
    match error {
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

/// Adds the cause that this handshake proves or suggests, and the fix for it.
fn explained(
    finding: Finding,
    error: &ResponseError,
    response: &ParsedHead<ResponseHead>,
    handshake: &Handshake,
) -> Finding {
    match error {
        ResponseError::Upgrade(None) | ResponseError::Connection(_) => {
            explained_by_proxy(finding, &response.head.headers)
        }
        ResponseError::AcceptCount(0) => match handshake.key() {
            Some(key) => finding.fixed_by(format!(
                "send `Sec-WebSocket-Accept: {}`",
                accept_value(key.as_bytes())
            )),
            None => finding,
        },
        ResponseError::AcceptCount(_) | ResponseError::UpgradeCount(_) => finding
            .possible_cause("a framework or a proxy adds a header that the program sends already")
            .fixed_by("send it once"),
        ResponseError::AcceptForm(given) => explained_by_form(finding, given),
        ResponseError::SubprotocolSeveral(list) => explained_by_echo(finding, list, handshake),
        ResponseError::SubprotocolNotOffered { offered, chosen } => {
            explained_by_offer(finding, offered, chosen)
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

/// A proxy in front of the server that removed `Upgrade` and `Connection`, or may have.
fn explained_by_proxy(finding: Finding, headers: &Headers) -> Finding {
    if let Some(trace) = proxy::trace_of(headers) {
        return finding.certain_cause(format!(
            "a proxy passed the response on without its hop-by-hop headers (`{trace}`)"
        ));
    }
    match proxy::server_that_is_a_proxy(headers) {
        Some(server) => finding
            .possible_cause(format!(
                "the proxy `{server}` in front of the server does not pass `Upgrade` and \
                 `Connection` on"
            ))
            .fixed_by(proxy::set_up(&server)),
        None => finding,
    }
}

/// A subprotocol that the client did not offer, or not in this spelling.
fn explained_by_offer(finding: Finding, offered: &[String], chosen: &str) -> Finding {
    if offered.is_empty() {
        return finding
            .fixed_by("leave out `Sec-WebSocket-Protocol`: the client offered no subprotocol");
    }
    let finding = finding.fixed_by(format!(
        "send one of `{}`, spelled the same way, or leave out the header",
        offered.join("`, `")
    ));
    let same = offered
        .iter()
        .find(|name| name.eq_ignore_ascii_case(chosen));
    match same {
        Some(name) => finding.certain_cause(format!(
            "the client offered `{name}`, and subprotocols are compared with case"
        )),
        None => finding,
    }
}

/// Without the key, the form of the value alone can show hexadecimal digits.
fn explained_by_form(mut finding: Finding, given: &str) -> Finding {
    let is_digest = |text: &[u8]| text.len() == 40 && text.iter().all(u8::is_ascii_hexdigit);
    let decoded = decode_base64(given.as_bytes()).unwrap_or_default();
    let what = if is_digest(given.as_bytes()) {
        "the value is a digest in hexadecimal instead of base64"
    } else if is_digest(&decoded) {
        "the value is base64 of a digest in hexadecimal instead of its 20 bytes"
    } else {
        return finding;
    };
    finding.page = &catalogue::ACCEPT_HEXDIGEST;
    finding.certain_cause(what)
}

/// Several subprotocols that are exactly the list of the request.
fn explained_by_echo(finding: Finding, list: &str, handshake: &Handshake) -> Finding {
    let offered = handshake.request_head().map(offered_subprotocols);
    let chosen = list.split(',').map(str::trim);
    match offered {
        Some(offered) if chosen.eq(offered.iter().map(String::as_str)) => {
            let first = offered.first().cloned().unwrap_or_default();
            finding
                .certain_cause("the server sends the client's whole list back")
                .fixed_by(format!(
                    "send only the subprotocol that the server uses, such as `{first}`"
                ))
        }
        _ => finding,
    }
}

/// Parameters of permessage-deflate that are exactly those of the request.
fn explained_by_copy(
    finding: Finding,
    error: &ParameterError,
    response: &ParsedHead<ResponseHead>,
    handshake: &Handshake,
) -> Finding {
    let name = "Sec-WebSocket-Extensions";
    let of_request = handshake
        .request_head()
        .and_then(|head| head.headers.first(name));
    let extension = DeflateParameters::EXTENSION;
    if of_request.is_some() && of_request == response.head.headers.first(name) {
        return finding
            .certain_cause("the server sends the client's offer back")
            .fixed_by(format!(
                "send `{extension}` if the server compresses, otherwise no header"
            ));
    }
    match error {
        ParameterError::NotAnswered(parameter) => {
            finding.fixed_by(format!("send `{parameter}` too, or decline the offer"))
        }
        ParameterError::NotOffered(parameter) => {
            finding.fixed_by(format!("send `{extension}` without `{parameter}`"))
        }
        _ => finding,
    }
}
