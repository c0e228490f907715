//! `wsctl encode`.

use proptest::prelude::*;

use crate::helpers::run::{check, check_reading, wsctl, wsctl_reading};

#[test]
fn the_default_is_one_final_unmasked_text_frame_in_hex() {
    check("encode Hello", "810548656c6c6f\n");
    check("encode -", "8100\n");
    check_reading("encode", "今天\n".as_bytes(), "8106e4bb8ae5a4a9\n");
    check_reading("encode", b"Hi\r\n", "81024869\n");
    check_reading(
        "encode --no-fin -q",
        b"Hi\n\n",
        "010348690a\n--- status 1\n",
    );
    check_reading("encode --binary", b"a\n", "8202610a\n");
    check_reading("encode --opcode 2", b"a\n", "8202610a\n");
    check("encode Hello world", "810b48656c6c6f20776f726c64\n");
}

#[test]
fn each_notation_is_written() {
    let check =
        |notation: &str, expected: &str| check(&format!("encode -o {notation} Hé"), expected);
    check("hex", "810348c3a9\n");
    check("python", "b'\\x81\\x03H\\xc3\\xa9'\n");
    check("escaped", "\\x81\\x03H\\xc3\\xa9\n");
    check("c", "{0x81, 0x03, 0x48, 0xc3, 0xa9}\n");
    check("base64", "gQNIw6k=\n");
    check(
        "hexdump",
        "00000000  81 03 48 c3 a9                                    |..H..|\n00000005\n",
    );
    assert_eq!(
        wsctl(["encode", "-o", "raw", "Hé"]).stdout,
        b"\x81\x03H\xc3\xa9"
    );
}

#[test]
fn each_kind_of_frame_is_encoded() {
    check("encode --binary ab", "82026162\n");
    check("encode --ping", "8900\n");
    check("encode --ping hi", "89026869\n");
    check("encode --pong hi", "8a026869\n");
    check("encode --close 1000", "880203e8\n");
    check("encode --close 1000 bye", "880503e8627965\n");
    check_reading("encode --close 1000 -", b"bye\n", "880503e8627965\n");
    check("encode --binary --bytes 00:ff", "820200ff\n");
    check(r"encode --bytes \x00a", "81020061\n");
    check("encode --bytes b''", "8100\n");
    check("encode --opcode 0x9", "8900\n");
    check("encode --fragment 3 Hello", "010348656c80026c6f\n");
}

#[test]
fn a_masking_key_is_given_or_random() {
    check(
        "encode --mask-key 37fa213d Hello",
        "818537fa213d7f9f4d5158\n",
    );
    check(
        "encode --mask-key 37:fa:21:3d --fragment 4 Hello",
        "018437fa213d7f9f4d51808137fa213d58\n",
    );
    let (first, second) = (
        wsctl(["encode", "--mask", "Hello"]),
        wsctl(["encode", "--mask", "Hello"]),
    );
    assert_ne!(first.stdout, second.stdout, "a random key is random");
    for outcome in [first, second] {
        let decoded = wsctl(["decode", "--from", "client", outcome.text().trim()]);
        assert_eq!(decoded.to_string(), "Hello\n");
    }
}

#[test]
fn messages_are_compressed() {
    // Python's zlib (raw, with a sync flush) gives the same payloads.
    check("encode --deflate Hello", "c107f248cdc9c90700\n");
    check("encode --deflate --binary Hello", "c207f248cdc9c90700\n");
    check("encode --deflate --bytes b''", "c10100\n");
    check(
        "encode --deflate --fragment 3 Hello",
        "4103f248cd0003c9c907800100\n",
    );
    check(
        "encode --deflate --mask-key 37fa213d Hello",
        "c18737fa213dc5b2ecf4fefd21\n",
    );
    check("encode --deflate --ping hi", "89026869\n");
    check("encode --deflate --close 1000", "880203e8\n");
}

