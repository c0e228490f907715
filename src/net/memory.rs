//! The memory of large messages, which all connections share.
//!
//! A client may send a message of `--max-message` bytes as a thousandth of them, compressed, or leave
//! one incomplete. So one connection at a time may hold such a message. The others hold less and
//! wait for more; one that waits too long fails with 1009. A message that is sent to other
//! connections keeps its share until all have it. Such messages may take more than those that are
//! received: a client that does not read what it is sent must not stop the senders.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

/// How many bytes of a message a connection may always hold.
pub(super) const ALWAYS_ALLOWED: usize = 64 << 10;

/// How many bytes more the connections may hold together that do not hold the large message. The
/// queue of a client that does not read needs more than 1 MiB.
const SHARED: usize = 3 << 20;

/// How many of these bytes are for messages that are received, or answered to their senders.
const RECEIVED: usize = 1 << 20;

/// How many of these bytes a connection gets at once.
const STEP: usize = 64 << 10;

/// How long a connection waits while no other one frees memory.
const WAIT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a client may send or read nothing of a message that others wait for.
const STALL_TIMEOUT: Duration = Duration::from_secs(5);

/// The memory of all connections.
#[derive(Debug)]
pub(super) struct MessageMemory {
    max_message: usize,
    /// How many of the `SHARED` bytes are left.
    shared: Cell<usize>,
    /// How many of the `RECEIVED` bytes are left.
    received: Cell<usize>,
    /// Whether a connection holds the large message.
    is_large_taken: Cell<bool>,
    /// How many connections wait.
    waiting: Cell<usize>,
    freed: Notify,
}

/// The memory of one connection.
#[derive(Debug)]
pub(super) struct MemoryShare {
    all: Rc<MessageMemory>,
    /// How many of the shared bytes it holds.
    shared: Cell<usize>,
    is_large: Cell<bool>,
    /// Whether its message is sent to other connections.
    is_sent: Cell<bool>,
    /// Since when it waits for more.
    waits_since: Cell<Option<Instant>>,
    /// When it was last used.
    used: Cell<Instant>,
}

impl MessageMemory {
    /// The memory for messages of at most `max_message` bytes.
    pub(super) fn new(max_message: usize) -> Rc<Self> {
        Rc::new(Self {
            max_message,
            shared: Cell::new(SHARED),
            received: Cell::new(RECEIVED),
            is_large_taken: Cell::new(false),
            waiting: Cell::new(0),
            freed: Notify::new(),
        })
    }

    /// How many bytes all connections together may hold.
    pub(super) const fn limit(&self) -> usize {
        self.max_message.saturating_add(SHARED)
    }

    /// Completes when a connection has freed memory, counted from this call.
    pub(super) fn freed(&self) -> impl Future<Output = ()> {
        self.freed.notified()
    }

    /// Completes when a client has read nothing for too long while others wait for memory. The time
    /// begins with this call.
    pub(super) async fn is_wanted(&self) {
        sleep(STALL_TIMEOUT).await;
        while !self.is_awaited() {
            sleep(STALL_TIMEOUT / 5).await;
        }
    }

    /// Whether a connection waits for memory.
    pub(super) fn is_awaited(&self) -> bool {
        self.waiting.get() > 0
    }

    /// Takes the memory of a step, if there is any for a message that is received.
    fn take_step(&self) -> bool {
        let has_room = self.shared.get() >= STEP && self.received.get() >= STEP;
        if has_room {
            self.shared.update(|left| left - STEP);
            self.received.update(|left| left - STEP);
        }
        has_room
    }
}

impl MemoryShare {
    /// A share of 0 bytes.
    pub(super) fn new(all: &Rc<MessageMemory>, now: Instant) -> Self {
        Self {
            all: Rc::clone(all),
            shared: Cell::new(0),
            is_large: Cell::new(false),
            is_sent: Cell::new(false),
            waits_since: Cell::new(None),
            used: Cell::new(now),
        }
    }

    /// Takes more memory. Returns how many bytes the connection may hold now, or None if it has to
    /// wait.
    pub(super) fn extend(&self, now: Instant) -> Option<usize> {
        self.used.set(now);
        if self.is_large.get() {
            return Some(usize::MAX);
        }
        let all = &self.all;
        if all.take_step() {
            self.shared.update(|shared| shared + STEP);
            self.end_waiting();
            return Some(ALWAYS_ALLOWED + self.shared.get());
        }
        if all.is_large_taken.replace(true) {
            if self.waits_since.get().is_none() {
                self.waits_since.set(Some(now));
                all.waiting.update(|count| count + 1);
            }
            return None;
        }
        self.is_large.set(true);
        self.free_shared();
        self.end_waiting();
        Some(usize::MAX)
    }

