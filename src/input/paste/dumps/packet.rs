//! The headers of a network packet in a dump: link layer, IP and TCP. `hexdump` takes them off,
//! as what people want to see is the stream inside.

use crate::input::paste::direction::Sent;

/// The TCP segment of a packet.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Segment<'a> {
    /// Who sent it: the end with the smaller port is taken for the server.
    pub(super) sent: Option<Sent>,
    /// Its payload.
    pub(super) payload: &'a [u8],
}

/// The segment in a packet that begins with its link-layer header or its IP header; None if the
/// bytes are no TCP packet. The length in the IP header must be that of the dump, and its
/// checksum must be right (or 0, where the network card computes it).
pub(super) fn tcp_segment(packet: &[u8]) -> Option<Segment<'_>> {
    let starts = [
        Some(0),
        // The EtherType stands after two addresses (IEEE 802.3).
        is_ip_type(packet, 12).then_some(14),
        // Linux cooked captures, versions 1 and 2.
        is_ip_type(packet, 14).then_some(16),
        is_ip_type(packet, 0).then_some(20),
        // The loopback header of BSD: the address family.
        matches!(packet, [2, 0, 0, 0, ..] | [0, 0, 0, 2, ..]).then_some(4),
    ];
    let mut starts = starts.into_iter().flatten();
    starts.find_map(|start| segment(ip_payload(packet.get(start..)?)?))
}

/// Whether the type at this offset is that of IPv4 or IPv6 (0x0800, 0x86dd).
fn is_ip_type(packet: &[u8], at: usize) -> bool {
    matches!(packet.get(at..), Some([0x08, 0x00, ..] | [0x86, 0xdd, ..]))
}

/// The payload of an IP packet that contains TCP (RFC 791, RFC 8200).
fn ip_payload(packet: &[u8]) -> Option<&[u8]> {
    const TCP: u8 = 6;
    /// The shortest frame of Ethernet has 46 bytes after its header; shorter packets are padded.
    const PADDED: usize = 46;
    let (&first, _) = packet.split_first()?;
    let (header, total) = match first >> 4 {
        4 => {
            let header = packet.get(..usize::from(first & 0x0f) * 4)?;
            let is_tcp = header.get(9) == Some(&TCP) && has_right_checksum(header);
            (header.len(), is_tcp.then(|| word(packet, 2))??)
        }
        6 => {
            let is_tcp = packet.get(6) == Some(&TCP);
            (40, is_tcp.then(|| word(packet, 4))?? + 40)
        }
        _ => return None,
    };
    let is_whole = total == packet.len() || (total < packet.len() && packet.len() == PADDED);
    (is_whole && header >= 20).then(|| packet.get(header..total))?
}

/// Whether the words of an IPv4 header add up to 0xffff (RFC 1071), or its checksum is 0.
fn has_right_checksum(header: &[u8]) -> bool {
    let words = header.chunks_exact(2).filter_map(|pair| word(pair, 0));
    let mut sum: usize = words.sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    sum == 0xffff || word(header, 10) == Some(0)
}

/// The ports and the payload of a TCP segment (RFC 9293 section 3.1).
fn segment(tcp: &[u8]) -> Option<Segment<'_>> {
    let (source, destination) = (word(tcp, 0)?, word(tcp, 2)?);
    let header = usize::from(tcp.get(12)? >> 4) * 4;
    let payload = (header >= 20).then(|| tcp.get(header..))??;
    let sent = match source.cmp(&destination) {
        std::cmp::Ordering::Less => Some(Sent::ByServer),
        std::cmp::Ordering::Greater => Some(Sent::ByClient),
        std::cmp::Ordering::Equal => None,
    };
    Some(Segment { sent, payload })
}

/// The number in two bytes, the high one first.
fn word(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at..)? {
        [high, low, ..] => Some(usize::from(*high) << 8 | usize::from(*low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An IPv4 packet from port 51034 to 9527 with "Hello" in a masked frame.
    const PACKET: &str = "4500003300004000 40063cc37f000001 7f000001c75a2537 0000000100000001 \
                          50180200fe270000 818537fa213d7f9f 4d5158";

    fn packet(text: &str) -> Vec<u8> {
        hex::decode(text.replace(' ', "")).unwrap()
    }

    #[test]
    fn the_headers_in_front_of_the_stream_are_taken_off() {
        let ip = packet(PACKET);
        let expected = packet("818537fa213d7f9f4d5158");
        for link in [
            "",
            "00000000000000000000 0000 0800",
            "0000 0304 0006 000000000000 0000 0800",
            "02000000",
        ] {
            let whole = [packet(link), ip.clone()].concat();
            let segment = tcp_segment(&whole).unwrap();
            assert_eq!(segment.payload, expected, "{link}");
            assert_eq!(segment.sent, Some(Sent::ByClient));
        }
    }

    #[test]
    fn the_padding_of_a_short_ethernet_frame_is_no_payload() {
        let mut ip = packet(
            "450000280000400040063cce7f0000017f000001c75a2537000000010000000150180200fe270000",
        );
        ip.extend([0; 6]);
        let whole = [packet("000000000000000000000000 0800"), ip].concat();
        assert_eq!(tcp_segment(&whole).map(|it| it.payload), Some(&[][..]));
    }

    #[test]
    fn other_bytes_are_no_packet() {
        let right = packet(PACKET);
        let mut other_length = right.clone();
        other_length.push(0);
        let mut other_checksum = right.clone();
        other_checksum[10] ^= 1;
        let mut udp = right.clone();
        udp[9] = 17;
        let cut = &right[..30];
        for bytes in [
            &other_length,
            &other_checksum,
            &udp,
            cut,
            b"\x81\x05Hello",
            b"",
        ] {
            assert_eq!(tcp_segment(bytes), None, "{bytes:02x?}");
        }
    }
}
