//! Frames out of a stream of octets that comes in pieces of any size.

use super::header::MAX_HEADER;
use super::{FrameHeader, MaskingKey};

/// Takes a stream of frames apart, in constant memory and without copying payload.
///
/// It judges nothing: whatever the octets, they are frames to it.
///
/// ```
/// use wsctl::ws::{FrameDecoder, Part, Unread};
///
/// let mut octets = *b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
/// let mut unread = Unread::new(&mut octets);
/// let mut decoder = FrameDecoder::default();
/// let mut text = Vec::new();
/// while let Some(part) = decoder.next(&mut unread) {
///     if let Part::Payload(piece) = part {
///         text.extend_from_slice(piece);
///     }
/// }
/// assert_eq!(text, b"Hello");
/// ```
#[derive(Clone, Debug, Default)]
pub struct FrameDecoder {
    /// Octets taken so far.
    offset: u64,
    /// The beginning of a header that was cut by the end of a piece.
    partial: PartialHeader,
    frame: Option<OpenFrame>,
}

/// A part of a frame, in the order of the wire: a header, pieces of payload, the end.
#[derive(Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// A frame begins.
    Header {
        /// Where in the stream its first octet stands.
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
pub enum Cut {
    /// The octets end inside a header.
    Header {
        /// Where in the stream the header begins.
        offset: u64,
        /// The octets that are there.
        octets: Vec<u8>,
        /// How many are missing, at least.
        missing: usize,
    },
    /// The octets end inside a payload.
    Payload {
        /// Where in the stream the frame begins.
        offset: u64,
        /// Its header.
        header: FrameHeader,
        /// How many octets of payload are there.
        received: u64,
    },
}

/// Octets that were received and not yet taken, for whoever takes them from the front.
#[derive(Debug, PartialEq, Eq)]
pub struct Unread<'a>(&'a mut [u8]);

impl<'a> Unread<'a> {
    /// All of these octets.
    pub const fn new(octets: &'a mut [u8]) -> Self {
        Self(octets)
    }

    /// Whether all are taken.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those not yet taken.
    pub const fn as_slice(&self) -> &[u8] {
        self.0
    }

    /// Takes `size` octets, or as many as there are.
    pub fn take(&mut self, size: usize) -> &'a mut [u8] {
        let all = std::mem::take(&mut self.0);
        let (piece, rest) = all.split_at_mut(size.min(all.len()));
        self.0 = rest;
        piece
    }
}

