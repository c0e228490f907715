//! A stream of frames taken apart, judged, and explained.
//!
//! The [`Examiner`] reads the octets that one end sent, or both ends in turn. It tells
//! what they say as [`Event`]s in the order of the wire, and what is wrong as findings.
//! When octets cannot be a frame it asks in this order: are they something else? was the
//! frame before them longer or shorter than it said? was this one? It then goes on where
//! the stream makes sense again, and never drops an octet without telling.
//!
//! The [`Watch`] accompanies an endpoint, which decides by itself what to accept: it looks
//! for what is odd, and asks an examiner when the endpoint refuses a frame.

mod application;
mod beginning;
mod characters;
mod close;
mod compression;
mod conversation;
mod ends;
mod event;
mod examiner;
mod explain;
mod foreign;
mod misread;
mod odd;
mod opening;
mod outlook;
mod run;
mod side;
mod tape;
mod text;
mod watch;
mod wording;

pub use compression::Deflate;
pub use conversation::{Conversation, Settings};
pub use event::{Assumption, Event, FrameStart, Parties};
pub use examiner::Examiner;
pub use run::Run;
pub use side::Sender;
pub use watch::Watch;
