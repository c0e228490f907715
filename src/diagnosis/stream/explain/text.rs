//! Causes of texts that are not UTF-8, and of texts that were masked wrongly.

use super::compression;
use super::context::{FrameContext, with_rule};
use super::encoding::{binary, other_encoding, surrogate};
use super::prefilter::is_unusual_control;
use super::words::{excerpt, hex, is_readable};
use crate::diagnosis::{Finding, Severity, catalogue};
use crate::ws::{FrameHeader, MaskingKey, Opcode, Violation};

/// The cause of a text that is not UTF-8.
pub(super) fn not_utf8(plain: Finding, violation: &Violation, frame: &FrameContext<'_>) -> Finding {
    let payload = frame.payload();
    let at = violation.offset.checked_sub(frame.candidate.payload);
    let at = at.and_then(|at| usize::try_from(at).ok());
    if at.is_none() {
        return not_continued(&plain);
    }
    let at = at.unwrap_or(0);
    let wrong = payload.get(at..).unwrap_or_default();
    let plain = label_wrong_bytes(plain, frame, wrong);
    let compressed = || {
        let found = compression::without_rsv1(&payload);
        found.map(|found| found.at(frame.payload_location()))
    };
    not_masked(&plain, frame, &payload)
        .or_else(compressed)
        .or_else(|| other_key(&plain, frame))
        .or_else(|| mask_restarted(&plain, frame, at))
        .or_else(|| surrogate(&plain, wrong))
        .or_else(|| binary(&plain, &payload))
        .or_else(|| cut(&plain, frame, at, wrong))
        .unwrap_or_else(|| other_encoding(plain, &payload, wrong))
}

/// A masked text that is UTF-8 and full of control characters, and is readable on the wire, or
/// if the masking key starts again in it.
pub(in crate::diagnosis::stream) fn masked_wrongly(frame: &FrameContext<'_>) -> Option<Finding> {
    const MIN_LENGTH: usize = 6;
    /// One byte of this many is a control character at least. Another key makes the whole text
    /// readable, which is evidence enough; a key that starts again makes the rest so.
    const WITH_OTHER_KEY: usize = 24;
    const WITH_THIS_KEY: usize = 6;
    let header = frame.header();
    header.masking_key?;
    let is_text = header.opcode == Opcode::TEXT && header.fin && header.rsv.value() == 0;
    if !is_text {
        return None;
    }
    let payload = frame.payload();
    let first = payload.iter().copied().position(is_unusual_control)?;
    let controls = payload.iter().filter(|byte| is_unusual_control(**byte));
    let controls = controls.count();
    let is_full = |part: usize| controls * part >= payload.len() - first;
    if payload.len() < MIN_LENGTH || !is_full(WITH_OTHER_KEY) {
        return None;
    }
    let location = frame.location(frame.candidate.payload, payload.len() as u64);
    let mut plain = Finding::new(&catalogue::PAYLOAD_NOT_XORED, "").at(location);
    plain.severity = Severity::Suspicious;
    if !is_full(WITH_THIS_KEY) {
        return other_key(&plain, frame);
    }
    not_masked(&plain, frame, &payload)
        .or_else(|| other_key(&plain, frame))
        .or_else(|| mask_restarted(&plain, frame, first))
}

/// A character that an earlier fragment began.
fn not_continued(plain: &Finding) -> Finding {
    let message = "the last character of the fragment before is not continued in this one";
    with_rule(plain, &catalogue::TEXT_UTF8_CUT, message)
        .label("begins a character")
        .possible_cause("a fragment was lost, or each fragment was cut without the others")
}

/// Labels the bytes that are not a character. The label has them unmasked, as the wire does not show
/// what they are.
pub(super) fn label_wrong_bytes(plain: Finding, frame: &FrameContext<'_>, wrong: &[u8]) -> Finding {
    let length = plain
        .location
        .as_ref()
        .map_or(0, |location| location.length);
    match wrong.get(..usize::try_from(length).unwrap_or(0)) {
        Some(bytes) if frame.header().masking_key.is_some() => {
            plain.label(format!("{} when unmasked", hex(bytes)))
        }
        _ => plain.label("no character"),
    }
}

/// The payload is readable on the wire: it was not masked.
fn not_masked(plain: &Finding, frame: &FrameContext<'_>, payload: &[u8]) -> Option<Finding> {
    let key = frame.header().masking_key?;
    let mut raw = payload.to_vec();
    key.apply(0, &mut raw);
    if raw.len() < 4 || !is_readable(&raw) {
        return None;
    }
    let message = format!(
        "the payload is not masked, and the frame has a masking key: \"{}\"",
        excerpt(&raw)
    );
    let finding = with_rule(plain, &catalogue::PAYLOAD_NOT_XORED, message);
    Some(
        finding
            .label("readable on the wire")
            .certain_cause("the payload is readable before it is unmasked, and not after")
            .fixed_by("XOR byte i of the payload with byte i % 4 of the key"),
    )
}

