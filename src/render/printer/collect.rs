//! Collects the pieces of a frame that an analyzer emits, and hands whole frames and
//! messages to an [`EventPrinter`].

use super::{EventContext, EventPrinter, FramePosition, JsonPrinter};
use crate::diagnosis::Finding;
use crate::diagnosis::stream::{Event, FrameStart, PlainBatch};
use crate::render::excerpt::{Excerpt, ExcerptBuffer};
use crate::render::frame::ShownFrame;
use crate::ws::{Direction, Message, MessageAssembler, Opcode};

/// Collects frames, and joins messages where the printer prints them.
pub(super) struct FrameCollector {
    printer: Box<dyn EventPrinter>,
    /// Whether long payloads are shown in full.
    full: bool,
    context: EventContext,
    current: Option<CurrentItem>,
    payload: ExcerptBuffer,
    inflated: InflatedBuffer,
    messages: Option<MessageAssembler>,
}

/// What the pieces that are being collected belong to.
#[derive(Clone, Copy)]
enum CurrentItem {
    Frame(FrameStart),
    /// Bytes that are not a frame, from this offset on.
    Gap(u64),
}

/// What the payload of the current frame inflates to; `is_some` if it could be inflated.
struct InflatedBuffer {
    bytes: ExcerptBuffer,
    is_some: bool,
}

impl InflatedBuffer {
    fn clear(&mut self) {
        self.bytes.clear();
        self.is_some = false;
    }

    fn push(&mut self, piece: &[u8]) {
        self.bytes.push(piece);
        self.is_some = true;
    }

    fn excerpt(&self) -> Option<Excerpt<'_>> {
        self.is_some.then(|| self.bytes.excerpt())
    }
}

impl FrameCollector {
    /// Collects for lines or tables: up to `limit` bytes of a payload if it is shown in
    /// full, else as much as they show.
    pub(super) fn for_lines(printer: Box<dyn EventPrinter>, full: bool, limit: usize) -> Self {
        let buffer = || {
            if full {
                ExcerptBuffer::new(limit)
            } else {
                ExcerptBuffer::for_lines()
            }
        };
        Self::new(printer, full, buffer, None)
    }

    /// Collects for JSON, which has messages too and the number of the connection: up to `limit`
    /// bytes of a payload.
    pub(super) fn for_json(limit: usize, connection: Option<u32>) -> Self {
        let buffer = || ExcerptBuffer::new(limit);
        let messages = Some(MessageAssembler::new(limit));
        let mut collector = Self::new(Box::new(JsonPrinter::new(limit)), true, buffer, messages);
        collector.context.connection = connection.map(u64::from);
        collector
    }

    fn new(
        printer: Box<dyn EventPrinter>,
        full: bool,
        buffer: impl Fn() -> ExcerptBuffer,
        messages: Option<MessageAssembler>,
    ) -> Self {
        Self {
            printer,
            full,
            context: EventContext::default(),
            current: None,
            payload: buffer(),
            inflated: InflatedBuffer {
                bytes: buffer(),
                is_some: false,
            },
            messages,
        }
    }

    fn context_of(&self, frame: &FrameStart) -> EventContext {
        EventContext {
            direction: frame.direction,
            from: frame.sender.known(),
            arrow: Some(frame.direction_by_sender()),
            connection: self.context.connection,
            ..EventContext::default()
        }
    }

    /// Takes an event, and prints the frame or the message that it completes.
    pub(super) fn event(&mut self, event: &Event<'_>, out: &mut Vec<u8>) {
        match event {
            Event::Head(from, head) => {
                let context = EventContext {
                    connection: self.context.connection,
                    ..EventContext::default()
                };
                self.printer.head(&context, *from, head, out);
            }
            Event::Frame(frame) => self.begin_frame(frame),
            Event::Gap(offset) => self.begin(CurrentItem::Gap(*offset)),
            Event::PayloadAlone(kind, bytes, text) => {
                self.printer.payload_alone(kind, bytes, text, out);
            }
            Event::PlainBatch(batch) => self.batch(*batch, out),
            Event::Payload(piece) => {
                self.payload.push(piece);
                self.join(piece, false);
            }
            Event::Inflated(piece) => {
                self.inflated.push(piece);
                self.join(piece, true);
            }
            Event::End(is_whole) => self.end(*is_whole, out),
            // These are printed by the command, which knows when.
            Event::Assumption(_) | Event::Finding(_) => {}
        }
    }

