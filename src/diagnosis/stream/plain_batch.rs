//! Text messages without any finding, many at once.
//!
//! Most of what is decoded is small, valid text messages. To report each of them would cost many
//! times what unmasking it costs. So the analyzer gives the bytes between two frames to a
//! [`PlainBatcher`] first, which unmasks whole frames into one buffer, with a line feed after
//! each payload, and validates the buffer as a whole.

use super::event::{BatchedFrame, PlainBatch};
use super::explain::application;
use super::explain::prefilter::{self, PayloadEdges, is_unusual_control};
use super::lookahead::TEXT_LIMIT;
use super::senders::WeakKey;
use crate::diagnosis::catalogue;
use crate::ws::plain::{PlainFrame, PlainRequirement, peek};
use crate::ws::{MaskingKey, Opcode, valid_utf8};

/// The frames that a batch may contain.
#[derive(Clone, Copy, Debug)]
pub(super) struct BatchRules<'a> {
    /// Their masking, and their largest payload.
    pub(super) expected: PlainRequirement,
    /// The key of the frame before.
    pub(super) last_key: Option<MaskingKey>,
    /// Whether the first frame of the batch is the first one of the stream.
    pub(super) is_first: bool,
    /// Rules that are reported once and were: a message may break them.
    pub(super) reported: &'a [&'static str],
}

/// The buffer that frames are unmasked into.
#[derive(Debug, Default)]
pub(super) struct PlainBatcher {
    bytes: Vec<u8>,
    frames: Vec<BatchedFrame>,
    /// How many bytes are tried at once. It doubles while all of them are plain, so that other
    /// streams cost little.
    limit: usize,
}

impl PlainBatcher {
    /// The largest batch, in bytes.
    const SIZE: usize = 1 << 16;

    /// A shorter payload is unmasked as a block of this size: no branch then depends on its
    /// length, which a processor cannot predict.
    const BLOCK: usize = 128;

    const FIRST_LIMIT: usize = 1 << 10;

    /// An empty buffer.
    pub(super) fn new() -> Self {
        Self {
            bytes: vec![0; Self::SIZE + Self::BLOCK],
            frames: Vec::new(),
            limit: Self::FIRST_LIMIT,
        }
    }

    /// The buffer, for a piece of the payload of another frame.
    pub(super) fn buffer(&mut self) -> &mut [u8] {
        self.bytes.get_mut(..Self::SIZE).unwrap_or_default()
    }

    /// Unmasks the plain frames at the start of `bytes` and adds them to `batch`, which has no
    /// frames; None if the first frame is not plain or not complete.
    pub(super) fn read(
        &mut self,
        bytes: &[u8],
        rules: BatchRules<'_>,
        batch: PlainBatch<'_>,
    ) -> Option<PlainBatch<'_>> {
        let used = self.fill(bytes, rules);
        let valid = self.count_valid(used);
        if valid < self.frames.len() {
            self.limit = Self::FIRST_LIMIT;
        } else {
            self.limit = (2 * self.limit).min(Self::SIZE);
        }
        let frames = self.frames.get(..valid)?;
        let lines = self.bytes.get(..=frames.last()?.end)?;
        Some(PlainBatch {
            lines,
            frames,
            is_masked: rules.expected.is_masked,
            ..batch
        })
    }

    /// Unmasks frames while each is complete, seems valid, and fits; how many bytes of the
    /// buffer they take. UTF-8 is validated later, for all of them at once.
    fn fill(&mut self, bytes: &[u8], mut rules: BatchRules<'_>) -> usize {
        let checks_keys =
            rules.expected.is_masked && !rules.reported.contains(&catalogue::MASK_KEY_WEAK.id);
        self.frames.clear();
        let (mut start, mut used) = (0, 0);
        while let Some(plain) = rules.plain_text(bytes.get(start..).unwrap_or_default()) {
            let PlainFrame {
                key, length, body, ..
            } = plain;
            let end = used + length;
            let has_room = end < self.limit || used == 0 && end < Self::SIZE;
            let is_weak = checks_keys && WeakKey::of(key, rules.last_key).is_some();
            if is_weak
                || !has_room
                || !self.unmask(key, length, body, used)
                || self.has_application_finding(used, end, &rules)
            {
                break;
            }
            self.frames.push(BatchedFrame {
                key,
                start,
                payload: used,
                end,
            });
            rules.last_key = Some(key);
            start = bytes.len() - body.len() + length;
            used = end + 1;
        }
        used
    }

    /// Unmasks the first `length` bytes of `body` to this index of the buffer and writes a line
    /// feed after them; false if they do not fit.
    fn unmask(&mut self, key: MaskingKey, length: usize, body: &[u8], at: usize) -> bool {
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
        let line_feed = place.get_mut(length);
        line_feed.map(|byte| *byte = b'\n').is_some()
    }

    /// Whether there is a finding on the message at these indices that is to be reported.
    fn has_application_finding(&self, start: usize, end: usize, rules: &BatchRules<'_>) -> bool {
        let payload = self.bytes.get(start..end).unwrap_or_default();
        prefilter::may_have_finding(Opcode::TEXT, payload, None) && {
            let first = payload.get(..TEXT_LIMIT).unwrap_or(payload);
            let is_whole = first.len() == payload.len();
            let found = application::heartbeat(payload, rules.is_first && self.frames.is_empty())
                .or_else(|| application::diagnose(Opcode::TEXT, first, is_whole));
            found.is_some_and(|found| !rules.reported.contains(&found.rule()))
        }
    }

    /// How many of the unmasked frames are UTF-8 without unusual controls.
    fn count_valid(&self, used: usize) -> usize {
        let lines = self.bytes.get(..used).unwrap_or_default();
        let valid = valid_utf8(lines);
        if valid == used && !have_unusual_control(lines) {
            return self.frames.len();
        }
        let is_valid = |frame: &&BatchedFrame| {
            let payload = lines.get(frame.payload..frame.end).unwrap_or_default();
            frame.end <= valid && !PayloadEdges::of(payload).have_unusual_control()
        };
        self.frames.iter().take_while(is_valid).count()
    }
}

/// Whether one of these lines contains a control character that text does not contain.
fn have_unusual_control(lines: &[u8]) -> bool {
    // The first test is coarse and compiles to vector instructions; few lines fail it.
    let is_control = |byte: u8| byte < b' ' && byte != b'\n' || byte == 0x7f;
    let has_control = lines
        .iter()
        .fold(false, |found, byte| found | is_control(*byte));
    has_control && lines.iter().any(|byte| is_unusual_control(*byte))
}

impl BatchRules<'_> {
    /// The frame at the start of `bytes`, if it is plain text and not empty.
    fn plain_text<'a>(&self, bytes: &'a [u8]) -> Option<PlainFrame<'a>> {
        let plain = peek(bytes, self.expected)?;
        (plain.header.opcode == Opcode::TEXT && plain.length > 0).then_some(plain)
    }
}
