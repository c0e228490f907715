//! The listings of a stream that is being taken apart, one for each [`Format`].

#[cfg(test)]
mod tests;

use super::escape;
use super::excerpt::{Excerpt, Keeper};
use super::frame::{self, ShownFrame};
use super::json::{self, Circumstance};
use super::style::Style;
use super::{Format, fields};
use crate::diagnosis::Finding;
use crate::diagnosis::stream::{FrameStart, Run};
use crate::ws::{Assembler, Direction, Message, Opcode, Role};

/// How a listing is to be made.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// What it looks like.
    pub format: Format,
    /// Colours.
    pub style: Style,
    /// Whether it goes to a terminal, which text must not drive.
    pub to_terminal: bool,
    /// Whether long payloads are shown whole.
    pub full: bool,
    /// The most octets of one payload that are held at once.
    pub limit: usize,
}

/// A listing in the making. It is told the parts of frames in the order of the wire, and
/// appends what is to be shown to a buffer; what it gives back is to be shown behind that as
/// it is, and need not be copied.
pub trait Listing {
    /// The head of a request or a response, in front of all frames.
    fn head(&mut self, _from: Role, _head: &[u8], _out: &mut Vec<u8>) {}
    /// A frame begins.
    fn start(&mut self, frame: &FrameStart, out: &mut Vec<u8>);
    /// Whole text messages, one behind the other.
    fn run<'a>(&mut self, run: Run<'a>, out: &mut Vec<u8>) -> &'a [u8] {
        for (frame, payload) in run.frames() {
            self.start(&frame, out);
            let shown = self.payload(payload, out);
            out.extend_from_slice(shown);
            self.end(true, out);
        }
        &[]
    }
    /// Octets that are no frame begin at this offset of the stream.
    fn gap(&mut self, offset: u64, out: &mut Vec<u8>);
    /// A piece of the frame's payload, or of the octets that are no frame.
    fn payload<'a>(&mut self, piece: &'a [u8], out: &mut Vec<u8>) -> &'a [u8];
    /// What a piece of the frame's payload inflates to.
    fn inflated<'a>(&mut self, piece: &'a [u8], out: &mut Vec<u8>) -> &'a [u8];
    /// The frame ends, or is cut: the last of it has been told.
    fn end(&mut self, is_whole: bool, out: &mut Vec<u8>);
    /// The stream ends.
    fn finish(&mut self, _out: &mut Vec<u8>) {}
    /// Whether the listing stands at the start of a line, so that something else can be
    /// said.
    fn is_at_line_start(&self) -> bool {
        true
    }
    /// Lists a finding; false if findings are not part of this listing.
    fn finding(&mut self, _finding: &Finding, _out: &mut Vec<u8>) -> bool {
        false
    }
}

/// The listing of a format, for what went this way.
pub fn of_format(options: Options, direction: Direction) -> Box<dyn Listing> {
    match options.format {
        Format::Text => Box::new(Text::new(options.to_terminal)),
        Format::Raw => Box::new(Raw {
            is_shown: false,
            is_compressed: false,
        }),
        Format::Frames | Format::Fields => Box::new(Frames::new(options, direction)),
        Format::Json => Box::new(Json::new(options)),
    }
}

/// The messages, as text, a line each.
struct Text {
    to_terminal: bool,
    is_shown: bool,
    is_compressed: bool,
    is_last: bool,
    /// A line was begun and not ended.
    in_line: bool,
    /// The beginning of a character whose end has not come, where it must be known
    /// whole.
    pending: Vec<u8>,
}

impl Text {
    const fn new(to_terminal: bool) -> Self {
        Self {
            to_terminal,
            is_shown: false,
            is_compressed: false,
            is_last: true,
            in_line: false,
            pending: Vec::new(),
        }
    }

    fn end_line(&mut self, out: &mut Vec<u8>) {
        escape::push_text(out, &self.pending);
        self.pending.clear();
        if self.in_line {
            out.push(b'\n');
            self.in_line = false;
        }
    }

