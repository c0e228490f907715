//! The messages and nothing else, as text or as they are.

use super::Listing;
use crate::diagnosis::stream::{FrameStart, PlainBatch};
use crate::render::escape;
use crate::ws::Opcode;

/// The messages, as text, a line each.
pub(super) struct Text {
    to_terminal: bool,
    is_shown: bool,
    is_compressed: bool,
    is_last: bool,
    /// A line was begun and not ended.
    in_line: bool,
    /// The beginning of a character whose end has not come, where it must be known
    /// whole.
    pending: Vec<u8>,
}

impl Text {
    pub(super) const fn new(to_terminal: bool) -> Self {
        Self {
            to_terminal,
            is_shown: false,
            is_compressed: false,
            is_last: true,
            in_line: false,
            pending: Vec::new(),
        }
    }

    fn end_line(&mut self, out: &mut Vec<u8>) {
        escape::push_text(out, &self.pending);
        self.pending.clear();
        if self.in_line {
            out.push(b'\n');
            self.in_line = false;
        }
    }

    fn push_piece<'a>(&mut self, piece: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
        if self.to_terminal {
            self.push_escaped(piece, out);
            return &[];
        }
        piece
    }

    /// Appends bytes for a terminal, except for a character cut at their end.
    fn push_escaped(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        self.pending.extend_from_slice(piece);
        let complete = self.pending.len() - cut_character(&self.pending);
        let (shown, _) = self.pending.split_at(complete);
        escape::push_text(out, shown);
        self.pending.drain(..complete);
    }
}

/// How many bytes at the end begin a character that is not whole: 0 to 3.
fn cut_character(bytes: &[u8]) -> usize {
    let chunk = bytes.utf8_chunks().last();
    let invalid = chunk.map_or(&[][..], |chunk| chunk.invalid());
    match std::str::from_utf8(invalid) {
        Err(error) if error.error_len().is_none() => invalid.len(),
        _ => 0,
    }
}

impl Listing for Text {
    fn start(&mut self, frame: &FrameStart, out: &mut Vec<u8>) {
        let opcode = frame.header.opcode;
        self.is_shown = opcode.is_message_part();
        self.is_compressed = frame.is_compressed;
        if self.is_shown {
            if opcode != Opcode::CONTINUATION {
                self.end_line(out);
            }
            self.in_line = true;
            self.is_last = frame.header.fin;
        }
    }

    fn run<'a>(&mut self, run: PlainBatch<'a>, out: &mut Vec<u8>) -> &'a [u8] {
        self.end_line(out);
        if !self.to_terminal {
            return run.lines;
        }
        for (_, payload) in run.frames() {
            escape::push_text(out, payload);
            out.push(b'\n');
        }
        &[]
    }

    fn gap(&mut self, _offset: u64, out: &mut Vec<u8>) {
        self.end_line(out);
        self.is_shown = false;
    }

    fn payload_alone(&mut self, _kind: &str, _bytes: &[u8], text: &str, out: &mut Vec<u8>) {
        self.end_line(out);
        if self.to_terminal {
            escape::push_text(out, text.as_bytes());
        } else {
            out.extend_from_slice(text.as_bytes());
        }
        out.push(b'\n');
    }

    fn payload<'a>(&mut self, piece: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
        if self.is_shown && !self.is_compressed {
            return self.push_piece(piece, out);
        }
        &[]
    }

    fn inflated<'a>(&mut self, piece: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
        self.push_piece(piece, out)
    }

    fn end(&mut self, _is_whole: bool, out: &mut Vec<u8>) {
        if self.is_shown && self.is_last {
            self.end_line(out);
        }
    }

    fn finish(&mut self, out: &mut Vec<u8>) {
        self.end_line(out);
    }

    fn is_at_line_start(&self) -> bool {
        !self.in_line
    }
}

/// The payload of the messages, as it is, and nothing else.
#[derive(Default)]
pub(super) struct Raw {
    is_shown: bool,
    is_compressed: bool,
}

impl Listing for Raw {
    fn start(&mut self, frame: &FrameStart, _out: &mut Vec<u8>) {
        self.is_shown = frame.header.opcode.is_message_part();
        self.is_compressed = frame.is_compressed;
    }

    fn gap(&mut self, _offset: u64, _out: &mut Vec<u8>) {
        self.is_shown = false;
    }

    fn payload_alone(&mut self, _kind: &str, _bytes: &[u8], text: &str, out: &mut Vec<u8>) {
        out.extend_from_slice(text.as_bytes());
    }

    fn payload<'a>(&mut self, piece: &'a [u8], _out: &mut Vec<u8>) -> &'a [u8] {
        if self.is_shown && !self.is_compressed {
            return piece;
        }
        &[]
    }

    fn inflated<'a>(&mut self, piece: &'a [u8], _out: &mut Vec<u8>) -> &'a [u8] {
        piece
    }

    fn end(&mut self, _is_whole: bool, _out: &mut Vec<u8>) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ws::FrameHeader;

    fn text(to_terminal: bool, pieces: &[&[u8]]) -> Vec<u8> {
        let mut listing = Text::new(to_terminal);
        let mut out = Vec::new();
        listing.start(
            &FrameStart {
                number: 1,
                offset: 0,
                header: FrameHeader::new(Opcode::TEXT, 0),
                is_text: true,
                is_compressed: false,
                sender: None,
                direction: None,
            },
            &mut out,
        );
        for piece in pieces {
            let shown = listing.payload(piece, &mut out);
            out.extend_from_slice(shown);
        }
        listing.end(true, &mut out);
        out
    }

    #[test]
    fn a_pipe_gets_the_text_as_it_is() {
        let pieces: [&[u8]; 2] = [b"\x1b[2J\xe4", b"\xbd\xff"];
        assert_eq!(text(false, &pieces), b"\x1b[2J\xe4\xbd\xff\n");
    }

    #[test]
    fn a_terminal_gets_escapes_and_whole_characters() {
        let pieces: [&[u8]; 4] = [b"\xe4", b"\xbd", b"\xa0\xc2", b"\x9b2J"];
        assert_eq!(text(true, &pieces), "你\\u{9b}2J\n".as_bytes());
        assert_eq!(text(true, &[b"a\xff\xe4", b"\xbd"]), b"a\\xff\\xe4\\xbd\n");
    }
}
