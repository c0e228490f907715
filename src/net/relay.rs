//! Messages from one connection to others, with a bounded queue for each.
//!
//! A message is put into the queues of its recipients, and each connection sends what is in its own
//! queue. So only the task of a connection writes to its socket, and a client that does not read
//! fills its queue and costs no more.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::mem;
use std::rc::Rc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use super::memory::MemoryShare;
use crate::reply::{name_in, path_in};
use crate::ws::{Message, Opcode, SharedBytes};

/// The open connections in the order of their numbers. The oldest gets a message first.
#[derive(Debug, Default)]
pub(super) struct Relay {
    subscribers: RefCell<BTreeMap<u64, Rc<Subscriber>>>,
}

/// A connection that can be sent messages.
#[derive(Debug)]
pub(super) struct Subscriber {
    pub(super) number: u64,
    /// The name that messages are addressed to.
    pub(super) name: String,
    /// The path of its request target.
    pub(super) path: String,
    queue: RefCell<Queue>,
    /// A message was put into the queue.
    added: Notify,
    /// The queue has room again.
    drained: Notify,
}

/// A message whose payload its recipients share.
#[derive(Clone, Debug)]
pub(super) struct SharedMessage {
    pub(super) opcode: Opcode,
    pub(super) payload: SharedBytes,
    /// The share of the memory that the payload takes, if it is a large one.
    pub(super) memory: Option<Rc<MemoryShare>>,
}

/// The recipients of a message.
#[derive(Clone, Debug)]
pub(super) enum Address {
    /// The connection with this number.
    Only(u64),
    /// All but the connection with this number.
    Except(u64),
    /// All.
    All,
    /// Those with this name.
    Named(String),
}

/// The result of a delivery.
#[derive(Debug, Default)]
pub(super) struct DeliveryReport {
    /// Whether the message has a recipient.
    pub(super) has_receiver: bool,
    /// The connections whose queue is full: their messages are dropped from this one on.
    pub(super) overflowing: Vec<u64>,
    /// The connections whose queue is filling.
    pub(super) slow_receivers: Backpressure,
}

/// Messages taken out of a queue.
#[derive(Debug, Default)]
pub(super) struct QueuedBatch {
    pub(super) messages: VecDeque<SharedMessage>,
    /// How many messages did not fit into the queue.
    pub(super) dropped: u64,
}

#[derive(Debug, Default)]
struct Queue {
    content: QueuedBatch,
    /// Its size in bytes.
    size: usize,
    /// Senders do not wait for this queue any more.
    is_ignored: bool,
}

/// The size of a queue in bytes. A larger message is accepted if it is the only one.
const CAPACITY: usize = 1 << 20;

/// How many bytes are taken out at once.
const BATCH_SIZE: usize = 64 << 10;

/// The longest payload that is copied for each recipient. A longer one ends its batch.
const MAX_COPIED: usize = 16 << 10;

/// What a message costs in a queue besides its payload, in bytes.
const MESSAGE_OVERHEAD: usize = 64;

/// How long a sender waits for a slow recipient. One that never reads delays the others once, by
/// this time.
const SLOW_PEER_TIMEOUT: Duration = Duration::from_millis(250);

impl Relay {
    /// Adds a connection, which can be sent messages from now on. Its name is in its request target.
    pub(super) fn join(&self, number: u64, target: &str) -> Rc<Subscriber> {
        let path = path_in(target);
        let subscriber = Rc::new(Subscriber {
            number,
            name: name_in(path).unwrap_or_else(|| number.to_string()),
            path: path.to_owned(),
            queue: RefCell::default(),
            added: Notify::new(),
            drained: Notify::new(),
        });
        let mut subscribers = self.subscribers.borrow_mut();
        subscribers.insert(number, Rc::clone(&subscriber));
        subscriber
    }

    /// Removes a connection. It keeps the messages in its queue; senders do not wait for it.
    pub(super) fn leave(&self, number: u64) {
        if let Some(subscriber) = self.subscribers.borrow_mut().remove(&number) {
            subscriber.ignore();
        }
    }

