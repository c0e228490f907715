//! The places where an extended length without its marker may be, and how well each fits the
//! bytes after it.
//!
//! In: a frame whose header may lack the marker 126 or 127. Out: the [`BareLength`] that fits best.
//! [`marker`](super::marker) makes the finding from it.

use super::{IntendedPayload, SuspectFrame};
use crate::diagnosis::not_a_header::cannot_begin_next;
use crate::diagnosis::stream::explain::prefilter::is_unusual_control;
use crate::ws::{FrameHeader, LengthForm, MaskingKey, Opcode};

/// An extended length without its marker.
#[derive(Clone, Copy)]
pub(super) struct BareLength {
    /// The distance of its first byte from the start of the frame: 2, or 1 if the second byte of
    /// the header is missing.
    pub(super) at: u64,
    /// Its size in bytes: 2 or 8.
    pub(super) width: u64,
    pub(super) payload: IntendedPayload,
}

/// How well a [`BareLength`] fits the stream.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LengthFit {
    /// The payload is there, and the stream ends or continues after it.
    Whole,
    /// The stream ends inside the payload, and the bytes break a rule without this length.
    Cut,
    /// The stream ends inside the payload. Without this length, it only ends inside a frame.
    CutOrRight,
}

impl BareLength {
    fn value(bytes: &[u8]) -> u64 {
        let shifted = |value, byte: &u8| value << 8 | u64::from(*byte);
        bytes.iter().fold(0_u64, shifted)
    }

    /// Whether the length is in the form that the missing marker announces.
    const fn is_shortest(&self) -> bool {
        let needed = LengthForm::shortest(self.payload.size).extended_bytes() as u64;
        needed == self.width
    }

    const fn is_masked(&self) -> bool {
        self.payload.key.is_some()
    }

    /// Whether the payload, or its masking key, is directly after the length.
    const fn follows_directly(&self) -> bool {
        let key_size = if self.is_masked() { 4 } else { 0 };
        self.payload.payload == self.at + self.width + key_size
    }
}

