//! Debug output of Java: Jetty's buffers and `-Djavax.net.debug`.

use super::lines::{Lines, c_string, first_line};
use crate::input::paste::chunk::{Chunk, Taken};
use crate::input::paste::direction::{self, Sent};
use crate::input::paste::dumps::{Rows, bytes_and_column};
use crate::input::paste::envelope::Envelope;
use crate::input::paste::line_size;
use crate::notation::Notation;

/// Reads a buffer of Jetty in a line: `HeapByteBuffer@1a2b[p=0,l=7,c=4096,r=7]={<<<\x81\x05Hello>>>\x00…}`.
/// The text between `<<<` and `>>>` is still to be read or written.
pub(in crate::input::paste) fn read_jetty(text: &str, _is_end: bool) -> Option<Taken> {
    let (line, end) = Lines::new(text).next()?;
    let (before, rest) = line.split_once("<<<")?;
    let facts = before.rsplit_once('[').filter(|_| before.contains("={"))?.1;
    let count = facts.split(",r=").nth(1)?.split(']').next()?;
    let count: usize = count.parse().ok()?;
    let (shown, _) = rest.split_once(">>>")?;
    let content = if shown.contains("...") {
        // The middle of a long buffer is left out.
        shown.split("...").next()?
    } else {
        shown
    };
    let quoted = format!("{}\u{1}", content.replace('\u{1}', " "));
    let (mut bytes, _) = c_string(&quoted, 1)?;
    bytes.truncate(count);
    let omitted = (count - bytes.len()) as u64;
    let envelope = Envelope::of(line);
    let sent = direction::of_words(before).or_else(|| envelope.sent());
    if bytes.is_empty() {
        return Some(Taken::new(Vec::new(), end).complete());
    }
    let chunk = Chunk::of_bytes(bytes, Notation::Escaped, sent)
        .lacking(omitted)
        .at(envelope.time());
    Some(Taken::new(vec![chunk], end).complete())
}

/// Reads a dump of `javax.net.debug=all`: the text that was encrypted or decrypted. What it calls raw
/// is TLS, and is left out.
pub(in crate::input::paste) fn read_tls(text: &str, _is_end: bool) -> Option<Taken> {
    let what = DumpHeading::parse(first_line(text))?;
    let start = line_size(text);
    let rows = Rows::read(text.get(start..)?, row, |line| line.trim() == ")");
    if rows.bytes.is_empty() {
        return None;
    }
    let size = start + rows.size;
    let bytes = rows.bytes;
    // A message of the handshake is no data: its length stands after its type (RFC 8446 section 4).
    let is_handshake = match bytes.as_slice() {
        [_, high, middle, low, rest @ ..] => {
            u32::from_be_bytes([0, *high, *middle, *low]) as usize == rest.len() && bytes.len() > 4
        }
        _ => false,
    };
    if is_handshake {
        return Some(Taken::new(Vec::new(), size));
    }
    let time = first_line(text).split('|').nth(4);
    let chunk = what.sent.map(|sent| {
        let chunk = Chunk::of_bytes(bytes, Notation::Hexdump, Some(sent));
        chunk.lacking(rows.omitted).at(time)
    });
    Some(Taken::new(chunk.into_iter().collect(), size))
}

/// The line above the rows.
struct DumpHeading {
    /// None if the bytes are those of TLS.
    sent: Option<Sent>,
}

impl DumpHeading {
    fn parse(line: &str) -> Option<Self> {
        let sent = if line.contains("laintext before ENCRYPTION") {
            Some(Sent::Out)
        } else if line.contains("laintext after DECRYPTION") {
            Some(Sent::In)
        } else {
            let raw = ["Raw write", "Raw read", "[Raw write]", "[Raw read]"];
            let names_raw = raw.iter().any(|name| line.contains(name));
            (names_raw && (line.ends_with('(') || line.contains("length ="))).then_some(None)?
        };
        Some(Self { sent })
    }
}

/// The offset and the bytes of `  0000: 81 05 48 65 6C 6C 6F   ..Hello`.
fn row(line: &str) -> Option<(u64, Vec<u8>)> {
    let (offset, rest) = line.trim_start().split_once(": ")?;
    let is_offset = offset.len() == 4 && offset.bytes().all(|digit| digit.is_ascii_hexdigit());
    let offset = u64::from_str_radix(offset, 16).ok().filter(|_| is_offset)?;
    let (bytes, _) = bytes_and_column(rest);
    (!bytes.is_empty()).then_some((offset, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::paste::chunk::Content;

    fn bytes(taken: Taken) -> Vec<(Option<Sent>, Vec<u8>)> {
        let chunks = taken.chunks.into_iter().map(|chunk| match chunk.content {
            Content::Bytes { bytes, .. } => (chunk.sent, bytes),
            other => panic!("{other:?}"),
        });
        chunks.collect()
    }

    #[test]
    fn a_buffer_of_jetty_has_the_bytes_between_the_marks() {
        let line = r"DEBUG onFillable read HeapByteBuffer@1a2b3c4d[p=0,l=7,c=4096,r=7]={<<<\x81\x05Hello>>>\x00\x00\x00...\x00\x00}";
        let taken = read_jetty(line, true).unwrap();
        assert_eq!(bytes(taken), [(Some(Sent::In), b"\x81\x05Hello".to_vec())]);
        assert!(read_jetty("git: <<<<<<< HEAD >>>", true).is_none());
        assert!(read_jetty("cat <<<'\\x81\\x05' >>>out", true).is_none());
    }

    #[test]
    fn the_plain_text_of_tls_is_read_and_the_raw_bytes_are_not() {
        let plain = "javax.net.ssl|DEBUG|10|main|2026-11-26 14:43:43.490 UTC|SSLCipher.java:2024|Plaintext before ENCRYPTION (\n  \
                     0000: 81 05 48 65 6C 6C 6F                               ..Hello\n)\n";
        let taken = read_tls(plain, true).unwrap();
        assert_eq!(taken.size, plain.len());
        assert_eq!(bytes(taken), [(Some(Sent::Out), b"\x81\x05Hello".to_vec())]);
        let raw = "javax.net.ssl|DEBUG|10|main|2026-11-26|SSLSocketOutputRecord.java:71|Raw write (\n  \
                   0000: 17 03 03 00 17                                     .....\n)\n";
        let taken = read_tls(raw, true).unwrap();
        assert_eq!((taken.chunks.len(), taken.size), (0, raw.len()));
        assert!(read_tls("Raw write to the disk failed\n0000: 81 05\n", true).is_none());
    }
}
