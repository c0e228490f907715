//! Diagnoses a request.

use std::mem::{Discriminant, discriminant};

use super::locate::HeaderLocator;
use super::repeated::first_of_each;
use super::{extended_connect, key, lines, proxy, strict_peers};
use crate::diagnosis::catalogue::{self, RulePage};
use crate::diagnosis::{Finding, Location, Severity};
use crate::ws::Reference;
use crate::ws::extension::{DeflateParameters, ParameterError};
use crate::ws::handshake::{
    Handshake, OfferError, ParsedHead, RequestError, RequestHead, RequestWarning, accept_value,
    request_warnings, validate_request,
};

/// The findings for a request, in the order of the rules.
pub(super) fn diagnose(
    request: &ParsedHead<RequestHead>,
    locate: &HeaderLocator<'_>,
    handshake: &Handshake,
) -> Vec<Finding> {
    let head = &request.head;
    if let Some(finding) = http_2(request, locate) {
        return vec![finding];
    }
    let mut findings = lines::diagnose(&request.lines, locate, handshake.ends, |_| false);
    let warnings = request_warnings(head);
    let is_hixie = warnings
        .iter()
        .any(|warning| matches!(warning, RequestWarning::HixieKey(_)));
    let errors = validate_request(head).err().unwrap_or_default();
    let reported = errors.iter().filter(|error| {
        // A client of that draft sends neither a key nor a version.
        let is_of_the_draft = matches!(
            error,
            RequestError::KeyCount(0) | RequestError::WebSocketVersion(None)
        );
        !(is_hixie && is_of_the_draft)
    });
    findings.extend(first_of_each(reported, kind_of, |error| {
        error_finding(error, head, locate)
    }));
    findings.extend(warning_findings(&warnings, locate));
    if errors.is_empty() {
        findings.extend(list_refused(head, locate, handshake));
        let not_found = name_not_found(head, locate, handshake);
        let is_explained = not_found.is_some();
        findings.extend(not_found);
        let warnings = strict_peers::diagnose_request(head, locate, handshake);
        let is_new =
            |finding: &Finding| !(is_explained && finding.page == &catalogue::HEADER_NAME_CASE);
        findings.extend(warnings.into_iter().filter(is_new));
    }
    findings
}

fn kind_of(error: &RequestError) -> (Discriminant<RequestError>, Option<Discriminant<OfferError>>) {
    let offer = match error {
        RequestError::Offer(offer) => Some(discriminant(offer)),
        _ => None,
    };
    (discriminant(error), offer)
}

/// The finding for a request of HTTP/2 or 3, to which no rule for HTTP/1.1 applies.
fn http_2(request: &ParsedHead<RequestHead>, locate: &HeaderLocator<'_>) -> Option<Finding> {
    let head = &request.head;
    if head.method == "CONNECT" && lines::later_version(&request.lines).is_some() {
        return Some(extended_connect::diagnose_request(request, locate));
    }
    let (location, message) = if head.method == "PRI" && head.target == "*" {
        let message = "this is the preface of HTTP/2, not a request of HTTP/1.1";
        (locate.first_line()?, message)
    } else {
        let version = lines::later_version(&request.lines)?;
        let location = locate.line_error(&version)?;
        (location, "a request of HTTP/2 or 3 cannot be upgraded")
    };
    let finding = Finding::new(&catalogue::REQ_H2_PREFACE, message);
    Some(finding.at(location).label("HTTP/1.1 is needed"))
}

fn error_finding(error: &RequestError, head: &RequestHead, locate: &HeaderLocator<'_>) -> Finding {
    let mut finding = Finding::from(error);
    let (location, label) = location_and_label(error, head, locate);
    finding.location = location;
    finding.label = Some(label);
    match error {
        RequestError::Key(_) => {
            let key = head.headers.first("Sec-WebSocket-Key");
            key::explained(finding, &key.unwrap_or_default())
        }
        RequestError::KeyCount(0) => finding.possible_cause(
            "an HTTP client instead of a WebSocket client, or a proxy that drops the header",
        ),
        RequestError::KeyCount(_) | RequestError::WebSocketVersionCount(_) => finding
            .possible_cause("the program adds a header that its library sends already")
            .fixed_by("send it once"),
        RequestError::NotUpgrade(Some(other)) => finding
            .possible_cause(format!(
                "a client of another protocol, which requests `{other}`"
            ))
            .fixed_by("send `Upgrade: websocket`"),
        RequestError::NotUpgrade(None)
        | RequestError::Connection(_)
        | RequestError::HttpVersion => explained_by_a_proxy(finding, error, head),
        _ => finding,
    }
}

