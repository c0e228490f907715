//! What is wrong with a request.

use std::mem::{Discriminant, discriminant};

use super::heading::HeaderLocator;
use super::kinds::first_of_each;
use super::{key, lines, proxy};
use crate::diagnosis::catalogue::{self, RulePage};
use crate::diagnosis::{Finding, Location};
use crate::ws::Reference;
use crate::ws::extension::{DeflateParameters, ParameterError};
use crate::ws::handshake::{
    Handshake, OfferError, ParsedHead, RequestError, RequestHead, RequestWarning, accept_value,
    doubts, judge as judge_head,
};

/// Every finding about the request.
pub(super) fn judge(
    request: &ParsedHead<RequestHead>,
    heading: &HeaderLocator<'_>,
    handshake: &Handshake,
) -> Vec<Finding> {
    let head = &request.head;
    if let Some(finding) = of_http_2(request, heading) {
        return vec![finding];
    }
    let mut findings = lines::judge(&request.lines, heading, handshake.ends, |_| false);
    let doubts = doubts(head);
    let is_hixie = doubts
        .iter()
        .any(|doubt| matches!(doubt, RequestWarning::HixieKey(_)));
    let faults = judge_head(head).err().unwrap_or_default();
    let told = faults.iter().filter(|fault| {
        // A client of that draft has neither a key nor a version.
        let is_of_the_draft = matches!(
            fault,
            RequestError::KeyCount(0) | RequestError::WebSocketVersion(None)
        );
        !(is_hixie && is_of_the_draft)
    });
    findings.extend(first_of_each(told, kind_of, |fault| {
        of_fault(fault, head, heading)
    }));
    findings.extend(of_doubts(&doubts, heading));
    if faults.is_empty() {
        findings.extend(list_refused(head, heading, handshake));
        findings.extend(name_not_found(head, heading, handshake));
    }
    findings
}

fn kind_of(fault: &RequestError) -> (Discriminant<RequestError>, Option<Discriminant<OfferError>>) {
    let offer = match fault {
        RequestError::Offer(offer) => Some(discriminant(offer)),
        _ => None,
    };
    (discriminant(fault), offer)
}

/// In HTTP/2 nothing of what follows is as in HTTP/1.1.
fn of_http_2(request: &ParsedHead<RequestHead>, heading: &HeaderLocator<'_>) -> Option<Finding> {
    let head = &request.head;
    let (location, message) = if head.method == "PRI" && head.target == "*" {
        let message = "this is the preface of HTTP/2, not a request of HTTP/1.1";
        (heading.first_line()?, message)
    } else {
        let version = lines::later_version(&request.lines)?;
        let location = heading.of_fault(&version)?;
        (location, "a request of HTTP/2 or 3 cannot be upgraded")
    };
    let finding = Finding::new(&catalogue::REQ_H2_PREFACE, message);
    Some(finding.at(location).label("HTTP/1.1 is needed"))
}

fn of_fault(fault: &RequestError, head: &RequestHead, heading: &HeaderLocator<'_>) -> Finding {
    let mut finding = Finding::from(fault);
    let (location, label) = place_and_label(fault, head, heading);
    finding.location = location;
    finding.label = Some(label);
    match fault {
        RequestError::Key(_) => {
            let keys = head.values("Sec-WebSocket-Key").next();
            key::explained(finding, &keys.unwrap_or_default())
        }
        RequestError::KeyCount(0) => finding.possible_cause(
            "a client that opens the connection as plain HTTP, or a proxy that drops the header",
        ),
        RequestError::KeyCount(_) | RequestError::WebSocketVersionCount(_) => finding
            .possible_cause("a program adds the header that its library sends already")
            .fixed_by("send it once"),
        RequestError::NotUpgrade(Some(other)) => finding
            .possible_cause(format!(
                "a client of another protocol, which asks for `{other}`"
            ))
            .fixed_by("send `Upgrade: websocket`"),
        RequestError::NotUpgrade(None)
        | RequestError::Connection(_)
        | RequestError::HttpVersion => explained_by_a_proxy(finding, fault, head),
        _ => finding,
    }
}

