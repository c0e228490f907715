//! Prints the events of an analyzer in the format that was chosen, for `decode`.

use super::collect::FrameCollector;
use super::messages::MessageStream;
use super::{FrameLayout, TextPrinter};
use crate::diagnosis::Finding;
use crate::diagnosis::stream::Event;
use crate::render::Format;
use crate::render::style::Style;
use crate::ws::{Direction, Message};

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
    /// The number of the connection, of an input with several: JSON shows it.
    pub connection: Option<u32>,
}

/// Prints the events of an analyzer, those of one direction.
pub struct StreamPrinter(PrinterOutput);

enum PrinterOutput {
    Messages(MessageStream),
    Frames(Box<FrameCollector>),
}

impl StreamPrinter {
    /// A printer for the bytes that go in `direction`.
    pub fn new(options: Options, direction: Direction) -> Self {
        let Options {
            format,
            style,
            full,
            limit,
            connection,
            ..
        } = options;
        let text = |layout| Box::new(TextPrinter::new(style, layout, full, direction));
        let frames = |printer| {
            PrinterOutput::Frames(Box::new(FrameCollector::for_lines(printer, full, limit)))
        };
        Self(match format {
            Format::Text => PrinterOutput::Messages(MessageStream::lines(options.to_terminal)),
            Format::Raw => PrinterOutput::Messages(MessageStream::raw()),
            Format::Frames => frames(text(FrameLayout::Line)),
            Format::Fields => frames(text(FrameLayout::Table)),
            Format::Json => {
                PrinterOutput::Frames(Box::new(FrameCollector::for_json(limit, connection)))
            }
        })
    }

    /// Appends what an event adds to the output. Bytes that are returned are to be written
    /// after that as they are: they need no copy.
    pub fn event<'a>(&mut self, event: &Event<'a>, out: &mut Vec<u8>) -> &'a [u8] {
        match &mut self.0 {
            PrinterOutput::Messages(messages) => messages.event(event, out),
            PrinterOutput::Frames(frames) => {
                frames.event(event, out);
                &[]
            }
        }
    }

    /// Appends a finding, where the format has findings: JSON has.
    pub fn finding(&mut self, finding: &Finding, out: &mut Vec<u8>) {
        if let PrinterOutput::Frames(frames) = &mut self.0 {
            frames.finding(finding, out);
        }
    }

    /// Appends a message whose frame is not known.
    pub fn message_alone(
        &mut self,
        direction: Option<Direction>,
        message: &Message<'_>,
        out: &mut Vec<u8>,
    ) {
        match &mut self.0 {
            PrinterOutput::Messages(messages) => messages.message_alone(message, out),
            PrinterOutput::Frames(frames) => frames.message_alone(direction, message, out),
        }
    }

    /// Ends the line that the stream ended in.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        if let PrinterOutput::Messages(messages) = &mut self.0 {
            messages.finish(out);
        }
    }

    /// Whether the output is at the start of a line.
    pub fn is_at_line_start(&self) -> bool {
        match &self.0 {
            PrinterOutput::Messages(messages) => messages.is_at_line_start(),
            PrinterOutput::Frames(_) => true,
        }
    }
}
