//! The events of an analysis: what a connection says, in the order of the wire.
//!
//! The analyzers send them to an [`EventSink`], which adds the direction. `commands::decode`
//! prints them.

use std::fmt;

use super::senders::KnownSender;
use crate::diagnosis::Finding;
use crate::ws::{Direction, FrameHeader, MaskingKey, Opcode, Role};

/// A callback that takes the events, each with the direction of its bytes.
pub(super) type OnEvent<'a> = dyn FnMut(Direction, Event<'_>) + 'a;

/// Something that a stream says, or something that is wrong with it.
#[derive(Debug)]
pub enum Event<'a> {
    /// The request head of a client, or the response head of a server.
    Head(Role, &'a [u8]),
    /// A frame begins.
    Frame(FrameStart),
    /// Bytes that are not a frame begin, at this offset.
    Gap(u64),
    /// The payload of a message without its frame: what kind it is, its bytes, and its text.
    PayloadAlone(&'static str, &'a [u8], &'a str),
    /// Whole text messages without any finding.
    PlainBatch(PlainBatch<'a>),
    /// A piece of the frame's payload, unmasked; or of the bytes that are not a frame.
    Payload(&'a [u8]),
    /// What a piece of compressed payload inflates to, perhaps nothing.
    Inflated(&'a [u8]),
    /// The frame ends here, or the bytes that are not a frame do; false if the frame is cut.
    End(bool),
    /// Something that is not known was assumed.
    Assumption(Assumption),
    /// Something is wrong with what was reported before.
    Finding(Finding),
}

/// The header of a frame, and what is known of the frame when it begins.
#[derive(Clone, Copy, Debug)]
pub struct FrameStart {
    /// The number of the frame, counted from 1.
    pub number: u64,
    /// Its offset in the stream.
    pub offset: u64,
    /// Its header.
    pub header: FrameHeader,
    /// Whether it belongs to a text message.
    pub is_text: bool,
    /// Whether it belongs to a compressed message.
    pub is_compressed: bool,
    /// Who sent it, and how that is known.
    pub sender: KnownSender,
    /// Its direction, if both directions are analyzed.
    pub direction: Option<Direction>,
}

impl FrameStart {
    /// Its direction seen from the client: by its sender, or by its MASK bit if nothing else is known.
    pub fn direction_by_sender(&self) -> Direction {
        let is_masked = self.header.masking_key.is_some();
        let is_of_client = self.sender.role().map(|role| role == Role::Client);
        if is_of_client.unwrap_or(is_masked) {
            Direction::Outgoing
        } else {
            Direction::Incoming
        }
    }
}

/// Consecutive text messages of one frame each, without any finding.
#[derive(Clone, Copy, Debug)]
pub struct PlainBatch<'a> {
    /// The number of the first frame, counted from 1.
    pub number: u64,
    /// The offset of the first frame in the stream.
    pub offset: u64,
    /// Who sent them, and how that is known.
    pub sender: KnownSender,
    /// Their direction, if both directions are analyzed.
    pub direction: Option<Direction>,
    /// The payloads, unmasked, each with a line feed after it.
    pub lines: &'a [u8],
    pub(super) frames: &'a [BatchedFrame],
    pub(super) is_masked: bool,
}

/// A frame of a batch.
#[derive(Clone, Copy, Debug)]
pub(super) struct BatchedFrame {
    /// Its masking key; zero if it is not masked.
    pub(super) key: MaskingKey,
    /// Its distance from the first frame of the batch, in bytes.
    pub(super) start: usize,
    /// Where its payload begins in the lines.
    pub(super) payload: usize,
    /// Where its payload ends in the lines.
    pub(super) end: usize,
}

impl<'a> PlainBatch<'a> {
    /// The frames, each with its payload.
    pub fn frames(self) -> impl Iterator<Item = (FrameStart, &'a [u8])> {
        (self.number..)
            .zip(self.frames)
            .map(move |(number, frame)| {
                let payload = self.lines.get(frame.payload..frame.end).unwrap_or_default();
                (self.frame(number, *frame), payload)
            })
    }

    /// A batch without frames, for frames from this number and offset on.
    pub(super) const fn starting_at(number: u64, offset: u64, sender: KnownSender) -> Self {
        Self {
            number,
            offset,
            sender,
            direction: None,
            lines: &[],
            frames: &[],
            is_masked: false,
        }
    }

    /// The last frame.
    pub(super) fn last(self) -> Option<FrameStart> {
        let frame = self.frames.last()?;
        Some(self.frame(self.number + self.frames.len() as u64 - 1, *frame))
    }

    /// The offset after the last frame.
    pub(super) fn end(self) -> u64 {
        self.last().map_or(self.offset, |last| {
            last.offset + last.header.size() as u64 + last.header.payload_length.value()
        })
    }

    fn frame(self, number: u64, frame: BatchedFrame) -> FrameStart {
        FrameStart {
            number,
            offset: self.offset + frame.start as u64,
            header: FrameHeader {
                masking_key: self.is_masked.then_some(frame.key),
                ..FrameHeader::new(Opcode::TEXT, (frame.end - frame.payload) as u64)
            },
            is_text: true,
            is_compressed: false,
            sender: self.sender,
            direction: self.direction,
        }
    }
}

/// Something that is not known and was assumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assumption {
    /// Messages with RSV1 are compressed with permessage-deflate.
    Compressed,
    /// This end sent the frames: the MASK bit of the first frame says so.
    SentBy(Role),
}

impl Assumption {
    /// Whether the assumption is reported only in verbose output.
    pub const fn is_usual(self) -> bool {
        matches!(self, Self::SentBy(_))
    }
}

/// The sentence, without its full stop.
impl fmt::Display for Assumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compressed => {
                f.write_str("no handshake: RSV1 is taken for permessage-deflate (see --deflate)")
            }
            Self::SentBy(role) => write!(
                f,
                "taken as sent by the {role}, by the MASK bit of the first frame"
            ),
        }
    }
}

