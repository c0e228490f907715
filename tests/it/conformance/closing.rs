//! The closing handshake (RFC 6455 sections 5.5.1 and 7).

use std::io::{Read as _, Write as _};

use super::{CLOSE, Case, PING, PONG, TEXT, check_cases, frame};
use crate::helpers::server::Server;

/// The payload of a close frame.
fn close_payload(code: u16, reason: &[u8]) -> Vec<u8> {
    [&code.to_be_bytes()[..], reason].concat()
}

#[test]
fn valid_codes_and_reasons_are_echoed() {
    let mut cases = vec![
        Case::new("no payload").close_echoed(b""),
        Case::new("no payload, byte by byte")
            .close_echoed(b"")
            .in_pieces_of(1),
    ];
    let given = (1000..=1003).chain(1007..=1014);
    for code in given.chain([3000, 3001, 3999, 4000, 4001, 4999]) {
        let name = |what| format!("{code} {what}");
        let alone = Case::new(name("alone"));
        cases.push(alone.close_echoed(&close_payload(code, b"")));
        let reason = Case::new(name("with a reason"));
        cases.push(
            reason
                .close_echoed(&close_payload(code, "Grüße".as_bytes()))
                .in_pieces_of(1),
        );
    }
    for size in [1, 2, 122, 123] {
        let case = Case::new(format!("a reason of {size}"));
        cases.push(case.close_echoed(&close_payload(1000, &vec![b'*'; size])));
    }
    let after_others = Case::new("after a text and a ping")
        .echoed(TEXT, b"a")
        .frame(PING, b"b");
    cases.push(
        after_others
            .receives(PONG, b"b")
            .close_echoed(b"\x0f\xa1bye"),
    );
    check_cases(&[], &cases, 43);
}

#[test]
fn invalid_codes_fail_the_connection() {
    let mut cases = Vec::new();
    for code in [
        0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1017, 1100, 1999, 2000, 2999, 5000, 5001, 9999,
        65535,
    ] {
        let case = |what, reason: &[u8]| {
            let case = Case::new(format!("{code} {what}"));
            case.frame(CLOSE, &close_payload(code, reason)).fails(1002)
        };
        cases.extend([
            case("alone", b""),
            case("with a reason", b"bye").in_pieces_of(1),
        ]);
    }
    for byte in [0x00, 0x03, 0xff] {
        let case = Case::new(format!("one byte {byte}")).frame(CLOSE, &[byte]);
        cases.push(case.fails(1002));
    }
    let long = Case::new("a reason of 124").frame(CLOSE, &close_payload(1000, &[b'*'; 124]));
    cases.push(long.fails(1002));
    for (name, reason) in [
        ("one wrong byte", &b"\xff"[..]),
        ("a surrogate", b"ok \xed\xa0\x80"),
        ("an overlong slash", b"\xc0\xaf"),
        ("a cut character", b"ends \xe4\xbd"),
        ("beyond the last character", b"\xf4\x90\x80\x80"),
    ] {
        let case = |how| Case::new(format!("a reason with {name}, {how}"));
        let refused = |case: Case| case.frame(CLOSE, &close_payload(1000, reason)).fails(1007);
        cases.extend([
            refused(case("at once")),
            refused(case("byte by byte")).in_pieces_of(1),
        ]);
    }
    check_cases(&[], &cases, 48);
}

#[test]
fn frames_after_a_close_frame_are_not_answered() {
    let closed = |name| Case::new(name).frame(CLOSE, b"\x03\xe8").ended(b"\x03\xe8");
    let cases = [
        closed("a second close").frame(CLOSE, b"\x03\xe8"),
        closed("a second close of another code").frame(CLOSE, b"\x0f\xa0"),
        closed("a ping").frame(PING, b"still there?"),
        closed("a pong").frame(PONG, b""),
        closed("a text").frame(TEXT, b"one more thing"),
        closed("a wrong frame").frame(0xff, b"?"),
        closed("a text, byte by byte")
            .frame(TEXT, b"one more thing")
            .in_pieces_of(1),
        closed("all of them")
            .frame(TEXT, b"a")
            .frame(PING, b"b")
            .frame(CLOSE, b"")
            .frame(0xb3, b""),
        Case::new("the rest of a message")
            .frame(0x01, b"begun")
            .frame(CLOSE, b"\x03\xe8")
            .frame(0x80, b"done")
            .ended(b"\x03\xe8"),
        Case::new("a ping, after a large message")
            .echoed(TEXT, &vec![b'x'; 256 << 10])
            .frame(CLOSE, b"\x03\xe8")
            .frame(PING, b"still there?")
            .ended(b"\x03\xe8"),
        closed("256 KiB of text").frame(TEXT, &vec![b'x'; 256 << 10]),
        closed("bytes that are not frames").bytes(b"GET / HTTP/1.1\r\n\r\n"),
    ];
    check_cases(&[], &cases, 12);
}

#[test]
fn two_close_frames_that_cross_end_the_connection() {
    let server = Server::start(&["-q"]);
    let mut stream = server.connect();
    super::open_connection(&stream.try_clone().unwrap(), &mut stream, "");
    // The pong shows that the connection is open before the server is stopped.
    stream.write_all(&frame(PING, b"")).unwrap();
    assert_eq!(super::read_frame(&mut stream), Ok((PONG, Vec::new())));
    server.interrupt();
    // This close frame crosses the server's; it is not an answer to it.
    stream.write_all(&frame(CLOSE, b"\x0f\xa1mine")).unwrap();
    let (first, payload) = super::read_frame(&mut stream).unwrap();
    assert_eq!(first, CLOSE);
    assert!([&b"\x03\xe9"[..], b"\x0f\xa1mine"].contains(&payload.as_slice()));
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    assert_eq!(rest, b"");
}
