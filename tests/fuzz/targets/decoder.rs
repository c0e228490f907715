//! Frames are the same however the octets of their stream are cut.

use wsctl::ws::{Cut, FrameDecoder, FrameHeader, MaskingKey, Part, Unread};

use super::Choices;

/// Pieces of any sizes give the frames of the whole, which encode to the octets they were.
pub fn holds(octets: &[u8]) {
    let pieces = Choices::new(octets).pieces();
    let whole = pieces.concat();
    let read = Reading::of(&[&whole]);
    assert_eq!(read, Reading::of(&pieces));
    let single: Vec<&[u8]> = whole.chunks(1).collect();
    assert_eq!(read, Reading::of(&single));
    assert_eq!(read.encode(), whole);
}

/// What a stream consists of.
#[derive(Debug, Default, PartialEq, Eq)]
struct Reading {
    frames: Vec<Frame>,
    cut: Option<Cut>,
}

#[derive(Debug, PartialEq, Eq)]
struct Frame {
    offset: u64,
    header: FrameHeader,
    payload: Vec<u8>,
    is_whole: bool,
}

impl Reading {
    fn of(pieces: &[&[u8]]) -> Self {
        let mut decoder = FrameDecoder::default();
        let mut frames = Vec::<Frame>::new();
        let mut taken = 0;
        for piece in pieces {
            let mut octets = piece.to_vec();
            let mut unread = Unread::new(&mut octets);
            while let Some(part) = decoder.next(&mut unread) {
                push(&mut frames, part);
            }
            assert!(unread.is_empty());
            taken += piece.len() as u64;
            assert_eq!(decoder.offset(), taken);
        }
        let cut = decoder.cut();
        let is_whole = frames.last().is_none_or(|frame| frame.is_whole);
        assert_eq!(is_whole, !matches!(cut, Some(Cut::Payload { .. })));
        Self { frames, cut }
    }

    fn encode(&self) -> Vec<u8> {
        let mut octets = Vec::new();
        for frame in &self.frames {
            assert_eq!(frame.offset, octets.len() as u64);
            octets.extend_from_slice(&frame.header.encode());
            let start = octets.len();
            octets.extend_from_slice(&frame.payload);
            if let Some(MaskingKey(key)) = frame.header.masking_key {
                let payload = octets[start..].iter_mut();
                payload
                    .zip(key.iter().cycle())
                    .for_each(|(octet, key)| *octet ^= key);
            }
        }
        if let Some(Cut::Header { octets: header, .. }) = &self.cut {
            octets.extend_from_slice(header);
        }
        octets
    }
}

fn push(frames: &mut Vec<Frame>, part: Part<'_>) {
    match part {
        Part::Header { offset, header } => frames.push(Frame {
            offset,
            header,
            payload: Vec::new(),
            is_whole: false,
        }),
        Part::Payload(piece) => {
            assert!(!piece.is_empty());
            frames.last_mut().unwrap().payload.extend_from_slice(piece);
        }
        Part::End => {
            let frame = frames.last_mut().unwrap();
            let length = frame.payload.len() as u64;
            assert_eq!(length, frame.header.payload_length.value());
            frame.is_whole = true;
        }
    }
}
