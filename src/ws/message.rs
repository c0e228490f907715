//! Messages out of fragments.

use super::{FrameHeader, Opcode};

/// Joins the fragments of messages, control frames between them left aside.
///
/// It is as forgiving as it can be, since a listing must go on: a continuation without a
/// start is a message of its own, a new start ends the message before it. Memory is
/// bounded by the limit, whatever a header claims.
#[derive(Debug)]
pub struct Assembler {
    limit: usize,
    payload: Vec<u8>,
    length: u64,
    frames: u64,
    opcode: Opcode,
    open: bool,
    /// Whether the frame at hand belongs to the message.
    in_data_frame: bool,
}

/// A message: the payloads of its frames, joined (RFC 6455 §5.4, §5.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// Text or binary; a continuation where a start was missing.
    pub opcode: Opcode,
    /// The payload, or its beginning where it is larger than the limit.
    pub payload: &'a [u8],
    /// The whole length in bytes.
    pub length: u64,
    /// How many frames it came in.
    pub frames: u64,
}

impl Assembler {
    /// Keeps up to `limit` bytes of a message.
    pub const fn new(limit: usize) -> Self {
        Self {
            limit,
            payload: Vec::new(),
            length: 0,
            frames: 0,
            opcode: Opcode::CONTINUATION,
            open: false,
            in_data_frame: false,
        }
    }

    /// A frame begins.
    pub fn header(&mut self, header: &FrameHeader) {
        self.in_data_frame = header.opcode.is_message_part();
        if !self.in_data_frame {
            return;
        }
        if header.opcode != Opcode::CONTINUATION || !self.open {
            self.payload.clear();
            self.length = 0;
            self.frames = 0;
            self.opcode = header.opcode;
            self.open = true;
        }
        self.frames += 1;
    }

    /// A piece of its payload.
    pub fn payload(&mut self, piece: &[u8]) {
        if self.in_data_frame {
            self.length += piece.len() as u64;
            let room = self.limit - self.payload.len();
            self.payload
                .extend_from_slice(piece.get(..room).unwrap_or(piece));
        }
    }

    /// The frame is whole; the message, if that was its last one.
    pub fn end(&mut self, header: &FrameHeader) -> Option<Message<'_>> {
        if !(self.in_data_frame && header.fin) {
            return None;
        }
        self.open = false;
        Some(Message {
            opcode: self.opcode,
            payload: &self.payload,
            length: self.length,
            frames: self.frames,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(fin: bool, opcode: Opcode) -> FrameHeader {
        FrameHeader {
            fin,
            ..FrameHeader::new(opcode, 0)
        }
    }

    fn feed(
        assembler: &mut Assembler,
        fin: bool,
        opcode: Opcode,
        payload: &str,
    ) -> Option<(Opcode, String, u64)> {
        let header = frame(fin, opcode);
        assembler.header(&header);
        assembler.payload(payload.as_bytes());
        assembler.end(&header).map(|message| {
            (
                message.opcode,
                String::from_utf8_lossy(message.payload).into(),
                message.length,
            )
        })
    }

    #[test]
    fn joins_fragments_around_a_ping() {
        let mut assembler = Assembler::new(100);
        assert_eq!(feed(&mut assembler, false, Opcode::TEXT, "Hel"), None);
        assert_eq!(feed(&mut assembler, true, Opcode::PING, "?"), None);
        assert_eq!(
            feed(&mut assembler, true, Opcode::CONTINUATION, "lo"),
            Some((Opcode::TEXT, "Hello".into(), 5))
        );
        assert_eq!(
            feed(&mut assembler, true, Opcode::BINARY, "x"),
            Some((Opcode::BINARY, "x".into(), 1))
        );
    }

    #[test]
    fn goes_on_after_a_missing_start_and_a_missing_end() {
        let mut assembler = Assembler::new(100);
        assert_eq!(
            feed(&mut assembler, true, Opcode::CONTINUATION, "a"),
            Some((Opcode::CONTINUATION, "a".into(), 1))
        );
        assert_eq!(feed(&mut assembler, false, Opcode::TEXT, "lost"), None);
        assert_eq!(
            feed(&mut assembler, true, Opcode::TEXT, "b"),
            Some((Opcode::TEXT, "b".into(), 1))
        );
    }

    #[test]
    fn keeps_no_more_than_the_limit_and_counts_all() {
        let mut assembler = Assembler::new(4);
        assert_eq!(
            feed(&mut assembler, true, Opcode::TEXT, "abcdef"),
            Some((Opcode::TEXT, "abcd".into(), 6))
        );
    }
}
