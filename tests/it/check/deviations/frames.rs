//! Deviations on the open connection.

use wsctl::ws::{CloseBody, FrameHeader, LengthForm, Opcode, PayloadLength, Rsv, Rule};

use super::{Deviation, Row};

const TEXT: Opcode = Opcode::TEXT;
const BINARY: Opcode = Opcode::BINARY;
const CONTINUATION: Opcode = Opcode::CONTINUATION;
const PING: Opcode = Opcode::PING;
const PONG: Opcode = Opcode::PONG;
const CLOSE: Opcode = Opcode::CLOSE;

fn contains(payload: &[u8], bytes: &[u8]) -> bool {
    payload.windows(bytes.len()).any(|window| window == bytes)
}

fn code(payload: &[u8]) -> Option<u16> {
    CloseBody::parse(payload).code().map(|code| code.0)
}

fn key(header: &FrameHeader) -> Option<[u8; 4]> {
    header.masking_key.map(|key| key.0)
}

pub(super) fn rows() -> Vec<Row> {
    let mut rows = masks();
    rows.extend(lengths());
    rows.extend(reserved());
    rows.extend(sent());
    rows.extend(control());
    rows.extend(fragments());
    rows.extend(utf8());
    rows.extend(closing());
    rows.extend(deflate());
    rows.extend(tcp());
    rows
}

fn masks() -> Vec<Row> {
    use Deviation::{Fails, Ignores, Masks};
    macro_rules! unmasked {
        ($condition:expr) => {
            Ignores(|rule, header, _| {
                let condition: fn(&FrameHeader) -> bool = $condition;
                rule == Rule::ClientDoesNotMask && condition(header)
            })
        };
    }
    vec![
        (
            unmasked!(|it| it.opcode == TEXT && it.payload_length.value() > 0),
            &["*/unmasked-text", "*/unmasked-after-good"],
        ),
        (
            unmasked!(|it| it.opcode == TEXT && it.payload_length.value() == 0),
            &["*/unmasked-empty-text"],
        ),
        (unmasked!(|it| it.opcode == PING), &["*/unmasked-ping"]),
        (unmasked!(|it| it.opcode == CLOSE), &["*/unmasked-close"]),
        (
            unmasked!(|it| it.opcode == CONTINUATION),
            &["*/unmasked-continuation"],
        ),
        (Fails(|it, _| key(it) == Some([0; 4])), &["*/key-zero"]),
        (
            Fails(|it, payload| key(it) == Some([0x37, 0xfa, 0x21, 0x3d]) && payload == b"second"),
            &["*/key-same-twice"],
        ),
        (Fails(|it, _| key(it) == Some([0xff; 4])), &["*/key-ff"]),
        (Masks(|it| it.opcode == TEXT), &["*/answers-unmasked-echo"]),
        (Masks(|it| it.opcode == PONG), &["*/answers-unmasked-pong"]),
        (
            Masks(|it| it.opcode == CLOSE),
            &["*/answers-unmasked-close"],
        ),
    ]
}

