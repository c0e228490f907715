//! Who is connected, and what waits for them.
//!
//! A message for others goes into their inboxes, and each connection sends what is in its
//! own. So nobody writes to a socket that is not theirs, and a client that does not read
//! fills its inbox and no more.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::mem;
use std::rc::Rc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use crate::reply::{name_in, path_in};
use crate::ws::Opcode;

/// The members by their numbers, so that who came first is served first.
#[derive(Debug, Default)]
pub(super) struct Hub {
    members: RefCell<BTreeMap<u64, Rc<Subscriber>>>,
}

/// A connection, as the others see it.
#[derive(Debug)]
pub(super) struct Subscriber {
    pub(super) number: u64,
    pub(super) name: String,
    pub(super) path: String,
    inbox: RefCell<Inbox>,
    /// Something was put into the inbox.
    news: Notify,
    /// The inbox has room again.
    relief: Notify,
}

/// A message on its way, which all who get it share.
#[derive(Clone, Debug)]
pub(super) struct SharedMessage {
    pub(super) opcode: Opcode,
    pub(super) payload: Rc<[u8]>,
}

/// Whom it is for.
#[derive(Clone, Debug)]
pub(super) enum Address {
    Only(u64),
    Except(u64),
    All,
    Named(String),
}

/// What came of a delivery.
#[derive(Debug, Default)]
pub(super) struct DeliveryReport {
    /// Somebody is there whom the letter is for.
    pub(super) has_receiver: bool,
    /// Those for whom letters are dropped from this one on.
    pub(super) overflowing: Vec<u64>,
    /// Those whose inboxes are filling.
    pub(super) crowded: Backpressure,
}

/// What an inbox held.
#[derive(Debug, Default)]
pub(super) struct Received {
    pub(super) letters: VecDeque<SharedMessage>,
    /// How many letters did not fit in.
    pub(super) dropped: u64,
}

#[derive(Debug, Default)]
struct Inbox {
    mail: Received,
    /// What it holds, in bytes.
    size: usize,
    /// Nobody waits any more for this inbox to be emptied.
    is_given_up: bool,
}

/// How many bytes an inbox takes. A larger letter is taken if it is the only one.
const ROOM: usize = 1 << 20;

/// How many bytes of it are put out at once.
const AT_ONCE: usize = 64 << 10;

/// The longest payload that is copied for each receiver. A longer one is the last that is put
/// out at once.
const LARGE: usize = 16 << 10;

/// What a letter costs beside its payload.
const MESSAGE_OVERHEAD: usize = 64;

/// How long a sender waits for a receiver who is slow before it goes on without regard for
/// it. One who never reads costs the others this, once.
const SLOW_PEER_TIMEOUT: Duration = Duration::from_millis(250);

impl Hub {
    /// Adds a connection, which is reachable from now on.
    pub(super) fn join(&self, number: u64, target: &str) -> Rc<Subscriber> {
        let path = path_in(target);
        let member = Rc::new(Subscriber {
            number,
            name: name_in(path).unwrap_or_else(|| number.to_string()),
            path: path.to_owned(),
            inbox: RefCell::default(),
            news: Notify::new(),
            relief: Notify::new(),
        });
        self.members.borrow_mut().insert(number, Rc::clone(&member));
        member
    }

    /// Removes a connection; who waits for it need not. What it has got by now it keeps.
    pub(super) fn leave(&self, number: u64) {
        if let Some(member) = self.members.borrow_mut().remove(&number) {
            member.give_up();
        }
    }

    /// Puts a letter into the inboxes of all it is for.
    pub(super) fn deliver(&self, letter: &SharedMessage, address: &Address) -> DeliveryReport {
        let members = self.members.borrow();
        let mut delivery = DeliveryReport::default();
        let receivers = members.values().filter(|member| address.means(member));
        for member in receivers {
            delivery.has_receiver = true;
            if member.put(letter) {
                delivery.overflowing.push(member.number);
            }
            if member.is_crowded() {
                delivery.crowded.add(member);
            }
        }
        delivery
    }
}

impl SharedMessage {
    pub(super) fn new(opcode: Opcode, payload: &[u8]) -> Self {
        let payload = payload.into();
        Self { opcode, payload }
    }

    /// Whether it is so large that nobody should have a copy of it to himself.
    pub(super) fn is_large(&self) -> bool {
        self.payload.len() > LARGE
    }

    /// What it takes of an inbox, in bytes.
    fn size(&self) -> usize {
        self.payload.len().saturating_add(MESSAGE_OVERHEAD)
    }
}

impl Inbox {
    fn collect(&mut self) -> Received {
        if self.size <= AT_ONCE && !self.mail.letters.iter().any(SharedMessage::is_large) {
            return mem::take(self).mail;
        }
        let mut mail = Received::default();
        let mut taken = 0;
        while taken < AT_ONCE
            && let Some(letter) = self.mail.letters.pop_front()
        {
            taken += letter.size();
            let is_large = letter.is_large();
            mail.letters.push_back(letter);
            if is_large {
                break;
            }
        }
        self.size -= taken;
        if self.mail.letters.is_empty() {
            mail.dropped = mem::take(self).mail.dropped;
        }
        mail
    }
}

impl Address {
    fn means(&self, member: &Subscriber) -> bool {
        match self {
            Self::Only(number) => member.number == *number,
            Self::Except(number) => member.number != *number,
            Self::All => true,
            Self::Named(name) => member.name == *name,
        }
    }
}

impl Subscriber {
    /// Done when something has come since this was done last.
    pub(super) async fn news(&self) {
        self.news.notified().await;
    }

