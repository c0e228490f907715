//! What tcpflow prints of packets with `-D`, or with `-c` on a console: a line with the ends of the
//! connection, and a dump.
//!
//! `127.000.000.001.50980-127.000.000.001.09527: `, then rows such as `0000: 8183 9a2f  .../`.

use super::lines::{Lines, first_line};
use super::peers::Peers;
use crate::input::paste::chunk::Taken;
use crate::input::paste::dumps::hexdump;

/// Reads the packets at the start of a text.
pub(in crate::input::paste) fn read(text: &str, _is_end: bool) -> Option<Taken> {
    ends(first_line(text))?;
    let mut peers = Peers::default();
    let mut size = 0;
    let mut at = 0;
    while let Some((source, destination)) = text.get(at..).and_then(|rest| ends(first_line(rest))) {
        let below = text.get(at..)?;
        let start = Lines::new(below).next().map_or(below.len(), |(_, end)| end);
        let mut end = start;
        for (line, line_end) in Lines::new(below.get(start..)?) {
            if ends(line).is_some() {
                break;
            }
            end = start + line_end;
        }
        let dump = below.get(start..end)?;
        let Some(taken) = hexdump::read(dump, true) else {
            break;
        };
        let has_more = dump.get(taken.size..)?.trim().is_empty();
        for chunk in taken.chunks {
            peers.push(source, destination, chunk);
        }
        size = at + if has_more { end } else { start + taken.size };
        at = if has_more { size } else { text.len() };
    }
    let chunks = peers.into_chunks();
    (!chunks.is_empty()).then(|| Taken::new(chunks, size))
}

/// The two ends in the line above a packet.
fn ends(line: &str) -> Option<(&str, &str)> {
    let (source, destination) = line.trim_end().strip_suffix(':')?.split_once('-')?;
    (is_end(source) && is_end(destination)).then_some((source, destination))
}

/// `127.000.000.001.09527`, or an IPv6 address with a port after its last dot.
fn is_end(end: &str) -> bool {
    let Some((address, port)) = end.rsplit_once('.') else {
        return false;
    };
    let is_port = port.len() == 5 && port.bytes().all(|byte| byte.is_ascii_digit());
    let is_address = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':');
    is_port && address.len() > 2 && address.bytes().all(is_address)
}
