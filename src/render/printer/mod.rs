//! Prints what happens on a connection. `decode` prints the events of its analyzer,
//! `serve` those of its connections, both through the same two [`EventPrinter`]s.
//!
//! ```text
//! analyzer event ── StreamPrinter ┬─ text, raw:            MessageStream ──────────────┐
//!                                 └─ frames, fields, json: FrameCollector ─┐           ├─ bytes
//!                                                    EventPrinter: text or JSON ───────┘
//! ```
//!
//! An [`EventPrinter`] takes whole frames, so a `FrameCollector` stands in front of it that
//! joins the pieces an analyzer emits. The two formats without any frame, `text` and `raw`,
//! stream: a payload of any size passes through in constant memory.

mod collect;
mod json;
mod messages;
mod stream;
mod text;

use std::time::SystemTime;

use super::deferred::DeferredPayload;
use super::excerpt::Excerpt;
use super::frame::ShownFrame;
use super::live_log::NoticeLine;
use crate::diagnosis::Finding;
use crate::ws::session::ConnectionEvent;
use crate::ws::{Direction, Message, Role};

pub use json::JsonPrinter;
pub use stream::{Options, StreamPrinter};
pub use text::{FrameLayout, TextPrinter};

/// When, on which connection and which way an event happened, as far as that is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct EventContext {
    /// When, of a live connection.
    pub time: Option<SystemTime>,
    /// The number of the connection, of a live one.
    pub connection: Option<u64>,
    /// Which way the bytes went; of recorded ones only if the input has both directions.
    pub direction: Option<Direction>,
    /// Which way the bytes seem to have gone, if the input has no directions.
    pub arrow: Option<Direction>,
    /// Who sent the bytes, of recorded ones, if more than the MASK bit says so.
    pub from: Option<Role>,
}

impl EventContext {
    /// The context of something at this time, on a connection or on none.
    pub fn live(time: SystemTime, connection: impl Into<Option<u64>>) -> Self {
        Self {
            time: Some(time),
            connection: connection.into(),
            ..Self::default()
        }
    }

    /// The same, for bytes that went this way.
    #[must_use]
    pub const fn going(self, direction: Direction) -> Self {
        Self {
            direction: Some(direction),
            ..self
        }
    }
}

/// The position of a frame in a recorded stream.
#[derive(Clone, Copy, Debug)]
pub struct FramePosition {
    /// The number of the frame, counted from 1.
    pub number: u64,
    /// The offset of its first byte.
    pub offset: u64,
}

/// Appends events to a buffer, each as one or more whole lines.
pub trait EventPrinter {
    /// Appends the head of a request or of a response, before the frames.
    fn head(&mut self, context: &EventContext, from: Role, head: &[u8], out: &mut Vec<u8>);

    /// Appends a frame: a whole one, or what there is of one that is cut short. A live
    /// frame has no position.
    fn frame(
        &mut self,
        context: &EventContext,
        position: Option<FramePosition>,
        frame: &ShownFrame<'_>,
        out: &mut Vec<u8>,
    );

    /// Appends bytes of a recorded stream that are not a frame, and begin at `offset`.
    fn gap(&mut self, context: &EventContext, offset: u64, bytes: &Excerpt<'_>, out: &mut Vec<u8>);

    /// Appends the payload of a message that has no frame: its kind, its bytes, its text.
    fn payload_alone(&mut self, kind: &str, bytes: &[u8], text: &str, out: &mut Vec<u8>);

    /// Appends a message, after its last frame.
    fn message(&mut self, context: &EventContext, message: &Message<'_>, out: &mut Vec<u8>);

    /// Appends a message whose frame is not known.
    fn message_alone(&mut self, context: &EventContext, message: &Message<'_>, out: &mut Vec<u8>);

    /// Appends an event of a live connection. Events that findings explain print nothing.
    fn connection_event(
        &mut self,
        context: &EventContext,
        event: &ConnectionEvent<'_>,
        out: &mut Vec<u8>,
    );

    /// Appends a notice about a live connection, the server or its program.
    fn notice(&mut self, context: &EventContext, notice: &NoticeLine<'_>, out: &mut Vec<u8>);

    /// The large payloads that a printer of a log leaves out, since the thread that writes the log
    /// prints them, and how many bytes of the buffer come before each. The caller takes them out.
    fn deferred(&mut self) -> &mut Vec<(usize, DeferredPayload)>;

    /// Appends a finding, after what it is about.
    fn finding(&mut self, context: &EventContext, finding: &Finding, out: &mut Vec<u8>);
}
