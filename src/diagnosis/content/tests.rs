use super::*;
use crate::ws::deflate::Deflater;
use crate::ws::extension::SenderParameters;
use crate::ws::{FrameHeader, MaskingKey, Opcode, Rsv};
use proptest::prelude::*;

/// Names the content in a few words: the kind and the text, or the rule and the message.
fn read(bytes: &[u8]) -> Option<String> {
    named(ContentReader::new().read(bytes, 0, true))
}

fn named(content: Option<StreamContent>) -> Option<String> {
    content.map(|content| match content {
        StreamContent::Payload {
            kind,
            text,
            finding,
        } => {
            assert_eq!(finding.rule(), "payload-alone");
            assert!(!finding.is_problem());
            format!("{kind}: {text}")
        }
        StreamContent::Damaged(finding) => {
            assert!(finding.is_problem());
            format!("{}: {}", finding.rule(), finding.message)
        }
        StreamContent::Unclear => "unclear".to_owned(),
        StreamContent::FramesInTlsRecord { frames, finding } => {
            assert!(!finding.is_problem());
            format!("frames: {frames}")
        }
    })
}

#[track_caller]
fn check(bytes: &[u8], expected: &str) {
    assert_eq!(read(bytes).as_deref(), Some(expected));
}

fn hexadecimal(text: &str) -> Vec<u8> {
    hex::decode(text.replace(' ', "")).unwrap()
}

#[test]
fn compressed_payloads_are_recognized() {
    let raw = hexadecimal("f248cdc9c90700");
    check(&raw, "raw DEFLATE: Hello");
    // A final block, as an application makes it.
    check(
        &hexadecimal("ab562a492d2e51b2520ac9c82c5600a294fcbc54a55a00"),
        "raw DEFLATE: {\"test\":\"This is done\"}",
    );
}

#[test]
fn compressed_payloads_that_need_earlier_ones_are_recognized() {
    let hello = hexadecimal("f248cdc9c90700");
    let again = hexadecimal("f200110000");
    check(
        &[&hello[..], &again, &again].concat(),
        "raw DEFLATE: Hello\nHello\nHello",
    );
    assert_eq!(read(&again), None);
    assert_eq!(read(&[&hello[..], &again, &again[1..]].concat()), None);
}

#[test]
fn compressed_payloads_that_begin_like_a_frame_are_recognized() {
    // `[1,2,3]` begins with 8a, as a pong does; a stored block with 01.
    check(&hexadecimal("8a36d431d2318e0500"), "raw DEFLATE: [1,2,3]");
    check(b"\x01\x05\x00\xfa\xffHello", "raw DEFLATE: Hello");
    // A pong that is cut.
    assert_eq!(read(&hexadecimal("8a36d431d2318e05")), None);
}

#[test]
fn bytes_that_may_be_cut_are_unclear_and_others_are_not_compressed() {
    let mut reader = ContentReader::new();
    for start in [
        &b"\x03"[..],
        b"\xf2\x48",
        b"\xc2\x81",
        b"\xc2\x81\x05Hel\xe4",
    ] {
        let content = reader.read(start, 0, false);
        assert_eq!(named(content).as_deref(), Some("unclear"), "{start:?}");
    }
    for start in [
        &b"\x81"[..],
        b"\xc2\x81\xff",
        b"\xc2\xc2",
        &vec![3; 1 << 16],
    ] {
        let content = reader.read(start, 0, false);
        assert_eq!(named(content), None, "{:?}", start.get(..4));
    }
}

#[test]
fn containers_with_a_valid_checksum_are_recognized() {
    check(
        &hexadecimal("789cf348cdc9c90700058c01f5"),
        "zlib data: Hello",
    );
    check(
        &hexadecimal("1f8b0800000000000203f348cdc9c907008289d1f705000000"),
        "gzip data: Hello",
    );
    assert_eq!(read(&hexadecimal("789cf348cdc9c90700058c01f6")), None);
}

#[test]
fn close_payloads_are_recognized() {
    check(b"\x03\xea", "a close payload: 1002 (protocol error)");
    check(b"\x03\xe8bye", "a close payload: 1000 (normal closure) bye");
    check(
        b"\x0f\xa0session expired",
        "a close payload: 4000 (private use) session expired",
    );
    check(b"\x0f\xa0", "a close payload: 4000 (private use)");
    assert_eq!(read(b"\x03\xe7"), None);
    assert_eq!(read(b"\x03\xe8a\x01b"), None);
}

