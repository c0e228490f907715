//! Packets as `tshark -T ek` prints them for Elasticsearch: a line for each index, and one for the packet.

use serde::Deserialize;
use serde_json::Value;

use super::lines::{Lines, first_line};
use super::tcp_payloads::{TcpPayload, TcpPayloads};
use crate::input::paste::chunk::Taken;

#[derive(Deserialize)]
struct EkPacket {
    layers: EkLayers,
}

#[derive(Deserialize)]
struct EkLayers {
    #[serde(default)]
    frame: Value,
    #[serde(default)]
    ip: Value,
    #[serde(default)]
    ipv6: Value,
    #[serde(default)]
    tcp: Value,
}

/// Reads the lines of packets at the start of a text.
pub(in crate::input::paste) fn read(text: &str, is_end: bool) -> Option<Taken> {
    if !is_index(first_line(text)) && !is_packet(first_line(text)) {
        return None;
    }
    if !is_end {
        // The client is known when all packets are there.
        return Some(Taken::new(Vec::new(), text.len()));
    }
    let mut payloads = TcpPayloads::default();
    let mut size = 0;
    for (line, end) in Lines::new(text) {
        if is_packet(line)
            && let Ok(packet) = serde_json::from_str::<EkPacket>(line)
        {
            packet.layers.add_to(&mut payloads);
        } else if !is_index(line) && !line.trim().is_empty() {
            break;
        }
        size = end;
    }
    Some(Taken::new(payloads.into_chunks(), size))
}

fn is_index(line: &str) -> bool {
    line.starts_with("{\"index\":{\"_index\":")
}

fn is_packet(line: &str) -> bool {
    line.starts_with("{\"timestamp\":") && line.contains("\"layers\":{")
}

impl EkLayers {
    fn add_to(&self, payloads: &mut TcpPayloads) -> Option<()> {
        let end = |end: &str, port: &str| {
            let address = field(&self.ip, "ip", end).or_else(|| field(&self.ipv6, "ipv6", end));
            let port = field(&self.tcp, "tcp", port)?;
            Some(format!("{}:{port}", address.unwrap_or_default()))
        };
        payloads.add(TcpPayload {
            source: end("src", "srcport")?,
            destination: end("dst", "dstport")?,
            sequence: field(&self.tcp, "tcp", "seq").map(str::to_owned),
            digits: field(&self.tcp, "tcp", "payload")?.to_owned(),
            time: field(&self.frame, "frame", "time_relative").map(str::to_owned),
        });
        Some(())
    }
}

/// The field of a layer. Its name has the name of the layer once or twice before it.
fn field<'v>(layer: &'v Value, protocol: &str, name: &str) -> Option<&'v str> {
    let twice = layer.get(format!("{protocol}_{protocol}_{name}"));
    twice
        .or_else(|| layer.get(format!("{protocol}_{name}")))?
        .as_str()
}
