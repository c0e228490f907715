//! HTTP requests and responses, as bytes and as pasted text.

use wsctl::diagnosis::{Finding, diagnose_handshake, diagnose_other_bytes};
use wsctl::render::handshake::push_handshake;
use wsctl::render::json;
use wsctl::render::printer::EventContext;
use wsctl::render::{Style, finding};
use wsctl::ws::extension::DeflateParameters;
use wsctl::ws::handshake::{
    Handshake, HeadLines, LineEnds, OtherBytes, RequestHead, Response, ResponseError,
    ResponseError::SubprotocolUnanswered, ResponseHead, ServerSupport, request_warnings,
    validate_request, validate_response,
};

use super::shown;

/// Checks that the pieces in which a head arrives do not change it; that our client accepts what our
/// server sends; and that all output about it is safe on a terminal.
pub fn holds(bytes: &[u8]) {
    is_read_alike(bytes);
    if let Ok(Some((head, _))) = RequestHead::parse(bytes) {
        is_answered(&head);
    }
    if let Ok(Some((head, size))) = ResponseHead::parse(bytes) {
        assert!(size <= bytes.len());
        validate_response(&head, None);
    }
    for ends in [LineEnds::AsPasted, LineEnds::OnTheWire] {
        is_shown(&Handshake::read(Some(bytes), Some(bytes), ends));
    }
    if let Some(foreign) = OtherBytes::of(bytes) {
        assert!(!foreign.to_string().is_empty());
    }
    if let Some(finding) = diagnose_other_bytes(bytes, None) {
        is_drawn(&finding);
    }
}

/// Checks that fewer bytes are an incomplete head, and that more bytes do not change it.
fn is_read_alike(bytes: &[u8]) {
    let lines = HeadLines::read(bytes);
    assert!(lines.size() <= bytes.len());
    if let Ok(Some((head, size))) = RequestHead::parse(bytes) {
        let exactly = RequestHead::parse(&bytes[..size]);
        assert_eq!(exactly, Ok(Some((head, size))));
        for cut in size.saturating_sub(40)..size {
            assert_eq!(RequestHead::parse(&bytes[..cut]), Ok(None), "cut at {cut}");
        }
    }
    if let Ok(Some((head, size))) = ResponseHead::parse(bytes) {
        let exactly = ResponseHead::parse(&bytes[..size]);
        assert_eq!(exactly, Ok(Some((head, size))));
    }
}

/// Checks that the server's response has its own header lines only, none injected by the request; and
/// that a client accepts a 101.
fn is_answered(request: &RequestHead) {
    for warning in request_warnings(request) {
        assert!(!warning.to_string().is_empty());
    }
    let response = match validate_request(request) {
        Ok(upgrade) => {
            let server_support = ServerSupport {
                subprotocols: vec!["chat".to_owned(), "mqtt".to_owned()],
                deflate: Some(DeflateParameters::default()),
            };
            let agreement = server_support.negotiate(request);
            Response::switching_protocols(&upgrade.accept).with_negotiated(&agreement)
        }
        Err(faults) => Response::refusal(&faults[0]),
    };
    let bytes = response.encode();
    let (head, size) = ResponseHead::parse(&bytes).unwrap().unwrap();
    assert_eq!(
        (head.status, &head.headers),
        (response.status, &response.headers)
    );
    assert_eq!(&bytes[size..], response.body.as_bytes());
    if head.status == 101 {
        // The server may know none of the offered subprotocols.
        let is_wrong = |fault: &ResponseError| !matches!(fault, SubprotocolUnanswered(_));
        let mut faults = validate_response(&head, Some(request)).into_iter();
        assert_eq!(faults.find(is_wrong), None);
    }
}

fn is_shown(handshake: &Handshake) {
    let findings = diagnose_handshake(handshake);
    let mut out = Vec::new();
    push_handshake(&mut out, Style::PLAIN, handshake, &findings);
    shown::drives_nothing(&out);
    out.clear();
    json::push_pasted(&mut out, handshake);
    for finding in &findings {
        is_drawn(finding);
        json::push_finding(&mut out, &EventContext::default(), finding);
    }
    shown::is_json_lines(&out);
}

fn is_drawn(finding: &Finding) {
    let mut out = Vec::new();
    finding::push_in_full(&mut out, Style::PLAIN, finding);
    finding::push_line(&mut out, Style::PLAIN, finding);
    shown::drives_nothing(&out);
}
