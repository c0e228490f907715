//! Compressed messages: what they inflate to.

mod cause;

pub(super) use cause::{explain, without_flag};

use super::application;
use crate::ws::deflate::{InflateError, Inflater};
use crate::ws::extension::{DeflateParameters, SenderParameters};
use crate::ws::{FrameHeader, Opcode, Role, Utf8Validator};

/// What is known of permessage-deflate on a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CompressionState {
    /// No handshake says: a message with RSV1 is taken for a compressed one.
    #[default]
    NotKnown,
    /// The handshake agreed on nothing.
    Refused,
    /// It was agreed on, or somebody says so.
    Agreed(DeflateParameters),
    /// It was agreed on, and the messages before are not here: none can be inflated.
    AgreedWithoutHistory,
}

impl CompressionState {
    /// Whether messages may be compressed.
    pub const fn is_allowed(self) -> bool {
        !matches!(self, Self::Refused)
    }
}

/// The compressed messages that one end sends.
#[derive(Debug)]
pub(super) struct Compression {
    inflater: Inflater,
    is_known: bool,
    /// The most bytes that a message may inflate to.
    limit: usize,
    message: Option<OpenMessage>,
    /// Compressed messages so far.
    count: u64,
}

/// The message that is being inflated.
#[derive(Debug)]
struct OpenMessage {
    is_text: bool,
    validator: Utf8Validator,
    length: u64,
    /// The beginning of what it inflates to.
    start: Vec<u8>,
    fault: Option<Fault>,
}

/// What is wrong with a message once it is inflated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Inflating(InflateError),
    /// It is longer than the limit.
    TooLong,
    /// The text is no UTF-8 from this byte on.
    NotUtf8(u64),
}

/// A compressed message that came to its end.
#[derive(Debug)]
pub(super) struct Inflated {
    pub(super) opcode: Opcode,
    /// Its beginning.
    pub(super) start: Vec<u8>,
    pub(super) is_all: bool,
    pub(super) fault: Option<Fault>,
    /// Which of the compressed messages it is, counted from 1.
    pub(super) count: u64,
}

impl Inflated {
    /// Whether there may be something to say about it. Of most it is known at once that
    /// there is not.
    pub(super) fn may_be_odd(&self) -> bool {
        let last = self.start.last().copied().filter(|_| self.is_all);
        self.fault.is_some() || application::is_worth_a_look(self.opcode, &self.start, last)
    }
}

impl Compression {
    /// For what `sender` sends with these parameters, or with the default ones.
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

    /// A frame begins; whether it belongs to a compressed message.
    pub(super) fn header(&mut self, header: &FrameHeader) -> bool {
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

    /// A piece of a compressed message, which is told as it inflates.
    pub(super) fn payload(&mut self, mut piece: &[u8], tell: &mut dyn FnMut(&[u8])) {
        let Some(message) = &mut self.message else {
            return;
        };
        while message.fault.is_none() {
            match self.inflater.next(&mut piece) {
                Ok(Some(inflated)) => tell(message.take(inflated, self.limit)),
                Ok(None) => return,
                Err(fault) => message.fault = Some(Fault::Inflating(fault)),
            }
        }
    }

    /// The last frame of the message is whole.
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

    /// Whether it is known what was agreed on, or only assumed.
    pub(super) const fn is_known(&self) -> bool {
        self.is_known
    }
}

impl OpenMessage {
    /// Takes what was inflated; as much of it as the limit lets pass.
    fn take<'a>(&mut self, inflated: &'a [u8], limit: usize) -> &'a [u8] {
        const MOST_KEPT: usize = 1 << 12;
        let room = (limit as u64).saturating_sub(self.length);
        let room = usize::try_from(room).unwrap_or(usize::MAX);
        let shown = inflated.get(..room).unwrap_or(inflated);
        self.length += shown.len() as u64;
        let kept = MOST_KEPT - self.start.len();
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
