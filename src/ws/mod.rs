//! The WebSocket protocol (RFC 6455, RFC 7692), sans I/O: bytes go in, facts come out.
//!
//! It answers two questions. *What do the bytes say?* [`FrameHeader`] and [`FrameDecoder`]
//! parse any bytes, allowed or not, and lose nothing. *Is it allowed?* [`FrameValidator`] knows
//! the rules of frames, [`handshake`] those of the opening handshake. Why a rule is broken is
//! the question of `diagnosis`.
//!
//! ```text
//! header, length, mask, opcode, close, utf8   parts of a frame
//! decoder, validator                          frames out of bytes; the rules they break
//! plain                                       the frames that fast paths take at once
//! reader                                      decoder and validator in step
//! message, deflate                            messages out of fragments; compressed messages
//! endpoint, session                           an open connection as a state machine
//! handshake, extension                        the opening handshake and its extensions
//! fault                                       errors that `serve --fault` makes on purpose
//! ```
//!
//! It opens, reads and writes nothing and knows neither command line nor terminal nor runtime.
//! Time and randomness are arguments.

mod close;
mod decoder;
pub mod deflate;
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
mod shared_bytes;
mod utf8;
mod validator;

pub use close::{CloseBody, CloseCode, ClosePayload};
pub use decoder::{FrameDecoder, FramePart, IncompleteFrame, InputBuf};
pub use header::{EncodedHeader, FrameHeader, Incomplete, Rsv};
pub use length::{LengthForm, PayloadLength};
pub use mask::MaskingKey;
pub use message::{Message, MessageAssembler};
pub use opcode::Opcode;
pub use reader::FrameReader;
pub use role::{Direction, Role};
pub use rules::{Reference, Rule, Violation};
pub use shared_bytes::SharedBytes;
pub use utf8::{Utf8Error, Utf8Validator, valid_utf8};
pub use validator::FrameValidator;
