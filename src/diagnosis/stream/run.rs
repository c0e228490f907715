//! Runs of text messages about which there is nothing to say, taken together.
//!
//! Most of what is decoded is small texts that are right in every way. Told one by one, a
//! frame costs many times what it takes to unmask it; together they are unmasked onto a
//! page, which is checked as a whole.

use super::application;
use super::ends::{PayloadEdges, is_odd};
use super::event::FrameStart;
use super::outlook::MOST_TEXT;
use super::side::WeakKey;
use crate::diagnosis::catalogue;
use crate::ws::plain::{Expected, peek};
use crate::ws::{Direction, FrameHeader, MaskingKey, Opcode, Role, valid_utf8};

/// Text messages of a frame each, one behind the other, with nothing wrong or odd about
/// them.
#[derive(Clone, Copy, Debug)]
pub struct PlainBatch<'a> {
    /// The number of the first frame, counted from 1.
    pub number: u64,
    /// Where in the stream it begins.
    pub offset: u64,
    /// Who sent them, where more than the MASK bit says so.
    pub sender: Option<Role>,
    /// Which way they went, where both ways are heard.
    pub direction: Option<Direction>,
    /// The payloads, unmasked, with a line feed behind each.
    pub lines: &'a [u8],
    frames: &'a [Frame],
    is_masked: bool,
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

    /// One that begins here, and of which nothing is known yet.
    pub(super) const fn starting_at(number: u64, offset: u64, sender: Option<Role>) -> Self {
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

    /// Where in the stream it ends.
    pub(super) fn end(self) -> u64 {
        self.last().map_or(self.offset, |last| {
            last.offset + last.header.size() as u64 + last.header.payload_length.value()
        })
    }

    fn frame(self, number: u64, frame: Frame) -> FrameStart {
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

/// A frame of which the payload stands on a page.
#[derive(Clone, Copy, Debug)]
struct Frame {
    /// Its key; zero if it is not masked.
    key: MaskingKey,
    /// How many bytes behind the first frame it begins.
    start: usize,
    /// Where on the page its payload begins, and ends.
    payload: usize,
    end: usize,
}

/// What frames must be like to be put on a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct PlainBatcher<'a> {
    pub(super) expected: Expected,
    /// The key of the frame before.
    pub(super) last_key: Option<MaskingKey>,
    /// The rules of which nothing more is to be told.
    pub(super) told: &'a [&'static str],
}

/// Where payload is unmasked to.
#[derive(Debug, Default)]
pub(super) struct Page {
    bytes: Vec<u8>,
    frames: Vec<Frame>,
    /// How much is tried at once. It grows as long as all of it is right, so that what is
    /// wrong costs little.
    limit: usize,
}

impl Page {
    /// How much is unmasked at once, at most.
    const SIZE: usize = 1 << 16;

    /// A frame of fewer bytes is unmasked as a block of so many: no branch depends on its
    /// length, which nobody can predict.
    const BLOCK: usize = 128;

    const FIRST_LIMIT: usize = 1 << 10;

    /// An empty page.
    pub(super) fn new() -> Self {
        Self {
            bytes: vec![0; Self::SIZE + Self::BLOCK],
            frames: Vec::new(),
            limit: Self::FIRST_LIMIT,
        }
    }

    /// Room for a piece of payload.
    pub(super) fn room(&mut self) -> &mut [u8] {
        self.bytes.get_mut(..Self::SIZE).unwrap_or_default()
    }

