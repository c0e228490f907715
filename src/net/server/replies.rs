//! The replies of a server to messages, and their recipients.

use std::mem;
use std::rc::Rc;
use std::time::{Duration, SystemTime};

use super::ServerState;
use crate::net::context::now;
use crate::net::log::{ConnectionLog, Notice, NoticeScope};
use crate::net::memory::MemoryShare;
use crate::net::relay::{Address, Backpressure, QueuedBatch, SharedMessage, Subscriber};
use crate::net::session::{Application, Outgoing, OutgoingBatch};
use crate::reply::{RecipientError, Recipients, Template, TemplateValues, recipient, text_of};
use crate::ws::session::Reply;
use crate::ws::{Message, Opcode};

/// What the messages of clients are answered with, and who gets the replies.
#[derive(Clone, Debug)]
pub struct ReplyPolicy {
    /// The recipients of a reply.
    pub to: Recipients,
    /// The text of a reply; None for the message itself.
    pub reply: Option<Template>,
    /// The fields of a JSON message that name its recipient. The first one present counts.
    pub recipient_fields: Vec<String>,
    /// The command line of the program that replies instead.
    pub exec: Option<String>,
    /// After which time without a reply of the program the log says so.
    pub silence: Duration,
}

impl Default for ReplyPolicy {
    fn default() -> Self {
        Self {
            to: Recipients::Sender,
            reply: None,
            recipient_fields: vec!["to_user".to_owned(), "to".to_owned()],
            exec: None,
            silence: Duration::from_secs(5),
        }
    }
}

impl ReplyPolicy {
    /// Whether each message is echoed to its sender, and nothing else is sent.
    const fn is_plain_echo(&self) -> bool {
        matches!(self.to, Recipients::Sender) && self.reply.is_none() && self.exec.is_none()
    }
}

/// The replies of one connection. It receives messages of others until it is dropped.
pub(super) struct Replies {
    state: Rc<ServerState>,
    subscriber: Rc<Subscriber>,
    is_plain_echo: bool,
    /// How many messages were received.
    count: u64,
    /// What is done once the messages that caused it are logged.
    deferred: Vec<DeferredAction>,
    /// The recipients that cannot take more. Nothing is read meanwhile.
    slow_receivers: Backpressure,
}

/// Something to do with a message after it was logged.
enum DeferredAction {
    /// Send it to other connections.
    Deliver(SharedMessage, Address),
    /// Send it to the program; None if it cannot be a line.
    SendLine(Option<String>),
    /// Report that it has no recipient.
    Report(RecipientError),
}

impl Replies {
    /// Joins the relay: from now on this connection receives messages of others.
    pub(super) fn join(state: &Rc<ServerState>, number: u64, target: &str) -> Self {
        Self {
            state: Rc::clone(state),
            subscriber: state.relay.join(number, target),
            is_plain_echo: state.config.replies.is_plain_echo(),
            count: 0,
            deferred: Vec::new(),
            slow_receivers: Backpressure::default(),
        }
    }

    fn reply_by_policy(&mut self, message: &Message<'_>) -> Option<Reply> {
        let policy = &self.state.config.replies;
        self.count += 1;
        if self.state.program.is_some() {
            let is_text = message.opcode == Opcode::TEXT;
            let line = is_text.then(|| text_of(message.payload).into());
            self.deferred.push(DeferredAction::SendLine(line));
            return None;
        }
        let text = policy.reply.as_ref().map(|reply| self.fill(reply, message));
        let address = match self.address(policy, message)? {
            Ok(Address::Only(_)) => {
                return Some(match text {
                    Some(text) => Reply::Message(Opcode::TEXT, text.into_bytes()),
                    None => Reply::Echo,
                });
            }
            Ok(address) => address,
            Err(error) => {
                self.deferred.push(DeferredAction::Report(error));
                return None;
            }
        };
        let shared = match text {
            Some(text) => SharedMessage::new(Opcode::TEXT, text.into_bytes()),
            None => SharedMessage::of(message),
        };
        self.deferred.push(DeferredAction::Deliver(shared, address));
        None
    }

