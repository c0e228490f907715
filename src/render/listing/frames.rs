//! A line or a table for each frame.

use super::open::{Inflated, Open};
use super::{Listing, Options};
use crate::diagnosis::stream::{FrameStart, PlainBatch};
use crate::render::excerpt::{Excerpt, ExcerptBuffer};
use crate::render::frame::{self, ShownFrame};
use crate::render::{Format, fields};
use crate::ws::{Direction, Role};

/// A line or a table for each frame.
pub(super) struct Frames {
    options: Options,
    direction: Direction,
    open: Option<Open>,
    payload: ExcerptBuffer,
    inflated: Inflated,
    is_first: bool,
}

impl Frames {
    pub(super) const fn new(options: Options, direction: Direction) -> Self {
        const fn keeper(options: Options) -> ExcerptBuffer {
            if options.full {
                ExcerptBuffer::new(options.limit)
            } else {
                ExcerptBuffer::for_lines()
            }
        }
        Self {
            options,
            direction,
            open: None,
            payload: keeper(options),
            inflated: Inflated::new(keeper(options)),
            is_first: true,
        }
    }

    fn is_table(&self) -> bool {
        self.options.format == Format::Fields
    }

    /// Puts an empty line between two tables.
    fn separate(&mut self, out: &mut Vec<u8>) {
        if self.is_table() && !std::mem::take(&mut self.is_first) {
            out.push(b'\n');
        }
    }

    fn show(&self, frame: &FrameStart, payload: Excerpt<'_>, out: &mut Vec<u8>) {
        let Options { style, full, .. } = self.options;
        let shown = ShownFrame {
            header: &frame.header,
            payload,
            inflated: self.inflated.excerpt(),
            is_text: frame.is_text || self.inflated.is_text_of(frame),
            full,
        };
        if self.is_table() {
            fields::push_table(out, style, frame.number, frame.offset, &shown);
        } else {
            frame::push_line(out, style, self.direction, &shown);
        }
    }
}

impl Listing for Frames {
    fn head(&mut self, from: Role, head: &[u8], out: &mut Vec<u8>) {
        frame::push_head(out, self.options.style, self.direction, from, head);
    }

    fn start(&mut self, frame: &FrameStart, _out: &mut Vec<u8>) {
        self.open = Some(Open::Frame(*frame));
        self.payload.clear();
        self.inflated.clear();
    }

    fn gap(&mut self, offset: u64, _out: &mut Vec<u8>) {
        self.open = Some(Open::Gap(offset));
        self.payload.clear();
    }

    fn payload_alone(&mut self, kind: &str, bytes: &[u8], text: &str, out: &mut Vec<u8>) {
        self.separate(out);
        let Options { style, full, .. } = self.options;
        let text = Excerpt::whole(text.as_bytes());
        frame::push_payload_alone(out, style, kind, bytes.len() as u64, &text, full);
    }

    fn run<'a>(&mut self, run: PlainBatch<'a>, out: &mut Vec<u8>) -> &'a [u8] {
        self.inflated.clear();
        for (frame, payload) in run.frames() {
            self.separate(out);
            self.show(&frame, self.payload.excerpt_of(payload), out);
        }
        &[]
    }

    fn payload<'a>(&mut self, piece: &'a [u8], _out: &mut Vec<u8>) -> &'a [u8] {
        self.payload.push(piece);
        &[]
    }

    fn inflated<'a>(&mut self, piece: &'a [u8], _out: &mut Vec<u8>) -> &'a [u8] {
        self.inflated.push(piece);
        &[]
    }

    fn end(&mut self, _is_whole: bool, out: &mut Vec<u8>) {
        let Options { style, full, .. } = self.options;
        self.separate(out);
        let payload = self.payload.excerpt();
        match self.open.take() {
            None => {}
            Some(Open::Frame(frame)) => self.show(&frame, payload, out),
            Some(Open::Gap(offset)) if self.is_table() => {
                fields::push_gap(out, style, offset, &payload, full);
            }
            Some(Open::Gap(_)) => frame::push_gap(out, style, &payload, full),
        }
    }
}