    /// The message of `size` bytes is sent to other connections. A share of a message that is
    /// received comes instead of this one for the next message.
    pub(super) fn begin_sending(&self, size: usize) {
        if self.is_sent.get() {
            return;
        }
        let all = &self.all;
        if !self.is_large.get() {
            all.received.update(|left| left + self.shared.get());
        } else if all.shared.get() >= size {
            all.shared.update(|left| left - size);
            self.shared.set(size);
            self.is_large.set(false);
            all.is_large_taken.set(false);
        }
        self.is_sent.set(true);
        all.freed.notify_waiters();
    }

    /// Whether the message is sent to other connections.
    pub(super) const fn is_sent(&self) -> bool {
        self.is_sent.get()
    }

    /// The client has sent something, or another connection has freed memory: the time-outs begin
    /// again.
    pub(super) fn prolong(&self, now: Instant) {
        self.used.set(now);
        self.waits_since.update(|since| since.map(|_| now));
    }

    /// When the caller must call [`is_over`](Self::is_over).
    pub(super) fn deadline(&self) -> Instant {
        match self.waits_since.get() {
            Some(since) => since + WAIT_TIMEOUT,
            None => self.used.get() + STALL_TIMEOUT,
        }
    }

    /// Whether the connection has waited too long for memory, or has sent nothing for too long
    /// while others wait for its memory.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        if now < self.deadline() {
            return false;
        }
        self.used.set(now);
        self.waits_since.get().is_some() || self.all.is_awaited()
    }

    fn free_shared(&self) {
        let shared = self.shared.take();
        self.all.shared.update(|left| left + shared);
        if !self.is_sent.get() {
            self.all.received.update(|left| left + shared);
        }
        self.all.freed.notify_waiters();
    }

    fn end_waiting(&self) {
        if self.waits_since.take().is_some() {
            self.all.waiting.update(|count| count - 1);
        }
    }
}

impl Drop for MemoryShare {
    fn drop(&mut self) {
        self.end_waiting();
        if self.is_large.get() {
            self.all.is_large_taken.set(false);
        }
        self.free_shared();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_connection_holds_a_large_message_and_the_others_wait() {
        let all = MessageMemory::new(64 << 20);
        let now = Instant::now();
        let mut shares: Vec<_> = (0..20).map(|_| MemoryShare::new(&all, now)).collect();
        let mut allowed = vec![0; 20];
        for _ in 0..100 {
            for (share, allowed) in shares.iter().zip(&mut allowed) {
                *allowed = share.extend(now).unwrap_or(*allowed);
            }
        }
        let large = allowed.iter().filter(|size| **size == usize::MAX).count();
        let small: usize = allowed.iter().filter(|size| **size < usize::MAX).sum();
        assert_eq!(large, 1);
        assert!(small <= RECEIVED + 20 * ALWAYS_ALLOWED, "{small}");
        let freed = all.freed();
        let index = allowed.iter().position(|size| *size == usize::MAX).unwrap();
        shares.remove(index);
        freed.await;
        assert_eq!(shares[0].extend(now), Some(usize::MAX));
        drop(shares);
        assert_eq!((all.shared.get(), all.waiting.get()), (SHARED, 0));
        assert_eq!(all.received.get(), RECEIVED);
    }

    #[test]
    fn messages_that_are_sent_leave_memory_for_those_that_are_received() {
        let all = MessageMemory::new(64 << 20);
        let now = Instant::now();
        let extended = || {
            let share = MemoryShare::new(&all, now);
            while share.extend(now) != Some(usize::MAX) {}
            share
        };
        // They find room beside the large message.
        let sent = [(); 3].map(|()| {
            let share = extended();
            share.begin_sending(1 << 20);
            assert!(share.is_sent());
            share
        });
        assert_eq!(
            sent.each_ref().map(|share| share.is_large.get()),
            [false; 3]
        );
        assert_eq!((all.shared.get(), all.received.get()), (0, RECEIVED));
        let large = extended();
        large.begin_sending(1);
        assert!(large.is_large.get());
        drop((sent, large));
        let small = MemoryShare::new(&all, now);
        assert!(small.extend(now).is_some());
        small.begin_sending(100);
        assert_eq!(
            (all.shared.get(), all.received.get()),
            (SHARED - STEP, RECEIVED)
        );
        drop(small);
        assert_eq!((all.shared.get(), all.received.get()), (SHARED, RECEIVED));
        assert!(!all.is_large_taken.get());
    }

    #[test]
    fn a_connection_neither_waits_for_long_nor_holds_what_others_wait_for() {
        let all = MessageMemory::new(64 << 20);
        let start = Instant::now();
        let holder = MemoryShare::new(&all, start);
        while holder.extend(start) != Some(usize::MAX) {}
        assert!(!holder.is_over(start + STALL_TIMEOUT));
        let others = MemoryShare::new(&all, start);
        while others.extend(start).is_some() {}
        assert!(!others.is_over(start + WAIT_TIMEOUT - Duration::from_millis(1)));
        assert!(others.is_over(start + WAIT_TIMEOUT));
        holder.prolong(start);
        assert!(holder.is_over(start + STALL_TIMEOUT));
    }
}
