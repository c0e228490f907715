//! Literals of programming languages that contain another notation: `bytes.fromhex('81 05')`,
//! `<<129,5>>`, `(byte)0x81`.
//!
//! [`SourceLiteral::of`] replaces the characters around the bytes by spaces, so that the reader of
//! the other notation reads the rest. Each character keeps its offset, so that the place of an
//! error is right. `Notation` uses it.

mod calls_and_brackets;
mod lists;

use super::{Notation, copied_prefix};

/// A literal, made into a text in another notation.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SourceLiteral {
    /// The notation of `text`.
    pub(super) notation: Notation,
    /// The literal, with spaces in place of the characters around the bytes. Its length is unchanged.
    pub(super) text: Vec<u8>,
    /// The other meaning that the text could have, with other bytes.
    pub(super) other_reading: Option<&'static str>,
}

impl SourceLiteral {
    /// The literal in a text; None if there is none.
    pub(super) fn of(text: &[u8]) -> Option<Self> {
        // Of a long text, only the start is searched.
        let start = copied_prefix::length(text.get(..SEARCHED_FOR_PREFIX).unwrap_or(text));
        calls_and_brackets::find(text, start).or_else(|| lists::find(text, start))
    }

    const fn new(notation: Notation, text: Vec<u8>) -> Self {
        Self {
            notation,
            text,
            other_reading: None,
        }
    }
}

/// How many bytes of a text are searched for the prefix of a literal.
const SEARCHED_FOR_PREFIX: usize = 1024;

/// How many bytes after the prefix are searched for the signs of a literal.
const SEARCHED_FOR_SIGNS: usize = 200;

/// The first bytes of a text, which may have the signs of a literal.
fn beginning(text: &[u8]) -> &[u8] {
    text.get(..SEARCHED_FOR_SIGNS).unwrap_or(text)
}

/// The first offset of words in a text.
fn position(text: &[u8], words: &[u8]) -> Option<usize> {
    text.windows(words.len()).position(|window| window == words)
}