fn lengths() -> Vec<Row> {
    use Deviation::{Fails, Ignores, MisreadsLength, Sends, WaitsForAnyLength};
    macro_rules! fails {
        ($opcode:ident $length:literal) => {
            Fails(|it, payload| {
                it.opcode == $opcode && it.fin && it.rsv.value() == 0 && payload.len() == $length
            })
        };
    }
    macro_rules! long {
        ($length:literal, $form:ident) => {
            Sends(|it, payload| {
                if payload.len() == $length && it.opcode == TEXT {
                    let form = LengthForm::$form;
                    it.payload_length = PayloadLength::in_form(payload.len() as u64, form).unwrap();
                }
                true
            })
        };
    }
    macro_rules! not_shortest {
        ($length:literal, $form:ident) => {
            Ignores(|rule, it, _| match rule {
                Rule::LengthNotShortest(length) => {
                    it.opcode == TEXT
                        && length.value() == $length
                        && length.form() == LengthForm::$form
                }
                _ => false,
            })
        };
    }
    vec![
        (fails!(TEXT 0), &["*/0-text"]),
        (fails!(TEXT 125), &["*/125-text", "*/echo-minimal-125"]),
        (fails!(TEXT 126), &["*/126-text", "*/echo-minimal-126"]),
        (fails!(TEXT 127), &["*/127-text"]),
        (
            fails!(TEXT 65535),
            &["*/65535-text", "*/echo-minimal-65535"],
        ),
        (
            fails!(TEXT 65536),
            &["*/65536-text", "*/echo-minimal-65536"],
        ),
        (fails!(BINARY 0), &["*/0-binary"]),
        (fails!(BINARY 125), &["*/125-binary"]),
        (fails!(BINARY 126), &["*/126-binary"]),
        (fails!(BINARY 127), &["*/127-binary"]),
        (fails!(BINARY 65535), &["*/65535-binary"]),
        (
            fails!(BINARY 65536),
            &["*/65536-binary", "*/header-split-10-byte-header"],
        ),
        (long!(125, Sixteen), &["*/echo-minimal-125"]),
        (long!(126, SixtyFour), &["*/echo-minimal-126"]),
        (long!(65535, SixtyFour), &["*/echo-minimal-65535"]),
        (not_shortest!(0, Sixteen), &["*/len16-0"]),
        (not_shortest!(5, Sixteen), &["*/len16-5"]),
        (not_shortest!(125, Sixteen), &["*/len16-125"]),
        (not_shortest!(5, SixtyFour), &["*/len64-5"]),
        (not_shortest!(126, SixtyFour), &["*/len64-126"]),
        (not_shortest!(65535, SixtyFour), &["*/len64-65535"]),
        (
            Ignores(|rule, it, _| it.opcode == PING && matches!(rule, Rule::LengthNotShortest(_))),
            &["*/ping-len16"],
        ),
        (
            MisreadsLength(|length| length & 0xffff),
            &["*/len64-msb", "*/len64-all-ones", "*/claims-*"],
        ),
        (
            WaitsForAnyLength,
            &["*/len64-msb", "*/len64-all-ones", "*/bomb-1-gib"],
        ),
    ]
}

fn reserved() -> Vec<Row> {
    use Deviation::Ignores;
    macro_rules! bits {
        ($opcode:ident $value:literal) => {
            Ignores(|rule, it, _| {
                it.opcode == $opcode && matches!(rule, Rule::ReservedBits(bits) if bits.value() == $value)
            })
        };
    }
    macro_rules! opcode {
        ($value:literal) => {
            Ignores(|rule, _, _| matches!(rule, Rule::ReservedOpcode(opcode) if opcode.value() == $value))
        };
    }
    vec![
        (bits!(TEXT 1), &["*/rsv-1"]),
        (bits!(TEXT 2), &["*/rsv-2"]),
        (bits!(TEXT 3), &["*/rsv-3"]),
        (bits!(TEXT 4), &["*/rsv-4"]),
        (bits!(TEXT 5), &["*/rsv-5"]),
        (bits!(TEXT 6), &["*/rsv-6"]),
        (bits!(TEXT 7), &["*/rsv-7"]),
        (bits!(PING 1), &["*/rsv-1-ping"]),
        (bits!(PING 2), &["*/rsv-2-ping"]),
        (bits!(PING 4), &["*/rsv-4-ping"]),
        (bits!(CONTINUATION 1), &["*/rsv-1-continuation"]),
        (bits!(CONTINUATION 2), &["*/rsv-2-continuation"]),
        (bits!(CONTINUATION 4), &["*/rsv-4-continuation"]),
        (opcode!(3), &["*/opcode-3", "*/answers-valid-failure"]),
        (opcode!(4), &["*/opcode-4"]),
        (opcode!(5), &["*/opcode-5"]),
        (opcode!(6), &["*/opcode-6"]),
        (opcode!(7), &["*/opcode-7"]),
        (opcode!(11), &["*/opcode-b"]),
        (opcode!(12), &["*/opcode-c"]),
        (opcode!(13), &["*/opcode-d"]),
        (opcode!(14), &["*/opcode-e"]),
        (opcode!(15), &["*/opcode-f"]),
    ]
}