#[test]
fn the_compression_window_is_that_of_the_sender() {
    let again = "0123456789abcdef".repeat(2);
    let noise: String = (0..600_u32)
        .map(|number| char::from(b'A' + (number.wrapping_mul(2_654_435_761) >> 27) as u8))
        .collect();
    let text = [&again[..16], &noise, &again[16..]].concat();
    let size = |arguments: &[&str]| {
        let arguments = [&["encode", "-o", "raw"], arguments, &[&text]].concat();
        let outcome = wsctl(arguments);
        assert_eq!(outcome.status, 0, "{outcome}");
        outcome.stdout.len()
    };
    let (all, mask) = (size(&["--deflate"]), "--mask-key=00000000");
    assert_eq!(size(&["--deflate=client_max_window_bits=8"]), all);
    assert_eq!(size(&["--deflate=server_max_window_bits=8", mask]), all + 4);
    assert!(size(&["--deflate=server_max_window_bits=8"]) > all);
    assert!(size(&["--deflate=client_max_window_bits=8", mask]) > all + 4);
}

#[test]
fn errors_in_compression_are_named() {
    check(
        "encode --deflate --rsv 4 --ping hi",
        "c9026869\n\
         --- stderr\n\
         error[pmd-rsv1-not-first]: frame 1, byte 0: RSV1 is set on a frame (ping), but only \
         the first frame of a message may set it (RFC 7692 section 6.1)\n\
         --- status 1\n",
    );
    check(
        "encode --deflate --rsv 6 Hello",
        "e107f248cdc9c90700\n\
         --- stderr\n\
         error[rsv23-or-opcode]: frame 1, byte 0: RSV2 is set, but no negotiated \
         extension defines it (RFC 6455 section 5.2)\n\
         --- status 1\n",
    );
    check(
        "encode --deflate --rsv 0 Hello",
        "8107f248cdc9c90700\n\
         --- stderr\n\
         error[text-not-utf8]: frame 1, byte 2: the text is not UTF-8 (RFC 6455 section 8.1)\n\
         --- status 1\n",
    );
    check(
        "encode --deflate --bytes ff",
        "c103fa0f00\n\
         --- stderr\n\
         error[text-not-utf8]: the text is not UTF-8 (RFC 6455 section 8.1)\n\
         --- status 1\n",
    );
    let refuse = |parameters: &str, sentence: &str| {
        let arguments = ["encode", &format!("--deflate={parameters}"), "Hello"];
        let expected = format!("--- stderr\nwsctl: --deflate: {sentence}\n--- status 2\n");
        assert_eq!(wsctl(arguments).to_string(), expected);
    };
    refuse(
        "client_max_window_bits=16",
        "client_max_window_bits must be 8 to 15, and is `16`",
    );
    refuse(
        "client_max_window_bits=9;;",
        "column 26: expected the name of a parameter, found `;`",
    );
    refuse(
        "permessage-deflate; client_max_window_bits",
        "client_max_window_bits needs a value, 8 to 15",
    );
    refuse("x", "permessage-deflate has no parameter `x`");
    refuse(
        "permessage-deflate, permessage-deflate",
        "expected one extension, found several",
    );
}

