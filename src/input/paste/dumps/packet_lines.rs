//! The lines that tcpdump, tshark and Wireshark print between the dumps of packets.
//!
//! `hexdump` asks what a line without bytes is.

use crate::input::paste::timestamp;

/// A line that says that a packet follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::input::paste) struct PacketLine<'t> {
    /// The timestamp, as it is written.
    pub(in crate::input::paste) time: Option<&'t str>,
    /// The bytes below are those of the packet as it was captured. False for those that
    /// Wireshark made of them (`Unmasked data (5 bytes):`).
    pub(in crate::input::paste) is_captured: bool,
}

impl<'t> PacketLine<'t> {
    /// Reads a line. None if it is another one.
    pub(in crate::input::paste) fn parse(line: &'t str) -> Option<Self> {
        label(line)
            .or_else(|| of_tcpdump(line))
            .or_else(|| summary(line))
    }
}

/// `Frame (77 bytes):`, `Reassembled TCP (300 bytes):`, `Frame 8: 77 bytes on wire (616 bits)`.
fn label(line: &str) -> Option<PacketLine<'_>> {
    let line = line.trim();
    let is_frame = line.starts_with("Frame ") && line.contains(" bytes on wire ");
    let is_title = line.ends_with(" bytes):") || line.ends_with(" byte):");
    (is_frame || is_title).then_some(PacketLine {
        time: None,
        is_captured: line.starts_with("Frame ") || line.starts_with("Packet "),
    })
}

/// `14:43:43.273464 IP 127.0.0.1.47152 > 127.0.0.1.8765: Flags [P.], …`, also with the link layer
/// (`-e`), with the interface (`-i any`), with only the protocol (`-v`), or without a time.
fn of_tcpdump(line: &str) -> Option<PacketLine<'_>> {
    if line.starts_with([' ', '\t']) {
        return None;
    }
    let size = timestamp::length(line).unwrap_or_default();
    let time = line.get(..size).filter(|time| !time.is_empty());
    let rest = line.get(size..)?.trim_start();
    let mut words = rest.split(' ').filter(|word| !word.is_empty());
    let has_protocol = |word: &str| {
        matches!(word, "IP" | "IP6" | "ARP," | "IP0")
            || matches!(word.trim_end_matches(','), "IPv4" | "IPv6" | "ARP") && time.is_some()
    };
    let is_packet = match words.next()? {
        word if has_protocol(word) => {
            rest.contains(" > ")
                || rest.contains("(tos ")
                || rest.contains("class ")
                || word.starts_with("ARP")
                || rest.contains("hlim ")
        }
        word if is_hardware_address(word) => rest.contains("ethertype "),
        // `lo    In  IP …`
        _ => {
            matches!(words.next()?, "In" | "Out" | "B" | "M" | "P")
                && words.take(3).any(has_protocol)
        }
    };
    is_packet.then_some(PacketLine {
        time,
        is_captured: true,
    })
}

fn is_hardware_address(word: &str) -> bool {
    let mut parts = word.split(':');
    let is_byte =
        |part: &str| part.len() == 2 && part.bytes().all(|digit| digit.is_ascii_hexdigit());
    parts.clone().count() == 6 && parts.all(is_byte)
}

/// `    8 0.002500    127.0.0.1 → 127.0.0.1    WebSocket 77 …`, as `tshark -P` and Wireshark print it.
fn summary(line: &str) -> Option<PacketLine<'_>> {
    let mut words = line.split_whitespace();
    let is_number = |word: &str| word.bytes().all(|digit| digit.is_ascii_digit());
    let number = words.next()?;
    let time = words.next()?;
    let is_time = time
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b':' | b'-'));
    let is_address = |word: &str| word.contains(['.', ':']);
    let rest: Vec<&str> = words.take(6).collect();
    let is_packet = is_number(number)
        && is_time
        && match rest.as_slice() {
            [source, "→" | "->", destination, _, size, ..] => {
                is_address(source) && is_address(destination) && is_number(size)
            }
            [source, destination, protocol, size, ..] => {
                is_address(source)
                    && is_address(destination)
                    && is_number(size)
                    && protocol.starts_with(|char: char| char.is_ascii_uppercase())
            }
            _ => false,
        };
    is_packet.then_some(PacketLine {
        time: Some(time),
        is_captured: true,
    })
}

/// Whether a line belongs to the details of a packet (`tshark -V`), or to its header line.
pub(super) fn is_detail(line: &str) -> bool {
    const TITLES: &[&str] = &[
        "Ethernet II, Src",
        "Linux cooked capture",
        "Null/Loopback",
        "Internet Protocol Version",
        "Transmission Control Protocol",
        "Hypertext Transfer Protocol",
        "WebSocket",
        "Line-based text data",
        "JavaScript Object Notation",
        "Transport Layer Security",
        "Data (",
        "No.     Time",
    ];
    line.starts_with("    ") || TITLES.iter().any(|title| line.starts_with(title))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_packets_are_recognized() {
        for (line, time, is_captured) in [
            (
                "14:43:43.273464 IP 127.0.0.1.1 > 127.0.0.1.2: Flags [P.], length 1",
                Some("14:43:43.273464"),
                true,
            ),
            (
                "IP6 ::1.51034 > ::1.9527: Flags [S], seq 1, length 0",
                None,
                true,
            ),
            (
                "14:43:43.273464 IP (tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto TCP (6), length 60)",
                Some("14:43:43.273464"),
                true,
            ),
            (
                "2026-11-26 14:43:43.273464 lo    In  IP 127.0.0.1.1 > 127.0.0.1.2: Flags [.]",
                Some("2026-11-26 14:43:43.273464"),
                true,
            ),
            (
                "14:43:43.273464 00:00:00:00:00:00 > 00:00:00:00:00:00, ethertype IPv4 (0x0800), length 77: 127.0.0.1.1 > 127.0.0.1.2: Flags [P.]",
                Some("14:43:43.273464"),
                true,
            ),
            (
                "14:43:43.273464 ARP, Request who-has 192.0.2.1 tell 192.0.2.2, length 28",
                Some("14:43:43.273464"),
                true,
            ),
            ("Frame (77 bytes):", None, true),
            ("Unmasked data (5 bytes):", None, false),
            (
                "Frame 8: 77 bytes on wire (616 bits), 77 bytes captured (616 bits)",
                None,
                true,
            ),
            (
                "    8 0.002500000    127.0.0.1 → 127.0.0.1    WebSocket 77 WebSocket Text [FIN]",
                Some("0.002500000"),
                true,
            ),
            (
                "      8 0.002500       127.0.0.1             127.0.0.1             WebSocket 77     WebSocket Text",
                Some("0.002500"),
                true,
            ),
        ] {
            assert_eq!(
                PacketLine::parse(line),
                Some(PacketLine { time, is_captured }),
                "{line}"
            );
        }
    }

    #[test]
    fn other_lines_are_none() {
        for line in [
            "",
            "14:43:43 INFO connection from 127.0.0.1 > 127.0.0.1",
            "recv 7 bytes: 81 05 48 65 6c 6c 6f",
            "0000  81 05 48 65 6c 6c 6f",
            "IP addresses of the host",
            "10:49:21 In the beginning",
        ] {
            assert_eq!(PacketLine::parse(line), None, "{line}");
        }
    }
}
