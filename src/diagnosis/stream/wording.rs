//! Bytes and texts, as they stand in a sentence.

use crate::ws::{FrameHeader, MaskingKey, Opcode, PayloadLength};

/// The bytes that say a length, with the MASK bit: `7e 00 c8`.
pub(super) fn length_bytes(length: u64, masked: bool) -> String {
    let header = FrameHeader {
        masking_key: masked.then_some(MaskingKey([0; 4])),
        ..FrameHeader::new(Opcode::TEXT, length)
    };
    let form = PayloadLength::shortest(length).form();
    let bytes = header.encode();
    let end = 2 + form.extended_bytes();
    hexadecimal(bytes.get(1..end).unwrap_or_default())
}

/// Pairs of digits with a space between them.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(" ")
}

/// The beginning of a text, for a sentence.
pub(super) fn excerpt(text: &[u8]) -> String {
    const MOST: usize = 24;
    let text = String::from_utf8_lossy(text);
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.into_owned(),
    }
}
