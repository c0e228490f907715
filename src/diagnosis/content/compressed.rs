//! Compressed payloads: zlib, gzip, and raw DEFLATE, also with the context of earlier payloads.

use super::{Payload, readable};
use crate::ws::deflate::probe::{self, Container};
use crate::ws::deflate::{InflateError, InflateErrorKind, Inflater, walk};
use crate::ws::extension::SenderParameters;

/// The compressed payloads of one sender, in order.
#[derive(Debug)]
pub(super) struct CompressedPayloads {
    /// Made for the first payload of raw DEFLATE; it keeps the context for those that follow.
    inflater: Option<Inflater>,
}

/// The most bytes that a payload is inflated to.
const MAX_TEXT: usize = 1 << 20;

/// Reads a complete zlib or gzip stream, whose checksum is right.
pub(super) fn container(bytes: &[u8]) -> Option<Payload> {
    let container = Container::of_header(bytes)?;
    let inflated = probe::inflate(bytes, container, MAX_TEXT)?;
    let text = inflated.text().filter(|_| inflated.is_whole)?;
    let (kind, name) = match container {
        Container::Zlib => ("zlib data", "zlib"),
        Container::Gzip => ("gzip data", "gzip"),
        Container::Raw => return None,
    };
    let payload = Payload::new(kind, text);
    Some(payload.note(format!(
        "{} bytes of {name} inflate to {}: the application compressed them itself",
        bytes.len(),
        inflated.bytes.len()
    )))
}

impl CompressedPayloads {
    pub(super) const fn new() -> Self {
        Self { inflater: None }
    }

    /// Reads raw DEFLATE that inflates to readable text: one payload, or several one after the
    /// other.
    pub(super) fn raw(&mut self, bytes: &[u8]) -> Option<Payload> {
        self.one(bytes).or_else(|| self.several(bytes))
    }

    /// Whether bytes may be raw DEFLATE although their first byte is that of a valid header: the
    /// first literal is one of `XYZ[`, it is a stored block, or earlier payloads were read.
    pub(super) const fn may_begin(&self, bytes: &[u8]) -> bool {
        matches!(bytes, [0x8a | 0x01, ..]) || self.inflater.is_some()
    }

    fn one(&mut self, bytes: &[u8]) -> Option<Payload> {
        let has_context = self.inflater.is_some();
        let mut inflater = self.inflater.take().unwrap_or_else(new_inflater);
        let read = inflate(&mut inflater, bytes);
        let payload = read.and_then(|(text, end)| payload(bytes, &text, end, has_context));
        // What cannot be read is not part of the context.
        if payload.is_some() {
            self.inflater = Some(inflater);
        }
        payload
    }

    fn several(&mut self, bytes: &[u8]) -> Option<Payload> {
        let mut inflater = self.inflater.take().unwrap_or_else(new_inflater);
        let mut texts = Vec::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            let (message, others) = rest.split_at_checked(walk(rest).message_size?)?;
            let (text, end) = inflate(&mut inflater, message)?;
            let text = readable(&text).filter(|text| end.is_none() && !text.is_empty())?;
            texts.push(text.to_owned());
            rest = others;
        }
        let length: usize = texts.iter().map(|text| text.chars().count()).sum();
        if length < 3 * texts.len() {
            return None;
        }
        self.inflater = Some(inflater);
        let note = format!(
            "{} payloads of permessage-deflate one after the other, each with those before it as \
             context",
            texts.len()
        );
        Some(Payload::new("raw DEFLATE", texts.join("\n")).note(note))
    }
}

fn new_inflater() -> Inflater {
    Inflater::new(SenderParameters {
        no_context_takeover: false,
        window_bits: 15,
    })
}

/// Inflates a payload. Returns the bytes, and the error at its end.
fn inflate(inflater: &mut Inflater, mut bytes: &[u8]) -> Option<(Vec<u8>, Option<InflateError>)> {
    let mut text = Vec::new();
    inflater.start();
    loop {
        match inflater.next(&mut bytes) {
            Ok(Some(piece)) => text.extend_from_slice(piece),
            Ok(None) => break,
            Err(_) => return None,
        }
        if text.len() > MAX_TEXT {
            return None;
        }
    }
    Some((text, inflater.finish().err()))
}

/// Accepts text that the end of the payload, or its length, proves to be no accident.
fn payload(
    bytes: &[u8],
    inflated: &[u8],
    end: Option<InflateError>,
    has_context: bool,
) -> Option<Payload> {
    let text = readable(inflated)?;
    let least = match end.map(|end| end.kind) {
        None | Some(InflateErrorKind::FinalBlock | InflateErrorKind::TailKept) => 3,
        Some(InflateErrorKind::EndMissing) => 8,
        Some(_) => 24,
    };
    if text.chars().count() < least {
        return None;
    }
    let sizes = format!("{} bytes inflate to {}", bytes.len(), inflated.len());
    let payload = Payload::new("raw DEFLATE", text);
    Some(match end.map(|end| end.kind) {
        None if has_context => payload.note(format!(
            "{sizes}, with the payloads before as context: permessage-deflate"
        )),
        None => payload.note(format!(
            "{sizes}, and end as permessage-deflate ends a message: its frame would have RSV1 set"
        )),
        Some(InflateErrorKind::FinalBlock) => payload.note(format!(
            "{sizes}, and end with a final block: the application compressed them itself, and \
             sent them as a binary message"
        )),
        Some(InflateErrorKind::TailKept) => {
            payload.note(format!("{sizes}, and end with 00 00 ff ff"))
        }
        Some(_) => payload.note(format!("{sizes}; the end of the payload is missing")),
    })
}
