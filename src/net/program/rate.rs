//! Limits how fast the program prints lines that are no replies.

use std::time::Duration;

use tokio::time::Instant;

/// Counts the lines of each second.
#[derive(Debug, Default)]
pub(super) struct LineRate {
    /// When the current second began.
    since: Option<Instant>,
    count: u32,
    /// Whether the second before had too many lines.
    was_exceeded: bool,
}

/// A pause until the program may print again.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pause {
    /// When it ends.
    pub(super) end: Instant,
    /// Whether the second before it was below the limit.
    pub(super) is_first: bool,
}

impl LineRate {
    /// The lines of a second that are printed without a pause.
    pub(super) const LIMIT: u32 = 1_000;

    /// Counts a line. Returns the pause before it is used, if it is one too many.
    pub(super) fn line_printed(&mut self, now: Instant) -> Option<Pause> {
        const SECOND: Duration = Duration::from_secs(1);
        let since = *self.since.get_or_insert(now);
        if now >= since + SECOND {
            self.was_exceeded = self.count > Self::LIMIT && now < since + 2 * SECOND;
            self.since = Some(now);
            self.count = 0;
        }
        self.count += 1;
        let is_first = !self.was_exceeded;
        (self.count > Self::LIMIT).then(|| {
            self.was_exceeded = true;
            let end = self.since.unwrap_or(now) + SECOND;
            Pause { end, is_first }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_reported_once_and_slowed_down_until_a_calm_second() {
        let mut rate = LineRate::default();
        let start = Instant::now();
        for _ in 0..LineRate::LIMIT {
            assert_eq!(rate.line_printed(start), None);
        }
        let second = Duration::from_secs(1);
        let end = start + second;
        let is_first = true;
        assert_eq!(rate.line_printed(start), Some(Pause { end, is_first }));
        for _ in 0..LineRate::LIMIT {
            assert_eq!(rate.line_printed(end), None);
        }
        let pause = rate.line_printed(end).unwrap();
        assert_eq!((pause.end, pause.is_first), (end + second, false));
        // A second without a flood, then another flood.
        let later = end + 5 * second;
        for _ in 0..LineRate::LIMIT {
            assert_eq!(rate.line_printed(later), None);
        }
        assert!(rate.line_printed(later).unwrap().is_first);
    }
}
