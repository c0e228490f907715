//! One end of a connection, as far as its frames tell.

use super::compression::{Compression, CompressionState};
use crate::ws::{FrameHeader, MaskingKey, Role};

/// Who sends, and how that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownSender {
    /// Nobody knows yet: the first frame's MASK bit will tell.
    Unknown,
    /// It was said, or the handshake tells.
    Known(Role),
    /// The first frame was masked, or was not.
    Inferred(Role),
}

impl KnownSender {
    /// Who sends, where more than the MASK bit says so.
    pub const fn known(self) -> Option<Role> {
        match self {
            Self::Known(role) => Some(role),
            Self::Unknown | Self::Inferred(_) => None,
        }
    }

    /// Who sends, if anything tells.
    pub const fn role(self) -> Option<Role> {
        match self {
            Self::Unknown => None,
            Self::Known(role) | Self::Inferred(role) => Some(role),
        }
    }
}

/// What is known of the frames that one end sends.
#[derive(Debug)]
pub(super) struct SenderState {
    pub(super) sender: KnownSender,
    /// The key of the last frame that had a payload to mask.
    pub(super) last_key: Option<MaskingKey>,
    /// Number and place of the last frame that was a message or a part of one.
    pub(super) fragment: Option<(u64, u64)>,
    /// Whether the masking rule was broken, so that MASK tells nothing any more.
    pub(super) masks_wrongly: bool,
    deflate: CompressionState,
    /// The most bytes that a message may inflate to.
    limit: usize,
    /// Made when the first compressed message comes.
    compression: Option<Compression>,
}

impl SenderState {
    pub(super) fn new(sender: KnownSender, deflate: CompressionState, limit: usize) -> Self {
        Self {
            sender,
            last_key: None,
            fragment: None,
            masks_wrongly: false,
            deflate,
            limit,
            compression: None,
        }
    }

    /// Whether messages may be compressed.
    pub(super) const fn may_compress(&self) -> bool {
        self.deflate.is_allowed()
    }

    /// The compressed message that the frame belongs to which begins, or that goes on.
    pub(super) fn compression(&mut self, header: &FrameHeader) -> Option<&mut Compression> {
        let is_first = self.compression.is_none() && header.rsv.rsv1();
        if is_first
            && header.opcode.is_message_part()
            && self.deflate != CompressionState::AgreedWithoutHistory
        {
            let role = self.sender.role();
            self.compression = Some(Compression::new(self.deflate, role, self.limit));
        }
        self.compression.as_mut()
    }

    /// Whether compression is only assumed, and this is the first sign of it.
    pub(super) fn assumes(&self, header: &FrameHeader) -> bool {
        self.deflate == CompressionState::NotKnown
            && self.compression.is_none()
            && header.rsv.rsv1()
    }

    /// The first good frame tells who sends; who that is, when it becomes known.
    pub(super) fn learn(&mut self, header: &FrameHeader) -> Option<Role> {
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

    /// Whether frames are masked, where that is sure.
    pub(super) fn masked(&self) -> Option<bool> {
        let role = self.sender.role().filter(|_| !self.masks_wrongly);
        role.map(|role| role == Role::Client)
    }

    /// What is weak about the key of this frame, if it is.
    pub(super) fn weak_key(&mut self, header: &FrameHeader) -> Option<WeakKey> {
        let key = header.masking_key?;
        if header.payload_length.value() == 0 {
            return None;
        }
        WeakKey::of(key, self.last_key.replace(key))
    }
}

/// Whoever sends in a stream.
#[derive(Debug)]
pub(super) enum SenderStates {
    One(Box<SenderState>),
    Both(Box<[SenderState; 2]>),
}

impl SenderStates {
    /// Whether messages may be compressed.
    pub(super) const fn may_compress(&self) -> bool {
        match self {
            Self::One(side) => side.may_compress(),
            Self::Both(sides) => {
                let [client, _] = &**sides;
                client.may_compress()
            }
        }
    }

    /// The one who sent this frame.
    pub(super) fn of(&mut self, header: &FrameHeader) -> &mut SenderState {
        match self {
            Self::One(side) => side,
            Self::Both(sides) => {
                let [client, server] = &mut **sides;
                if header.masking_key.is_some() {
                    client
                } else {
                    server
                }
            }
        }
    }
}

/// A masking key that anybody could have guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WeakKey {
    Zero,
    Repeated(MaskingKey),
}

impl WeakKey {
    /// What is weak about a key, by itself or behind the one before it.
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
