//! Lengths, masks, and frames in pieces (RFC 6455 sections 5.1 and 5.2).

use super::script::{head, noise, text};
use super::{BINARY, Case, PING, TEXT, check_cases};

#[test]
fn messages_with_each_form_of_length_are_echoed() {
    let mut cases = Vec::new();
    for size in [
        0, 1, 124, 125, 126, 127, 128, 254, 65534, 65535, 65536, 65537,
    ] {
        for (kind, first, payload) in [("text", TEXT, text(size)), ("binary", BINARY, noise(size))]
        {
            let case = |how| Case::new(format!("{kind} of {size}, {how}")).echoed(first, &payload);
            cases.push(case("at once").closed_normally());
            cases.push(case("byte by byte").closed_normally().in_pieces_of(1));
        }
    }
    for (name, key) in [
        ("zero", [0; 4]),
        ("ones", [0xff; 4]),
        ("odd", [1, 0, 0xfe, 0x80]),
    ] {
        let masked: Vec<u8> = b"Hello!"
            .iter()
            .zip(key.iter().cycle())
            .map(|(a, b)| a ^ b)
            .collect();
        let bytes = [&head(TEXT, 6)[..], &key, &masked].concat();
        let case = Case::new(format!("a masking key of {name}"));
        cases.push(
            case.bytes(&bytes)
                .receives(TEXT, b"Hello!")
                .closed_normally(),
        );
    }
    let mut many = Case::new("a thousand messages in one write");
    for number in 0..1000_u32 {
        many = many.echoed(TEXT, number.to_string().as_bytes());
    }
    cases.push(many.closed_normally());
    check_cases(&[], &cases, 52);
}

#[test]
fn invalid_lengths_and_masks_are_refused() {
    let forms: [(&str, &[u8]); 8] = [
        ("0 in 16 bits", b"\x81\xfe\x00\x00"),
        ("125 in 16 bits", b"\x82\xfe\x00\x7d"),
        ("0 in 64 bits", b"\x81\xff\0\0\0\0\0\0\0\0"),
        ("126 in 64 bits", b"\x81\xff\0\0\0\0\0\0\0\x7e"),
        ("65535 in 64 bits", b"\x82\xff\0\0\0\0\0\0\xff\xff"),
        ("the highest bit", b"\x82\xff\x80\0\0\0\0\0\0\x01"),
        ("all bits", b"\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
        ("a ping's length in 16 bits", b"\x89\xfe\x00\x05"),
    ];
    let mut cases = Vec::new();
    for (name, bytes) in forms {
        let key = b"\0\0\0\0";
        let case = || Case::new(name).bytes(bytes).bytes(key).fails(1002);
        cases.extend([case(), case().in_pieces_of(1)]);
    }
    for (name, bytes) in [
        ("a text without a mask", &b"\x81\x05Hello"[..]),
        ("an empty text without a mask", b"\x81\x00"),
        ("a ping without a mask", b"\x89\x00"),
        ("a close without a mask", b"\x88\x02\x03\xe8"),
        (
            "the header of a long binary without a mask",
            b"\x82\x7f\0\0\0\0\0\x01\0\0",
        ),
    ] {
        cases.push(Case::new(name).bytes(bytes).fails(1002));
        let after_others = Case::new(format!("{name}, after others"));
        let others = after_others
            .echoed(TEXT, b"first")
            .frame(PING, b"2")
            .receives(super::PONG, b"2");
        cases.push(others.bytes(bytes).fails(1002));
    }
    check_cases(&[], &cases, 26);
}
