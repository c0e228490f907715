//! What a connection is asked by the clock: pings and their answers, and silence.
//!
//! Sans I/O: the time comes in, and what is to be done comes out.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// Watches the clock on a connection.
#[derive(Debug)]
pub(super) struct KeepAlive {
    interval: Option<Duration>,
    patience: Option<Duration>,
    next_ping: Instant,
    last_heard: Instant,
    /// How many pings were sent.
    count: u32,
    /// Pings without an answer, the oldest first.
    pending: VecDeque<Ping>,
    /// A pong with another payload than any pending ping's.
    odd_pong: Option<Vec<u8>>,
    /// No answer came to the last pings, and that was told.
    is_unanswered: bool,
}

#[derive(Debug)]
struct Ping {
    payload: [u8; 4],
    sent: Instant,
}

/// Something that it is time for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeepAliveAction {
    /// Recipients send a ping with this payload.
    Ping([u8; 4]),
    /// Recipients give up: nothing came for so long.
    Idle(Duration),
}

/// Something that is wrong with the answer to a ping, if there was any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PingError {
    /// No pong came before the next ping: the ping's payload, and how long that was.
    Unanswered([u8; 4], Duration),
    /// A pong came with another payload: the ping's, and the pong's.
    Mismatched([u8; 4], Vec<u8>),
}

impl KeepAlive {
    /// Pings at this interval, and gives up after so long a silence.
    pub(super) fn new(interval: Option<Duration>, patience: Option<Duration>) -> Self {
        let now = Instant::now();
        Self {
            interval,
            patience,
            next_ping: now + interval.unwrap_or_default(),
            last_heard: now,
            count: 0,
            pending: VecDeque::new(),
            odd_pong: None,
            is_unanswered: false,
        }
    }

    /// When there is something to do; None if there never is.
    pub(super) fn next(&self) -> Option<Instant> {
        let ping = self.interval.map(|_| self.next_ping);
        let idle = self.patience.map(|patience| self.last_heard + patience);
        [ping, idle].into_iter().flatten().min()
    }

    /// Bytes came in.
    pub(super) fn hear(&mut self) {
        if self.patience.is_some() {
            self.last_heard = Instant::now();
        }
    }

    /// What it is time for.
    pub(super) fn beat(&mut self, now: Instant) -> Option<KeepAliveAction> {
        if let Some(patience) = self.patience
            && now >= self.last_heard + patience
        {
            return Some(KeepAliveAction::Idle(patience));
        }
        let interval = self.interval.filter(|_| now >= self.next_ping)?;
        self.next_ping = now + interval;
        self.count = self.count.wrapping_add(1);
        let [_, b, c, d] = self.count.to_be_bytes();
        // A payload that is no UTF-8 shows who passes it through a text.
        let payload = [0xff, b, c, d];
        Some(KeepAliveAction::Ping(payload))
    }

    /// A ping goes out.
    pub(super) fn pinged(&mut self, payload: [u8; 4], now: Instant) {
        const MOST: usize = 16;
        if self.pending.len() == MOST {
            self.pending.pop_front();
        }
        self.pending.push_back(Ping { payload, sent: now });
    }

    /// A pong came in: how long its ping was under way, if it answers one. An answer to a
    /// ping stands for those before it too (RFC 6455 §5.5.3).
    pub(super) fn pong(&mut self, payload: &[u8], now: Instant) -> Option<Duration> {
        let mut pending = self.pending.iter();
        let Some(at) = pending.position(|ping| ping.payload == payload) else {
            // It may be one that nobody asked for, which is allowed; time will tell.
            if !self.pending.is_empty() {
                self.odd_pong = Some(payload.to_vec());
            }
            return None;
        };
        let answered = self.pending.drain(..=at).next_back()?;
        self.odd_pong = None;
        self.is_unanswered = false;
        Some(now.saturating_duration_since(answered.sent))
    }

    /// What is wrong with the answer to the last ping, now that the next one is due, or
    /// that the connection ends. It is told once in a row.
    pub(super) fn fault(&mut self, now: Instant) -> Option<PingError> {
        let ping = self.pending.back()?;
        let payload = ping.payload;
        let waited = now.saturating_duration_since(ping.sent);
        if let Some(pong) = self.odd_pong.take() {
            let is_new = !std::mem::replace(&mut self.is_unanswered, true);
            return is_new.then_some(PingError::Mismatched(payload, pong));
        }
        let is_due = self.interval.is_some_and(|interval| waited >= interval);
        if !is_due || std::mem::replace(&mut self.is_unanswered, true) {
            return None;
        }
        Some(PingError::Unanswered(payload, waited))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn beating() -> (KeepAlive, Instant) {
        let heartbeat = KeepAlive::new(Some(SECOND), None);
        let start = heartbeat.next_ping - SECOND;
        (heartbeat, start)
    }

    fn ping(heartbeat: &mut KeepAlive, now: Instant) -> [u8; 4] {
        let Some(KeepAliveAction::Ping(payload)) = heartbeat.beat(now) else {
            panic!("no ping is due")
        };
        heartbeat.pinged(payload, now);
        payload
    }

    #[test]
    fn a_pong_tells_the_time_under_way() {
        let (mut heartbeat, start) = beating();
        assert_eq!(heartbeat.beat(start), None);
        let payload = ping(&mut heartbeat, start + SECOND);
        let answered = start + SECOND + SECOND / 4;
        assert_eq!(heartbeat.pong(&payload, answered), Some(SECOND / 4));
        assert_eq!(heartbeat.pong(&payload, answered), None);
        assert_eq!(heartbeat.fault(start + 2 * SECOND), None);
    }

    #[test]
    fn a_ping_without_a_pong_is_told_once() {
        let (mut heartbeat, start) = beating();
        let first = ping(&mut heartbeat, start + SECOND);
        assert_eq!(heartbeat.fault(start + SECOND + SECOND / 2), None);
        let told = heartbeat.fault(start + 2 * SECOND);
        assert_eq!(told, Some(PingError::Unanswered(first, SECOND)));
        let second = ping(&mut heartbeat, start + 2 * SECOND);
        assert_eq!(heartbeat.fault(start + 3 * SECOND), None);
        // The answer to the last one is enough, and then all begins anew.
        assert!(heartbeat.pong(&second, start + 3 * SECOND).is_some());
        let third = ping(&mut heartbeat, start + 3 * SECOND);
        let told = heartbeat.fault(start + 4 * SECOND);
        assert_eq!(told, Some(PingError::Unanswered(third, SECOND)));
    }

    #[test]
    fn a_pong_with_another_payload_is_wrong_only_if_no_right_one_comes() {
        let (mut heartbeat, start) = beating();
        assert_eq!(heartbeat.pong(b"unsolicited", start), None);
        let payload = ping(&mut heartbeat, start + SECOND);
        heartbeat.pong(b"unsolicited", start + SECOND);
        heartbeat.pong(&payload, start + SECOND);
        assert_eq!(heartbeat.fault(start + 2 * SECOND), None);
        let payload = ping(&mut heartbeat, start + 2 * SECOND);
        heartbeat.pong(b"", start + 2 * SECOND);
        let told = heartbeat.fault(start + 3 * SECOND);
        assert_eq!(told, Some(PingError::Mismatched(payload, vec![])));
    }

    #[test]
    fn silence_has_an_end() {
        let mut heartbeat = KeepAlive::new(None, Some(SECOND));
        let end = heartbeat.next().unwrap();
        assert_eq!(heartbeat.beat(end), Some(KeepAliveAction::Idle(SECOND)));
        assert_eq!(KeepAlive::new(None, None).next(), None);
    }
}
