//! What a client sends and answers, and when it closes: the application of its session.

use std::future::pending;
use std::rc::Rc;

use tokio::time::Instant;

use super::actions::{Action, ActionQueue};
use super::end_condition::{EndCondition, EndRules};
use crate::net::context::now;
use crate::net::log::ConnectionLog;
use crate::net::memory::MemoryShare;
use crate::net::session::{Application, OutgoingBatch};
use crate::ws::Message;
use crate::ws::session::{ConnectionEvent, Reply};

/// The conversation of one client with its server.
pub(super) struct Conversation {
    actions: ActionQueue,
    /// Whether each message is sent back.
    echoes: bool,
    condition: EndCondition,
    /// When the last frame came that is part of a message.
    last_message_frame: Instant,
}

impl Conversation {
    pub(super) fn new(actions: ActionQueue, echoes: bool, rules: EndRules) -> Self {
        let now = now();
        Self {
            actions,
            echoes,
            condition: EndCondition::new(rules, now),
            last_message_frame: now,
        }
    }

    /// When and how it ended.
    pub(super) const fn condition(&self) -> &EndCondition {
        &self.condition
    }
}

impl Application for Conversation {
    const READS_WHILE_WRITING: bool = true;

    fn is_plain_echo(&self) -> bool {
        false
    }

    fn reply(&mut self, _message: &Message<'_>) -> Option<Reply> {
        self.echoes.then_some(Reply::Echo)
    }

    fn run_deferred(&mut self, _log: &ConnectionLog, _memory: Option<&Rc<MemoryShare>>) {}

    fn take_outgoing(&mut self) -> OutgoingBatch {
        let actions = self.actions.take().into_iter();
        OutgoingBatch {
            content: actions.map(Action::outgoing).collect(),
            dropped: 0,
        }
    }

    /// A close frame of the server is answered at once, whatever is still to be sent.
    fn has_outgoing(&self) -> bool {
        false
    }

    fn stop_accepting(&mut self) {}

    fn may_read(&self) -> bool {
        true
    }

    async fn ready(&mut self) {
        if self.actions.has_ended() {
            return pending().await;
        }
        if !self.actions.fill().await {
            self.condition.input_ended(now());
        }
    }

    /// Bytes may be a part of a long message, until the frame shows that they are not.
    fn bytes_received(&mut self) {
        self.condition.received(now());
    }

    fn observe(&mut self, event: &ConnectionEvent<'_>) {
        match event {
            ConnectionEvent::Received { frame, .. } if !frame.header.opcode.is_control() => {
                self.last_message_frame = now();
                self.condition.received(self.last_message_frame);
            }
            // Pings and pongs never end, so the client does not wait for them.
            ConnectionEvent::Received { .. } => {
                self.condition.received(self.last_message_frame);
            }
            ConnectionEvent::Message(message) => self.condition.message(message.payload, now()),
            _ => {}
        }
    }

    fn close_at(&self) -> Option<Instant> {
        self.condition.end()
    }
}