impl SuspectFrame<'_> {
    /// The length without a marker that fits the data best.
    pub(super) fn best_bare_length(&self) -> Option<(BareLength, LengthFit)> {
        let whole = self.bare_lengths().find(|bare| self.is_whole(bare));
        if let Some(bare) = whole {
            return Some((bare, LengthFit::Whole));
        }
        if !self.may_be_cut() {
            return None;
        }
        let cut = self
            .bare_lengths()
            .filter_map(|bare| Some((bare, self.cut_fit(&bare)?)));
        // The first bytes of an unmasked text may be taken for the end of the length.
        let is_masked = self.is_masked();
        cut.min_by_key(|(bare, _)| if is_masked { 0 } else { bare.payload.size })
    }

    /// The possible lengths, with the places where the payload may begin.
    pub(super) fn bare_lengths(&self) -> impl Iterator<Item = BareLength> {
        let fields = [(2, 8), (2, 2), (1, 8), (1, 2)].into_iter();
        fields.flat_map(|(at, width)| self.bare_lengths_at(at, width).into_iter().flatten())
    }

    /// The length in `width` bytes at the distance `at`, with the places where its payload may
    /// begin.
    fn bare_lengths_at(&self, at: u64, width: u64) -> [Option<BareLength>; 4] {
        const NONE: [Option<BareLength>; 4] = [const { None }; 4];
        let Some((size, is_masked)) = self.bare_size(at, width) else {
            return NONE;
        };
        let reading = |payload, key| BareLength {
            at,
            width,
            payload: IntendedPayload { payload, size, key },
        };
        let unmasked = |start| (!is_masked).then(|| reading(start, None));
        let masked = |start: u64| {
            let key = self.bytes(start, start + 4)?.first_chunk::<4>()?;
            Some(reading(start + 4, Some(MaskingKey(*key))))
        };
        let end = at + width;
        if at == 2 {
            // MASK is in the second byte.
            let masked = masked(end).filter(|_| is_masked);
            return [unmasked(end), masked, None, None];
        }
        // A header of the right size has one more byte.
        [
            unmasked(end),
            masked(end),
            unmasked(end + 1),
            masked(end + 1),
        ]
    }

    /// The length in `width` bytes at the distance `at`, and whether MASK is set before it.
    fn bare_size(&self, at: u64, width: u64) -> Option<(u64, bool)> {
        let second = *self.bytes(1, 2)?.first()?;
        if at == 2 && second & 0x7f != 0 {
            return None;
        }
        let mut field = self.bytes(at, at + width)?.to_vec();
        let first = field.first_mut()?;
        if at == 1 {
            *first &= 0x7f;
        }
        let size = BareLength::value(&field);
        let range = 1..=u64::from(u32::MAX);
        range.contains(&size).then_some((size, second & 0x80 != 0))
    }

    /// Whether the payload is there, and the stream ends or continues after it.
    fn is_whole(&self, bare: &BareLength) -> bool {
        if !self.fits(&bare.payload) {
            return false;
        }
        // The length of an empty frame and its payload may also be a continuation frame.
        let next = self.lookahead.frame(self.at(bare.payload.end()));
        let is_continued = next.is_some_and(|next| next.header.opcode == Opcode::CONTINUATION);
        let is_near = bare.at == 2 || bare.follows_directly() && !bare.is_masked();
        bare.is_shortest() || self.header().fin && is_near && !is_continued && self.is_text_of(bare)
    }

    /// Whether the second byte says that the frame is empty, and the stream ends in the window.
    fn may_be_cut(&self) -> bool {
        let is_short = self.header().payload_length.form() == LengthForm::Seven;
        self.is_empty() && is_short && self.header().fin && self.window().is_complete()
    }

    /// How this length fits if the stream ends inside its payload; None if it does not.
    fn cut_fit(&self, bare: &BareLength) -> Option<LengthFit> {
        /// Lengths from here on begin with the first byte of a text or of a frame.
        const READABLE: u64 = 0x2000;
        let BareLength { at, width, payload } = *bare;
        let window = self.window();
        if self.at(payload.end()) <= window.end() || !self.is_text_of(bare) {
            return None;
        }
        let shown = window.end().saturating_sub(self.at(payload.payload));
        let is_text = self.header().opcode == Opcode::TEXT;
        let has_text = |least| is_text && shown >= least;
        let is_small = payload.size < READABLE;
        let is_broken = self.next_begins_wrong();
        let is_at_end = bare.follows_directly();
        let is_sure = match (at, width) {
            // A length that fits in 3 bytes begins with 5 bytes 0, that is empty continuations.
            (_, 8) => payload.size < 1 << 24 && is_at_end && !self.continues_after_zeros(),
            (2, _) if bare.is_masked() => is_small && (has_text(5) || payload.size & !0x7f == 0x80),
            (2, _) => is_small,
            _ => is_at_end && !bare.is_masked() && payload.size >= 0x80,
        };
        let is_likely = width == 2 && is_small && payload.size >= 126 && has_text(8);
        if is_broken && (is_sure || is_likely) {
            return Some(LengthFit::Cut);
        }
        let is_fragment = at == 2 && width == 2 && payload.size < 0x300;
        let may_be = has_text(8) && at == 2 && (is_fragment || bare.is_masked() && is_small);
        (may_be && !is_broken).then_some(LengthFit::CutOrRight)
    }

    /// Whether the byte after this frame, by its header, cannot begin a frame.
    fn next_begins_wrong(&self) -> bool {
        let Some(&[first]) = self.bytes(self.header_size(), self.header_size() + 1) else {
            return false;
        };
        cannot_begin_next(first, self.header(), self.lookahead.compressed)
    }

    /// Whether valid frames follow the zeros after this frame.
    fn continues_after_zeros(&self) -> bool {
        let mut at = self.header_size();
        while self.bytes(at, at + 2) == Some(&[0, 0]) {
            at += 2;
        }
        self.lookahead.is_sure(self.at(at))
    }

    /// Whether all that is there of this payload is text without control characters, if it is
    /// the payload of a text frame.
    fn is_text_of(&self, bare: &BareLength) -> bool {
        let header = FrameHeader {
            masking_key: bare.payload.key,
            ..*self.header()
        };
        let (start, end) = (self.at(bare.payload.payload), self.at(bare.payload.end()));
        let bytes = self.lookahead.text_between(start, end, &header);
        let is_valid = match std::str::from_utf8(&bytes) {
            Ok(_) => true,
            Err(error) => error.error_len().is_none(),
        };
        header.opcode != Opcode::TEXT
            || is_valid && !bytes.iter().any(|byte| is_unusual_control(*byte))
    }
}
