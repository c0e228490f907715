use super::*;
use crate::notation::testing::{DecodeResult, outcome};
use proptest::prelude::*;

fn bytes(text: &str) -> DecodeResult {
    outcome(read, text)
}

#[track_caller]
fn check(text: &str, expected: &[u8]) {
    assert!(looks_like(text.as_bytes()), "{text}");
    assert_eq!(bytes(text), Ok(expected.to_vec()), "{text}");
}

const FRAME: &[u8] = b"\x81\x12Hello, hexdump -C";

#[test]
fn dumps_of_many_tools() {
    check(
        "00000000: 8112 4865 6c6c 6f2c 2068 6578 6475 6d70  ..Hello, hexdump\n\
             00000010: 202d 43                                   -C\n",
        FRAME,
    );
    check(
        "00000000  81 12 48 65 6c 6c 6f 2c  20 68 65 78 64 75 6d 70  |..Hello, hexdump|\n\
             00000010  20 2d 43                                          | -C|\n\
             00000013",
        FRAME,
    );
    check(
        "\t0x0000:  8112 4865 6c6c 6f2c 2068 6578 6475 6d70  ..Hello,.hexdump\n\
             \t0x0010:  202d 43                                  .-C"
            .replace(".hex", " hex")
            .replace(".-C", " -C")
            .as_str(),
        FRAME,
    );
    check(
        "0000   81 12 48 65 6c 6c 6f 2c 20 68 65 78 64 75 6d 70   ..Hello, hexdump\n\
             0010   20 2d 43                                           -C\n",
        FRAME,
    );
    check(
        "0000000 81 12 48 65 6c 6c 6f 2c 20 68 65 78 64 75 6d 70\n\
             0000020 20 2d 43\n0000023\n",
        FRAME,
    );
    check(
        "00000000: 8187 0ec3 f3cd 3bf6 c6f8 3bf6 c6         ......;...;..",
        b"\x81\x87\x0e\xc3\xf3\xcd;\xf6\xc6\xf8;\xf6\xc6",
    );
    check("000000 81 02 5b 7d  >..[}<\n000004", b"\x81\x02[}");
}

#[test]
fn words_in_the_order_of_a_machine_are_refused() {
    let words = "0000000 0581 6548 6c6c 006f\n0000007\n";
    assert!(begins(words.as_bytes()) && !looks_like(words.as_bytes()));
    let (kept, message) = bytes(words).unwrap_err();
    assert!(kept.is_empty());
    assert!(
        message.starts_with("line 1, column 9: expected bytes one by one"),
        "{message}"
    );
}

#[test]
fn characters_that_look_like_bytes_are_none() {
    check(
        "00000000: 8104 6162 6364                            ..abcd",
        b"\x81\x04abcd",
    );
    check("0000  81 06 61 62 20 63 64 20  ..ab cd ", b"\x81\x06ab cd ");
    check("0000  61 62 63 64  abcd", b"abcd");
    check("0000  33 33 33 33  3333", b"3333");
}

#[test]
fn equal_lines_may_be_omitted_bytes() {
    let zeros = "00 ".repeat(16);
    check(
        &format!("00000000  {zeros} |{}|\n*\n00000040", ".".repeat(16)),
        &[0; 64],
    );
}

#[test]
fn offsets_may_be_octal_or_decimal() {
    let zeros = " 00".repeat(16);
    let end = [&[0; 16][..], &[0x81, 0]].concat();
    check(
        &format!("0000000{zeros}\n*\n0000100 00 00\n0000102\n"),
        &[0; 66],
    );
    check(
        &format!("0000000{zeros}\n0000020{zeros}\n*\n0000100\n"),
        &[0; 64],
    );
    check(&format!("0000000{zeros}\n0000016 81 00\n0000018\n"), &end);
    let row = "0000 ".repeat(8);
    check(
        &format!("00000000: {row} ................\n00000016: 8100  .."),
        &end,
    );
}

#[test]
fn what_was_omitted_bytes_is_whole_rows_before_an_offset() {
    let (_, message) = bytes("00000000: 8103 4142 43  ..ABC\n*").unwrap_err();
    let expected = "line 2, column 1: expected an offset after the lines left out, found `*`";
    assert_eq!(message, expected);
    assert!(bytes("00000000: 8103  ..\n*\n00000005").is_err());
}

#[test]
fn addresses_of_a_debugger_are_offsets() {
    check("0x7fffffffe000:\t0x82\t0x05\t0x48", b"\x82\x05H");
}

#[test]
fn a_broken_dump_begins_like_one() {
    for text in [
        "00000000: 81 05 48 65\n00000010: 6c 6c 6f",
        "00000000  81 05 48 65\n00000010  6c 6c 6f",
        "0000: 81 05 48\n0010: 65 6c",
    ] {
        assert!(
            begins(text.as_bytes()) && !looks_like(text.as_bytes()),
            "{text}"
        );
    }
    for text in [
        "8103 3333 33",
        "8000 8000\n8002 8000",
        "81:05:48",
        "818537f",
    ] {
        assert!(!begins(text.as_bytes()), "{text}");
    }
    assert!(could_be_row(b"0000   81 05 48"));
}

#[test]
fn a_long_row_takes_no_square_of_its_time() {
    let space = " ".repeat(600_000);
    for (pair, end) in [("81 ", ""), ("20 ", ""), ("20 ", "z"), ("81 ", &space)] {
        let text = format!("deadbeef {}{end}", pair.repeat(200_000));
        let is_read = read(text.as_bytes(), 0, &mut Vec::new()).is_ok();
        assert_eq!(is_read, end != "z");
    }
}

#[test]
fn what_is_no_dump_any_more() {
    let (kept, message) = bytes("00000000: 8102 6869  ..hi\n00000005: 8102 6869").unwrap_err();
    assert_eq!(kept, b"\x81\x02hi");
    assert_eq!(
        message,
        "line 2, column 1: expected an offset that goes on where the line before ended, found `0`"
    );
    let (_, message) = bytes("0000: 8102 zz").unwrap_err();
    assert_eq!(
        message,
        "column 12: expected bytes in hexadecimal, then their characters, found `z`"
    );
}

#[test]
fn plain_hexadecimal_is_no_dump() {
    assert!(!looks_like(b"8105 4865 6c6c 6f"));
    assert!(!looks_like(b"0000 8105"));
    assert!(!looks_like(b"81:05"));
}

#[test]
fn written_as_hexdump_writes_it() {
    assert_eq!(
        write(FRAME),
        "00000000  81 12 48 65 6c 6c 6f 2c  20 68 65 78 64 75 6d 70  |..Hello, hexdump|\n\
             00000010  20 2d 43                                          | -C|\n\
             00000013"
    );
}

proptest! {
    #[test]
    fn any_dump_comes_back(bytes in prop::collection::vec(
        prop_oneof![any::<u8>(), b'0'..=b'9', Just(b' '), Just(b'a')], 1..80)
    ) {
        let mut read_back = Vec::new();
        prop_assert_eq!(read(write(&bytes).as_bytes(), 0, &mut read_back), Ok(()));
        prop_assert_eq!(&read_back, &bytes);
    }
}