    /// The reply that a template makes of a message.
    fn fill(&self, reply: &Template, message: &Message<'_>) -> String {
        reply.fill(&TemplateValues {
            text: &text_of(message.payload),
            name: &self.subscriber.name,
            id: self.subscriber.number,
            path: &self.subscriber.path,
            count: self.count,
            moment: SystemTime::now(),
        })
    }

    /// The recipients of the reply to a message; None for no reply.
    fn address(
        &self,
        policy: &ReplyPolicy,
        message: &Message<'_>,
    ) -> Option<Result<Address, RecipientError>> {
        let fields = &policy.recipient_fields;
        match policy.to {
            Recipients::Sender => Some(Ok(Address::Only(self.subscriber.number))),
            Recipients::Others => Some(Ok(Address::Except(self.subscriber.number))),
            Recipients::All => Some(Ok(Address::All)),
            Recipients::None => None,
            Recipients::Addressee => Some(recipient(message.payload, fields).map(Address::Named)),
        }
    }

    fn deliver(&mut self, message: &SharedMessage, address: &Address, log: &ConnectionLog) {
        let now = now();
        let report = self.state.relay.deliver(message, address, now);
        for number in report.overflowing {
            log.notice_about(NoticeScope::Connection(number), &Notice::SlowReader);
        }
        if let (false, Address::Named(name)) = (report.has_receiver, address) {
            log.notice(&Notice::UnknownRecipient(name));
        }
        self.slow_receivers.extend(&report.slow_receivers, now);
    }

    fn send_line(&self, text: &str, log: &ConnectionLog) {
        let Some(program) = &self.state.program else {
            return;
        };
        if let Some(notice) = program.send_line(self.subscriber.number, text, now()) {
            log.notice_about(NoticeScope::Program, &notice);
        }
    }
}

impl Application for Replies {
    const READS_WHILE_WRITING: bool = false;

    fn is_plain_echo(&self) -> bool {
        self.is_plain_echo
    }

    #[inline]
    fn reply(&mut self, message: &Message<'_>) -> Option<Reply> {
        if self.is_plain_echo {
            return Some(Reply::Echo);
        }
        self.reply_by_policy(message)
    }

    fn run_deferred(&mut self, log: &ConnectionLog, memory: Option<&Rc<MemoryShare>>) {
        for action in mem::take(&mut self.deferred) {
            match action {
                DeferredAction::Deliver(mut message, address) => {
                    message.memory = memory.filter(|_| message.is_large()).cloned();
                    if let Some(memory) = &message.memory {
                        memory.begin_sending(message.payload.len());
                    }
                    self.deliver(&message, &address, log);
                }
                DeferredAction::Report(error) => log.notice(&Notice::NoRecipient(error)),
                DeferredAction::SendLine(None) => log.notice(&Notice::NotALine),
                DeferredAction::SendLine(Some(text)) => self.send_line(&text, log),
            }
        }
    }

    fn take_outgoing(&mut self) -> OutgoingBatch {
        if !self.subscriber.has_messages() {
            return OutgoingBatch::default();
        }
        let QueuedBatch { messages, dropped } = self.subscriber.take_batch();
        OutgoingBatch {
            content: messages.into_iter().map(Outgoing::Message).collect(),
            dropped,
        }
    }

    fn has_outgoing(&self) -> bool {
        self.subscriber.has_messages()
    }

    fn stop_accepting(&mut self) {
        self.state.relay.leave(self.subscriber.number);
    }

    fn may_read(&self) -> bool {
        self.slow_receivers.is_empty()
    }

    async fn ready(&mut self) {
        let is_waiting = !self.slow_receivers.is_empty();
        tokio::select! {
            () = self.subscriber.message_added() => {}
            () = self.slow_receivers.wait_for_room(), if is_waiting => {}
        }
    }
}

impl Drop for Replies {
    fn drop(&mut self) {
        self.stop_accepting();
    }
}