fn place_and_label(
    fault: &RequestError,
    head: &RequestHead,
    heading: &HeaderLocator<'_>,
) -> (Option<Location>, String) {
    let missing = |name: &str| (heading.first_line(), format!("no `{name}` follows"));
    let several = |name: &str| (heading.value(name, 1), "the second one".to_owned());
    let wrong = |name: &str, needed: &str| (heading.value(name, 0), format!("{needed} is needed"));
    match fault {
        RequestError::HttpVersion => {
            let version = format!("HTTP/1.{}", head.minor_version);
            let location = heading.first_line_at(&version);
            (location, "HTTP/1.1 is needed".to_owned())
        }
        RequestError::Method(_) => {
            let location = heading.first_line_at(&head.method);
            (location, "GET is needed".to_owned())
        }
        RequestError::NotUpgrade(None) => missing("Upgrade: websocket"),
        RequestError::NotUpgrade(Some(_)) => wrong("Upgrade", "`websocket`"),
        RequestError::Host(0) => missing("Host"),
        RequestError::Host(_) => several("Host"),
        RequestError::Connection(None) => missing("Connection: Upgrade"),
        RequestError::Connection(Some(_)) => wrong("Connection", "`Upgrade`"),
        RequestError::KeyCount(0) => missing("Sec-WebSocket-Key"),
        RequestError::KeyCount(_) => several("Sec-WebSocket-Key"),
        RequestError::Key(_) => wrong("Sec-WebSocket-Key", "base64 of 16 bytes"),
        RequestError::WebSocketVersion(None) => missing("Sec-WebSocket-Version: 13"),
        RequestError::WebSocketVersion(Some(_)) => wrong("Sec-WebSocket-Version", "13"),
        RequestError::WebSocketVersionCount(_) => several("Sec-WebSocket-Version"),
        RequestError::Offer(fault) => of_offer(fault, heading),
        RequestError::Body => {
            let location = heading.value("Transfer-Encoding", 0);
            let location = location.or_else(|| heading.value("Content-Length", 0));
            (
                location,
                "frames would begin where the body does".to_owned(),
            )
        }
        RequestError::Malformed(_)
        | RequestError::HeadTooLarge(_)
        | RequestError::HeadTooSlow
        | RequestError::Tls
        | RequestError::NotTls
        | RequestError::HeadCut => (heading.first_line(), String::new()),
    }
}

fn of_offer(fault: &OfferError, heading: &HeaderLocator<'_>) -> (Option<Location>, String) {
    let (protocol, extensions) = ("Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions");
    let (location, label) = match fault {
        OfferError::SubprotocolNone => (heading.value(protocol, 0), "no name"),
        OfferError::SubprotocolNotToken(word) => (heading.item(protocol, word), "not a token"),
        OfferError::ExtensionList(fault) => (heading.from(extensions, fault.offset), "here"),
    };
    (location, label.to_owned())
}

/// `Upgrade` and `Connection` are for one hop: whoever passes a request on takes them away
/// (RFC 9110 §7.6.1).
fn explained_by_a_proxy(finding: Finding, fault: &RequestError, head: &RequestHead) -> Finding {
    let has_key = head.values("Sec-WebSocket-Key").next().is_some();
    let trace = proxy::trace_of(&head.headers);
    match (fault, trace) {
        (RequestError::HttpVersion, Some(trace)) => finding.certain_cause(format!(
            "a proxy passed the request on (`{trace}`), and speaks HTTP/1.0 to this server"
        )),
        (RequestError::HttpVersion, None) => finding,
        (_, Some(trace)) => finding.certain_cause(format!(
            "a proxy passed the request on (`{trace}`), and left out what is for one hop only"
        )),
        (_, None) if has_key => finding.possible_cause(
            "a proxy on the way that left out what is for one hop only: the key shows that the \
             client wanted a WebSocket",
        ),
        (_, None) => finding,
    }
}

fn of_doubts(doubts: &[RequestWarning], heading: &HeaderLocator<'_>) -> Vec<Finding> {
    let is_hixie = |doubt: &&RequestWarning| matches!(doubt, RequestWarning::HixieKey(_));
    // Both keys of that draft are one matter.
    let drafts = doubts.iter().filter(is_hixie).take(1);
    let others = doubts.iter().filter(|doubt| !is_hixie(doubt));
    let kind_of = |doubt: &RequestWarning| discriminant(doubt);
    first_of_each(drafts.chain(others), kind_of, |doubt| {
        of_doubt(doubt, heading)
    })
}

