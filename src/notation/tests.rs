use super::*;
use proptest::prelude::*;

/// A frame as a server printed it, in each notation that is read.
const FRAME: &[u8] = b"\x81\x87\x0e\xc3\xf3\xcd;\xf6\xc6\xf8;\xf6\xc6";

#[track_caller]
fn check(text: &str, notation: Notation, expected: &[u8]) {
    assert_eq!(Notation::guess(text.as_bytes()), notation);
    let mut bytes = Vec::new();
    assert_eq!(notation.read(text.as_bytes(), &mut bytes), Ok(()));
    assert_eq!(bytes, expected);
}

#[test]
fn the_same_frame_in_many_notations() {
    check("81870ec3f3cd3bf6c6f83bf6c6", Notation::Hex, FRAME);
    check(
        "81 87 0E C3 f3 cd 3b f6 c6 f8 3b f6 c6\n",
        Notation::Hex,
        FRAME,
    );
    check(
        "81:87:0e:c3:f3:cd:3b:f6:c6:f8:3b:f6:c6",
        Notation::Hex,
        FRAME,
    );
    check(
        "0x81,0x87, 0x0e,0xc3f3cd 3bf6c6f8\n3bf6c6",
        Notation::Hex,
        FRAME,
    );
    check(
        r"\x81 \x87 \x0e \xc3 \xf3 \xcd \x3b \xf6 \xc6 \xf8 \x3b \xf6 \xc6",
        Notation::Hex,
        FRAME,
    );
    check(
        r"b'\x81\x87\x0e\xc3\xf3\xcd;\xf6\xc6\xf8;\xf6\xc6'",
        Notation::Python,
        FRAME,
    );
    check(
        r#"  b"\x81\x87\x0e\xc3\xf3\xcd;\xf6\xc6\xf8;\xf6\xc6""#,
        Notation::Python,
        FRAME,
    );
    check(
        r"b\x81\x87\x0e\xc3\xf3\xcd;\xf6\xc6\xf8;\xf6\xc6",
        Notation::Python,
        FRAME,
    );
    check(
        r"bytearray(b'\x81\x87\x0e\xc3\xf3\xcd;\xf6\xc6\xf8;\xf6\xc6')",
        Notation::Python,
        FRAME,
    );
    check(
        r"\x81\x87\x0e\xc3\xf3\xcd;\xf6\xc6\xf8;\xf6\xc6",
        Notation::Escaped,
        FRAME,
    );
    check(
        r"\x81\x87\x0e\xc3\xf3\xcd\x3b\xf6\xc6\xf8\x3b\xf6\xc6",
        Notation::Escaped,
        FRAME,
    );
}

#[test]
fn a_space_at_the_end_is_part_of_the_payload() {
    check(
        "b\\x81\\x81a\\x01\\x02\\x03 ",
        Notation::Python,
        b"\x81\x81a\x01\x02\x03 ",
    );
    check("\\x81\\x04Hi  \r\n", Notation::Escaped, b"\x81\x04Hi  ");
}

#[test]
fn what_is_copied_with_a_notation_is_skipped() {
    let hello = b"\x81\x05Hello";
    check(r"Received: b'\x81\x05Hello'", Notation::Python, hello);
    check(r">>> data = b'\x81\x05Hello'", Notation::Python, hello);
    check(r"[b'\x81\x05He', b'llo']", Notation::Python, hello);
    check(
        r"10:02:12 INFO recv(1024) -> b'\x81\x05Hello'",
        Notation::Python,
        hello,
    );
    check(
        "unsigned char bytes[] = {0x81, 0x5, 72, 0x65,\n 0x6c, 0x6c, 0x6f};",
        Notation::C,
        hello,
    );
    check(
        "let a: &[u8] = &[0x81, 5, 72, 101, 108, 108, 111];",
        Notation::C,
        hello,
    );
    check("> <Buffer 81 05 48 65\n 6c 6c 6f>", Notation::Buffer, hello);
    check("payload: gQVIZWxsbw==", Notation::Base64, hello);
    check("$ 8105 4865 6c6c 6f", Notation::Hex, hello);
    check(
        r#"char *hello = "\201\005Hello";"#,
        Notation::Escaped,
        hello,
    );
    check(
        "  00000000: 8105 4865 6c6c 6f  ..Hello",
        Notation::Hexdump,
        hello,
    );
}

