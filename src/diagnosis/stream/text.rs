//! Texts that are no UTF-8, and what they probably are.

use super::compression;
use super::ends::is_odd;
use super::explain::FrameContext;
use super::foreign::is_readable;
use super::wording::{excerpt, hexadecimal};
use crate::diagnosis::catalogue::{self, RulePage};
use crate::diagnosis::{Finding, Severity};
use crate::ws::{MaskingKey, Opcode, Violation};

/// Why a text is not UTF-8.
pub(super) fn not_utf8(plain: Finding, violation: &Violation, frame: &FrameContext<'_>) -> Finding {
    let payload = frame.payload();
    let at = violation.offset.checked_sub(frame.sighting.payload);
    let at = at.and_then(|at| usize::try_from(at).ok());
    if at.is_none() {
        return broken_off(&plain);
    }
    let at = at.unwrap_or(0);
    let wrong = payload.get(at..).unwrap_or_default();
    let plain = no_character(plain, frame, wrong);
    let compressed = || {
        let length = frame.header().payload_length.value();
        let location = frame.location(frame.sighting.payload, length);
        compression::without_flag(&payload).map(|found| found.at(location))
    };
    not_masked(&plain, frame, &payload)
        .or_else(compressed)
        .or_else(|| mask_restarted(&plain, frame, at))
        .or_else(|| surrogate(&plain, wrong))
        .or_else(|| binary(&plain, &payload))
        .or_else(|| cut(&plain, frame, at, wrong))
        .unwrap_or_else(|| other_encoding(plain, &payload, wrong))
}

/// Why a text that is UTF-8 is hardly meant so: half of it are control characters, and on
/// the wire, or with the key begun anew, it is readable.
pub(super) fn garbled(frame: &FrameContext<'_>) -> Option<Finding> {
    const LEAST: usize = 6;
    let header = frame.header();
    header.masking_key?;
    let is_text = header.opcode == Opcode::TEXT && header.fin && header.rsv.value() == 0;
    if !is_text {
        return None;
    }
    let payload = frame.payload();
    let first = payload.iter().copied().position(is_odd)?;
    let odd = payload.iter().copied().filter(|byte| is_odd(*byte)).count();
    if payload.len() < LEAST || odd * 6 < payload.len() - first {
        return None;
    }
    let location = frame.location(frame.sighting.payload, payload.len() as u64);
    let mut plain = Finding::new(&catalogue::PAYLOAD_NOT_XORED, "").at(location);
    plain.severity = Severity::Suspicious;
    not_masked(&plain, frame, &payload).or_else(|| mask_restarted(&plain, frame, first))
}

/// A character that was begun in an earlier fragment.
fn broken_off(plain: &Finding) -> Finding {
    let message = "a character begun in the fragment before does not go on in this one";
    another(plain, &catalogue::TEXT_UTF8_CUT, message)
        .label("begins a character")
        .possible_cause("a fragment was lost, or each was cut by itself")
}

/// The finding with what the bytes in question are: masked ones say nothing by themselves.
pub(super) fn no_character(plain: Finding, frame: &FrameContext<'_>, wrong: &[u8]) -> Finding {
    let length = plain
        .location
        .as_ref()
        .map_or(0, |location| location.length);
    match wrong.get(..usize::try_from(length).unwrap_or(0)) {
        Some(bytes) if frame.header().masking_key.is_some() => {
            plain.label(format!("{} when unmasked", hexadecimal(bytes)))
        }
        _ => plain.label("no character"),
    }
}

/// The payload is readable as it is on the wire.
fn not_masked(plain: &Finding, frame: &FrameContext<'_>, payload: &[u8]) -> Option<Finding> {
    let key = frame.header().masking_key?;
    let mut raw = payload.to_vec();
    key.apply(0, &mut raw);
    if raw.len() < 4 || !is_readable(&raw) {
        return None;
    }
    let message = format!(
        "the payload is not masked, though there is a key: \"{}\"",
        excerpt(&raw)
    );
    let finding = another(plain, &catalogue::PAYLOAD_NOT_XORED, message);
    Some(
        finding
            .label("readable as it is")
            .certain_cause("the payload is readable before unmasking, and not after it")
            .fixed_by("XOR byte i of the payload with byte i % 4 of the key, once"),
    )
}

/// Unmasked with the key begun anew in the middle, the rest is readable.
fn mask_restarted(plain: &Finding, frame: &FrameContext<'_>, at: usize) -> Option<Finding> {
    const ENOUGH: usize = 4;
    let key = frame.header().masking_key?;
    let raw = frame
        .outlook
        .window
        .up_to(frame.sighting.payload, frame.sighting.end);
    // The first bytes after the restart may be characters by chance.
    let first = at.saturating_sub(7).max(1);
    let restart = (first..=at).find(|location| {
        location % 4 != 0 && raw.len() - location.min(&raw.len()) >= ENOUGH && {
            let mut text = raw.to_vec();
            let (before, after) = text.split_at_mut(*location);
            MaskingKey(key.0).apply(0, before);
            key.apply(0, after);
            is_readable(&text)
        }
    })?;
    let message = format!("the masking key begins anew at byte {restart} of the payload");
    let mut finding = another(plain, &catalogue::UNMASK_OFFSET, message);
    finding.location = Some(frame.location(frame.sighting.payload + restart as u64, 1));
    Some(
        finding
            .label("the key begins anew")
            .certain_cause("with the key begun anew there, all of the payload is readable")
            .fixed_by("count i over the whole payload of a frame, not over each write or read"),
    )
}

