//! Messages that a source shows without the bytes of their frames: in words, or as JSON.

/// A message without its frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The name of the source, for a sentence: `a HAR file`.
    pub source: &'static str,
    /// Its kind.
    pub kind: MessageKind,
    /// The payload, unmasked and decompressed. It is shorter than `size` if the text shows a part.
    pub payload: Vec<u8>,
    /// The length of the whole payload in bytes.
    pub size: u64,
}

impl Message {
    /// A message whose whole payload is in the text.
    pub(in crate::input) const fn whole(
        source: &'static str,
        kind: MessageKind,
        payload: Vec<u8>,
    ) -> Self {
        let size = payload.len() as u64;
        Self {
            source,
            kind,
            payload,
            size,
        }
    }
}

/// The kinds of frames (RFC 6455 section 5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the explanation")]
pub enum MessageKind {
    Continuation,
    Text,
    Binary,
    Close,
    Ping,
    Pong,
}

impl MessageKind {
    /// The opcode.
    pub(in crate::input) const fn opcode(self) -> u8 {
        match self {
            Self::Continuation => 0,
            Self::Text => 1,
            Self::Binary => 2,
            Self::Close => 8,
            Self::Ping => 9,
            Self::Pong => 10,
        }
    }

    /// The kind with this opcode; None for a reserved opcode.
    pub(in crate::input) const fn of_opcode(opcode: u8) -> Option<Self> {
        Some(match opcode {
            0 => Self::Continuation,
            1 => Self::Text,
            2 => Self::Binary,
            8 => Self::Close,
            9 => Self::Ping,
            10 => Self::Pong,
            _ => return None,
        })
    }
}
