//! Decodes frames from a stream of bytes that arrives in pieces of any size.
//!
//! Bytes go in, [`FramePart`]s come out: a header, pieces of payload, the end of the frame.
//! [`FrameReader`](super::FrameReader) combines it with the validator.

mod input_buf;
#[cfg(test)]
mod tests;

use super::header::MAX_HEADER;
use super::{FrameHeader, MaskingKey};

pub use input_buf::InputBuf;

/// Decodes a stream of frames in constant memory, without copying payload.
///
/// It validates nothing: any bytes are frames to it.
///
/// ```
/// use wsctl::ws::{FrameDecoder, FramePart, InputBuf};
///
/// let mut bytes = *b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
/// let mut input = InputBuf::new(&mut bytes);
/// let mut decoder = FrameDecoder::default();
/// let mut text = Vec::new();
/// while let Some(part) = decoder.next(&mut input) {
///     if let FramePart::Payload(piece) = part {
///         text.extend_from_slice(piece);
///     }
/// }
/// assert_eq!(text, b"Hello");
/// ```
#[derive(Clone, Debug, Default)]
pub struct FrameDecoder {
    /// Bytes consumed since the start of the stream.
    offset: u64,
    /// The first bytes of a header whose other bytes have not arrived.
    partial: PartialHeader,
    frame: Option<FrameProgress>,
}

/// A part of a frame, in the order of the wire: a header, pieces of payload, the end.
#[derive(Debug, PartialEq, Eq)]
pub enum FramePart<'a> {
    /// A frame begins.
    Header {
        /// The offset of its first byte in the stream.
        offset: u64,
        /// Its header.
        header: FrameHeader,
    },
    /// A piece of the frame's payload, unmasked, never empty.
    Payload(&'a mut [u8]),
    /// The frame is complete.
    End,
}

/// A frame whose end has not arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IncompleteFrame {
    /// The bytes end inside a header.
    Header {
        /// The offset of the header in the stream.
        offset: u64,
        /// The bytes of the header that arrived.
        bytes: Vec<u8>,
        /// How many bytes are missing, at least.
        missing: usize,
    },
    /// The bytes end inside a payload.
    Payload {
        /// The offset of the frame in the stream.
        offset: u64,
        /// Its header.
        header: FrameHeader,
        /// How many bytes of its payload arrived.
        received: u64,
    },
}

impl FrameDecoder {
    /// A decoder for a stream whose first byte has this offset.
    pub fn starting_at(offset: u64) -> Self {
        Self {
            offset,
            ..Self::default()
        }
    }

