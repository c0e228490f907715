//! Keep-alive: pings, their answers, and the idle time-out.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Decides when to ping, matches pongs to pings, and detects an idle peer.
#[derive(Debug)]
pub(super) struct KeepAlive {
    interval: Option<Duration>,
    idle_timeout: Option<Duration>,
    next_ping: Instant,
    last_received: Instant,
    /// The number of pings sent.
    count: u32,
    /// Pings without a pong, the oldest first.
    pending: VecDeque<Ping>,
    /// The payload of a pong that answers no pending ping.
    unmatched_pong: Option<Vec<u8>>,
    /// Whether the missing answer to the last pings was reported.
    is_reported: bool,
}

#[derive(Debug)]
struct Ping {
    payload: [u8; 4],
    sent: Instant,
}

/// What is due at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeepAliveAction {
    /// Send a ping with this payload.
    Ping([u8; 4]),
    /// Close the connection: nothing was received for this time-out.
    Idle(Duration),
}

/// A ping without its pong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PingError {
    /// No pong came before the next ping: the ping's payload, and the time waited.
    Unanswered([u8; 4], Duration),
    /// A pong came with another payload: the ping's, and the pong's.
    Mismatched([u8; 4], Vec<u8>),
}

impl KeepAlive {
    /// Pings at this interval, and ends the connection after this time without bytes.
    pub(super) fn new(
        interval: Option<Duration>,
        idle_timeout: Option<Duration>,
        now: Instant,
    ) -> Self {
        Self {
            interval,
            idle_timeout,
            next_ping: now + interval.unwrap_or_default(),
            last_received: now,
            count: 0,
            pending: VecDeque::new(),
            unmatched_pong: None,
            is_reported: false,
        }
    }

    /// When [`action`](Self::action) is next due; None if it never is.
    pub(super) fn next_deadline(&self) -> Option<Instant> {
        let ping = self.interval.map(|_| self.next_ping);
        let idle = self
            .idle_timeout
            .map(|timeout| self.last_received + timeout);
        [ping, idle].into_iter().flatten().min()
    }

    /// Bytes were received.
    pub(super) const fn bytes_received(&mut self, now: Instant) {
        self.last_received = now;
    }

    /// What is due at this time.
    pub(super) fn action(&mut self, now: Instant) -> Option<KeepAliveAction> {
        if let Some(timeout) = self.idle_timeout
            && now >= self.last_received + timeout
        {
            return Some(KeepAliveAction::Idle(timeout));
        }
        let interval = self.interval.filter(|_| now >= self.next_ping)?;
        self.next_ping = now + interval;
        self.count = self.count.wrapping_add(1);
        let [_, b, c, d] = self.count.to_be_bytes();
        // The payload is not UTF-8: a peer that copies it through a string changes it.
        let payload = [0xff, b, c, d];
        Some(KeepAliveAction::Ping(payload))
    }

    /// A ping was sent.
    pub(super) fn ping_sent(&mut self, payload: [u8; 4], now: Instant) {
        const MAX_PENDING: usize = 16;
        if self.pending.len() == MAX_PENDING {
            self.pending.pop_front();
        }
        self.pending.push_back(Ping { payload, sent: now });
    }

    /// A pong was received. Returns the round-trip time if it answers a pending ping; such a
    /// pong answers the earlier pings too (RFC 6455 section 5.5.3).
    pub(super) fn pong_received(&mut self, payload: &[u8], now: Instant) -> Option<Duration> {
        let mut pending = self.pending.iter();
        let Some(at) = pending.position(|ping| ping.payload == payload) else {
            // It may be an unsolicited pong, which is allowed: `check` decides later.
            if !self.pending.is_empty() {
                self.unmatched_pong = Some(payload.to_vec());
            }
            return None;
        };
        let answered = self.pending.drain(..=at).next_back()?;
        self.unmatched_pong = None;
        self.is_reported = false;
        Some(now.saturating_duration_since(answered.sent))
    }