    /// Unmasks the usual frames at the front of `bytes`, which continue `run`, a run without
    /// any; None if the first is not one of them, or not all there.
    pub(super) fn read(
        &mut self,
        bytes: &[u8],
        usual: PlainBatcher<'_>,
        run: PlainBatch<'_>,
    ) -> Option<PlainBatch<'_>> {
        let used = self.fill(bytes, usual);
        let right = self.count_right(used);
        if right < self.frames.len() {
            self.limit = Self::FIRST_LIMIT;
        } else {
            self.limit = (2 * self.limit).min(Self::SIZE);
        }
        let frames = self.frames.get(..right)?;
        let lines = self.bytes.get(..=frames.last()?.end)?;
        Some(PlainBatch {
            lines,
            frames,
            is_masked: usual.expected.is_masked,
            ..run
        })
    }

    /// Puts frames on the page, as long as each is whole, looks right by itself, and finds
    /// room; how much of the page they take.
    fn fill(&mut self, bytes: &[u8], mut usual: PlainBatcher<'_>) -> usize {
        let minds_keys =
            usual.expected.is_masked && !usual.told.contains(&catalogue::MASK_KEY_WEAK.id);
        self.frames.clear();
        let (mut start, mut used) = (0, 0);
        while let Some((key, length, body)) = usual.frame(bytes.get(start..).unwrap_or_default()) {
            let end = used + length;
            let has_room = end < self.limit || used == 0 && end < Self::SIZE;
            let is_weak = minds_keys && WeakKey::of(key, usual.last_key).is_some();
            if is_weak
                || !has_room
                || !self.put(key, length, body, used)
                || self.is_odd(used, end, usual.told)
            {
                break;
            }
            self.frames.push(Frame {
                key,
                start,
                payload: used,
                end,
            });
            usual.last_key = Some(key);
            start = bytes.len() - body.len() + length;
            used = end + 1;
        }
        used
    }

    /// Unmasks a payload, which is the beginning of `body`, to this place, and puts a line
    /// feed behind it; false if there is no room.
    fn put(&mut self, key: MaskingKey, length: usize, body: &[u8], at: usize) -> bool {
        let place = self.bytes.get_mut(at..).unwrap_or_default();
        match (
            body.first_chunk::<{ Self::BLOCK }>(),
            place.first_chunk_mut::<{ Self::BLOCK }>(),
        ) {
            (Some(block), Some(place)) if length < Self::BLOCK => key.apply_onto(0, block, place),
            _ => match (body.get(..length), place.get_mut(..length)) {
                (Some(payload), Some(place)) => key.apply_onto(0, payload, place),
                _ => return false,
            },
        }
        let behind = place.get_mut(length);
        behind.map(|behind| *behind = b'\n').is_some()
    }

    /// Whether the message between these places is odd in a way that is to be told.
    fn is_odd(&self, start: usize, end: usize, told: &[&str]) -> bool {
        let payload = self.bytes.get(start..end).unwrap_or_default();
        application::is_worth_a_look(Opcode::TEXT, payload, None) && {
            let shown = payload.get(..MOST_TEXT).unwrap_or(payload);
            let found = application::judge(Opcode::TEXT, shown, shown.len() == payload.len());
            found.is_some_and(|found| !told.contains(&found.rule()))
        }
    }

    /// How many of the frames on the page are right.
    fn count_right(&self, used: usize) -> usize {
        let lines = self.bytes.get(..used).unwrap_or_default();
        let valid = valid_utf8(lines);
        if valid == used && !have_odd(lines) {
            return self.frames.len();
        }
        let is_right = |frame: &&Frame| {
            let payload = lines.get(frame.payload..frame.end).unwrap_or_default();
            frame.end <= valid && !PayloadEdges::of(payload).have_control()
        };
        self.frames.iter().take_while(is_right).count()
    }
}

/// Whether a control character that stands in no text stands in one of these lines.
fn have_odd(lines: &[u8]) -> bool {
    // Hardly any control but the ends of lines stands in most, which is asked of many bytes
    // at a time.
    let is_unusual = |byte: u8| byte < b' ' && byte != b'\n' || byte == 0x7f;
    let has_control = lines
        .iter()
        .fold(false, |found, byte| found | is_unusual(*byte));
    has_control && lines.iter().any(|byte| is_odd(*byte))
}

impl PlainBatcher<'_> {
    /// The frame that begins here, if it is a usual one: its key, the length of its payload,
    /// and all bytes from there on.
    fn frame(self, bytes: &[u8]) -> Option<(MaskingKey, usize, &[u8])> {
        let plain = peek(bytes, self.expected)?;
        let is_usual = plain.header.opcode == Opcode::TEXT && plain.length > 0;
        is_usual.then_some((plain.key, plain.length, plain.body))
    }
}