#[test]
fn invalid_frames_are_written_and_named() {
    check(
        "encode --rsv 4 --length-form 16 Hello",
        "c17e000548656c6c6f\n\
         --- stderr\n\
         error[rsv1-not-negotiated]: frame 1, byte 0: RSV1 is set, but no negotiated \
         extension defines it (RFC 6455 section 5.2)\n\
         error[len16-not-minimal]: frame 1, byte 1: payload length 5 uses the 16-bit form, \
         but must use the 7-bit form (RFC 6455 section 5.2)\n\
         --- status 1\n",
    );
    check(
        "encode --opcode 11",
        "8b00\n\
         --- stderr\n\
         error[rsv23-or-opcode]: frame 1, byte 0: opcode 11 is reserved (RFC 6455 section 5.2)\n\
         --- status 1\n",
    );
    check(
        "encode --no-fin Hi",
        "01024869\n\
         --- stderr\n\
         warning[fin-never-set]: frame 1, byte 4: the message is unfinished: no frame with FIN \
         came (RFC 6455 section 5.4)\n\
         --- status 1\n",
    );
    check(
        "encode --close 1005",
        "880203ed\n\
         --- stderr\n\
         error[close-reserved-code]: frame 1, byte 2: close code 1005 (no status received) must \
         not be sent (RFC 6455 section 7.4.1)\n\
         --- status 1\n",
    );
    check(
        "encode -q --length-form 64 a",
        "817f000000000000000161\n--- status 1\n",
    );
    check(
        "encode --bytes ff",
        "8101ff\n\
         --- stderr\n\
         error[text-not-utf8]: frame 1, byte 2: the text is not UTF-8 (RFC 6455 section 8.1)\n\
         --- status 1\n",
    );
    let outcome = wsctl(["encode", "--ping", &"a".repeat(126)]);
    assert!(
        outcome.stderr.starts_with("error[control-too-long]"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn contradicting_options_are_refused() {
    let long = "a".repeat(126);
    check(
        &format!("encode --length-form 7 {long}"),
        "--- stderr\nwsctl: --length-form 7 holds at most 125, the payload has 126 bytes\n--- status 2\n",
    );
    check(
        "encode --bytes 0x",
        "--- stderr\nwsctl: --bytes as hex, column 3: expected a \
         hexadecimal digit, found the end\n  0x\n    ^\n--- status 2\n",
    );
    let refusal = |arguments: &str| wsctl(arguments.split(' ')).stderr;
    assert!(refusal("encode --close bye").contains("expected a number from 0 to 65535"));
    assert!(refusal("encode --fragment 0 a").contains("expected a number, at least 1"));
    for arguments in [
        "encode --opcode 16 a",
        "encode --rsv 8 a",
        "encode --mask-key 37fa21 a",
        "encode --mask-key 37fa213z a",
        "encode --fragment 0 a",
        "encode --length-form 8 a",
        "encode --ping --pong a",
        "encode --bytes 00 a",
        "encode --output nonsense a",
        "encode --close 65536",
    ] {
        let outcome = wsctl(arguments.split(' '));
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{arguments}");
        assert!(outcome.stderr.starts_with("error: "), "{}", outcome.stderr);
    }
}

#[test]
fn decode_reads_what_encode_writes() {
    for notation in ["hex", "python", "escaped", "c", "base64", "hexdump", "raw"] {
        for text in [
            "Hello",
            "it's \"quoted\"",
            "今天天气很不错",
            "\x01\x1b\\ \t",
        ] {
            let arguments = ["encode", "--mask", "--fragment", "5", "-o", notation, text];
            let bytes = wsctl(arguments).stdout;
            let outcome = wsctl_reading(["decode", "--from", "client"], &bytes);
            assert_eq!(outcome.to_string(), format!("{text}\n"), "{notation}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn decode_returns_any_encoded_payload(payload: Vec<u8>, size in 1_usize..50) {
        let size = size.to_string();
        let arguments = ["encode", "--binary", "--mask", "--fragment", &size, "-o", "raw"];
        let bytes = wsctl_reading(arguments, &payload).stdout;
        let outcome = wsctl_reading(["decode", "-f", "raw", "--input", "raw"], &bytes);
        prop_assert_eq!((outcome.stdout, outcome.status), (payload, 0));
    }

    #[test]
    fn decode_does_not_panic(bytes in prop::collection::vec(any::<u8>(), 1..200)) {
        for format in ["text", "frames", "fields", "json", "raw"] {
            let outcome = wsctl_reading(["decode", "--input", "raw", "-f", format], &bytes);
            prop_assert!(outcome.status < 2, "{}", outcome);
        }
    }
}
