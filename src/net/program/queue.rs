//! The messages that wait for the program, and the connections that wait for its replies.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::mem;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::net::log::Notice;
use crate::reply::Recipients;

/// The lines for the program, and the connections that wait for its replies.
#[derive(Debug, Default)]
pub(in crate::net) struct ProgramQueue {
    state: RefCell<QueueState>,
    /// Wakes the task that writes: there are lines.
    has_lines: Notify,
    /// A line was queued.
    line_sent: Notify,
    /// Whether a reply goes to the connection whose message it answers, or to all others.
    replies_to_asker: bool,
}

#[derive(Debug, Default)]
struct QueueState {
    /// Lines that are not written yet.
    lines: Vec<u8>,
    /// The connections that wait for a reply, in the order of their messages.
    askers: VecDeque<u64>,
    /// How many lines were sent and have no reply.
    unanswered: u64,
    /// Since when a reply is missing.
    waiting_since: Option<Instant>,
    /// How many messages were dropped since the program stopped keeping up.
    dropped: u64,
    /// Whether the program has stopped reading.
    is_closed: bool,
}

/// A line that the program printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ProgramReply {
    /// The connection that waited for it, if its number matters.
    pub(super) asker: Option<u64>,
    /// Whether there was a message without a reply.
    pub(super) is_asked: bool,
}

/// How many bytes may wait for the program. A larger message is accepted if it is the only one.
const CAPACITY: usize = 1 << 20;

/// How many connections may wait for a reply.
const MAX_ASKERS: usize = 4096;

impl ProgramQueue {
    /// The queue of a program whose replies go to these recipients.
    pub(in crate::net) fn new(recipients: Recipients) -> Self {
        Self {
            replies_to_asker: matches!(recipients, Recipients::Sender | Recipients::Others),
            ..Self::default()
        }
    }

    /// Queues a message as a line. A full queue drops it; the notice is returned for the first one
    /// that is dropped, and when the program keeps up again.
    pub(in crate::net) fn send_line(
        &self,
        asker: u64,
        text: &str,
        now: Instant,
    ) -> Option<Notice<'static>> {
        let mut state = self.state.borrow_mut();
        if state.is_closed {
            return None;
        }
        if !state.has_room(text.len() + 1) {
            state.dropped += 1;
            return (state.dropped == 1).then_some(Notice::ProgramSlow);
        }
        push_line(&mut state.lines, text);
        if self.replies_to_asker {
            state.askers.push_back(asker);
        }
        state.unanswered += 1;
        state.waiting_since.get_or_insert(now);
        self.has_lines.notify_one();
        self.line_sent.notify_one();
        let dropped = mem::take(&mut state.dropped);
        (dropped > 0).then_some(Notice::ProgramKeepsUp(dropped))
    }

    /// The program has printed a line.
    pub(super) fn reply_received(&self, now: Instant) -> ProgramReply {
        let mut state = self.state.borrow_mut();
        let is_asked = state.unanswered > 0;
        state.unanswered = state.unanswered.saturating_sub(1);
        let asker = state.askers.pop_front();
        state.waiting_since = (!state.askers.is_empty()).then_some(now);
        ProgramReply { asker, is_asked }
    }

    /// Completes when a line was queued since it last completed.
    pub(super) async fn line_sent(&self) {
        self.line_sent.notified().await;
    }

    /// Since when a reply is missing, if one is.
    pub(super) fn waiting_since(&self) -> Option<Instant> {
        self.state.borrow().waiting_since
    }

    /// The program reads nothing more: messages are dropped.
    pub(super) fn close_input(&self) {
        self.state.borrow_mut().is_closed = true;
    }

    /// Waits for lines and takes them.
    pub(super) async fn next_lines(&self) -> Vec<u8> {
        loop {
            let lines = mem::take(&mut self.state.borrow_mut().lines);
            if !lines.is_empty() {
                return lines;
            }
            self.has_lines.notified().await;
        }
    }
}

impl QueueState {
    /// Whether a line fits. After an overflow the queue must first be nearly empty, so that the log
    /// does not report each message.
    fn has_room(&self, size: usize) -> bool {
        if self.dropped > 0 {
            return self.lines.is_empty() && self.askers.len() <= MAX_ASKERS / 2;
        }
        let fits = self.lines.is_empty() || self.lines.len().saturating_add(size) <= CAPACITY;
        fits && self.askers.len() < MAX_ASKERS
    }
}

/// Appends a message as one line. Line ends inside it become spaces, which means the same in JSON;
/// those at its end are removed.
fn push_line(lines: &mut Vec<u8>, text: &str) {
    let bytes = text.trim_end_matches(['\r', '\n']).bytes();
    lines.extend(bytes.map(|byte| {
        if matches!(byte, b'\r' | b'\n') {
            b' '
        } else {
            byte
        }
    }));
    lines.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(notice: Option<Notice<'_>>) -> Option<&'static str> {
        notice.map(|notice| notice.name())
    }

    #[test]
    fn a_message_is_one_line() {
        let mut lines = Vec::new();
        push_line(&mut lines, "{\n\"a\":\r\n1}\r\n");
        push_line(&mut lines, "");
        assert_eq!(lines, b"{ \"a\":  1}\n\n");
    }

    #[test]
    fn the_size_of_the_queue_is_bounded_and_an_overflow_reported_once() {
        let queue = ProgramQueue::new(Recipients::All);
        let now = Instant::now();
        let half = "x".repeat(CAPACITY / 2 - 1);
        let send = |text| name(queue.send_line(1, text, now));
        assert_eq!(
            [send(&half), send(&half), send(&half)],
            [None, None, Some("program-slow")]
        );
        assert_eq!(send("a"), None, "dropped like the one before it");
        queue.state.borrow_mut().lines.clear();
        let notice = queue.send_line(1, "a", now);
        assert!(matches!(notice, Some(Notice::ProgramKeepsUp(2))));
        assert!(queue.state.borrow().askers.is_empty());
    }

    #[test]
    fn the_number_of_messages_without_a_reply_is_bounded() {
        let queue = ProgramQueue::new(Recipients::Sender);
        let now = Instant::now();
        let send = |asker| queue.send_line(asker, "", now);
        for asker in 0..MAX_ASKERS as u64 {
            assert_eq!(name(send(asker)), None);
        }
        queue.state.borrow_mut().lines.clear();
        assert_eq!(name(send(1)), Some("program-slow"));
        let reply = queue.reply_received(now);
        assert_eq!((reply.asker, reply.is_asked), (Some(0), true));
        assert_eq!(name(send(1)), None, "half of the replies must come first");
        for _ in 0..MAX_ASKERS / 2 {
            queue.reply_received(now);
        }
        assert!(matches!(send(1), Some(Notice::ProgramKeepsUp(2))));
    }
}