#[test]
fn quotes_do_not_make_escapes() {
    let hello = b"\x81\x05Hello";
    check(r#""gQVIZWxsbw==","#, Notation::Base64, hello);
    check("'810548656c6c6f'", Notation::Hex, hello);
    check("payload: \"81 05 48 65 6c 6c 6f\"", Notation::Hex, hello);
    check(r"\x810548656c6c6f", Notation::Hex, hello);
    check("81-05-48-65-6c-6c-6f", Notation::Hex, hello);
    check("8103 3333 33", Notation::Hex, b"\x81\x03333");
}

#[test]
fn a_broken_text_is_what_it_begins_like() {
    let guess = |text: &str| Notation::guess(text.as_bytes());
    assert_eq!(
        guess("00000000: 81 05 48 65\n00000010: 6c 6c 6f"),
        Notation::Hexdump
    );
    assert_eq!(guess("gQVI4Wxs!w=="), Notation::Base64);
    assert_eq!(guess("Hello"), Notation::Hex);
    assert_eq!(guess("82 03 62 27 41  ..b'A'"), Notation::Hex);
}

#[test]
fn bytes_omitted_bytes_and_other_readings_are_known() {
    assert_eq!(
        Notation::Buffer.omitted_bytes(b"<Buffer 81 ... 37 more bytes>"),
        37
    );
    assert_eq!(Notation::Buffer.omitted_bytes(b"<Buffer 81>"), 0);
    assert_eq!(
        Notation::C.other_reading(b"[81, 15]"),
        Some("decimal: it has no 0x")
    );
    assert_eq!(
        Notation::Hex.other_reading(b"81, 15"),
        Some("decimal: it has no 0x")
    );
    assert_eq!(Notation::Hex.other_reading(b"81 15"), None);
    assert!(Notation::Hex.other_reading(b"0000   81 05").is_some());
    assert!(Notation::C.other_reading(b"[82, 5, 66]").is_some());
    assert_eq!(
        Notation::Hex.other_reading(br"\x81 \x05"),
        Some("text with escapes and spaces")
    );
}

#[test]
fn names_and_notations_are_one_to_one() {
    for notation in Notation::ALL {
        assert_eq!(notation.name().parse(), Ok(*notation));
    }
    assert_eq!(
        "hax".parse::<Notation>(),
        Err("no notation is called `hax`".to_owned())
    );
}

proptest! {
    #[test]
    fn reading_what_was_written_is_the_identity(bytes: Vec<u8>) {
        for notation in Notation::ALL {
            let text = notation.write(&bytes);
            let mut read = Vec::new();
            prop_assert_eq!(notation.read(&text, &mut read), Ok(()), "{}", notation);
            prop_assert_eq!(&read, &bytes, "{}", notation);
        }
    }

    #[test]
    fn what_was_written_is_recognised(payload: Vec<u8>) {
        // In base64 these have capitals, digits and small letters, as long ones have.
        let mut bytes = vec![0x81, 0xfe, 0x02, 0xdc, 0x5d, 0x9e];
        bytes.extend(payload);
        for notation in Notation::ALL.iter().filter(|notation| **notation != Notation::Raw) {
            let text = notation.write(&bytes);
            let mut read = Vec::new();
            prop_assert_eq!(Notation::guess(&text).read(&text, &mut read), Ok(()));
            prop_assert_eq!(&read, &bytes, "{}", notation);
        }
    }

    #[test]
    fn a_literal_whose_quotes_the_shell_ate_is_the_same(payload: Vec<u8>) {
        let bytes = [&[0x81, 0xfe][..], &payload].concat();
        let literal = Notation::Python.write(&bytes);
        let inside = [b"b", &literal[2..literal.len() - 1]].concat();
        let mut read = Vec::new();
        prop_assert_eq!(Notation::guess(&inside).read(&inside, &mut read), Ok(()));
        prop_assert_eq!(read, bytes);
    }

    #[test]
    fn no_text_makes_it_panic(text: Vec<u8>) {
        for notation in Notation::ALL {
            let _ = notation.read(&text, &mut Vec::new());
        }
        let _ = Notation::guess(&text).read(&text, &mut Vec::new());
    }
}
