//! How long a probe waits.

use std::time::Duration;

/// How long a probe waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// For a client program to start and connect.
    pub start: Duration,
    /// For anything at all to come.
    pub silence: Duration,
    /// For a close after the pong of the fence.
    pub late_close: Duration,
    /// For a close, of a peer that answers no pings: less than the silence, which is a failure.
    pub unanswered: Duration,
    /// Between two writes that are to arrive in segments of their own.
    pub pause: Duration,
    /// For a server to refuse a request that does not come to its end.
    pub slow_head: Duration,
}

impl Timing {
    /// The same with more time for an answer, for a peer that may be busy.
    #[must_use]
    pub fn patient(self) -> Self {
        Self {
            silence: self.silence * 5,
            ..self
        }
    }

    /// The same with more time to start, for a client that is known to connect. Several start at
    /// once, on a machine that may be busy.
    #[must_use]
    pub fn after_start(self) -> Self {
        Self {
            start: self.start * 6,
            ..self
        }
    }

    /// With this time for an answer, of a peer that answers a ping in `round_trip`. A machine
    /// that is slower than the time allows for gets more.
    pub fn new(silence: Duration, slow_head: Duration, round_trip: Duration) -> Self {
        Self {
            start: Duration::from_secs(10),
            silence: silence + 20 * round_trip,
            late_close: Duration::from_millis(300) + 10 * round_trip,
            unanswered: silence * 3 / 10,
            pause: Duration::from_millis(1).max(round_trip.min(Duration::from_millis(20))),
            slow_head: slow_head + 20 * round_trip,
        }
    }
}
