//! The frames that cases send, valid or not, as data. The tables in `cases` write them, and
//! `probe` encodes them for the role it plays.

use crate::ws::{FrameHeader, LengthForm, MaskingKey, Opcode, PayloadLength, Role, Rsv};

/// A frame to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFrame {
    /// FIN.
    pub fin: bool,
    /// RSV1 to RSV3.
    pub rsv: Rsv,
    /// The opcode.
    pub opcode: Opcode,
    /// The payload, not masked.
    pub payload: Vec<u8>,
    /// The payload in place of `payload` if the sender of a compressed message has to drop its
    /// context after each message (RFC 7692 section 7.1.1).
    pub without_context: Option<Vec<u8>>,
    /// The mask.
    pub mask: Mask,
    /// The length in the header. None for that of the payload, in the shortest form.
    pub length: Option<PayloadLength>,
}

/// How a frame is masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mask {
    /// As the sender's role demands, with a key of its own.
    ByRole,
    /// The opposite of what the role demands.
    Wrong,
    /// With this key.
    Key(MaskingKey),
}

/// A final text frame.
pub(in crate::check) fn text(payload: &str) -> CaseFrame {
    CaseFrame::new(Opcode::TEXT, payload)
}

/// A final binary frame.
pub(in crate::check) fn binary(payload: impl Into<Vec<u8>>) -> CaseFrame {
    CaseFrame::new(Opcode::BINARY, payload)
}

/// A final continuation frame.
pub(in crate::check) fn continuation(payload: impl Into<Vec<u8>>) -> CaseFrame {
    CaseFrame::new(Opcode::CONTINUATION, payload)
}

/// A ping.
pub(in crate::check) fn ping(payload: impl Into<Vec<u8>>) -> CaseFrame {
    CaseFrame::new(Opcode::PING, payload)
}

/// A pong.
pub(in crate::check) fn pong(payload: impl Into<Vec<u8>>) -> CaseFrame {
    CaseFrame::new(Opcode::PONG, payload)
}

/// A close frame with any payload.
pub(in crate::check) fn close_with(payload: impl Into<Vec<u8>>) -> CaseFrame {
    CaseFrame::new(Opcode::CLOSE, payload)
}

/// A close frame with this code and reason.
pub(in crate::check) fn close(code: u16, reason: impl AsRef<[u8]>) -> CaseFrame {
    close_with([&code.to_be_bytes(), reason.as_ref()].concat())
}

impl CaseFrame {
    /// A valid final frame.
    pub fn new(opcode: Opcode, payload: impl Into<Vec<u8>>) -> Self {
        Self {
            fin: true,
            rsv: Rsv::NONE,
            opcode,
            payload: payload.into(),
            without_context: None,
            mask: Mask::ByRole,
            length: None,
        }
    }

    /// With FIN 0.
    #[must_use]
    pub fn not_final(self) -> Self {
        Self { fin: false, ..self }
    }

    /// With these reserved bits, of which only the lowest three count.
    #[must_use]
    pub fn rsv(self, bits: u8) -> Self {
        let rsv = Rsv::new(bits & 7).unwrap_or(Rsv::NONE);
        Self { rsv, ..self }
    }

    /// Marked as compressed: RSV1.
    #[must_use]
    pub fn compressed(self) -> Self {
        Self {
            rsv: Rsv::RSV1,
            ..self
        }
    }

    /// With this payload.
    #[must_use]
    pub fn with(self, payload: impl Into<Vec<u8>>) -> Self {
        Self {
            payload: payload.into(),
            ..self
        }
    }

    /// With another payload where the sender has to drop its context.
    #[must_use]
    pub fn or_without_context(self, payload: impl Into<Vec<u8>>) -> Self {
        Self {
            without_context: Some(payload.into()),
            ..self
        }
    }

    /// Masked as the other role masks.
    #[must_use]
    pub fn wrongly_masked(self) -> Self {
        Self {
            mask: Mask::Wrong,
            ..self
        }
    }

    /// Masked with this key.
    #[must_use]
    pub fn key(self, key: [u8; 4]) -> Self {
        Self {
            mask: Mask::Key(MaskingKey(key)),
            ..self
        }
    }

    /// With the length of the payload in this form.
    #[must_use]
    pub fn length_in(self, form: LengthForm) -> Self {
        let length = PayloadLength::in_form(self.payload.len() as u64, form);
        Self { length, ..self }
    }

    /// With a header that claims this length in 64 bits, whatever the payload is.
    #[must_use]
    pub fn claiming(self, length: u64) -> Self {
        let length = PayloadLength::in_form(length, LengthForm::SixtyFour);
        Self { length, ..self }
    }

    /// Appends the frame as `sender` sends it, with `key` if it is masked. Returns the size of
    /// its header.
    pub(super) fn encode(
        &self,
        sender: Role,
        drops_context: bool,
        key: MaskingKey,
        out: &mut Vec<u8>,
    ) -> usize {
        let payload = match &self.without_context {
            Some(payload) if drops_context => payload,
            _ => &self.payload,
        };
        let masks = sender == Role::Client;
        let masking_key = match self.mask {
            Mask::ByRole => masks.then_some(key),
            Mask::Wrong => (!masks).then_some(key),
            Mask::Key(key) => Some(key),
        };
        let length = PayloadLength::shortest(payload.len() as u64);
        let header = FrameHeader {
            fin: self.fin,
            rsv: self.rsv,
            opcode: self.opcode,
            masking_key,
            payload_length: self.length.unwrap_or(length),
        };
        out.extend_from_slice(&header.encode());
        match masking_key {
            Some(key) => key.append(payload, payload.len(), out),
            None => out.extend_from_slice(payload),
        }
        header.size()
    }
}
