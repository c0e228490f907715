//! A handshake that was pasted, or recorded.

use serde::Serialize;

use super::{pairs, push};
use crate::ws::handshake::{
    Handshake, Negotiated, RequestHead, ResponseHead, accept_value, offered_subprotocols,
};

/// A handshake: both heads as far as they are known, and what they say to each other.
pub fn push_pasted(out: &mut Vec<u8>, handshake: &Handshake) {
    let (request, response) = (handshake.request_head(), handshake.response_head());
    let name = "Sec-WebSocket-Extensions";
    let pasted = Pasted {
        r#type: "handshake",
        request: request.map(Request::of),
        response: response.map(Response::of),
        expected_accept: handshake.key().map(|key| accept_value(key.as_bytes())),
        offered_subprotocols: request.map(offered_subprotocols),
        offered_extensions: request.and_then(|head| head.headers.joined(name)),
        agreed: response.and_then(|head| Agreed::of(request, head)),
    };
    push(out, &pasted);
}

#[derive(Serialize)]
struct Pasted<'a> {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<Request<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<Response<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_accept: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offered_subprotocols: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offered_extensions: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agreed: Option<Agreed>,
}

#[derive(Serialize)]
struct Request<'a> {
    method: &'a str,
    target: &'a str,
    headers: Vec<(&'a str, String)>,
}

impl<'a> Request<'a> {
    fn of(head: &'a RequestHead) -> Self {
        Self {
            method: &head.method,
            target: &head.target,
            headers: pairs(&head.headers),
        }
    }
}

#[derive(Serialize)]
struct Response<'a> {
    status: u16,
    reason: &'a str,
    headers: Vec<(&'a str, String)>,
}

impl<'a> Response<'a> {
    fn of(head: &'a ResponseHead) -> Self {
        Self {
            status: head.status,
            reason: &head.reason,
            headers: pairs(&head.headers),
        }
    }
}

/// What governs the frames; permessage-deflate as a response would say it.
#[derive(Serialize)]
struct Agreed {
    subprotocol: Option<String>,
    deflate: Option<String>,
}

impl Agreed {
    fn of(request: Option<&RequestHead>, response: &ResponseHead) -> Option<Self> {
        let Negotiated {
            subprotocol,
            deflate,
        } = Negotiated::of(request, response)?;
        Some(Self {
            subprotocol,
            deflate: deflate.map(|parameters| parameters.to_string()),
        })
    }
}
