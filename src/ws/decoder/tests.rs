use super::*;
use crate::ws::{LengthForm, Opcode, PayloadLength, Rsv};
use proptest::prelude::*;

/// The offset, header and payload of a complete frame.
type Whole = (u64, FrameHeader, Vec<u8>);

/// Decodes pieces. Returns the complete frames, and the incomplete one.
fn decode(pieces: &[&[u8]]) -> (Vec<Whole>, Option<IncompleteFrame>) {
    let mut decoder = FrameDecoder::default();
    let mut frames = Vec::new();
    let mut open: Option<Whole> = None;
    for piece in pieces {
        let mut bytes = piece.to_vec();
        let mut unread = InputBuf::new(&mut bytes);
        while let Some(part) = decoder.next(&mut unread) {
            match part {
                FramePart::Header { offset, header } => open = Some((offset, header, Vec::new())),
                FramePart::Payload(payload) => open.as_mut().unwrap().2.extend_from_slice(payload),
                FramePart::End => frames.extend(open.take()),
            }
        }
        assert!(unread.is_empty());
    }
    let taken: usize = pieces.iter().map(|piece| piece.len()).sum();
    assert_eq!(decoder.offset(), taken as u64);
    (frames, decoder.incomplete())
}

/// The same with `decode_into` and a buffer of this size.
fn decode_into_buffer(pieces: &[&[u8]], size: usize) -> (Vec<Whole>, Option<IncompleteFrame>) {
    let mut decoder = FrameDecoder::default();
    let mut frames = Vec::new();
    let mut open: Option<Whole> = None;
    let mut page = vec![0; size];
    for piece in pieces {
        let mut unread = *piece;
        while let Some(part) = decoder.decode_into(&mut unread, &mut page) {
            match part {
                FramePart::Header { offset, header } => open = Some((offset, header, Vec::new())),
                FramePart::Payload(payload) => open.as_mut().unwrap().2.extend_from_slice(payload),
                FramePart::End => frames.extend(open.take()),
            }
        }
        assert!(unread.is_empty());
    }
    (frames, decoder.incomplete())
}

#[test]
fn an_empty_frame_ends_without_further_bytes() {
    let header = FrameHeader::new(Opcode::PING, 0);
    assert_eq!(decode(&[b"\x89\x00"]), (vec![(0, header, vec![])], None));
}

#[test]
fn an_incomplete_payload_tells_how_much_was_received() {
    let (frames, cut) = decode(&[b"\x89\x00\x81\x09He", b"llo"]);
    assert_eq!(frames.len(), 1);
    let header = FrameHeader::new(Opcode::TEXT, 9);
    assert_eq!(
        cut,
        Some(IncompleteFrame::Payload {
            offset: 2,
            header,
            received: 5
        })
    );
}

#[test]
fn an_incomplete_header_tells_how_much_is_missing() {
    let cut = |bytes: &[u8], missing| IncompleteFrame::Header {
        offset: 2,
        bytes: bytes.to_vec(),
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
fn a_frame_of_the_largest_length_is_decoded() {
    let bytes = b"\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xffab";
    let header = FrameHeader::new(Opcode::BINARY, u64::MAX >> 1);
    let (frames, cut) = decode(&[bytes]);
    assert!(frames.is_empty());
    assert_eq!(
        cut,
        Some(IncompleteFrame::Payload {
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
    fn encoded_frames_are_decoded_wherever_the_stream_is_cut(
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
        prop_assert_eq!(decode_into_buffer(&pieces, 17), (expected.clone(), None));
        prop_assert_eq!(decode(&pieces), (expected, None));
    }

    #[test]
    fn any_bytes_give_the_same_frames_wherever_they_are_cut(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        cut in any::<prop::sample::Index>(),
    ) {
        let (left, right) = bytes.split_at(cut.index(bytes.len() + 1));
        prop_assert_eq!(decode(&[left, right]), decode(&[&bytes]));
    }
}