    /// Takes out of the inbox what is put out at once. The rest stays there, where all who
    /// get it share it, and is news.
    pub(super) fn collect(&self) -> Received {
        let mut inbox = self.inbox.borrow_mut();
        if inbox.mail.letters.is_empty() {
            return Received::default();
        }
        let mail = inbox.collect();
        if inbox.size > 0 {
            self.news.notify_one();
        }
        if inbox.size <= ROOM / 2 {
            self.relief.notify_waiters();
        }
        mail
    }

    /// Whether anything is in the inbox.
    pub(super) fn has_mail(&self) -> bool {
        !self.inbox.borrow().mail.letters.is_empty()
    }

    /// Nobody waits any more for what is in the inbox to be taken out.
    fn give_up(&self) {
        self.inbox.borrow_mut().is_given_up = true;
        self.relief.notify_waiters();
    }

    /// Puts a letter in, or drops it; true for the first of those that are dropped.
    fn put(&self, letter: &SharedMessage) -> bool {
        let mut inbox = self.inbox.borrow_mut();
        let size = letter.size();
        if inbox.mail.dropped > 0 || (inbox.size > 0 && inbox.size.saturating_add(size) > ROOM) {
            inbox.mail.dropped += 1;
            return inbox.mail.dropped == 1;
        }
        inbox.size = inbox.size.saturating_add(size);
        inbox.mail.letters.push_back(letter.clone());
        self.news.notify_one();
        false
    }

    fn is_crowded(&self) -> bool {
        let inbox = self.inbox.borrow();
        inbox.size > ROOM / 2 && !inbox.is_given_up
    }
}

/// Slow receivers, whom a sender waits for so that they lose nothing, for a while.
#[derive(Debug, Default)]
pub(super) struct Backpressure {
    members: Vec<Rc<Subscriber>>,
    deadline: Option<Instant>,
}

impl Backpressure {
    pub(super) const fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    fn add(&mut self, member: &Rc<Subscriber>) {
        self.deadline
            .get_or_insert_with(|| Instant::now() + SLOW_PEER_TIMEOUT);
        if !self.members.iter().any(|other| Rc::ptr_eq(other, member)) {
            self.members.push(Rc::clone(member));
        }
    }

    /// Those of another crowd too.
    pub(super) fn extend(&mut self, other: &Self) {
        for member in &other.members {
            self.add(member);
        }
    }

    /// Done when all have room again, or have had their time. Nothing is lost if this is
    /// begun anew.
    pub(super) async fn dissolve(&mut self) {
        let deadline = self.deadline.unwrap_or_else(Instant::now);
        while let Some(member) = self.members.last().map(Rc::clone) {
            let relief = member.relief.notified();
            if member.is_crowded() && timeout_at(deadline, relief).await.is_err() {
                member.inbox.borrow_mut().is_given_up = true;
            }
            self.members.pop();
        }
        self.deadline = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(size: usize) -> SharedMessage {
        SharedMessage::new(Opcode::BINARY, &vec![0; size])
    }

    #[test]
    fn an_inbox_is_bounded_however_small_the_letters_are() {
        let hub = Hub::default();
        let member = hub.join(1, "/");
        for _ in 0..1_000_000 {
            hub.deliver(&letter(0), &Address::All);
        }
        let mut count = 0;
        let dropped = loop {
            let mail = member.collect();
            assert!(mail.letters.len() <= AT_ONCE / MESSAGE_OVERHEAD);
            count += mail.letters.len();
            if mail.dropped > 0 {
                break mail.dropped;
            }
        };
        assert_eq!(count, ROOM / MESSAGE_OVERHEAD);
        assert_eq!(dropped, 1_000_000 - (ROOM / MESSAGE_OVERHEAD) as u64);
        assert!(
            hub.deliver(&letter(0), &Address::All)
                .overflowing
                .is_empty()
        );
    }

    #[test]
    fn what_is_dropped_is_said_once_and_nothing_comes_out_of_turn() {
        let hub = Hub::default();
        let member = hub.join(1, "/");
        let first = |size| hub.deliver(&letter(size), &Address::All).overflowing;
        assert_eq!(first(ROOM * 2), [0; 0], "a large letter is taken alone");
        assert_eq!(first(ROOM), [1]);
        assert_eq!(first(1), [0; 0], "said before");
        let mail = member.collect();
        assert_eq!((mail.letters.len(), mail.dropped), (1, 2));
        assert_eq!(first(ROOM - MESSAGE_OVERHEAD), [0; 0]);
        assert_eq!(first(1), [1]);
    }

    #[test]
    fn a_letter_reaches_those_it_is_for() {
        let hub = Hub::default();
        let members = ["/ws/alice", "/ws/bob", "/ws/bob/", "/"]
            .iter()
            .zip(1..)
            .map(|(target, number)| hub.join(number, target))
            .collect::<Vec<_>>();
        let reached = |address| {
            hub.deliver(&letter(1), &address);
            let has_mail = |member: &&Rc<Subscriber>| !member.collect().letters.is_empty();
            let reached = members.iter().filter(has_mail);
            reached.map(|member| member.number).collect::<Vec<_>>()
        };
        assert_eq!(reached(Address::All), [1, 2, 3, 4]);
        assert_eq!(reached(Address::Except(2)), [1, 3, 4]);
        assert_eq!(reached(Address::Only(3)), [3]);
        assert_eq!(reached(Address::Named("bob".to_owned())), [2, 3]);
        assert_eq!(reached(Address::Named("4".to_owned())), [4]);
        hub.leave(2);
        assert_eq!(reached(Address::Named("bob".to_owned())), [3]);
        assert!(!hub.deliver(&letter(1), &Address::Only(2)).has_receiver);
    }
}
