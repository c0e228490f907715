//! permessage-deflate's payloads (RFC 7692 §7.2): raw DEFLATE (RFC 1951), one stream for each
//! direction, flushed at the end of each message.
//!
//! [`Inflater`] and [`Deflater`] convert single messages. [`MessageInflater`] adds a limit and
//! the check of UTF-8; endpoints and the analyzer of `decode` use it. [`probe`] tells for
//! `diagnosis` what a payload is that may or may not be compressed.

mod compressor;
mod deflater;
mod error;
mod inflater;
mod message;
pub mod probe;
mod walk;
mod window;

pub use compressor::release_unused;
pub use deflater::Deflater;
pub use error::{Damage, InflateError, InflateErrorKind};
pub use inflater::Inflater;
pub use message::{CompressedMessageError, MessageInflater};
pub use walk::{DeflateWalk, walk};

/// The last four bytes of a flush, which the sender removes and the receiver appends (RFC 7692
/// §7.2.1, §7.2.2): the lengths of an empty stored block.
pub const TAIL: [u8; 4] = [0x00, 0x00, 0xff, 0xff];