    fn push_piece<'a>(&mut self, piece: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
        if self.to_terminal {
            self.push_escaped(piece, out);
            return &[];
        }
        piece
    }

    /// Appends octets for a terminal, except for a character cut at their end.
    fn push_escaped(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        self.pending.extend_from_slice(piece);
        let complete = self.pending.len() - cut_character(&self.pending);
        let (shown, _) = self.pending.split_at(complete);
        escape::push_text(out, shown);
        self.pending.drain(..complete);
    }
}

/// How many octets at the end begin a character that is not whole: 0 to 3.
fn cut_character(octets: &[u8]) -> usize {
    let chunk = octets.utf8_chunks().last();
    let invalid = chunk.map_or(&[][..], |chunk| chunk.invalid());
    match std::str::from_utf8(invalid) {
        Err(error) if error.error_len().is_none() => invalid.len(),
        _ => 0,
    }
}

impl Listing for Text {
    fn start(&mut self, frame: &FrameStart, out: &mut Vec<u8>) {
        let opcode = frame.header.opcode;
        self.is_shown = opcode.is_message_part();
        self.is_compressed = frame.is_compressed;
        if self.is_shown {
            if opcode != Opcode::CONTINUATION {
                self.end_line(out);
            }
            self.in_line = true;
            self.is_last = frame.header.fin;
        }
    }

    fn run<'a>(&mut self, run: Run<'a>, out: &mut Vec<u8>) -> &'a [u8] {
        self.end_line(out);
        if !self.to_terminal {
            return run.lines;
        }
        for (_, payload) in run.frames() {
            escape::push_text(out, payload);
            out.push(b'\n');
        }
        &[]
    }

    fn gap(&mut self, _offset: u64, out: &mut Vec<u8>) {
        self.end_line(out);
        self.is_shown = false;
    }

    fn payload<'a>(&mut self, piece: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
        if self.is_shown && !self.is_compressed {
            return self.push_piece(piece, out);
        }
        &[]
    }

    fn inflated<'a>(&mut self, piece: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
        self.push_piece(piece, out)
    }

    fn end(&mut self, _is_whole: bool, out: &mut Vec<u8>) {
        if self.is_shown && self.is_last {
            self.end_line(out);
        }
    }

    fn finish(&mut self, out: &mut Vec<u8>) {
        self.end_line(out);
    }

    fn is_at_line_start(&self) -> bool {
        !self.in_line
    }
}

/// The payload of the messages, as it is, and nothing else.
struct Raw {
    is_shown: bool,
    is_compressed: bool,
}

impl Listing for Raw {
    fn start(&mut self, frame: &FrameStart, _out: &mut Vec<u8>) {
        self.is_shown = frame.header.opcode.is_message_part();
        self.is_compressed = frame.is_compressed;
    }

    fn gap(&mut self, _offset: u64, _out: &mut Vec<u8>) {
        self.is_shown = false;
    }

    fn payload<'a>(&mut self, piece: &'a [u8], _out: &mut Vec<u8>) -> &'a [u8] {
        if self.is_shown && !self.is_compressed {
            return piece;
        }
        &[]
    }

    fn inflated<'a>(&mut self, piece: &'a [u8], _out: &mut Vec<u8>) -> &'a [u8] {
        piece
    }

    fn end(&mut self, _is_whole: bool, _out: &mut Vec<u8>) {}
}

/// A line or a table for each frame.
struct Frames {
    options: Options,
    direction: Direction,
    open: Option<Open>,
    payload: Keeper,
    inflated: Inflated,
    is_first: bool,
}

/// What a compressed payload inflates to, if it does.
struct Inflated {
    octets: Keeper,
    is_some: bool,
}

impl Inflated {
    const fn new(octets: Keeper) -> Self {
        Self {
            octets,
            is_some: false,
        }
    }

    fn clear(&mut self) {
        self.octets.clear();
        self.is_some = false;
    }

    fn push(&mut self, piece: &[u8]) {
        self.octets.push(piece);
        self.is_some = true;
    }

