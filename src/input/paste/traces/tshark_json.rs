//! Packets as `tshark -T json` and `-T jsonraw` print them, and as Wireshark exports them: the payloads of
//! TCP.

use serde::Deserialize;

use super::tcp_payloads::{TcpPayload, TcpPayloads};
use crate::input::paste::chunk::{Chunk, Taken};
use crate::notation::Notation;

#[derive(Deserialize)]
struct JsonPacket {
    #[serde(rename = "_source")]
    source: Source,
}

#[derive(Deserialize)]
struct Source {
    layers: Layers,
}

#[derive(Deserialize)]
struct Layers {
    frame: Option<FrameLayer>,
    ip: Option<Ip>,
    ipv6: Option<Ipv6>,
    tcp: Option<Tcp>,
    frame_raw: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct FrameLayer {
    #[serde(rename = "frame.time_relative")]
    time: Option<String>,
}

#[derive(Deserialize)]
struct Ip {
    #[serde(rename = "ip.src")]
    source: Option<String>,
    #[serde(rename = "ip.dst")]
    destination: Option<String>,
}

#[derive(Deserialize)]
struct Ipv6 {
    #[serde(rename = "ipv6.src")]
    source: Option<String>,
    #[serde(rename = "ipv6.dst")]
    destination: Option<String>,
}

#[derive(Deserialize)]
struct Tcp {
    #[serde(rename = "tcp.srcport")]
    source: Option<String>,
    #[serde(rename = "tcp.dstport")]
    destination: Option<String>,
    #[serde(rename = "tcp.seq")]
    sequence: Option<String>,
    /// Pairs of digits with colons between them.
    #[serde(rename = "tcp.payload")]
    payload: Option<String>,
}

/// Reads an array of packets. A payload that was sent again is left out.
pub(in crate::input::paste) fn read(text: &str, is_end: bool) -> Option<Taken> {
    /// Where `"_index"` stands in an array that is indented.
    const START: usize = 100;
    let start = text.as_bytes().get(..START).unwrap_or(text.as_bytes());
    if !start.starts_with(b"[") || memchr::memmem::find(start, b"\"_index\"").is_none() {
        return None;
    }
    if !is_end {
        // The array is read when all of it is there.
        return Some(Taken::new(Vec::new(), text.len()));
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Vec<JsonPacket>>();
    let packets = values.next()?.ok()?;
    let mut payloads = TcpPayloads::default();
    let mut frames = Vec::new();
    for packet in packets {
        let layers = packet.source.layers;
        frames.extend(layers.frame_raw.as_ref().and_then(bytes_of_raw));
        layers.add_to(&mut payloads);
    }
    let read = values.byte_offset();
    let line_end = text
        .get(read..)?
        .find('\n')
        .map_or(text.len(), |end| read + end + 1);
    let mut chunks = payloads.into_chunks();
    if chunks.is_empty() {
        // `-T jsonraw` has the bytes of each packet, with its headers.
        let chunk = |bytes| Chunk::of_bytes(bytes, Notation::Hex, None);
        chunks = frames.into_iter().map(chunk).collect();
    }
    Some(Taken::new(chunks, line_end).complete())
}

/// The bytes of a packet as `-x` and `-T jsonraw` give them: `["0000…", 0, 74, 0, 1]`.
fn bytes_of_raw(raw: &serde_json::Value) -> Option<Vec<u8>> {
    let digits = raw.get(0)?.as_str()?;
    let mut bytes = Vec::new();
    Notation::Hex.read(digits.as_bytes(), &mut bytes).ok()?;
    Some(bytes)
}

impl Layers {
    fn add_to(self, payloads: &mut TcpPayloads) -> Option<()> {
        let (source, destination) = match (self.ip, self.ipv6) {
            (Some(ip), _) => (ip.source, ip.destination),
            (None, Some(ip)) => (ip.source, ip.destination),
            (None, None) => (None, None),
        };
        // `-j tcp` leaves the addresses out.
        let (source, destination) = (source.unwrap_or_default(), destination.unwrap_or_default());
        let tcp = self.tcp?;
        payloads.add(TcpPayload {
            source: format!("{source}:{}", tcp.source?),
            destination: format!("{destination}:{}", tcp.destination?),
            sequence: tcp.sequence,
            digits: tcp.payload?,
            time: self.frame.and_then(|frame| frame.time),
        });
        Some(())
    }
}