/// Replaces a part of a text by spaces, except line ends.
fn blank(text: &mut [u8], from: usize, to: usize) {
    let part = text.get_mut(from..to).unwrap_or_default();
    for byte in part.iter_mut().filter(|byte| **byte != b'\n') {
        *byte = b' ';
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HELLO: &[u8] = b"\x81\x05Hello";

    #[track_caller]
    fn check(text: &str, notation: Notation) {
        let literal = SourceLiteral::of(text.as_bytes()).unwrap();
        assert_eq!(literal.notation, notation, "{text}");
        assert_eq!(literal.text.len(), text.len());
        assert_eq!(Notation::guess(text.as_bytes()), notation, "{text}");
        let mut bytes = Vec::new();
        assert_eq!(notation.read(text.as_bytes(), &mut bytes), Ok(()), "{text}");
        assert_eq!(bytes, HELLO, "{text}");
    }

    #[test]
    fn calls_that_read_a_string() {
        for text in [
            "bytes.fromhex('81 05 48 65 6c 6c 6f')",
            ">>> frame = bytearray.fromhex(\"810548656c6c6f\")",
            "print(bytes.fromhex('81 05 48 65 6c 6c 6f'))",
            "binascii.unhexlify(b'810548656c6c6f')",
            "sock.send(Buffer.from('810548656c6c6f', 'hex'));",
            "data, _ := hex.DecodeString(\"810548656c6c6f\")",
            "X'810548656c6c6f'",
        ] {
            check(text, Notation::Hex);
        }
        for text in [
            "Buffer.from(\"gQVIZWxsbw==\", \"base64\")",
            "base64.b64decode('gQVIZWxsbw==')",
            "atob('gQVIZWxsbw==')",
        ] {
            check(text, Notation::Base64);
        }
    }

    #[test]
    fn brackets_around_hexadecimal() {
        for text in [
            "<81 05 48 65 6c 6c 6f>",
            "<81054865 6c6c6f>",
            "data: <81054865 6c6c6f>",
            "{length = 7, bytes = 0x810548656c6c6f}",
            "[81 05 48 65 6c 6c 6f]",
        ] {
            check(text, Notation::Hex);
        }
        check(
            "ArrayBuffer { [Uint8Contents]: <81 05 48 65 6c 6c 6f>, byteLength: 7 }",
            Notation::Buffer,
        );
        let cut = b"ArrayBuffer { [Uint8Contents]: <81 05 ... 37 more bytes>, byteLength: 39 }";
        assert_eq!(Notation::Buffer.omitted_bytes(cut), 37);
    }

    #[test]
    fn lists_of_other_languages() {
        for text in [
            "{\"type\":\"Buffer\",\"data\":[129,5,72,101,108,108,111]}",
            "{ \"type\": \"Buffer\",\n  \"data\": [\n    129, 5, 72, 101, 108, 108, 111\n  ]\n}",
            "{\"data\":[129,5,72,101,108,108,111],\"type\":\"Buffer\"}",
            "{\"0\":129,\"1\":5,\"2\":72,\"3\":101,\"4\":108,\"5\":108,\"6\":111}",
            "<<129,5,72,101,108,108,111>>",
            "X = <<16#81,16#05,16#48,16#65,16#6c,16#6c,16#6f>>.",
            "<<0x81, 5, 72, 101, 108, 108, 111>>",
            "(129, 5, 72, 101, 108, 108, 111)",
            "data = (0x81, 0x05, 72, 101, 108, 108, 111,)",
            "new byte[] {(byte) 0x81, 5, 72, 101, 108, 108, 111};",
            "{(byte)0x81, (byte)0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f}",
            "byte[] b = { (byte)-127, 5, 72, 101, 108, 108, 111 };",
            "(byte)0x81, (byte)0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f",
            "array('B', [129, 5, 72, 101, 108, 108, 111])",
            "[0b10000001, 0b101, 72, 101, 108, 108, 0b1101111]",
            "Uint8Array(7) [129, 5, 72, 101, 108, 108, 111, buffer: ArrayBuffer(7), byteLength: 7, \
             byteOffset: 0, length: 7, Symbol(Symbol.toStringTag): 'Uint8Array']",
        ] {
            check(text, Notation::C);
        }
    }

    #[test]
    fn bare_words_only_where_they_are_no_hexadecimal() {
        check("129 5 72 101 108 108 111", Notation::C);
        let bits = "0b10000001, 0b00000101 0b01001000\n0b01100101 0b01101100 0b01101100 0b01101111";
        check(bits, Notation::C);
        let other_reading = Notation::C.other_reading(bits.as_bytes());
        assert_eq!(other_reading, Some("hexadecimal: 0b is a byte too"));
        let other_reading = Notation::C.other_reading(b"(81, 15)");
        assert_eq!(other_reading, Some("decimal: it has no 0x"));
        for text in [
            "16 12 10",
            "81 05 148",
            "129 256",
            "129",
            "0b01",
            "0b10000001 0b 01",
            "10000001 00000101",
        ] {
            assert_eq!(SourceLiteral::of(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn near_misses_are_no_source_literals() {
        for text in [
            "",
            "81 05 48",
            "<Buffer 81 05>",
            "< 81 05",
            "<81 05",
            "<<\"Hello\">>",
            "<html>",
            "Buffer.from('Hello')",
            "b'\\x81\\x05fromhex('",
            "(a, b)",
            "{\"type\":\"message\",\"data\":[1,2]}",
            "{\"0\":129,\"2\":5}",
            "[129 5 72]",
            "[81 15 48]",
            "(byte)",
            "{0x81, 0x05}",
        ] {
            assert_eq!(SourceLiteral::of(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn an_error_has_its_place_in_the_text_as_it_is() {
        let fault = |text: &str| {
            let text = text.as_bytes();
            let fault = Notation::guess(text)
                .read(text, &mut Vec::new())
                .unwrap_err();
            [fault.to_string(), fault.excerpt]
        };
        assert_eq!(
            fault("bytes.fromhex('81zz')"),
            [
                "column 18: expected a hexadecimal digit, found `z`",
                "bytes.fromhex('81zz')"
            ]
        );
        assert_eq!(
            fault("<<129,300>>"),
            [
                "column 7: expected a number from 0 to 255, or 0x and two digits, found `3`",
                "<<129,300>>"
            ]
        );
    }

    /// What source literals are made of.
    const PARTS: &[&str] = &[
        "bytes.fromhex(",
        "Buffer.from(",
        ", 'hex')",
        "'",
        "\"",
        "(byte)",
        "<<",
        ">>",
        "<",
        ">",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "16#81",
        "0b10000001",
        "129",
        "81",
        ",",
        " ",
        "\n",
        "é",
        "-1",
        "{\"type\":\"Buffer\",\"data\":",
        "{length = ",
        "bytes = 0x",
        "[Uint8Contents]: <",
        "\"0\":",
        ", byteLength: ",
        ", buffer: ArrayBuffer(",
        "X'",
        "array('B', ",
        "...",
    ];

    proptest! {
        #[test]
        fn any_mixture_is_read_or_has_an_error(
            parts in prop::collection::vec(prop::sample::select(PARTS), 0..14)
        ) {
            let text = parts.concat();
            if let Some(literal) = SourceLiteral::of(text.as_bytes()) {
                prop_assert_eq!(literal.text.len(), text.len());
                let lines = |text: &[u8]| text.split(|byte| *byte == b'\n').count();
                prop_assert_eq!(lines(&literal.text), lines(text.as_bytes()));
            }
            let notation = Notation::guess(text.as_bytes());
            let mut bytes = Vec::new();
            let _ = notation.read(text.as_bytes(), &mut bytes);
            notation.other_reading(text.as_bytes());
            notation.omitted_bytes(text.as_bytes());
            prop_assert!(bytes.len() <= text.len());
        }
    }
}
