//! What a stream of frames comes to: frames, messages, findings.

use serde::Serialize;

use super::{Circumstance, Says, push};
use crate::diagnosis::{Extract, Finding, Within};
use crate::render::excerpt::Excerpt;
use crate::render::finding::cause_in_words;
use crate::render::frame::ShownFrame;
use crate::ws::{Message, Opcode, Role};

/// A frame; `number` is its place among those that went the same way, and `offset` the
/// byte it begins at, where that is counted.
pub fn push_frame(
    out: &mut Vec<u8>,
    circumstance: &Circumstance,
    number: Option<u64>,
    offset: Option<u64>,
    shown: &ShownFrame<'_>,
) {
    #[derive(Serialize)]
    struct Frame<'a> {
        r#type: &'static str,
        #[serde(flatten)]
        circumstance: &'a Circumstance,
        #[serde(rename = "frame", skip_serializing_if = "Option::is_none")]
        number: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        offset: Option<u64>,
        fin: bool,
        rsv: u8,
        opcode: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<&'static str>,
        mask: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        masking_key: Option<String>,
        payload_length: u64,
        length_bits: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        received: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        inflated_length: Option<u64>,
        #[serde(flatten)]
        says: Says<'a>,
    }
    let header = shown.header;
    let declared = header.payload_length.value();
    let frame = Frame {
        r#type: "frame",
        circumstance,
        number,
        offset,
        fin: header.fin,
        rsv: header.rsv.value(),
        opcode: header.opcode.value(),
        name: header.opcode.name(),
        mask: header.masking_key.is_some(),
        masking_key: header.masking_key.map(|key| key.to_string()),
        payload_length: declared,
        length_bits: header.payload_length.form().bits(),
        received: (shown.payload.length < declared).then_some(shown.payload.length),
        inflated_length: shown.inflated.map(|inflated| inflated.length),
        says: Says::of(header.opcode, shown.said()),
    };
    push(out, &frame);
}

/// Octets at this offset of the stream that are no frame.
pub fn push_gap(out: &mut Vec<u8>, circumstance: &Circumstance, offset: u64, octets: &Excerpt<'_>) {
    #[derive(Serialize)]
    struct Gap<'a> {
        r#type: &'static str,
        #[serde(flatten)]
        circumstance: &'a Circumstance,
        offset: u64,
        length: u64,
        #[serde(flatten)]
        says: Says<'a>,
    }
    let gap = Gap {
        r#type: "gap",
        circumstance,
        offset,
        length: octets.length,
        says: Says::of(Opcode::BINARY, octets),
    };
    push(out, &gap);
}

/// The head of a request or a response in front of frames.
pub fn push_head(out: &mut Vec<u8>, circumstance: &Circumstance, from: Role, head: &[u8]) {
    #[derive(Serialize)]
    struct Head<'a> {
        r#type: &'static str,
        #[serde(flatten)]
        circumstance: &'a Circumstance,
        from: &'static str,
        length: usize,
        #[serde(flatten)]
        says: Says<'a>,
    }
    let head = Head {
        r#type: "head",
        circumstance,
        from: from.name(),
        length: head.len(),
        says: Says::of(Opcode::TEXT, &Excerpt::whole(head)),
    };
    push(out, &head);
}

/// A message, joined from its frames.
pub fn push_message(out: &mut Vec<u8>, circumstance: &Circumstance, message: &Message<'_>) {
    #[derive(Serialize)]
    struct Joined<'a> {
        r#type: &'static str,
        #[serde(flatten)]
        circumstance: &'a Circumstance,
        opcode: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<&'static str>,
        frames: u64,
        length: u64,
        #[serde(flatten)]
        says: Says<'a>,
    }
    let excerpt = Excerpt {
        head: message.payload,
        tail: &[],
        length: message.length,
    };
    let joined = Joined {
        r#type: "message",
        circumstance,
        opcode: message.opcode.value(),
        name: message.opcode.name(),
        frames: message.frames,
        length: message.length,
        says: Says::of(message.opcode, &excerpt),
    };
    push(out, &joined);
}

/// Something that is wrong.
pub fn push_finding(out: &mut Vec<u8>, circumstance: &Circumstance, finding: &Finding) {
    #[derive(Serialize)]
    struct Found<'a> {
        r#type: &'static str,
        #[serde(flatten)]
        circumstance: &'a Circumstance,
        rule: &'static str,
        severity: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        frame: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        head: Option<&'static str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        line: Option<usize>,
        #[serde(skip_serializing_if = "Option::is_none")]
        offset: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        length: Option<u64>,
        section: String,
        message: &'a str,
        cause: String,
        fix: &'a str,
    }
    let within = finding.place.as_ref().map(|place| place.within);
    let found = Found {
        r#type: "finding",
        circumstance,
        rule: finding.rule(),
        severity: finding.severity.name(),
        frame: match within {
            Some(Within::Frame(number)) => Some(number),
            _ => None,
        },
        head: match within {
            Some(Within::Request) => Some("request"),
            Some(Within::Response) => Some("response"),
            _ => None,
        },
        line: finding
            .place
            .as_ref()
            .and_then(|place| match place.extract {
                Some(Extract::Line { number, .. }) => Some(number),
                _ => None,
            }),
        offset: finding.place.as_ref().map(|place| place.offset),
        length: finding.place.as_ref().map(|place| place.length),
        section: finding.section(),
        message: &finding.message,
        cause: cause_in_words(finding),
        fix: finding.fix(),
    };
    push(out, &found);
}
