//! The events of live connections, and the first and the last line of a server's log.

use std::time::Duration;

use serde::Serialize;

use super::object::JsonObject;
use super::{pairs, push_content, push_context};
use crate::render::excerpt::Excerpt;
use crate::render::live_log::ListenAddress;
use crate::render::printer::EventContext;
use crate::ws::handshake::{RequestKind, Response};
use crate::ws::session::SessionEnd;
use crate::ws::{CloseCode, Opcode, Role};

/// The server listens: `{"type":"listening","url":"ws://127.0.0.1:9527/"}`.
pub fn push_listening(out: &mut Vec<u8>, address: ListenAddress<'_>) {
    let mut record = JsonObject::new(out, "listening");
    record.text("url", address.url);
    if let Some(page) = address.page {
        record.text("page", page);
    }
    if let Some(certificate) = address.certificate {
        record.text("fingerprint", certificate.fingerprint);
    }
    record.end();
}

/// The server has stopped, and has closed this many connections.
pub fn push_stopped(out: &mut Vec<u8>, connections: usize) {
    let mut record = JsonObject::new(out, "stopped");
    record.number("connections", connections as u64);
    record.number("code", CloseCode::GOING_AWAY.0);
    record.end();
}

/// A notice: its name, and a sentence, or a line that the program wrote to standard error.
pub fn push_notice(out: &mut Vec<u8>, context: &EventContext, name: &str, message: &str) {
    let mut record = JsonObject::new(out, "note");
    push_context(&mut record, context);
    record.text("name", name);
    record.text("message", message);
    record.end();
}

/// An injected fault acts.
pub fn push_fault(out: &mut Vec<u8>, context: &EventContext, fault: &str, message: &str) {
    let mut record = JsonObject::new(out, "fault");
    push_context(&mut record, context);
    record.text("fault", fault);
    record.text("message", message);
    record.end();
}

/// A pong: the time since its ping.
pub fn push_round_trip(out: &mut Vec<u8>, context: &EventContext, time: Duration) {
    let mut record = JsonObject::new(out, "round_trip");
    push_context(&mut record, context);
    let milliseconds = (time.as_secs_f64() * 1e6).round() / 1e3;
    record.value("milliseconds", &milliseconds);
    record.end();
}

/// A request and its response: `opened`, `page` (whose body is left out), or `refused`.
pub fn push_handshake(
    out: &mut Vec<u8>,
    context: &EventContext,
    peer: &str,
    asked: RequestKind<'_>,
    response: &Response,
) {
    let Response {
        status,
        headers,
        body,
    } = response;
    let (kind, body) = match status {
        101 => ("opened", ""),
        200 => ("page", ""),
        _ => ("refused", body.as_str()),
    };
    let mut record = JsonObject::new(out, kind);
    push_context(&mut record, context);
    record.text("peer", peer);
    match asked {
        RequestKind::OtherBytes(bytes) => {
            push_content(&mut record, Opcode::CONTINUATION, &Excerpt::whole(bytes));
        }
        RequestKind::Request(head) => {
            let headers = pairs(&head.headers);
            let request = Request {
                method: &head.method,
                target: &head.target,
                headers,
            };
            record.value("request", &request);
        }
    }
    let answer = Answer {
        status: *status,
        headers: pairs(headers),
        body,
    };
    record.value("response", &answer);
    record.end();
}

#[derive(Serialize)]
pub(super) struct Request<'a> {
    pub(super) method: &'a str,
    pub(super) target: &'a str,
    pub(super) headers: Vec<(&'a str, String)>,
}

#[derive(Serialize)]
pub(super) struct Answer<'a> {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'a str, String)>,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) body: &'a str,
}

/// A TLS handshake at a server without TLS, which answered with a TLS alert.
pub fn push_tls_alert(out: &mut Vec<u8>, context: &EventContext, peer: &str, bytes: &[u8]) {
    let mut record = JsonObject::new(out, "refused");
    push_context(&mut record, context);
    record.text("peer", peer);
    push_content(&mut record, Opcode::CONTINUATION, &Excerpt::whole(bytes));
    record.text("alert", "protocol_version");
    record.end();
}

/// The end of a connection.
pub fn push_closed(out: &mut Vec<u8>, context: &EventContext, end: &SessionEnd) {
    let mut record = JsonObject::new(out, "closed");
    push_context(&mut record, context);
    record.text("by", end.ended_by());
    record.text("how", end.reason.name());
    push_content(&mut record, Opcode::CLOSE, &Excerpt::whole(&end.close));
    let seconds = (end.duration.as_secs_f64() * 1000.0).round() / 1000.0;
    record.value("seconds", &seconds);
    if end.local == Role::Client {
        let silence = (end.silence.as_secs_f64() * 1000.0).round() / 1000.0;
        record.value("silence", &silence);
    }
    record.number("frames_in", end.frames_in);
    record.number("frames_out", end.frames_out);
    record.end();
}
