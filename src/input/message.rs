//! Messages that a source tells without their frames: in words, or as JSON.

/// A message without its frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What tells it, for a sentence: `a HAR file`.
    pub source: &'static str,
    /// Its kind.
    pub kind: MessageKind,
    /// Its payload, unmasked and inflated, as far as the text has it.
    pub payload: Vec<u8>,
    /// The whole length of the payload in bytes.
    pub size: u64,
}

impl Message {
    /// A message of which the text has the whole payload.
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

    /// The kind with an opcode.
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
