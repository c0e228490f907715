//! "Follow Stream" of Wireshark and `tshark -z follow`: raw, ASCII, YAML, C arrays, and the messages of
//! `-z follow,websocket`. `hexdump` reads the hex dump.
//!
//! Node 0 or peer 0 is the client, unless the requests say otherwise.

use super::lines::{Lines, first_line};
use crate::input::message::{Message, MessageKind};
use crate::input::paste::chunk::{Chunk, Content, Taken};
use crate::input::paste::direction::Sent;
use crate::input::paste::http_head;
use crate::notation::Notation;

/// Reads a stream with the frame that tshark prints around it.
pub(in crate::input::paste) fn read(text: &str, _is_end: bool) -> Option<Taken> {
    let mut lines = Lines::new(text);
    let is_rule = |line: &str| line.len() > 20 && line.bytes().all(|byte| byte == b'=');
    let (first, _) = lines.next()?;
    let what = if is_rule(first) {
        lines.next()?.0
    } else {
        first
    };
    let (protocol, form) = what.strip_prefix("Follow: ")?.split_once(',')?;
    let mut body = 0;
    let mut end = text.len();
    let mut size = text.len();
    let mut before = 0;
    for (line, after) in lines {
        if body == 0 && line.starts_with("Node 1: ") {
            body = after;
        } else if body > 0 && is_rule(line) {
            (end, size) = (before.max(body), after);
            break;
        }
        before = after;
    }
    let body = text.get(body..end).filter(|_| body > 0)?;
    let is_messages = protocol == "websocket";
    let parts = match form {
        "raw" => raw(body),
        "ascii" | "ebcdic" | "utf-8" => ascii(body),
        "hex" if is_messages => hex_dump(body),
        _ => return None,
    };
    let chunks = parts.into_iter().map(|part| {
        let content = match part.content {
            Content::Bytes { bytes, .. } if is_messages => message(bytes),
            Content::Characters(_) if is_messages => message(part.text.into_bytes()),
            content => content,
        };
        (part.is_first, content)
    });
    Some(Taken::new(with_directions(chunks.collect()), size).complete())
}

/// Reads a stream as YAML: that of `tshark -z follow` and that of Wireshark.
pub(in crate::input::paste) fn read_yaml(text: &str, _is_end: bool) -> Option<Taken> {
    let first = first_line(text);
    let is_older = first.starts_with("# Packet ");
    if first != "peers:" && !is_older {
        return None;
    }
    let mut parts: Vec<(bool, Option<&str>, String)> = Vec::new();
    let mut size = 0;
    let mut peer = None;
    let mut time = None;
    let mut is_data = false;
    for (line, end) in Lines::new(text) {
        let trimmed = line.trim();
        let (key, value) = trimmed
            .trim_start_matches("- ")
            .split_once(':')
            .unwrap_or((trimmed, ""));
        let is_base64 = trimmed
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='));
        if is_data && line.starts_with(' ') && is_base64 {
            if let Some((_, _, data)) = parts.last_mut() {
                data.push_str(trimmed);
            }
            size = end;
            continue;
        }
        is_data = value.trim().starts_with("!!binary");
        match key {
            "peer" => peer = value.trim().parse::<u8>().ok(),
            "timestamp" => time = Some(value.trim()),
            "data" if is_data => parts.push((peer == Some(0), time.take(), String::new())),
            _ if is_data && key.starts_with("peer") => {
                parts.push((key.starts_with("peer0"), None, String::new()));
            }
            "peers" | "packets" | "host" | "port" | "packet" | "" => {}
            _ if key.starts_with("# Packet ") => {}
            _ => break,
        }
        size = end;
    }
    let mut times = Vec::new();
    let mut found = Vec::new();
    for (is_first, time, data) in parts {
        let mut bytes = Vec::new();
        Notation::Base64.read(data.as_bytes(), &mut bytes).ok()?;
        times.push(time);
        found.push((is_first, content(bytes, Notation::Base64)));
    }
    if found.is_empty() {
        return None;
    }
    let mut chunks = with_directions(found);
    for (chunk, time) in chunks.iter_mut().zip(times) {
        chunk.time = time.map(str::to_owned);
    }
    Some(Taken::new(chunks, size))
}

/// Reads a stream as C arrays: `char peer0_0[] = { /* Packet 4 */` and lines of bytes.
pub(in crate::input::paste) fn read_c_arrays(text: &str, _is_end: bool) -> Option<Taken> {
    peer_of_array(first_line(text))?;
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..)
        && let Some(is_first) = peer_of_array(first_line(rest))
    {
        let open = rest.find('{')?;
        let close = open + rest.get(open..)?.find('}')?;
        let mut bytes = Vec::new();
        let inside = rest.get(open + 1..close)?;
        // The comment names the packet, whose number is no byte.
        let items = match inside.split_once("*/") {
            Some((_, items)) => items,
            None => inside,
        };
        for item in items
            .split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
        {
            let digits = item.strip_prefix("0x")?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
        }
        found.push((is_first, content(bytes, Notation::C)));
        at += close;
        at += Lines::new(rest.get(close..)?).next()?.1;
        let next = Lines::new(text.get(at..).unwrap_or_default()).next();
        if let Some((_, end)) = next.filter(|(line, _)| line.trim().is_empty()) {
            at += end;
        }
    }
    Some(Taken::new(with_directions(found), at))
}

