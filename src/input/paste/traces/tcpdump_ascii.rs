//! What `tcpdump -A` prints: characters, with a dot for each byte that is none. Of the payloads only
//! requests and responses are read. `hexdump` reads `-x` and `-X`.

use super::lines::{Lines, first_line};
use super::peers::Peers;
use crate::input::paste::chunk::{Chunk, Content, Taken};
use crate::input::paste::dumps::PacketLine;
use crate::input::paste::http_head;

/// Reads the packets at the start of a text.
pub(in crate::input::paste) fn read(text: &str, _is_end: bool) -> Option<Taken> {
    let first = first_line(text);
    let second = Lines::new(text).nth(1).map(|(line, _)| line)?;
    // The first byte of an IP header: version 4 or 6.
    if SegmentHeader::parse(first).is_none() || !second.starts_with(['E', '`']) {
        return None;
    }
    let mut peers = Peers::default();
    let mut size = 0;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty())
        && PacketLine::parse(first_line(rest)).is_some()
    {
        let mut lines = Lines::new(rest);
        let body = lines.next().map_or(0, |(_, end)| end);
        let packet = SegmentHeader::parse(first_line(rest));
        let length = packet.as_ref().map_or(0, |packet| packet.length);
        let mut end = body;
        for (line, after) in lines {
            let is_whole = (end - body) as u64 >= length + LONGEST_HEADERS;
            if PacketLine::parse(line).is_some() || is_whole && !line.trim().is_empty() {
                break;
            }
            end = after;
        }
        if let Some(packet) = packet {
            packet.push(rest.get(body..end).unwrap_or_default(), &mut peers);
        }
        at += end;
        size = at;
    }
    Some(Taken::new(peers.into_chunks(), size))
}

/// The longest headers of IPv4 and TCP.
const LONGEST_HEADERS: u64 = 120;

/// The header line of a TCP segment.
struct SegmentHeader<'t> {
    source: &'t str,
    destination: &'t str,
    time: Option<&'t str>,
    length: u64,
}

impl<'t> SegmentHeader<'t> {
    fn parse(line: &'t str) -> Option<Self> {
        let time = PacketLine::parse(line)?.time;
        let (ends, facts) = line.split_once(": Flags [")?;
        let (source, destination) = ends.split_once(" > ")?;
        let (_, length) = facts.rsplit_once(", length ")?;
        Some(Self {
            source: source.rsplit(' ').next()?,
            destination,
            time,
            length: length.split(':').next()?.trim().parse().ok()?,
        })
    }

    fn push(&self, body: &str, peers: &mut Peers) {
        if self.length == 0 {
            return;
        }
        let start = ["GET /", "HTTP/1.1 ", "HTTP/1.0 "]
            .iter()
            .filter_map(|start| body.find(start))
            .min();
        let head = start.and_then(|start| http_head::find(body.get(start..)?));
        let content = match head {
            Some(found) => Content::Head(found.head),
            None => Content::Characters(self.length),
        };
        let chunk = Chunk::new(content, None).at(self.time);
        peers.push(self.source, self.destination, chunk);
    }
}
