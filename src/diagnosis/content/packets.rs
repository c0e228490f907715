//! MQTT packets, which MQTT over WebSocket sends in binary messages.

use super::{Payload, readable};

/// Reads complete MQTT packets: MQTT 3.1, 3.1.1 or 5.0.
pub(super) fn mqtt(bytes: &[u8]) -> Option<Payload> {
    let mut lines = Vec::new();
    let mut is_proved = false;
    let mut rest = bytes;
    while let Some((first, others)) = rest.split_first() {
        let (length, body) = remaining_length(others)?;
        let (body, next) = body.split_at_checked(length)?;
        let packet = packet(*first, body)?;
        is_proved |= packet.is_proved;
        lines.push(packet.line);
        rest = next;
    }
    is_proved.then(|| {
        let note = "MQTT over WebSocket sends these packets in binary messages";
        Payload::new("MQTT", lines.join("\n")).note(note)
    })
}

struct MqttPacket {
    line: String,
    /// Whether its body leaves no doubt. A ping of two bytes does.
    is_proved: bool,
}

/// The packet with this first byte, the type and the flags, and this body.
fn packet(first: u8, body: &[u8]) -> Option<MqttPacket> {
    let named = |line: &str, is_proved| {
        Some(MqttPacket {
            line: line.to_owned(),
            is_proved,
        })
    };
    match (first, body) {
        (
            0x10,
            [0, 4, b'M', b'Q', b'T', b'T', 4 | 5, ..]
            | [0, 6, b'M', b'Q', b'I', b's', b'd', b'p', 3, ..],
        ) => named("MQTT CONNECT", true),
        (0x20, [0 | 1, 0..=5]) => named("MQTT CONNACK", true),
        (0x20, [0 | 1, _, properties, rest @ ..]) if rest.len() == usize::from(*properties) => {
            named("MQTT CONNACK", true)
        }
        (0x30..=0x3d, _) => publish(first, body),
        (0x40 | 0x50 | 0x62 | 0x70, [_, _]) => named(
            match first {
                0x40 => "MQTT PUBACK",
                0x50 => "MQTT PUBREC",
                0x62 => "MQTT PUBREL",
                _ => "MQTT PUBCOMP",
            },
            false,
        ),
        (0x82, [_, _, _, _, ..]) => named("MQTT SUBSCRIBE", false),
        (0x90, [_, _, 0..=2 | 0x80]) => named("MQTT SUBACK", true),
        (0xa2, [_, _, _, _, ..]) => named("MQTT UNSUBSCRIBE", false),
        (0xb0, [_, _]) => named("MQTT UNSUBACK", false),
        (0xc0, []) => named("MQTT PINGREQ", false),
        (0xd0, []) => named("MQTT PINGRESP", false),
        (0xe0, []) => named("MQTT DISCONNECT", false),
        _ => None,
    }
}

/// A PUBLISH packet: a topic, an identifier unless the quality of service is 0, and the message.
fn publish(first: u8, body: &[u8]) -> Option<MqttPacket> {
    let (length, rest) = body.split_first_chunk::<2>()?;
    let (topic, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
    let topic = readable(topic).filter(|topic| !topic.is_empty())?;
    let message = match first >> 1 & 3 {
        0 => rest,
        1 | 2 => rest.get(2..)?,
        _ => return None,
    };
    let line = match readable(message) {
        Some(text) => format!("MQTT PUBLISH {topic} {text}"),
        None => format!("MQTT PUBLISH {topic} [{} bytes]", message.len()),
    };
    Some(MqttPacket {
        line,
        is_proved: true,
    })
}

/// The remaining length: up to four bytes of seven bits, the lowest first (MQTT 3.1.1 section
/// 2.2.3). Returns it with the bytes after it.
fn remaining_length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut length = 0;
    for (index, byte) in bytes.iter().take(4).enumerate() {
        length |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((length, bytes.get(index + 1..)?));
        }
    }
    None
}
