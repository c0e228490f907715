//! The messages and nothing else, for the formats `text` and `raw`. Payloads stream: no
//! frame is collected.

use crate::diagnosis::stream::{Event, FrameStart, PlainBatch};
use crate::render::escape;
use crate::ws::{Message, Opcode};

/// Prints messages: each on a line of its own, or one after the other as they are.
pub(super) struct MessageStream {
    /// Whether each message is a line.
    as_lines: bool,
    /// Whether the lines are escaped for a terminal.
    is_escaped: bool,
    /// Whether the current frame belongs to a message.
    is_shown: bool,
    is_compressed: bool,
    /// Whether the current frame is the last one of its message.
    is_last: bool,
    /// Whether a line is begun and not ended.
    in_line: bool,
    /// The bytes of a character whose last bytes have not arrived, if the output is escaped.
    incomplete_character: Vec<u8>,
}

impl MessageStream {
    /// Prints each message on a line, escaped if that goes to a terminal.
    pub(super) const fn lines(to_terminal: bool) -> Self {
        Self {
            as_lines: true,
            is_escaped: to_terminal,
            is_shown: false,
            is_compressed: false,
            is_last: true,
            in_line: false,
            incomplete_character: Vec::new(),
        }
    }

    /// Prints the payload of the messages, and adds nothing to it.
    pub(super) fn raw() -> Self {
        Self {
            as_lines: false,
            ..Self::lines(false)
        }
    }

    /// Takes an event; the bytes that are returned are to be written after `out`.
    pub(super) fn event<'a>(&mut self, event: &Event<'a>, out: &mut Vec<u8>) -> &'a [u8] {
        match *event {
            Event::Frame(frame) => self.begin_frame(&frame, out),
            Event::Gap(_) => {
                self.end_line(out);
                self.is_shown = false;
            }
            Event::PayloadAlone(_, _, text) => self.payload_alone(text, out),
            Event::PlainBatch(batch) => return self.batch(batch, out),
            Event::Payload(piece) if self.is_shown && !self.is_compressed => {
                return self.payload(piece, out);
            }
            Event::Inflated(piece) => return self.payload(piece, out),
            Event::End(_) if self.is_shown && self.is_last => self.end_line(out),
            _ => {}
        }
        &[]
    }

    /// Ends the line of a message that was cut short.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        self.end_line(out);
    }

    /// Whether no line is begun.
    pub(super) const fn is_at_line_start(&self) -> bool {
        !self.in_line
    }

    fn begin_frame(&mut self, frame: &FrameStart, out: &mut Vec<u8>) {
        let opcode = frame.header.opcode;
        self.is_shown = opcode.is_message_part();
        self.is_compressed = frame.is_compressed;
        if self.is_shown {
            if opcode != Opcode::CONTINUATION {
                self.end_line(out);
            }
            self.in_line = self.as_lines;
            self.is_last = frame.header.fin;
        }
    }

    fn payload_alone(&mut self, text: &str, out: &mut Vec<u8>) {
        self.end_line(out);
        if self.is_escaped {
            escape::push_text(out, text.as_bytes());
        } else {
            out.extend_from_slice(text.as_bytes());
        }
        if self.as_lines {
            out.push(b'\n');
        }
    }

    /// Appends a message whose frame is not known. Control frames are no messages.
    pub(super) fn message_alone(&mut self, message: &Message<'_>, out: &mut Vec<u8>) {
        if !message.opcode.is_message_part() {
            return;
        }
        self.end_line(out);
        if self.is_escaped {
            escape::push_text(out, message.payload);
        } else {
            out.extend_from_slice(message.payload);
        }
        if self.as_lines {
            out.push(b'\n');
        }
    }

    fn batch<'a>(&mut self, batch: PlainBatch<'a>, out: &mut Vec<u8>) -> &'a [u8] {
        self.end_line(out);
        if self.as_lines && !self.is_escaped {
            return batch.lines;
        }
        for (_, payload) in batch.frames() {
            if self.as_lines {
                escape::push_text(out, payload);
                out.push(b'\n');
            } else {
                out.extend_from_slice(payload);
            }
        }
        &[]
    }

    fn payload<'a>(&mut self, piece: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
        if self.is_escaped {
            self.push_escaped(piece, out);
            return &[];
        }
        piece
    }

    /// Appends bytes for a terminal, except for a character cut at their end.
    fn push_escaped(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        let bytes = &mut self.incomplete_character;
        bytes.extend_from_slice(piece);
        let complete = bytes.len() - length_of_cut_character(bytes);
        let (shown, _) = bytes.split_at(complete);
        escape::push_text(out, shown);
        bytes.drain(..complete);
    }

    fn end_line(&mut self, out: &mut Vec<u8>) {
        escape::push_text(out, &self.incomplete_character);
        self.incomplete_character.clear();
        if self.in_line {
            out.push(b'\n');
            self.in_line = false;
        }
    }
}

/// How many bytes at the end begin a character that is not complete: 0 to 3.
fn length_of_cut_character(bytes: &[u8]) -> usize {
    let chunk = bytes.utf8_chunks().last();
    let invalid = chunk.map_or(&[][..], |chunk| chunk.invalid());
    match std::str::from_utf8(invalid) {
        Err(error) if error.error_len().is_none() => invalid.len(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::stream::KnownSender;
    use crate::ws::FrameHeader;

    fn text(to_terminal: bool, pieces: &[&[u8]]) -> Vec<u8> {
        let mut messages = MessageStream::lines(to_terminal);
        let mut out = Vec::new();
        let frame = FrameStart {
            number: 1,
            offset: 0,
            header: FrameHeader::new(Opcode::TEXT, 0),
            is_text: true,
            is_compressed: false,
            sender: KnownSender::Unknown,
            direction: None,
        };
        messages.event(&Event::Frame(frame), &mut out);
        for piece in pieces {
            let rest = messages.event(&Event::Payload(piece), &mut out);
            out.extend_from_slice(rest);
        }
        messages.event(&Event::End(true), &mut out);
        out
    }

    #[test]
    fn a_pipe_gets_the_text_unchanged() {
        let pieces: [&[u8]; 2] = [b"\x1b[2J\xe4", b"\xbd\xff"];
        assert_eq!(text(false, &pieces), b"\x1b[2J\xe4\xbd\xff\n");
    }

    #[test]
    fn a_terminal_gets_escapes_and_complete_characters() {
        let pieces: [&[u8]; 4] = [b"\xe4", b"\xbd", b"\xa0\xc2", b"\x9b2J"];
        assert_eq!(text(true, &pieces), "你\\u{9b}2J\n".as_bytes());
        assert_eq!(text(true, &[b"a\xff\xe4", b"\xbd"]), b"a\\xff\\xe4\\xbd\n");
    }
}
