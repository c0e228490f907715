//! The opening handshake of the server in memory.

use wsctl::ws::extension::DeflateParameters;
use wsctl::ws::handshake::{
    Header, Negotiated, RequestHead, Response, ResponseHead, ServerSupport, accept_value,
    validate_request,
};

use super::deviation::Deviation;

/// What the server answers.
pub(super) struct Opened {
    pub(super) response: Vec<u8>,
    /// The size of the request head.
    pub(super) size: usize,
    /// None if the request is refused.
    pub(super) negotiated: Option<Negotiated>,
}

/// Answers a request head; None if it is not complete.
pub(super) fn answer(bytes: &[u8], deviation: Option<&Deviation>) -> Option<Opened> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    if let Some(Deviation::Accepts(accepts)) = deviation {
        let end = text.find("\r\n\r\n").map(|at| at + 4);
        let end = end.or_else(|| text.find("\n\n").map(|at| at + 2))?;
        if accepts(&text) {
            return Some(accepted_anyway(&text, end));
        }
    }
    match RequestHead::parse(bytes) {
        Ok(None) => None,
        Err(_) => Some(refusal(bytes.len(), &text, deviation)),
        Ok(Some((head, size))) => {
            let refuses = matches!(deviation, Some(Deviation::Refuses(refuses)) if refuses(&text));
            let has_body = head.headers.count("Content-Length") > 0;
            let Ok(upgrade) = validate_request(&head) else {
                return Some(refusal(size, &text, deviation));
            };
            if refuses || has_body {
                return Some(refusal(size, &text, deviation));
            }
            let mut negotiated = support().negotiate(&head);
            let mut response = Response::switching_protocols(&upgrade.accept);
            let offer = head.headers.joined("Sec-WebSocket-Extensions");
            let override_ = match deviation {
                Some(Deviation::Negotiates(negotiate)) => {
                    negotiate(offer.as_deref().unwrap_or_default())
                }
                _ => None,
            };
            match override_ {
                None => response = response.with_negotiated(&negotiated),
                Some(value) => {
                    let subprotocol = Negotiated {
                        deflate: None,
                        ..negotiated.clone()
                    };
                    response = response.with_negotiated(&subprotocol);
                    if !value.is_empty() {
                        response
                            .headers
                            .push("Sec-WebSocket-Extensions", value.as_str());
                    }
                    let head = ResponseHead {
                        minor_version: 1,
                        status: 101,
                        reason: String::new(),
                        headers: vec![Header::new("Sec-WebSocket-Extensions", value)].into(),
                    };
                    negotiated.deflate = Negotiated::of(None, &head).unwrap().deflate;
                }
            }
            let mut encoded = String::from_utf8(response.encode()).unwrap();
            if let Some(Deviation::Responds(change)) = deviation {
                change(&text, &mut encoded);
            }
            Some(Opened {
                response: encoded.into_bytes(),
                size,
                negotiated: Some(negotiated),
            })
        }
    }
}

fn support() -> ServerSupport {
    ServerSupport {
        subprotocols: vec!["chat".to_owned()],
        deflate: Some(DeflateParameters::default()),
    }
}

/// The key in a request that may be invalid.
fn key_of(request: &str) -> Option<&str> {
    let headers = request.lines().filter_map(|line| line.split_once(':'));
    let mut keys =
        headers.filter(|(name, _)| name.trim().eq_ignore_ascii_case("Sec-WebSocket-Key"));
    keys.next().map(|(_, key)| key.trim())
}

/// The 101 to a request that must be refused.
fn accepted_anyway(text: &str, end: usize) -> Opened {
    let key = key_of(text).unwrap_or_default();
    let mut response = Response::switching_protocols(&accept_value(key.as_bytes()));
    let name = "Sec-WebSocket-Protocol: ";
    if let Some((_, rest)) = text.split_once(name) {
        let value = rest.split("\r\n").next().unwrap_or_default();
        response.headers.push(name.trim_end_matches(": "), value);
    }
    Opened {
        response: response.encode(),
        size: end,
        negotiated: Some(Negotiated::default()),
    }
}

fn refusal(size: usize, request: &str, deviation: Option<&Deviation>) -> Opened {
    let mut response =
        "HTTP/1.1 400 Bad Request\r\nSec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n"
            .to_owned();
    if let Some(Deviation::Responds(change)) = deviation {
        change(request, &mut response);
    }
    Opened {
        response: response.into_bytes(),
        size,
        negotiated: None,
    }
}
