//! Compressed messages as they come in (RFC 7692 §7.2.2).

use std::fmt;

use crate::ws::deflate::{InflateError, InflateErrorKind, Inflater};
use crate::ws::extension::SenderParameters;
use crate::ws::{CloseCode, FrameHeader, Opcode, Utf8Validator};

/// Inflates a peer's messages while their frames come, up to a limit, and checks their text.
#[derive(Debug)]
pub(super) struct MessageInflater {
    inflater: Inflater,
    max_message: usize,
    /// What the message at hand is; None unless it is compressed.
    content: Option<CompressedKind>,
    /// What it says, as far as it came.
    said: Vec<u8>,
    /// Where in that the frame at hand begins.
    frame_start: usize,
}

#[derive(Debug)]
enum CompressedKind {
    Text(Utf8Validator),
    Binary,
}

/// What is wrong with a compressed message, and in which frame that shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompressedMessageError {
    /// What it is.
    pub kind: CompressedMessageErrorKind,
    /// The frame, counted from 1.
    pub frame: u64,
    /// Where in the stream its payload begins.
    pub offset: u64,
    /// How long that is.
    pub length: u64,
}

/// What is wrong with a compressed message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompressedMessageErrorKind {
    /// It does not inflate, or not to its end.
    Inflating(InflateError),
    /// It inflates to more bytes than these, which are the limit.
    TooBig(usize),
    /// Its text is not UTF-8 from this byte on, inflated bytes counted.
    NotUtf8(u64),
}

impl CompressedMessageError {
    /// The close code that says so (RFC 6455 §7.4.1). RFC 7692 names none for data that does
    /// not inflate; it is "data within a message that was not consistent with the type of
    /// the message".
    pub const fn close_code(&self) -> CloseCode {
        match self.kind {
            CompressedMessageErrorKind::Inflating(_) | CompressedMessageErrorKind::NotUtf8(_) => {
                CloseCode::INVALID_PAYLOAD
            }
            CompressedMessageErrorKind::TooBig(_) => CloseCode::MESSAGE_TOO_BIG,
        }
    }
}

/// The sentence, without its full stop.
impl fmt::Display for CompressedMessageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            CompressedMessageErrorKind::Inflating(fault) => fault.fmt(f),
            CompressedMessageErrorKind::TooBig(limit) => {
                write!(f, "the message inflates to more than {limit} bytes")
            }
            CompressedMessageErrorKind::NotUtf8(offset) => {
                write!(
                    f,
                    "the text, inflated, is not UTF-8 from its byte {offset} on"
                )
            }
        }
    }
}

impl MessageInflater {
    pub(super) fn new(parameters: SenderParameters, max_message: usize) -> Self {
        Self {
            inflater: Inflater::new(parameters),
            max_message,
            content: None,
            said: Vec::new(),
            frame_start: 0,
        }
    }

    /// The longest payload of one frame that is worth reading: no code of DEFLATE takes more
    /// than 9 bits for a byte where 8 would do as well (RFC 1951 §3.2.6), and a few bytes
    /// more frame the blocks.
    pub(super) const fn max_payload(&self) -> usize {
        const FRAMING: usize = 1 << 10;
        self.max_message
            .saturating_add(self.max_message / 8)
            .saturating_add(FRAMING)
    }

    /// A data frame begins.
    pub(super) fn begin(&mut self, header: &FrameHeader) {
        if header.rsv.rsv1() && header.opcode != Opcode::CONTINUATION {
            self.inflater.start();
            self.content = Some(match header.opcode {
                Opcode::TEXT => CompressedKind::Text(Utf8Validator::default()),
                _ => CompressedKind::Binary,
            });
        }
        self.frame_start = self.said.len();
    }

    /// Whether the message at hand is compressed.
    pub(super) const fn is_compressed(&self) -> bool {
        self.content.is_some()
    }

    /// Whether it is a compressed text.
    pub(super) const fn is_text(&self) -> bool {
        matches!(self.content, Some(CompressedKind::Text(_)))
    }

    /// Takes a piece of the message's payload, and stops at what is wrong with it.
    pub(super) fn push(&mut self, mut piece: &[u8]) -> Result<(), CompressedMessageErrorKind> {
        while let Some(inflated) = self
            .inflater
            .next(&mut piece)
            .map_err(CompressedMessageErrorKind::Inflating)?
        {
            let room = self.max_message.saturating_sub(self.said.len());
            let taken = inflated.get(..room).unwrap_or(inflated);
            self.said.extend_from_slice(taken);
            // A wrong byte within the limit is the first thing that is wrong.
            if let Some(CompressedKind::Text(validator)) = &mut self.content {
                validator
                    .push(taken)
                    .map_err(|fault| CompressedMessageErrorKind::NotUtf8(fault.offset))?;
            }
            if taken.len() < inflated.len() {
                return Err(CompressedMessageErrorKind::TooBig(self.max_message));
            }
        }
        Ok(())
    }

    /// The message's last frame is whole.
    pub(super) fn finish(&mut self) -> Result<(), CompressedMessageErrorKind> {
        match self.inflater.finish() {
            // Peers take a payload of no bytes for an empty message, though one byte would
            // belong there (RFC 7692 §7.2.3.6); nothing is lost by it.
            Err(fault) if fault.kind == InflateErrorKind::EndMissing && fault.offset == 0 => {}
            verdict => verdict.map_err(CompressedMessageErrorKind::Inflating)?,
        }
        match &self.content {
            Some(CompressedKind::Text(validator)) => validator
                .finish()
                .map_err(|fault| CompressedMessageErrorKind::NotUtf8(fault.offset)),
            _ => Ok(()),
        }
    }

    /// What the message says, as far as it came.
    pub(super) fn said(&self) -> &[u8] {
        &self.said
    }

    /// What the frame at hand adds to that.
    pub(super) fn said_by_frame(&self) -> &[u8] {
        self.said.get(self.frame_start..).unwrap_or_default()
    }

    /// Forgets the message, and keeps a buffer of up to so many bytes.
    pub(super) fn forget(&mut self, kept: usize) {
        self.content = None;
        self.said.clear();
        self.said.shrink_to(kept);
        self.frame_start = 0;
    }
}
