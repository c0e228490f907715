//! Prints what happens on a connection. `decode` prints the events of its analyzer,
//! `serve` those of its connections, both through the same two [`EventPrinter`]s.
//!
//! ```text
//! analyzer event ── StreamPrinter ┬─ text, raw:            MessageStream ──────────────┐
//!                                 └─ frames, fields, json: FrameCollector ─┐           ├─ bytes
//!                                                    EventPrinter: text or JSON ───────┘
//! ```
//!
//! An [`EventPrinter`] takes whole frames, so a [`FrameCollector`] stands in front of it that
//! joins the pieces an analyzer emits. The two formats without any frame, `text` and `raw`,
//! stream: a payload of any size passes through in constant memory.

mod collect;
mod json;
mod messages;
mod text;

use std::time::SystemTime;

use super::Format;
use super::excerpt::Excerpt;
use super::frame::ShownFrame;
use super::style::Style;
use crate::diagnosis::Finding;
use crate::diagnosis::stream::Event;
use crate::ws::{Direction, Message, Role};

use collect::FrameCollector;
pub use json::JsonPrinter;
use messages::MessageStream;
pub use text::{FrameLayout, TextPrinter};

/// When, on which connection and which way an event happened, as far as that is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct EventContext {
    /// When, of a live connection.
    pub time: Option<SystemTime>,
    /// The number of the connection, of a live one.
    pub connection: Option<u64>,
    /// Which way the bytes went; of recorded ones only if the input has both directions.
    pub direction: Option<Direction>,
    /// Who sent the bytes, of recorded ones, if more than the MASK bit says so.
    pub from: Option<Role>,
}

impl EventContext {
    /// The context of something at this time, on a connection or on none.
    pub fn live(time: SystemTime, connection: impl Into<Option<u64>>) -> Self {
        Self {
            time: Some(time),
            connection: connection.into(),
            ..Self::default()
        }
    }

    /// The same, for bytes that went this way.
    #[must_use]
    pub const fn going(self, direction: Direction) -> Self {
        Self {
            direction: Some(direction),
            ..self
        }
    }
}

/// The position of a frame in a recorded stream.
#[derive(Clone, Copy, Debug)]
pub struct FramePosition {
    /// The number of the frame, counted from 1.
    pub number: u64,
    /// The offset of its first byte.
    pub offset: u64,
}

/// Appends events to a buffer, each as one or more whole lines.
pub trait EventPrinter {
    /// Appends the head of a request or of a response that stands in front of the frames.
    fn head(&mut self, context: &EventContext, from: Role, head: &[u8], out: &mut Vec<u8>);

    /// Appends a frame: a whole one, or what there is of one that is cut short. A live
    /// frame has no position.
    fn frame(
        &mut self,
        context: &EventContext,
        position: Option<FramePosition>,
        frame: &ShownFrame<'_>,
        out: &mut Vec<u8>,
    );

    /// Appends bytes of a recorded stream that are no frame, and begin at `offset`.
    fn gap(&mut self, context: &EventContext, offset: u64, bytes: &Excerpt<'_>, out: &mut Vec<u8>);

    /// Appends the payload of a message that has no frame: its kind, its bytes, its text.
    fn payload_alone(&mut self, kind: &str, bytes: &[u8], text: &str, out: &mut Vec<u8>);

    /// Appends a message, after its last frame.
    fn message(&mut self, context: &EventContext, message: &Message<'_>, out: &mut Vec<u8>);

    /// Appends a finding, after what it is about.
    fn finding(&mut self, context: &EventContext, finding: &Finding, out: &mut Vec<u8>);
}

/// The settings of a [`StreamPrinter`].
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// What the output looks like.
    pub format: Format,
    /// The colours of the output.
    pub style: Style,
    /// Whether the output goes to a terminal: then the text of messages is escaped.
    pub to_terminal: bool,
    /// Whether long payloads are shown in full.
    pub full: bool,
    /// The most bytes of one payload that are kept in memory.
    pub limit: usize,
}

/// Prints the events of an analyzer, those of one direction.
pub struct StreamPrinter(Output);

enum Output {
    Messages(MessageStream),
    Frames(FrameCollector),
}

impl StreamPrinter {
    /// A printer for the bytes that go in `direction`.
    pub fn new(options: Options, direction: Direction) -> Self {
        let Options {
            format,
            style,
            full,
            limit,
            ..
        } = options;
        let text = |layout| Box::new(TextPrinter::new(style, layout, full, direction));
        let frames = |printer| Output::Frames(FrameCollector::for_lines(printer, full, limit));
        Self(match format {
            Format::Text => Output::Messages(MessageStream::lines(options.to_terminal)),
            Format::Raw => Output::Messages(MessageStream::raw()),
            Format::Frames => frames(text(FrameLayout::Line)),
            Format::Fields => frames(text(FrameLayout::Table)),
            Format::Json => Output::Frames(FrameCollector::for_json(limit)),
        })
    }

    /// Appends what an event adds to the output. Bytes that are returned are to be written
    /// after that as they are: they need no copy.
    pub fn event<'a>(&mut self, event: &Event<'a>, out: &mut Vec<u8>) -> &'a [u8] {
        match &mut self.0 {
            Output::Messages(messages) => messages.event(event, out),
            Output::Frames(frames) => {
                frames.event(event, out);
                &[]
            }
        }
    }

    /// Appends a finding, where the format has findings: JSON has.
    pub fn finding(&mut self, finding: &Finding, out: &mut Vec<u8>) {
        if let Output::Frames(frames) = &mut self.0 {
            frames.finding(finding, out);
        }
    }

    /// Ends the line that the stream ended in.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        if let Output::Messages(messages) = &mut self.0 {
            messages.finish(out);
        }
    }

    /// Whether the output is at the start of a line.
    pub fn is_at_line_start(&self) -> bool {
        match &self.0 {
            Output::Messages(messages) => messages.is_at_line_start(),
            Output::Frames(_) => true,
        }
    }
}