fn location_and_label(
    error: &RequestError,
    head: &RequestHead,
    locate: &HeaderLocator<'_>,
) -> (Option<Location>, String) {
    let missing = |name: &str| (locate.first_line(), format!("no `{name}` follows"));
    let several = |name: &str| (locate.value(name, 1), "the second one".to_owned());
    let wrong = |name: &str, needed: &str| (locate.value(name, 0), format!("{needed} is needed"));
    match error {
        RequestError::HttpVersion => {
            let version = format!("HTTP/1.{}", head.minor_version);
            let location = locate.first_line_at(&version);
            (location, "HTTP/1.1 is needed".to_owned())
        }
        RequestError::Method(_) => {
            let location = locate.first_line_at(&head.method);
            (location, "GET is needed".to_owned())
        }
        RequestError::Target(_) => (locate.target(), "a path is needed".to_owned()),
        RequestError::TargetFragment(_) => (
            locate.in_first_line("#"),
            "not part of a request".to_owned(),
        ),
        RequestError::HostEmpty | RequestError::HostValue(_) => {
            wrong("Host", "a host, and perhaps a port,")
        }
        RequestError::NotUpgrade(None) => missing("Upgrade: websocket"),
        RequestError::NotUpgrade(Some(_)) => wrong("Upgrade", "`websocket`"),
        RequestError::Host(0) => missing("Host"),
        RequestError::Host(_) => several("Host"),
        RequestError::OriginCount(_) => several("Origin"),
        RequestError::Connection(None) => missing("Connection: Upgrade"),
        RequestError::Connection(Some(_)) => wrong("Connection", "`Upgrade`"),
        RequestError::KeyCount(0) => missing("Sec-WebSocket-Key"),
        RequestError::KeyCount(_) => several("Sec-WebSocket-Key"),
        RequestError::Key(_) => wrong("Sec-WebSocket-Key", "base64 of 16 bytes"),
        RequestError::WebSocketVersion(None) => missing("Sec-WebSocket-Version: 13"),
        RequestError::WebSocketVersion(Some(_)) => wrong("Sec-WebSocket-Version", "13"),
        RequestError::WebSocketVersionCount(_) => several("Sec-WebSocket-Version"),
        RequestError::Offer(error) => offer_location_and_label(error, locate),
        RequestError::Body => {
            let location = locate.value("Transfer-Encoding", 0);
            let location = location.or_else(|| locate.value("Content-Length", 0));
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
        | RequestError::HeadCut => (locate.first_line(), String::new()),
    }
}

fn offer_location_and_label(
    error: &OfferError,
    locate: &HeaderLocator<'_>,
) -> (Option<Location>, String) {
    let (protocol, extensions) = ("Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions");
    let (location, label) = match error {
        OfferError::SubprotocolNone => (locate.value(protocol, 0), "no name"),
        OfferError::SubprotocolNotToken(word) => (locate.item(protocol, word), "not a token"),
        OfferError::ExtensionList(error) => (locate.from(extensions, error.offset), "here"),
    };
    (location, label.to_owned())
}

/// Adds a proxy as the cause. `Upgrade` and `Connection` apply to one hop, and a proxy removes
/// them unless it is configured to pass them on (RFC 9110 section 7.6.1).
fn explained_by_a_proxy(finding: Finding, error: &RequestError, head: &RequestHead) -> Finding {
    let has_key = head.headers.count("Sec-WebSocket-Key") > 0;
    let trace = proxy::trace_of(&head.headers);
    match (error, trace) {
        (RequestError::HttpVersion, Some(trace)) => finding.certain_cause(format!(
            "a proxy passed the request on in HTTP/1.0 (`{trace}`)"
        )),
        (RequestError::HttpVersion, None) => finding,
        (_, Some(trace)) => finding.certain_cause(format!(
            "a proxy passed the request on without its hop-by-hop headers (`{trace}`)"
        )),
        (_, None) if has_key => finding.possible_cause(
            "a proxy that drops hop-by-hop headers: the key shows that the client requested a \
             WebSocket",
        ),
        (_, None) => finding,
    }
}

fn warning_findings(warnings: &[RequestWarning], locate: &HeaderLocator<'_>) -> Vec<Finding> {
    let is_hixie = |warning: &&RequestWarning| matches!(warning, RequestWarning::HixieKey(_));
    // The two keys of that draft give one finding.
    let drafts = warnings.iter().filter(is_hixie).take(1);
    let others = warnings.iter().filter(|warning| !is_hixie(warning));
    let kind_of = |warning: &RequestWarning| discriminant(warning);
    first_of_each(drafts.chain(others), kind_of, |warning| {
        warning_finding(warning, locate)
    })
}

fn warning_finding(warning: &RequestWarning, locate: &HeaderLocator<'_>) -> Finding {
    let name = warning.header();
    let mut finding =
        Finding::new(entry_of(warning), warning.to_string()).reference(warning.reference());
    finding.location = match warning {
        RequestWarning::HixieKey(_) => locate.name(name),
        RequestWarning::KeyConstant(_) | RequestWarning::SubprotocolEmpty => locate.value(name, 0),
        RequestWarning::SubprotocolTwice(word) | RequestWarning::SubprotocolNothing(word) => {
            locate.item(name, word)
        }
        RequestWarning::DeflateOffer(error) => location_of_parameter(error, locate),
    };
    let label = match warning {
        RequestWarning::HixieKey(_) => "not in RFC 6455",
        RequestWarning::KeyConstant(_) => "each connection needs a new key",
        RequestWarning::SubprotocolEmpty => "no name",
        RequestWarning::SubprotocolTwice(_) => "the second time",
        RequestWarning::SubprotocolNothing(_) => "read as a name",
        RequestWarning::DeflateOffer(_) => "not an offer of RFC 7692",
    };
    finding = finding.label(label);
    match warning {
        RequestWarning::SubprotocolNothing(word) => {
            finding.severity = Severity::Suspicious;
            finding.certain_cause(format!(
                "`{word}` was passed as the subprotocol, and converted to text"
            ))
        }
        _ => finding,
    }
}

const fn entry_of(warning: &RequestWarning) -> &'static RulePage {
    match warning {
        RequestWarning::HixieKey(_) => &catalogue::REQ_HIXIE76,
        RequestWarning::KeyConstant(_) => &catalogue::REQ_KEY_CONSTANT,
        RequestWarning::SubprotocolEmpty
        | RequestWarning::SubprotocolTwice(_)
        | RequestWarning::SubprotocolNothing(_) => &catalogue::REQ_SUBPROTOCOL_BAD,
        RequestWarning::DeflateOffer(_) => &catalogue::REQ_EXTENSIONS_BAD,
    }
}

