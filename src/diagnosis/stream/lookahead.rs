//! Whether frames begin at an offset: looks ahead in the bytes that are kept.
//!
//! `explain` and `resync` try other readings of a frame. A [`Lookahead`] answers whether valid
//! frames follow such a reading.

use super::recent_bytes::BytesWindow;
use crate::ws::{FrameHeader, LengthForm, Opcode};

/// The bytes that are kept, and what to expect of the frames in them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lookahead<'a> {
    pub(super) window: BytesWindow<'a>,
    /// Whether the frames are masked; None if it is not known.
    pub(super) masked: Option<bool>,
    /// Whether messages may be compressed, so that RSV1 is not an error.
    pub(super) compressed: bool,
    /// A frame with an error that the frames after it may have too.
    pub(super) like: Option<FrameHeader>,
}

/// A header, and where its frame would be.
#[derive(Clone, Copy, Debug)]
pub(super) struct CandidateFrame {
    pub(super) header: FrameHeader,
    /// The offset of the payload.
    pub(super) payload: u64,
    /// The offset after the payload.
    pub(super) end: u64,
}

impl CandidateFrame {
    /// The frame with this header, at this offset.
    pub(super) const fn at(start: u64, header: FrameHeader) -> Self {
        let payload = start + header.size() as u64;
        Self {
            header,
            payload,
            end: payload.saturating_add(header.payload_length.value()),
        }
    }
}

/// How many bytes of a payload are validated.
pub(super) const TEXT_LIMIT: usize = 1 << 12;

/// The checks on consecutive frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Strictness {
    /// Each header and each text is valid by itself.
    Lenient,
    /// In addition, lengths have their shortest form and fragments are in order.
    Strict,
}

/// How many consecutive frames are checked.
const DEPTH: usize = 4;

