//! Moments, as people and programs read them.

use std::cell::Cell;
use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Writes moments in the user's time zone.
#[derive(Clone, Debug)]
pub struct Clock {
    zone: TimeZone,
    /// The last second that was written, since 1970, and how: lines of a log share them.
    last: Cell<(u64, [u8; 8])>,
}

/// A time of the day, to the millisecond.
#[derive(Clone, Copy, Debug)]
pub struct TimeOfDay([u8; 12]);

impl Clock {
    /// With the zone that this machine is set to.
    pub fn local() -> Self {
        Self::in_zone(TimeZone::system())
    }

    const fn in_zone(zone: TimeZone) -> Self {
        let last = Cell::new((u64::MAX, [0; 8]));
        Self { zone, last }
    }

    /// The time of the day: `10:02:12.003`.
    pub fn time_of_day(&self, moment: SystemTime) -> TimeOfDay {
        let since = moment.duration_since(UNIX_EPOCH).unwrap_or_default();
        let (mut second, mut written) = self.last.get();
        if second != since.as_secs() {
            second = since.as_secs();
            let zoned = timestamp(moment).to_zoned(self.zone.clone());
            let parts = [zoned.hour(), zoned.minute(), zoned.second()];
            let parts = parts.map(|part| two_digits(part.unsigned_abs()));
            for (place, digits) in written.chunks_mut(3).zip(&parts) {
                place.fill(b':');
                place
                    .iter_mut()
                    .zip(digits)
                    .for_each(|(to, from)| *to = *from);
            }
            self.last.set((second, written));
        }
        let mut time = [b'.'; 12];
        let thousandths = three_digits(since.subsec_millis());
        time[..8].copy_from_slice(&written);
        time[9..].copy_from_slice(&thousandths);
        TimeOfDay(time)
    }
}

impl TimeOfDay {
    /// In digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

fn two_digits(number: u8) -> [u8; 2] {
    [b'0' + number / 10 % 10, b'0' + number % 10]
}

/// Of a number below 1000.
fn three_digits(number: u32) -> [u8; 3] {
    let digit = |unit: u32| b'0' + u8::try_from(number / unit % 10).unwrap_or_default();
    [digit(100), digit(10), digit(1)]
}

/// The moment for a program: `2026-11-21T10:02:12.003Z` (RFC 3339).
pub(super) fn rfc3339(moment: SystemTime) -> String {
    format!("{:.3}", timestamp(moment))
}

fn timestamp(moment: SystemTime) -> Timestamp {
    Timestamp::try_from(moment).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn to_the_millisecond() {
        let moment = UNIX_EPOCH + Duration::from_millis(1_795_255_332_003);
        let clock = Clock::in_zone(TimeZone::UTC);
        assert_eq!(clock.time_of_day(moment).as_str(), "10:02:12.003");
        let later = moment + Duration::from_millis(996);
        assert_eq!(clock.time_of_day(later).as_str(), "10:02:12.999");
        let next = later + Duration::from_millis(1);
        assert_eq!(clock.time_of_day(next).as_str(), "10:02:13.000");
        assert_eq!(rfc3339(moment), "2026-11-21T10:02:12.003Z");
    }
}
