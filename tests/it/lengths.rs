//! Lengths over 32 and over 63 bits, in a header alone and with the whole payload.

use crate::helpers::client::frame;
use crate::helpers::run::{check, shell, wsctl};
use crate::helpers::server::Server;
use wsctl::notation::Notation;
use wsctl::ws::{FrameHeader, Opcode};

/// Lengths at which a 32-bit or a signed number would overflow. Their payloads are never sent in full.
const LENGTHS: [u64; 6] = [
    u32::MAX as u64,
    1 << 32,
    (1 << 32) + 1,
    (1 << 63) - 1,
    1 << 63,
    u64::MAX,
];

/// The header of a binary frame of this length, and four bytes of payload.
fn header_and_four_bytes(length: u64, masked: bool) -> Vec<u8> {
    let second = if masked { 0xff } else { 0x7f };
    let key: &[u8] = if masked { &[1, 2, 3, 4] } else { &[] };
    [&[0x82, second], &length.to_be_bytes()[..], key, b"abcd"].concat()
}

#[test]
fn lengths_are_encoded_and_decoded() {
    for length in LENGTHS {
        let header = FrameHeader::new(Opcode::BINARY, length);
        let bytes = header_and_four_bytes(length, false);
        assert_eq!(*header.encode(), bytes[..10]);
        assert_eq!(FrameHeader::parse(&bytes), Ok((header, 10)));
    }
}

#[test]
fn decode_reports_how_many_bytes_are_missing() {
    for length in LENGTHS {
        let bytes = hex(&header_and_four_bytes(length, false));
        let outcome = wsctl(["decode", "-f", "frames", &bytes]);
        let line = format!("< binary \"abcd\" [4 of {length} bytes]\n");
        assert_eq!(outcome.text(), line);
        let told = outcome.stderr.split_whitespace().collect::<Vec<_>>();
        let told = told.join(" ");
        let expected = if length < 1 << 63 {
            let missing = length - 4;
            format!("warning[len-beyond-data]: {missing} of {length} payload bytes missing")
        } else {
            format!("error[len64-msb]: payload length {length} has its highest bit set")
        };
        assert!(told.starts_with(&expected), "{told}");
        assert_eq!(outcome.status, 1);
        for format in ["text", "fields", "json", "raw"] {
            let outcome = wsctl(["decode", "-f", format, &bytes]);
            assert_eq!(outcome.status, 1, "{format}");
        }
    }
}

#[test]
fn encode_accepts_any_fragment_size() {
    let fits = |length: &&u64| usize::try_from(**length).is_ok();
    for length in LENGTHS.iter().filter(fits) {
        check(&format!("encode --fragment {length} hi"), "81026869\n");
    }
}

#[test]
fn serve_refuses_a_length_when_the_header_arrives() {
    let server = Server::start(&["-q"]);
    for length in LENGTHS {
        let answer = server.answer_to(&header_and_four_bytes(length, true));
        let code: u16 = if length < 1 << 63 { 1009 } else { 1002 };
        assert_eq!(answer[0], 0x88, "{length}");
        assert_eq!(answer[2..4], code.to_be_bytes(), "{length}");
    }
}

#[test]
fn serve_without_a_limit_waits_for_the_payload() {
    let most = usize::MAX.to_string();
    let server = Server::start(&["-q", "--max-message", &most]);
    let waiting = LENGTHS[..4]
        .iter()
        .map(|length| server.open_with(&header_and_four_bytes(*length, true)));
    let waiting: Vec<_> = waiting.collect();
    let answer = server.answer_to(&[frame(0x82, b"hi"), frame(0x88, b"")].concat());
    assert_eq!(answer, b"\x82\x02hi\x88\0");
    drop(waiting);
    assert_eq!(server.stop(), 0);
}

/// The program may use an address space of 64 MiB.
#[cfg(target_os = "linux")]
#[test]
fn a_frame_of_more_than_4_gib_is_unmasked_in_pieces() {
    assert_eq!(
        shell(
            r"ulimit -v 65536
{ printf '\202\377\0\0\0\1\0\0\0\5abcd'; head -c 4294967301 /dev/zero; printf '\201\202dcba\14\12'; } |
    wsctl decode -f frames"
        ),
        "> binary \"abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdab\" … \"dabcdabcdabcdabcda\" \
         [4294967301 bytes, masked 61626364]\n\
         > text \"hi\" [2 bytes, masked 64636261]\n"
    );
}

fn hex(bytes: &[u8]) -> String {
    String::from_utf8(Notation::Hex.write(bytes)).unwrap()
}