fn of_doubt(doubt: &RequestWarning, heading: &HeaderLocator<'_>) -> Finding {
    let name = doubt.header();
    let mut finding = Finding::new(entry_of(doubt), doubt.to_string()).reference(doubt.reference());
    finding.location = match doubt {
        RequestWarning::HixieKey(_) => heading.name(name),
        RequestWarning::KeyConstant(_) | RequestWarning::SubprotocolEmpty => heading.value(name, 0),
        RequestWarning::SubprotocolTwice(word) | RequestWarning::SubprotocolNothing(word) => {
            heading.item(name, word)
        }
        RequestWarning::DeflateOffer(fault) => place_of_parameter(fault, heading),
    };
    let label = match doubt {
        RequestWarning::HixieKey(_) => "not in RFC 6455",
        RequestWarning::KeyConstant(_) => "a new one is needed for each connection",
        RequestWarning::SubprotocolEmpty => "no name",
        RequestWarning::SubprotocolTwice(_) => "again",
        RequestWarning::SubprotocolNothing(_) => "taken for a name",
        RequestWarning::DeflateOffer(_) => "not an offer of RFC 7692",
    };
    finding = finding.label(label);
    match doubt {
        RequestWarning::SubprotocolNothing(word) => {
            finding.severity = crate::diagnosis::Severity::Suspicious;
            finding.certain_cause(format!(
                "`{word}` was passed as the subprotocol, and became a text"
            ))
        }
        _ => finding,
    }
}

const fn entry_of(doubt: &RequestWarning) -> &'static RulePage {
    match doubt {
        RequestWarning::HixieKey(_) => &catalogue::REQ_HIXIE76,
        RequestWarning::KeyConstant(_) => &catalogue::REQ_KEY_CONSTANT,
        RequestWarning::SubprotocolEmpty
        | RequestWarning::SubprotocolTwice(_)
        | RequestWarning::SubprotocolNothing(_) => &catalogue::REQ_SUBPROTOCOL_BAD,
        RequestWarning::DeflateOffer(_) => &catalogue::REQ_EXTENSIONS_BAD,
    }
}

/// The parameter that a fault is about, or where it is not there the extension's name.
pub(super) fn place_of_parameter(
    fault: &ParameterError,
    heading: &HeaderLocator<'_>,
) -> Option<Location> {
    let words = match fault {
        ParameterError::OtherExtension(name) | ParameterError::Unknown(name) => name.clone(),
        ParameterError::Twice(parameter)
        | ParameterError::ValueMissing(parameter)
        | ParameterError::NotOffered(parameter) => parameter.name().to_owned(),
        ParameterError::ValueNotAllowed(parameter, value)
        | ParameterError::WindowBits(parameter, value) => format!("{parameter}={value}"),
        ParameterError::NotAnswered(_) => DeflateParameters::EXTENSION.to_owned(),
        ParameterError::LargerThanOffered {
            parameter,
            answered,
            ..
        } => format!("{parameter}={answered}"),
    };
    heading.words("Sec-WebSocket-Extensions", &words)
}

/// `Connection: keep-alive, Upgrade`, as Firefox sends it, in a right request that was
/// refused all the same.
fn list_refused(
    head: &RequestHead,
    heading: &HeaderLocator<'_>,
    handshake: &Handshake,
) -> Option<Finding> {
    let status = handshake.response_head()?.status;
    let value = head
        .values("Connection")
        .find(|value| value.contains(','))?;
    if !matches!(status, 400 | 426) {
        return None;
    }
    let message = format!("a right request with `Connection: {value}` was refused with {status}");
    let finding = Finding::new(&catalogue::CONNECTION_LIST_REFUSED, message);
    Some(
        finding
            .at(heading.value("Connection", 0)?)
            .label("a list, as is allowed"),
    )
}

/// Names in small letters, and an answer that was computed without the key.
fn name_not_found(
    head: &RequestHead,
    heading: &HeaderLocator<'_>,
    handshake: &Handshake,
) -> Option<Finding> {
    let given = handshake
        .response_head()?
        .values("Sec-WebSocket-Accept")
        .next()?;
    let nothing = ["", "None", "undefined", "null", "nil"];
    let key = nothing
        .into_iter()
        .find(|word| accept_value(word.as_bytes()) == given)?;
    let header = head
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("Sec-WebSocket-Key"))?;
    if header.name == "Sec-WebSocket-Key" {
        return None;
    }
    let message = format!(
        "the server did not find the key under the name `{}`",
        header.name
    );
    let what = if key.is_empty() { "an empty key" } else { key };
    let finding = Finding::new(&catalogue::HEADER_NAME_CASE, message)
        .at(heading.name("Sec-WebSocket-Key")?)
        .label("names of headers have any case")
        .certain_cause(format!("the accept value is that of {what}"))
        .reference(Reference {
            rfc: 9110,
            section: "5.1",
        });
    Some(finding)
}
