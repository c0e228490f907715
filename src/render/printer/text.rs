//! Events as text: a frame on a line or in a table, a finding below what it is about.

use super::{EventContext, EventPrinter, FramePosition};
use crate::diagnosis::Finding;
use crate::render::excerpt::Excerpt;
use crate::render::frame::{self, ShownFrame};
use crate::render::style::Style;
use crate::render::{fields, finding};
use crate::ws::{Direction, Message, Role};

/// What a frame looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameLayout {
    /// A line.
    Line,
    /// A table of its header fields.
    Table,
}

/// Prints events as text.
pub struct TextPrinter {
    style: Style,
    layout: FrameLayout,
    /// Whether long payloads are shown in full.
    full: bool,
    /// The direction of events whose context names none.
    direction: Direction,
    is_first: bool,
}

impl TextPrinter {
    /// A printer for events that went in `direction` unless their context names another.
    pub const fn new(style: Style, layout: FrameLayout, full: bool, direction: Direction) -> Self {
        Self {
            style,
            layout,
            full,
            direction,
            is_first: true,
        }
    }

    /// Appends an empty line between two tables.
    fn separate_tables(&mut self, out: &mut Vec<u8>) {
        if self.layout == FrameLayout::Table && !std::mem::take(&mut self.is_first) {
            out.push(b'\n');
        }
    }
}

impl EventPrinter for TextPrinter {
    fn head(&mut self, context: &EventContext, from: Role, head: &[u8], out: &mut Vec<u8>) {
        let direction = context.direction.unwrap_or(self.direction);
        frame::push_head(out, self.style, direction, from, head);
    }

    fn frame(
        &mut self,
        context: &EventContext,
        position: Option<FramePosition>,
        frame: &ShownFrame<'_>,
        out: &mut Vec<u8>,
    ) {
        self.separate_tables(out);
        if let (FrameLayout::Table, Some(position)) = (self.layout, position) {
            fields::push_table(out, self.style, position, frame);
        } else {
            let direction = context.direction.unwrap_or(self.direction);
            frame::push_line(out, self.style, direction, frame);
        }
    }

    fn gap(
        &mut self,
        _context: &EventContext,
        offset: u64,
        bytes: &Excerpt<'_>,
        out: &mut Vec<u8>,
    ) {
        self.separate_tables(out);
        match self.layout {
            FrameLayout::Table => fields::push_gap(out, self.style, offset, bytes, self.full),
            FrameLayout::Line => frame::push_gap(out, self.style, bytes, self.full),
        }
    }

    fn payload_alone(&mut self, kind: &str, bytes: &[u8], text: &str, out: &mut Vec<u8>) {
        self.separate_tables(out);
        let text = Excerpt::whole(text.as_bytes());
        let length = bytes.len() as u64;
        frame::push_payload_alone(out, self.style, kind, length, &text, self.full);
    }

    /// The frames of a message show it.
    fn message(&mut self, _context: &EventContext, _message: &Message<'_>, _out: &mut Vec<u8>) {}

    fn finding(&mut self, _context: &EventContext, finding: &Finding, out: &mut Vec<u8>) {
        finding::push_line(out, self.style, finding);
    }
}
