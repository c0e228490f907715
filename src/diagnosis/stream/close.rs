//! Close codes that must not be sent, and reasons that are no text.

use super::explain::FrameContext;
use super::foreign::is_readable;
use super::text::no_character;
use super::wording::{excerpt, hexadecimal};
use crate::diagnosis::{Finding, catalogue};
use crate::ws::CloseCode;

/// Why a close frame has a code that must not be sent.
pub(super) fn code(plain: Finding, code: CloseCode, frame: &FrameContext<'_>) -> Finding {
    let payload = frame.payload();
    let bytes = code.0.to_be_bytes();
    let swapped = CloseCode(code.0.swap_bytes());
    if swapped.may_be_sent() {
        let right = hexadecimal(&swapped.0.to_be_bytes());
        return garbled(
            plain,
            format!("close code {} has its bytes swapped", code.0),
        )
        .label(format!("swapped they are {swapped}"))
        .certain_cause(
            "the code was written with its lowest byte first, as `pack(\"H\", code)` does",
        )
        .fixed_by(format!("write {right}: network byte order, `!H`"));
    }
    if bytes.iter().all(u8::is_ascii_graphic) && is_readable(&payload) {
        return printable(plain, code, &payload);
    }
    let plain = plain.label(code.to_string());
    match code.0 {
        0 => plain.possible_cause("0 was meant to say that there is no code"),
        1005 | 1006 | 1015 => plain.possible_cause(format!(
            "a code that was received was sent on: {} is what an API reports when no code came",
            code.0
        )),
        1..1000 => {
            plain.possible_cause("the code is one of another kind: below 1000 there are none")
        }
        1004 | 1016..3000 => plain.possible_cause(
            "the code was made up: up to 2999 they are the RFC's, 4000-4999 are for applications",
        ),
        u16::MAX => plain.possible_cause("-1 was meant to say that there is no code"),
        5000.. => plain.possible_cause("the code was made up: 4000-4999 are for applications"),
        _ => plain,
    }
}

/// The two bytes of the code are characters: a text stands where it belongs.
fn printable(plain: Finding, code: CloseCode, payload: &[u8]) -> Finding {
    const MOST: usize = 12;
    let text = String::from_utf8_lossy(payload);
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let meant = digits.parse().map(CloseCode).ok();
    let garbled = garbled(
        plain,
        format!("close code {} is the text \"{}\"", code.0, excerpt(payload)),
    )
    .label(format!(
        "\"{}\"",
        excerpt(payload.get(..2).unwrap_or_default())
    ));
    match meant.filter(|code| code.may_be_sent()) {
        Some(code) => {
            let right = hexadecimal(&code.0.to_be_bytes());
            garbled
                .certain_cause(format!("the code was written as text: \"{digits}\""))
                .fixed_by(format!("write it as two bytes: {right}"))
        }
        None => garbled
            .certain_cause("the reason stands where the code belongs")
            .fixed_by(match payload.get(..MOST) {
                Some(start) if payload.len() > MOST => format!(
                    "write a code in front of the reason: 03 e8 {}…",
                    hexadecimal(start)
                ),
                _ => format!(
                    "write a code in front of the reason: 03 e8 {}",
                    hexadecimal(payload)
                ),
            }),
    }
}

/// Why the reason of a close frame is not UTF-8.
pub(super) fn reason(plain: Finding, frame: &FrameContext<'_>) -> Finding {
    const MAX_PAYLOAD: usize = 125;
    let payload = frame.payload();
    let reason = payload.get(2..).unwrap_or_default();
    let cut = std::str::from_utf8(reason).err();
    let is_cut = cut.is_some_and(|error| error.error_len().is_none());
    let valid = cut.map_or(0, |error| error.valid_up_to());
    let plain = no_character(plain, frame, reason.get(valid..).unwrap_or_default());
    if is_cut && payload.len() == MAX_PAYLOAD {
        return plain
            .certain_cause("the reason was cut at 123 bytes, in the middle of a character")
            .fixed_by("cut it between two characters");
    }
    if is_cut {
        return plain.possible_cause("the reason was cut in the middle of a character");
    }
    plain
}

fn garbled(plain: Finding, message: String) -> Finding {
    let mut garbled = Finding::new(&catalogue::CLOSE_CODE_GARBLED, message);
    garbled.location = plain.location;
    garbled
}
