//! Causes of a text that is not UTF-8: another encoding of text, or data that is not text.
//!
//! Used for payloads by [`text`](super::text), and for decompressed messages by
//! [`compression`](super::compression).

use super::context::with_rule;
use super::words::hex;
use crate::diagnosis::{Finding, catalogue};

/// UTF-8 with surrogates (CESU-8), or with NUL in two bytes (modified UTF-8).
pub(super) fn surrogate(plain: &Finding, wrong: &[u8]) -> Option<Finding> {
    let message = match wrong {
        [0xed, 0xa0..=0xaf, _, 0xed, 0xb0..=0xbf, _, ..] => {
            "a surrogate pair of UTF-16 stands in the place of one character (CESU-8)"
        }
        [0xed, 0xa0..=0xbf, ..] => "the text contains half of a surrogate pair",
        [0xc0, 0x80, ..] => "NUL is encoded as c0 80 (modified UTF-8)",
        _ => return None,
    };
    let finding = with_rule(plain, &catalogue::TEXT_SURROGATE, message);
    Some(match wrong {
        [0xed, a, b, 0xed, c, d, ..] => {
            let right = pair([*a, *b, *c, *d]).map(|char| char.to_string());
            let right = right.unwrap_or_default();
            finding
                .certain_cause("each half of the pair was encoded as a character of its own")
                .fixed_by(format!(
                    "encode the pair as one character: {}",
                    hex(right.as_bytes())
                ))
        }
        [0xc0, ..] => finding
            .certain_cause("Java's modified UTF-8 (JNI, `writeUTF`) encodes NUL in this way")
            .fixed_by("use a standard UTF-8 encoder, which encodes NUL as 00"),
        _ => finding.possible_cause("a UTF-16 string was cut inside an emoji"),
    })
}

/// The character of a surrogate pair, from the last two bytes of each half.
fn pair([a, b, c, d]: [u8; 4]) -> Option<char> {
    let half = |a: u8, b: u8| 0xd000 | u32::from(a & 0x3f) << 6 | u32::from(b & 0x3f);
    let (high, low) = (half(a, b), half(c, d));
    char::from_u32(0x1_0000 + ((high & 0x3ff) << 10) + (low & 0x3ff))
}

/// Binary data that its first bytes identify.
pub(super) fn binary(plain: &Finding, payload: &[u8]) -> Option<Finding> {
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
        "encode the text in UTF-8"
    } else {
        "send the data in a binary message: 82"
    };
    let finding = plain.clone();
    Some(
        finding
            .certain_cause(format!("the payload begins with the bytes of {what}"))
            .fixed_by(fix),
    )
}

/// The encoding that the bytes suggest, or binary data. `wrong` is the part of `payload` from its
/// first invalid byte on.
pub(super) fn other_encoding(plain: Finding, payload: &[u8], wrong: &[u8]) -> Finding {
    let is_text = |byte: &u8| !byte.is_ascii_control() || byte.is_ascii_whitespace();
    if !payload.iter().all(is_text) {
        return plain
            .possible_cause("binary data was sent in a text message")
            .fixed_by("send it in a binary message (82), or encode the text in UTF-8");
    }
    let runs = || payload.split(u8::is_ascii).map(<[u8]>::len);
    let in_pairs = runs().all(|run| run % 2 == 0);
    if in_pairs && runs().any(|run| run > 2) {
        return plain.possible_cause(
            "the text is in GBK, Big5 or Shift JIS, with two bytes for a character",
        );
    }
    let Some(first @ 0xa0..) = wrong.first() else {
        return plain.possible_cause("the text is in an 8-bit encoding such as Windows-1252");
    };
    let first = format!("in which {first:02x} is \"{}\"", char::from(*first));
    if in_pairs {
        return plain.possible_cause(format!(
            "the text is in Latin-1, {first}, or in GBK or Big5, with two bytes for a character"
        ));
    }
    plain.possible_cause(format!("the text is in Latin-1, {first}"))
}
