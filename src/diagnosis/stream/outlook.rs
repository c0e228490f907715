//! Where a stream makes sense: could frames begin here?

use super::tape::BytesWindow;
use crate::ws::{FrameHeader, LengthForm, Opcode};

/// What a reader may expect of the frames to come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lookahead<'a> {
    pub(super) window: BytesWindow<'a>,
    /// Whether they are masked, where that is known.
    pub(super) masked: Option<bool>,
    /// Whether messages may be compressed, so that RSV1 says nothing.
    pub(super) compressed: bool,
    /// A frame that is wrong in some way, as those behind it may be.
    pub(super) like: Option<FrameHeader>,
}

/// A frame as the wire has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct CandidateFrame {
    pub(super) header: FrameHeader,
    /// Where its payload begins.
    pub(super) payload: u64,
    /// Where it ends.
    pub(super) end: u64,
}

/// How many bytes of a payload are looked at.
pub(super) const MOST_TEXT: usize = 1 << 12;

/// How much is asked of frames in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Strictness {
    /// Each is a frame by itself.
    Lenient,
    /// Each has its length as it should, and the messages they make up are in order.
    Strict,
}

/// How many frames in a row are looked at.
const DEPTH: usize = 4;

impl Lookahead<'_> {
    /// The same for the frames behind this one, which may be wrong as it is.
    pub(super) const fn like(mut self, header: &FrameHeader) -> Self {
        self.like = Some(*header);
        self
    }

    /// Whether the stream goes on sensibly here: with its end, or with frames that follow
    /// one another.
    pub(super) fn leads_on(&self, offset: u64) -> bool {
        offset == self.window.end() && self.window.is_complete()
            || self.frames_from(offset, Strictness::Lenient) > 0
    }

    /// The first place from here on where frames begin, and that may be believed: two in
    /// a row, or one that ends with the stream.
    pub(super) fn next_frame(&self, offset: u64) -> Option<u64> {
        (offset..self.window.end()).find(|offset| self.is_sure(*offset))
    }

    /// Whether frames begin here beyond doubt.
    pub(super) fn is_sure(&self, offset: u64) -> bool {
        // A continuation could be anything: bytes of zero read as one after the other.
        let begins = |sighting: &CandidateFrame| sighting.header.opcode != Opcode::CONTINUATION;
        let Some(sighting) = self.regular_frame(offset).filter(begins) else {
            return false;
        };
        match self.frames_from(offset, Strictness::Strict) {
            0 => false,
            1 => sighting.end == self.window.end() && self.window.is_complete(),
            _ => true,
        }
    }

    /// How many frames that could not be better stand here in a row, up to a few. One
    /// that goes on beyond what is there counts if its text is one.
    fn frames_from(&self, mut offset: u64, strictness: Strictness) -> usize {
        let mut is_open = None;
        for count in 0..DEPTH {
            let next = self.regular_frame(offset);
            let next = next.filter(|next| match strictness {
                Strictness::Lenient => true,
                Strictness::Strict => {
                    next.header.payload_length.is_shortest() && follows(&next.header, &mut is_open)
                }
            });
            let Some(sighting) = next else {
                let is_end = offset == self.window.end();
                return if is_end { count } else { 0 };
            };
            if sighting.end > self.window.end() {
                let is_frame = self.is_beginning_of_text(&sighting);
                return if is_frame { count + 1 } else { 0 };
            }
            offset = sighting.end;
        }
        DEPTH
    }

    /// The frame here, if nothing is wrong with its header, nor with its text.
    fn regular_frame(&self, offset: u64) -> Option<CandidateFrame> {
        let sighting = self.frame(offset)?;
        let is_right = self.is_regular(&sighting.header) && self.has_text_if_it_should(&sighting);
        is_right.then_some(sighting)
    }

    /// The frame here, whatever it is.
    pub(super) fn frame(&self, offset: u64) -> Option<CandidateFrame> {
        let (header, size) = FrameHeader::parse(self.window.from(offset)?).ok()?;
        let payload = offset + size as u64;
        Some(CandidateFrame {
            header,
            payload,
            end: payload.saturating_add(header.payload_length.value()),
        })
    }

    fn is_regular(&self, header: &FrameHeader) -> bool {
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

    /// Text that is all there must be UTF-8; a fragment may end inside a character.
    fn has_text_if_it_should(&self, sighting: &CandidateFrame) -> bool {
        let header = &sighting.header;
        if header.opcode != Opcode::TEXT || header.rsv.rsv1() {
            return true;
        }
        match std::str::from_utf8(&self.payload(sighting)) {
            Ok(_) => true,
            Err(error) => {
                let is_whole = header.fin && sighting.end <= self.window.end();
                let is_long = header.payload_length.value() > MOST_TEXT as u64;
                (!is_whole || is_long) && error.error_len().is_none()
            }
        }
    }

    /// Whether a frame that is not all there is to be believed because of what is.
    fn is_beginning_of_text(&self, sighting: &CandidateFrame) -> bool {
        const ENOUGH: usize = 4;
        let payload = self.payload(sighting);
        sighting.header.opcode == Opcode::TEXT
            && !sighting.header.rsv.rsv1()
            && payload.len() >= ENOUGH
            && !payload.iter().any(u8::is_ascii_control)
    }

    /// What is there of a frame's payload, unmasked; of a long one the beginning.
    pub(super) fn payload(&self, sighting: &CandidateFrame) -> Vec<u8> {
        self.text_between(sighting.payload, sighting.end, &sighting.header)
    }

    /// What is there between two offsets, unmasked as the payload of this frame.
    pub(super) fn text_between(&self, start: u64, end: u64, header: &FrameHeader) -> Vec<u8> {
        let end = end.min(start.saturating_add(MOST_TEXT as u64));
        let mut payload = self.window.up_to(start, end).to_vec();
        if let Some(key) = header.masking_key {
            key.apply(0, &mut payload);
        }
        payload
    }
}

/// Whether a frame may follow those before it; `is_open` says whether their message goes
/// on, where that is known.
fn follows(header: &FrameHeader, is_open: &mut Option<bool>) -> bool {
    if !header.opcode.is_message_part() {
        return true;
    }
    let needs_open = header.opcode == Opcode::CONTINUATION;
    let is_right = is_open.is_none_or(|is_open| is_open == needs_open);
    *is_open = Some(!header.fin);
    is_right
}

/// Whether a message may begin with this opcode.
fn is_data(opcode: Opcode) -> bool {
    matches!(opcode, Opcode::TEXT | Opcode::BINARY)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next_frame(bytes: &[u8]) -> Option<u64> {
        let outlook = Lookahead {
            window: BytesWindow::whole(bytes),
            masked: None,
            compressed: false,
            like: None,
        };
        outlook.next_frame(0)
    }

    #[test]
    fn frames_are_found_behind_other_bytes() {
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
