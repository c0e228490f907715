//! The listings of a stream that is being taken apart, one for each [`Format`].

mod frames;
mod json;
mod open;
mod text;

use super::Format;
use super::style::Style;
use crate::diagnosis::Finding;
use crate::diagnosis::stream::{FrameStart, PlainBatch};
use crate::ws::{Direction, Role};
use frames::Frames;
use json::Json;
use text::{Raw, Text};

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
    /// The most bytes of one payload that are held at once.
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
    fn run<'a>(&mut self, run: PlainBatch<'a>, out: &mut Vec<u8>) -> &'a [u8] {
        for (frame, payload) in run.frames() {
            self.start(&frame, out);
            let shown = self.payload(payload, out);
            out.extend_from_slice(shown);
            self.end(true, out);
        }
        &[]
    }
    /// Bytes that are no frame begin at this offset of the stream.
    fn gap(&mut self, offset: u64, out: &mut Vec<u8>);
    /// The payload of a message without its frame: what kind it is, its bytes, and its text.
    fn payload_alone(&mut self, kind: &str, bytes: &[u8], text: &str, out: &mut Vec<u8>);
    /// A piece of the frame's payload, or of the bytes that are no frame.
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
        Format::Raw => Box::new(Raw::default()),
        Format::Frames | Format::Fields => Box::new(Frames::new(options, direction)),
        Format::Json => Box::new(Json::new(options)),
    }
}