/// Frames of the peer that break a rule. None of the rules is about masks.
fn sent() -> Vec<Row> {
    use Deviation::Sends;
    macro_rules! sends {
        ($opcode:ident, $change:expr) => {
            Sends(|it, payload| {
                let change: fn(&mut FrameHeader, &mut Vec<u8>) = $change;
                if it.opcode == $opcode {
                    change(it, payload);
                    it.payload_length = PayloadLength::shortest(payload.len() as u64);
                }
                true
            })
        };
    }
    vec![
        (
            sends!(TEXT, |it, _| it.rsv = Rsv::new(it.rsv.value() | 2).unwrap()),
            &["*/answers-valid-echo"],
        ),
        (
            sends!(TEXT, |it, _| it.rsv = Rsv::RSV1),
            &["6455/5.2/answers-valid-echo"],
        ),
        (
            sends!(PONG, |it, _| it.fin = false),
            &["*/answers-valid-pong"],
        ),
        (
            sends!(PONG, |it, _| it.rsv = Rsv::RSV1),
            &["*/answers-valid-pong"],
        ),
        (
            Sends(|it, payload| {
                if it.opcode == PONG && payload.len() == 125 {
                    it.payload_length = PayloadLength::in_form(125, LengthForm::Sixteen).unwrap();
                }
                true
            }),
            &["6455/5.5/answers-valid-pong"],
        ),
        (
            sends!(CLOSE, |_, payload| if payload.is_empty() {
                *payload = 1005_u16.to_be_bytes().to_vec();
            }),
            &["*/answers-valid-close-to-empty"],
        ),
        (
            sends!(CLOSE, |_, payload| if code(payload) == Some(1000) {
                payload.swap(0, 1);
            }),
            &["*/answers-valid-close"],
        ),
        (
            sends!(CLOSE, |_, payload| if code(payload) == Some(1000) {
                payload.resize(130, b'r');
            }),
            &["*/answers-valid-close"],
        ),
        (
            sends!(CLOSE, |it, payload| if code(payload) == Some(1002) {
                it.fin = false;
            }),
            &["*/answers-valid-failure"],
        ),
    ]
}

fn control() -> Vec<Row> {
    use Deviation::{AnswersPong, Ignores, PongsLate, PongsWithNextBytes, Sends};
    macro_rules! no_pong {
        ($condition:expr) => {
            Sends(|it, payload| {
                let condition: fn(&[u8]) -> bool = $condition;
                it.opcode != PONG || !condition(payload)
            })
        };
    }
    vec![
        (
            no_pong!(<[u8]>::is_empty),
            &["*/ping-0", "*/answers-masked-empty-pong"],
        ),
        (no_pong!(|it| it == b"1"), &["*/ping-1"]),
        (
            no_pong!(|it| it.len() == 125),
            &["*/ping-125", "6455/5.5/answers-valid-pong"],
        ),
        (no_pong!(|it| it.contains(&0xff)), &["*/ping-not-utf8"]),
        (no_pong!(|it| it == b"ping 9"), &["*/ping-10"]),
        (
            no_pong!(|it| it == b"between"),
            &["*/ping-in-message", "*/ping-in-message-before-echo"],
        ),
        (AnswersPong, &["*/pong-0", "*/pong-125"]),
        (
            Ignores(|rule, _, _| matches!(rule, Rule::ControlTooLong(PING, _))),
            &["*/ping-126"],
        ),
        (
            Ignores(|rule, _, _| matches!(rule, Rule::ControlTooLong(PONG, _))),
            &["*/pong-126"],
        ),
        (
            Ignores(|rule, _, _| matches!(rule, Rule::ControlTooLong(CLOSE, _))),
            &["*/close-126"],
        ),
        (
            Ignores(|rule, _, _| rule == Rule::ControlFragmented(PING)),
            &["*/ping-fragmented"],
        ),
        (
            Ignores(|rule, _, _| rule == Rule::ControlFragmented(PONG)),
            &["*/pong-fragmented"],
        ),
        (
            Ignores(|rule, _, _| rule == Rule::ControlFragmented(CLOSE)),
            &["*/close-fragmented"],
        ),
        (
            PongsLate,
            &["*/ping-in-message-before-echo", "*/pong-before-more"],
        ),
        (
            PongsWithNextBytes,
            &["*/ping-in-message-before-echo", "*/pong-before-more"],
        ),
    ]
}

