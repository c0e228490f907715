//! TCP segments of the packets of a trace, put in order.
//!
//! `packets` adds the segments as they were captured. Out come the payloads of each connection in
//! the order of their sequence numbers: retransmitted bytes are left out, and a segment that came too
//! early waits for the one before it.

use std::collections::{BTreeMap, HashMap};

use super::packet::{SocketAddress, TcpSegment};
use crate::input::paste::chunk::Chunk;
use crate::input::paste::direction::Sent;
use crate::notation::Notation;

/// The connections of a trace.
#[derive(Debug, Default)]
pub(super) struct TcpConnections {
    list: Vec<TcpConnection>,
    /// The latest connection between two endpoints.
    latest: HashMap<[SocketAddress; 2], usize>,
    pieces: Vec<Piece>,
}

/// A connection between two endpoints.
#[derive(Debug)]
struct TcpConnection {
    endpoints: [SocketAddress; 2],
    /// The number of a connection that is the same wherever a text continues with it.
    id: u32,
    sides: [TcpSide; 2],
    client: Option<usize>,
}

/// What one endpoint sends.
#[derive(Debug, Default)]
struct TcpSide {
    /// The first sequence number that is known.
    start: Option<u32>,
    /// How many bytes after it are known without a gap.
    next: u32,
    /// Segments that came too early, by their distance from `start`.
    early: BTreeMap<u32, Piece>,
}

/// A payload, or what is new in it.
#[derive(Debug)]
struct Piece {
    connection: usize,
    side: usize,
    bytes: Vec<u8>,
    /// How many bytes next to it are missing.
    omitted: u64,
    time: Option<String>,
}

impl TcpConnections {
    /// Adds the segment of the next packet.
    pub(super) fn add(&mut self, segment: &TcpSegment<'_>, time: Option<String>) {
        let mut endpoints = [segment.source, segment.destination];
        endpoints.sort_unstable();
        let side = usize::from(endpoints.first() != Some(&segment.source));
        let number = self.connection(endpoints, side, segment);
        let Some(connection) = self.list.get_mut(number) else {
            return;
        };
        if segment.is_syn {
            connection.client = Some(if segment.is_opening { side } else { 1 - side });
        }
        if connection.client.is_none() {
            connection.client = sender_of_head(segment.payload)
                .map(|is_client| if is_client { side } else { 1 - side });
        }
        let piece = Piece {
            connection: number,
            side,
            bytes: segment.payload.to_vec(),
            omitted: segment.omitted as u64,
            time,
        };
        if let Some(of_side) = connection.sides.get_mut(side) {
            of_side.add(segment.sequence, piece, &mut self.pieces);
        }
    }

    /// The number of the connection that a segment belongs to. SYN opens another connection if the
    /// last one between these endpoints has had bytes from this side.
    fn connection(
        &mut self,
        endpoints: [SocketAddress; 2],
        side: usize,
        segment: &TcpSegment<'_>,
    ) -> usize {
        let latest = self.latest.get(&endpoints).copied();
        let is_other = |number: &usize| {
            let side = self.list.get(*number).and_then(|it| it.sides.get(side));
            let is_repeated = |start| start == segment.sequence;
            segment.is_syn
                && side
                    .and_then(|it| it.start)
                    .is_some_and(|it| !is_repeated(it))
        };
        if let Some(number) = latest.filter(|number| !is_other(number)) {
            return number;
        }
        let number = self.list.len();
        self.list.push(TcpConnection {
            endpoints,
            id: id_of(endpoints, latest.map_or(0, |_| number)),
            sides: [TcpSide::default(), TcpSide::default()],
            client: None,
        });
        self.latest.insert(endpoints, number);
        number
    }

    /// The payloads in their order. The end that sent SYN or a request is the client; if neither is
    /// there, the end with the larger port.
    pub(super) fn into_chunks(mut self) -> Vec<Chunk> {
        for connection in &mut self.list {
            for side in &mut connection.sides {
                side.finish(&mut self.pieces);
            }
        }
        let list = &self.list;
        let chunks = self.pieces.into_iter().filter_map(|piece| {
            let connection = list.get(piece.connection)?;
            let sent = connection.client().map(|client| {
                if client == piece.side {
                    Sent::ByClient
                } else {
                    Sent::ByServer
                }
            });
            let mut chunk = Chunk::of_bytes(piece.bytes, Notation::Hexdump, sent)
                .lacking(piece.omitted)
                .at(piece.time.as_deref());
            chunk.connection = Some(connection.id);
            Some(chunk)
        });
        chunks.collect()
    }
}

impl TcpConnection {
    fn client(&self) -> Option<usize> {
        let [one, other] = self.endpoints;
        let by_port = match one.port.cmp(&other.port) {
            std::cmp::Ordering::Greater => Some(0),
            std::cmp::Ordering::Less => Some(1),
            std::cmp::Ordering::Equal => None,
        };
        self.client.or(by_port)
    }
}

impl TcpSide {
    fn add(&mut self, sequence: u32, piece: Piece, pieces: &mut Vec<Piece>) {
        /// The largest window of TCP (RFC 7323 section 2.3): a segment that is farther away is one
        /// from before the first, such as a keep-alive.
        const WINDOW: u32 = 1 << 30;
        let start = *self.start.get_or_insert(sequence);
        if piece.bytes.is_empty() && piece.omitted == 0 {
            return;
        }
        let distance = sequence.wrapping_sub(start);
        let is_before_start = distance > u32::MAX - WINDOW;
        if !is_before_start {
            self.insert(distance, piece);
        }
        self.release(pieces);
    }

    /// Of two segments with the same number the longer one counts.
    fn insert(&mut self, at: u32, piece: Piece) {
        let is_longer = |other: &Piece| piece.bytes.len() > other.bytes.len();
        if self.early.get(&at).is_none_or(is_longer) {
            self.early.insert(at, piece);
        }
    }