    fn excerpt(&self) -> Option<Excerpt<'_>> {
        self.is_some.then(|| self.octets.excerpt())
    }
}

impl Frames {
    const fn new(options: Options, direction: Direction) -> Self {
        const fn keeper(options: Options) -> Keeper {
            if options.full {
                Keeper::new(options.limit)
            } else {
                Keeper::for_lines()
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
            is_text: frame.is_text || is_inflated_text(frame, &self.inflated),
            full,
        };
        if self.is_table() {
            fields::push_table(out, style, frame.number, frame.offset, &shown);
        } else {
            frame::push_line(out, style, self.direction, &shown);
        }
    }
}

/// Whether a frame begins a compressed text, and that could be read.
fn is_inflated_text(frame: &FrameStart, inflated: &Inflated) -> bool {
    inflated.is_some && frame.header.opcode == Opcode::TEXT
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

    fn run<'a>(&mut self, run: Run<'a>, out: &mut Vec<u8>) -> &'a [u8] {
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

/// Frames, messages and findings as JSON.
struct Json {
    circumstance: Circumstance,
    open: Option<Open>,
    payload: Keeper,
    inflated: Inflated,
    messages: Assembler,
}

/// What is being told.
enum Open {
    Frame(FrameStart),
    /// No frame; octets from this offset on.
    Gap(u64),
}

impl Json {
    fn new(options: Options) -> Self {
        Self {
            circumstance: Circumstance::default(),
            open: None,
            payload: Keeper::new(options.limit),
            inflated: Inflated::new(Keeper::new(options.limit)),
            messages: Assembler::new(options.limit),
        }
    }

    fn show(&self, frame: &FrameStart, payload: Excerpt<'_>, out: &mut Vec<u8>) {
        let shown = ShownFrame {
            header: &frame.header,
            payload,
            inflated: self.inflated.excerpt(),
            is_text: frame.is_text || is_inflated_text(frame, &self.inflated),
            full: true,
        };
        let (number, offset) = (Some(frame.number), Some(frame.offset));
        json::push_frame(out, &self.circumstance, number, offset, &shown);
    }
}

impl Listing for Json {
    fn head(&mut self, from: Role, head: &[u8], out: &mut Vec<u8>) {
        json::push_head(out, &Circumstance::default(), from, head);
    }

    fn start(&mut self, frame: &FrameStart, _out: &mut Vec<u8>) {
        self.circumstance = Circumstance::recorded(frame.sender);
        if let Some(direction) = frame.direction {
            self.circumstance = std::mem::take(&mut self.circumstance).going(direction);
        }
        self.open = Some(Open::Frame(*frame));
        self.payload.clear();
        self.inflated.clear();
        self.messages.header(&frame.header);
    }

    fn gap(&mut self, offset: u64, _out: &mut Vec<u8>) {
        self.open = Some(Open::Gap(offset));
        self.payload.clear();
    }

    fn run<'a>(&mut self, run: Run<'a>, out: &mut Vec<u8>) -> &'a [u8] {
        for (frame, payload) in run.frames() {
            self.start(&frame, out);
            let excerpt = self.payload.excerpt_of(payload);
            self.show(&frame, excerpt, out);
            if let Some(message) = self.messages.end(&frame.header) {
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
            self.messages.payload(piece);
        }
        &[]
    }

    fn inflated<'a>(&mut self, piece: &'a [u8], _out: &mut Vec<u8>) -> &'a [u8] {
        self.inflated.push(piece);
        self.messages.payload(piece);
        &[]
    }

    fn end(&mut self, is_whole: bool, out: &mut Vec<u8>) {
        let payload = self.payload.excerpt();
        match self.open.take() {
            None => {}
            Some(Open::Gap(offset)) => json::push_gap(out, &self.circumstance, offset, &payload),
            Some(Open::Frame(frame)) => {
                self.show(&frame, payload, out);
                if is_whole && let Some(message) = self.messages.end(&frame.header) {
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
