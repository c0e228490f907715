//! The details of packets as text: `tshark -V`, or what is copied out of Wireshark's tree.
//!
//! The lines tell the fields of each frame, and the lines of each request and response. Where the
//! bytes of the packets are there too (`tshark -V -x`), `hexdump` reads them instead.

use super::frame::{FrameFields, masking_key};
use super::lines::{Lines, first_line};
use super::peers::Peers;
use crate::input::paste::chunk::{Chunk, Content, Taken};
use crate::input::paste::dumps::bytes_and_column;
use crate::input::paste::http_head::{Head, HeadKind};

/// Reads the tree at the start of a text.
pub(in crate::input::paste) fn read(text: &str, _is_end: bool) -> Option<Taken> {
    let first = first_line(text);
    let is_packet = first.starts_with("Frame ") && first.contains(" bytes on wire ");
    let is_frame = || {
        Lines::new(text)
            .nth(1)
            .is_some_and(|(line, _)| bits(line).is_some())
    };
    let begins = is_packet || first.trim() == "WebSocket" && is_frame();
    if !begins {
        return None;
    }
    let mut tree = Tree::default();
    let mut size = 0;
    let mut others = 0;
    for (line, end) in Lines::new(text) {
        if tree.line(line)? {
            others = 0;
            size = end;
        } else {
            others += 1;
            if others > MOST_OTHERS {
                break;
            }
        }
    }
    tree.finish_frame();
    Some(Taken::new(tree.into_chunks(), size))
}

/// How many other lines may stand between two lines of a tree.
const MOST_OTHERS: usize = 3;

/// `    1... .... = Fin: True`: the byte with these bits, and what follows.
fn bits(line: &str) -> Option<(u8, &str)> {
    let line = line.trim_start();
    let (pattern, rest) = line.split_once(" = ")?;
    let is_pattern = pattern.len() == 9 && pattern.as_bytes().get(4) == Some(&b' ');
    let mut byte = 0;
    for char in pattern.chars().filter(|char| *char != ' ') {
        byte = byte << 1
            | match char {
                '1' => 1,
                '0' | '.' => 0,
                _ => return None,
            };
    }
    is_pattern.then_some((byte, rest))
}

/// What is read of a tree.
#[derive(Default)]
struct Tree<'t> {
    source: TreeEndpoint<'t>,
    destination: TreeEndpoint<'t>,
    time: Option<&'t str>,
    /// The part of the tree that the lines belong to.
    part: TreePart,
    frame: Option<FrameFields>,
    head: Vec<u8>,
    peers: Peers,
    /// Chunks of packets whose ends are not told.
    chunks: Vec<Chunk>,
}

#[derive(Clone, Copy, Default)]
struct TreeEndpoint<'t> {
    address: &'t str,
    port: &'t str,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum TreePart {
    #[default]
    Other,
    Frame,
    /// The rows of a payload.
    Data,
    Head,
}

impl<'t> Tree<'t> {
    /// Takes a line; whether it belongs to the tree. None if the bytes of the packet are there.
    fn line(&mut self, line: &'t str) -> Option<bool> {
        if line.starts_with("    ") || line.starts_with('\t') {
            self.detail(line);
            return Some(true);
        }
        let title = line.trim();
        if title.is_empty() {
            return Some(true);
        }
        if let Some(row) = row(title) {
            if self.part != TreePart::Data {
                return None;
            }
            if let Some(frame) = &mut self.frame {
                frame.payload.extend(bytes_and_column(row).0);
            }
            return Some(true);
        }
        if self.part == TreePart::Head {
            self.finish_head();
        }
        let is_data = title.starts_with("Data (");
        if !is_data && !title.starts_with("Line-based") {
            self.finish_frame();
        }
        self.part = match title {
            "WebSocket" => {
                self.frame = Some(FrameFields::default());
                TreePart::Frame
            }
            "Hypertext Transfer Protocol" => TreePart::Head,
            _ if is_data => TreePart::Data,
            _ => TreePart::Other,
        };
        if title.starts_with("Frame ") {
            self.source = TreeEndpoint::default();
            self.destination = TreeEndpoint::default();
            self.time = None;
        } else if title.starts_with("Internet Protocol Version ") {
            self.source.address = after(title, "Src: ").unwrap_or_default();
            self.destination.address = after(title, "Dst: ").unwrap_or_default();
        } else if title.starts_with("Transmission Control Protocol") {
            self.source.port = after(title, "Src Port: ").unwrap_or_default();
            self.destination.port = after(title, "Dst Port: ").unwrap_or_default();
        }
        let names = title.starts_with(|char: char| char.is_ascii_uppercase() || char == '[');
        Some(names)
    }

