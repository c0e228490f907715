//! A stream of frames taken apart, judged, and explained.
//!
//! The [`StreamAnalyzer`] reads the bytes that one end sent, or both ends in turn. It tells
//! what they say as [`Event`]s in the order of the wire, and what is wrong as findings.
//! When bytes cannot be a frame it asks in this order: are they something else? was the
//! frame before them longer or shorter than it said? was this one? It then goes on where
//! the stream makes sense again, and never drops a byte without telling.
//!
//! The [`LiveAnalyzer`] accompanies an endpoint, which decides by itself what to accept: it looks
//! for what is odd, and asks an examiner when the endpoint refuses a frame.

mod application;
mod beginning;
mod characters;
mod close;
mod compression;
mod connection;
mod ends;
mod event;
mod examiner;
mod explain;
mod foreign;
mod live;
mod misread;
mod odd;
mod opening;
mod outlook;
mod run;
mod side;
mod tape;
mod text;
mod wording;

pub use compression::CompressionState;
pub use connection::{AnalyzerOptions, ConnectionAnalyzer};
pub use event::{Assumption, Event, FrameStart, Senders};
pub use examiner::StreamAnalyzer;
pub use live::LiveAnalyzer;
pub use run::PlainBatch;
pub use side::KnownSender;
