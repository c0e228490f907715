//! The frame decoder: the pieces in which a stream arrives do not change its frames.

use wsctl::ws::{FrameDecoder, FrameHeader, FramePart, IncompleteFrame, InputBuf, MaskingKey};

use super::Choices;

/// Checks that pieces of any size give the same frames, and that these encode to the same bytes.
pub fn holds(bytes: &[u8]) {
    let pieces = Choices::new(bytes).pieces();
    let whole = pieces.concat();
    let read = Reading::of(&[&whole]);
    assert_eq!(read, Reading::of(&pieces));
    let single: Vec<&[u8]> = whole.chunks(1).collect();
    assert_eq!(read, Reading::of(&single));
    assert_eq!(read.encode(), whole);
}

/// The frames of a stream, and the incomplete one at its end.
#[derive(Debug, Default, PartialEq, Eq)]
struct Reading {
    frames: Vec<Frame>,
    cut: Option<IncompleteFrame>,
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
            let mut bytes = piece.to_vec();
            let mut unread = InputBuf::new(&mut bytes);
            while let Some(part) = decoder.next(&mut unread) {
                push(&mut frames, part);
            }
            assert!(unread.is_empty());
            taken += piece.len() as u64;
            assert_eq!(decoder.offset(), taken);
        }
        let cut = decoder.incomplete();
        let is_whole = frames.last().is_none_or(|frame| frame.is_whole);
        assert_eq!(
            is_whole,
            !matches!(cut, Some(IncompleteFrame::Payload { .. }))
        );
        Self { frames, cut }
    }

    fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for frame in &self.frames {
            assert_eq!(frame.offset, bytes.len() as u64);
            bytes.extend_from_slice(&frame.header.encode());
            let start = bytes.len();
            bytes.extend_from_slice(&frame.payload);
            if let Some(MaskingKey(key)) = frame.header.masking_key {
                let payload = bytes[start..].iter_mut();
                payload
                    .zip(key.iter().cycle())
                    .for_each(|(byte, key)| *byte ^= key);
            }
        }
        if let Some(IncompleteFrame::Header { bytes: header, .. }) = &self.cut {
            bytes.extend_from_slice(header);
        }
        bytes
    }
}

fn push(frames: &mut Vec<Frame>, part: FramePart<'_>) {
    match part {
        FramePart::Header { offset, header } => frames.push(Frame {
            offset,
            header,
            payload: Vec::new(),
            is_whole: false,
        }),
        FramePart::Payload(piece) => {
            assert!(!piece.is_empty());
            frames.last_mut().unwrap().payload.extend_from_slice(piece);
        }
        FramePart::End => {
            let frame = frames.last_mut().unwrap();
            let length = frame.payload.len() as u64;
            assert_eq!(length, frame.header.payload_length.value());
            frame.is_whole = true;
        }
    }
}
