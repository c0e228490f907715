//! Formats results for people and programs: lines, tables, JSON, colours.
//!
//! Everything here is a function from facts to bytes, which are appended to a buffer that the
//! caller writes out. What a peer sent is escaped, so that it cannot control the terminal; the
//! formats `text` (to a pipe) and `raw` of the [`printer`] are the exceptions. This layer knows
//! neither the command line nor sockets. Only `style` knows colours.

pub mod check;
mod deferred;
pub mod escape;
mod excerpt;
pub mod fields;
pub mod finding;
pub mod frame;
pub mod handshake;
pub mod json;
pub mod live_log;
pub mod page;
pub mod printer;
pub mod rules;
mod style;
pub mod talk_page;
mod time;
pub mod words;
mod wrap;

pub use deferred::{DeferredPayload, PayloadForm};
pub use excerpt::{Excerpt, ExcerptBuffer};
pub use frame::ShownFrame;
pub use style::{Style, StyleRole};
pub use time::{Clock, day};

/// The format of the output of `decode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The text of each message, one per line.
    Text,
    /// A line for each frame.
    Frames,
    /// A table of the header fields of each frame, with their bytes and bits.
    Fields,
    /// JSON lines.
    Json,
    /// The payloads of the messages, unchanged.
    Raw,
}
