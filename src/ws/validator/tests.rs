use super::*;
use crate::ws::{FrameDecoder, FramePart, InputBuf};

/// Validates a stream, at once and byte by byte, and lists the violations.
#[track_caller]
fn validate(sender: Option<Role>, bytes: &[u8]) -> Vec<String> {
    let whole = validate_pieces(sender, bytes, bytes.len().max(1));
    assert_eq!(validate_pieces(sender, bytes, 1), whole);
    whole
}

fn validate_pieces(sender: Option<Role>, bytes: &[u8], size: usize) -> Vec<String> {
    let mut decoder = FrameDecoder::default();
    let mut validator = FrameValidator::new(sender);
    let mut found = Vec::new();
    for piece in bytes.to_vec().chunks_mut(size) {
        let mut unread = InputBuf::new(piece);
        while let Some(part) = decoder.next(&mut unread) {
            match part {
                FramePart::Header { offset, header } => {
                    validator.validate_header(offset, &header, &mut found);
                }
                FramePart::Payload(piece) => validator.validate_payload(piece, &mut found),
                FramePart::End => validator.validate_end(&mut found),
            }
        }
    }
    found
        .iter()
        .map(|violation| {
            let Violation {
                rule,
                frame,
                offset,
                length,
            } = violation;
            let section = rule.reference().section;
            format!(
                "{frame}@{offset}+{length} §{section} {} {rule}",
                rule.close_code().0
            )
        })
        .collect()
}

const CLIENT: Option<Role> = Some(Role::Client);
const SERVER: Option<Role> = Some(Role::Server);

#[test]
fn the_examples_of_section_5_7_break_nothing() {
    let nothing: [&str; 0] = [];
    assert_eq!(
        validate(SERVER, b"\x81\x05Hello\x01\x03Hel\x80\x02lo\x89\x05Hello"),
        nothing
    );
    let masked =
        b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
    assert_eq!(validate(CLIENT, masked), nothing);
}

#[test]
fn a_header_can_break_three_rules() {
    assert_eq!(
        validate(None, b"\xf3\x7e\x00\x05Hello"),
        [
            "1@0+1 §5.2 1002 RSV1, RSV2, RSV3 are set, but no negotiated extension defines them",
            "1@0+1 §5.2 1002 opcode 3 is reserved",
            "1@1+3 §5.2 1002 payload length 5 uses the 16-bit form, but must use the 7-bit form",
        ]
    );
}

#[test]
fn masking_depends_on_the_sender() {
    assert_eq!(
        validate(CLIENT, b"\x89\x00"),
        ["1@1+1 §5.1 1002 a frame from the client is not masked"]
    );
    assert_eq!(
        validate(SERVER, b"\x89\x80abcd"),
        ["1@1+1 §5.1 1002 a frame from the server is masked"]
    );
    assert_eq!(validate(None, b"\x89\x00\x89\x80abcd"), [""; 0]);
}

#[test]
fn a_length_uses_its_shortest_form_and_63_bits() {
    assert_eq!(
        validate(None, b"\x81\x7f\0\0\0\0\0\0\xff\xff"),
        ["1@1+9 §5.2 1002 payload length 65535 uses the 64-bit form, but must use the 16-bit form"]
    );
    assert_eq!(
        validate(None, b"\x82\x7f\x80\0\0\0\0\0\0\0"),
        [
            "1@1+9 §5.2 1002 payload length 9223372036854775808 has its highest bit set, but this bit must be 0"
        ]
    );
    assert_eq!(
        validate(None, b"\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff"),
        [""; 0]
    );
    assert_eq!(validate(None, b"\x82\x7e\0\x7e"), [""; 0]);
}

#[test]
fn a_control_frame_is_unfragmented_and_at_most_125_bytes() {
    assert_eq!(
        validate(None, b"\x09\x7e\x00\x7e"),
        [
            "1@0+1 §5.5 1002 a control frame (ping) has FIN 0, but must not be fragmented",
            "1@1+3 §5.5 1002 a control frame (ping) has 126 bytes of payload, but may have at most 125",
        ]
    );
    assert_eq!(
        validate(None, b"\x8b\x00"),
        ["1@0+1 §5.2 1002 opcode 11 is reserved"]
    );
}

#[test]
fn continuations_and_new_messages_are_checked_against_the_open_message() {
    assert_eq!(
        validate(None, b"\x80\x00"),
        ["1@0+1 §5.4 1002 a continuation frame has no message to continue"]
    );
    assert_eq!(
        validate(None, b"\x01\x03Hel\x89\x00\x82\x02lo\x81\x00"),
        ["3@7+1 §5.4 1002 a binary frame starts a message, but the previous message is unfinished"]
    );
}

