//! What an examination tells.

use std::fmt;

use super::run::PlainBatch;
use super::side::KnownSender;
use crate::diagnosis::Finding;
use crate::ws::{Direction, FrameHeader, Role};

/// What a stream says, in the order of the wire.
#[derive(Debug)]
pub enum Event<'a> {
    /// The head of a request, which a client sent, or of a response.
    Head(Role, &'a [u8]),
    /// A frame begins.
    Frame(FrameStart),
    /// Bytes that are no frame begin, at this offset.
    Gap(u64),
    /// Whole text messages about which there is nothing more to say.
    PlainBatch(PlainBatch<'a>),
    /// A piece of the payload of the frame, unmasked; or of what is no frame.
    Payload(&'a [u8]),
    /// What a piece of compressed payload inflates to, perhaps nothing.
    Inflated(&'a [u8]),
    /// The frame, or what is none, ends here; false if the frame should have gone on.
    End(bool),
    /// Something that is not known was taken for granted.
    Assumption(Assumption),
    /// Something is wrong with what was told before.
    Finding(Finding),
}

/// A frame begins.
#[derive(Clone, Copy, Debug)]
pub struct FrameStart {
    /// The frame, counted from 1.
    pub number: u64,
    /// Where in the stream it begins.
    pub offset: u64,
    /// Its header.
    pub header: FrameHeader,
    /// Whether it belongs to a text message.
    pub is_text: bool,
    /// Whether it belongs to a compressed message.
    pub is_compressed: bool,
    /// Who sent it, where more than its MASK bit says so.
    pub sender: Option<Role>,
    /// Which way it went, where both ways are heard.
    pub direction: Option<Direction>,
}

/// Something that is not known, and was taken for granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assumption {
    /// Messages with RSV1 are compressed as permessage-deflate does it.
    Compressed,
    /// This end sent the frames, by the MASK bit of the first one.
    SentBy(Role),
}

impl Assumption {
    /// Whether nobody would think otherwise.
    pub const fn is_usual(self) -> bool {
        matches!(self, Self::SentBy(_))
    }
}

/// The sentence, without its full stop.
impl fmt::Display for Assumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compressed => {
                f.write_str("no handshake: RSV1 is taken for permessage-deflate (see --deflate)")
            }
            Self::SentBy(role) => write!(
                f,
                "taken as sent by the {role}, by the MASK bit of the first frame"
            ),
        }
    }
}

/// Who speaks in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Senders {
    /// One end.
    One(KnownSender),
    /// Both ends in turn; the MASK bit tells whose frame it is.
    Both,
}
