//! The log of websocketpp with `frame_header`, `frame_payload` and `devel`.
//!
//! A write is told in two parts: `Header Bytes:` with a line `[0] (2) 81 05` for each frame, then
//! `Payload Bytes:` with a line `[0] (5) [1] Hello` (text) or `[0] (3) [2] 00 01 02`.

use super::lines::{Lines, first_line};
use crate::input::paste::chunk::{Chunk, Taken};
use crate::input::paste::direction::Sent;
use crate::input::paste::envelope::Envelope;
use crate::notation::Notation;

/// Reads the bytes of a write, from the line `Header Bytes:` on, or those of a read in one line.
pub(in crate::input::paste) fn read(text: &str, _is_end: bool) -> Option<Taken> {
    let first = first_line(text);
    let time = Envelope::of(first).time();
    if let Some((before, digits)) = first.split_once("Processing Bytes: ") {
        let bytes = hexadecimal(digits).filter(|_| before.contains("[devel]"))?;
        let chunk = Chunk::of_bytes(bytes, Notation::Hex, Some(Sent::In)).at(time);
        return Some(Taken::new(vec![chunk], line_end(text)).complete());
    }
    if !first.contains("[frame_header]") || !first.trim_end().ends_with("Header Bytes:") {
        return None;
    }
    let mut frames: Vec<(usize, Vec<u8>)> = Vec::new();
    let mut size = 0;
    let mut is_payload = false;
    for (number, (line, end)) in Lines::new(text).enumerate() {
        if let Some(item) = FrameField::parse(line) {
            let bytes = item.bytes(is_payload)?;
            match frames.iter_mut().find(|(number, _)| *number == item.number) {
                Some((_, frame)) => frame.extend(bytes),
                None => frames.push((item.number, bytes)),
            }
        } else if line.contains("[frame_payload]") && line.trim_end().ends_with("Payload Bytes:") {
            is_payload = true;
        } else if number > 0 && !line.trim().is_empty() {
            break;
        }
        size = end;
    }
    let chunks = frames
        .into_iter()
        .map(|(_, bytes)| Chunk::of_bytes(bytes, Notation::Hex, Some(Sent::Out)).at(time));
    Some(Taken::new(chunks.collect(), size))
}

fn line_end(text: &str) -> usize {
    Lines::new(text).next().map_or(0, |(_, end)| end)
}

fn hexadecimal(digits: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    Notation::Hex
        .read(digits.trim().as_bytes(), &mut bytes)
        .ok()?;
    Some(bytes)
}

/// `[0] (5) [1] Hello`: the number of the frame, how many bytes follow, the opcode, the bytes.
struct FrameField<'t> {
    number: usize,
    count: usize,
    rest: &'t str,
}

impl<'t> FrameField<'t> {
    fn parse(line: &'t str) -> Option<Self> {
        let (number, rest) = line.strip_prefix('[')?.split_once("] (")?;
        let (count, rest) = rest.split_once(')')?;
        Some(Self {
            number: number.parse().ok()?,
            count: count.parse().ok()?,
            rest: rest.strip_prefix(' ').unwrap_or(rest),
        })
    }

    fn bytes(&self, is_payload: bool) -> Option<Vec<u8>> {
        let bytes = if is_payload {
            let (opcode, rest) = self.rest.strip_prefix('[')?.split_once(']')?;
            let rest = rest.strip_prefix(' ').unwrap_or(rest);
            match opcode {
                "1" => rest.as_bytes().to_vec(),
                _ => hexadecimal(rest).unwrap_or_default(),
            }
        } else {
            hexadecimal(self.rest)?
        };
        (bytes.len() == self.count).then_some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::paste::chunk::Content;

    #[test]
    fn header_and_payload_are_one_frame() {
        let log = "[2026-11-26 14:43:43] [frame_header] Header Bytes: \n[0] (2) 81 05 \n[1] (2) 82 02 \n\n\
                   [2026-11-26 14:43:43] [frame_payload] Payload Bytes: \n[0] (5) [1] Hello\n[1] (2) [2] 00 01 \n\n";
        let taken = read(log, true).unwrap();
        assert_eq!(taken.size, log.len());
        let frames: Vec<Vec<u8>> = taken
            .chunks
            .into_iter()
            .map(|chunk| match chunk.content {
                Content::Bytes { bytes, .. } => bytes,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(
            frames,
            [b"\x81\x05Hello".to_vec(), b"\x82\x02\0\x01".to_vec()]
        );
    }

    #[test]
    fn other_lines_of_the_log_are_none() {
        for line in [
            "[2026-11-26 14:43:43] [connect] WebSocket Connection 127.0.0.1:51034 v13 \"\" /chat 101",
            "[2026-11-26 14:43:43] [devel] Processing Bytes later",
            "Header Bytes: 12",
        ] {
            assert!(read(line, true).is_none(), "{line}");
        }
    }
}