    /// Returns the next part of a frame, or None if more input is needed; then all of `input`
    /// is consumed. Payload is unmasked in place.
    pub fn next<'a>(&mut self, input: &mut InputBuf<'a>) -> Option<FramePart<'a>> {
        let Some((part, size)) = self.advance(input.as_slice(), usize::MAX) else {
            input.take(usize::MAX);
            return None;
        };
        let piece = input.take(size);
        Some(match part {
            PartKind::Header { offset, header } => FramePart::Header { offset, header },
            PartKind::Payload { key, at } => {
                if let Some(key) = key {
                    key.apply(at, piece);
                }
                FramePart::Payload(piece)
            }
            PartKind::End => FramePart::End,
        })
    }

    /// Like [`next`](Self::next), but leaves the input unchanged: payload is unmasked into
    /// `buffer`, at most as much at a time as it holds.
    pub fn decode_into<'a>(
        &mut self,
        input: &mut &[u8],
        buffer: &'a mut [u8],
    ) -> Option<FramePart<'a>> {
        let Some((part, size)) = self.advance(input, buffer.len()) else {
            *input = &[];
            return None;
        };
        let (piece, rest) = input.split_at(size);
        *input = rest;
        Some(match part {
            PartKind::Header { offset, header } => FramePart::Header { offset, header },
            PartKind::Payload { key, at } => {
                let unmasked = buffer.get_mut(..size)?;
                match key {
                    Some(key) => key.apply_onto(at, piece, unmasked),
                    None => unmasked.copy_from_slice(piece),
                }
                FramePart::Payload(unmasked)
            }
            PartKind::End => FramePart::End,
        })
    }

    /// Whether the next byte is the first one of a frame.
    pub const fn is_between_frames(&self) -> bool {
        self.frame.is_none() && self.partial.size == 0
    }

    /// How many bytes were consumed since the start of the stream.
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    /// Drops what was begun. The next byte is the first one of a frame and has this offset in
    /// the stream.
    pub fn resume_at(&mut self, offset: u64) {
        *self = Self::starting_at(offset);
    }

    /// The frame that is cut if the stream ends here; None between two frames.
    pub fn incomplete(&self) -> Option<IncompleteFrame> {
        if let Some(frame) = &self.frame {
            return Some(IncompleteFrame::Payload {
                offset: frame.offset,
                header: frame.header,
                received: frame.received,
            });
        }
        let bytes = self.partial.as_slice();
        let incomplete = FrameHeader::parse(bytes).err()?;
        (!bytes.is_empty()).then(|| IncompleteFrame::Header {
            offset: self.offset - bytes.len() as u64,
            bytes: bytes.to_vec(),
            missing: incomplete.missing,
        })
    }

    /// The next part, and how many bytes of the front of `input` it takes; at most
    /// `max_payload` of payload. None if all of `input` belongs to an incomplete header, which
    /// is kept.
    fn advance(&mut self, input: &[u8], max_payload: usize) -> Option<(PartKind, usize)> {
        let Some(frame) = &mut self.frame else {
            return self.header(input);
        };
        if frame.remaining == 0 {
            self.frame = None;
            return Some((PartKind::End, 0));
        }
        let (part, size) = frame.advance(input.len().min(max_payload))?;
        self.offset += size as u64;
        Some((part, size))
    }

    fn header(&mut self, input: &[u8]) -> Option<(PartKind, usize)> {
        let (header, size) = if self.partial.size == 0
            && let Ok(complete) = FrameHeader::parse(input)
        {
            complete
        } else {
            self.complete_header(input)?
        };
        self.offset += size as u64;
        let offset = self.offset - header.size() as u64;
        self.frame = Some(FrameProgress::new(offset, header));
        Some((PartKind::Header { offset, header }, size))
    }

    /// Adds bytes to a header that arrives in several pieces, never more than it needs. Returns
    /// the header, once it is complete, and how many bytes of `input` were added.
    fn complete_header(&mut self, input: &[u8]) -> Option<(FrameHeader, usize)> {
        let mut rest = input;
        loop {
            match FrameHeader::parse(self.partial.as_slice()) {
                Ok((header, _)) => {
                    self.partial.size = 0;
                    return Some((header, input.len() - rest.len()));
                }
                Err(_) if rest.is_empty() => {
                    self.offset += input.len() as u64;
                    return None;
                }
                Err(incomplete) => {
                    let (piece, others) = rest.split_at(incomplete.missing.min(rest.len()));
                    self.partial.append(piece);
                    rest = others;
                }
            }
        }
    }
}

/// A part of a frame, without its bytes.
enum PartKind {
    Header {
        offset: u64,
        header: FrameHeader,
    },
    /// Payload from index `at` on, masked with `key`.
    Payload {
        key: Option<MaskingKey>,
        at: u64,
    },
    End,
}

/// A frame whose header was read and whose end was not yet returned.
#[derive(Clone, Debug)]
struct FrameProgress {
    offset: u64,
    header: FrameHeader,
    /// Bytes of payload read so far, which select the next byte of the masking key.
    received: u64,
    remaining: u64,
}

impl FrameProgress {
    const fn new(offset: u64, header: FrameHeader) -> Self {
        Self {
            offset,
            header,
            received: 0,
            remaining: header.payload_length.value(),
        }
    }

    /// Takes up to `max` bytes of payload.
    fn advance(&mut self, max: usize) -> Option<(PartKind, usize)> {
        let size = usize::try_from(self.remaining).map_or(max, |remaining| remaining.min(max));
        if size == 0 {
            return None;
        }
        let part = PartKind::Payload {
            key: self.header.masking_key,
            at: self.received,
        };
        self.received += size as u64;
        self.remaining -= size as u64;
        Some((part, size))
    }
}

#[derive(Clone, Debug, Default)]
struct PartialHeader {
    bytes: [u8; MAX_HEADER],
    size: usize,
}

impl PartialHeader {
    fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.size).unwrap_or_default()
    }

    fn append(&mut self, bytes: &[u8]) {
        for (place, byte) in self.bytes.iter_mut().skip(self.size).zip(bytes) {
            *place = *byte;
        }
        self.size += bytes.len();
    }
}
