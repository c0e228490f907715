//! Texts that are no bytes, although they look like bytes or stand in their place.

use crate::helpers::run::{check, wsctl, wsctl_reading};

#[track_caller]
fn check_found(text: &str, found: &str) {
    let expected = format!(
        "--- stderr\nwsctl: expected frames in the arguments, found {found}\n--- status 2\n"
    );
    assert_eq!(
        wsctl(["decode", "--", text]).to_string(),
        expected,
        "{text}"
    );
    let outcome = wsctl_reading(["decode"], text.as_bytes());
    assert_eq!(
        outcome.to_string(),
        expected.replace("the arguments", "standard input"),
        "{text}"
    );
}

#[test]
fn words_and_numbers_are_no_bytes() {
    for word in ["deadbeef", "cafe", "facade", "bad", "feed face", "accede"] {
        check_found(word, "a word: `--input hex` reads it as bytes");
    }
    for number in ["1234", "0", "2026"] {
        check_found(number, "a number: `--input hex` reads it as bytes");
    }
}

#[test]
fn dates_and_identifiers_are_no_bytes() {
    for (text, found) in [
        ("10:20:30", "a date or a time"),
        ("20261126", "a date"),
        ("1764153600 1764153601", "a time in seconds or milliseconds"),
        ("82054865-6c6c-4f81-8549-656c6c6f8105", "a UUID"),
        ("id: 82054865-6c6c-4f81-8549-656c6c6f8105", "a UUID"),
        ("#8A0548", "a colour"),
        ("4111-1111-1111-1111", "groups of four decimal digits"),
        ("DE89 3704 0044 0532 0130 00", "a number of a bank account"),
        (
            "MAC: 82-05-48-65-6C-6F",
            "a hardware address: `--input hex` reads it as bytes",
        ),
        (
            "82:05:48:65:6c:6f",
            "a hardware address: `--input hex` reads it as bytes",
        ),
        ("2001:db8:8105:4865:6c6c:6f81:548:656c", "an IPv6 address"),
        ("serial number: 82:05:48:65:6c:6f:81:05", "no bytes"),
        ("password: c0ffee81", "no bytes"),
    ] {
        check_found(text, found);
    }
}

#[test]
fn the_name_of_an_object_is_not_its_bytes() {
    for (text, found) in [
        (
            "received: [B@1b6d3586",
            "the identity of an array of Java, without its bytes: print `Arrays.toString(bytes)`",
        ),
        (
            "System.Byte[]",
            "the type of an array of .NET, without its bytes: print `BitConverter.ToString(bytes)`",
        ),
        (
            "[object ArrayBuffer]",
            "an ArrayBuffer of JavaScript without its bytes: print `new Uint8Array(data)`",
        ),
        (
            "Blob {size: 5, type: \"\"}",
            "a Blob of JavaScript without its bytes: print `new Uint8Array(await blob.arrayBuffer())`",
        ),
        (
            "<memory at 0x7f8b1c0d3f40>",
            "a memoryview of Python without its bytes: print `bytes(view)`",
        ),
    ] {
        check_found(text, found);
    }
}

#[test]
fn digits_that_may_be_bytes_are_read() {
    check("decode -q 8105 4865 6c6c 6f", "Hello\n");
    check(
        "decode -q --input hex 8205cafecafeca -f frames",
        "< binary ca fe ca fe ca [5 bytes]\n",
    );
    let outcome = wsctl(["decode", "-f", "frames", "--input", "hex", "facade"]);
    assert_eq!(outcome.status, 1, "{outcome}");
}

#[test]
fn json_that_is_typed_is_a_payload_without_a_frame() {
    let outcome = wsctl(["decode", "-f", "frames", r#"42["chat","hi"]"#]);
    let shown = r#"? Socket.IO "42[\"chat\",\"hi\"]" [15 bytes without a frame]"#;
    assert_eq!(
        (outcome.text().trim_end(), outcome.status),
        (shown, 0),
        "{outcome}"
    );
    assert!(outcome.stderr.contains("note[payload-alone]"), "{outcome}");
    let outcome = wsctl(["decode", "-f", "frames", r#"{"type":"join"}"#]);
    let shown = r#"? "{\"type\":\"join\"}" [15 bytes, not a frame]"#;
    assert_eq!(
        (outcome.text().trim_end(), outcome.status),
        (shown, 1),
        "{outcome}"
    );
    assert!(
        outcome.stderr.contains("error[raw-text-unframed]"),
        "{outcome}"
    );
}
