//! Decompression of the messages of one sender (RFC 7692).
//!
//! [`frames`](super::frames) gives the payload of compressed messages to a [`MessageInflater`]
//! and reports what it inflates to. What is wrong with a message is explained by
//! [`explain::compression`](super::explain::compression).

use super::explain::prefilter;
use crate::ws::deflate::{InflateError, Inflater};
use crate::ws::extension::{DeflateParameters, SenderParameters};
use crate::ws::{FrameHeader, Opcode, Role, Utf8Validator};

/// What is known of permessage-deflate on a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CompressionState {
    /// There is no handshake: messages with RSV1 are taken for compressed ones.
    #[default]
    NotKnown,
    /// The handshake did not negotiate compression.
    Refused,
    /// The handshake or the user says that these parameters were negotiated.
    Agreed(DeflateParameters),
    /// Compression was negotiated, but earlier messages are missing, so that none can be
    /// decompressed.
    AgreedWithoutHistory,
}

impl CompressionState {
    /// Whether messages may be compressed.
    pub const fn is_allowed(self) -> bool {
        !matches!(self, Self::Refused)
    }
}

/// Decompresses the messages of one sender.
#[derive(Debug)]
pub(super) struct MessageInflater {
    inflater: Inflater,
    is_known: bool,
    /// The largest size of a decompressed message, in bytes.
    limit: usize,
    message: Option<OpenMessage>,
    /// How many messages were compressed so far.
    count: u64,
}

/// The message that is being decompressed.
#[derive(Debug)]
struct OpenMessage {
    is_text: bool,
    validator: Utf8Validator,
    length: u64,
    /// The first bytes that it decompresses to.
    start: Vec<u8>,
    fault: Option<Fault>,
}

/// What is wrong with a compressed message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Its DEFLATE stream is invalid.
    Inflating(InflateError),
    /// It decompresses to more than the limit.
    TooLong,
    /// The text is not UTF-8 from this byte on.
    NotUtf8(u64),
}

/// A complete message that was compressed.
#[derive(Debug)]
pub(super) struct Inflated {
    pub(super) opcode: Opcode,
    /// The first bytes that it decompresses to.
    pub(super) start: Vec<u8>,
    /// Whether `start` is all of them.
    pub(super) is_all: bool,
    pub(super) fault: Option<Fault>,
    /// The number of the message among the compressed ones, counted from 1.
    pub(super) count: u64,
}

impl Inflated {
    /// Whether there may be a finding on it.
    pub(super) fn may_have_finding(&self) -> bool {
        let last = self.start.last().copied().filter(|_| self.is_all);
        self.fault.is_some() || prefilter::may_have_finding(self.opcode, &self.start, last)
    }
}

impl MessageInflater {
    /// An inflater for the messages of `sender`, with these parameters or the default ones.
    pub(super) fn new(deflate: CompressionState, sender: Option<Role>, limit: usize) -> Self {
        let (parameters, is_known) = match deflate {
            CompressionState::Agreed(parameters) => (parameters, true),
            CompressionState::Refused | CompressionState::AgreedWithoutHistory => {
                (DeflateParameters::default(), true)
            }
            CompressionState::NotKnown => (DeflateParameters::default(), false),
        };
        let parameters: SenderParameters = parameters.of(sender.unwrap_or(Role::Server));
        Self {
            inflater: Inflater::new(parameters),
            is_known,
            limit,
            message: None,
            count: 0,
        }
    }

    /// Begins a frame; returns whether it belongs to a compressed message.
    pub(super) fn begin_frame(&mut self, header: &FrameHeader) -> bool {
        match header.opcode {
            Opcode::CONTINUATION => {}
            Opcode::TEXT | Opcode::BINARY => {
                if self.message.take().is_some() {
                    self.inflater.start();
                }
                if header.rsv.rsv1() {
                    self.count += 1;
                    self.message = Some(OpenMessage {
                        is_text: header.opcode == Opcode::TEXT,
                        validator: Utf8Validator::default(),
                        length: 0,
                        start: Vec::new(),
                        fault: None,
                    });
                }
            }
            _ => return false,
        }
        self.message.is_some()
    }

    /// Decompresses a piece of the payload and gives the result to `on_inflated`.
    pub(super) fn push(&mut self, mut piece: &[u8], on_inflated: &mut dyn FnMut(&[u8])) {
        let Some(message) = &mut self.message else {
            return;
        };
        while message.fault.is_none() {
            match self.inflater.next(&mut piece) {
                Ok(Some(inflated)) => on_inflated(message.take(inflated, self.limit)),
                Ok(None) => return,
                Err(fault) => message.fault = Some(Fault::Inflating(fault)),
            }
        }
    }

    /// Ends the message with its last frame; None if it is not compressed.
    pub(super) fn finish(&mut self) -> Option<Inflated> {
        let mut message = self.message.take()?;
        if message.fault == Some(Fault::TooLong) {
            self.inflater.start();
        } else if let Err(fault) = self.inflater.finish() {
            message.fault = message.fault.or(Some(Fault::Inflating(fault)));
        }
        let ends_in_character = message.is_text && message.validator.finish().is_err();
        if message.fault.is_none() && ends_in_character {
            message.fault = Some(Fault::NotUtf8(message.length));
        }
        Some(Inflated {
            opcode: if message.is_text {
                Opcode::TEXT
            } else {
                Opcode::BINARY
            },
            is_all: message.length == message.start.len() as u64,
            start: message.start,
            fault: message.fault,
            count: self.count,
        })
    }

    /// Whether the parameters were negotiated, not assumed.
    pub(super) const fn is_known(&self) -> bool {
        self.is_known
    }
}

impl OpenMessage {
    /// Adds decompressed bytes; returns those that are within the limit.
    fn take<'a>(&mut self, inflated: &'a [u8], limit: usize) -> &'a [u8] {
        const KEPT: usize = 1 << 12;
        let room = (limit as u64).saturating_sub(self.length);
        let room = usize::try_from(room).unwrap_or(usize::MAX);
        let shown = inflated.get(..room).unwrap_or(inflated);
        self.length += shown.len() as u64;
        let kept = KEPT - self.start.len();
        self.start
            .extend_from_slice(shown.get(..kept).unwrap_or(shown));
        if self.is_text && self.fault.is_none() {
            let fault = self.validator.push(shown).err();
            self.fault = fault.map(|fault| Fault::NotUtf8(fault.offset));
        }
        if shown.len() < inflated.len() {
            self.fault = Some(Fault::TooLong);
        }
        shown
    }
}
