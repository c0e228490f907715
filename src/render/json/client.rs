//! The events that only a client has: its handshake, and bytes that it sends as they are.

use serde::Serialize;

use super::object::JsonObject;
use super::server::{Answer, Request};
use super::{PayloadPrinter, pairs, push_content, push_context};
use crate::render::excerpt::Excerpt;
use crate::render::printer::EventContext;
use crate::ws::Opcode;
use crate::ws::handshake::{HeadLines, ResponseHead};
use crate::ws::session::ClientHandshake;

/// The handshake of a client: `opened`, or `refused`.
pub fn push_client_handshake(
    out: &mut Vec<u8>,
    context: &EventContext,
    handshake: &ClientHandshake<'_>,
) {
    let is_open = handshake.negotiated.is_some();
    let mut record = JsonObject::new(out, if is_open { "opened" } else { "refused" });
    push_context(&mut record, context);
    record.text("url", handshake.url);
    let steps: Vec<StepTime<'_>> = handshake
        .steps
        .iter()
        .map(|step| StepTime {
            name: step.name,
            milliseconds: (step.time.as_secs_f64() * 1e6).round() / 1e3,
            tls: step.detail.as_deref(),
        })
        .collect();
    record.value("steps", &steps);
    let request = handshake.request;
    let request = Request {
        method: &request.method,
        target: &request.target,
        headers: pairs(&request.headers),
    };
    record.value("request", &request);
    let body = handshake.body.map_or(&[][..], |body| &body.bytes);
    let response: Option<ResponseHead> = HeadLines::read(handshake.response).response();
    if let Some(response) = response {
        let answer = Answer {
            status: response.status,
            headers: pairs(&response.headers),
            body: &String::from_utf8_lossy(body),
        };
        record.value("response", &answer);
    } else {
        let bytes = Excerpt::whole(handshake.response);
        push_content(&mut record, Opcode::CONTINUATION, &bytes);
    }
    record.end();
}

#[derive(Serialize)]
struct StepTime<'a> {
    name: &'static str,
    milliseconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls: Option<&'a str>,
}

/// Bytes are sent as they are: `bytes`.
pub fn push_sent_bytes(
    out: &mut Vec<u8>,
    context: &EventContext,
    bytes: &Excerpt<'_>,
    payloads: &mut PayloadPrinter,
) {
    let mut record = JsonObject::new(out, "bytes");
    push_context(&mut record, context);
    record.number("length", bytes.length);
    payloads.push(&mut record, Opcode::CONTINUATION, bytes, None);
    record.end();
}