/// The location of the wrong parameter, or of the extension's name if the parameter is missing.
pub(super) fn location_of_parameter(
    error: &ParameterError,
    locate: &HeaderLocator<'_>,
) -> Option<Location> {
    let words = match error {
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
    locate.words("Sec-WebSocket-Extensions", &words)
}

/// The finding for a valid request with a list in `Connection`, as Firefox sends it, that was
/// refused with 400 or 426.
fn list_refused(
    head: &RequestHead,
    locate: &HeaderLocator<'_>,
    handshake: &Handshake,
) -> Option<Finding> {
    let status = handshake.response_head()?.status;
    let value = head
        .headers
        .values("Connection")
        .find(|value| value.contains(','))?;
    if !matches!(status, 400 | 426) {
        return None;
    }
    let message = format!("a valid request with `Connection: {value}` was refused with {status}");
    let finding = Finding::new(&catalogue::CONNECTION_LIST_REFUSED, message);
    Some(
        finding
            .at(locate.value("Connection", 0)?)
            .label("a list, which is allowed"),
    )
}

/// The finding for header names in lower case and an accept value computed without the key.
fn name_not_found(
    head: &RequestHead,
    locate: &HeaderLocator<'_>,
    handshake: &Handshake,
) -> Option<Finding> {
    let given = handshake
        .response_head()?
        .headers
        .first("Sec-WebSocket-Accept")?;
    let nothing = ["", "None", "undefined", "null", "nil"];
    let key = nothing
        .into_iter()
        .find(|word| accept_value(word.as_bytes()) == given)?;
    let header = head
        .headers
        .iter()
        .find(|header| header.is_named("Sec-WebSocket-Key"))?;
    if header.name == "Sec-WebSocket-Key" {
        return None;
    }
    let message = format!(
        "the server did not find the key under the name `{}`",
        header.name
    );
    let what = if key.is_empty() { "an empty key" } else { key };
    let finding = Finding::new(&catalogue::HEADER_NAME_CASE, message)
        .at(locate.name("Sec-WebSocket-Key")?)
        .label("header names are case-insensitive")
        .certain_cause(format!("the accept value is that of {what}"))
        .reference(Reference {
            rfc: 9110,
            section: "5.1",
        });
    Some(finding)
}