    /// Puts a message into the queues of its recipients. `now` starts the time-out of slow ones.
    pub(super) fn deliver(
        &self,
        message: &SharedMessage,
        address: &Address,
        now: Instant,
    ) -> DeliveryReport {
        let subscribers = self.subscribers.borrow();
        let mut report = DeliveryReport::default();
        for subscriber in subscribers.values().filter(|it| address.includes(it)) {
            report.has_receiver = true;
            if subscriber.put(message) {
                report.overflowing.push(subscriber.number);
            }
            if subscriber.is_filling() {
                report.slow_receivers.add(subscriber, now);
            }
        }
        report
    }
}

impl SharedMessage {
    pub(super) fn new(opcode: Opcode, payload: Vec<u8>) -> Self {
        let payload = payload.into();
        let memory = None;
        Self {
            opcode,
            payload,
            memory,
        }
    }

    /// A received message. The payload of a large one is not copied.
    pub(super) fn of(message: &Message<'_>) -> Self {
        let buffer = message
            .buffer
            .filter(|_| message.payload.len() > MAX_COPIED);
        let payload = buffer.cloned();
        Self {
            opcode: message.opcode,
            payload: payload.unwrap_or_else(|| message.payload.to_vec().into()),
            memory: None,
        }
    }

    /// Whether it is too large to be copied for each recipient.
    pub(super) fn is_large(&self) -> bool {
        self.payload.len() > MAX_COPIED
    }

    /// Its size in a queue, in bytes.
    fn size(&self) -> usize {
        self.payload.len().saturating_add(MESSAGE_OVERHEAD)
    }
}

impl Queue {
    fn take_batch(&mut self) -> QueuedBatch {
        let has_large = self.content.messages.iter().any(SharedMessage::is_large);
        if self.size <= BATCH_SIZE && !has_large {
            return mem::take(self).content;
        }
        let mut batch = QueuedBatch::default();
        let mut taken = 0;
        while taken < BATCH_SIZE
            && let Some(message) = self.content.messages.pop_front()
        {
            taken += message.size();
            let is_large = message.is_large();
            batch.messages.push_back(message);
            if is_large {
                break;
            }
        }
        self.size -= taken;
        if self.content.messages.is_empty() {
            batch.dropped = mem::take(self).content.dropped;
        }
        batch
    }
}

impl Address {
    fn includes(&self, subscriber: &Subscriber) -> bool {
        match self {
            Self::Only(number) => subscriber.number == *number,
            Self::Except(number) => subscriber.number != *number,
            Self::All => true,
            Self::Named(name) => subscriber.name == *name,
        }
    }
}

impl Subscriber {
    /// Completes when a message was added since it last completed.
    pub(super) async fn message_added(&self) {
        self.added.notified().await;
    }

    /// Takes a batch out of the queue. If messages are left,
    /// [`message_added`](Self::message_added) completes again.
    pub(super) fn take_batch(&self) -> QueuedBatch {
        let mut queue = self.queue.borrow_mut();
        if queue.content.messages.is_empty() {
            return QueuedBatch::default();
        }
        let batch = queue.take_batch();
        if queue.size > 0 {
            self.added.notify_one();
        }
        if queue.size <= CAPACITY / 2 {
            self.drained.notify_waiters();
        }
        batch
    }

    /// Whether a message is in the queue.
    pub(super) fn has_messages(&self) -> bool {
        !self.queue.borrow().content.messages.is_empty()
    }

    /// Senders no longer wait for this queue.
    fn ignore(&self) {
        self.queue.borrow_mut().is_ignored = true;
        self.drained.notify_waiters();
    }

    /// Puts a message into the queue, or drops it; true for the first one that is dropped.
    fn put(&self, message: &SharedMessage) -> bool {
        let mut queue = self.queue.borrow_mut();
        let size = message.size();
        let is_full = queue.size > 0 && queue.size.saturating_add(size) > CAPACITY;
        if queue.content.dropped > 0 || is_full {
            queue.content.dropped += 1;
            return queue.content.dropped == 1;
        }
        queue.size = queue.size.saturating_add(size);
        queue.content.messages.push_back(message.clone());
        self.added.notify_one();
        false
    }

    fn is_filling(&self) -> bool {
        let queue = self.queue.borrow();
        queue.size > CAPACITY / 2 && !queue.is_ignored
    }
}

/// Slow recipients, for which a sender waits, for a while, so that they lose nothing.
#[derive(Debug, Default)]
pub(super) struct Backpressure {
    subscribers: Vec<Rc<Subscriber>>,
    deadline: Option<Instant>,
}

