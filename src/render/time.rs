//! Times: of the day in the log, as RFC 3339 in JSON.

use std::cell::Cell;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::Zoned;
use jiff::tz::TimeZone;

/// Formats times in the local time zone.
#[derive(Clone, Debug)]
pub struct Clock {
    zone: TimeZone,
    /// The last time that was formatted, and its text: the lines about one read have one time,
    /// and most others are in the same second.
    last: Cell<(Option<SystemTime>, TimeOfDay)>,
}

/// A time of the day, to the millisecond.
#[derive(Clone, Copy, Debug)]
pub struct TimeOfDay([u8; 12]);

impl Clock {
    /// A clock of the time zone that the system is set to.
    pub fn local() -> Self {
        Self::in_zone(TimeZone::system())
    }

    const fn in_zone(zone: TimeZone) -> Self {
        let last = Cell::new((None, TimeOfDay(*b"00:00:00.000")));
        Self { zone, last }
    }

    /// The time of the day: `10:02:12.003`.
    pub fn time_of_day(&self, time: SystemTime) -> TimeOfDay {
        let (last_time, mut text) = self.last.get();
        if last_time == Some(time) {
            return text;
        }
        let second = since_1970(time).as_secs();
        if last_time.is_none_or(|last| since_1970(last).as_secs() != second) {
            text.set_second(&timestamp(time).to_zoned(self.zone.clone()));
        }
        text.set_millisecond(since_1970(time).subsec_millis());
        self.last.set((Some(time), text));
        text
    }
}

impl TimeOfDay {
    /// The text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    fn set_second(&mut self, time: &Zoned) {
        let parts = [time.hour(), time.minute(), time.second()];
        let digits = parts.map(|part| two_digits(part.unsigned_abs()));
        for (place, digits) in self.0.chunks_mut(3).zip(&digits) {
            let digits = digits.iter();
            place
                .iter_mut()
                .zip(digits)
                .for_each(|(to, from)| *to = *from);
        }
    }

    fn set_millisecond(&mut self, millisecond: u32) {
        self.0[9..].copy_from_slice(&three_digits(millisecond));
    }
}

fn two_digits(number: u8) -> [u8; 2] {
    [b'0' + number / 10 % 10, b'0' + number % 10]
}

/// The digits of a number below 1000.
fn three_digits(number: u32) -> [u8; 3] {
    let digit = |unit: u32| b'0' + u8::try_from(number / unit % 10).unwrap_or_default();
    [digit(100), digit(10), digit(1)]
}

/// A time in UTC: `2026-11-21T10:02:12.003Z` (RFC 3339).
pub(super) fn rfc3339(time: SystemTime) -> String {
    format!("{:.3}", timestamp(time))
}

/// A day in UTC: `2026-11-21`.
pub fn day(time: SystemTime) -> String {
    timestamp(time).strftime("%Y-%m-%d").to_string()
}

fn since_1970(time: SystemTime) -> Duration {
    time.duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn timestamp(time: SystemTime) -> Timestamp {
    Timestamp::try_from(time).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_formatted_to_the_millisecond() {
        let time = UNIX_EPOCH + Duration::from_millis(1_795_255_332_003);
        let clock = Clock::in_zone(TimeZone::UTC);
        assert_eq!(clock.time_of_day(time).as_str(), "10:02:12.003");
        let later = time + Duration::from_millis(996);
        assert_eq!(clock.time_of_day(later).as_str(), "10:02:12.999");
        assert_eq!(clock.time_of_day(later).as_str(), "10:02:12.999");
        assert_eq!(clock.time_of_day(time).as_str(), "10:02:12.003");
        let next = later + Duration::from_millis(1);
        assert_eq!(clock.time_of_day(next).as_str(), "10:02:13.000");
        assert_eq!(rfc3339(time), "2026-11-21T10:02:12.003Z");
        assert_eq!(day(time), "2026-11-21");
    }
}