fn fragments() -> Vec<Row> {
    use Deviation::{Fails, FailsMessage, Ignores};
    vec![
        (
            FailsMessage(|it| contains(it, b"part 1 ") && !contains(it, b"part 2 ")),
            &["*/2-fragments-*"],
        ),
        (
            FailsMessage(|it| contains(it, b"part 2 ") && !contains(it, b"part 3 ")),
            &["*/3-fragments-*"],
        ),
        (
            FailsMessage(|it| contains(it, b"part 99 ")),
            &["*/100-fragments-*"],
        ),
        (
            Fails(|it, payload| it.opcode == TEXT && !it.fin && payload.is_empty()),
            &["*/all-empty", "*/first-empty"],
        ),
        (
            Fails(|it, payload| it.opcode == CONTINUATION && !it.fin && payload.is_empty()),
            &["*/all-empty", "*/middle-empty"],
        ),
        (
            Fails(|it, payload| it.opcode == CONTINUATION && it.fin && payload.is_empty()),
            &["*/all-empty", "*/last-empty"],
        ),
        (
            Ignores(|rule, it, _| rule == Rule::ContinuationWithoutStart && it.fin),
            &["*/continuation-first-fin", "*/continuation-after-message"],
        ),
        (
            Ignores(|rule, it, _| rule == Rule::ContinuationWithoutStart && !it.fin),
            &["*/continuation-first-not-fin"],
        ),
        (
            Ignores(|rule, _, _| rule == Rule::MessageUnfinished(TEXT)),
            &[
                "*/new-message-inside-text",
                "*/new-message-inside-empty-text",
            ],
        ),
        (
            Ignores(|rule, _, _| rule == Rule::MessageUnfinished(BINARY)),
            &["*/new-message-inside-binary"],
        ),
        (
            FailsMessage(|it| it.len() == 10_000),
            &["*/10000-fragments"],
        ),
    ]
}