impl FrameDecoder {
    /// The next part; None until more octets are given. It takes what it needs from the
    /// front of `unread`; at None they are all taken.
    pub fn next<'a>(&mut self, unread: &mut Unread<'a>) -> Option<Part<'a>> {
        let Some(frame) = &mut self.frame else {
            return self.header(unread);
        };
        if frame.remaining == 0 {
            self.frame = None;
            return Some(Part::End);
        }
        let piece = frame.take(unread)?;
        self.offset += piece.len() as u64;
        Some(Part::Payload(piece))
    }

    /// The next frame at once, if all of it is at hand: where in the stream it begins, its
    /// header, and its payload, unmasked. Else [`next`](Self::next) gives its parts.
    pub fn whole<'a>(
        &mut self,
        unread: &mut Unread<'a>,
    ) -> Option<(u64, FrameHeader, &'a mut [u8])> {
        if self.frame.is_some() || self.partial.size > 0 {
            return None;
        }
        let octets = unread.as_slice();
        let (header, size) = FrameHeader::parse(octets).ok()?;
        let length = usize::try_from(header.payload_length.value()).ok()?;
        if octets.len() - size < length {
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

    /// How many octets were taken since the start of the stream.
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    /// Forgets what was begun, and takes the next octet for the first of a frame that
    /// stands at `offset` of the stream.
    pub fn resume_at(&mut self, offset: u64) {
        *self = Self {
            offset,
            ..Self::default()
        };
    }

    /// What is unfinished if the stream ends here; None between two frames.
    pub fn cut(&self) -> Option<Cut> {
        if let Some(frame) = &self.frame {
            return Some(Cut::Payload {
                offset: frame.offset,
                header: frame.header,
                received: frame.received,
            });
        }
        let octets = self.partial.as_slice();
        let incomplete = FrameHeader::parse(octets).err()?;
        (!octets.is_empty()).then(|| Cut::Header {
            offset: self.offset - octets.len() as u64,
            octets: octets.to_vec(),
            missing: incomplete.missing,
        })
    }

    fn header<'a>(&mut self, unread: &mut Unread<'_>) -> Option<Part<'a>> {
        let header = if self.partial.size == 0
            && let Ok((header, size)) = FrameHeader::parse(unread.as_slice())
        {
            unread.take(size);
            self.offset += size as u64;
            header
        } else {
            self.cut_header(unread)?
        };
        let offset = self.offset - header.size() as u64;
        self.frame = Some(OpenFrame::new(offset, header));
        Some(Part::Header { offset, header })
    }

    /// Collects a header that comes in several pieces, and not an octet more.
    fn cut_header(&mut self, unread: &mut Unread<'_>) -> Option<FrameHeader> {
        loop {
            match FrameHeader::parse(self.partial.as_slice()) {
                Ok((header, _)) => {
                    self.partial.size = 0;
                    return Some(header);
                }
                Err(incomplete) => {
                    let piece = unread.take(incomplete.missing);
                    if piece.is_empty() {
                        return None;
                    }
                    self.partial.append(piece);
                    self.offset += piece.len() as u64;
                }
            }
        }
    }
}

/// A frame whose header was read and whose end was not yet announced.
#[derive(Clone, Debug)]
struct OpenFrame {
    offset: u64,
    header: FrameHeader,
    /// Where in the payload the next octet stands, which chooses the octet of the key.
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

    fn take<'a>(&mut self, unread: &mut Unread<'a>) -> Option<&'a mut [u8]> {
        let piece = unread.take(usize::try_from(self.remaining).unwrap_or(usize::MAX));
        if piece.is_empty() {
            return None;
        }
        if let Some(key) = self.header.masking_key {
            MaskingKey::apply(key, self.received, piece);
        }
        self.received += piece.len() as u64;
        self.remaining -= piece.len() as u64;
        Some(piece)
    }
}

#[derive(Clone, Debug, Default)]
struct PartialHeader {
    octets: [u8; MAX_HEADER],
    size: usize,
}

impl PartialHeader {
    fn as_slice(&self) -> &[u8] {
        self.octets.get(..self.size).unwrap_or_default()
    }