    /// What is wrong with the answer to the last ping, when the next one is due or the
    /// connection ends. It is returned once until a ping is answered again.
    pub(super) fn check(&mut self, now: Instant) -> Option<PingError> {
        let ping = self.pending.back()?;
        let payload = ping.payload;
        let waited = now.saturating_duration_since(ping.sent);
        if let Some(pong) = self.unmatched_pong.take() {
            let is_new = !std::mem::replace(&mut self.is_reported, true);
            return is_new.then_some(PingError::Mismatched(payload, pong));
        }
        let is_due = self.interval.is_some_and(|interval| waited >= interval);
        if !is_due || std::mem::replace(&mut self.is_reported, true) {
            return None;
        }
        Some(PingError::Unanswered(payload, waited))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn pinging() -> (KeepAlive, Instant) {
        let start = Instant::now();
        (KeepAlive::new(Some(SECOND), None, start), start)
    }

    fn ping(keep_alive: &mut KeepAlive, now: Instant) -> [u8; 4] {
        let Some(KeepAliveAction::Ping(payload)) = keep_alive.action(now) else {
            panic!("no ping is due")
        };
        keep_alive.ping_sent(payload, now);
        payload
    }

    #[test]
    fn a_pong_gives_the_round_trip_time() {
        let (mut keep_alive, start) = pinging();
        assert_eq!(keep_alive.action(start), None);
        let payload = ping(&mut keep_alive, start + SECOND);
        let answered = start + SECOND + SECOND / 4;
        assert_eq!(
            keep_alive.pong_received(&payload, answered),
            Some(SECOND / 4)
        );
        assert_eq!(keep_alive.pong_received(&payload, answered), None);
        assert_eq!(keep_alive.check(start + 2 * SECOND), None);
    }

    #[test]
    fn a_missing_pong_is_reported_once() {
        let (mut keep_alive, start) = pinging();
        let first = ping(&mut keep_alive, start + SECOND);
        assert_eq!(keep_alive.check(start + SECOND + SECOND / 2), None);
        let error = keep_alive.check(start + 2 * SECOND);
        assert_eq!(error, Some(PingError::Unanswered(first, SECOND)));
        let second = ping(&mut keep_alive, start + 2 * SECOND);
        assert_eq!(keep_alive.check(start + 3 * SECOND), None);
        // A pong to the last ping answers all, and the next missing one is new.
        assert!(
            keep_alive
                .pong_received(&second, start + 3 * SECOND)
                .is_some()
        );
        let third = ping(&mut keep_alive, start + 3 * SECOND);
        let error = keep_alive.check(start + 4 * SECOND);
        assert_eq!(error, Some(PingError::Unanswered(third, SECOND)));
    }

    #[test]
    fn a_pong_with_another_payload_is_an_error_only_without_a_matching_one() {
        let (mut keep_alive, start) = pinging();
        assert_eq!(keep_alive.pong_received(b"unsolicited", start), None);
        let payload = ping(&mut keep_alive, start + SECOND);
        keep_alive.pong_received(b"unsolicited", start + SECOND);
        keep_alive.pong_received(&payload, start + SECOND);
        assert_eq!(keep_alive.check(start + 2 * SECOND), None);
        let payload = ping(&mut keep_alive, start + 2 * SECOND);
        keep_alive.pong_received(b"", start + 2 * SECOND);
        let error = keep_alive.check(start + 3 * SECOND);
        assert_eq!(error, Some(PingError::Mismatched(payload, vec![])));
    }

    #[test]
    fn an_earlier_pong_with_another_payload_says_nothing_of_the_next_ping() {
        let (mut keep_alive, start) = pinging();
        let first = ping(&mut keep_alive, start + SECOND);
        keep_alive.pong_received(b"unsolicited", start + SECOND);
        keep_alive.pong_received(&first, start + SECOND);
        let second = ping(&mut keep_alive, start + 2 * SECOND);
        let error = keep_alive.check(start + 3 * SECOND);
        assert_eq!(error, Some(PingError::Unanswered(second, SECOND)));
    }

    #[test]
    fn a_late_ping_delays_the_next_one() {
        let (mut keep_alive, start) = pinging();
        ping(&mut keep_alive, start + 4 * SECOND);
        assert_eq!(keep_alive.next_deadline(), Some(start + 5 * SECOND));
        assert_eq!(keep_alive.action(start + 4 * SECOND), None);
    }

    #[test]
    fn of_many_pings_without_a_pong_the_oldest_is_forgotten() {
        let (mut keep_alive, start) = pinging();
        let pings: Vec<[u8; 4]> = (1..=17)
            .map(|at| ping(&mut keep_alive, start + at * SECOND))
            .collect();
        let now = start + 18 * SECOND;
        assert_eq!(keep_alive.pong_received(&pings[0], now), None);
        let time = keep_alive.pong_received(&pings[1], now);
        assert_eq!(time, Some(16 * SECOND));
    }

    #[test]
    fn the_idle_timeout_counts_from_the_last_bytes() {
        let start = Instant::now();
        let mut keep_alive = KeepAlive::new(None, Some(SECOND), start);
        assert_eq!(keep_alive.next_deadline(), Some(start + SECOND));
        keep_alive.bytes_received(start + SECOND / 2);
        assert_eq!(keep_alive.action(start + SECOND), None);
        let idle = KeepAliveAction::Idle(SECOND);
        assert_eq!(keep_alive.action(start + SECOND + SECOND / 2), Some(idle));
        assert_eq!(KeepAlive::new(None, None, start).next_deadline(), None);
    }
}
