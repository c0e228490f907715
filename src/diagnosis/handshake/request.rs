//! What is wrong with a request.

use std::mem::{Discriminant, discriminant};

use super::heading::Heading;
use super::kinds::first_of_each;
use super::{key, lines, proxy};
use crate::diagnosis::catalogue::{self, RulePage};
use crate::diagnosis::{Finding, Place};
use crate::ws::Reference;
use crate::ws::extension::{DeflateParameters, ParameterFault};
use crate::ws::handshake::{
    Handshake, OfferFault, Received, RequestDoubt, RequestFault, RequestHead, accept_value, doubts,
    judge as judge_head,
};

/// Every finding about the request.
pub(super) fn judge(
    request: &Received<RequestHead>,
    heading: &Heading<'_>,
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
        .any(|doubt| matches!(doubt, RequestDoubt::HixieKey(_)));
    let faults = judge_head(head).err().unwrap_or_default();
    let told = faults.iter().filter(|fault| {
        // A client of that draft has neither a key nor a version.
        let is_of_the_draft = matches!(
            fault,
            RequestFault::KeyCount(0) | RequestFault::WebSocketVersion(None)
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

fn kind_of(fault: &RequestFault) -> (Discriminant<RequestFault>, Option<Discriminant<OfferFault>>) {
    let offer = match fault {
        RequestFault::Offer(offer) => Some(discriminant(offer)),
        _ => None,
    };
    (discriminant(fault), offer)
}

/// In HTTP/2 nothing of what follows is as in HTTP/1.1.
fn of_http_2(request: &Received<RequestHead>, heading: &Heading<'_>) -> Option<Finding> {
    let head = &request.head;
    let (place, message) = if head.method == "PRI" && head.target == "*" {
        let message = "this is the preface of HTTP/2, not a request of HTTP/1.1";
        (heading.first_line()?, message)
    } else {
        let version = lines::later_version(&request.lines)?;
        let place = heading.of_fault(&version)?;
        (place, "a request of HTTP/2 or 3 cannot be upgraded")
    };
    let finding = Finding::new(&catalogue::REQ_H2_PREFACE, message);
    Some(finding.at(place).label("HTTP/1.1 is needed"))
}

fn of_fault(fault: &RequestFault, head: &RequestHead, heading: &Heading<'_>) -> Finding {
    let mut finding = Finding::from(fault);
    let (place, label) = place_and_label(fault, head, heading);
    finding.place = place;
    finding.label = Some(label);
    match fault {
        RequestFault::Key(_) => {
            let keys = head.values("Sec-WebSocket-Key").next();
            key::explained(finding, &keys.unwrap_or_default())
        }
        RequestFault::KeyCount(0) => finding.perhaps(
            "a client that opens the connection as plain HTTP, or a proxy that drops the header",
        ),
        RequestFault::KeyCount(_) | RequestFault::WebSocketVersionCount(_) => finding
            .perhaps("a program adds the header that its library sends already")
            .fixed_by("send it once"),
        RequestFault::NotUpgrade(Some(other)) => finding
            .perhaps(format!(
                "a client of another protocol, which asks for `{other}`"
            ))
            .fixed_by("send `Upgrade: websocket`"),
        RequestFault::NotUpgrade(None)
        | RequestFault::Connection(_)
        | RequestFault::HttpVersion => explained_by_a_proxy(finding, fault, head),
        _ => finding,
    }
}

fn place_and_label(
    fault: &RequestFault,
    head: &RequestHead,
    heading: &Heading<'_>,
) -> (Option<Place>, String) {
    let missing = |name: &str| (heading.first_line(), format!("no `{name}` follows"));
    let several = |name: &str| (heading.value(name, 1), "the second one".to_owned());
    let wrong = |name: &str, needed: &str| (heading.value(name, 0), format!("{needed} is needed"));
    match fault {
        RequestFault::HttpVersion => {
            let version = format!("HTTP/1.{}", head.minor_version);
            let place = heading.first_line_at(&version);
            (place, "HTTP/1.1 is needed".to_owned())
        }
        RequestFault::Method(_) => {
            let place = heading.first_line_at(&head.method);
            (place, "GET is needed".to_owned())
        }
        RequestFault::NotUpgrade(None) => missing("Upgrade: websocket"),
        RequestFault::NotUpgrade(Some(_)) => wrong("Upgrade", "`websocket`"),
        RequestFault::Host(0) => missing("Host"),
        RequestFault::Host(_) => several("Host"),
        RequestFault::Connection(None) => missing("Connection: Upgrade"),
        RequestFault::Connection(Some(_)) => wrong("Connection", "`Upgrade`"),
        RequestFault::KeyCount(0) => missing("Sec-WebSocket-Key"),
        RequestFault::KeyCount(_) => several("Sec-WebSocket-Key"),
        RequestFault::Key(_) => wrong("Sec-WebSocket-Key", "base64 of 16 bytes"),
        RequestFault::WebSocketVersion(None) => missing("Sec-WebSocket-Version: 13"),
        RequestFault::WebSocketVersion(Some(_)) => wrong("Sec-WebSocket-Version", "13"),
        RequestFault::WebSocketVersionCount(_) => several("Sec-WebSocket-Version"),
        RequestFault::Offer(fault) => of_offer(fault, heading),
        RequestFault::Body => {
            let place = heading.value("Transfer-Encoding", 0);
            let place = place.or_else(|| heading.value("Content-Length", 0));
            (place, "frames would begin where the body does".to_owned())
        }
        RequestFault::Malformed(_)
        | RequestFault::HeadTooLarge(_)
        | RequestFault::HeadTooSlow
        | RequestFault::Tls
        | RequestFault::NotTls
        | RequestFault::HeadCut => (heading.first_line(), String::new()),
    }
}

fn of_offer(fault: &OfferFault, heading: &Heading<'_>) -> (Option<Place>, String) {
    let (protocol, extensions) = ("Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions");
    let (place, label) = match fault {
        OfferFault::SubprotocolNone => (heading.value(protocol, 0), "no name"),
        OfferFault::SubprotocolNotToken(word) => (heading.item(protocol, word), "not a token"),
        OfferFault::ExtensionList(fault) => (heading.from(extensions, fault.offset), "here"),
    };
    (place, label.to_owned())
}

/// `Upgrade` and `Connection` are for one hop: whoever passes a request on takes them away
/// (RFC 9110 §7.6.1).
fn explained_by_a_proxy(finding: Finding, fault: &RequestFault, head: &RequestHead) -> Finding {
    let has_key = head.values("Sec-WebSocket-Key").next().is_some();
    let trace = proxy::trace_of(&head.headers);
    match (fault, trace) {
        (RequestFault::HttpVersion, Some(trace)) => finding.because(format!(
            "a proxy passed the request on (`{trace}`), and speaks HTTP/1.0 to this server"
        )),
        (RequestFault::HttpVersion, None) => finding,
        (_, Some(trace)) => finding.because(format!(
            "a proxy passed the request on (`{trace}`), and left out what is for one hop only"
        )),
        (_, None) if has_key => finding.perhaps(
            "a proxy on the way that left out what is for one hop only: the key shows that the \
             client wanted a WebSocket",
        ),
        (_, None) => finding,
    }
}

fn of_doubts(doubts: &[RequestDoubt], heading: &Heading<'_>) -> Vec<Finding> {
    let is_hixie = |doubt: &&RequestDoubt| matches!(doubt, RequestDoubt::HixieKey(_));
    // Both keys of that draft are one matter.
    let drafts = doubts.iter().filter(is_hixie).take(1);
    let others = doubts.iter().filter(|doubt| !is_hixie(doubt));
    let kind_of = |doubt: &RequestDoubt| discriminant(doubt);
    first_of_each(drafts.chain(others), kind_of, |doubt| {
        of_doubt(doubt, heading)
    })
}

fn of_doubt(doubt: &RequestDoubt, heading: &Heading<'_>) -> Finding {
    let name = doubt.header();
    let mut finding = Finding::new(entry_of(doubt), doubt.to_string()).by(doubt.reference());
    finding.place = match doubt {
        RequestDoubt::HixieKey(_) => heading.name(name),
        RequestDoubt::KeyConstant(_) | RequestDoubt::SubprotocolEmpty => heading.value(name, 0),
        RequestDoubt::SubprotocolTwice(word) | RequestDoubt::SubprotocolNothing(word) => {
            heading.item(name, word)
        }
        RequestDoubt::DeflateOffer(fault) => place_of_parameter(fault, heading),
    };
    let label = match doubt {
        RequestDoubt::HixieKey(_) => "not in RFC 6455",
        RequestDoubt::KeyConstant(_) => "a new one is needed for each connection",
        RequestDoubt::SubprotocolEmpty => "no name",
        RequestDoubt::SubprotocolTwice(_) => "again",
        RequestDoubt::SubprotocolNothing(_) => "taken for a name",
        RequestDoubt::DeflateOffer(_) => "not an offer of RFC 7692",
    };
    finding = finding.label(label);
    match doubt {
        RequestDoubt::SubprotocolNothing(word) => {
            finding.severity = crate::diagnosis::Severity::Suspicious;
            finding.because(format!(
                "`{word}` was passed as the subprotocol, and became a text"
            ))
        }
        _ => finding,
    }
}

const fn entry_of(doubt: &RequestDoubt) -> &'static RulePage {
    match doubt {
        RequestDoubt::HixieKey(_) => &catalogue::REQ_HIXIE76,
        RequestDoubt::KeyConstant(_) => &catalogue::REQ_KEY_CONSTANT,
        RequestDoubt::SubprotocolEmpty
        | RequestDoubt::SubprotocolTwice(_)
        | RequestDoubt::SubprotocolNothing(_) => &catalogue::REQ_SUBPROTOCOL_BAD,
        RequestDoubt::DeflateOffer(_) => &catalogue::REQ_EXTENSIONS_BAD,
    }
}

/// The parameter that a fault is about, or where it is not there the extension's name.
pub(super) fn place_of_parameter(fault: &ParameterFault, heading: &Heading<'_>) -> Option<Place> {
    let words = match fault {
        ParameterFault::OtherExtension(name) | ParameterFault::Unknown(name) => name.clone(),
        ParameterFault::Twice(parameter)
        | ParameterFault::ValueMissing(parameter)
        | ParameterFault::NotOffered(parameter) => parameter.name().to_owned(),
        ParameterFault::ValueNotAllowed(parameter, value)
        | ParameterFault::WindowBits(parameter, value) => format!("{parameter}={value}"),
        ParameterFault::NotAnswered(_) => DeflateParameters::EXTENSION.to_owned(),
        ParameterFault::LargerThanOffered {
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
    heading: &Heading<'_>,
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
    heading: &Heading<'_>,
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
        .because(format!("the accept value is that of {what}"))
        .by(Reference {
            rfc: 9110,
            section: "5.1",
        });
    Some(finding)
}
