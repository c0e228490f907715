//! The payload of compressed messages (RFC 7692 §7.2): DEFLATE without a header, one stream
//! for each direction, cut into messages where it was flushed.
//!
//! [`Inflater`] and [`Deflater`] are the two ends of such a stream, [`probe`] looks at a
//! payload that may or may not be a part of one.

mod deflater;
mod fault;
mod inflater;
mod message;
pub mod probe;
#[cfg(test)]
mod reference;
mod window;

pub use deflater::Deflater;
pub use fault::{Damage, InflateError, InflateErrorKind};
pub use inflater::Inflater;
pub use message::{CompressedMessageError, MessageInflater};

/// What a flush ends with, the sender leaves out and the receiver appends (RFC 7692 §7.2.1,
/// §7.2.2): the lengths of a block without compression and without data.
pub const TAIL: [u8; 4] = [0x00, 0x00, 0xff, 0xff];
