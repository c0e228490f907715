//! Packets in a notation that is no dump: a hex stream, an escaped string or an array of Wireshark.
//!
//! `formats` calls [`read`], and `reader` asks for the payloads in what it found.

use super::packet::{is_packet_without_tcp, tcp_segment};
use super::segments::TcpConnections;
use crate::input::paste::chunk::{Chunk, Content, Taken};
use crate::notation::Notation;

/// Reads lines of only hexadecimal, each of them a packet.
pub(in crate::input::paste) fn read(text: &str, _is_end: bool) -> Option<Taken> {
    let mut chunks = Vec::new();
    let mut size = 0;
    for line in text.split_inclusive('\n') {
        let Some(packet) = packet(line.trim()) else {
            break;
        };
        chunks.push(Chunk::of_bytes(packet, Notation::Hex, None));
        size += line.len();
    }
    (!chunks.is_empty()).then(|| Taken::new(chunks, size))
}

/// The bytes of a packet in hexadecimal.
fn packet(digits: &str) -> Option<Vec<u8>> {
    /// The headers of IPv4 and of UDP.
    const LEAST: usize = 28;
    let is_digits = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let mut bytes = Vec::new();
    if digits.len() < 2 * LEAST || !is_digits {
        return None;
    }
    Notation::Hex.read(digits.as_bytes(), &mut bytes).ok()?;
    let is_packet = is_packet_without_tcp(&bytes) || tcp_segment(&bytes, false).is_some();
    is_packet.then_some(bytes)
}

/// The chunks without the headers of Ethernet, IP and TCP, if one of them is such a packet: their
/// payloads in the order of each connection.
pub(in crate::input::paste) fn without_packet_headers(chunks: Vec<Chunk>) -> Vec<Chunk> {
    let is_tcp = |chunk: &Chunk| matches!(&chunk.content, Content::Bytes { bytes, .. } if tcp_segment(bytes, false).is_some());
    if !chunks.iter().any(is_tcp) {
        return chunks;
    }
    let mut connections = TcpConnections::default();
    let mut others = Vec::new();
    for mut chunk in chunks {
        let time = chunk.time.take();
        match &chunk.content {
            Content::Bytes { bytes, .. } => {
                if let Some(segment) = tcp_segment(bytes, false) {
                    connections.add(&segment, time);
                } else if !is_packet_without_tcp(bytes) {
                    others.push(Chunk { time, ..chunk });
                }
            }
            Content::Head(_) | Content::Message(_) | Content::Characters(_) => {
                others.push(Chunk { time, ..chunk });
            }
        }
    }
    others.extend(connections.into_chunks());
    others
}
