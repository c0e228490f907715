//! How things look: text, lines, tables, JSON; one hand for all of them.
//!
//! Everything here is a pure function from facts to bytes, appended to a buffer that
//! somebody else writes out. What a peer sent never gets out of here in a form that could
//! drive a terminal, but through [`printer`]'s `text` and `raw`, which say when.
//! This room must not know who asked, nor what a socket is. Colour is in one file.

pub mod escape;
mod excerpt;
pub mod fields;
pub mod finding;
pub mod frame;
pub mod handshake;
pub mod json;
pub mod page;
pub mod printer;
pub mod rules;
pub mod serve;
mod style;
mod time;
pub mod web;
mod words;
mod wrap;

pub use excerpt::{Excerpt, ExcerptBuffer};
pub use frame::ShownFrame;
pub use style::{Style, StyleRole};
pub use time::Clock;

/// What a listing looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The text of each message, a line each.
    Text,
    /// A line for each frame.
    Frames,
    /// A table of the header fields of each frame, with their bytes and bits.
    Fields,
    /// JSON lines.
    Json,
    /// The payload of the messages, as it is.
    Raw,
}
