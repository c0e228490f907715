//! Causes of errors in close frames: codes that must not be sent, reasons that are not UTF-8.

use std::ops::RangeInclusive;

use super::context::{FrameContext, with_rule};
use super::text::label_wrong_bytes;
use super::words::{excerpt, hex, is_readable};
use crate::diagnosis::{Finding, catalogue};
use crate::ws::CloseCode;

/// The codes that RFC 6455 section 7.4.1 and the IANA registry define.
const DEFINED: RangeInclusive<u16> = 1000..=1014;

/// The cause of a close code that must not be sent (RFC 6455 section 7.4).
pub(super) fn code(plain: Finding, code: CloseCode, frame: &FrameContext<'_>) -> Finding {
    if let Some(found) = not_masked(&plain, frame) {
        return found;
    }
    let payload = frame.payload();
    let bytes = code.0.to_be_bytes();
    let swapped = CloseCode(code.0.swap_bytes());
    // Swapped garbage is a code for applications too often.
    let is_close = is_readable(payload.get(2..).unwrap_or_default());
    if swapped.may_be_sent() && (is_close || DEFINED.contains(&swapped.0)) {
        let right = hex(&swapped.0.to_be_bytes());
        return code_garbled(
            plain,
            format!("close code {} has its bytes swapped", code.0),
        )
        .label(format!("swapped: {swapped}"))
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
        0 => plain.possible_cause("the sender uses 0 for \"no code\""),
        1005 | 1006 | 1015 => plain.possible_cause(format!(
            "the sender sent a code that it was given by its API: {} means that no code was received",
            code.0
        )),
        1..1000 => plain.possible_cause("the number is no close code: they begin at 1000"),
        1004 | 1016..3000 => plain.possible_cause(
            "the code was invented: 1000-2999 are defined by RFCs, 4000-4999 are for applications",
        ),
        u16::MAX => plain.possible_cause("the sender uses -1 for \"no code\""),
        5000.. => plain.possible_cause("the code was invented: 4000-4999 are for applications"),
        _ => plain,
    }
}

/// The cause if the two bytes of the code are characters: the payload is text.
fn printable(plain: Finding, code: CloseCode, payload: &[u8]) -> Finding {
    const LIMIT: usize = 12;
    let text = String::from_utf8_lossy(payload);
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let meant = digits.parse().map(CloseCode).ok();
    let garbled = code_garbled(
        plain,
        format!("close code {} is the text \"{}\"", code.0, excerpt(payload)),
    )
    .label(format!(
        "\"{}\"",
        excerpt(payload.get(..2).unwrap_or_default())
    ));
    match meant.filter(|code| code.may_be_sent()) {
        Some(code) => {
            let right = hex(&code.0.to_be_bytes());
            garbled
                .certain_cause(format!("the code was written as text: \"{digits}\""))
                .fixed_by(format!("write it as two bytes: {right}"))
        }
        None => garbled
            .certain_cause("the payload begins with the reason, without a code")
            .fixed_by(match payload.get(..LIMIT) {
                Some(start) if payload.len() > LIMIT => {
                    format!("write a code before the reason: 03 e8 {}…", hex(start))
                }
                _ => format!("write a code before the reason: 03 e8 {}", hex(payload)),
            }),
    }
}

/// The cause of a close reason that is not UTF-8.
pub(super) fn reason(plain: Finding, frame: &FrameContext<'_>) -> Finding {
    const MAX_PAYLOAD: usize = 125;
    if let Some(found) = not_masked(&plain, frame) {
        return found;
    }
    let payload = frame.payload();
    let reason = payload.get(2..).unwrap_or_default();
    let cut = std::str::from_utf8(reason).err();
    let is_cut = cut.is_some_and(|error| error.error_len().is_none());
    let valid = cut.map_or(0, |error| error.valid_up_to());
    let plain = label_wrong_bytes(plain, frame, reason.get(valid..).unwrap_or_default());
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

/// A masked close frame that breaks no rule, and that has a code of the RFC and a reason on the
/// wire, but not after unmasking.
pub(in crate::diagnosis::stream) fn masked_wrongly(frame: &FrameContext<'_>) -> Option<Finding> {
    const ENOUGH: usize = 4;
    let defined = |code: &[u8; 2]| DEFINED.contains(&u16::from_be_bytes(*code));
    let payload = frame.payload();
    let (code, reason) = payload.split_first_chunk::<2>()?;
    let window = frame.lookahead.window;
    let raw = window.between(frame.candidate.payload, frame.candidate.end)?;
    let raw_is_defined = raw.first_chunk().is_some_and(defined);
    if reason.len() < ENOUGH || !raw_is_defined || defined(code) && is_readable(reason) {
        return None;
    }
    let plain = Finding::new(&catalogue::PAYLOAD_NOT_XORED, "");
    not_masked(&plain, frame)
}

/// The payload is a close code and a reason on the wire, before it is unmasked.
fn not_masked(plain: &Finding, frame: &FrameContext<'_>) -> Option<Finding> {
    let window = frame.lookahead.window;
    frame.header().masking_key?;
    let raw = window.up_to(frame.candidate.payload, frame.candidate.end);
    let (code, reason) = raw.split_first_chunk::<2>()?;
    let code = CloseCode(u16::from_be_bytes(*code));
    // Two bytes alone are an application's code too often.
    let is_close = code.may_be_sent()
        && is_readable(reason)
        && (!reason.is_empty() || DEFINED.contains(&code.0));
    if !is_close {
        return None;
    }
    let message = if reason.is_empty() {
        format!("the payload is not masked, and the frame has a masking key: {code}")
    } else {
        let reason = excerpt(reason);
        format!("the payload is not masked, and the frame has a masking key: {code}, \"{reason}\"")
    };
    let mut finding = with_rule(plain, &catalogue::PAYLOAD_NOT_XORED, message);
    finding.location = Some(frame.payload_location());
    Some(
        finding
            .label("code and reason on the wire")
            .certain_cause("the payload has a close code before it is unmasked, and not after")
            .fixed_by("XOR byte i of the payload with byte i % 4 of the key"),
    )
}

fn code_garbled(plain: Finding, message: String) -> Finding {
    let mut garbled = Finding::new(&catalogue::CLOSE_CODE_GARBLED, message);
    garbled.location = plain.location;
    garbled
}
