//! Lengths beyond 32 bits and beyond 63: said by a header, and really sent.

use crate::helpers::client::frame;
use crate::helpers::run::{check, shell, wsctl};
use crate::helpers::server::Server;
use wsctl::notation::Notation;
use wsctl::ws::{FrameHeader, Opcode};

/// Where a number of 32 bits, or one with a sign, would be cut; none of them ever comes whole.
const LENGTHS: [u64; 6] = [
    u32::MAX as u64,
    1 << 32,
    (1 << 32) + 1,
    (1 << 63) - 1,
    1 << 63,
    u64::MAX,
];

/// The header of a binary frame that says this length, and four bytes behind it.
fn beginning(length: u64, masked: bool) -> Vec<u8> {
    let second = if masked { 0xff } else { 0x7f };
    let key: &[u8] = if masked { &[1, 2, 3, 4] } else { &[] };
    [&[0x82, second], &length.to_be_bytes()[..], key, b"abcd"].concat()
}

#[test]
fn a_length_is_written_and_read_as_it_is() {
    for length in LENGTHS {
        let header = FrameHeader::new(Opcode::BINARY, length);
        let octets = beginning(length, false);
        assert_eq!(*header.encode(), octets[..10]);
        assert_eq!(FrameHeader::parse(&octets), Ok((header, 10)));
    }
}

#[test]
fn decode_says_how_much_is_missing() {
    for length in LENGTHS {
        let octets = hex(&beginning(length, false));
        let outcome = wsctl(["decode", "-f", "frames", &octets]);
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
            let outcome = wsctl(["decode", "-f", format, &octets]);
            assert_eq!(outcome.status, 1, "{format}");
        }
    }
}

#[test]
fn encode_takes_any_size_of_fragments() {
    let fits = |length: &&u64| usize::try_from(**length).is_ok();
    for length in LENGTHS.iter().filter(fits) {
        check(&format!("encode --fragment {length} hi"), "81026869\n");
    }
}

#[test]
fn serve_refuses_a_length_as_soon_as_it_is_said() {
    let server = Server::start(&["-q"]);
    for length in LENGTHS {
        let answer = server.answer_to(&beginning(length, true));
        let code: u16 = if length < 1 << 63 { 1009 } else { 1002 };
        assert_eq!(answer[0], 0x88, "{length}");
        assert_eq!(answer[2..4], code.to_be_bytes(), "{length}");
    }
}

#[test]
fn serve_without_a_limit_waits_for_what_was_said() {
    let most = usize::MAX.to_string();
    let server = Server::start(&["-q", "--max-message", &most]);
    let waiting = LENGTHS[..4]
        .iter()
        .map(|length| server.open_with(&beginning(*length, true)));
    let waiting: Vec<_> = waiting.collect();
    let answer = server.answer_to(&[frame(0x82, b"hi"), frame(0x88, b"")].concat());
    assert_eq!(answer, b"\x82\x02hi\x88\0");
    drop(waiting);
    assert_eq!(server.stop(), 0);
}

/// In an address space of 64 MiB.
#[cfg(target_os = "linux")]
#[test]
fn a_frame_of_more_than_4_gib_is_unmasked_as_it_comes() {
    assert_eq!(
        shell(
            r"ulimit -v 65536
{ printf '\202\377\0\0\0\1\0\0\0\5abcd'; head -c 4294967301 /dev/zero; printf '\201\202dcba\14\12'; } |
    wsctl decode -f frames"
        ),
        "< binary \"abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdab\" … \"dabcdabcdabcdabcda\" \
         [4294967301 bytes, masked 61626364]\n\
         < text \"hi\" [2 bytes, masked 64636261]\n"
    );
}

fn hex(octets: &[u8]) -> String {
    String::from_utf8(Notation::Hex.write(octets)).unwrap()
}
