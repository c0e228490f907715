//! Whether bytes are frames: all of them, none, or all but the end of a TLS record.

use super::{StreamContent, location};
use crate::diagnosis::not_a_header::may_show_other_bytes;
use crate::diagnosis::{Finding, Severity, catalogue};
use crate::ws::{FramePart, FrameReader, FrameValidator, Role, Rule};

/// Complete frames, and after them the content type and the padding of a TLS 1.3 record (RFC
/// 8446 section 5.2), as a dump of the plaintext shows them.
pub(super) fn tls_trailer(bytes: &[u8], offset: u64) -> Option<StreamContent> {
    let padding = bytes.iter().rev().take_while(|byte| **byte == 0).count();
    let (content, _) = bytes.split_at(bytes.len() - padding);
    let (0x15..=0x17, frames) = content.split_last()? else {
        return None;
    };
    let is_trailer = !frames.is_empty() && are_frames(frames) && !are_frames(bytes);
    is_trailer.then(|| {
        let message = format!(
            "the last {} bytes are not a frame: the content type of a TLS 1.3 record ({:02x}), and \
             its padding",
            padding + 1,
            content.last().copied().unwrap_or_default(),
        );
        let start = offset + frames.len() as u64;
        let trailer = bytes.get(frames.len()..).unwrap_or_default();
        let finding = Finding::new(&catalogue::OTHER_PROTOCOL_IN_STREAM, message)
            .certain_cause(
                "the dump shows the plaintext of a TLS record, with the fields after the data",
            )
            .fixed_by("leave these bytes out; nothing is wrong with the frames")
            .at(location(trailer, start));
        StreamContent::FramesInTlsRecord {
            frames: frames.len(),
            finding: Finding {
                severity: Severity::Note,
                ..finding
            },
        }
    })
}

/// Whether the first bytes cannot begin a stream of frames, whatever follows.
pub(super) fn starts_wrong(bytes: &[u8]) -> bool {
    const LONGEST_HEADER: usize = 14;
    let mut header = [0; LONGEST_HEADER];
    for (place, byte) in header.iter_mut().zip(bytes) {
        *place = *byte;
    }
    let mut found = Vec::new();
    let mut reader = FrameReader::new(FrameValidator::new(None).with_deflate(true), 0);
    reader.decode_into(&mut &header[..], &mut [], &mut found);
    found.iter().any(|violation| {
        let is_whole = bytes.len() >= LONGEST_HEADER;
        let is_length = matches!(violation.rule, Rule::LengthHighestBit(_));
        may_show_other_bytes(violation.rule) && (is_whole || !is_length)
    })
}

/// Whether the bytes are complete frames of one sender that break no rule.
pub(super) fn are_frames(bytes: &[u8]) -> bool {
    let mut buffer = [0; 4096];
    let mut found = Vec::new();
    let mut input = bytes;
    let validator = FrameValidator::new(None).with_deflate(true);
    let mut reader = FrameReader::new(validator, 0);
    while let Some(part) = reader.decode_into(&mut input, &mut buffer, &mut found) {
        if let FramePart::Header { offset, header } = part {
            let is_first = reader.validator().frames() == 0;
            reader.begin_frame(offset, &header);
            if is_first {
                reader.set_sender(match header.masking_key {
                    Some(_) => Role::Client,
                    None => Role::Server,
                });
            }
        }
        if !found.is_empty() {
            return false;
        }
    }
    reader.incomplete().is_none()
}
