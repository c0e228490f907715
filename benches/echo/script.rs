//! What a connection says again and again, and what it must hear.

use std::ops::Range;

use flate2::{Compress, Compression, FlushCompress};

use super::Fallible;
use super::frames::{self, Random};
use super::rows::{Duty, Row};

/// A turn: some frames in one write, and their echoes.
pub(crate) struct Script {
    /// Masked frames.
    pub(crate) request: Vec<u8>,
    /// The echoes, where they are always the same; the texts, where they are compressed.
    pub(crate) answer: Vec<u8>,
}

/// How many scripts there are. Connections that take another one beside each other would
/// notice it if their messages got mixed up.
pub(crate) const SCRIPTS: usize = 8;

/// The scripts of a row.
pub(crate) fn scripts(row: &Row) -> Fallible<Vec<Script>> {
    let mut random = Random(0x5eed);
    let mut one = |_| {
        let mut script = Script {
            request: Vec::new(),
            answer: Vec::new(),
        };
        for _ in 0..row.in_flight.max(1) {
            if row.duty == Duty::Deflate {
                let text = json(&mut random, row.bytes);
                let small = compress(&text)?;
                frames::masked(&mut script.request, &mut random, 0xc1, &small);
                script.answer.extend_from_slice(&text);
            } else {
                let text = frames::ascii(&mut random, row.bytes);
                frames::masked(&mut script.request, &mut random, 0x81, &text);
                frames::header(&mut script.answer, 0x81, 0, text.len());
                script.answer.extend_from_slice(&text);
            }
        }
        Ok(script)
    };
    (0..SCRIPTS).map(&mut one).collect()
}

/// So many bytes of JSON, as services send it: an array of like objects.
fn json(random: &mut Random, length: usize) -> Vec<u8> {
    let mut text = String::from("[");
    loop {
        let name = frames::ascii(random, 6);
        let object = format!(
            r#"{{"id":{},"user":"{}","price":{}.{:02},"active":{},"at":"2026-01-{:02}T10:{:02}:00Z"}}"#,
            random.below(1_000_000),
            String::from_utf8_lossy(&name).trim(),
            random.below(1000),
            random.below(100),
            random.below(2) == 0,
            1 + random.below(28),
            random.below(60),
        );
        if text.len() + object.len() + 2 > length {
            break;
        }
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&object);
    }
    let padding: Range<usize> = text.len()..length.saturating_sub(1);
    text.extend(padding.map(|_| ' '));
    text.push(']');
    text.into_bytes()
}

/// Compresses a message that needs no other (RFC 7692 §7.2.1).
fn compress(text: &[u8]) -> Fallible<Vec<u8>> {
    let mut small = Vec::with_capacity(text.len() + 64);
    let mut deflate = Compress::new(Compression::default(), false);
    deflate.compress_vec(text, &mut small, FlushCompress::Sync)?;
    match small.strip_suffix(&[0, 0, 0xff, 0xff]) {
        Some(small) => Ok(small.to_vec()),
        None => Err("expected an empty block at the end of a message".into()),
    }
}
