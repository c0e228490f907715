//! Bytes that are written in any notation, with anything in front of them and after them, are read
//! back as the same bytes.

use proptest::prelude::*;
use wsctl::input::{Evidence, Fit, Input, Source};
use wsctl::notation::Notation;

/// Whether bytes are complete binary frames of less than 126 bytes, as this test makes them.
fn evidence_of(bytes: &[u8]) -> Evidence {
    let mut rest = bytes;
    let mut evidence = Evidence::default();
    while let [0x82, length, body @ ..] = rest {
        let length = usize::from(*length);
        if length > 125 {
            return Evidence::default();
        }
        evidence.missing = length.saturating_sub(body.len()) as u64;
        evidence.fit = if evidence.missing == 0 {
            Fit::Whole
        } else {
            Fit::Begins
        };
        rest = body.get(length..).unwrap_or_default();
    }
    if rest.is_empty() {
        evidence
    } else {
        Evidence::default()
    }
}

fn frame(payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).unwrap();
    [&[0x82, length], payload].concat()
}

type Writer = fn(&[u8]) -> String;

fn each(bytes: &[u8], byte: impl Fn(u8) -> String, between: &str) -> String {
    let items: Vec<String> = bytes.iter().map(|value| byte(*value)).collect();
    items.join(between)
}

fn written(notation: Notation, bytes: &[u8]) -> String {
    String::from_utf8(notation.write(bytes)).unwrap()
}

/// Notations on one line that end where they end, whatever follows.
const WRITERS: &[Writer] = &[
    |bytes| written(Notation::Python, bytes),
    |bytes| written(Notation::Buffer, bytes),
    |bytes| format!("\"{}\"", each(bytes, |byte| format!("\\x{byte:02x}"), "")),
    |bytes| format!("'{}'", each(bytes, |byte| format!("\\{byte:03o}"), "")),
    |bytes| format!("\"{}\"", each(bytes, |byte| format!("\\u{byte:04x}"), "")),
    |bytes| format!("\"{}\"", each(bytes, |byte| format!("\\x{{{byte:x}}}"), "")),
    |bytes| {
        format!(
            "bytes.fromhex('{}')",
            each(bytes, |byte| format!("{byte:02x}"), "")
        )
    },
    |bytes| format!("[{}]", each(bytes, |byte| format!("0x{byte:x}"), ", ")),
    |bytes| {
        format!(
            "[]byte{{{}}}",
            each(bytes, |byte| format!("0x{byte:02x}"), ", ")
        )
    },
    |bytes| {
        format!(
            "[{}]",
            each(bytes, |byte| byte.cast_signed().to_string(), ", ")
        )
    },
    |bytes| {
        format!(
            "Uint8Array({}) [ {} ]",
            bytes.len(),
            each(bytes, |byte| byte.to_string(), ", ")
        )
    },
    |bytes| format!("<<{}>>", each(bytes, |byte| byte.to_string(), ",")),
    |bytes| {
        format!(
            "{{{}}}",
            each(bytes, |byte| format!("(byte)0x{byte:02x}"), ", ")
        )
    },
    |bytes| {
        format!(
            "byteArrayOf({})",
            each(bytes, |byte| format!("0x{byte:02x}.toByte()"), ", ")
        )
    },
    |bytes| each(bytes, |byte| format!("{byte:02x}"), " "),
    |bytes| each(bytes, |byte| format!("{byte:02X}"), ":"),
    |bytes| each(bytes, |byte| format!("{byte:02x}"), ""),
    |bytes| each(bytes, |byte| format!("0x{byte:02x}"), " "),
    |bytes| each(bytes, |byte| format!("{byte:02x}h"), " "),
    |bytes| each(bytes, |byte| format!("${byte:02x}"), " "),
    |bytes| each(bytes, |byte| format!("{byte:08b}"), " "),
    |bytes| each(bytes, |byte| format!("Chr({byte})"), " & "),
    |bytes| each(bytes, |byte| format!("\"\\x{byte:02x}\""), " "),
];

/// A letter or a digit as it is, another byte escaped.
fn plain_or(byte: u8, escape: impl Fn(u8) -> String) -> String {
    if byte.is_ascii_alphanumeric() {
        char::from(byte).to_string()
    } else {
        escape(byte)
    }
}

/// A byte as `cat -v` shows it.
fn caret(byte: u8) -> String {
    let high = if byte >= 0x80 { "M-" } else { "" };
    match byte & 0x7f {
        low @ (0..=0x1f | 0x7f) => format!("{high}^{}", char::from(low ^ 0x40)),
        low => format!("{high}{}", char::from(low)),
    }
}