/// How the direction of an event is known.
#[derive(Clone, Copy, Debug)]
pub(super) enum DirectionSource {
    /// The stream has one direction, which is not shown.
    OneStream,
    /// The stream is one of two, each with its direction.
    Marked,
    /// The stream has both directions: frames of a client go out, frames of a server come in.
    Sender,
}

/// Adds the direction to events and gives them to a callback.
pub(super) struct EventSink<'a> {
    on_event: &'a mut OnEvent<'a>,
    source: DirectionSource,
    direction: Direction,
    has_findings: bool,
}

impl<'a> EventSink<'a> {
    /// A sink for bytes of this direction, until a frame has another one.
    pub(super) fn new(
        source: DirectionSource,
        direction: Direction,
        on_event: &'a mut OnEvent<'a>,
    ) -> Self {
        Self {
            on_event,
            source,
            direction,
            has_findings: false,
        }
    }

    /// Whether a finding was reported.
    pub(super) const fn has_findings(&self) -> bool {
        self.has_findings
    }

    /// The direction of the last event.
    pub(super) const fn direction(&self) -> Direction {
        self.direction
    }

    /// Reports that a frame begins.
    pub(super) fn frame(&mut self, frame: FrameStart) {
        if matches!(self.source, DirectionSource::Sender) {
            self.direction = frame.direction_by_sender();
        }
        let is_shown = !matches!(self.source, DirectionSource::OneStream);
        let direction = is_shown.then_some(self.direction);
        self.send(Event::Frame(FrameStart { direction, ..frame }));
    }

    /// Reports a batch of plain messages.
    pub(super) fn batch(&mut self, batch: PlainBatch<'_>) {
        let direction = self.marked_direction();
        self.send(Event::PlainBatch(PlainBatch { direction, ..batch }));
    }

    /// Reports a finding.
    pub(super) fn finding(&mut self, mut finding: Finding) {
        if let (Some(location), direction @ Some(_)) =
            (&mut finding.location, self.marked_direction())
        {
            location.direction = direction;
        }
        self.has_findings = true;
        self.send(Event::Finding(finding));
    }

    /// Reports bytes that are not a frame, which begin at this offset.
    pub(super) fn gap(&mut self, offset: u64, bytes: &[u8]) {
        self.send(Event::Gap(offset));
        self.payload(bytes);
        self.send(Event::End(true));
    }

    /// Reports payload, if there is any.
    pub(super) fn payload(&mut self, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.send(Event::Payload(bytes));
        }
    }

    /// Reports an event that has no direction in itself.
    pub(super) fn send(&mut self, event: Event<'_>) {
        (self.on_event)(self.direction, event);
    }

    const fn marked_direction(&self) -> Option<Direction> {
        match self.source {
            DirectionSource::Marked => Some(self.direction),
            DirectionSource::OneStream | DirectionSource::Sender => None,
        }
    }
}
