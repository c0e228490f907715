//! An extended length in 2 or 8 bytes, without the marker 126 or 127 before it: the second byte
//! has the length 0, or there is no second byte.

use super::{IntendedPayload, SuspectFrame, WrongLength};
use crate::diagnosis::stream::explain::prefilter::is_unusual_control;
use crate::diagnosis::stream::explain::words::{hex, length_bytes};
use crate::diagnosis::{Finding, catalogue};
use crate::ws::{FrameHeader, MaskingKey, Opcode};

/// An extended length without its marker.
struct BareLength {
    /// The distance of its first byte from the start of the frame: 2, or 1 if the second byte of
    /// the header is missing.
    at: u64,
    /// Its size in bytes: 2 or 8.
    width: u64,
    payload: IntendedPayload,
}

impl SuspectFrame<'_> {
    /// The marker 126 or 127 before the extended length is missing.
    pub(in crate::diagnosis::stream) fn marker_missing(&self) -> Option<WrongLength> {
        let header = self.header();
        if !header.opcode.is_message_part() || header.rsv.value() != 0 {
            return None;
        }
        let readings = || {
            let fields = [(2, 8), (2, 2), (1, 8), (1, 2)].into_iter();
            fields.flat_map(|(at, width)| self.bare_lengths(at, width).into_iter().flatten())
        };
        let whole = readings().find(|bare| self.fits(&bare.payload));
        let is_cut = whole.is_none();
        let bare = whole.or_else(|| readings().find(|bare| self.is_cut_text(&bare.payload)))?;
        let BareLength { at, width, payload } = bare;
        let size = payload.size;
        let marker = if width == 8 { 127 } else { 126 };
        let right = length_bytes(size, payload.key.is_some());
        let (message, why, place) = if at == 2 {
            let second = hex(self.bytes(1, 2)?);
            (
                format!(
                    "the second byte is {second}, and a length of {size} in {width} bytes follows"
                ),
                format!("the marker {marker} was not written into the second byte"),
                (1, 1),
            )
        } else {
            (
                format!(
                    "the length {size} is in {width} bytes, without the marker {marker} before them"
                ),
                "the second byte is missing, or the length was written one byte early".to_owned(),
                (1, width),
            )
        };
        let finding = Finding::new(&catalogue::LEN_MARKER_MISSING, message)
            .label(format!("{marker} announces a length in {width} bytes"))
            .fixed_by(format!("write {right} after the first byte"));
        let finding = if is_cut {
            let here = self.window().end() - self.at(payload.payload);
            finding.possible_cause(format!("{why}: text follows, {here} of {size} bytes"))
        } else {
            finding.certain_cause(format!("{}; {why}", self.exactly(&payload)))
        };
        let mut wrong = self.wrong_length(finding, place.0, place.1, &payload);
        wrong.end = wrong.end.min(self.window().end());
        Some(wrong)
    }

    /// Whether the second byte may lack a marker, but the window ends before the payload does or
    /// soon after it, so that the next frame does not show.
    pub(in crate::diagnosis::stream) fn may_lack_marker(&self) -> bool {
        const NEXT_FRAME: u64 = 16;
        let end = self.window().end().saturating_sub(NEXT_FRAME);
        [8, 2].into_iter().any(|width| {
            let mut readings = self.bare_lengths(2, width).into_iter().flatten();
            readings.any(|bare| self.at(bare.payload.end()) > end)
        })
    }

    /// The length in `width` bytes at the distance `at`, if it needs as many, with the places
    /// where its payload may begin.
    fn bare_lengths(&self, at: u64, width: u64) -> [Option<BareLength>; 4] {
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
        let value = |bytes: &[u8]| {
            let bytes = bytes.iter();
            bytes.fold(0_u64, |value, byte| value << 8 | u64::from(*byte))
        };
        let size = value(&field);
        let range = if width == 8 {
            65_536..=u64::from(u32::MAX)
        } else {
            126..=65_535
        };
        range.contains(&size).then_some((size, second & 0x80 != 0))
    }

    /// Whether the stream ends in this payload, and all that is there of it is text after a frame
    /// that seems to be empty.
    fn is_cut_text(&self, payload: &IntendedPayload) -> bool {
        const ENOUGH: usize = 8;
        let window = self.window();
        let (start, end) = (self.at(payload.payload), self.at(payload.end()));
        let header = FrameHeader {
            masking_key: payload.key,
            ..*self.header()
        };
        if self.header().payload_length.value() != 0
            || header.opcode != Opcode::TEXT
            || !window.is_complete()
            || end <= window.end()
        {
            return false;
        }
        let bytes = self.lookahead.text_between(start, end, &header);
        let valid = match std::str::from_utf8(&bytes) {
            Ok(text) => text.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => 0,
        };
        let is_control = |byte: &u8| is_unusual_control(*byte);
        valid >= ENOUGH && !bytes.iter().take(valid).any(is_control)
    }
}
