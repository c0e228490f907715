//! How well bytes fit as frames or as a head, which `input` asks where a text has two readings.

use crate::input::{Direction, Evidence, Fit};
use crate::ws::{FrameHeader, FrameValidator};

/// The evidence of one reading of a text: whole frames that break no rule fit best, then the
/// beginning of a frame that breaks none.
pub(super) fn evidence(bytes: &[u8]) -> Evidence {
    if begins_with_head(bytes) {
        return Evidence {
            fit: Fit::Whole,
            missing: 0,
            sender: Some(if bytes.starts_with(b"HTTP/") {
                Direction::Incoming
            } else {
                Direction::Outgoing
            }),
        };
    }
    let mut validator = FrameValidator::new(None).with_deflate(true);
    let mut found = Vec::new();
    let mut evidence = Evidence::default();
    let mut rest = bytes;
    let mut offset = 0;
    while !rest.is_empty() {
        let Ok((header, size)) = FrameHeader::parse(rest) else {
            // A header that is cut proves nothing.
            if evidence.fit == Fit::Whole {
                evidence.fit = Fit::Begins;
            }
            return evidence;
        };
        validator.validate_header(offset, &header, &mut found);
        let length = usize::try_from(header.payload_length.value()).unwrap_or(usize::MAX);
        let body = rest.get(size..).unwrap_or_default();
        let mut payload = body.get(..length).unwrap_or(body).to_vec();
        if let Some(key) = header.masking_key {
            key.apply(0, &mut payload);
        }
        validator.validate_payload(&payload, &mut found);
        if body.len() >= length {
            validator.validate_end(&mut found);
        }
        if !found.is_empty() {
            return Evidence::default();
        }
        evidence
            .sender
            .get_or_insert(if header.masking_key.is_some() {
                Direction::Outgoing
            } else {
                Direction::Incoming
            });
        evidence.missing = length.saturating_sub(body.len()) as u64;
        evidence.fit = if evidence.missing == 0 {
            Fit::Whole
        } else {
            Fit::Begins
        };
        offset += (size + payload.len()) as u64;
        rest = body.get(length..).unwrap_or_default();
    }
    evidence
}

/// Whether bytes begin with the first line of a head and have a header after it.
fn begins_with_head(bytes: &[u8]) -> bool {
    let mut lines = bytes
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii_end);
    let first = lines.next().unwrap_or_default();
    let is_first = first.starts_with(b"HTTP/1.")
        || first.ends_with(b" HTTP/1.1")
        || first.ends_with(b" HTTP/1.0");
    is_first
        && lines
            .next()
            .is_some_and(|line| line.is_empty() || line.contains(&b':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(bytes: &[u8]) -> (Fit, u64) {
        let evidence = evidence(bytes);
        (evidence.fit, evidence.missing)
    }

    #[test]
    fn whole_frames_fit_best() {
        assert_eq!(fit(b"\x81\x05Hello"), (Fit::Whole, 0));
        assert_eq!(fit(b"\x81\x05Hello\x88\x02\x03\xe8"), (Fit::Whole, 0));
        assert_eq!(fit(b"\x81\x05Hel"), (Fit::Begins, 2));
        assert_eq!(fit(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"), (Fit::Whole, 0));
        assert_eq!(fit(b"\x81"), (Fit::None, 0));
        assert_eq!(fit(b"\x10\x49\x21"), (Fit::None, 0));
        assert_eq!(fit(b"\x81\x02\xff\xff"), (Fit::None, 0));
        assert_eq!(fit(b""), (Fit::None, 0));
    }

    #[test]
    fn the_mask_bit_tells_the_sender() {
        assert_eq!(evidence(b"\x8a\x80abcd").sender, Some(Direction::Outgoing));
        assert_eq!(evidence(b"\x8a\0").sender, Some(Direction::Incoming));
    }
}
