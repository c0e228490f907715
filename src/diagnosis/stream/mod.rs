//! The analysis of a stream of frames: what the bytes say, which rules they break, and why.
//!
//! In: the bytes of a connection, as they were sent, in pieces of any size. Out: [`Event`]s in
//! the order of the wire, findings among them. Four steps follow one another:
//!
//! 1. decode: `analyzer` and `frames` read headers and payloads, `plain_batch` many plain
//!    text messages at once;
//! 2. validate: `validate` turns violations into findings and keeps them in order;
//! 3. explain: `explain` looks for the cause of a finding in the bytes;
//! 4. resynchronise: where no frame begins, `resync` and `end` say what the bytes are instead,
//!    and `lookahead` where the next frame begins.
//!
//! `decode` uses the [`ConnectionAnalyzer`], which reads both directions with their handshake.
//! `serve` and `connect` use the [`LiveAnalyzer`], which explains what an endpoint received.

mod analyzer;
mod compression;
mod connection;
mod effort;
mod end;
mod event;
mod explain;
mod frames;
mod heads;
mod live;
mod lookahead;
mod plain_batch;
mod recent_bytes;
mod resync;
mod senders;
mod stream_start;
mod validate;

pub use compression::CompressionState;
pub use connection::{AnalyzerOptions, ConnectionAnalyzer};
pub use event::{Assumption, Event, FrameStart, PlainBatch};
pub use live::LiveAnalyzer;
pub use senders::KnownSender;
