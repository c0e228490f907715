//! What a stream of frames comes to: frames, messages, findings.

use super::object::JsonObject;
use super::{PayloadPrinter, push_content, push_context};
use crate::diagnosis::{Finding, LocationScope, Snippet};
use crate::render::excerpt::Excerpt;
use crate::render::finding::cause_in_words;
use crate::render::frame::ShownFrame;
use crate::render::printer::{EventContext, FramePosition};
use crate::ws::{MaskingKey, Message, Opcode, Role};

/// A frame; its position is among those that went the same way.
pub fn push_frame(
    out: &mut Vec<u8>,
    context: &EventContext,
    position: Option<FramePosition>,
    shown: &ShownFrame<'_>,
    payloads: &mut PayloadPrinter,
) {
    let header = shown.header;
    let declared = header.payload_length.value();
    let mut record = JsonObject::new(out, "frame");
    push_context(&mut record, context);
    if let Some(FramePosition { number, offset }) = position {
        record.number("frame", number);
        record.number("offset", offset);
    }
    record.truth("fin", header.fin);
    record.number("rsv", header.rsv.value());
    push_opcode(&mut record, header.opcode);
    record.truth("mask", header.masking_key.is_some());
    if let Some(MaskingKey(key)) = &header.masking_key {
        record.hex("masking_key", key);
    }
    record.number("payload_length", declared);
    record.number("length_bits", header.payload_length.form().bits());
    if shown.payload.length < declared {
        record.number("received", shown.payload.length);
    }
    if let Some(inflated) = shown.inflated {
        record.number("inflated_length", inflated.length);
    }
    payloads.push(&mut record, header.opcode, shown.content(), shown.buffer);
    record.end();
}

/// The number, and the name if it has one.
fn push_opcode(record: &mut JsonObject<'_>, opcode: Opcode) {
    record.number("opcode", opcode.value());
    if let Some(name) = opcode.name() {
        record.text("name", name);
    }
}

/// Bytes at this offset of the stream that are not a frame.
pub fn push_gap(out: &mut Vec<u8>, context: &EventContext, offset: u64, bytes: &Excerpt<'_>) {
    let mut record = JsonObject::new(out, "gap");
    push_context(&mut record, context);
    record.number("offset", offset);
    record.number("length", bytes.length);
    push_content(&mut record, Opcode::BINARY, bytes);
    record.end();
}

/// The payload of a message without its frame: what kind it is, its bytes, and its text.
pub fn push_payload_alone(out: &mut Vec<u8>, kind: &str, bytes: &[u8], text: &str) {
    let mut record = JsonObject::new(out, "payload");
    record.text("content", kind);
    record.number("length", bytes.len() as u64);
    record.text("text", text);
    record.hex("hex", bytes);
    record.end();
}

/// The head of a request or a response in front of frames.
pub fn push_head(out: &mut Vec<u8>, context: &EventContext, from: Role, head: &[u8]) {
    let mut record = JsonObject::new(out, "head");
    push_context(&mut record, context);
    record.text("from", from.name());
    record.number("length", head.len() as u64);
    push_content(&mut record, Opcode::TEXT, &Excerpt::whole(head));
    record.end();
}

/// A message, joined from its frames.
pub fn push_message(
    out: &mut Vec<u8>,
    context: &EventContext,
    message: &Message<'_>,
    payloads: &mut PayloadPrinter,
) {
    let excerpt = Excerpt {
        head: message.payload,
        tail: &[],
        length: message.length,
    };
    let mut record = JsonObject::new(out, "message");
    push_context(&mut record, context);
    push_opcode(&mut record, message.opcode);
    record.number("frames", message.frames);
    record.number("length", message.length);
    payloads.push(&mut record, message.opcode, &excerpt, message.buffer);
    record.end();
}

/// Something that is wrong.
pub fn push_finding(out: &mut Vec<u8>, context: &EventContext, finding: &Finding) {
    let mut record = JsonObject::new(out, "finding");
    push_context(&mut record, context);
    record.text("rule", finding.rule());
    record.text("severity", finding.severity.name());
    if let Some(location) = &finding.location {
        match location.scope {
            LocationScope::Frame(number) => record.number("frame", number),
            LocationScope::Request => record.text("head", "request"),
            LocationScope::Response => record.text("head", "response"),
            LocationScope::Stream => {}
        }
        if let Some(Snippet::Line { number, .. }) = location.snippet {
            record.number("line", number as u64);
        }
        record.number("offset", location.offset);
        record.number("length", location.length);
    }
    record.text("section", &finding.section());
    record.text("message", &finding.message);
    record.text("cause", &cause_in_words(finding));
    record.text("fix", finding.fix());
    record.end();
}