impl Backpressure {
    pub(super) const fn is_empty(&self) -> bool {
        self.subscribers.is_empty()
    }

    fn add(&mut self, subscriber: &Rc<Subscriber>, now: Instant) {
        self.deadline.get_or_insert(now + SLOW_PEER_TIMEOUT);
        let is_known = |other: &Rc<Subscriber>| Rc::ptr_eq(other, subscriber);
        if !self.subscribers.iter().any(is_known) {
            self.subscribers.push(Rc::clone(subscriber));
        }
    }

    /// Adds the slow recipients of another delivery.
    pub(super) fn extend(&mut self, other: &Self, now: Instant) {
        for subscriber in &other.subscribers {
            self.add(subscriber, now);
        }
    }

    /// Completes when all have room again, or when their time is over. It can be dropped and called
    /// again.
    pub(super) async fn wait_for_room(&mut self) {
        while let (Some(subscriber), Some(deadline)) = (self.subscribers.last(), self.deadline) {
            let subscriber = Rc::clone(subscriber);
            let drained = subscriber.drained.notified();
            if subscriber.is_filling() && timeout_at(deadline, drained).await.is_err() {
                subscriber.queue.borrow_mut().is_ignored = true;
            }
            self.subscribers.pop();
        }
        self.deadline = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(size: usize) -> SharedMessage {
        SharedMessage::new(Opcode::BINARY, vec![0; size])
    }

    fn deliver(relay: &Relay, size: usize, address: &Address) -> DeliveryReport {
        relay.deliver(&message(size), address, Instant::now())
    }

    #[test]
    fn a_queue_is_bounded_even_for_empty_messages() {
        let relay = Relay::default();
        let subscriber = relay.join(1, "/");
        for _ in 0..1_000_000 {
            deliver(&relay, 0, &Address::All);
        }
        let mut count = 0;
        let dropped = loop {
            let batch = subscriber.take_batch();
            assert!(batch.messages.len() <= BATCH_SIZE / MESSAGE_OVERHEAD);
            count += batch.messages.len();
            if batch.dropped > 0 {
                break batch.dropped;
            }
        };
        assert_eq!(count, CAPACITY / MESSAGE_OVERHEAD);
        assert_eq!(dropped, 1_000_000 - (CAPACITY / MESSAGE_OVERHEAD) as u64);
        assert!(deliver(&relay, 0, &Address::All).overflowing.is_empty());
    }

    #[test]
    fn an_overflow_is_reported_once_until_the_queue_is_empty() {
        let relay = Relay::default();
        let subscriber = relay.join(1, "/");
        let overflowing = |size| deliver(&relay, size, &Address::All).overflowing;
        let too_large = CAPACITY * 2;
        assert_eq!(overflowing(too_large), [0; 0], "accepted if alone");
        assert_eq!(overflowing(CAPACITY), [1]);
        assert_eq!(overflowing(1), [0; 0], "reported before");
        let batch = subscriber.take_batch();
        assert_eq!((batch.messages.len(), batch.dropped), (1, 2));
        assert_eq!(overflowing(CAPACITY - MESSAGE_OVERHEAD), [0; 0]);
        assert_eq!(overflowing(1), [1]);
    }

    #[test]
    fn a_message_reaches_its_recipients() {
        let relay = Relay::default();
        let subscribers = ["/ws/alice", "/ws/bob", "/ws/bob/", "/"]
            .iter()
            .zip(1..)
            .map(|(target, number)| relay.join(number, target))
            .collect::<Vec<_>>();
        let reached = |address| {
            deliver(&relay, 1, &address);
            let is_reached = |it: &&Rc<Subscriber>| !it.take_batch().messages.is_empty();
            let reached = subscribers.iter().filter(is_reached);
            reached.map(|it| it.number).collect::<Vec<_>>()
        };
        assert_eq!(reached(Address::All), [1, 2, 3, 4]);
        assert_eq!(reached(Address::Except(2)), [1, 3, 4]);
        assert_eq!(reached(Address::Only(3)), [3]);
        assert_eq!(reached(Address::Named("bob".to_owned())), [2, 3]);
        assert_eq!(reached(Address::Named("4".to_owned())), [4]);
        relay.leave(2);
        assert_eq!(reached(Address::Named("bob".to_owned())), [3]);
        assert!(!deliver(&relay, 1, &Address::Only(2)).has_receiver);
    }
}
