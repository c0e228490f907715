//! Packets as `tshark -T pdml` prints them in XML, and the list of packets of `-T psml`, which has no bytes.

use super::tcp_payloads::{TcpPayload, TcpPayloads};
use crate::input::paste::chunk::Taken;

/// Reads the packets of a text in PDML, when all of it is there.
pub(in crate::input::paste) fn read(text: &str, is_end: bool) -> Option<Taken> {
    /// The lines before the first packet: two of XML, a comment, and the root.
    const START: usize = 1000;
    let start = text.as_bytes().get(..START).unwrap_or(text.as_bytes());
    let has = |name: &[u8]| memchr::memmem::find(start, name).is_some();
    if !start.starts_with(b"<?xml ") && !start.starts_with(b"<packet>") {
        return None;
    }
    let is_list = has(b"<psml ") || has(b"<section>");
    if !is_list && !has(b"<pdml ") && !has(b"<proto name=\"geninfo\"") {
        return None;
    }
    if !is_end {
        return Some(Taken::new(Vec::new(), text.len()));
    }
    let mut payloads = TcpPayloads::default();
    let mut size = 0;
    for packet in text.split_inclusive("</packet>") {
        if !packet.ends_with("</packet>") {
            break;
        }
        size += packet.len();
        add(packet, &mut payloads);
    }
    let end = text.get(size..)?.lines().take(4).map(|line| line.len() + 1);
    let size = (size + end.sum::<usize>()).min(text.len());
    Some(Taken::new(payloads.into_chunks(), size).complete())
}

/// Adds the payload of a packet.
fn add(packet: &str, payloads: &mut TcpPayloads) -> Option<()> {
    let show = |name: &str| attribute(field(packet, name)?, "show");
    let end = |end: &str, port: &str| {
        let address = show(&format!("ip.{end}")).or_else(|| show(&format!("ipv6.{end}")));
        let port = show(&format!("tcp.{port}"))?;
        Some(format!("{}:{port}", address.unwrap_or_default()))
    };
    payloads.add(TcpPayload {
        source: end("src", "srcport")?,
        destination: end("dst", "dstport")?,
        sequence: show("tcp.seq").map(str::to_owned),
        digits: attribute(field(packet, "tcp.payload")?, "value")?.to_owned(),
        time: show("frame.time_relative").map(str::to_owned),
    });
    Some(())
}

/// The attributes of a field: ` showname="…" size="4" …`.
fn field<'t>(packet: &'t str, name: &str) -> Option<&'t str> {
    let start = format!("<field name=\"{name}\"");
    let at = memchr::memmem::find(packet.as_bytes(), start.as_bytes())? + start.len();
    let rest = packet.get(at..)?;
    rest.get(..rest.find('>')?)
}

fn attribute<'t>(attributes: &'t str, name: &str) -> Option<&'t str> {
    let start = format!(" {name}=\"");
    let at = attributes.find(&start)? + start.len();
    attributes.get(at..)?.split('"').next()
}
