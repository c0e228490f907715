use super::*;

const HELLO: &[u8] = b"\x81\x05Hello";

fn all(text: &str) -> Vec<Reading> {
    let run = run(text).unwrap_or_else(|| panic!("{text} is no run"));
    assert_eq!(run.end, text.len(), "{text}");
    readings(run.words(text))
}

#[test]
fn hexadecimal_in_many_forms() {
    for text in [
        "81 05 48 65 6c 6c 6f",
        "810548656c6c6f",
        "8105 4865 6c6c 6f",
        "81 5 48 65 6c 6c 6f",
        "ffffff81 5 48 65 6c 6c 6f",
        "0xffffff81 0x5 0x48 0x65 0x6c 0x6c 0x6f",
        "81h 05h 48h 65h 6ch 6ch 6fh",
        "81h, 05h, 48h, 65h, 6ch, 6ch, 6fh",
        "$81 $05 $48 $65 $6c $6c $6f",
        "%81%05%48%65%6c%6c%6f",
        "81|05|48|65|6c|6c|6f",
        "#81 #05 #48 #65 #6c #6c #6f",
        "81-05-48-65-6c-6c-6f",
        "81:05:48:65:6C:6C:6F",
        "81; 05; 48; 65; 6c; 6c; 6f",
        "81.05.48.65.6c.6c.6f",
        "ffffff810548656c6c6f",
        "0xffffff810x050x480x650x6c0x6c0x6f",
        "0x810x050x480x650x6c0x6c0x6f",
        "16#81, 16#05, 16#48, 16#65, 16#6c, 16#6c, 16#6f",
        "U+0081 U+0005 U+0048 U+0065 U+006C U+006C U+006F",
        "8'h81, 8'h05, 8'h48, 8'h65, 8'h6C, 8'h6C, 8'h6F",
        "8'h81,8'h5,8'h48,8'h65,8'h6c,8'h6c,8'h6f",
    ] {
        let readings = all(text);
        assert!(
            readings.iter().any(|reading| reading.bytes == HELLO),
            "{text}: {readings:?}"
        );
    }
}

#[test]
fn binary_and_decimal_numbers() {
    for text in [
        "10000001 00000101 01001000 01100101 01101100 01101100 01101111",
        "0b10000001, 0b00000101, 0b01001000, 0b01100101, 0b01101100, 0b01101100, 0b01101111",
        "0b10000001,0b101,0b1001000,0b1100101,0b1101100,0b1101100,0b1101111",
        "129.5.72.101.108.108.111",
        "129 5 72 101 108 108 111",
        "129, 5, 72, 101, 108, 108, 111",
        "-127 5 72 101 108 108 111",
        "-127, 5, 72, 101, 108, 108, 111",
    ] {
        assert_eq!(
            all(text).first().map(|reading| &*reading.bytes),
            Some(HELLO),
            "{text}"
        );
    }
}

#[test]
fn digits_may_allow_two_readings() {
    let readings = all("81 10 20");
    let bytes: Vec<&[u8]> = readings.iter().map(|reading| &*reading.bytes).collect();
    assert_eq!(bytes, [&b"\x81\x10\x20"[..], &[81, 10, 20]]);
}

#[test]
fn a_run_ends_where_a_word_begins() {
    let end = |text: &str| run(text).map(|run| run.end);
    assert_eq!(end("81 05 from"), Some(5));
    assert_eq!(end("81 05  ..Hello"), Some(5));
    assert_eq!(end("127.0.0.1"), None);
    assert_eq!(end("1.81.5.0"), None);
    assert_eq!(end("fe.ed.be.ef.ca.fe.example"), None);
    assert_eq!(end("10/11"), None);
    assert_eq!(end("8a3x"), None);
    assert_eq!(end("81 05."), Some(5));
    assert_eq!(end("Hello"), None);
}