    fn detail(&mut self, line: &'t str) {
        let text = line.trim();
        if let Some(time) = text.strip_prefix("Arrival Time: ") {
            self.time = Some(time);
        }
        match self.part {
            TreePart::Frame => self.field(text),
            TreePart::Head => {
                let is_deeper = line.starts_with("     ");
                if let Some(content) = text.strip_suffix("\\r\\n").filter(|_| !is_deeper) {
                    self.head.extend_from_slice(content.as_bytes());
                    self.head.extend_from_slice(b"\r\n");
                    if content.is_empty() {
                        self.finish_head();
                    }
                }
            }
            TreePart::Data | TreePart::Other => {}
        }
    }

    fn field(&mut self, text: &str) {
        let Some(frame) = &mut self.frame else {
            return;
        };
        if let Some((byte, rest)) = bits(text) {
            if rest.starts_with("Mask") {
                return;
            }
            if rest.starts_with("Payload length") {
                let length = byte & 0x7f;
                frame.length = length.into();
                frame.length_bits = match length {
                    126 => 16,
                    127 => 64,
                    _ => 7,
                };
            } else {
                frame.first_byte |= byte;
            }
            return;
        }
        let Some((name, value)) = text.split_once(": ") else {
            return;
        };
        match name {
            "Masking-Key" => frame.masking_key = masking_key(value),
            "Text" => frame.payload = unescaped(value),
            "Ping" | "Pong" | "Binary" => {
                frame.payload.clear();
                for pair in value.as_bytes().chunks(2) {
                    let byte = std::str::from_utf8(pair).ok();
                    let byte = byte.and_then(|pair| u8::from_str_radix(pair, 16).ok());
                    frame.payload.extend(byte);
                }
            }
            "Status code" => {
                let digits = value
                    .rsplit_once('(')
                    .map(|(_, code)| code.trim_end_matches(')'));
                let code = digits.and_then(|code| code.parse::<u16>().ok());
                frame.payload = code.map(u16::to_be_bytes).into_iter().flatten().collect();
            }
            "Reason" => frame.payload.extend(unescaped(value)),
            _ if name.starts_with("Extended Payload length") => {
                frame.length = value.parse().unwrap_or(frame.length);
            }
            _ => {}
        }
    }

    fn finish_frame(&mut self) {
        if let Some(frame) = self.frame.take() {
            self.push(frame.into_chunk());
        }
    }

    fn finish_head(&mut self) {
        let text = std::mem::take(&mut self.head);
        self.part = TreePart::Other;
        if text.is_empty() {
            return;
        }
        let kind = if text.starts_with(b"HTTP/") {
            HeadKind::Response
        } else {
            HeadKind::Request
        };
        let head = Head::of_lines(kind, text);
        self.push(Chunk::new(Content::Head(head), None));
    }

    fn push(&mut self, chunk: Chunk) {
        let chunk = chunk.at(self.time);
        if self.source.port.is_empty() {
            self.chunks.push(chunk);
            return;
        }
        let name = |end: TreeEndpoint<'_>| format!("{}:{}", end.address, end.port);
        self.peers
            .push(&name(self.source), &name(self.destination), chunk);
    }

    fn into_chunks(self) -> Vec<Chunk> {
        let mut chunks = self.chunks;
        chunks.extend(self.peers.into_chunks());
        chunks
    }
}

/// The word after a name in a title.
fn after<'t>(title: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = title.split_once(name)?;
    rest.split([',', ' ']).next()
}

/// What follows the offset of a row.
fn row(line: &str) -> Option<&str> {
    let (offset, rest) = line.split_once("  ")?;
    let is_offset = offset.len() >= 4 && offset.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_offset.then_some(rest)
}

/// A text without the escapes that Wireshark writes for control characters.
fn unescaped(text: &str) -> Vec<u8> {
    let text = text.strip_suffix(" [truncated]").unwrap_or(text);
    let plain = text
        .replace("\\n", "\n")
        .replace("\\r", "\r")
        .replace("\\t", "\t");
    plain
        .replace("\\\"", "\"")
        .replace("\\\\", "\\")
        .into_bytes()
}