#[test]
fn packets_of_mqtt_are_recognized() {
    check(
        b"\x10\x0e\x00\x04MQTT\x04\x02\x00\x3c\x00\x02id",
        "MQTT: MQTT CONNECT",
    );
    check(b"\x20\x02\x00\x00", "MQTT: MQTT CONNACK");
    check(b"\x30\x07\x00\x03a/bhi", "MQTT: MQTT PUBLISH a/b hi");
    check(
        b"\xc0\x00\x30\x07\x00\x03a/bhi",
        "MQTT: MQTT PINGREQ\nMQTT PUBLISH a/b hi",
    );
    assert_eq!(read(b"\xc0\x00"), None);
    assert_eq!(read(b"\x30\x07\x00\x03a/bh"), None);
}

#[test]
fn text_protocols_are_recognized() {
    check(
        b"{\"protocol\":\"json\",\"version\":1}\x1e",
        "SignalR: {\"protocol\":\"json\",\"version\":1}",
    );
    check(
        b"SEND\ndestination:/queue/a\n\nhello\0",
        "STOMP: SEND\ndestination:/queue/a\n\nhello",
    );
    check(b"42[\"chat\",\"hi\"]", "Socket.IO: 42[\"chat\",\"hi\"]");
    check(b"42/room,7[\"chat\"]", "Socket.IO: 42/room,7[\"chat\"]");
    check(b"0{\"sid\":\"x\"}", "Socket.IO: 0{\"sid\":\"x\"}");
    check(
        b"5:::{\"name\":\"news\"}",
        "Socket.IO 0.9: 5:::{\"name\":\"news\"}",
    );
    check(b"2::", "Socket.IO 0.9: 2::");
    check(b"a[\"hi\"]", "SockJS: a[\"hi\"]");
    check(
        b"96:0{\"sid\":\"x\"}2:40",
        "Socket.IO: 96:0{\"sid\":\"x\"}2:40",
    );
    for text in ["{\"a\":1}", "Hello", "12:30:45", "ERROR\n", "4[1]", "5:::"] {
        assert_eq!(read(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn damaged_bytes_are_recognized() {
    check(
        b"\xef\xbf\xbd\xef\xbf\xbd7\xef\xbf\xbd!=",
        "text-damaged: 3 × ef bf bd (U+FFFD) stand for bytes that were lost, the first at byte 0",
    );
    check(
        b"\xef\xbf\xbdHello",
        "text-damaged: 1 × ef bf bd (U+FFFD) stands for a byte that was lost, the first at byte 0",
    );
    check(
        b"\xc2\x81\x0bHello World",
        "header-through-utf8: the header went through UTF-8: c2 81 0b is the text of 81 0b",
    );
    check(
        "\u{81}\u{82}\u{37}\u{fa}\u{21}\u{3d}\u{7f}\u{9f}".as_bytes(),
        "header-through-utf8: the header went through UTF-8: c2 81 c2 82 37 c3 ba 21 3d is the \
         text of 81 82 37 fa 21 3d",
    );
    check(
        b"\x17\x03",
        "other-protocol-in-stream: these two bytes begin a TLS record, perhaps: encrypted data",
    );
    check(
        "\u{81}\u{4}h\u{1f600}éx\u{81}\u{2}ok".as_bytes(),
        "header-through-utf8: the header went through UTF-8: c2 81 04 is the text of 81 04",
    );
    // U+FFFD in the payload of a frame, a compressed frame that begins with c2, and ff 03.
    assert_eq!(read(b"\x81\x05a\xef\xbf\xbdb"), None);
    assert_eq!(read(b"\xc2\x81\0\0\0\0\0"), None);
    assert_eq!(read(b"\xff\x03"), None);
}

#[test]
fn the_rest_of_a_head_from_the_middle_of_a_line_is_recognized() {
    let message = "head-larger-than-read: this is the rest of an HTTP head, from the middle of a \
                   line on: ip, deflate";
    check(
        b"ip, deflate\r\nUpgrade: websocket\r\nConnection: Upgr",
        message,
    );
    check(b"ip, deflate\nSec-WebSocket-Version: 13\n\n", message);
    for text in [
        "ip, deflate\r\nAccept: x\r\n\r\n",
        "Hello\nHost: this is a line\nof a letter\nto all of you\n",
        "ip, deflate\r\n",
    ] {
        assert_eq!(read(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn the_end_of_a_tls_record_after_frames_is_recognized() {
    let frame = b"\x89\x80\x68\xf3\xf9\x33";
    for trailer in [&b"\x17"[..], b"\x17\0", &[&[0x17][..], &[0; 16]].concat()] {
        let bytes = [frame, trailer].concat();
        check(&bytes, "frames: 6");
        let mut reader = ContentReader::new();
        assert!(reader.read(&bytes, 0, false).is_none());
    }
    assert_eq!(read(&[&frame[..], b"\x18\0"].concat()), None);
    assert_eq!(read(b"\x82\x02\x17\0"), None);
    assert_eq!(read(b"\x82\x03\x17\0"), None);
}

fn frames() -> impl Strategy<Value = Vec<u8>> {
    let payload = prop_oneof![
        ".{0,60}".prop_map(String::into_bytes),
        Just("\u{fffd}\u{fffd}".as_bytes().to_vec()),
        Just(b"\x03\xe8".to_vec()),
        prop::collection::vec(any::<u8>(), 0..300),
    ];
    let frame = (
        payload,
        prop_oneof![Just(2_u8), Just(9), Just(10)],
        any::<bool>(),
    );
    let frames = prop::collection::vec(frame, 1..6);
    (frames, any::<Option<[u8; 4]>>()).prop_map(|(frames, key)| {
        let mut bytes = Vec::new();
        let mut deflater = Deflater::new(
            SenderParameters {
                no_context_takeover: false,
                window_bits: 15,
            },
            6,
        );
        for (payload, opcode, is_compressed) in frames {
            let opcode = Opcode::new(opcode).unwrap();
            let is_compressed = is_compressed && !opcode.is_control();
            let mut payload = if opcode.is_control() {
                payload[..payload.len().min(125)].to_vec()
            } else if is_compressed {
                deflater.deflate(&payload).to_vec()
            } else {
                payload
            };
            let header = FrameHeader {
                rsv: if is_compressed { Rsv::RSV1 } else { Rsv::NONE },
                masking_key: key.map(MaskingKey),
                ..FrameHeader::new(opcode, payload.len() as u64)
            };
            bytes.extend_from_slice(&header.encode());
            if let Some(key) = header.masking_key {
                key.apply(0, &mut payload);
            }
            bytes.extend_from_slice(&payload);
        }
        bytes
    })
}

proptest! {
    #[test]
    fn valid_frames_are_never_called_anything_else(
        bytes in frames(),
        cut in any::<prop::sample::Index>(),
        is_last: bool,
    ) {
        let start = &bytes[..cut.index(bytes.len() + 1)];
        for bytes in [&bytes, start] {
            let content = named(ContentReader::new().read(bytes, 0, is_last));
            // A compressed frame may begin like a header that went through UTF-8: more bytes will tell.
            let is_letter = matches!(bytes.first(), Some(0xc2 | 0xc3));
            let is_held = is_letter && !is_last && content.as_deref() == Some("unclear");
            prop_assert!(content.is_none() || is_held, "{content:?}");
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), is_last: bool) {
        let mut reader = ContentReader::new();
        let content = reader.read(&bytes, 0, is_last);
        if let Some(StreamContent::FramesInTlsRecord { frames, .. }) = content {
            prop_assert!(frames < bytes.len());
        }
    }

    #[test]
    fn deflated_text_is_recognized(text in "[a-z]{3,9}( [a-z]{3,9}){0,20}", level in 0_u8..=9) {
        let parameters = SenderParameters { no_context_takeover: true, window_bits: 15 };
        let payload = Deflater::new(parameters, level).deflate(text.as_bytes()).to_vec();
        // The first byte of some payloads begins a valid header, too.
        if starts_wrong(&payload) {
            prop_assert_eq!(read(&payload), Some(format!("raw DEFLATE: {text}")));
        }
    }
}
