//! The headers of a network packet in a dump: link layer, IP and TCP.
//!
//! `packets` takes the TCP segment out of each packet, and `segments` puts them in order.

/// One end of a TCP connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct SocketAddress {
    /// The IPv6 address, or the IPv4 address in its last four bytes.
    address: [u8; 16],
    pub(super) port: u16,
}

/// The TCP segment of a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TcpSegment<'a> {
    pub(super) source: SocketAddress,
    pub(super) destination: SocketAddress,
    /// The sequence number of the first byte of the payload.
    pub(super) sequence: u32,
    /// SYN is set and ACK is not: the client opens the connection.
    pub(super) is_opening: bool,
    /// SYN is set.
    pub(super) is_syn: bool,
    pub(super) payload: &'a [u8],
    /// How many bytes of the payload the capture left out.
    pub(super) omitted: usize,
}

/// The TCP segment in a packet that begins with its link-layer header or its IP header; None if
/// the bytes are no TCP packet. The length in the IP header must be that of the dump, and the
/// checksum of an IPv4 header must be right (or 0, where the network card computes it).
///
/// With `is_packet`, the text around the dump says that it is a packet: its end may be cut off,
/// and its checksum may be wrong, as people change the addresses before they show a dump.
pub(super) fn tcp_segment(packet: &[u8], is_packet: bool) -> Option<TcpSegment<'_>> {
    let starts = [
        Some(0),
        // The EtherType stands after two addresses (IEEE 802.3), or after a VLAN tag.
        is_ip_type(packet, 12).then_some(14),
        (packet.get(12..14) == Some(&[0x81, 0]) && is_ip_type(packet, 16)).then_some(18),
        // Linux cooked captures, versions 1 and 2.
        is_ip_type(packet, 14).then_some(16),
        is_ip_type(packet, 0).then_some(20),
        // The loopback header of BSD: the address family.
        is_loopback(packet).then_some(4),
    ];
    let mut starts = starts.into_iter().flatten();
    starts.find_map(|start| segment(&IpPacket::parse(packet.get(start..)?, is_packet)?))
}

/// Whether bytes are a packet of another protocol than TCP: its `EtherType` says so, or its IP
/// header.
pub(super) fn is_packet_without_tcp(packet: &[u8]) -> bool {
    const ARP: [u8; 2] = [8, 6];
    const LLDP: [u8; 2] = [0x88, 0xcc];
    let ether_type = packet.get(12..14);
    let is_ip = |start: usize| {
        let ip = packet.get(start..).unwrap_or_default();
        let header = ip.get(..20).filter(|_| ip.first() == Some(&0x45));
        header.is_some_and(|header| {
            word(ip, 2) == Some(ip.len())
                && word(header, 10) != Some(0)
                && has_right_checksum(header)
        })
    };
    let is_ethernet = packet.len() >= 42
        && (ether_type == Some(&ARP) || ether_type == Some(&LLDP) || is_ip_type(packet, 12));
    is_ethernet || is_ip(0)
}

/// Whether the type at this offset is that of IPv4 or IPv6 (0x0800, 0x86dd).
fn is_ip_type(packet: &[u8], at: usize) -> bool {
    matches!(packet.get(at..), Some([0x08, 0x00, ..] | [0x86, 0xdd, ..]))
}

/// Whether a packet begins with an address family: 2 is IPv4; 24, 28 and 30 are IPv6.
fn is_loopback(packet: &[u8]) -> bool {
    matches!(
        packet,
        [2 | 24 | 28 | 30, 0, 0, 0, ..] | [0, 0, 0, 2 | 24 | 28 | 30, ..]
    )
}

/// An IP packet that contains TCP (RFC 791, RFC 8200).
struct IpPacket<'a> {
    source: [u8; 16],
    destination: [u8; 16],
    tcp: &'a [u8],
    /// How many bytes the dump lacks at its end.
    omitted: usize,
}