/// Half of a surrogate pair, or NUL in two bytes.
fn surrogate(plain: &Finding, wrong: &[u8]) -> Option<Finding> {
    let message = match wrong {
        [0xed, 0xa0..=0xaf, _, 0xed, 0xb0..=0xbf, _, ..] => {
            "a surrogate pair of UTF-16 stands where one character in 4 bytes belongs (CESU-8)"
        }
        [0xed, 0xa0..=0xbf, ..] => "half a surrogate pair stands in the text",
        [0xc0, 0x80, ..] => "NUL is written as c0 80 (modified UTF-8)",
        _ => return None,
    };
    let finding = another(plain, &catalogue::TEXT_SURROGATE, message);
    Some(match wrong {
        [0xed, a, b, 0xed, c, d, ..] => {
            let right = pair([*a, *b, *c, *d]).map(|char| char.to_string());
            let right = right.unwrap_or_default();
            finding
                .certain_cause("each half of the pair was encoded by itself")
                .fixed_by(format!(
                    "encode the whole character: {}",
                    hexadecimal(right.as_bytes())
                ))
        }
        [0xc0, ..] => finding
            .certain_cause("Java's modified UTF-8 (JNI, `writeUTF`) writes NUL so")
            .fixed_by("use an encoder of real UTF-8, which writes NUL as 00"),
        _ => finding.possible_cause("a string was cut in the middle of an emoji"),
    })
}

/// The character that a surrogate pair stands for, from the last two bytes of each half.
fn pair([a, b, c, d]: [u8; 4]) -> Option<char> {
    let half = |a: u8, b: u8| 0xd000 | u32::from(a & 0x3f) << 6 | u32::from(b & 0x3f);
    let (high, low) = (half(a, b), half(c, d));
    char::from_u32(0x1_0000 + ((high & 0x3ff) << 10) + (low & 0x3ff))
}

/// Data that is known by its first bytes.
fn binary(plain: &Finding, payload: &[u8]) -> Option<Finding> {
    let known: [(&[u8], &str); 7] = [
        (b"\x89PNG", "a PNG picture"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"\x1f\x8b", "gzip data"),
        (b"GIF8", "a GIF picture"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"\x78\x9c", "zlib data"),
        (b"\xff\xfe", "UTF-16 text"),
    ];
    let (_, what) = known
        .into_iter()
        .find(|(start, _)| payload.starts_with(start))?;
    let fix = if what.ends_with("text") {
        "encode it in UTF-8"
    } else {
        "send it as a binary message: 82"
    };
    let finding = plain.clone();
    Some(
        finding
            .certain_cause(format!("the payload begins like {what}"))
            .fixed_by(fix),
    )
}

/// The text ends inside a character.
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
        let finding = another(plain, &catalogue::TEXT_UTF8_CUT, message);
        return Some(finding.label("the end of a character"));
    }
    if !is_cut {
        return None;
    }
    let finding = another(
        plain,
        &catalogue::TEXT_UTF8_CUT,
        "the text ends inside a character",
    );
    let finding = finding.label(match wrong.len() {
        1 => "1 byte of a character".to_owned(),
        count => format!("{count} bytes of a character"),
    });
    let next = frame.outlook.frame(frame.sighting.end);
    let next = next.filter(|next| next.header.opcode == Opcode::TEXT);
    let next = next.map(|next| frame.outlook.payload(&next));
    let whole = next.filter(|next| {
        let start: Vec<u8> = wrong.iter().chain(next.iter().take(4)).copied().collect();
        start
            .utf8_chunks()
            .next()
            .is_some_and(|chunk| !chunk.valid().is_empty())
    });
    Some(match whole {
        Some(_) => finding.certain_cause("the rest of the character stands in the next message"),
        None => finding,
    })
}

/// Single bytes that are characters elsewhere.
pub(super) fn other_encoding(plain: Finding, payload: &[u8], wrong: &[u8]) -> Finding {
    let is_text = |byte: &u8| !byte.is_ascii_control() || byte.is_ascii_whitespace();
    if !payload.iter().all(is_text) {
        return plain
            .possible_cause("binary data was sent as text")
            .fixed_by("send it as a binary message (82), or encode the text in UTF-8");
    }
    let runs = || payload.split(u8::is_ascii).map(<[u8]>::len);
    let in_pairs = runs().all(|run| run % 2 == 0);
    if in_pairs && runs().any(|run| run > 2) {
        return plain
            .possible_cause("the text is in GBK, Big5 or Shift JIS, two bytes a character");
    }
    let Some(first @ 0xa0..) = wrong.first() else {
        return plain.possible_cause("the text is in an 8-bit encoding such as Windows-1252");
    };
    let first = format!("where {first:02x} is \"{}\"", char::from(*first));
    if in_pairs {
        return plain.possible_cause(format!(
            "the text is in Latin-1, {first}, or in GBK or its like, two bytes a character"
        ));
    }
    plain.possible_cause(format!("the text is in Latin-1, {first}"))
}

/// Another finding at the same place.
fn another(plain: &Finding, entry: &'static RulePage, message: impl Into<String>) -> Finding {
    let mut finding = Finding::new(entry, message);
    finding.location.clone_from(&plain.location);
    finding.label.clone_from(&plain.label);
    finding.severity = plain.severity;
    finding
}