/// Notations that go on to the end of their line.
const LINE_WRITERS: &[Writer] = &[
    |bytes| {
        each(
            bytes,
            |byte| plain_or(byte, |byte| format!("%{byte:02X}")),
            "",
        )
    },
    |bytes| {
        each(
            bytes,
            |byte| plain_or(byte, |byte| format!("&#{byte};")),
            "",
        )
    },
    |bytes| {
        each(
            bytes,
            |byte| plain_or(byte, |byte| format!("<{byte:02x}>")),
            "",
        )
    },
    |bytes| each(bytes, |byte| format!("#{byte}"), ""),
    |bytes| format!("db {}", each(bytes, |byte| format!("0{byte:02x}h"), ", ")),
    |bytes| format!(".byte {}", each(bytes, |byte| format!("0x{byte:02x}"), ",")),
    |bytes| {
        each(
            bytes,
            |byte| format!("{:02x}", i32::from(byte.cast_signed())),
            "",
        )
    },
    |bytes| each(bytes, |byte| format!("0x{byte:x}"), ""),
    |bytes| each(bytes, |byte| format!("U+{byte:04X}"), " "),
    |bytes| each(bytes, |byte| format!("16#{byte:02X}"), ", "),
    |bytes| each(bytes, |byte| format!("0b{byte:b}"), ", "),
];

/// Lines that are counted.
const COUNTED_WRITERS: &[Writer] = &[
    |bytes| counted(bytes, |number, byte| format!("{number}: {byte}\n")),
    |bytes| counted(bytes, |number, byte| format!("[{number}] 0x{byte:02x}\n")),
    |bytes| counted(bytes, |number, byte| format!("data[{number}] = {byte};\n")),
    |bytes| {
        counted(bytes, |number, byte| {
            format!("{} | {byte:02x}\n", number + 1)
        })
    },
];

fn counted(bytes: &[u8], line: impl Fn(usize, u8) -> String) -> String {
    let numbered = bytes.iter().enumerate();
    numbered.map(|(number, byte)| line(number, *byte)).collect()
}

fn read_all(text: &str) -> Vec<u8> {
    let mut input = Input::of_bytes(Source::Stdin, text.as_bytes(), evidence_of).unwrap();
    let mut read = Vec::new();
    while let Ok(true) = input.advance() {
        read.extend_from_slice(input.chunk().bytes);
    }
    read
}

/// What stands in front of bytes.
const BEFORE: &[&str] = &[
    "",
    "recv: ",
    "10:49:21 RX: ",
    "2026-11-26T14:24:08.123Z DEBUG [ws] data=",
    "17:43:13.645 -> received: ",
    "Nov 26 14:24:08 host app[12]: ",
    "// ",
    "let frame = ",
    "服务器收到 ",
    "('127.0.0.1', 51034) 发送: ",
    "[2026/11/26 10:00:00:0001] N: ",
    "something else entirely ",
];

/// What follows them.
const AFTER: &[&str] = &[
    "",
    " from ('127.0.0.1', 51034)",
    "  # a comment",
    " len=13",
    ";",
    " ==== end",
];

proptest! {
    #[test]
    fn bytes_come_back(
        payloads in prop::collection::vec(prop::collection::vec(any::<u8>(), 3..60), 1..4),
        writer in prop::sample::select(WRITERS),
        before in prop::sample::select(BEFORE),
        after in prop::sample::select(AFTER),
    ) {
        let frames: Vec<Vec<u8>> = payloads.iter().map(|payload| frame(payload)).collect();
        let lines = frames.iter().map(|frame| format!("{before}{}{after}\n", writer(frame)));
        let text: String = lines.collect();
        prop_assert_eq!(read_all(&text), frames.concat(), "{}", text);
    }

    #[test]
    fn bytes_up_to_the_end_of_a_line_come_back(
        payload in prop::collection::vec(any::<u8>(), 3..60),
        writer in prop::sample::select(LINE_WRITERS),
        before in prop::sample::select(&["", "recv: ", "10:49:21 RX: ", "data = "][..]),
    ) {
        let frame = frame(&payload);
        let text = format!("{before}{}\n", writer(&frame));
        prop_assert_eq!(read_all(&text), frame, "{}", text);
    }

    #[test]
    fn bytes_that_cat_shows_come_back(payload in prop::collection::vec(any::<u8>(), 13..60)) {
        // What cat shows as it is, or as the sign of another byte, cannot be told apart.
        let is_plain = |byte: &u8| byte.is_ascii_digit() || matches!(byte, 0x0b..=0x1f | 0x80..=0x9f);
        let payload: Vec<u8> = payload.into_iter().map(|byte| byte & 0x9f).filter(is_plain).collect();
        let frame = frame(&[&payload[..], b"0123456789a"].concat());
        let text = each(&frame, caret, "") + "\n";
        prop_assert_eq!(read_all(&text), frame, "{}", text);
    }

    #[test]
    fn counted_bytes_come_back(
        payload in prop::collection::vec(any::<u8>(), 3..60),
        writer in prop::sample::select(COUNTED_WRITERS),
    ) {
        let frame = frame(&payload);
        let text = writer(&frame);
        prop_assert_eq!(read_all(&text), frame, "{}", text);
    }
}
