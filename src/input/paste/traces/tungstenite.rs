//! The log of tungstenite at the level `trace`, which tells each frame by its fields and its payload
//! unmasked.
//!
//! ```text
//! TRACE tungstenite::protocol::frame: received frame
//! <FRAME>
//! final: true
//! reserved: false false false
//! opcode: TEXT
//! length: 11
//! payload length: 5
//! payload: 0x48656c6c6f
//! ```

use super::lines::{Lines, first_line};
use crate::input::message::{Message, MessageKind};
use crate::input::paste::chunk::{Chunk, Content, Taken};
use crate::input::paste::direction::{self, Sent};
use crate::input::paste::envelope::Envelope;
use crate::notation::Notation;

/// Reads one frame, from the line above `<FRAME>` on, or from that.
pub(in crate::input::paste) fn read(text: &str, _is_end: bool) -> Option<Taken> {
    const MOST_LINES: usize = 10;
    let first = first_line(text);
    let lines = || Lines::new(text);
    let above = lines()
        .take(2)
        .position(|(line, _)| line.trim() == "<FRAME>")?;
    let sent = if above > 0 { sent(first) } else { None };
    let mut fields = Fields::default();
    let mut size = 0;
    for (line, end) in lines().skip(above + 1).take(MOST_LINES) {
        let Some((name, value)) = line.trim().split_once(": ") else {
            let is_last = matches!(line.trim(), "" | "</FRAME>" | "payload:");
            size = if is_last { end } else { size };
            break;
        };
        size = end;
        match name {
            "opcode" => fields.opcode = value,
            "payload length" => fields.length = value.parse().ok(),
            "payload" => fields.payload = value.strip_prefix("0x").unwrap_or(value),
            "final" | "reserved" | "length" => {}
            _ => break,
        }
    }
    let message = fields.message()?;
    let chunk = Chunk::new(Content::Message(message), sent);
    Some(Taken::new(vec![chunk.at(Envelope::of(first).time())], size))
}

fn sent(line: &str) -> Option<Sent> {
    // The module path has no words for directions; what follows it has.
    let words = line.rsplit("::").next().unwrap_or(line);
    direction::of_words(words)
}

#[derive(Default)]
struct Fields<'t> {
    opcode: &'t str,
    length: Option<u64>,
    payload: &'t str,
}

impl Fields<'_> {
    fn message(self) -> Option<Message> {
        let kind = match self.opcode {
            "TEXT" => MessageKind::Text,
            "BINARY" => MessageKind::Binary,
            "CONTINUE" => MessageKind::Continuation,
            "CLOSE" => MessageKind::Close,
            "PING" => MessageKind::Ping,
            "PONG" => MessageKind::Pong,
            _ => return None,
        };
        let size = self.length?;
        // Old versions leave out the first digit of a byte below 0x10.
        let is_whole = self.payload.len() as u64 == 2 * size;
        let mut payload = Vec::new();
        if is_whole && !self.payload.is_empty() {
            Notation::Hex
                .read(self.payload.as_bytes(), &mut payload)
                .ok()?;
        }
        let mut message = Message::whole("the log of tungstenite", kind, payload);
        message.size = size;
        Some(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_elements_are_none() {
        for text in [
            "<FRAME>\n",
            "<FRAME>\nopcode: NONE\npayload length: 1\n",
            "a\nb\n<FRAME>\nopcode: TEXT\npayload length: 0\npayload: 0x\n",
        ] {
            assert!(read(text, true).is_none(), "{text}");
        }
    }
}
