//! A decoder and a validator in step: what the bytes are, and which rules they break.
//!
//! Bytes go in; out come the parts of frames, and the violations in them. The receiver of an
//! endpoint reads one sender with it, the analyzer of `decode` one sender or both.

use super::plain::{PlainFrame, PlainRequirement, peek};
use super::utf8::is_utf8;
use super::{
    FrameDecoder, FrameHeader, FramePart, FrameValidator, IncompleteFrame, InputBuf, Opcode, Role,
    Violation,
};

/// Decodes and validates a stream of frames.
///
/// A header is only checked: the caller either accepts it with
/// [`begin_frame`](Self::begin_frame), or reads on elsewhere with
/// [`resume_at`](Self::resume_at). Payload and end are validated as they are returned.
#[derive(Clone, Debug)]
pub struct FrameReader {
    decoder: FrameDecoder,
    validators: Validators,
}

/// One validator, or one for each role where the frames of both ends are in one stream.
#[derive(Clone, Debug)]
enum Validators {
    One(FrameValidator),
    /// The client's, the server's, and whether the current frame is the client's.
    Both(Box<[FrameValidator; 2]>, bool),
}

impl FrameReader {
    /// Reads the frames of one sender; the first byte has this offset in the stream.
    pub fn new(validator: FrameValidator, offset: u64) -> Self {
        Self {
            decoder: FrameDecoder::starting_at(offset),
            validators: Validators::One(validator),
        }
    }

    /// Reads the frames of both ends in one stream. The MASK bit tells whose a frame is.
    pub fn of_both(client: FrameValidator, server: FrameValidator, offset: u64) -> Self {
        Self {
            decoder: FrameDecoder::starting_at(offset),
            validators: Validators::Both(Box::new([client, server]), false),
        }
    }

    /// Returns the next part of a frame, or None if more input is needed. Adds the rules that
    /// it breaks to `found`. Payload is unmasked in place.
    #[inline]
    pub fn next<'a>(
        &mut self,
        input: &mut InputBuf<'a>,
        found: &mut Vec<Violation>,
    ) -> Option<FramePart<'a>> {
        let part = self.decoder.next(input)?;
        self.validate(&part, found);
        Some(part)
    }

    /// Like [`next`](Self::next), but leaves the input unchanged: payload is unmasked into
    /// `buffer`, at most as much at a time as it holds.
    #[inline]
    pub fn decode_into<'a>(
        &mut self,
        input: &mut &[u8],
        buffer: &'a mut [u8],
        found: &mut Vec<Violation>,
    ) -> Option<FramePart<'a>> {
        let part = self.decoder.decode_into(input, buffer)?;
        self.validate(&part, found);
        Some(part)
    }

    /// Returns the next frame at once if it is [plain](super::plain), valid, and at most
    /// `max_payload` bytes long: its header, and its payload, unmasked in place. Otherwise the
    /// input stays as it is.
    pub fn next_plain<'a>(
        &mut self,
        input: &mut InputBuf<'a>,
        max_payload: usize,
    ) -> Option<(FrameHeader, &'a mut [u8])> {
        let expected = self.expected_plain(max_payload)?;
        let PlainFrame {
            header,
            key,
            length,
            ..
        } = peek(input.as_slice(), expected)?;
        let range = header.size()..header.size() + length;
        let payload = input.as_mut_slice().get_mut(range)?;
        key.apply(0, payload);
        if header.opcode == Opcode::TEXT && !is_utf8(payload) {
            key.apply(0, payload);
            return None;
        }
        self.accept_plain(1, self.decoder.offset(), &header);
        input.take(header.size());
        Some((header, input.take(length)))
    }

    /// What [plain frames](super::plain) must be like to come next; None if none may, or the
    /// next byte is not the first one of a frame.
    pub fn expected_plain(&self, max_payload: usize) -> Option<PlainRequirement> {
        let Validators::One(validator) = &self.validators else {
            return None;
        };
        let expected = validator.expected_plain(max_payload);
        expected.filter(|_| self.decoder.is_between_frames())
    }

    /// Moves past plain frames that are valid, payload included; the last of them began at
    /// this offset of the stream with this header.
    pub fn accept_plain(&mut self, count: u64, offset: u64, header: &FrameHeader) {
        self.validators
            .of(header)
            .accept_plain(count, offset, header);
        let size = header.size() as u64 + header.payload_length.value();
        self.decoder.resume_at(offset + size);
    }

    /// Begins the frame of a header that was returned.
    pub fn begin_frame(&mut self, offset: u64, header: &FrameHeader) {
        self.validators.of(header).begin_frame(offset, header);
    }

    /// Adds the rules to `found` that a header would break at this offset of the stream.
    pub fn check_header(&mut self, offset: u64, header: &FrameHeader, found: &mut Vec<Violation>) {
        self.validators
            .of(header)
            .check_header(offset, header, found);
    }

    /// Drops what was begun, and reads on at this offset of the stream.
    pub fn resume_at(&mut self, offset: u64) {
        self.decoder.resume_at(offset);
    }

    /// Sets the sender, when it becomes known.
    pub const fn set_sender(&mut self, sender: Role) {
        if let Validators::One(validator) = &mut self.validators {
            validator.set_sender(sender);
        }
    }

    /// The offset of the next byte in the stream.
    pub const fn offset(&self) -> u64 {
        self.decoder.offset()
    }

    /// The frame that is cut if the stream ends here; None between two frames.
    pub fn incomplete(&self) -> Option<IncompleteFrame> {
        self.decoder.incomplete()
    }

    /// The validator of the current frame's sender.
    pub const fn validator(&self) -> &FrameValidator {
        match &self.validators {
            Validators::One(validator) => validator,
            Validators::Both(both, is_client) => {
                let [client, server] = &**both;
                if *is_client { client } else { server }
            }
        }
    }

    /// The validators: one, or the client's and the server's.
    pub fn validators(&self) -> &[FrameValidator] {
        match &self.validators {
            Validators::One(validator) => std::slice::from_ref(validator),
            Validators::Both(both, _) => &**both,
        }
    }

    #[inline]
    fn validate(&mut self, part: &FramePart<'_>, found: &mut Vec<Violation>) {
        match part {
            FramePart::Header { offset, header } => {
                self.validators
                    .of(header)
                    .check_header(*offset, header, found);
            }
            FramePart::Payload(piece) => self.validators.current().validate_payload(piece, found),
            FramePart::End => self.validators.current().validate_end(found),
        }
    }
}

impl Validators {
    /// The validator of this frame's sender, which becomes the current one.
    #[inline]
    const fn of(&mut self, header: &FrameHeader) -> &mut FrameValidator {
        if let Self::Both(_, is_client) = self {
            *is_client = header.masking_key.is_some();
        }
        self.current()
    }

    #[inline]
    const fn current(&mut self) -> &mut FrameValidator {
        match self {
            Self::One(validator) => validator,
            Self::Both(both, is_client) => {
                let [client, server] = &mut **both;
                if *is_client { client } else { server }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_not_utf8_is_left_masked_for_the_usual_way() {
        let mut reader = FrameReader::new(FrameValidator::new(Some(Role::Client)), 0);
        let frame = *b"\x81\x82\x01\x02\x03\x04\xfe\xfd";
        let mut bytes = frame;
        let mut input = InputBuf::new(&mut bytes);
        assert!(reader.next_plain(&mut input, 125).is_none());
        assert_eq!(input.as_slice(), frame);
    }
}
