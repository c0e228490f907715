//! Frames, messages and findings as JSON.

use super::open::{Inflated, Open};
use super::{Listing, Options};
use crate::diagnosis::Finding;
use crate::diagnosis::stream::{FrameStart, PlainBatch};
use crate::render::excerpt::{Excerpt, ExcerptBuffer};
use crate::render::frame::ShownFrame;
use crate::render::json::{self, EventContext};
use crate::ws::{Message, MessageAssembler, Role};

/// Frames, messages and findings as JSON.
pub(super) struct Json {
    circumstance: EventContext,
    open: Option<Open>,
    payload: ExcerptBuffer,
    inflated: Inflated,
    messages: MessageAssembler,
}

impl Json {
    pub(super) fn new(options: Options) -> Self {
        Self {
            circumstance: EventContext::default(),
            open: None,
            payload: ExcerptBuffer::new(options.limit),
            inflated: Inflated::new(ExcerptBuffer::new(options.limit)),
            messages: MessageAssembler::new(options.limit),
        }
    }

    fn show(&self, frame: &FrameStart, payload: Excerpt<'_>, out: &mut Vec<u8>) {
        let shown = ShownFrame {
            header: &frame.header,
            payload,
            inflated: self.inflated.excerpt(),
            is_text: frame.is_text || self.inflated.is_text_of(frame),
            full: true,
        };
        let (number, offset) = (Some(frame.number), Some(frame.offset));
        json::push_frame(out, &self.circumstance, number, offset, &shown);
    }
}

impl Listing for Json {
    fn head(&mut self, from: Role, head: &[u8], out: &mut Vec<u8>) {
        json::push_head(out, &EventContext::default(), from, head);
    }

    fn start(&mut self, frame: &FrameStart, _out: &mut Vec<u8>) {
        self.circumstance = EventContext::recorded(frame.sender);
        if let Some(direction) = frame.direction {
            self.circumstance = std::mem::take(&mut self.circumstance).going(direction);
        }
        self.open = Some(Open::Frame(*frame));
        self.payload.clear();
        self.inflated.clear();
        self.messages.begin_frame(&frame.header);
    }

    fn gap(&mut self, offset: u64, _out: &mut Vec<u8>) {
        self.open = Some(Open::Gap(offset));
        self.payload.clear();
    }

    fn payload_alone(&mut self, kind: &str, bytes: &[u8], text: &str, out: &mut Vec<u8>) {
        json::push_payload_alone(out, kind, bytes, text);
    }

    fn run<'a>(&mut self, run: PlainBatch<'a>, out: &mut Vec<u8>) -> &'a [u8] {
        for (frame, payload) in run.frames() {
            self.start(&frame, out);
            let excerpt = self.payload.excerpt_of(payload);
            self.show(&frame, excerpt, out);
            if let Some(message) = self.messages.end_frame(&frame.header) {
                let message = Message {
                    payload: excerpt.head,
                    length: excerpt.length,
                    ..message
                };
                json::push_message(out, &self.circumstance, &message);
            }
        }
        self.open = None;
        &[]
    }

    fn payload<'a>(&mut self, piece: &'a [u8], _out: &mut Vec<u8>) -> &'a [u8] {
        self.payload.push(piece);
        if matches!(self.open, Some(Open::Frame(frame)) if !frame.is_compressed) {
            self.messages.push(piece);
        }
        &[]
    }

    fn inflated<'a>(&mut self, piece: &'a [u8], _out: &mut Vec<u8>) -> &'a [u8] {
        self.inflated.push(piece);
        self.messages.push(piece);
        &[]
    }

    fn end(&mut self, is_whole: bool, out: &mut Vec<u8>) {
        let payload = self.payload.excerpt();
        match self.open.take() {
            None => {}
            Some(Open::Gap(offset)) => json::push_gap(out, &self.circumstance, offset, &payload),
            Some(Open::Frame(frame)) => {
                self.show(&frame, payload, out);
                if is_whole && let Some(message) = self.messages.end_frame(&frame.header) {
                    json::push_message(out, &self.circumstance, &message);
                }
            }
        }
    }

    fn finding(&mut self, finding: &Finding, out: &mut Vec<u8>) -> bool {
        json::push_finding(out, &self.circumstance, finding);
        true
    }
}
