//! The messages that a connection sends, and the echoes that it expects.

use std::ops::Range;

use flate2::{Compress, Compression, FlushCompress};

use super::common::Fallible;
use super::common::frame_writer::{Random, ascii_text, push_header, push_masked_frame};
use super::programs::Workload;
use super::scenarios::Scenario;

/// A batch of messages that are in flight at once.
pub(crate) struct Batch {
    /// The masked frames.
    pub(crate) frames: Vec<u8>,
    /// The echoed frames; in the workload `deflate`, where the bytes may differ, their texts.
    pub(crate) expected: Vec<u8>,
}

/// How many different batches there are. Connections send different ones, so that a server that
/// mixes up connections is noticed.
const BATCHES: usize = 8;

/// The batches of a scenario.
pub(crate) fn batches(scenario: &Scenario) -> Fallible<Vec<Batch>> {
    let mut random = Random(0x5eed);
    let mut batch = |_| {
        let mut batch = Batch {
            frames: Vec::new(),
            expected: Vec::new(),
        };
        for _ in 0..scenario.in_flight.max(1) {
            if scenario.workload == Workload::Deflate {
                let text = json(&mut random, scenario.message_length);
                let compressed = compress(&text)?;
                push_masked_frame(&mut batch.frames, &mut random, 0xc1, &compressed);
                batch.expected.extend_from_slice(&text);
            } else {
                let text = ascii_text(&mut random, scenario.message_length);
                push_masked_frame(&mut batch.frames, &mut random, 0x81, &text);
                push_header(&mut batch.expected, 0x81, 0, text.len());
                batch.expected.extend_from_slice(&text);
            }
        }
        Ok(batch)
    };
    (0..BATCHES).map(&mut batch).collect()
}

/// `length` bytes of JSON as services send it: an array of similar objects.
fn json(random: &mut Random, length: usize) -> Vec<u8> {
    let mut text = String::from("[");
    loop {
        let name = ascii_text(random, 6);
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

/// Compresses a message without context takeover (RFC 7692 section 7.2.1).
fn compress(text: &[u8]) -> Fallible<Vec<u8>> {
    let mut compressed = Vec::with_capacity(text.len() + 64);
    let mut deflate = Compress::new(Compression::default(), false);
    deflate.compress_vec(text, &mut compressed, FlushCompress::Sync)?;
    match compressed.strip_suffix(&[0, 0, 0xff, 0xff]) {
        Some(compressed) => Ok(compressed.to_vec()),
        None => Err("the compressed message does not end with 00 00 ff ff".into()),
    }
}
