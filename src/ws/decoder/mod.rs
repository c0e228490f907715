//! Frames out of a stream of bytes that comes in pieces of any size.

#[cfg(test)]
mod tests;

use super::header::MAX_HEADER;
use super::{FrameHeader, MaskingKey};

/// Takes a stream of frames apart, in constant memory and without copying payload.
///
/// It judges nothing: whatever the bytes, they are frames to it.
///
/// ```
/// use wsctl::ws::{FrameDecoder, FramePart, InputBuf};
///
/// let mut bytes = *b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
/// let mut unread = InputBuf::new(&mut bytes);
/// let mut decoder = FrameDecoder::default();
/// let mut text = Vec::new();
/// while let Some(part) = decoder.next(&mut unread) {
///     if let FramePart::Payload(piece) = part {
///         text.extend_from_slice(piece);
///     }
/// }
/// assert_eq!(text, b"Hello");
/// ```
#[derive(Clone, Debug, Default)]
pub struct FrameDecoder {
    /// Bytes taken so far.
    offset: u64,
    /// The beginning of a header that was cut by the end of a piece.
    partial: PartialHeader,
    frame: Option<OpenFrame>,
}

/// A part of a frame, in the order of the wire: a header, pieces of payload, the end.
#[derive(Debug, PartialEq, Eq)]
pub enum FramePart<'a> {
    /// A frame begins.
    Header {
        /// Where in the stream its first byte stands.
        offset: u64,
        /// Its header.
        header: FrameHeader,
    },
    /// A piece of the frame's payload, unmasked in place, never empty.
    Payload(&'a mut [u8]),
    /// The frame is whole.
    End,
}

/// A frame of which the end has not come: what is there, and what is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IncompleteFrame {
    /// The bytes end inside a header.
    Header {
        /// Where in the stream the header begins.
        offset: u64,
        /// The bytes that are there.
        bytes: Vec<u8>,
        /// How many are missing, at least.
        missing: usize,
    },
    /// The bytes end inside a payload.
    Payload {
        /// Where in the stream the frame begins.
        offset: u64,
        /// Its header.
        header: FrameHeader,
        /// How many bytes of payload are there.
        received: u64,
    },
}

/// Bytes that were received and not yet taken, for whoever takes them from the front.
#[derive(Debug, PartialEq, Eq)]
pub struct InputBuf<'a>(&'a mut [u8]);

impl<'a> InputBuf<'a> {
    /// All of these bytes.
    pub const fn new(bytes: &'a mut [u8]) -> Self {
        Self(bytes)
    }

    /// Whether all are taken.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those not yet taken.
    pub const fn as_slice(&self) -> &[u8] {
        self.0
    }

    /// Takes `size` bytes, or as many as there are.
    pub fn take(&mut self, size: usize) -> &'a mut [u8] {
        let all = std::mem::take(&mut self.0);
        let (piece, rest) = all.split_at_mut(size.min(all.len()));
        self.0 = rest;
        piece
    }
}

