//! The WebSocket protocol of RFC 6455, sans I/O: bytes in, facts out.
//!
//! This room answers two questions. *What do the bytes say?* — [`FrameHeader`] and
//! [`FrameDecoder`] read any bytes at all, legal or not, and lose nothing. *Is it
//! allowed?* — the [`FrameValidator`] knows every rule that a stream of frames can break, and
//! [`handshake`] those of the opening handshake. *Why is it so?* is for `diagnosis`.
//!
//! It must not open, read, write or time anything, nor know that a command line, a
//! terminal or a runtime exists: time and randomness come in as arguments.

mod close;
mod decoder;
pub mod deflate;
mod direction;
pub mod endpoint;
pub mod extension;
pub mod fault;
pub mod handshake;
mod header;
mod length;
mod mask;
mod message;
mod opcode;
pub mod other_protocol;
pub mod plain;
mod reader;
mod role;
mod rules;
pub mod session;
mod utf8;
mod validator;

pub use close::{CloseBody, CloseCode, ClosePayload};
pub use decoder::{FrameDecoder, FramePart, IncompleteFrame, InputBuf};
pub use direction::Direction;
pub use header::{EncodedHeader, FrameHeader, Incomplete, Rsv};
pub use length::{LengthForm, PayloadLength};
pub use mask::MaskingKey;
pub use message::{Message, MessageAssembler};
pub use opcode::Opcode;
pub use reader::FrameReader;
pub use role::Role;
pub use rules::{Reference, Rule, Violation};
pub use utf8::{Utf8Error, Utf8Validator, valid_utf8};
pub use validator::FrameValidator;
