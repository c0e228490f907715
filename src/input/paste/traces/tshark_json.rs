//! Packets as `tshark -T json` prints them, and as Wireshark exports them: the payloads of TCP.

use std::collections::HashSet;

use serde::Deserialize;

use super::peers::Peers;
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
}

#[derive(Deserialize)]
struct FrameLayer {
    #[serde(rename = "frame.time_relative")]
    time: Option<String>,
}

#[derive(Deserialize)]
struct Ip {
    #[serde(rename = "ip.src")]
    source: String,
    #[serde(rename = "ip.dst")]
    destination: String,
}

#[derive(Deserialize)]
struct Ipv6 {
    #[serde(rename = "ipv6.src")]
    source: String,
    #[serde(rename = "ipv6.dst")]
    destination: String,
}

#[derive(Deserialize)]
struct Tcp {
    #[serde(rename = "tcp.srcport")]
    source: String,
    #[serde(rename = "tcp.dstport")]
    destination: String,
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
    let mut peers = Peers::default();
    let mut seen = HashSet::new();
    for packet in packets {
        packet.push(&mut seen, &mut peers);
    }
    let read = values.byte_offset();
    let line_end = text
        .get(read..)?
        .find('\n')
        .map_or(text.len(), |end| read + end + 1);
    Some(Taken::new(peers.into_chunks(), line_end).complete())
}

impl JsonPacket {
    fn push(self, seen: &mut HashSet<(String, Option<String>)>, peers: &mut Peers) -> Option<()> {
        let layers = self.source.layers;
        let (from, to) = match (layers.ip, layers.ipv6) {
            (Some(ip), _) => (ip.source, ip.destination),
            (None, Some(ip)) => (ip.source, ip.destination),
            (None, None) => return None,
        };
        let tcp = layers.tcp?;
        let digits = tcp.payload?;
        let (from, to) = (
            format!("{from}:{}", tcp.source),
            format!("{to}:{}", tcp.destination),
        );
        if tcp.sequence.is_some() && !seen.insert((format!("{from} {to}"), tcp.sequence)) {
            return None;
        }
        let mut bytes = Vec::new();
        Notation::Hex.read(digits.as_bytes(), &mut bytes).ok()?;
        let time = layers.frame.and_then(|frame| frame.time);
        let chunk = Chunk::of_bytes(bytes, Notation::Hex, None).at(time.as_deref());
        peers.push(&from, &to, chunk);
        Some(())
    }
}
