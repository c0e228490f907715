//! Decompression of the messages of one sender (RFC 7692).
//!
//! [`frames`](super::frames) gives the payload of compressed messages to [`CompressedMessages`]
//! and reports what it inflates to. What is wrong with a message is explained by
//! [`explain::compression`](super::explain::compression).

use super::explain::prefilter;
use crate::ws::deflate::{CompressedMessageError, MessageInflater, walk};
use crate::ws::extension::{DeflateParameters, SenderParameters};
use crate::ws::{FrameHeader, Message, MessageAssembler, Opcode, Role};

/// What is known of permessage-deflate on a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CompressionState {
    /// There is no handshake: a message with RSV1 is assumed to be compressed.
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

/// Decompresses the messages of one sender, and keeps the start of each to explain it.
#[derive(Debug)]
pub(super) struct CompressedMessages {
    inflater: MessageInflater,
    is_known: bool,
    /// The first bytes that the current message decompresses to.
    start: MessageAssembler,
    error: Option<CompressedMessageError>,
    /// How many messages were compressed so far.
    count: u64,
    /// Looks for distances beyond a negotiated window that is smaller than the largest one.
    window: Option<WindowCheck>,
}

/// The check of a message against the negotiated window.
#[derive(Debug)]
struct WindowCheck {
    /// The window in bits: 8 to 14.
    bits: u8,
    /// The start of the compressed message.
    payload: Vec<u8>,
}

/// A back-reference beyond the negotiated window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BeyondWindow {
    /// The distance of the back-reference, in bytes.
    pub(super) distance: usize,
    /// The negotiated window in bits.
    pub(super) bits: u8,
}

/// How many decompressed bytes of a message are kept.
pub(super) const MESSAGE_START: usize = 1 << 12;

/// A complete message that was compressed.
#[derive(Debug)]
pub(super) struct InflatedMessage {
    pub(super) opcode: Opcode,
    /// The first bytes that it decompresses to.
    pub(super) start: Vec<u8>,
    /// Whether `start` is all of them.
    pub(super) is_all: bool,
    pub(super) error: Option<CompressedMessageError>,
    /// The number of the message among the compressed ones, counted from 1.
    pub(super) count: u64,
    /// A back-reference that the negotiated window does not allow.
    pub(super) beyond_window: Option<BeyondWindow>,
}

impl InflatedMessage {
    /// A message of which the start was kept, with what is wrong with it.
    pub(super) fn new(
        start: &Message<'_>,
        error: Option<CompressedMessageError>,
        count: u64,
    ) -> Self {
        Self {
            opcode: start.opcode,
            is_all: start.length == start.payload.len() as u64,
            start: start.payload.to_vec(),
            error,
            count,
            beyond_window: None,
        }
    }

    /// Whether there may be a finding on it.
    pub(super) fn may_have_finding(&self) -> bool {
        let last = self.start.last().copied().filter(|_| self.is_all);
        self.error.is_some()
            || self.beyond_window.is_some()
            || prefilter::may_have_finding(self.opcode, &self.start, last)
    }
}

impl CompressedMessages {
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
            inflater: MessageInflater::new(parameters, limit),
            is_known,
            start: MessageAssembler::new(MESSAGE_START),
            error: None,
            count: 0,
            window: WindowCheck::new(parameters.window_bits),
        }
    }

    /// Begins a frame; returns whether it belongs to a compressed message.
    pub(super) fn begin_frame(&mut self, header: &FrameHeader) -> bool {
        if !header.opcode.is_message_part() {
            return false;
        }
        if header.opcode != Opcode::CONTINUATION {
            self.inflater.abandon();
            if header.rsv.rsv1() {
                self.count += 1;
                self.error = None;
                self.inflater.start(header.opcode);
                self.window.iter_mut().for_each(WindowCheck::start);
            }
        }
        self.start.begin_frame(header);
        self.inflater.is_open()
    }

    /// Decompresses a piece of the payload and gives the result to `on_inflated`.
    pub(super) fn push(&mut self, piece: &[u8], on_inflated: &mut dyn FnMut(&[u8])) {
        let pushed = self.inflater.push(piece, |inflated| {
            self.start.push(inflated);
            on_inflated(inflated);
        });
        self.error = self.error.or(pushed.err());
        if let Some(window) = &mut self.window {
            window.push(piece);
        }
    }

    /// Ends the message with its last frame; None if it is not compressed.
    pub(super) fn finish(&mut self) -> Option<InflatedMessage> {
        if !self.inflater.is_open() {
            return None;
        }
        let finished = self.inflater.finish();
        let error = self.error.take().or(finished.err());
        Some(InflatedMessage {
            beyond_window: self.window.as_ref().and_then(WindowCheck::finish),
            ..InflatedMessage::new(&self.start.message(), error, self.count)
        })
    }

    /// Whether the parameters were negotiated, not assumed.
    pub(super) const fn is_known(&self) -> bool {
        self.is_known
    }
}

impl WindowCheck {
    /// A check for a window of this many bits; None if it is the largest one.
    const fn new(bits: u8) -> Option<Self> {
        const LARGEST: u8 = 15;
        if bits >= LARGEST {
            return None;
        }
        Some(Self {
            bits,
            payload: Vec::new(),
        })
    }

    fn start(&mut self) {
        self.payload.clear();
    }

    fn push(&mut self, piece: &[u8]) {
        const KEPT: usize = 1 << 16;
        let room = KEPT - self.payload.len();
        self.payload
            .extend_from_slice(piece.get(..room).unwrap_or(piece));
    }

    fn finish(&self) -> Option<BeyondWindow> {
        let distance = walk(&self.payload).farthest;
        (distance > 1 << self.bits).then_some(BeyondWindow {
            distance,
            bits: self.bits,
        })
    }
}