fn peer_of_array(line: &str) -> Option<bool> {
    let line = line.trim_start();
    let line = line.strip_prefix("static ").unwrap_or(line);
    let line = line.strip_prefix("const ").unwrap_or(line);
    let line = line.strip_prefix("unsigned ").unwrap_or(line);
    let name = line.strip_prefix("char peer")?;
    let (peer, rest) = name.split_once('_')?;
    (rest.contains("[]") && matches!(peer, "0" | "1")).then_some(peer == "0")
}

fn content(bytes: Vec<u8>, notation: Notation) -> Content {
    Content::Bytes {
        bytes,
        notation,
        omitted: 0,
    }
}

fn message(payload: Vec<u8>) -> Content {
    let kind = if std::str::from_utf8(&payload).is_ok() {
        MessageKind::Text
    } else {
        MessageKind::Binary
    };
    Content::Message(Message::whole("Follow Stream", kind, payload))
}

/// A part of a stream: what one node sent before the other one did.
struct StreamPart {
    is_first: bool,
    content: Content,
    /// The characters of `ascii`.
    text: String,
}

/// Lines of hexadecimal; those of node 1 are indented.
fn raw(body: &str) -> Vec<StreamPart> {
    let lines = Lines::new(body).map(|(line, _)| line);
    let parts = lines.filter_map(|line| {
        let mut bytes = Vec::new();
        let digits = line.trim();
        Notation::Hex.read(digits.as_bytes(), &mut bytes).ok()?;
        (!bytes.is_empty()).then(|| StreamPart {
            is_first: !line.starts_with(['\t', ' ']),
            content: content(bytes, Notation::Hex),
            text: String::new(),
        })
    });
    parts.collect()
}

/// The payload of each message as a dump.
fn hex_dump(body: &str) -> Vec<StreamPart> {
    let mut parts: Vec<(bool, Vec<u8>)> = Vec::new();
    for (line, _) in Lines::new(body) {
        let is_first = !line.starts_with(['\t', ' ']);
        let Some((_, row)) = line.trim().split_once("  ") else {
            continue;
        };
        let (bytes, _) = crate::input::paste::dumps::bytes_and_column(row);
        match parts.last_mut() {
            Some((last, all)) if *last == is_first && all.len() % 16 == 0 => all.extend(bytes),
            _ => parts.push((is_first, bytes)),
        }
    }
    let parts = parts.into_iter().map(|(is_first, bytes)| StreamPart {
        is_first,
        content: content(bytes, Notation::Hexdump),
        text: String::new(),
    });
    parts.collect()
}

/// A line with the number of bytes, then their characters; a dot stands for each byte that is none.
fn ascii(body: &str) -> Vec<StreamPart> {
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(rest) = body.get(at..).filter(|rest| !rest.is_empty()) {
        let Some((line, end)) = Lines::new(rest).next() else {
            break;
        };
        at += end;
        let Ok(count) = line.trim().parse::<usize>() else {
            continue;
        };
        let data = body.get(at..).unwrap_or_default();
        let size = size_of_characters(data, count);
        let text = data.get(..size).unwrap_or_default();
        let head = http_head::find(text).filter(|_| text.contains("HTTP/1."));
        parts.push(StreamPart {
            is_first: !line.starts_with('\t'),
            content: match head {
                Some(found) => Content::Head(found.head),
                None => Content::Characters(count as u64),
            },
            text: text.trim_end_matches('\n').to_owned(),
        });
        at += size;
    }
    parts
}

/// How long a text of this many bytes is. Where CR got lost, whole lines are taken.
fn size_of_characters(data: &str, count: usize) -> usize {
    if matches!(data.as_bytes().get(count), None | Some(b'\n')) {
        return count.min(data.len());
    }
    let mut counted = 0;
    let mut size = 0;
    for (line, end) in Lines::new(data) {
        counted += line.len() + "\r\n".len();
        size = end;
        if counted >= count {
            break;
        }
    }
    size
}

/// Chunks of two nodes. The node that sent a request is the client, else the first one.
fn with_directions(parts: Vec<(bool, Content)>) -> Vec<Chunk> {
    let parts = parts
        .into_iter()
        .map(|(is_first, content)| (is_first, Chunk::new(content, None)));
    let parts: Vec<(bool, Chunk)> = parts.collect();
    let told = parts
        .iter()
        .find_map(|(is_first, chunk)| chunk.is_of_client().map(|is_client| is_client == *is_first));
    let is_first_client = told.unwrap_or(true);
    let chunks = parts.into_iter().map(|(is_first, mut chunk)| {
        chunk.sent = Some(if is_first == is_first_client {
            Sent::ByClient
        } else {
            Sent::ByServer
        });
        chunk
    });
    chunks.collect()
}
