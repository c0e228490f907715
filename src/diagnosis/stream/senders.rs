//! What is known of the one or two senders of a stream.
//!
//! [`frames`](super::frames) keeps a [`SenderState`] for each sender and asks it who sent a frame,
//! whether it may be compressed, and whether its masking key is weak.

use super::compression::{CompressedMessages, CompressionState};
use crate::ws::{FrameHeader, FrameReader, FrameValidator, MaskingKey, Role};

/// The sender of a stream, and how it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownSender {
    /// Not known: the MASK bit of the first frame will tell.
    Unknown,
    /// The user or the handshake says so.
    Known(Role),
    /// The MASK bit of the first frame says so.
    Inferred(Role),
}

impl KnownSender {
    /// The sender, if more than the MASK bit says so.
    pub const fn known(self) -> Option<Role> {
        match self {
            Self::Known(role) => Some(role),
            Self::Unknown | Self::Inferred(_) => None,
        }
    }

    /// The sender, if anything says so.
    pub const fn role(self) -> Option<Role> {
        match self {
            Self::Unknown => None,
            Self::Known(role) | Self::Inferred(role) => Some(role),
        }
    }
}

/// Number and offset of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NumberedFrame {
    /// The number, counted from 1.
    pub(super) number: u64,
    /// The offset of the frame in the stream.
    pub(super) start: u64,
}

/// What is known of one sender and its frames.
#[derive(Debug)]
pub(super) struct SenderState {
    pub(super) sender: KnownSender,
    /// The masking key of the last frame with a payload.
    pub(super) last_key: Option<MaskingKey>,
    /// The last frame that was a message or a part of one.
    pub(super) last_message_part: Option<NumberedFrame>,
    /// Whether a frame broke the masking rule, so that MASK says nothing about later ones.
    pub(super) masks_wrongly: bool,
    deflate: CompressionState,
    /// The largest size of a decompressed message, in bytes.
    limit: usize,
    /// Created for the first compressed message.
    inflater: Option<CompressedMessages>,
}

impl SenderState {
    pub(super) const fn new(sender: KnownSender, deflate: CompressionState, limit: usize) -> Self {
        Self {
            sender,
            last_key: None,
            last_message_part: None,
            masks_wrongly: false,
            deflate,
            limit,
            inflater: None,
        }
    }

    /// Whether messages may be compressed.
    pub(super) const fn may_compress(&self) -> bool {
        self.deflate.is_allowed()
    }

    /// The inflater, if this frame or an earlier one is compressed and the messages before it
    /// were seen.
    pub(super) fn inflater(&mut self, header: &FrameHeader) -> Option<&mut CompressedMessages> {
        let is_first = self.inflater.is_none() && header.rsv.rsv1();
        if is_first
            && header.opcode.is_message_part()
            && self.deflate != CompressionState::AgreedWithoutHistory
        {
            let role = self.sender.role();
            self.inflater = Some(CompressedMessages::new(self.deflate, role, self.limit));
        }
        self.inflater.as_mut()
    }

    /// Whether this frame is the first sign of compression, which no handshake mentions.
    pub(super) fn assumes_compression(&self, header: &FrameHeader) -> bool {
        self.deflate == CompressionState::NotKnown && self.inflater.is_none() && header.rsv.rsv1()
    }

    /// Infers the sender from the first frame; the sender, if it was not known before.
    pub(super) fn infer(&mut self, header: &FrameHeader) -> Option<Role> {
        if self.sender != KnownSender::Unknown {
            return None;
        }
        let role = if header.masking_key.is_some() {
            Role::Client
        } else {
            Role::Server
        };
        self.sender = KnownSender::Inferred(role);
        Some(role)
    }

    /// Whether frames are masked; None if it is not known.
    pub(super) fn masks(&self) -> Option<bool> {
        let role = self.sender.role().filter(|_| !self.masks_wrongly);
        role.map(|role| role == Role::Client)
    }

    /// What is weak about the masking key of this frame; remembers the key.
    pub(super) fn weak_key(&mut self, header: &FrameHeader) -> Option<WeakKey> {
        let key = header.masking_key?;
        if header.payload_length.value() == 0 {
            return None;
        }
        WeakKey::of(key, self.last_key.replace(key))
    }
}

/// The senders of a stream.
#[derive(Debug)]
pub(super) enum Senders {
    /// One end of the connection.
    One(Box<SenderState>),
    /// Both ends in turn, the client first. The MASK bit says who sent a frame.
    Both(Box<[SenderState; 2]>),
}

impl Senders {
    /// One sender.
    pub(super) fn one(sender: KnownSender, deflate: CompressionState, limit: usize) -> Self {
        Self::One(Box::new(SenderState::new(sender, deflate, limit)))
    }

    /// Client and server in one stream.
    pub(super) fn both(deflate: CompressionState, limit: usize) -> Self {
        let roles = [Role::Client, Role::Server];
        let state = |role| SenderState::new(KnownSender::Known(role), deflate, limit);
        Self::Both(Box::new(roles.map(state)))
    }

    /// A reader of their frames, whose first byte is at `offset` of the stream.
    pub(super) fn reader(&self, offset: u64) -> FrameReader {
        let validator = |state: &SenderState| {
            let validator = FrameValidator::new(state.sender.role());
            validator.with_deflate(state.may_compress())
        };
        match self {
            Self::One(state) => FrameReader::new(validator(state), offset),
            Self::Both(states) => {
                let [client, server] = &**states;
                FrameReader::of_both(validator(client), validator(server), offset)
            }
        }
    }

    /// The states: one, or those of client and server.
    pub(super) fn states(&self) -> &[SenderState] {
        match self {
            Self::One(state) => std::slice::from_ref(state),
            Self::Both(states) => states.as_slice(),
        }
    }

    /// Whether messages may be compressed.
    pub(super) fn may_compress(&self) -> bool {
        self.states().iter().any(SenderState::may_compress)
    }

    /// Whether frames are masked; None if it is not known.
    pub(super) fn masks(&self) -> Option<bool> {
        match self {
            Self::One(state) => state.masks(),
            Self::Both(_) => None,
        }
    }

    /// The sender of this frame.
    pub(super) fn of(&mut self, header: &FrameHeader) -> &mut SenderState {
        match self {
            Self::One(state) => state,
            Self::Both(states) => {
                let [client, server] = &mut **states;
                if header.masking_key.is_some() {
                    client
                } else {
                    server
                }
            }
        }
    }
}

/// A masking key that can be guessed. RFC 6455 section 5.3 asks for an unpredictable one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WeakKey {
    /// All bits are 0.
    Zero,
    /// The key of the frame before.
    Repeated(MaskingKey),
}

impl WeakKey {
    /// What is weak about a key, given the one of the frame before.
    pub(super) fn of(key: MaskingKey, before: Option<MaskingKey>) -> Option<Self> {
        if key == MaskingKey([0; 4]) {
            Some(Self::Zero)
        } else if before == Some(key) {
            Some(Self::Repeated(key))
        } else {
            None
        }
    }
}
