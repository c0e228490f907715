//! What happens at a server: connections that come and go.

use std::time::Duration;

use serde::Serialize;

use super::{Circumstance, Says, pairs, push};
use crate::render::excerpt::Excerpt;
use crate::render::serve::{End, Whereabouts};
use crate::ws::handshake::{Asked, Response};
use crate::ws::{CloseCode, Opcode};

/// The server is ready: `{"type":"listening","url":"ws://127.0.0.1:9527/"}`.
pub fn push_listening(out: &mut Vec<u8>, whereabouts: Whereabouts<'_>) {
    #[derive(Serialize)]
    struct Listening<'a> {
        r#type: &'static str,
        url: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        page: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        fingerprint: Option<&'a str>,
    }
    let Whereabouts { url, page, .. } = whereabouts;
    push(
        out,
        &Listening {
            r#type: "listening",
            url,
            page,
            fingerprint: whereabouts.certificate.map(|it| it.fingerprint),
        },
    );
}

/// The server stops, and has said goodbye to so many connections.
pub fn push_stopped(out: &mut Vec<u8>, connections: usize) {
    #[derive(Serialize)]
    struct Stopped {
        r#type: &'static str,
        connections: usize,
        code: u16,
    }
    push(
        out,
        &Stopped {
            r#type: "stopped",
            connections,
            code: CloseCode::GOING_AWAY.0,
        },
    );
}

/// A note: its name, and a sentence; or what the program wrote to its standard error.
pub fn push_note(out: &mut Vec<u8>, circumstance: &Circumstance, name: &str, message: &str) {
    #[derive(Serialize)]
    struct Note<'a> {
        r#type: &'static str,
        #[serde(flatten)]
        circumstance: &'a Circumstance,
        name: &'a str,
        message: &'a str,
    }
    let note = Note {
        r#type: "note",
        circumstance,
        name,
        message,
    };
    push(out, &note);
}

/// A fault that was asked for acts.
pub fn push_fault(out: &mut Vec<u8>, circumstance: &Circumstance, fault: &str, message: &str) {
    #[derive(Serialize)]
    struct Acts<'a> {
        r#type: &'static str,
        #[serde(flatten)]
        circumstance: &'a Circumstance,
        fault: &'a str,
        message: &'a str,
    }
    let acts = Acts {
        r#type: "fault",
        circumstance,
        fault,
        message,
    };
    push(out, &acts);
}

/// A pong answers a ping that was sent so long ago.
pub fn push_round_trip(out: &mut Vec<u8>, circumstance: &Circumstance, time: Duration) {
    #[derive(Serialize)]
    struct RoundTrip<'a> {
        r#type: &'static str,
        #[serde(flatten)]
        circumstance: &'a Circumstance,
        milliseconds: f64,
    }
    let milliseconds = (time.as_secs_f64() * 1e6).round() / 1e3;
    push(
        out,
        &RoundTrip {
            r#type: "round_trip",
            circumstance,
            milliseconds,
        },
    );
}

/// A request and its outcome: `opened`, a `page` for a browser, which is not repeated
/// here, or `refused` with a reason.
pub fn push_handshake(
    out: &mut Vec<u8>,
    circumstance: &Circumstance,
    peer: &str,
    asked: Asked<'_>,
    response: &Response,
) {
    let (request, says) = match asked {
        Asked::Octets(octets) => (
            None,
            Says::of(Opcode::CONTINUATION, &Excerpt::whole(octets)),
        ),
        Asked::Request(head) => {
            let headers = pairs(&head.headers);
            let request = Request {
                method: &head.method,
                target: &head.target,
                headers,
            };
            (Some(request), Says::default())
        }
    };
    let Response {
        status,
        headers,
        body,
    } = response;
    let (r#type, body) = match status {
        101 => ("opened", ""),
        200 => ("page", ""),
        _ => ("refused", body.as_str()),
    };
    let response = Answer {
        status: *status,
        headers: pairs(headers),
        body,
    };
    push(
        out,
        &Handshake {
            r#type,
            circumstance,
            peer,
            request,
            says,
            response,
        },
    );
}

#[derive(Serialize)]
struct Handshake<'a> {
    r#type: &'static str,
    #[serde(flatten)]
    circumstance: &'a Circumstance,
    peer: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<Request<'a>>,
    #[serde(flatten)]
    says: Says<'a>,
    response: Answer<'a>,
}

#[derive(Serialize)]
struct Request<'a> {
    method: &'a str,
    target: &'a str,
    headers: Vec<(&'a str, String)>,
}

#[derive(Serialize)]
struct Answer<'a> {
    status: u16,
    headers: Vec<(&'a str, String)>,
    #[serde(skip_serializing_if = "str::is_empty")]
    body: &'a str,
}

/// TLS came where a plain request belongs, and was answered with an alert.
pub fn push_alerted(out: &mut Vec<u8>, circumstance: &Circumstance, peer: &str, octets: &[u8]) {
    #[derive(Serialize)]
    struct Alerted<'a> {
        r#type: &'static str,
        #[serde(flatten)]
        circumstance: &'a Circumstance,
        peer: &'a str,
        #[serde(flatten)]
        says: Says<'a>,
        alert: &'static str,
    }
    let alerted = Alerted {
        r#type: "refused",
        circumstance,
        peer,
        says: Says::of(Opcode::CONTINUATION, &Excerpt::whole(octets)),
        alert: "protocol_version",
    };
    push(out, &alerted);
}

/// A connection has ended.
pub fn push_closed(out: &mut Vec<u8>, circumstance: &Circumstance, end: &End<'_>) {
    #[derive(Serialize)]
    struct Closed<'a> {
        r#type: &'static str,
        #[serde(flatten)]
        circumstance: &'a Circumstance,
        by: &'static str,
        how: &'static str,
        #[serde(flatten)]
        says: Says<'a>,
        seconds: f64,
        frames_in: u64,
        frames_out: u64,
    }
    let closed = Closed {
        r#type: "closed",
        circumstance,
        by: end.ending.by(),
        how: end.ending.name(),
        says: Says::of(Opcode::CLOSE, &Excerpt::whole(end.close)),
        seconds: (end.duration.as_secs_f64() * 1000.0).round() / 1000.0,
        frames_in: end.frames_in,
        frames_out: end.frames_out,
    };
    push(out, &closed);
}
