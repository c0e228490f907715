//! Pages for opcodes (RFC 6455 sections 5.2, 11.8).

use super::{TopicPage, after_words};
use crate::diagnosis::catalogue::{self, RulePage};
use crate::ws::Opcode;

/// An opcode, or a range of reserved ones: first, last, title, meaning, form, rules.
struct OpcodeEntry {
    first: u8,
    last: u8,
    means: &'static str,
    form: &'static str,
    section: &'static str,
    rules: &'static [&'static RulePage],
}

static ENTRIES: &[OpcodeEntry] = &[
    OpcodeEntry {
        first: 0,
        last: 0,
        means: "a later fragment of the message that is open",
        form: "first byte 00, or 80 in the last fragment; after a first fragment with opcode 1 or 2 and without FIN",
        section: "RFC 6455 sections 5.2, 5.4",
        rules: &[
            &catalogue::CONTINUATION_WITHOUT_START,
            &catalogue::NEW_MESSAGE_MID_FRAGMENTS,
            &catalogue::FIN_NEVER_SET,
            &catalogue::FRAGMENTS_IGNORED_BY_RECEIVER,
        ],
    },
    OpcodeEntry {
        first: 1,
        last: 1,
        means: "a text message in UTF-8, or its first fragment",
        form: "first byte 81, or 01 for a first fragment; c1 if it is compressed",
        section: "RFC 6455 section 5.6",
        rules: &[
            &catalogue::TEXT_NOT_UTF8,
            &catalogue::TEXT_UTF8_CUT,
            &catalogue::TEXT_SURROGATE,
            &catalogue::TEXT_ODD_CONTENT,
            &catalogue::LEN_IN_CHARS,
        ],
    },
    OpcodeEntry {
        first: 2,
        last: 2,
        means: "a binary message, or its first fragment",
        form: "first byte 82, or 02 for a first fragment; c2 if it is compressed",
        section: "RFC 6455 section 5.6",
        rules: &[&catalogue::APP_COMPRESSED, &catalogue::MESSAGE_TOO_BIG],
    },
    OpcodeEntry {
        first: 3,
        last: 7,
        means: "nothing yet: 3 to 7 are for data frames of later versions and of extensions",
        form: "must not be sent; in practice such a first byte means that these bytes are not a frame header",
        section: "RFC 6455 section 5.2",
        rules: &[
            &catalogue::RSV23_OR_OPCODE,
            &catalogue::DESYNC,
            &catalogue::DRAFT_FRAMING,
            &catalogue::OTHER_PROTOCOL_IN_STREAM,
        ],
    },
    OpcodeEntry {
        first: 8,
        last: 8,
        means: "the sender ends the connection; the receiver answers with a close frame of its own",
        form: "first byte 88; the payload is empty, or a close code in 2 bytes and a reason of at most 123 bytes",
        section: "RFC 6455 section 5.5.1",
        rules: &[
            &catalogue::CLOSE_NOT_COMPLETED,
            &catalogue::CLOSE_RESERVED_CODE,
            &catalogue::CLOSE_CODE_GARBLED,
            &catalogue::CLOSE_1_BYTE,
            &catalogue::CLOSE_REASON_UTF8,
            &catalogue::DATA_AFTER_CLOSE,
            &catalogue::CONTROL_FRAGMENTED,
            &catalogue::CONTROL_TOO_LONG,
        ],
    },
    OpcodeEntry {
        first: 9,
        last: 9,
        means: "a question whether the peer is alive: it must answer with a pong of the same payload",
        form: "first byte 89; at most 125 bytes; allowed between the fragments of a message",
        section: "RFC 6455 section 5.5.2",
        rules: &[
            &catalogue::PING_WITHOUT_PONG,
            &catalogue::PONG_WRONG_PAYLOAD,
            &catalogue::IDLE_TIMEOUT,
            &catalogue::CONTROL_FRAGMENTED,
            &catalogue::CONTROL_TOO_LONG,
        ],
    },
    OpcodeEntry {
        first: 10,
        last: 10,
        means: "the answer to a ping, with its payload; also allowed without a ping",
        form: "first byte 8a; at most 125 bytes",
        section: "RFC 6455 section 5.5.3",
        rules: &[
            &catalogue::PONG_WRONG_PAYLOAD,
            &catalogue::PING_WITHOUT_PONG,
            &catalogue::CONTROL_FRAGMENTED,
            &catalogue::CONTROL_TOO_LONG,
        ],
    },
    OpcodeEntry {
        first: 11,
        last: 15,
        means: "nothing yet: 11 to 15 are for control frames of later versions and of extensions",
        form: "must not be sent; in practice such a first byte means that these bytes are not a frame header",
        section: "RFC 6455 section 5.2",
        rules: &[
            &catalogue::RSV23_OR_OPCODE,
            &catalogue::DESYNC,
            &catalogue::RESP_TRAILING_BYTES,
            &catalogue::RAW_TEXT_UNFRAMED,
        ],
    },
];

/// The page of `opcode 9`, `opcode 0x9`, `0x9` or `ping`.
pub(super) fn page(query: &str) -> Option<TopicPage> {
    let value = after_words(query, &["opcode", "frame"]);
    let number = match value.strip_prefix("0x") {
        Some(digits) => u8::from_str_radix(digits, 16).ok()?,
        None => (0..16)
            .find(|number| Opcode::new(*number).and_then(Opcode::name) == Some(value))
            .or_else(|| {
                let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
                let number = value.parse().ok()?;
                (is_number && query.starts_with("opcode")).then_some(number)
            })
            .or_else(|| {
                let is_letter = value.len() == 1 && query.starts_with("opcode");
                u8::from_str_radix(value, 16).ok().filter(|_| is_letter)
            })?,
    };
    let opcode = Opcode::new(number)?;
    let is_here = |entry: &&OpcodeEntry| (entry.first..=entry.last).contains(&number);
    let entry = ENTRIES.iter().find(is_here)?;
    let title = match opcode.name() {
        Some(name) => name.to_owned(),
        None if opcode.is_control() => "reserved for control frames".to_owned(),
        None => "reserved for data frames".to_owned(),
    };
    Some(TopicPage {
        subject: format!("opcode {number}"),
        title,
        fields: vec![
            ("means", entry.means.to_owned()),
            ("form", entry.form.to_owned()),
            ("rule", entry.section.to_owned()),
        ],
        rules: entry.rules.to_vec(),
        example: Some(format!(
            "decode -f frames --from server {:02x}00",
            0x80 | number
        )),
    })
}