impl FrameDecoder {
    /// The next part; None until more bytes are given. It takes what it needs from the
    /// front of `unread`; at None they are all taken.
    pub fn next<'a>(&mut self, unread: &mut InputBuf<'a>) -> Option<FramePart<'a>> {
        let Some((step, size)) = self.step(unread.as_slice(), usize::MAX) else {
            unread.take(usize::MAX);
            return None;
        };
        let piece = unread.take(size);
        Some(match step {
            Step::Header { offset, header } => FramePart::Header { offset, header },
            Step::Payload { key, at } => {
                if let Some(key) = key {
                    key.apply(at, piece);
                }
                FramePart::Payload(piece)
            }
            Step::End => FramePart::End,
        })
    }

    /// The same for bytes that are to stay as they are on the wire: the payload is unmasked
    /// onto `page`, at most as much of it at a time as that holds.
    pub fn decode_into<'a>(
        &mut self,
        unread: &mut &[u8],
        page: &'a mut [u8],
    ) -> Option<FramePart<'a>> {
        let Some((step, size)) = self.step(unread, page.len()) else {
            *unread = &[];
            return None;
        };
        let (piece, rest) = unread.split_at(size);
        *unread = rest;
        Some(match step {
            Step::Header { offset, header } => FramePart::Header { offset, header },
            Step::Payload { key, at } => {
                let page = page.get_mut(..size)?;
                match key {
                    Some(key) => key.apply_onto(at, piece, page),
                    None => page.copy_from_slice(piece),
                }
                FramePart::Payload(page)
            }
            Step::End => FramePart::End,
        })
    }

    /// Whether the next byte is the first of a frame.
    pub const fn is_between_frames(&self) -> bool {
        self.frame.is_none() && self.partial.size == 0
    }

    /// The next frame at once, if all of it is at hand: where in the stream it begins, its
    /// header, and its payload, unmasked. Else [`next`](Self::next) gives its parts.
    pub fn whole<'a>(
        &mut self,
        unread: &mut InputBuf<'a>,
    ) -> Option<(u64, FrameHeader, &'a mut [u8])> {
        if self.frame.is_some() || self.partial.size > 0 {
            return None;
        }
        let bytes = unread.as_slice();
        let (header, size) = FrameHeader::parse(bytes).ok()?;
        let length = usize::try_from(header.payload_length.value()).ok()?;
        if bytes.len() - size < length {
            return None;
        }
        unread.take(size);
        let payload = unread.take(length);
        if let Some(key) = header.masking_key {
            key.apply(0, payload);
        }
        let offset = self.offset;
        self.offset += (size + length) as u64;
        Some((offset, header, payload))
    }

    /// How many bytes were taken since the start of the stream.
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    /// Forgets what was begun, and takes the next byte for the first of a frame that
    /// stands at `offset` of the stream.
    pub fn resume_at(&mut self, offset: u64) {
        *self = Self {
            offset,
            ..Self::default()
        };
    }

    /// What is unfinished if the stream ends here; None between two frames.
    pub fn cut(&self) -> Option<IncompleteFrame> {
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

    /// What comes next, and how many bytes of the front of `unread` it takes; of payload at
    /// most `most`. None if they all belong to the beginning of a header, which is kept.
    fn step(&mut self, unread: &[u8], most: usize) -> Option<(Step, usize)> {
        let Some(frame) = &mut self.frame else {
            return self.header(unread);
        };
        if frame.remaining == 0 {
            self.frame = None;
            return Some((Step::End, 0));
        }
        let (step, size) = frame.take(unread.len().min(most))?;
        self.offset += size as u64;
        Some((step, size))
    }

    fn header(&mut self, unread: &[u8]) -> Option<(Step, usize)> {
        let (header, size) = if self.partial.size == 0
            && let Ok(whole) = FrameHeader::parse(unread)
        {
            whole
        } else {
            self.cut_header(unread)?
        };
        self.offset += size as u64;
        let offset = self.offset - header.size() as u64;
        self.frame = Some(OpenFrame::new(offset, header));
        Some((Step::Header { offset, header }, size))
    }

    /// Collects a header that comes in several pieces, and not a byte more; how many of
    /// these bytes it takes once it is whole.
    fn cut_header(&mut self, unread: &[u8]) -> Option<(FrameHeader, usize)> {
        let mut rest = unread;
        loop {
            match FrameHeader::parse(self.partial.as_slice()) {
                Ok((header, _)) => {
                    self.partial.size = 0;
                    return Some((header, unread.len() - rest.len()));
                }
                Err(_) if rest.is_empty() => {
                    self.offset += unread.len() as u64;
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

/// What the bytes at hand are.
enum Step {
    Header {
        offset: u64,
        header: FrameHeader,
    },
    /// Payload from this place on, masked with this key.
    Payload {
        key: Option<MaskingKey>,
        at: u64,
    },
    End,
}

/// A frame whose header was read and whose end was not yet announced.
#[derive(Clone, Debug)]
struct OpenFrame {
    offset: u64,
    header: FrameHeader,
    /// Where in the payload the next byte stands, which chooses the byte of the key.
    received: u64,
    remaining: u64,
}

impl OpenFrame {
    const fn new(offset: u64, header: FrameHeader) -> Self {
        Self {
            offset,
            header,
            received: 0,
            remaining: header.payload_length.value(),
        }
    }

    /// Takes up to `most` bytes of payload.
    fn take(&mut self, most: usize) -> Option<(Step, usize)> {
        let size = usize::try_from(self.remaining).map_or(most, |remaining| remaining.min(most));
        if size == 0 {
            return None;
        }
        let step = Step::Payload {
            key: self.header.masking_key,
            at: self.received,
        };
        self.received += size as u64;
        self.remaining -= size as u64;
        Some((step, size))
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