/// The payload is readable with four other bytes of the header as the masking key: those from
/// byte 2 on, or others before the key.
fn other_key(plain: &Finding, frame: &FrameContext<'_>) -> Option<Finding> {
    const ENOUGH: usize = 8;
    frame.header().masking_key?;
    let window = frame.lookahead.window;
    let right = frame.candidate.payload - 4;
    let (at, text) = (frame.start + 2..right).find_map(|at| {
        let key = MaskingKey(*window.between(at, at + 4)?.first_chunk()?);
        let header = FrameHeader {
            masking_key: Some(key),
            ..*frame.header()
        };
        let (start, end) = (frame.candidate.payload, frame.candidate.end);
        let text = frame.lookahead.text_between(start, end, &header);
        let text = valid_text(text, frame)?;
        (text.len() >= ENOUGH && is_readable(&text)).then_some((at, text))
    })?;
    let early = right - at;
    let message = format!(
        "the payload is masked with the wrong four bytes of the header: \"{}\"",
        excerpt(&text)
    );
    let mut finding = with_rule(plain, &catalogue::UNMASK_OFFSET, message);
    finding.location = Some(frame.location(at, 4));
    Some(
        finding
            .label(format!("masked with these, {early} bytes before the key"))
            .certain_cause("the payload is readable if these four bytes are the masking key")
            .fixed_by(format!(
                "take the key from byte {} of the frame: the extended length comes before it",
                right - frame.start
            )),
    )
}

/// The text without a character that is cut at the end of a long payload.
fn valid_text(mut text: Vec<u8>, frame: &FrameContext<'_>) -> Option<Vec<u8>> {
    let error = std::str::from_utf8(&text).err();
    if let Some(error) = error {
        let is_long = frame.header().payload_length.value() > text.len() as u64;
        if !is_long || error.error_len().is_some() {
            return None;
        }
        text.truncate(error.valid_up_to());
    }
    Some(text)
}

/// The payload is readable if the masking key starts again before the byte at `at`.
fn mask_restarted(plain: &Finding, frame: &FrameContext<'_>, at: usize) -> Option<Finding> {
    const ENOUGH: usize = 4;
    let key = frame.header().masking_key?;
    let raw = frame
        .lookahead
        .window
        .up_to(frame.candidate.payload, frame.candidate.end);
    frame.lookahead.window.effort().spend_on(7 * raw.len());
    // The first bytes after the restart may be valid characters by chance.
    let first = at.saturating_sub(7).max(1);
    let restart = (first..=at).find(|place| {
        place % 4 != 0 && raw.len() - place.min(&raw.len()) >= ENOUGH && {
            let mut text = raw.to_vec();
            let (before, after) = text.split_at_mut(*place);
            MaskingKey(key.0).apply(0, before);
            key.apply(0, after);
            is_readable(&text)
        }
    })?;
    let message = format!("the masking key starts again at byte {restart} of the payload");
    let mut finding = with_rule(plain, &catalogue::UNMASK_OFFSET, message);
    finding.location = Some(frame.location(frame.candidate.payload + restart as u64, 1));
    Some(
        finding
            .label("the key starts again")
            .certain_cause("the whole payload is readable if the key starts again there")
            .fixed_by("let i count over the whole payload of a frame, not over each write or read"),
    )
}

/// The text begins or ends inside a character.
fn cut(plain: &Finding, frame: &FrameContext<'_>, at: usize, wrong: &[u8]) -> Option<Finding> {
    let error = std::str::from_utf8(wrong).err()?;
    let rest = wrong.iter().take_while(|byte| **byte & 0xc0 == 0x80);
    let rest = rest.count();
    let goes_on = wrong.get(rest..).map(std::str::from_utf8);
    let is_text = matches!(&goes_on, Some(Ok(_)))
        || matches!(&goes_on, Some(Err(error)) if error.error_len().is_none());
    let continues = at == 0 && (1..=3).contains(&rest) && is_text;
    let is_cut = error.valid_up_to() == 0 && error.error_len().is_none();
    if continues {
        let message = "the text begins inside a character";
        let finding = with_rule(plain, &catalogue::TEXT_UTF8_CUT, message);
        return Some(finding.label("the end of a character"));
    }
    if !is_cut {
        return None;
    }
    let finding = with_rule(
        plain,
        &catalogue::TEXT_UTF8_CUT,
        "the text ends inside a character",
    );
    let finding = finding.label(match wrong.len() {
        1 => "1 byte of a character".to_owned(),
        count => format!("{count} bytes of a character"),
    });
    let next = frame.lookahead.frame(frame.candidate.end);
    let next = next.filter(|next| next.header.opcode == Opcode::TEXT);
    let next = next.map(|next| frame.lookahead.payload(&next));
    let whole = next.filter(|next| {
        let start: Vec<u8> = wrong.iter().chain(next.iter().take(4)).copied().collect();
        start
            .utf8_chunks()
            .next()
            .is_some_and(|chunk| !chunk.valid().is_empty())
    });
    Some(match whole {
        Some(_) => finding.certain_cause("the next message begins with the rest of the character"),
        None => finding,
    })
}