fn utf8() -> Vec<Row> {
    use Deviation::{Fails, FailsMessage, Ignores};
    macro_rules! accepts {
        ($bytes:expr) => {
            Ignores(|rule, it, payload| {
                let is_text = rule == Rule::TextNotUtf8 && it.fin;
                is_text
                    && (payload == [b"ab", &$bytes[..], b"cd"].concat()
                        || payload == [b"ab", &$bytes[..]].concat())
            })
        };
    }
    vec![
        (
            FailsMessage(|it| it == b"a"),
            &["*/valid-1-byte", "7692/6.2/1"],
        ),
        (
            FailsMessage(|it| it == "é".as_bytes()),
            &["*/valid-2-bytes", "*/split-2-*"],
        ),
        (
            FailsMessage(|it| it == "€".as_bytes()),
            &["*/valid-3-bytes", "*/split-3-*"],
        ),
        (
            FailsMessage(|it| it == "😀".as_bytes()),
            &["*/valid-4-bytes", "*/split-4-*"],
        ),
        (FailsMessage(|it| it == b"a\0b"), &["*/valid-nul"]),
        (
            FailsMessage(|it| it.starts_with("\u{feff}".as_bytes())),
            &["*/valid-bom"],
        ),
        (
            FailsMessage(|it| contains(it, "\u{fdd0}".as_bytes())),
            &["*/valid-noncharacters"],
        ),
        (
            FailsMessage(|it| it == "\u{10ffff}".as_bytes()),
            &["*/valid-10ffff"],
        ),
        (
            FailsMessage(|it| contains(it, "\u{d7ff}".as_bytes())),
            &["*/valid-largest"],
        ),
        // A server that checks messages of one frame only.
        (
            Ignores(|rule, it, _| rule == Rule::TextNotUtf8 && it.opcode == CONTINUATION),
            &["*/bad-in-last-fragment", "*/bad-across-fragments"],
        ),
        (accepts!(b"\x80"), &["*/bad-lone-continuation"]),
        (accepts!(b"\xc3"), &["*/bad-lone-start", "*/cut-at-end-2"]),
        (accepts!(b"\xc0\xaf"), &["*/bad-overlong-2"]),
        (accepts!(b"\xe0\x80\xaf"), &["*/bad-overlong-3"]),
        (accepts!(b"\xf0\x80\x80\xaf"), &["*/bad-overlong-4"]),
        (accepts!(b"\xed\xa0\x80"), &["*/bad-surrogate"]),
        (
            accepts!(b"\xed\xa0\xbd\xed\xb8\x80"),
            &["*/bad-surrogate-pair"],
        ),
        (accepts!(b"\xf4\x90\x80\x80"), &["*/bad-beyond-10ffff"]),
        (accepts!(b"\xf8\x88\x80\x80\x80"), &["*/bad-5-bytes"]),
        (accepts!(b"\xfc\x84\x80\x80\x80\x80"), &["*/bad-6-bytes"]),
        (accepts!(b"\xfe"), &["*/bad-fe"]),
        (accepts!(b"\xff"), &["*/bad-ff"]),
        (accepts!(b"\xe2\x82"), &["*/bad-cut", "*/cut-at-end-3"]),
        (accepts!(b"\xf0\x9f\x98"), &["*/cut-at-end-4"]),
        (
            Fails(|it, payload| it.opcode == CONTINUATION && payload == b"\xa9"),
            &["*/split-2-*"],
        ),
        (
            Fails(|it, payload| it.opcode == CONTINUATION && payload == b"\xac"),
            &["*/split-3-*"],
        ),
        (
            Fails(|it, payload| it.opcode == CONTINUATION && payload == b"\x98\x80"),
            &["*/split-4-*"],
        ),
        (
            Fails(|it, payload| it.opcode == BINARY && payload.starts_with(b"\xff")),
            &["*/binary-any"],
        ),
    ]
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn closing() -> Vec<Row> {
    use Deviation::{
        ClosesTwice, ClosesWith, DiesOfReset, Fails, Ignores, IgnoresFin, KeepsTcp,
        ReadsOnAfterClose, Sends,
    };
    macro_rules! refuses {
        ($code:literal) => {
            Fails(|it, payload| {
                it.opcode == CLOSE && code(payload) == Some($code) && payload.len() == 2
            })
        };
    }
    macro_rules! accepts {
        ($code:literal) => {
            Ignores(|rule, _, _| matches!(rule, Rule::CloseCodeNotAllowed(it) if it.0 == $code))
        };
    }
    vec![
        (
            Fails(|it, payload| it.opcode == CLOSE && payload.is_empty()),
            &["*/close-empty"],
        ),
        (
            Fails(|it, payload| it.opcode == CLOSE && payload.ends_with(b"done")),
            &["*/close-reason"],
        ),
        (
            Fails(|it, payload| it.opcode == CLOSE && payload.len() == 125),
            &["*/close-reason-of-123"],
        ),
        (
            Sends(|it, payload| {
                if it.opcode == CLOSE && code(payload) == Some(3000) {
                    *payload = 1000_u16.to_be_bytes().to_vec();
                }
                true
            }),
            &["*/echo-of-code"],
        ),
        (
            Ignores(|rule, _, _| rule == Rule::CloseOneByte),
            &["*/close-1-byte"],
        ),
        (refuses!(1000), &["*/code-1000", "*/close-code"]),
        (refuses!(1001), &["*/code-1001"]),
        (refuses!(1003), &["*/code-1003"]),
        (refuses!(1007), &["*/code-1007"]),
        (refuses!(1011), &["*/code-1011"]),
        (refuses!(1012), &["*/code-1012"]),
        (refuses!(1013), &["*/code-1013"]),
        (refuses!(1014), &["*/code-1014"]),
        (refuses!(3000), &["*/code-3000", "*/echo-of-code"]),
        (refuses!(3999), &["*/code-3999"]),
        (refuses!(4000), &["*/code-4000"]),
        (refuses!(4999), &["*/code-4999"]),
        (accepts!(1005), &["*/code-1005"]),
        (accepts!(1006), &["*/code-1006"]),
        (accepts!(1015), &["*/code-1015"]),
        (accepts!(0), &["*/code-0"]),
        (accepts!(999), &["*/code-999"]),
        (accepts!(1004), &["*/code-1004"]),
        (accepts!(1016), &["*/code-1016"]),
        (accepts!(2999), &["*/code-2999"]),
        (accepts!(5000), &["*/code-5000"]),
        (accepts!(65535), &["*/code-65535"]),
        (
            Ignores(|rule, _, _| rule == Rule::CloseReasonNotUtf8),
            &["*/reason-bad-utf8"],
        ),
        (
            ReadsOnAfterClose,
            &[
                "*/text-after-close",
                "*/ping-after-close",
                "*/close-after-close",
            ],
        ),
        (
            KeepsTcp,
            &[
                "*/close-empty",
                "*/close-code",
                "*/close-reason",
                "*/close-reason-of-123",
                "*/server-ends-tcp",
            ],
        ),
        (IgnoresFin, &["*/fin-without-close"]),
        (DiesOfReset, &["*/rst-without-close"]),
        (ClosesTwice, &["*/*-after-close", "*/answer-to-own-close"]),
        // A server that answers no close frame.
        (
            Sends(|it, _| it.opcode != CLOSE),
            &[
                "*/close-empty",
                "*/close-code",
                "*/close-reason",
                "*/close-reason-of-123",
                "*/echo-of-code",
                "6455/7.4/code-*",
                "*/server-ends-tcp",
                "*/answers-unmasked-close",
                "*/answers-masked-close",
                "*/answers-valid-close*",
                "*/answer-to-own-close",
                "*/close-in-message",
                "*/bomb-*",
            ],
        ),
        // A server that closes with 1011 in place of 1007.
        (
            ClosesWith(|code| if code == 1007 { 1011 } else { code }),
            &[
                "*/bad-*",
                "*/cut-at-end-*",
                "*/reason-bad-utf8",
                "*/broken-block",
                "*/distance-too-far",
                "*/gzip",
                "*/zlib",
            ],
        ),
        (
            ClosesWith(|code| if code == 1009 { 1002 } else { code }),
            &["*/bomb-*"],
        ),
    ]
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn deflate() -> Vec<Row> {
    use Deviation::{
        AcceptsDamage, ExceedsWindow, Fails, FailsMessage, ForgetsContext, Ignores,
        IgnoresCompression, KeepsOwnContext, PingEndsCompression,
    };
    macro_rules! example {
        ($bytes:literal) => {
            Fails(|it, payload| it.rsv.rsv1() && payload == $bytes)
        };
    }
    macro_rules! not_first {
        ($opcode:ident) => {
            Ignores(|rule, _, _| rule == Rule::CompressedNotFirst($opcode))
        };
    }
    vec![
        (
            example!(b"\xf2\x48\xcd\xc9\xc9\x07\x00"),
            &["7692/7.2.3.1/example", "7692/7.2.3.2/example"],
        ),
        (
            example!(b"\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"),
            &["7692/7.2.3.3/example"],
        ),
        (
            example!(b"\xf3\x48\xcd\xc9\xc9\x07\x00\x00"),
            &["7692/7.2.3.4/example"],
        ),
        (
            example!(b"\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"),
            &["7692/7.2.3.5/example"],
        ),
        (
            Fails(|it, payload| it.opcode == CONTINUATION && payload == b"\0"),
            &["7692/7.2.3.6/example", "*/fragmented-each-byte"],
        ),
        (example!(b"\0"), &["7692/6.2/0"]),
        (
            FailsMessage(|it| it.starts_with(b"a text that repeats") && it.len() == 125),
            &["7692/6.2/125"],
        ),
        (
            FailsMessage(|it| it.starts_with(b"a text that repeats") && it.len() == 126),
            &["7692/6.2/126"],
        ),
        (
            FailsMessage(|it| it.starts_with(b"a text that repeats") && it.len() == 65536),
            &["7692/6.2/65536"],
        ),
        (
            Fails(|_, payload| payload == b"uncompressed"),
            &["*/uncompressed"],
        ),
        (
            Fails(|it, payload| it.rsv.rsv1() && !it.fin && payload.len() > 15),
            &["*/fragmented-2", "*/fragmented-ping-between"],
        ),
        (
            Fails(|it, payload| it.rsv.rsv1() && !it.fin && payload.len() == 1),
            &["*/fragmented-each-byte"],
        ),
        (PingEndsCompression, &["*/fragmented-ping-between"]),
        (not_first!(CONTINUATION), &["*/rsv1-on-continuation"]),
        (not_first!(PING), &["*/rsv1-on-ping"]),
        (not_first!(PONG), &["*/rsv1-on-pong"]),
        (not_first!(CLOSE), &["*/rsv1-on-close"]),
        (
            ForgetsContext,
            &[
                "*/context-kept",
                "*/context-of-the-other-side",
                "*/client-nct-unasked",
                "7692/7.2.3.2/example",
            ],
        ),
        (
            KeepsOwnContext,
            &["*/server-nct-kept", "7692/7.2.2/context-of-the-other-side"],
        ),
        (
            ExceedsWindow,
            &[
                "7692/7.1.2.1/server-bits-8",
                "7692/7.1.2.1/server-bits-9",
                "7692/7.1.2.1/server-bits-10",
                "*/echo-within-window",
            ],
        ),
        (
            FailsMessage(|it| it == b"a sentence that is sent twice"),
            &["7692/7.2.2/context-*"],
        ),
        (FailsMessage(|it| it.len() == 259), &["*/window-8"]),
        (FailsMessage(|it| it.len() == 515), &["*/window-9"]),
        (FailsMessage(|it| it.len() == 32771), &["*/window-15*"]),
        (AcceptsDamage(|it| it == b"\x06\0"), &["*/broken-block"]),
        (AcceptsDamage(|it| it.starts_with(b"\x1f\x8b")), &["*/gzip"]),
        (AcceptsDamage(|it| it.starts_with(b"\x78\x9c")), &["*/zlib"]),
        (
            AcceptsDamage(|it| it.len() < 100),
            &[
                "*/broken-block",
                "*/gzip",
                "*/zlib",
                "*/distance-too-far",
                "*/bad-utf8-inside",
            ],
        ),
        (
            IgnoresCompression,
            &[
                "7692/6.1/answers-valid-echo",
                "7692/6.1/fragmented-*",
                "7692/6.2/*",
                "7692/7.2.2/*",
                "7692/7.2.3.*",
                "*/client-nct-unasked",
                "*/bad-utf8-inside",
                "*/byte-by-byte-deflate",
                "*/bomb-16-mib",
            ],
        ),
    ]
}

fn tcp() -> Vec<Row> {
    use Deviation::{DropsRead, NeedsWholeFrame, OneFrameARead};
    vec![
        (
            NeedsWholeFrame(|it| it.len() == 1),
            &["*/byte-by-byte-*", "*/header-split-*"],
        ),
        (
            NeedsWholeFrame(|it| {
                matches!(it, [_, second, ..] if second & 0x7f < 126) && it.len() < 6
            }),
            &["*/header-split-2-byte-header", "*/byte-by-byte-*"],
        ),
        (
            NeedsWholeFrame(|it| {
                matches!(it, [_, second, ..] if second & 0x7f == 126) && it.len() < 8
            }),
            &["*/header-split-4-byte-header"],
        ),
        (
            NeedsWholeFrame(|it| {
                matches!(it, [_, second, ..] if second & 0x7f == 127) && it.len() < 14
            }),
            &["*/header-split-10-byte-header"],
        ),
        (
            OneFrameARead,
            &[
                "*/many-in-one-write",
                "*/masked-continuation",
                "*/keys-fresh",
                "*/keys-not-zero",
                "*/unmasked-after-good",
                "*/unmasked-continuation",
                "*/rsv-*-continuation",
                "6455/5.4/*-fragments*",
                "6455/5.4/*-empty",
                "*/close-in-message",
                "*/continuation-after-message",
                "*/new-message-inside-*",
                "*/ping-in-message*",
                "*/ping-10",
                "*/pong-before-more",
                "*/split-*-at-each-byte",
                "*/bad-*-fragment*",
                "7692/6.1/fragmented-*",
                "*/rsv1-on-continuation",
                "*/server-nct-kept",
                "*/client-nct-unasked",
                "7692/7.2.2/context-*",
                "7692/7.2.3.2/example",
                "7692/7.2.3.6/example",
            ],
        ),
        (
            DropsRead(|it| it.opcode.value() == 7 && it.rsv.value() == 4),
            &["*/http-in-stream"],
        ),
    ]
}