impl Lookahead<'_> {
    /// The same for the frames after this one, which may have the same errors.
    pub(super) const fn like(mut self, header: &FrameHeader) -> Self {
        self.like = Some(*header);
        self
    }

    /// Whether the stream ends here or valid frames follow.
    pub(super) fn continues_at(&self, offset: u64) -> bool {
        offset == self.window.end() && self.window.is_complete()
            || self.frames_from(offset, Strictness::Lenient) > 0
    }

    /// The first offset from here on where frames certainly begin: two in a row, or one that
    /// ends with the stream.
    pub(super) fn next_frame(&self, offset: u64) -> Option<u64> {
        let effort = self.window.effort();
        let mut offsets = offset..self.window.end();
        offsets
            .find(|offset| effort.is_exhausted() || self.is_sure(*offset))
            .filter(|_| !effort.is_exhausted())
    }

    /// Whether frames certainly begin here.
    pub(super) fn is_sure(&self, offset: u64) -> bool {
        // A continuation proves nothing: zeros are a sequence of empty ones.
        let begins = |candidate: &CandidateFrame| candidate.header.opcode != Opcode::CONTINUATION;
        let Some(candidate) = self.valid_frame(offset).filter(begins) else {
            return false;
        };
        match self.frames_from(offset, Strictness::Strict) {
            0 => false,
            1 => candidate.end == self.window.end() && self.window.is_complete(),
            _ => true,
        }
    }

    /// How many valid frames follow one another from here on, up to [`DEPTH`]; 0 if they end
    /// before the window does. An incomplete frame counts if it begins with text.
    fn frames_from(&self, mut offset: u64, strictness: Strictness) -> usize {
        let mut is_open = None;
        for count in 0..DEPTH {
            let next = self.valid_frame(offset);
            let next = next.filter(|next| match strictness {
                Strictness::Lenient => true,
                Strictness::Strict => {
                    next.header.payload_length.is_shortest() && follows(&next.header, &mut is_open)
                }
            });
            let Some(candidate) = next else {
                let is_end = offset == self.window.end();
                return if is_end { count } else { 0 };
            };
            if candidate.end > self.window.end() {
                let is_frame = self.begins_with_text(&candidate);
                return if is_frame { count + 1 } else { 0 };
            }
            offset = candidate.end;
        }
        DEPTH
    }

    /// The frame at this offset, if its header and its text are valid.
    fn valid_frame(&self, offset: u64) -> Option<CandidateFrame> {
        let candidate = self.frame(offset)?;
        let is_right = self.is_valid_header(&candidate.header) && self.has_valid_text(&candidate);
        is_right.then_some(candidate)
    }

    /// The frame at this offset, valid or not; None if its header is incomplete, or the work limit
    /// of the stream is reached.
    pub(super) fn frame(&self, offset: u64) -> Option<CandidateFrame> {
        self.window.effort().spend(1);
        if self.window.effort().is_exhausted() {
            return None;
        }
        let (header, _) = FrameHeader::parse(self.window.from(offset)?).ok()?;
        Some(CandidateFrame::at(offset, header))
    }

    fn is_valid_header(&self, header: &FrameHeader) -> bool {
        let length = header.payload_length;
        let is_like = |wrong: fn(&FrameHeader) -> u8| {
            self.like.is_some_and(|like| wrong(&like) == wrong(header))
        };
        let rsv_is_right = match header.rsv.value() {
            0 => true,
            4 if self.compressed && is_data(header.opcode) => true,
            _ => is_like(|header| header.rsv.value()),
        };
        let opcode_is_right =
            !header.opcode.is_reserved() || is_like(|header| header.opcode.value());
        let is_fragment =
            |header: &FrameHeader| u8::from(header.opcode.is_control() && !header.fin);
        let is_right_control = !header.opcode.is_control()
            || (header.fin || is_like(is_fragment))
                && length.value() <= LengthForm::Seven.largest();
        rsv_is_right
            && opcode_is_right
            && is_right_control
            && length.value() <= u64::MAX >> 1
            && self
                .masked
                .is_none_or(|masked| masked == header.masking_key.is_some())
    }

    /// Whether the payload is UTF-8, if it is text. A fragment may end inside a character.
    fn has_valid_text(&self, candidate: &CandidateFrame) -> bool {
        let header = &candidate.header;
        if header.opcode != Opcode::TEXT || header.rsv.rsv1() {
            return true;
        }
        match std::str::from_utf8(&self.payload(candidate)) {
            Ok(_) => true,
            Err(error) => {
                let is_whole = header.fin && candidate.end <= self.window.end();
                let is_long = header.payload_length.value() > TEXT_LIMIT as u64;
                (!is_whole || is_long) && error.error_len().is_none()
            }
        }
    }

    /// Whether an incomplete frame begins with at least four characters of text.
    fn begins_with_text(&self, candidate: &CandidateFrame) -> bool {
        const ENOUGH: usize = 4;
        let payload = self.payload(candidate);
        candidate.header.opcode == Opcode::TEXT
            && !candidate.header.rsv.rsv1()
            && payload.len() >= ENOUGH
            && !payload.iter().any(u8::is_ascii_control)
    }

    /// The payload, unmasked, as far as it is in the window; at most [`TEXT_LIMIT`] bytes.
    pub(super) fn payload(&self, candidate: &CandidateFrame) -> Vec<u8> {
        self.text_between(candidate.payload, candidate.end, &candidate.header)
    }

    /// The bytes between two offsets, unmasked with the key of this header, as far as they are
    /// in the window; at most [`TEXT_LIMIT`] bytes.
    pub(super) fn text_between(&self, start: u64, end: u64, header: &FrameHeader) -> Vec<u8> {
        let end = end.min(start.saturating_add(TEXT_LIMIT as u64));
        let mut payload = self.window.up_to(start, end).to_vec();
        self.window.effort().spend_on(payload.len());
        if let Some(key) = header.masking_key {
            key.apply(0, &mut payload);
        }
        payload
    }
}

/// Whether a frame may follow the ones before it. `is_open` is whether their message is
/// unfinished, if that is known, and is updated.
fn follows(header: &FrameHeader, is_open: &mut Option<bool>) -> bool {
    if !header.opcode.is_message_part() {
        return true;
    }
    let needs_open = header.opcode == Opcode::CONTINUATION;
    let is_right = is_open.is_none_or(|is_open| is_open == needs_open);
    *is_open = Some(!header.fin);
    is_right
}

/// Whether a message can begin with this opcode.
fn is_data(opcode: Opcode) -> bool {
    matches!(opcode, Opcode::TEXT | Opcode::BINARY)
}

#[cfg(test)]
mod tests {
    use super::super::effort::Effort;
    use super::*;

    fn next_frame(bytes: &[u8]) -> Option<u64> {
        let effort = Effort::default();
        let lookahead = Lookahead {
            window: BytesWindow::whole(bytes, &effort),
            masked: None,
            compressed: false,
            like: None,
        };
        lookahead.next_frame(0)
    }

    #[test]
    fn frames_are_found_after_other_bytes() {
        assert_eq!(next_frame(b"\r\n\x81\x05Hello"), Some(2));
        assert_eq!(next_frame(b"\x05Hello\x81\x05Hello"), Some(6));
        assert_eq!(
            next_frame(b"HTTP/1.1 400 Bad\r\n\r\n\x89\0\x81\x02ab"),
            Some(20)
        );
        assert_eq!(next_frame(b"HTTP/1.1 400 Bad Request\r\n\r\n"), None);
        assert_eq!(next_frame(b"\xff\xff\x81\x05Hell"), None);
    }
}