impl<'a> IpPacket<'a> {
    fn parse(packet: &'a [u8], is_packet: bool) -> Option<Self> {
        const TCP: u8 = 6;
        /// The shortest frame of Ethernet has 46 bytes after its header; shorter packets are padded.
        const PADDED: usize = 46;
        let (header, total, source, destination) = match packet.first()? >> 4 {
            4 => {
                let header = packet.get(..usize::from(packet.first()? & 0x0f) * 4)?;
                let is_fragment = word(header, 6)? & 0x3fff != 0;
                if header.len() < 20
                    || header.get(9) != Some(&TCP)
                    || is_fragment
                    || !is_packet && !has_right_checksum(header)
                {
                    return None;
                }
                let total = match word(packet, 2)? {
                    // The network card cuts the packet into segments after the capture.
                    0 if is_packet => packet.len(),
                    total => total,
                };
                let (source, destination) = (address(header, 12, 4)?, address(header, 16, 4)?);
                (header.len(), total, source, destination)
            }
            6 => {
                if packet.get(6) != Some(&TCP) {
                    return None;
                }
                let total = word(packet, 4)? + 40;
                (40, total, address(packet, 8, 16)?, address(packet, 24, 16)?)
            }
            _ => return None,
        };
        let is_padded = total < packet.len() && (is_packet || packet.len() <= PADDED);
        let is_cut = total > packet.len() && is_packet;
        if !(total == packet.len() || is_padded || is_cut) {
            return None;
        }
        Some(Self {
            source,
            destination,
            tcp: packet.get(header..total.min(packet.len()))?,
            omitted: total.saturating_sub(packet.len()),
        })
    }
}

fn address(header: &[u8], at: usize, size: usize) -> Option<[u8; 16]> {
    let mut address = [0; 16];
    address
        .get_mut(16 - size..)?
        .copy_from_slice(header.get(at..at + size)?);
    Some(address)
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

/// The ports, the flags and the payload of a TCP segment (RFC 9293 section 3.1).
fn segment<'a>(ip: &IpPacket<'a>) -> Option<TcpSegment<'a>> {
    const SYN: u8 = 0x02;
    const ACK: u8 = 0x10;
    let tcp = ip.tcp;
    let header = usize::from(tcp.get(12)? >> 4) * 4;
    let payload = (header >= 20).then(|| tcp.get(header..))??;
    let flags = *tcp.get(13)?;
    let is_syn = flags & SYN != 0;
    let endpoint = |address, at| {
        let port = u16::try_from(word(tcp, at)?).ok()?;
        Some(SocketAddress { address, port })
    };
    let sequence = u32::from_be_bytes(*tcp.get(4..)?.first_chunk()?);
    Some(TcpSegment {
        source: endpoint(ip.source, 0)?,
        destination: endpoint(ip.destination, 2)?,
        // SYN takes a sequence number itself.
        sequence: sequence.wrapping_add(u32::from(is_syn)),
        is_opening: is_syn && flags & ACK == 0,
        is_syn,
        payload,
        omitted: ip.omitted,
    })
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
            "00000000000000000000 0000 8100 0007 0800",
            "0000 0304 0006 000000000000 0000 0800",
            "02000000",
            "00000002",
        ] {
            let whole = [packet(link), ip.clone()].concat();
            let segment = tcp_segment(&whole, false).unwrap();
            assert_eq!(segment.payload, expected, "{link}");
            assert_eq!(
                (segment.source.port, segment.destination.port),
                (51034, 9527)
            );
            assert_eq!(segment.sequence, 1);
        }
    }

    #[test]
    fn an_ipv6_header_is_taken_off() {
        let mut bytes = packet("60000000 001f 06 40");
        bytes.extend([0; 15]);
        bytes.push(1);
        bytes.extend([0; 15]);
        bytes.push(1);
        bytes.extend(packet(&PACKET.replace(' ', "")[40..]));
        let segment = tcp_segment(&bytes, false).unwrap();
        assert_eq!(segment.payload, packet("818537fa213d7f9f4d5158"));
    }

    #[test]
    fn the_padding_of_a_short_ethernet_frame_is_no_payload() {
        let mut ip = packet(
            "450000280000400040063cce7f0000017f000001c75a2537000000010000000150180200fe270000",
        );
        ip.extend([0; 6]);
        let whole = [packet("000000000000000000000000 0800"), ip].concat();
        let payload = tcp_segment(&whole, false).map(|it| it.payload);
        assert_eq!(payload, Some(&[][..]));
    }

    #[test]
    fn what_a_capture_left_out_is_counted() {
        let whole = packet(PACKET);
        let cut = &whole[..whole.len() - 3];
        assert_eq!(tcp_segment(cut, false), None);
        let segment = tcp_segment(cut, true).unwrap();
        assert_eq!((segment.payload.len(), segment.omitted), (8, 3));
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
            assert_eq!(tcp_segment(bytes, false), None, "{bytes:02x?}");
        }
    }
}
