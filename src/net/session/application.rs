//! What a session is driven for: replies to messages, and messages to send. The server and the
//! client of `net` implement [`Application`].

use std::rc::Rc;

use tokio::time::Instant;

use crate::net::log::ConnectionLog;
use crate::net::memory::MemoryShare;
use crate::net::relay::SharedMessage;
use crate::ws::session::{ConnectionEvent, Reply};
use crate::ws::{CloseCode, Message, Opcode};

/// Something to send.
#[derive(Clone, Debug)]
pub(in crate::net) enum Outgoing {
    /// A message, compressed if that was negotiated.
    Message(SharedMessage),
    /// A message in so many frames.
    Fragments(Opcode, Vec<u8>, usize),
    /// A ping of up to 125 bytes.
    Ping(Vec<u8>),
    /// A pong of up to 125 bytes.
    Pong(Vec<u8>),
    /// A close frame with this code and reason, or an empty one.
    Close(Option<CloseCode>, String),
    /// Bytes as they are, frames or not.
    Bytes(Vec<u8>),
}

/// What an application has to send now.
#[derive(Debug, Default)]
pub(in crate::net) struct OutgoingBatch {
    pub(in crate::net) content: Vec<Outgoing>,
    /// How many messages did not fit into the queue.
    pub(in crate::net) dropped: u64,
}

/// What replies to messages, and where other messages to send come from.
pub(in crate::net) trait Application {
    /// Whether bytes are read while others are written. A client needs it: a server that echoes
    /// reads no more until what it sent is read.
    const READS_WHILE_WRITING: bool;

    /// Whether each message is echoed, and nothing else is ever sent.
    fn is_plain_echo(&self) -> bool;

    /// The reply to a message, sent at once; None for no reply.
    fn reply(&mut self, message: &Message<'_>) -> Option<Reply>;

    /// Does what was put off until the messages that caused it were logged.
    /// `memory` is the share of the message, if it is a large one.
    fn run_deferred(&mut self, log: &ConnectionLog, memory: Option<&Rc<MemoryShare>>);

    /// Takes what to send, a limited number of bytes at once.
    fn take_outgoing(&mut self) -> OutgoingBatch;

    /// Whether there is more to send.
    fn has_outgoing(&self) -> bool;

    /// No message for this connection is accepted any more: its close frame comes next.
    fn stop_accepting(&mut self);

    /// Whether bytes may be read: false while other connections are too slow to take what they
    /// cause.
    fn may_read(&self) -> bool;

    /// Completes when there is something to send, or when bytes may be read again. It can be
    /// dropped and called again.
    async fn ready(&mut self);

    /// Bytes were received. The events that they cause follow.
    fn bytes_received(&mut self) {}

    /// Takes an event after the log has it.
    fn observe(&mut self, _event: &ConnectionEvent<'_>) {}

    /// When this end closes the connection with 1000; None for not yet. It may change after each
    /// event.
    fn close_at(&self) -> Option<Instant> {
        None
    }
}