#[test]
fn a_close_frame_has_an_allowed_code_a_utf8_reason_and_comes_last() {
    assert_eq!(
        validate(None, b"\x88\x01\x03"),
        ["1@2+1 §5.5.1 1002 a close frame has 1 byte of payload, but a close code is 2 bytes"]
    );
    assert_eq!(
        validate(None, b"\x88\x02\x03\xed"),
        ["1@2+2 §7.4.1 1002 close code 1005 (no status received) must not be sent"]
    );
    assert_eq!(
        validate(None, b"\x88\x05\x13\x88a\xffb"),
        [
            "1@2+2 §7.4.2 1002 close code 5000 must not be sent",
            "1@5+1 §8.1 1007 the close reason is not UTF-8",
        ]
    );
    assert_eq!(
        validate(None, b"\x88\x02\x03\xe8\x89\x00\x81\x05Hello"),
        ["3@6+1 §5.5.1 1002 a data frame (text) was sent after a close frame"]
    );
    assert_eq!(validate(None, b"\x88\x00"), [""; 0]);
}

#[test]
fn a_text_is_validated_across_its_fragments() {
    assert_eq!(
        validate(None, b"\x01\x04\xe4\xbd\xa0\xe5\x89\x00\x80\x02\xa5\xbd"),
        [""; 0]
    );
    assert_eq!(
        validate(None, b"\x01\x04\xe4\xbd\xa0\xe5\x80\x01!\x81\x01\xff"),
        [
            "2@5+1 §8.1 1007 the text is not UTF-8",
            "3@11+1 §8.1 1007 the text is not UTF-8",
        ]
    );
    assert_eq!(
        validate(None, b"\x81\x02a\xe4"),
        ["1@3+1 §8.1 1007 the text is not UTF-8"]
    );
    assert_eq!(validate(None, b"\x82\x01\xff"), [""; 0]);
}

#[test]
fn with_deflate_rsv1_is_allowed_on_the_first_frame_of_a_message() {
    let validate = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        let mut decoder = FrameDecoder::default();
        let mut validator = FrameValidator::new(None).with_deflate(true);
        let mut found = Vec::new();
        let mut unread = InputBuf::new(&mut bytes);
        while let Some(part) = decoder.next(&mut unread) {
            if let FramePart::Header { offset, header } = part {
                validator.validate_header(offset, &header, &mut found);
            }
        }
        let line = |found: &Violation| format!("{} {found}", found.rule.reference());
        found.iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(validate(b"\x41\x00\x89\x00\x80\x00\xc2\x00"), [""; 0]);
    assert_eq!(
        validate(b"\x41\x00\xc9\x00\xc0\x00"),
        [
            "RFC 7692 section 6.1 RSV1 is set on a frame (ping), but only the first \
                 frame of a message may set it",
            "RFC 7692 section 6.1 RSV1 is set on a frame (continuation), but only the \
                 first frame of a message may set it",
        ]
    );
    assert_eq!(
        validate(b"\xf2\x00"),
        ["RFC 6455 section 5.2 RSV2, RSV3 are set, but no negotiated extension defines them"]
    );
}

#[test]
fn the_utf8_of_a_compressed_text_is_not_validated() {
    assert_eq!(validate(None, b"\xc1\x01\xff").len(), 1);
}

#[test]
fn plain_frames_may_come_between_messages_only() {
    let mut validator = FrameValidator::new(SERVER);
    let mut begin = |first: u8| {
        let (header, _) = FrameHeader::parse(&[first, 0]).unwrap();
        validator.begin_frame(0, &header);
        validator.expected_plain(125).is_some()
    };
    assert!(begin(0x81));
    assert!(!begin(0x01), "a message is open");
    assert!(!begin(0x89), "a ping does not end it");
    assert!(begin(0x80));
    assert!(!begin(0x88), "a close frame was sent");
}

#[test]
fn each_data_frame_after_any_close_frame_is_a_violation() {
    assert_eq!(
        validate(SERVER, b"\x08\x00\x81\x00\x01\x00"),
        [
            "1@0+1 §5.5 1002 a control frame (close) has FIN 0, but must not be fragmented",
            "2@2+1 §5.5.1 1002 a data frame (text) was sent after a close frame",
            "3@4+1 §5.5.1 1002 a data frame (text) was sent after a close frame",
        ]
    );
}

#[test]
fn each_close_frame_has_a_reason_of_its_own() {
    assert_eq!(
        validate(SERVER, b"\x88\x03\x03\xe8\xe4\x88\x03\x03\xe8a"),
        ["1@4+1 §8.1 1007 the close reason is not UTF-8"]
    );
}

#[test]
fn the_place_of_a_close_payload_is_after_the_masking_key() {
    assert_eq!(
        validate(CLIENT, b"\x88\x81\x01\x02\x03\x04\x05"),
        ["1@6+1 §5.5.1 1002 a close frame has 1 byte of payload, but a close code is 2 bytes"]
    );
    assert_eq!(
        validate(CLIENT, b"\x88\x82\x00\x00\x00\x00\x03\xec"),
        ["1@6+2 §7.4.1 1002 close code 1004 (reserved) must not be sent"]
    );
}