    /// Gives what follows without a gap.
    fn release(&mut self, pieces: &mut Vec<Piece>) {
        while let Some(entry) = self.early.first_entry() {
            let at = *entry.key();
            if at > self.next {
                break;
            }
            let mut piece = entry.remove();
            let known = (self.next - at) as usize;
            let size = piece.bytes.len() as u64 + piece.omitted;
            if known < piece.bytes.len() || known == 0 {
                piece.bytes.drain(..known);
                let end = u64::from(at) + size;
                self.next = u32::try_from(end).unwrap_or(u32::MAX);
                pieces.push(piece);
            }
        }
    }

    /// Gives what is left, and counts the bytes of the gaps.
    fn finish(&mut self, pieces: &mut Vec<Piece>) {
        while let Some((at, _)) = self.early.first_key_value() {
            let gap = u64::from(at.saturating_sub(self.next));
            self.next = self.next.max(*at);
            let first = pieces.len();
            self.release(pieces);
            if let Some(piece) = pieces.get_mut(first) {
                piece.omitted += gap;
            }
        }
    }
}

/// Whether a client sent these bytes, if they begin with a request line or a status line.
fn sender_of_head(bytes: &[u8]) -> Option<bool> {
    if bytes.starts_with(b"HTTP/1.") {
        return Some(false);
    }
    let line = bytes.split(|byte| *byte == b'\n').next()?.trim_ascii_end();
    (line.ends_with(b" HTTP/1.1") || line.ends_with(b" HTTP/1.0")).then_some(true)
}

/// A number made of the endpoints (FNV-1a) and of which connection between them it is.
fn id_of(endpoints: [SocketAddress; 2], which: usize) -> u32 {
    use std::hash::{Hash, Hasher};
    struct Fnv(u64);
    impl Hasher for Fnv {
        fn finish(&self) -> u64 {
            self.0
        }
        fn write(&mut self, bytes: &[u8]) {
            for byte in bytes {
                self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
            }
        }
    }
    let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
    (endpoints, which).hash(&mut hasher);
    let hash = hasher.finish();
    u32::try_from(hash >> 32).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::paste::chunk::Content;
    use crate::input::paste::dumps::packet::tcp_segment;

    /// A packet from port 51034 to 9527, or back, with this sequence number.
    fn add(
        connections: &mut TcpConnections,
        is_client: bool,
        sequence: u32,
        flags: u8,
        payload: &[u8],
    ) {
        let total = u16::try_from(40 + payload.len()).unwrap();
        let mut packet = vec![0x45, 0];
        packet.extend(total.to_be_bytes());
        packet.extend([0, 0, 0x40, 0, 64, 6, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1]);
        let ports: [u16; 2] = if is_client {
            [51034, 9527]
        } else {
            [9527, 51034]
        };
        packet.extend(ports.into_iter().flat_map(u16::to_be_bytes));
        packet.extend(sequence.to_be_bytes());
        packet.extend([0, 0, 0, 0, 0x50, flags, 1, 0, 0, 0, 0, 0]);
        packet.extend(payload);
        connections.add(&tcp_segment(&packet, false).unwrap(), None);
    }

    fn payloads(connections: TcpConnections) -> Vec<(Option<Sent>, String, u64)> {
        let chunks = connections.into_chunks().into_iter();
        let parts = chunks.map(|chunk| match chunk.content {
            Content::Bytes { bytes, omitted, .. } => {
                (chunk.sent, String::from_utf8(bytes).unwrap(), omitted)
            }
            other => panic!("{other:?}"),
        });
        parts.collect()
    }

    #[test]
    fn retransmitted_bytes_are_left_out_and_early_ones_wait() {
        let mut all = TcpConnections::default();
        add(&mut all, true, u32::MAX, 2, b"");
        add(&mut all, true, 0, 24, b"ab");
        add(&mut all, true, 4, 24, b"ef");
        add(&mut all, false, 9, 24, b"xy");
        add(&mut all, true, 0, 24, b"ab");
        add(&mut all, true, 1, 24, b"bcd");
        add(&mut all, true, 5, 16, b"f");
        let (client, server) = (Some(Sent::ByClient), Some(Sent::ByServer));
        let expected = [
            (client, "ab".to_owned(), 0),
            (server, "xy".to_owned(), 0),
            (client, "cd".to_owned(), 0),
            (client, "ef".to_owned(), 0),
        ];
        assert_eq!(payloads(all), expected);
    }

    #[test]
    fn the_bytes_of_a_gap_are_counted() {
        let mut all = TcpConnections::default();
        add(&mut all, true, 10, 24, b"ab");
        add(&mut all, true, 15, 24, b"fg");
        let client = Some(Sent::ByClient);
        let expected = [(client, "ab".to_owned(), 0), (client, "fg".to_owned(), 3)];
        assert_eq!(payloads(all), expected);
    }

    #[test]
    fn syn_with_another_number_opens_another_connection() {
        let mut all = TcpConnections::default();
        add(&mut all, true, 9, 2, b"");
        add(&mut all, true, 10, 24, b"one");
        add(&mut all, true, 499, 2, b"");
        add(&mut all, true, 500, 24, b"two");
        let chunks = all.into_chunks();
        assert_eq!(chunks.len(), 2);
        assert_ne!(chunks[0].connection, chunks[1].connection);
    }

    #[test]
    fn a_request_tells_the_client_whatever_the_ports_are() {
        let mut all = TcpConnections::default();
        add(&mut all, false, 1, 24, b"GET / HTTP/1.1\r\n\r\n");
        assert_eq!(payloads(all)[0].0, Some(Sent::ByClient));
    }
}