    fn append(&mut self, octets: &[u8]) {
        for (place, octet) in self.octets.iter_mut().skip(self.size).zip(octets) {
            *place = *octet;
        }
        self.size += octets.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ws::{LengthForm, Opcode, PayloadLength, Rsv};
    use proptest::prelude::*;

    /// A frame as a whole, for comparing.
    type Whole = (u64, FrameHeader, Vec<u8>);

    /// Decodes pieces; the frames that are whole, and the cut one.
    fn decode(pieces: &[&[u8]]) -> (Vec<Whole>, Option<Cut>) {
        let mut decoder = FrameDecoder::default();
        let mut frames = Vec::new();
        let mut open: Option<Whole> = None;
        for piece in pieces {
            let mut octets = piece.to_vec();
            let mut unread = Unread::new(&mut octets);
            while let Some(part) = decoder.next(&mut unread) {
                match part {
                    Part::Header { offset, header } => open = Some((offset, header, Vec::new())),
                    Part::Payload(payload) => open.as_mut().unwrap().2.extend_from_slice(payload),
                    Part::End => frames.extend(open.take()),
                }
            }
            assert!(unread.is_empty());
        }
        let taken: usize = pieces.iter().map(|piece| piece.len()).sum();
        assert_eq!(decoder.offset(), taken as u64);
        (frames, decoder.cut())
    }

    #[test]
    fn an_empty_frame_needs_no_further_octets_to_end() {
        let header = FrameHeader::new(Opcode::PING, 0);
        assert_eq!(decode(&[b"\x89\x00"]), (vec![(0, header, vec![])], None));
    }

    #[test]
    fn a_cut_payload_says_what_is_there() {
        let (frames, cut) = decode(&[b"\x89\x00\x81\x09He", b"llo"]);
        assert_eq!(frames.len(), 1);
        let header = FrameHeader::new(Opcode::TEXT, 9);
        assert_eq!(
            cut,
            Some(Cut::Payload {
                offset: 2,
                header,
                received: 5
            })
        );
    }

    #[test]
    fn a_cut_header_says_what_is_missing() {
        let cut = |octets: &[u8], missing| Cut::Header {
            offset: 2,
            octets: octets.to_vec(),
            missing,
        };
        assert_eq!(decode(&[b"\x89\x00\x81"]).1, Some(cut(b"\x81", 1)));
        assert_eq!(
            decode(&[b"\x89\x00\x81", b"\xfe\x02"]).1,
            Some(cut(b"\x81\xfe\x02", 5))
        );
        assert_eq!(decode(&[b"\x89", b"\x00"]).1, None);
    }

    #[test]
    fn a_frame_of_the_largest_length_is_announced_like_any_other() {
        let octets = b"\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xffab";
        let header = FrameHeader::new(Opcode::BINARY, u64::MAX >> 1);
        let (frames, cut) = decode(&[octets]);
        assert!(frames.is_empty());
        assert_eq!(
            cut,
            Some(Cut::Payload {
                offset: 0,
                header,
                received: 2
            })
        );
    }

    fn header_and_payload() -> impl Strategy<Value = (FrameHeader, Vec<u8>)> {
        let forms = prop_oneof![
            Just(LengthForm::Seven),
            Just(LengthForm::Sixteen),
            Just(LengthForm::SixtyFour)
        ];
        let payload = prop::collection::vec(any::<u8>(), 0..100);
        (
            any::<bool>(),
            0_u8..8,
            0_u8..16,
            any::<Option<[u8; 4]>>(),
            forms,
            payload,
        )
            .prop_map(|(fin, rsv, opcode, key, form, payload)| {
                let length = PayloadLength::in_form(payload.len() as u64, form).unwrap();
                let header = FrameHeader {
                    fin,
                    rsv: Rsv::new(rsv).unwrap(),
                    opcode: Opcode::new(opcode).unwrap(),
                    masking_key: key.map(MaskingKey),
                    payload_length: length,
                };
                (header, payload)
            })
    }

    proptest! {
        #[test]
        fn decoding_what_was_encoded_is_the_identity_over_any_cut(
            frames in prop::collection::vec(header_and_payload(), 0..5),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
        ) {
            let mut stream = Vec::new();
            let mut expected = Vec::new();
            for (header, payload) in frames {
                expected.push((stream.len() as u64, header, payload.clone()));
                stream.extend_from_slice(&header.encode());
                let start = stream.len();
                stream.extend_from_slice(&payload);
                if let Some(key) = header.masking_key {
                    key.apply(0, &mut stream[start..]);
                }
            }
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
            cuts.extend([0, stream.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|cut| &stream[cut[0]..cut[1]]).collect();
            prop_assert_eq!(decode(&pieces), (expected, None));
        }

        #[test]
        fn any_octets_in_any_pieces_are_the_same_frames(
            octets in prop::collection::vec(any::<u8>(), 0..300),
            cut in any::<prop::sample::Index>(),
        ) {
            let (left, right) = octets.split_at(cut.index(octets.len() + 1));
            prop_assert_eq!(decode(&[left, right]), decode(&[&octets]));
        }
    }
}