    /// Prints a message whose frame is not known.
    pub(super) fn message_alone(
        &mut self,
        direction: Option<Direction>,
        message: &Message<'_>,
        out: &mut Vec<u8>,
    ) {
        let context = EventContext {
            direction,
            connection: self.context.connection,
            ..EventContext::default()
        };
        self.printer.message_alone(&context, message, out);
    }

    /// Prints a finding, after the frame it is about.
    pub(super) fn finding(&mut self, finding: &Finding, out: &mut Vec<u8>) {
        self.printer.finding(&self.context, finding, out);
    }

    fn begin_frame(&mut self, frame: &FrameStart) {
        self.context = self.context_of(frame);
        self.begin(CurrentItem::Frame(*frame));
        if let Some(messages) = &mut self.messages {
            messages.begin_frame(&frame.header);
        }
    }

    fn begin(&mut self, item: CurrentItem) {
        self.current = Some(item);
        self.payload.clear();
        self.inflated.clear();
    }

    /// Adds a piece of payload to its message. A message of one frame is printed out of
    /// what was collected of that, and needs no second copy.
    fn join(&mut self, piece: &[u8], is_inflated: bool) {
        if let (Some(messages), Some(CurrentItem::Frame(frame))) =
            (&mut self.messages, &self.current)
            && frame.is_compressed == is_inflated
            && !is_whole_message(frame)
        {
            messages.push(piece);
        }
    }

    /// Prints whole frames. Their payloads are at hand in one piece, and are not copied.
    fn batch(&mut self, batch: PlainBatch<'_>, out: &mut Vec<u8>) {
        self.current = None;
        self.inflated.clear();
        for (frame, payload) in batch.frames() {
            self.context = self.context_of(&frame);
            let payload = self.payload.excerpt_of(payload);
            let shown = ShownFrame {
                header: &frame.header,
                payload,
                inflated: None,
                is_text: frame.is_text,
                full: self.full,
                buffer: None,
            };
            let position = Some(position_of(&frame));
            self.printer.frame(&self.context, position, &shown, out);
            if let Some(messages) = &mut self.messages {
                messages.begin_frame(&frame.header);
                let message = messages.end_frame(&frame.header);
                if let Some(message) = message.map(|message| with_payload(message, payload)) {
                    self.printer.message(&self.context, &message, out);
                }
            }
        }
    }

    fn end(&mut self, is_whole: bool, out: &mut Vec<u8>) {
        match self.current.take() {
            None => {}
            Some(CurrentItem::Gap(offset)) => {
                let bytes = self.payload.excerpt();
                self.printer.gap(&self.context, offset, &bytes, out);
            }
            Some(CurrentItem::Frame(frame)) => self.end_frame(&frame, is_whole, out),
        }
    }

    fn end_frame(&mut self, frame: &FrameStart, is_whole: bool, out: &mut Vec<u8>) {
        let (payload, inflated) = (self.payload.excerpt(), self.inflated.excerpt());
        let is_inflated_text = inflated.is_some() && frame.header.opcode == Opcode::TEXT;
        let shown = ShownFrame {
            header: &frame.header,
            payload,
            inflated,
            is_text: frame.is_text || is_inflated_text,
            full: self.full,
            buffer: None,
        };
        let position = Some(position_of(frame));
        self.printer.frame(&self.context, position, &shown, out);
        let messages = self.messages.as_mut().filter(|_| is_whole);
        let Some(message) = messages.and_then(|messages| messages.end_frame(&frame.header)) else {
            return;
        };
        let message = match inflated {
            _ if !is_whole_message(frame) => message,
            Some(inflated) => with_payload(message, inflated),
            None if frame.is_compressed => message,
            None => with_payload(message, payload),
        };
        self.printer.message(&self.context, &message, out);
    }
}

const fn position_of(frame: &FrameStart) -> FramePosition {
    FramePosition {
        number: frame.number,
        offset: frame.offset,
    }
}

/// Whether a frame is a message by itself.
fn is_whole_message(frame: &FrameStart) -> bool {
    frame.header.fin && frame.header.opcode != Opcode::CONTINUATION
}

/// A message of one frame, with the payload that was collected of that.
const fn with_payload<'a>(message: Message<'a>, payload: Excerpt<'a>) -> Message<'a> {
    Message {
        payload: payload.head,
        length: payload.length,
        ..message
    }
}
